"""Limits of AWS that a plan knows before: it refuses, or says what may fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from faults.rules import deny
from pipelines import (
    THEIRS,
    another_log_bucket,
    another_trail,
    deploy,
    pipeline_config,
    plan_for,
    summarize,
    wiring_for,
)
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events.cloudtrail import build_advanced_selector
from sfn_s3_cli.resources import rule_limits
from sfn_s3_cli.resources.selector_forms import find_excess

pytestmark = pytest.mark.usefixtures("bucket")

PREFIXES = {"prefix": ["a/", "b/", "c/"]}


def list_values(number: int) -> list[str]:
    return [f"arn:aws:s3:::theirs/{each}/" for each in range(number)]


def fill_advanced(number: int) -> Any:
    """Selectors with that many values."""
    fields = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "StartsWith": list_values(number - 2)},
    ]
    return {"AdvancedEventSelectors": [{"Name": "theirs", "FieldSelectors": fields}]}


def fill_basic(*numbers: int) -> Any:
    """A selector with each of these numbers of data resources."""
    return {
        "EventSelectors": [
            {"DataResources": [{"Type": "AWS::S3::Object", "Values": list_values(number)}]}
            for number in numbers
        ]
    }


def list_conflicts(aws: Aws, **trigger: Any) -> list[str]:
    plan = plan_for(aws, wiring_for(aws, trigger=trigger))
    return [f"{each.address} {each.reason.message}" for each in plan.conflicts]


def test_seventy_one_pipelines_fit_on_a_trail() -> None:
    def count(pipelines: int) -> Any:
        names = [f"sfnctl:{number}" for number in range(pipelines)]
        ours = [build_advanced_selector(name, "arn:aws:s3:::acme", Trigger()) for name in names]
        return find_excess({"AdvancedEventSelectors": ours})

    assert count(71) is None
    assert count(72)[:3] == ("values in its advanced selectors", 504, 500)


@pytest.mark.parametrize(
    ("fits", "full", "what"),
    [
        (fill_advanced(491), fill_advanced(492), "501 values in its advanced selectors"),
        (fill_basic(247), fill_basic(248), "251 values in its selectors"),
        (fill_basic(1, 1, 1, 1), fill_basic(1, 1, 1, 1, 1), "6 selectors"),
    ],
    ids=["advanced", "values", "selectors"],
)
def test_a_joined_trail_without_room_is_refused(aws: Aws, fits: Any, full: Any, what: str) -> None:
    another_trail(aws, "audit", **full)
    (conflict,) = list_conflicts(aws, trail="audit", **PREFIXES)
    assert conflict.startswith(
        f"event_selector orders cannot be added: the trail audit would have {what}, and AWS allows"
    )
    aws.cloudtrail.put_event_selectors(TrailName="audit", **fits)
    nodes = wiring_for(aws, trigger={"trail": "audit", **PREFIXES})
    deploy(aws, nodes)
    assert summarize(plan_for(aws, nodes)) == ""
    more = list_conflicts(aws, trail="audit", prefix=["d/", *PREFIXES["prefix"]])
    assert len(more) == (0 if what == "6 selectors" else 1)


def test_a_full_trail_of_sfnctl_is_refused(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    project("teardown", "--yes")
    aws.cloudtrail.create_trail(Name="sfnctl", S3BucketName=another_log_bucket(aws, "sfnctl"))
    aws.cloudtrail.put_event_selectors(TrailName="sfnctl", **fill_advanced(500))
    ended = project("deploy", "--yes", "--adopt", code=1)
    assert "the trail sfnctl would have 507 values in its advanced selectors" in ended.err
    assert (
        "use fewer prefixes, name another trail in `trigger.trail`, or use `via: s3`" in ended.err
    )


def make_trails(aws: Aws, number: int) -> None:
    for each in range(number):
        another_trail(aws, f"trail{each}", AdvancedEventSelectors=[THEIRS])


def test_a_sixth_trail_of_the_region_is_refused(
    project: Sfnctl, aws: Aws, read_account: Callable[[], Any]
) -> None:
    make_trails(aws, 5)
    before = read_account()
    ended = project("deploy", "--yes", code=1)
    assert ended.err == (
        "Error: nothing was changed: trail sfnctl cannot be created: AWS allows 5 trails in a"
        " region, and us-east-1 has 5: trail0, trail1, trail2, trail3, trail4\n"
        "Hint: name one of them in `trigger.trail`, or use `via: s3`\n"
    )
    assert read_account() == before
    assert list_conflicts(aws, via="s3") == list_conflicts(aws, trail="trail0") == []
    aws.cloudtrail.delete_trail(Name="trail4")
    project("deploy", "--yes")
    assert project("deploy", "--yes").out.endswith("AWS matches the config.\n")


def test_a_trail_of_another_region_counts_if_it_logs_here(aws: Aws) -> None:
    make_trails(aws, 4)
    endpoint, account = aws.sts.meta.endpoint_url, aws.place.account
    elsewhere = connect_locally(endpoint, region="eu-west-1", account=account)
    another_trail(elsewhere, "audit")
    assert list_conflicts(aws) == []
    elsewhere.cloudtrail.update_trail(Name="audit", IsMultiRegionTrail=True)
    (conflict,) = list_conflicts(aws)
    assert conflict.endswith("us-east-1 has 5: audit, trail0, trail1, trail2, trail3")


def test_a_sixth_target_of_the_rule_is_refused(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    rule = "sfnctl-orders-cloudtrail"
    aws.events.remove_targets(Rule=rule, Ids=["sfnctl"])
    queue = aws.place.arn("sqs", "theirs")
    targets: Any = [{"Id": f"theirs{each}", "Arn": queue} for each in range(5)]
    aws.events.put_targets(Rule=rule, Targets=targets)
    ended = project("deploy", "--yes", code=1)
    assert ended.err == (
        "Error: nothing was changed: target sfnctl-orders-cloudtrail cannot be added: AWS allows"
        " 5 targets per rule, and others added theirs0, theirs1, theirs2, theirs3, theirs4\n"
        "Hint: remove one of them from the rule\n"
    )
    aws.events.remove_targets(Rule=rule, Ids=["theirs0"])
    project("deploy", "--yes")


def test_a_bus_with_many_rules_is_noted(
    project: Sfnctl, aws: Aws, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wildcard = json.dumps({"detail": {"a": [{"wildcard": "a*b"}]}})
    for number in range(30):
        aws.events.put_rule(Name=f"rule{number}", EventPattern=wildcard)
    note = "The event bus has 30 rules with a wildcard, and AWS allows 30."
    both = {"prefix": "in/", "suffix": ".csv"}
    assert note not in project("plan").out
    project.write("sfnctl.yaml", pipeline_config(account, trigger=both))
    assert note in project("plan").out
    project.write("sfnctl.yaml", pipeline_config(account))
    project("deploy", "--yes")
    project.write("sfnctl.yaml", pipeline_config(account, trigger=both))
    assert note in project("plan").out
    aws.events.delete_rule(Name="rule0")
    project("deploy", "--yes")
    monkeypatch.setattr(rule_limits, "_MOST_RULES", 30)
    other = wiring_for(aws, name="invoices", trigger={"via": "s3"})
    (found,) = [each for each in plan_for(aws, other).notes if each.code == "MANY_RULES"]
    assert found.message.startswith("The event bus has 30 rules, and AWS allows 30.")


def test_what_cannot_be_counted_is_noted(project: Sfnctl) -> None:
    rules = [
        deny("ListRules", "events:ListRules"),
        deny("DescribeTrails", "cloudtrail:DescribeTrails"),
    ]
    with project.with_faults(*rules):
        ended = project("deploy", "--yes")
    for what, action in (
        ("the event bus has room for another rule", "events:ListRules"),
        ("the region has room for another trail", "cloudtrail:DescribeTrails"),
    ):
        assert (
            f"Note: Not checked: whether {what} (AccessDeniedException: User:"
            f" arn:aws:iam::123456789012:user/dev is not authorized to perform: {action})."
        ) in ended.out


def test_a_sixth_trail_that_was_not_counted_has_a_remedy(project: Sfnctl, aws: Aws) -> None:
    make_trails(aws, 5)
    with project.with_faults(deny("DescribeTrails", "cloudtrail:DescribeTrails")):
        ended = project("deploy", "--yes", code=4)
    assert "name an existing trail in `trigger.trail`, or use `via: s3`" in ended.err


def test_nothing_is_counted_when_nothing_is_created(project: Sfnctl) -> None:
    """Each command reads the rules once, to find pipelines that start the same executions."""
    project("deploy", "--yes")
    with project.with_faults() as record:
        project("deploy", "--yes")
        project("status")
    operations = [each.operation for each in record.calls]
    assert (operations.count("DescribeTrails"), operations.count("ListRules")) == (0, 2)
