"""Pages of the AWS console: every partition has its own host, and every region its own name there.

docs/facts.md names the sources: AWS documents hosts, and no paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws

_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-eusc": "console.amazonaws-eusc.eu",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def find_page(aws: Aws, path: str, fragment: str) -> str | None:
    """The URL of a page; None on an emulator and in a partition whose console is not known."""
    place = aws.place
    host = _HOSTS.get(place.partition)
    if host is None or _is_emulator(aws.stepfunctions.meta.endpoint_url):
        return None
    return f"https://{place.region}.{host}/{path}?region={place.region}#{fragment}"


def _is_emulator(endpoint_url: str) -> bool:
    """Whether an endpoint is on this machine or in its container network, as AWS's never are.

    >>> _is_emulator("http://127.0.0.1:4566"), _is_emulator("http://localstack:4566")
    (True, True)
    >>> _is_emulator("https://states.eu-west-1.amazonaws.com")
    False
    """
    host = urlsplit(endpoint_url).hostname or ""
    return "." not in host or "localhost" in host or host.startswith("127.")
