"""CloudWatch: which composite alarms depend on an alarm."""

from __future__ import annotations

from typing import Any

from sfn_s3_cli.local.internals import CLOUDWATCH, Action, Answer, Request


def install() -> None:
    """Makes DescribeAlarms know the parents of an alarm."""
    CLOUDWATCH.repair("_describe_alarms", describe)


def describe(original: Action, params: Request, decoded: Request, *form: Any) -> Answer:
    """With ParentsOfAlarmName, AWS returns the names and ARNs of composite alarms, nothing else.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    """
    child = (decoded or {}).get("ParentsOfAlarmName")
    if not child:
        return original(params, decoded, *form)
    names = [
        name
        for name, alarm in CLOUDWATCH["_composite_alarms"].items()
        if child in CLOUDWATCH["_composite_children"](alarm)
    ]
    asked = {"AlarmNames": names, "AlarmTypes": ["CompositeAlarm"]}
    return original(params, asked if names else {**asked, "AlarmNames": [child]}, *form)
