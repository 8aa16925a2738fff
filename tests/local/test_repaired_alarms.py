from __future__ import annotations

import json
from typing import Any

from local.local_account import Account

METRIC: Any = {
    "Namespace": "AWS/States",
    "MetricName": "ExecutionsFailed",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}


def test_an_alarm_names_the_composites_it_is_part_of(account: Account) -> None:
    cloudwatch = account.client("cloudwatch")
    for name in ("child", "alone"):
        cloudwatch.put_metric_alarm(AlarmName=name, **METRIC)
    cloudwatch.put_composite_alarm(AlarmName="parent", AlarmRule="ALARM(child)")
    cloudwatch.put_composite_alarm(AlarmName="unrelated", AlarmRule="TRUE")
    parents = {}
    for name in ("child", "alone"):
        answer = cloudwatch.describe_alarms(ParentsOfAlarmName=name)
        parents[name] = [each["AlarmName"] for each in answer["CompositeAlarms"]]
        assert answer["MetricAlarms"] == []
    assert parents == {"child": ["parent"], "alone": []}
    both = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    found = [
        [each["AlarmName"] for each in both[key]] for key in ("MetricAlarms", "CompositeAlarms")
    ]
    assert json.dumps(found) == '[["alone", "child"], ["parent", "unrelated"]]'
