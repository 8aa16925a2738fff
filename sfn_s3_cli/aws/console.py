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
_DOMAINS = (
    *(".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"),
    *(".api.aws", ".api.amazonwebservices.com.cn", ".api.amazonwebservices.eu"),
)
"""Of AWS's endpoints in these partitions, also of dual-stack and VPC endpoints."""


def find_page(aws: Aws, path: str, fragment: str) -> str | None:
    """The URL of a page; None if the endpoint is not AWS's or the console is not known."""
    place = aws.place
    host = _HOSTS.get(place.partition)
    if host is None or not _is_aws(aws.stepfunctions.meta.endpoint_url):
        return None
    return f"https://{place.region}.{host}/{path}?region={place.region}#{fragment}"


def _is_aws(endpoint_url: str) -> bool:
    """Whether an endpoint has a host of AWS. An emulator may have any other one.

    >>> _is_aws("https://states.eu-west-1.amazonaws.com")
    True
    >>> _is_aws("http://host.docker.internal:4566"), _is_aws("http://192.168.1.2:4566")
    (False, False)
    """
    return (urlsplit(endpoint_url).hostname or "").endswith(_DOMAINS)
