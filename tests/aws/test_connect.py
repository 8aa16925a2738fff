"""With --local, calls go only to the embedded cloud; each call is reported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sfn_s3_cli.aws.calls import ApiCall
from sfn_s3_cli.aws.client import SERVICES, connect_locally
from sfn_s3_cli.local.process import Cloud

LOOK = """
import json, sys
from sfn_s3_cli.aws.client import connect_locally
aws = connect_locally(sys.argv[1], account=sys.argv[2], region="eu-west-1")
aws.s3.create_bucket(
    Bucket="poisoned-" + sys.argv[2],
    CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
)
aws.sqs.create_queue(QueueName="poisoned")
endpoints = {getattr(aws, name).meta.endpoint_url for name in sys.argv[3:]}
print(json.dumps([*aws.place, *endpoints]))
"""
CLIENTS = (*SERVICES, "sns", "sts")

NOWHERE = "http://127.0.0.1:9"
CONFIG = f"""
[default]
region = ap-south-1
endpoint_url = {NOWHERE}
ca_bundle = /nowhere
use_fips_endpoint = true
services = nowhere
s3 =
  addressing_style = virtual
[services nowhere]
s3 =
  endpoint_url = {NOWHERE}
"""
POISON = {
    "AWS_PROFILE": "missing",
    "AWS_DEFAULT_PROFILE": "missing",
    "AWS_ACCESS_KEY_ID": "AKIAPOISON",
    "AWS_SECRET_ACCESS_KEY": "poison",
    "AWS_SESSION_TOKEN": "poison",
    "AWS_REGION": "ap-south-1",
    "AWS_DEFAULT_REGION": "ap-south-1",
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_ENDPOINT_URL_S3": NOWHERE,
    "AWS_ENDPOINT_URL_SFN": NOWHERE,
    "AWS_ENDPOINT_URL_STS": NOWHERE,
    "AWS_CA_BUNDLE": "/nowhere",
    "REQUESTS_CA_BUNDLE": "/nowhere",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_MAX_ATTEMPTS": "0",
    "AWS_RETRY_MODE": "nonsense",
    "AWS_STS_REGIONAL_ENDPOINTS": "nonsense",
    "AWS_DATA_PATH": "/nowhere",
    "HTTP_PROXY": NOWHERE,
    "http_proxy": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
    "ALL_PROXY": NOWHERE,
}


@pytest.mark.parametrize("by", ["variables", "files"])
def test_local_ignores_the_users_aws_environment(
    cloud: Cloud, account: str, tmp_path: Path, by: str
) -> None:
    config = tmp_path / "config"
    config.write_text(CONFIG)
    files = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(config)}
    run = subprocess.run(
        [sys.executable, "-c", LOOK, cloud.endpoint_url, account, *CLIENTS],
        env={**os.environ, **(POISON if by == "variables" else files)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == ["aws", account, "eu-west-1", cloud.endpoint_url]


def test_each_call_is_reported_with_its_error(cloud: Cloud, account: str) -> None:
    calls: list[ApiCall] = []
    aws = connect_locally(cloud.endpoint_url, account=account, on_call=calls.append)
    assert aws.place == ("aws", account, "us-east-1")
    assert aws.place.account == account
    with pytest.raises(aws.iam.exceptions.NoSuchEntityException):
        aws.iam.get_role(RoleName="missing")
    assert [(call.service, call.operation, call.retries, call.error) for call in calls] == [
        ("sts", "GetCallerIdentity", 0, ""),
        ("iam", "GetRole", 0, "NoSuchEntity"),
    ]
    assert all(call.seconds >= 0 for call in calls)
