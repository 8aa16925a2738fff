"""States that need permissions, apart from the optimised integrations."""

from __future__ import annotations

from typing import Any

from asl.permissions.derivation import ROLE, task

STATES_WITH_PERMISSIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a function": (
        {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:resize"},
        ["lambda:InvokeFunction on lambda:@:function:resize lambda:@:function:resize:*"],
    ),
    "a function's alias": (
        {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:resize:live"},
        ["lambda:InvokeFunction on lambda:@:function:resize:live"],
    ),
    "an activity": (
        {"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:approve"},
        [],
    ),
    "another partition": (
        {
            "Type": "Task",
            "Resource": "arn:aws-cn:states:::sns:publish",
            "Parameters": {"TopicArn": "arn:aws-cn:sns:cn-north-1:123456789012:orders"},
        },
        ["sns:Publish on arn:aws-cn:sns:cn-north-1:#:orders"],
    ),
    "a resource with an account": (
        {
            "Type": "Task",
            "Resource": "arn:aws:states:us-east-1:123456789012:aws-sdk:s3:getObject",
            "Parameters": {"Bucket": "incoming", "Key.$": "$.key"},
        },
        ["s3:GetObject on s3:::incoming/*"],
    ),
    "the role of another account": (
        {**task("sqs:sendMessage", {"QueueUrl": "q"}), "Credentials": {"RoleArn": ROLE}},
        ["sts:AssumeRole on iam::#:role/worker"],
    ),
    "a role that is computed": (
        {**task("sqs:sendMessage", {"QueueUrl": "q"}), "Credentials": {"RoleArn.$": "$.role"}},
        ["sts:AssumeRole on *"],
    ),
    "a Map": (
        {
            "Type": "Map",
            "ItemProcessor": {"States": {"A": task("sns:publish", {"TopicArn": "t"})}},
        },
        ["sns:Publish on sns:@:t"],
    ),
    "the older Iterator": (
        {
            "Type": "Map",
            "Iterator": {"StartAt": "A", "States": {"A": task("sns:publish", {"TopicArn": "t"})}},
        },
        ["sns:Publish on sns:@:t"],
    ),
    "a Parallel": (
        {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": name, "States": {name: task("sns:publish", {"TopicArn": name})}}
                for name in ("b", "a")
            ],
        },
        ["sns:Publish on sns:@:a sns:@:b"],
    ),
    "a distributed Map": (
        {
            "Type": "Map",
            "Label": "each",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "States": {}},
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:listObjectsV2",
                "Parameters": {"Bucket": "incoming", "Prefix": "2026/"},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "results", "Prefix": "runs"},
            },
        },
        [
            (
                "s3:AbortMultipartUpload s3:ListMultipartUploadParts s3:PutObject"
                " on s3:::results/runs/*"
            ),
            "s3:GetObject on s3:::incoming/2026/* s3:::results/runs/*",
            "s3:ListBucket on s3:::incoming if StringLike s3:prefix 2026/*",
            (
                "states:DescribeExecution states:StopExecution"
                " on states:@:execution:orders/each:* states:@:execution:orders:*"
            ),
            "states:RedriveExecution on states:@:execution:orders/each:*",
            "states:StartExecution on states:@:stateMachine:orders",
        ],
    ),
    "a distributed Map of computed places": (
        {
            "Type": "Map",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "States": {}},
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:listObjectsV2",
                "Parameters": {"Bucket": "incoming", "Prefix.$": "$.prefix"},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket.$": "$.bucket"},
            },
        },
        [
            "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject on *",
            "s3:ListBucket on s3:::incoming",
            (
                "states:DescribeExecution states:StopExecution"
                " on states:@:execution:orders/*:* states:@:execution:orders:*"
            ),
            "states:RedriveExecution on states:@:execution:orders/*:*",
            "states:StartExecution on states:@:stateMachine:orders",
        ],
    ),
    "a key that may be missing": (
        {
            **task("aws-sdk:s3:headObject", {"Bucket": "incoming", "Key": "a"}),
            "Catch": [{"ErrorEquals": ["S3.NoSuchKeyException"], "Next": "Only"}],
        },
        ["s3:GetObject on s3:::incoming/a", "s3:ListBucket on s3:::incoming"],
    ),
    "a key that is there": (
        {
            **task("aws-sdk:s3:headObject", {"Bucket": "incoming", "Key": "a"}),
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "NoSuchKey"}],
        },
        ["s3:GetObject on s3:::incoming/a"],
    ),
    "no ARN": ({"Type": "Task", "Resource": "send"}, []),
    "no resource": ({"Type": "Task"}, []),
}
"""By a name, a state and the summary of its statements."""
