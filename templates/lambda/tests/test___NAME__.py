"""Deploys the pipeline to an embedded cloud and uploads to it. `pytest` runs it."""

import io
import json
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
FUNCTION = PROJECT / "function"


@pytest.fixture(autouse=True)
def function(local_account):
    """Creates the function, as the README does it."""
    iam, name = local_account.client("iam"), "__FUNCTION__"
    trust, policy = (FUNCTION / "trust.json").read_text(), (FUNCTION / "policy.json").read_text()
    role = iam.create_role(RoleName=f"{name}-function", AssumeRolePolicyDocument=trust)["Role"]
    iam.put_role_policy(RoleName=role["RoleName"], PolicyName="objects", PolicyDocument=policy)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(FUNCTION / "handler.py", "handler.py")
    local_account.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="handler.handle",
        Timeout=30,
        Role=role["Arn"],
        Code={"ZipFile": archive.getvalue()},
    )


def test_the_function_counts_lines(pipeline):
    pipeline.upload("incoming/sample1.txt", PROJECT / "sample1.txt")
    execution = pipeline.wait()
    assert execution.status == "SUCCEEDED"
    assert execution.output == {"key": "incoming/sample1.txt", "lines": 3}
    assert json.loads(pipeline.read("processed/sample1.txt")) == execution.output


def test_an_object_that_is_not_text_is_skipped(pipeline):
    pipeline.upload("incoming/sample-bad.txt", PROJECT / "sample-bad.txt")
    execution = pipeline.wait()
    assert execution.path == ["Process", "Skip"]
    assert execution.output["reason"] == "not UTF-8 at byte 11"
    assert pipeline.list_keys("processed/") == []
