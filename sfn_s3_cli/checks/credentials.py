"""Whether AWS credentials are configured, found out without AWS's libraries: they load slowly."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)
_FILES = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"}

# What a profile has that leads to credentials; a region alone does not.
_KEYS = re.compile(
    rb"^\s*(aws_access_key_id|credential_process|login_session|role_arn|sso_\w+)\s*=", re.MULTILINE
)


def configured(environ: Mapping[str, str]) -> bool:
    """Whether a variable or a file says where credentials are. They may be invalid all the same."""
    return any(environ.get(name) for name in _VARIABLES) or any(
        map(_leads_to_some, _files(environ))
    )


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    for variable, name in _FILES.items():
        if given := environ.get(variable):
            yield Path(given)
        elif home := environ.get("HOME"):
            yield Path(home, ".aws", name)


def _leads_to_some(file: Path) -> bool:
    with suppress(OSError):
        return file.is_file() and bool(_KEYS.search(file.read_bytes()))
    return False
