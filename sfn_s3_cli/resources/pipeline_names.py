"""The names of the pipelines of a region."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_s3_cli.events import SOURCES

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws

_PREFIX = "sfnctl-"
_RULE = re.compile(rf"{_PREFIX}(.+)-(?:{'|'.join(SOURCES)})")


def list_names(aws: Aws) -> list[str]:
    """List the pipelines that have a rule, by its name: reading the tags takes a call for each.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html
    """
    pages = aws.events_short_timeout.get_paginator("list_rules").paginate(NamePrefix=_PREFIX)
    names = (rule["Name"] for page in pages for rule in page["Rules"])
    return sorted({found[1] for found in map(_RULE.fullmatch, names) if found})
