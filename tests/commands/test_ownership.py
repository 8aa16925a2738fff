"""Resources of others stop a plan before anything is changed; all of them are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest
from faults.rules import Rule, deny_by_s3
from pipelines import (
    HELLO,
    STATEMENT,
    THEIRS,
    another_log_bucket,
    another_trail,
    create_role,
    pipeline_config,
)
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam import policies
from sfn_s3_cli.iam.policies import trust_service

ADOPTIONS = """\
Adopting log_bucket sfnctl-trail-ACCOUNT-us-east-1-an lets all sfnctl pipelines of the region share it: the teardown of the last of them will delete it if it is empty, and with --purge with all that it holds.
Adopting log_bucket sfnctl-trail-ACCOUNT-us-east-1-an changes its settings: expiry_days: null -> 7, policy, public_access: "not blocked" -> "blocked".
Adopting log_group /aws/vendedlogs/states/orders makes it part of pipeline orders: `sfnctl teardown` will delete it.
Adopting log_group /aws/vendedlogs/states/orders changes its settings: retention_days: null -> 30.
Adopting queue sfnctl-orders-dlq makes it part of pipeline orders: `sfnctl teardown` will delete it if it is empty, and `sfnctl teardown --purge` with all that it holds.
Adopting queue sfnctl-orders-dlq changes its settings: policy, retention_seconds: 345600 -> 1209600.
Adopting role sfnctl-orders-us-east-1-events makes it part of pipeline orders: `sfnctl teardown` will delete it.
Adopting role sfnctl-orders-us-east-1-events changes its settings: policy, trust.
Adopting role sfnctl-orders-us-east-1-states makes it part of pipeline orders: `sfnctl teardown` will delete it.
Adopting role sfnctl-orders-us-east-1-states changes its settings: policy, trust.
Adopting state_machine orders makes it part of pipeline orders: `sfnctl teardown` will delete it.
Adopting state_machine orders changes its settings: live: null -> "newest version", log_group_arn: null -> "arn:aws:logs:us-east-1:ACCOUNT:log-group:/aws/vendedlogs/states/orders", log_level: "OFF" -> "ERROR", role_arn: "arn:aws:iam::ACCOUNT:role/theirs" -> "arn:aws:iam::ACCOUNT:role/sfnctl-orders-us-east-1-states".
Adopting trail sfnctl lets all sfnctl pipelines of the region share it: the teardown of the last of them will delete it.
Adopting trail sfnctl changes its settings: log_bucket: "sfnctl-logs-ACCOUNT" -> "sfnctl-trail-ACCOUNT-us-east-1-an", log_file_validation: false -> true.
Adopting rule sfnctl-orders-cloudtrail makes it part of pipeline orders: `sfnctl teardown` will delete it.
Adopting rule sfnctl-orders-cloudtrail changes its settings: description: "" -> "Starts orders for objects of orders-ACCOUNT.", pattern."""  # noqa: E501
TRUST = json.dumps(trust_service("lambda.amazonaws.com", account=""))


def create_untagged_resources(aws: Aws, account: str) -> None:
    """One of every name that the pipeline would use, without tags."""
    log_bucket = f"sfnctl-trail-{account}-us-east-1-an"
    aws.s3.create_bucket(Bucket=log_bucket)
    aws.s3.create_bucket(Bucket=f"made-{account}")
    logs = another_log_bucket(aws, "sfnctl")
    aws.cloudtrail.create_trail(Name="sfnctl", S3BucketName=logs)
    aws.cloudtrail.put_event_selectors(TrailName="sfnctl", AdvancedEventSelectors=[THEIRS])
    for job in ("events", "states"):
        name = f"sfnctl-orders-us-east-1-{job}"
        aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    aws.logs.create_log_group(logGroupName="/aws/vendedlogs/states/orders")
    aws.sqs.create_queue(QueueName="sfnctl-orders-dlq")
    aws.events.put_rule(Name="sfnctl-orders-cloudtrail", EventPattern='{"source":["theirs"]}')
    aws.stepfunctions.create_state_machine(
        name="orders",
        definition=json.dumps(HELLO),
        roleArn=create_role(aws, "states"),
    )


@pytest.mark.parametrize("command", [("plan",), ("deploy", "--yes")], ids=lambda words: words[0])
def test_all_conflicts_are_shown_and_nothing_is_changed(
    project: Sfnctl,
    aws: Aws,
    account: str,
    read_account: Callable[[], Any],
    command: tuple[str, ...],
) -> None:
    created = {"name": f"made-{account}", "create": True}
    project.write("sfnctl.yaml", pipeline_config(account, bucket=created))
    create_untagged_resources(aws, account)
    before = read_account()
    ended = project(*command, code=1)
    error, hint = ended.err.splitlines()
    conflicts = error.removeprefix("Error: nothing was changed: ").replace(account, "ACCOUNT")
    assert conflicts.split("; ") == [
        f"{each} already exists, without sfnctl's tags"
        for each in (
            "bucket made-ACCOUNT",
            "log_bucket sfnctl-trail-ACCOUNT-us-east-1-an",
            "log_group /aws/vendedlogs/states/orders",
            "queue sfnctl-orders-dlq",
            "role sfnctl-orders-us-east-1-events",
            "role sfnctl-orders-us-east-1-states",
            "rule sfnctl-orders-cloudtrail",
            "state_machine orders",
            "trail sfnctl",
        )
    ]
    assert hint == (
        "Hint: to watch the bucket and leave it as it is, write its name without `create: true`; to"
        " let sfnctl own and later delete it, adopt it with --adopt;"
        " choose another name, or adopt it with --adopt"
    )
    assert read_account() == before


def test_lost_pipeline_tag_is_a_conflict(project: Sfnctl, aws: Aws, account: str) -> None:
    project("deploy", "--yes")
    arn = f"arn:aws:states:us-east-1:{account}:stateMachine:orders"
    aws.stepfunctions.untag_resource(resourceArn=arn, tagKeys=["sfnctl:pipeline"])
    assert project("deploy", "--yes", code=1).err == dedent("""\
        Error: nothing was changed: state_machine orders has sfnctl's tags, but not the tag sfnctl:pipeline
        Hint: add this tag with the pipeline's name, or choose another name
        """)  # noqa: E501


def test_adopt_takes_over_untagged_resources(
    project: Sfnctl, aws: Aws, account: str, read_account: Callable[[], Any]
) -> None:
    create_role(aws, "states")
    before = read_account()
    create_untagged_resources(aws, account)
    notes = project("plan", "--adopt", "--output", "json").document["notes"]
    messages = [each["message"] for each in notes if each["code"].startswith("ADOPT")]
    assert "\n".join(messages).replace(account, "ACCOUNT") == ADOPTIONS
    project("deploy", "--yes", "--adopt")
    assert project("deploy", "--yes").out.startswith("Nothing to do for orders")
    project("teardown", "--yes")
    after = read_account()
    left = {service for service in after if after[service] != before.get(service)}
    assert left <= {"s3", "objects", "cloudtrail"}, "what others still use, and their buckets"
    selectors = aws.cloudtrail.get_event_selectors(TrailName="sfnctl")
    assert selectors["AdvancedEventSelectors"] == [THEIRS]


def test_trail_with_default_selectors_is_not_adopted(project: Sfnctl, aws: Aws) -> None:
    """Ours would replace them, and the trail would no longer log management events."""
    aws.cloudtrail.create_trail(Name="sfnctl", S3BucketName=another_log_bucket(aws, "sfnctl"))
    ended = project("deploy", "--yes", "--adopt", code=1)
    assert ended.err == (
        "Error: nothing was changed: event_selector orders cannot be added: the trail has"
        " basic selectors, which cannot be mixed with advanced ones\n"
        "Hint: remove those selectors, name another trail in `trigger.trail`, or use `via: s3`\n"
    )


def run_refused(project: Sfnctl, *rules: Rule) -> str:
    with project.with_faults(*rules):
        return project("deploy", "--yes", "--adopt", code=1).err


def answer(operation: str, **document: Any) -> Rule:
    return Rule(do="answer", operation=operation, document=document, times=None)


def test_rule_managed_by_an_aws_service_is_never_adopted(
    project: Sfnctl, aws: Aws, read_account: Callable[[], Any]
) -> None:
    before = read_account()
    rule = answer(
        "DescribeRule", Name="sfnctl-orders-cloudtrail", State="ENABLED", ManagedBy="states"
    )
    tags = answer("ListTagsForResource", Tags=[], tags=[])
    targets = answer("ListTargetsByRule", Targets=[])
    assert run_refused(project, rule, tags, targets) == dedent("""\
        Error: nothing was changed: rule sfnctl-orders-cloudtrail is managed by states, which alone may change it
        Hint: choose another name
        """)  # noqa: E501
    assert read_account() == before


@pytest.mark.parametrize(
    ("trail", "why"),
    [
        (
            {"IsOrganizationTrail": True},
            "is an organization's trail: changing it would change it for every account",
        ),
        (
            {"HomeRegion": "eu-west-1"},
            "has the home region eu-west-1 and can be changed only there",
        ),
    ],
    ids=["organization", "home"],
)
@pytest.mark.parametrize("joined", [None, "audit"])
def test_a_trail_that_cannot_be_changed_is_refused(
    project: Sfnctl, aws: Aws, account: str, trail: dict[str, Any], why: str, joined: str | None
) -> None:
    trigger = {"trail": joined} if joined else {}
    project.write("sfnctl.yaml", pipeline_config(account, trigger=trigger))
    for name in ("sfnctl", "audit"):
        another_trail(aws, name, AdvancedEventSelectors=[THEIRS])
    elsewhere = Rule(
        do="error",
        service="cloudtrail",
        operation="ListTags",
        code="ResourceNotFoundException",
        status=400,
        times=None,
    )
    described = answer("GetTrail", Trail={"S3BucketName": "logs", **trail})
    error = run_refused(project, described, elsewhere)
    cannot = "event_selector orders cannot join the trail audit: it" if joined else "trail sfnctl"
    assert error.startswith(f"Error: nothing was changed: {cannot} {why}\n")
    assert "Hint: name another trail of this region in `trigger.trail`, or use `via: s3`" in error


def test_a_bucket_of_another_account_is_refused(project: Sfnctl, account: str) -> None:
    head = Rule(do="error", operation="HeadBucket", code="403", status=403, times=None)
    get = deny_by_s3("GetBucketNotificationConfiguration")
    error, hint = run_refused(project, head, get).splitlines()
    assert error.startswith(
        f"Error: nothing was changed: bucket orders-{account} exists, but these credentials cannot"
        " see it: they lack s3:ListBucket, or the bucket belongs to another account"
    )
    assert hint.startswith("Hint: add s3:ListBucket on it, or choose another bucket")


def test_a_log_bucket_of_another_account_is_refused(project: Sfnctl, account: str) -> None:
    logs = "GetBucket(Policy|Encryption|LifecycleConfiguration|Tagging)|GetPublicAccessBlock"
    error = run_refused(project, deny_by_s3(logs))
    assert f"log_bucket sfnctl-trail-{account}-us-east-1-an exists, but these credentials" in error
    assert "they lack s3:GetBucketTagging, or the bucket belongs to another account" in error


def test_teardown_fails_if_its_bucket_cannot_be_seen(project: Sfnctl, account: str) -> None:
    created = {"name": f"made-{account}", "create": True}
    project.write("sfnctl.yaml", pipeline_config(account, bucket=created))
    project("deploy", "--yes")
    denied = Rule(do="error", operation="HeadBucket", code="403", status=403, times=None)
    with project.with_faults(denied):
        ended = project("teardown", "--yes", code=1)
    assert "these credentials lack s3:ListBucket" in ended.err


def test_every_s3_call_names_the_owner_of_the_bucket(project: Sfnctl, account: str) -> None:
    with project.with_faults() as record:
        project("deploy", "--yes")
        project("teardown", "--yes", "--purge")
    of_s3 = [call for call in record.calls if call.service == "s3"]
    assert len(of_s3) > 10
    nameless = {
        call.operation for call in of_s3 if call.params.get("ExpectedBucketOwner") != account
    }
    assert nameless == {"CreateBucket"}, "CreateBucket has no such parameter"


def test_additions_of_others_are_shown_and_kept(project: Sfnctl, aws: Aws, account: str) -> None:
    project("deploy", "--yes")
    role, queue = "sfnctl-orders-us-east-1-states", f"arn:aws:sqs:us-east-1:{account}:theirs"
    policy = json.dumps(policies.document(STATEMENT))
    aws.iam.put_role_policy(RoleName=role, PolicyName="theirs", PolicyDocument=policy)
    aws.events.put_targets(
        Rule="sfnctl-orders-cloudtrail", Targets=[{"Id": "theirs", "Arn": queue}]
    )
    add_statement(aws, f"sfnctl-trail-{account}-us-east-1-an")
    selectors = aws.cloudtrail.get_event_selectors(TrailName="sfnctl")["AdvancedEventSelectors"]
    aws.cloudtrail.put_event_selectors(
        TrailName="sfnctl", AdvancedEventSelectors=[*selectors, THEIRS]
    )
    assert project("plan").out.replace(account, "ACCOUNT") == dedent("""\
        Note: log_bucket sfnctl-trail-ACCOUNT-us-east-1-an has policy statements of others: Theirs; sfnctl keeps that.
        Note: role sfnctl-orders-us-east-1-states has policies of others: theirs (inline); sfnctl keeps that.
        Note: rule sfnctl-orders-cloudtrail has targets of others: arn:aws:sqs:us-east-1:ACCOUNT:theirs; sfnctl keeps that.
        Note: trail sfnctl has selectors of others: theirs; sfnctl keeps that.
        Nothing to do.
        """)  # noqa: E501
    kept = [line for line in project("teardown", "--yes").out.splitlines() if "Kept" in line]
    assert [line.replace(account, "ACCOUNT") for line in kept] == [
        ("Kept log_bucket sfnctl-trail-ACCOUNT-us-east-1-an: selectors of others: theirs."),
        "Kept role sfnctl-orders-us-east-1-states: policies of others: theirs (inline).",
        (
            "Kept rule sfnctl-orders-cloudtrail:"
            " targets of others: arn:aws:sqs:us-east-1:ACCOUNT:theirs."
        ),
        "Kept trail sfnctl: selectors of others: theirs.",
    ]
    assert aws.iam.get_role_policy(RoleName=role, PolicyName="theirs")
    assert (
        aws.events.list_targets_by_rule(Rule="sfnctl-orders-cloudtrail")["Targets"][0]["Id"]
        == "theirs"
    )
    left = aws.cloudtrail.get_event_selectors(TrailName="sfnctl")["AdvancedEventSelectors"]
    assert left == [THEIRS]


def add_statement(aws: Aws, bucket: str) -> None:
    policy = json.loads(aws.s3.get_bucket_policy(Bucket=bucket)["Policy"])
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl"}
    policy["Statement"].append({**theirs, "Resource": f"arn:aws:s3:::{bucket}"})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
