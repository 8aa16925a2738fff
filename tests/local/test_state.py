from __future__ import annotations

import json
import urllib.request
from typing import Any

from local.local_account import REGION, Account, select_writes, wait_until


def _read_account(account: Account) -> dict[str, Any]:
    """What the account holds: service and store → name → value."""
    with urllib.request.urlopen(f"{account.endpoint_url}/_sfnctl/state") as answer:
        services = json.load(answer)
    stores: dict[str, Any] = {}
    for service, state in services.items():
        stores |= {f"{service} {name}": store for name, store in state.items()}
    return {
        name: found
        for name, store in stores.items()
        if (found := {key: value for key, value in store.items() if key.startswith(account.id)})
    }


def test_everything_that_sfnctl_creates_is_in_the_state(account: Account) -> None:
    bucket = account.create_bucket()
    s3 = account.client("s3")
    s3.put_object(Bucket=bucket, Key="a b/date", Body=b"1")
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "data"}]})
    account.create_trail(AdvancedEventSelectors=select_writes(f"arn:aws:s3:::{bucket}/"))
    account.create_inbox({"source": ["aws.s3"]})
    account.create_role()
    machine = account.create_machine(publish=True)
    account.client("stepfunctions").start_execution(stateMachineArn=machine)
    account.client("logs").create_log_group(logGroupName="/aws/vendedlogs/states/machine")
    held = _read_account(account)
    assert sorted(held) == [
        "cloudtrail event_selectors",
        "cloudtrail trails",
        "cloudwatch_logs log_groups",
        "eventbridge rules",
        "eventbridge targets",
        "iam roles",
        "objects etags",
        "s3 bucket_policies",
        "s3 bucket_tags",
        "s3 buckets_meta",
        "sqs queue_name_to_url",
        "sqs queues",
        "stepfunctions state_machine_versions",
        "stepfunctions state_machines",
    ]
    assert held["objects etags"][f"{account.id}/{bucket}"] == {
        "a b/date": '"c4ca4238a0b923820dcc509a6f75849b"'
    }
    assert list(held["eventbridge rules"]) == [f"{account.id}/{REGION}/default|inbox"]


def test_deleted_resources_leave_no_trace(account: Account) -> None:
    bucket = account.create_bucket()
    before = _read_account(account)
    s3, cloudtrail = account.client("s3"), account.client("cloudtrail")
    s3.put_object(Bucket=bucket, Key="a")
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    account.create_trail(AdvancedEventSelectors=select_writes(f"arn:aws:s3:::{bucket}/"))
    inbox = account.create_inbox({"source": ["aws.s3"]})
    machine = account.create_machine(tags=[{"key": "a", "value": "1"}])
    stepfunctions = account.client("stepfunctions")
    stepfunctions.start_execution(stateMachineArn=machine)
    account.create_role()
    assert _read_account(account) != before

    log_bucket = cloudtrail.get_trail(Name="audit")["Trail"]["S3BucketName"]
    cloudtrail.delete_trail(Name="audit")
    s3.delete_bucket(Bucket=log_bucket)
    s3.delete_object(Bucket=bucket, Key="a")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    events = account.client("events")
    events.remove_targets(Rule="inbox", Ids=["queue"])
    events.delete_rule(Name="inbox")
    inbox.sqs.delete_queue(QueueUrl=inbox.url)
    stepfunctions.delete_state_machine(stateMachineArn=machine)
    wait_until(lambda: not stepfunctions.list_state_machines()["stateMachines"])
    for role in ("machine", "role"):
        account.client("iam").delete_role(RoleName=role)
    assert _read_account(account) == before
