from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from error_responses import make_error

from sfn_s3_cli.aws.errors import call_or_none, code_of, message_of


def test_errors_of_other_types_have_no_code() -> None:
    error = ValueError("no")
    assert (code_of(error), message_of(error)) == ("", "no")


def test_an_expected_error_code_gives_none() -> None:
    def call() -> str:
        raise make_error("NoSuchEntity")

    assert call_or_none(call, "NoSuchBucket", "NoSuchEntity") is None
    assert call_or_none(lambda: "role", "NoSuchEntity") == "role"
    with pytest.raises(ClientError):
        call_or_none(call, "NoSuchBucket")


def test_message_leaves_out_the_signed_request() -> None:
    message = "Does not match. The Canonical String for this request should have been 'token:T'"
    assert message_of(make_error("SignatureDoesNotMatch", message)) == "Does not match."
