"""The variables that make other AWS tools use the embedded cloud."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT = "000000000000"
"""The account when the config names none. The embedded cloud uses the access key as the account."""
REGION = "us-east-1"

# These make a tool use another endpoint or other credentials.
MISLEADING = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_CA_BUNDLE",
    *(
        f"AWS_ENDPOINT_URL_{service}"
        for service in (
            *("CLOUDTRAIL", "CLOUDWATCH_LOGS", "EVENTBRIDGE", "IAM"),
            *("S3", "SFN", "SQS", "STS"),
        )
    ),
)


@dataclass(frozen=True)
class Environment:
    """Variables to set, and variables to unset."""

    variables: dict[str, str]
    unset: tuple[str, ...] = MISLEADING


@dataclass(frozen=True)
class NoEnvironment:
    """No cloud is running, so there is nothing to set."""


def build_environment(endpoint_url: str, *, region: str | None, account: str | None) -> Environment:
    return Environment(
        {
            "AWS_ENDPOINT_URL": endpoint_url,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "AWS_ACCESS_KEY_ID": account or ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": region or REGION,
            "AWS_DEFAULT_REGION": region or REGION,
        }
    )
