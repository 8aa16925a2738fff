from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError

from sfn_s3_cli.aws.errors import code_of, explained, message_of, unless

LOGIN = "the credentials have expired: run `aws sso login` or renew them"


def refusal(code: str, message: str = "No.", request: str = "") -> ClientError:
    metadata = {"RequestId": request} if request else {}
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
    return ClientError(answer, "GetRole")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (refusal("AccessDenied"), "GetRole: AccessDenied: No.", ""),
        (refusal("AccessDenied", request="7"), "GetRole: AccessDenied: No. (request 7)", ""),
        (refusal("ExpiredToken"), "GetRole: ExpiredToken: No.", LOGIN),
        (
            exceptions.NoRegionError(),
            "no region is set",
            "set `region:` in the config, --region, AWS_REGION or the profile's region",
        ),
        (
            exceptions.NoCredentialsError(),
            "no AWS credentials were found",
            "set AWS_PROFILE, run `aws sso login`, or try it with --local",
        ),
        (
            exceptions.EndpointConnectionError(endpoint_url="https://iam.example"),
            'Could not connect to the endpoint URL: "https://iam.example"',
            "check the region, the network and the proxy",
        ),
        (
            exceptions.ProfileNotFound(profile="prod"),
            "The config profile (prod) could not be found",
            "`aws configure list-profiles` lists those there are",
        ),
    ],
)
def test_an_error_of_aws_is_told_in_words(error: Exception, message: str, hint: str) -> None:
    told = explained(error)
    assert told
    assert (told.message, told.hint) == (message, hint)


def test_an_error_that_is_not_of_aws_is_not_explained() -> None:
    assert explained(ValueError("no")) is None
    assert (code_of(ValueError("no")), message_of(ValueError("no"))) == ("", "no")


def test_an_expected_code_means_there_is_none() -> None:
    def call() -> str:
        raise refusal("NoSuchEntity")

    assert unless(call, "NoSuchBucket", "NoSuchEntity") is None
    assert unless(lambda: "role", "NoSuchEntity") == "role"
    with pytest.raises(ClientError):
        unless(call, "NoSuchBucket")
