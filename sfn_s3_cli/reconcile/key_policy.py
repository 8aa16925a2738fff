"""What the policy of the config's KMS key must allow AWS's services.

sfnctl never changes a key: its owner adds these statements to its policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.iam import arns, policies
from sfn_s3_cli.reconcile.roles import list_rule_arns

if TYPE_CHECKING:
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.json_types import JsonObject


def key_policy(pipeline: Pipeline, names: Names) -> JsonObject:
    """A statement for each service that uses the key by itself, limited to this pipeline."""
    statements = []
    if pipeline.state_machine.logging.level != "off":
        statements += [_write_log_group(names), _deliver_logs(names)]
    if pipeline.trigger.dead_letter_queue:
        statements.append(_send_dead_letters(names))
    return policies.document(*statements)


def _write_log_group(names: Names) -> JsonObject:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"""
    place = names.place
    actions = ("Encrypt*", "Decrypt*", "ReEncrypt*", "GenerateDataKey*", "Describe*")
    group = arns.log_group(place, names.log_group)
    return _allow(
        "SfnctlLogGroup",
        arns.regional_service(place, "logs"),
        [f"kms:{action}" for action in actions],
        {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}},
    )


def _deliver_logs(names: Names) -> JsonObject:
    """https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html"""
    logs = names.place.arn("logs", "*")
    return _allow(
        "SfnctlLogDelivery",
        "delivery.logs.amazonaws.com",
        ["kms:Decrypt"],
        {"StringEquals": {"kms:EncryptionContext:SourceArn": logs}},
    )


def _send_dead_letters(names: Names) -> JsonObject:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"""
    return _allow(
        "SfnctlDeadLetters",
        "events.amazonaws.com",
        ["kms:Decrypt", "kms:GenerateDataKey"],
        {"ArnEquals": {"aws:SourceArn": list_rule_arns(names)}},
    )


def _allow(sid: str, service: str, actions: list[str], condition: JsonObject) -> JsonObject:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": actions,
        "Resource": "*",  # in a key's policy: this key
        "Condition": condition,
    }
