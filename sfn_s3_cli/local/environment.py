"""What points other AWS tools at the embedded cloud."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT = "000000000000"
"""The embedded cloud takes the access key for the account; this one when the config names none."""
REGION = "us-east-1"

# What would send a tool elsewhere, or have it look for other credentials.
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
    """Variables to set, and variables that must not be set."""

    variables: dict[str, str]
    unset: tuple[str, ...] = MISLEADING


def environment(endpoint_url: str, *, region: str | None, account: str | None) -> Environment:
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
