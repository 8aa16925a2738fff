from __future__ import annotations

import json

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
    assert (told.message, told.remedy) == (message, hint)


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


@pytest.mark.parametrize(
    ("message", "resource"),
    [
        (
            "on resource: arn:aws:iam::123456789012:role/r because",
            "arn:aws:iam::123456789012:role/r",
        ),
        ('on resource: "arn:aws:s3:::b" because', "arn:aws:s3:::b"),
        ("on resource: role r because no identity-based policy allows it", "*"),
        ("because no identity-based policy allows it", "*"),
    ],
)
def test_who_lacks_an_action_is_told_a_statement_that_iam_takes(
    message: str, resource: str
) -> None:
    known = hint_of(f"User: u is not authorized to perform: iam:GetRole {message}")
    statement = {"Effect": "Allow", "Action": "iam:GetRole", "Resource": resource}
    assert json.dumps(statement) in known


def hint_of(message: str) -> str:
    known = explained(refusal("AccessDenied", message))
    assert known
    return known.remedy


def test_what_aws_signed_is_not_told() -> None:
    message = "Does not match. The Canonical String for this request should have been 'token:T'"
    known = explained(refusal("SignatureDoesNotMatch", message))
    assert known
    assert known.message == "GetRole: SignatureDoesNotMatch: Does not match."
