"""The variables that make other AWS tools use the embedded cloud."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

ACCOUNT = "000000000000"
"""The account when the config names none. The embedded cloud uses the access key as the account."""
REGION = "us-east-1"

# These make a tool use another endpoint or other credentials, or refuse the ones below.
_MISLEADING = (
    "AWS_CA_BUNDLE",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_DEFAULT_PROFILE",
    "AWS_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
)
_ENDPOINT = "AWS_ENDPOINT_URL_"
"""Before the name of a service, which then has another endpoint than `AWS_ENDPOINT_URL`."""
_SERVICES = (
    *("CLOUDTRAIL", "CLOUDWATCH", "CLOUDWATCH_LOGS", "DYNAMODB", "EVENTBRIDGE", "IAM", "KMS"),
    *("LAMBDA", "RESOURCE_GROUPS_TAGGING_API", "S3", "S3_CONTROL", "SFN", "SNS", "SQS", "STS"),
)
_PROXIES = ("http_proxy", "all_proxy")
_NO_PROXY = ("no_proxy", "NO_PROXY")


@dataclass(frozen=True)
class Environment:
    """Variables to set, and variables to unset."""

    variables: dict[str, str]
    unset: tuple[str, ...]


@dataclass(frozen=True)
class NoEnvironment:
    """No cloud is running, so there is nothing to set."""


def build_environment(
    endpoint_url: str, environ: Mapping[str, str], *, region: str | None, account: str | None
) -> Environment:
    """The variables for a tool that starts with those of `environ`."""
    variables = {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": account or ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": region or REGION,
        "AWS_DEFAULT_REGION": region or REGION,
    }
    endpoints = {f"{_ENDPOINT}{service}" for service in _SERVICES}
    endpoints |= {name for name in environ if re.fullmatch(f"{_ENDPOINT}[A-Z0-9_]+", name)}
    bypass = _bypass_proxy(environ, urlsplit(endpoint_url).hostname or "")
    return Environment(variables | bypass, (*_MISLEADING, *sorted(endpoints)))


def _bypass_proxy(environ: Mapping[str, str], host: str) -> dict[str, str]:
    """Adds the cloud to the hosts that are not reached through the proxy, if there is one."""
    if not any(environ.get(name) for proxy in _PROXIES for name in (proxy, proxy.upper())):
        return {}
    hosts = [environ[name] for name in _NO_PROXY if environ.get(name)][:1]
    return dict.fromkeys(_NO_PROXY, ",".join((*hosts, host)))
