"""Finds out whether AWS credentials are configured, without boto3 because it loads slowly."""

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

# The settings of a profile that lead to credentials; a region alone does not.
_SETTINGS = re.compile(
    rb"^\s*(aws_access_key_id|credential_process|login_session|role_arn|sso_\w+)\s*=", re.MULTILINE
)

_SECTION = re.compile(r"^\s*\[\s*(?:profile\s+)?[\"']?([^\s\"'\]]+)[\"']?\s*\]", re.MULTILINE)


def has_credentials(environ: Mapping[str, str]) -> bool:
    """Whether a variable or a file says where credentials are. They may still be invalid."""
    return any(environ.get(name) for name in _VARIABLES) or any(
        map(_has_settings, _list_files(environ))
    )


def list_profiles(environ: Mapping[str, str]) -> list[str]:
    """The names of the profiles in the files, as far as these can be read."""
    names: set[str] = set()
    for file in _list_files(environ):
        with suppress(OSError, UnicodeDecodeError):
            if file.is_file():
                names.update(_SECTION.findall(file.read_text(encoding="utf-8")))
    return sorted(names)


def _list_files(environ: Mapping[str, str]) -> Iterator[Path]:
    for variable, name in _FILES.items():
        if path := environ.get(variable):
            yield Path(path)
        elif home := environ.get("HOME"):
            yield Path(home, ".aws", name)


def _has_settings(file: Path) -> bool:
    with suppress(OSError):
        return file.is_file() and bool(_SETTINGS.search(file.read_bytes()))
    return False
