from __future__ import annotations

import pytest
from aws.error_responses import refusal
from botocore.exceptions import ClientError

from sfn_s3_cli.aws.errors import call_or_none, code_of, message_of


def test_other_errors_have_no_code_but_their_own_text() -> None:
    error = ValueError("no")
    assert (code_of(error), message_of(error)) == ("", "no")


def test_an_expected_code_gives_none() -> None:
    def call() -> str:
        raise refusal("NoSuchEntity")

    assert call_or_none(call, "NoSuchBucket", "NoSuchEntity") is None
    assert call_or_none(lambda: "role", "NoSuchEntity") == "role"
    with pytest.raises(ClientError):
        call_or_none(call, "NoSuchBucket")


def test_the_message_leaves_out_what_aws_signed() -> None:
    message = "Does not match. The Canonical String for this request should have been 'token:T'"
    assert message_of(refusal("SignatureDoesNotMatch", message)) == "Does not match."
