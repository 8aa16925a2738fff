"""Cases for each kind: how its fields change, by the config and by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipelines import THEIRS, another_log_bucket, another_trail, create_role

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events.cloudtrail import build_advanced_selector
from sfn_s3_cli.events.normalised import build_transformer
from sfn_s3_cli.iam import arns, policies
from sfn_s3_cli.resources import log_bucket

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


@dataclass(frozen=True)
class Case:
    """All fields of a kind but `tags`, each changed in one way or another."""

    changes: tuple[dict[str, Any], ...] = ()
    """Other values of fields, as the config may want them."""
    by_hand: tuple[tuple[str, Callable[[], object]], ...] = ()
    """What somebody else does to AWS, and the field in which that shows."""
    fixed: tuple[str, ...] = ()
    """Fields that follow from the name, or never change."""

    @property
    def fields(self) -> set[str]:
        changed = {name for change in self.changes for name in change}
        return changed | {name for name, _ in self.by_hand} | set(self.fixed)


def _alarm(aws: Aws, alarm: Any) -> Case:
    cloudwatch, other = aws.cloudwatch, arns.queue(aws.place, "another")

    def watch_another_metric() -> None:
        """With an action of somebody else; PutMetricAlarm replaces the whole alarm."""
        cloudwatch.put_metric_alarm(
            AlarmName=alarm.name,
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Statistic="Average",
            Period=60,
            EvaluationPeriods=3,
            Threshold=0.5,
            ComparisonOperator="LessThanThreshold",
            OKActions=[f"{TOPIC}-of-others"],
        )

    return Case(
        changes=(
            {"description": "Another."},
            {"dimensions": {"QueueName": other}},
            {"period": 60},
            {"evaluation_periods": 3, "datapoints_to_alarm": 2},
            {"threshold": 5},
            {"actions": {"ALARM": [f"{TOPIC}-2"]}},
        ),
        by_hand=(
            ("actions_enabled", lambda: cloudwatch.disable_alarm_actions(AlarmNames=[alarm.name])),
            *((each, watch_another_metric) for each in ("namespace", "metric_name", "statistic")),
            ("comparison_operator", watch_another_metric),
            ("treat_missing_data", watch_another_metric),
        ),
        fixed=("arn",),
    )


def _bucket(aws: Aws, bucket: Any) -> Case:
    unblock = aws.s3.delete_public_access_block
    return Case(
        by_hand=(("public_access", lambda: unblock(Bucket=bucket.name)),), fixed=("create",)
    )


def _bucket_notification(aws: Aws, notification: Any) -> Case:
    other = f"other-{aws.place.account}"
    aws.s3.create_bucket(Bucket=other)
    return Case(changes=({"eventbridge_on": (other,)},))


def _event_selector(aws: Aws, selector: Any) -> Case:
    another_trail(aws, "audit", AdvancedEventSelectors=[THEIRS])
    name = selector.selector["Name"]
    other = build_advanced_selector(name, "arn:aws:s3:::other", Trigger())
    stop = aws.cloudtrail.stop_logging
    return Case(
        changes=({"selector": other},),
        fixed=("trail", "old_trails", "also_on"),  # see test_shared_trail.py
        by_hand=(("is_logging", lambda: stop(Name=selector.trail)),),
    )


def _log_bucket(aws: Aws, bucket: Any) -> Case:
    s3, name = aws.s3, bucket.name
    return Case(
        changes=(
            {"policy": log_bucket.policy(aws.place, name, "another")},
            {"expiry_days": 30},
            {"encryption": "aws:kms"},
        ),
        by_hand=(
            ("public_access", lambda: s3.delete_public_access_block(Bucket=name)),
            ("expiry_days", lambda: s3.delete_bucket_lifecycle(Bucket=name)),
            ("policy", lambda: s3.delete_bucket_policy(Bucket=name)),
        ),
        fixed=("trail",),
    )


def _log_group(aws: Aws, group: Any) -> Case:
    forget = aws.logs.delete_retention_policy
    changes: list[dict[str, Any]] = [{"retention_days": 7}]
    if aws.is_local:  # moto has no AssociateKmsKey
        changes.append({"kms_key": KEY})
    return Case(
        changes=(*changes,),
        by_hand=(("retention_days", lambda: forget(logGroupName=group.name)),),
        fixed=("arn", "kms_key"),
    )


def _queue(aws: Aws, queue: Any) -> Case:
    (statement,) = queue.policy["Statement"]
    rule = {"ArnEquals": {"aws:SourceArn": arns.rule(aws.place, "another")}}

    def shorten() -> None:
        url = aws.sqs.get_queue_url(QueueName=queue.name)["QueueUrl"]
        aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "60"})

    return Case(
        changes=(
            {"policy": policies.document({**statement, "Condition": rule})},
            {"retention_seconds": 3600},
            {"kms_key": KEY},
        ),
        by_hand=(("retention_seconds", shorten),),
    )


def _role(aws: Aws, role: Any) -> Case:
    service, iam = "events.amazonaws.com", aws.iam
    return Case(
        changes=(
            {"trust": policies.trust_service(service, account="")},
            {"policy": None},
            {"boundary": f"arn:aws:iam::{aws.place.account}:policy/boundary"},
        ),
        by_hand=(
            ("policy", lambda: iam.delete_role_policy(RoleName=role.name, PolicyName="sfnctl")),
        ),
        fixed=("path", "previous"),  # see test_kept_rights.py
    )


def _rule(aws: Aws, rule: Any) -> Case:
    return Case(
        changes=(
            {"pattern": {**rule.pattern, "detail": {"bucket": {"name": ["another"]}}}},
            {"enabled": False},
            {"cutover": "before 2026-01-02T12:10Z"},
            {"cutover": "after 2026-01-02T12:10Z"},
            {"cutover": "before and after 2026-01-02T12:10Z"},
            {"description": "Another."},
        ),
        by_hand=(("enabled", lambda: aws.events.disable_rule(Name=rule.name)),),
        fixed=("arn",),
    )


def _state_machine(aws: Aws, machine: Any) -> Case:
    sfn, other_role = aws.stepfunctions, create_role(aws, "states", "another")
    remove_alias, update = sfn.delete_state_machine_alias, sfn.update_state_machine
    return Case(
        changes=(
            {"definition": {"StartAt": "Bye", "States": {"Bye": {"Type": "Succeed"}}}},
            {"role_arn": other_role},
            {"log_level": "ALL"},
            {"log_level": "OFF", "log_group_arn": None},
            {"log_data": True},
            {"tracing": True},
            {"kms_key": KEY},
        ),
        by_hand=(
            ("live", lambda: remove_alias(stateMachineAliasArn=machine.alias_arn)),
            ("role_arn", lambda: update(stateMachineArn=machine.arn, roleArn=other_role)),
        ),
        fixed=("arn", "type"),
    )


def _target(aws: Aws, target: Any) -> Case:
    bare: Any = {"Id": "sfnctl", "Arn": target.arn, "RoleArn": target.role_arn}
    put = aws.events.put_targets
    return Case(
        changes=(
            {"arn": arns.state_machine_alias(aws.place, "another", "live")},
            {"role_arn": create_role(aws, "events", "another")},
            {"dead_letter_queue_arn": None},
            {"retry_attempts": 0},
            {"retry_max_age_seconds": 60},
            {"input_transformer": build_transformer("acme", Trigger(input="object"))},
        ),
        by_hand=(("dead_letter_queue_arn", lambda: put(Rule=target.name, Targets=[bare])),),
        fixed=("rule_arn",),
    )


def _trail(aws: Aws, trail: Any) -> Case:
    update = aws.cloudtrail.update_trail
    return Case(
        changes=(
            {"log_bucket": another_log_bucket(aws, trail.name)},
            {"log_file_validation": False},
        ),
        by_hand=(
            (
                "log_file_validation",
                lambda: update(Name=trail.name, EnableLogFileValidation=False),
            ),
        ),
        fixed=("arn",),
    )


CASES: dict[str, Callable[[Aws, Any], Case]] = {
    "alarm": _alarm,
    "bucket": _bucket,
    "bucket_notification": _bucket_notification,
    "event_selector": _event_selector,
    "log_bucket": _log_bucket,
    "log_group": _log_group,
    "queue": _queue,
    "role": _role,
    "rule": _rule,
    "state_machine": _state_machine,
    "target": _target,
    "trail": _trail,
}
