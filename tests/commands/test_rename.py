"""A pipeline under a new name: the plan says that the old one still starts executions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from faults.rules import deny
from pipelines import HELLO, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam import tags

BY_S3 = {"via": "s3", "prefix": "incoming/"}
STARTS_TOO = """\
Warning: Pipeline orders starts executions for the same objects: s3://BUCKET/incoming/* (created).\
 Each such event may start an execution of both pipelines.
    If this pipeline was called orders before: deploy, and then run\
 `sfnctl teardown --pipeline orders`. If you want both, there is nothing to do.
"""

OWNER_GONE = (
    "it belongs to pipeline orders, which has no rule any more: to let invoices own it, set its tag"
    " sfnctl:pipeline to invoices and add `create: true`, or remove its tags sfnctl:pipeline and"
    " sfnctl:managed to keep it for good"
)

PLAN = """\
  + log_group           /aws/vendedlogs/states/invoices
  + queue               sfnctl-invoices-dlq
  + role                sfnctl-invoices-us-east-1-events
  + role                sfnctl-invoices-us-east-1-states
  + rule                sfnctl-invoices-s3
  + state_machine       invoices
  + target              sfnctl-invoices-s3
"""


@pytest.fixture
def configure(project: Sfnctl, account: str) -> Any:
    def configure(name: str, **changes: Any) -> None:
        settings = {"trigger": BY_S3, **changes}
        project.write("sfnctl.yaml", pipeline_config(account, name=name, **settings))

    return configure


def nothing_of(name: str, aws: Aws) -> str:
    return (
        f"Note: account {aws.place.account} has nothing of a pipeline {name} in us-east-1: check"
        " the name, unless it was torn down before\n"
    )


def test_a_teardown_says_that_a_pipeline_never_existed(
    project: Sfnctl, aws: Aws, configure: Any
) -> None:
    """Although it names the trail, which others use."""
    configure("orders", trigger={"via": "cloudtrail"})
    project("deploy", "--yes")
    for option in ("--dry-run", "--yes"):
        ended = project("teardown", "--pipeline", "ordres", option)
        assert ended.err == nothing_of("ordres", aws)
        assert "other pipelines use it: orders" in ended.out
    assert project("teardown", "--pipeline", "orders", "--dry-run").err == ""


def count_executions(aws: Aws, name: str) -> int:
    arn = aws.place.arn("states", f"stateMachine:{name}")
    return len(aws.stepfunctions.list_executions(stateMachineArn=arn)["executions"])


def test_a_rename_is_noticed_and_finished(
    project: Sfnctl, aws: Aws, bucket: str, configure: Any
) -> None:
    configure("orders")
    project("deploy", "--yes")
    configure("invoices", trigger={"prefix": "incoming/new/"})
    shown = STARTS_TOO.replace("BUCKET/incoming/", f"{bucket}/incoming/new/")
    assert shown in project("plan").out
    configure("invoices")
    shown = STARTS_TOO.replace("BUCKET", bucket)
    plan = project("plan", "--detail", "none").out
    assert plan == PLAN + shown + plan[plan.index("Plan: 7 to create, 0 to change, 0 to") :]
    (note,) = project("plan", "--output", "json").document["notes"]
    assert note["facts"] == {
        "pipeline": "orders",
        "objects": [f"s3://{bucket}/incoming/*"],
        "events": ["created"],
    }
    assert shown in project("status").out
    assert shown in project("deploy", "--yes").out
    for command in ("plan", "status"):
        assert shown in project(command, "--exit-code").out
    again = project("deploy", "--yes")
    assert again.out == "Nothing to do for invoices: AWS matches the config.\n"
    assert again.err == shown
    ended = project("teardown", "--pipeline", "orders", "--yes")
    assert ended.out.endswith("Tore down orders: 8 removed.\n")
    assert project("status", "--exit-code").err == ""
    aws.s3.put_object(Bucket=bucket, Key="incoming/a")
    project("watch-executions", "--object", "incoming/a")
    assert count_executions(aws, "invoices") == 1
    again = project("teardown", "--pipeline", "orders", "--yes")
    assert again.out == "Nothing to do for orders: nothing is left.\n"
    assert again.err.endswith(f"{nothing_of('orders', aws)}")
    assert project("deploy", "--yes").out == (
        "Nothing to do for invoices: AWS matches the config.\n"
    )


def test_a_rename_with_a_created_bucket_has_a_way_out(
    project: Sfnctl, aws: Aws, account: str, configure: Any
) -> None:
    made = f"made-{account}"
    configure("orders", bucket={"name": made, "create": True})
    project("deploy", "--yes")
    aws.s3.put_object(Bucket=made, Key="data")
    configure("invoices", bucket={"name": made, "create": True})
    ended = project("plan", code=1)
    assert f"  ! bucket              {made}  belongs to pipeline orders\n" in ended.out
    assert "Plan: 7 to create, 0 to change, 0 to remove." in ended.out
    assert ended.err == (
        f"Error: nothing was changed: bucket {made} belongs to pipeline orders\n"
        "Hint: to watch it, write only its name, without `create: true`; if this pipeline was"
        " called orders before, deploy, then run `sfnctl teardown --pipeline orders`, which"
        " keeps the bucket\n"
    )
    document = json.loads(project("plan", "--output", "json", code=1).out)
    assert [each["name"] for each in document["changes"] if each["kind"] == "bucket"] == []
    configure("invoices", bucket=made)
    project("deploy", "--yes")
    ended = project("teardown", "--pipeline", "orders", "--yes")
    assert ended.out.endswith(
        "Tore down orders: 8 removed.\n"
        f"Kept bucket {made}: it belongs to pipeline orders, and other pipelines watch it:"
        " invoices; to let one of them own it, set its tag sfnctl:pipeline to that name and add"
        " `create: true` there, or remove its tags sfnctl:pipeline and sfnctl:managed to keep it"
        " for good.\n"
    )
    assert f"kept      bucket              {made}  {OWNER_GONE}\n" in project("status").out
    aws.s3.put_object(Bucket=made, Key="incoming/a")
    project("watch-executions", "--object", "incoming/a")


@pytest.mark.parametrize(
    "trigger",
    [{"prefix": "other/"}, {"prefix": "incoming/", "events": ["deleted"]}, {"enabled": False}],
    ids=["prefix", "events", "disabled"],
)
def test_a_pipeline_on_other_objects_is_not_named(
    project: Sfnctl, configure: Any, trigger: Any
) -> None:
    configure("orders")
    project("deploy", "--yes")
    configure("invoices", trigger={"via": "cloudtrail", **trigger})
    assert "Warning" not in project("plan").out


def test_only_live_rules_of_other_pipelines_count(
    project: Sfnctl, aws: Aws, bucket: str, configure: Any
) -> None:
    pattern = json.dumps({"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}})
    past = [{"prefix": "2020-01-01T00"}, {"prefix": "2020-01-01T01"}]
    over = json.dumps({**json.loads(pattern), "time": past})
    ours = tags.to_list(tags.of_pipeline("invoices", {}))
    theirs = tags.to_list(tags.of_pipeline("billing", {}))
    aws.events.put_rule(Name="sfnctl-a-s3", EventPattern=pattern)
    aws.events.put_rule(Name="sfnctl-b-s3", EventPattern=pattern, Tags=ours)
    aws.events.put_rule(Name="sfnctl-c-s3", EventPattern=pattern, Tags=theirs, State="DISABLED")
    aws.events.put_rule(Name="sfnctl-d-s3", EventPattern=over, Tags=theirs)
    configure("invoices")
    assert "Warning" not in project("plan").out
    aws.events.enable_rule(Name="sfnctl-c-s3")
    warning = f"Warning: Pipeline billing starts executions for the same objects: s3://{bucket}/inc"
    assert project("plan").out.count(warning) == 1
    project("deploy", "--yes")
    assert project("plan").out.count(warning) == 1
    configure("invoices", trigger={**BY_S3, "enabled": False})
    assert "Warning" not in project("deploy", "--yes").out
    configure("invoices")
    assert warning in project("plan").out


def test_tags_that_cannot_be_read_are_noted(
    project: Sfnctl, aws: Aws, bucket: str, configure: Any
) -> None:
    pattern = json.dumps({"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}})
    aws.events.put_rule(Name="sfnctl-a-s3", EventPattern=pattern)
    configure("orders")
    only = deny("ListTagsForResource", "events:ListTagsForResource")
    with project.with_faults(only):
        ended = project("plan")
    assert (
        "Note: Not checked: whether other sfnctl pipelines start executions for the same objects"
        " (AccessDeniedException: User: arn:aws:iam::123456789012:user/dev is not authorized to"
        " perform: events:ListTagsForResource).\n"
    ) in ended.out


def test_teardown_of_an_impossible_name_is_refused(sfnctl: Sfnctl, account: str) -> None:
    sfnctl.write("sfnctl.yaml", pipeline_config(account))
    sfnctl.write("workflow.asl.json", json.dumps(HELLO))
    for command in (("teardown",), ("permissions", "teardown")):
        assert sfnctl(*command, "--pipeline", "Orders*", code=2).err == (
            "Error: 'Orders*' cannot be the name of a pipeline\n"
            "Hint: give the `name` that the pipeline was deployed with\n"
        )
    policy = sfnctl("permissions", "teardown", "--pipeline", "bills", "--region", "us-east-1").out
    assert "rule/sfnctl-bills-s3" in policy
    assert "orders-s3" not in policy
