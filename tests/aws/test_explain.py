from __future__ import annotations

import json

import pytest
from botocore import exceptions
from error_responses import make_error

from sfn_s3_cli.aws.explain import describe_error, explain
from sfn_s3_cli.errors import AwsError

KEY = (
    "check that the key is enabled, and that its policy has the statements that"
    " `sfnctl permissions kms-key` prints"
)
DEPLOYED = "is the pipeline deployed? See `sfnctl status`"
LOGIN = "the credentials have expired: run `aws sso login` or renew them"


def explain_known(error: Exception) -> AwsError:
    known = explain(error)
    assert known
    return known


@pytest.mark.parametrize(
    ("error", "message", "remedy"),
    [
        (make_error("AccessDenied"), "GetRole: AccessDenied: No.", ""),
        (make_error("AccessDenied", request="7"), "GetRole: AccessDenied: No. (request 7)", ""),
        (
            make_error("StateMachineDoesNotExist"),
            "GetRole: StateMachineDoesNotExist: No.",
            DEPLOYED,
        ),
        (
            make_error(
                "StateMachineDoesNotExist",
                "State Machine Does Not Exist: 'arn:aws:states:us-east-1:1:stateMachine:orders'",
                request="7",
            ),
            "state machine orders does not exist",
            DEPLOYED,
        ),
        (make_error("ExpiredToken"), "GetRole: ExpiredToken: No.", LOGIN),
        (make_error("KmsInvalidStateException"), "GetRole: KmsInvalidStateException: No.", KEY),
        (
            exceptions.NoRegionError(),
            "no region is set",
            "set `region:` in the config, --region, AWS_REGION or the profile's region",
        ),
        (
            exceptions.NoCredentialsError(),
            "no AWS credentials were found",
            "set AWS_PROFILE, run `aws sso login`, or use --local",
        ),
        (
            exceptions.EndpointConnectionError(endpoint_url="https://iam.example"),
            'Could not connect to the endpoint URL: "https://iam.example"',
            "check the region, the network and the proxy",
        ),
        (
            exceptions.ProfileNotFound(profile="prod"),
            "The config profile (prod) could not be found",
            "run `aws configure list-profiles` to list the profiles",
        ),
        (
            ValueError("Invalid endpoint: nonsense"),
            "Invalid endpoint: nonsense",
            "check AWS_ENDPOINT_URL and the service-specific AWS_ENDPOINT_URL_*",
        ),
    ],
)
def test_an_error_of_aws_is_explained(error: Exception, message: str, remedy: str) -> None:
    assert (explain_known(error).message, explain_known(error).remedy) == (message, remedy)
    assert describe_error(error) == message


def test_any_other_error_is_not_explained() -> None:
    assert explain(ValueError("no")) is None
    assert describe_error(ValueError("no")) == "no"


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
def test_remedy_for_a_missing_permission_is_a_statement(message: str, resource: str) -> None:
    message = f"User: u is not authorized to perform: iam:GetRole {message}"
    statement = {"Effect": "Allow", "Action": "iam:GetRole", "Resource": resource}
    assert json.dumps(statement) in explain_known(make_error("AccessDenied", message)).remedy


def test_explanation_leaves_out_the_signed_request() -> None:
    message = "Does not match. The String-to-Sign should have been 'token:T'"
    known = explain_known(make_error("SignatureDoesNotMatch", message))
    assert known.message == "GetRole: SignatureDoesNotMatch: Does not match."
