"""Templates: the files of a new pipeline, and writing them into a folder."""

from __future__ import annotations

from sfn_s3_cli.templates.catalogue import Catalogue, Template, find, list_described, list_templates
from sfn_s3_cli.templates.scaffold import Scaffold, Values, check, default_name, write

__all__ = [
    "Catalogue",
    "Scaffold",
    "Template",
    "Values",
    "check",
    "default_name",
    "find",
    "list_described",
    "list_templates",
    "write",
]
