"""The outputs of a whole pipeline, with the pages of the console."""

from __future__ import annotations

from pipelines import connect_to_nowhere, wiring_for

from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.reconcile.outputs import list_outputs

ACCOUNT = "123456789012"
CONSOLE = "https://cn-north-1.console.amazonaws.cn"
AT = f"cn-north-1:{ACCOUNT}"


def test_outputs_belong_to_the_partition_and_region() -> None:
    aws = connect_to_nowhere(Place("aws-cn", ACCOUNT, "cn-north-1"))
    nodes = wiring_for(aws, trigger={"trail": "audit"})
    everything = {node.resource.address for node in nodes}
    assert list_outputs(nodes, everything, aws) == {
        "bucket": f"orders-{ACCOUNT}",
        "bucket_arn": f"arn:aws-cn:s3:::orders-{ACCOUNT}",
        "events_role_arn": f"arn:aws-cn:iam::{ACCOUNT}:role/sfnctl-orders-cn-north-1-events",
        "states_role_arn": f"arn:aws-cn:iam::{ACCOUNT}:role/sfnctl-orders-cn-north-1-states",
        "log_group": "/aws/vendedlogs/states/orders",
        "log_group_arn": f"arn:aws-cn:logs:{AT}:log-group:/aws/vendedlogs/states/orders",
        "log_group_console_url": f"{CONSOLE}/cloudwatch/home?region=cn-north-1"
        "#logsV2:log-groups/log-group/$252Faws$252Fvendedlogs$252Fstates$252Forders",
        "queue_arn": f"arn:aws-cn:sqs:{AT}:sfnctl-orders-dlq",
        "queue_url": f"https://sqs.cn-north-1.amazonaws.com.cn/{ACCOUNT}/sfnctl-orders-dlq",
        "queue_console_url": f"{CONSOLE}/sqs/v3/home?region=cn-north-1#/queues/https%3A%2F%2F"
        f"sqs.cn-north-1.amazonaws.com.cn%2F{ACCOUNT}%2Fsfnctl-orders-dlq",
        "state_machine_arn": f"arn:aws-cn:states:{AT}:stateMachine:orders",
        "alias_arn": f"arn:aws-cn:states:{AT}:stateMachine:orders:live",
        "state_machine_console_url": f"{CONSOLE}/states/home?region=cn-north-1"
        f"#/statemachines/view/arn:aws-cn:states:{AT}:stateMachine:orders",
        "trail_arn": f"arn:aws-cn:cloudtrail:{AT}:trail/audit",
        "rule_arn": f"arn:aws-cn:events:{AT}:rule/sfnctl-orders-cloudtrail",
        "rule_console_url": f"{CONSOLE}/events/home?region=cn-north-1"
        "#/eventbus/default/rules/sfnctl-orders-cloudtrail",
    }
    assert list_outputs(nodes, (), aws) == {}
