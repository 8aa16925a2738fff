"""The alarms of a pipeline: what they watch, and what they notify."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.config import alarms as config
from sfn_s3_cli.iam import arns
from sfn_s3_cli.resources.alarm import Alarm

if TYPE_CHECKING:
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.iam.names import Names


class _Metric(NamedTuple):
    namespace: str
    name: str
    description: str
    statistic: str = "Sum"
    treat_missing_data: str = "notBreaching"
    """Most metrics have no data while nothing happens."""


_STATES, _EVENTS, _SQS = "AWS/States", "AWS/Events", "AWS/SQS"
_METRICS = {
    "executions_failed": _Metric(_STATES, "ExecutionsFailed", "Executions of {name} failed."),
    "executions_timed_out": _Metric(
        _STATES, "ExecutionsTimedOut", "Executions of {name} timed out."
    ),
    "execution_throttled": _Metric(
        _STATES, "ExecutionThrottled", "State transitions of {name} were throttled."
    ),
    "failed_invocations": _Metric(
        _EVENTS,
        "FailedInvocations",
        "Events of {name} started no execution: EventBridge gave up on them.",
    ),
    "dead_letters": _Metric(
        _SQS,
        "ApproximateNumberOfMessagesVisible",
        "The dead-letter queue {name} holds events that started no execution.",
        statistic="Maximum",
        treat_missing_data="ignore",
    ),
}
"""By the key of their threshold in the config. The alarm on the queue keeps its state when SQS
sends no depth, as for a queue without activity for six hours.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/MonitorSQSwithCloudWatch.html
"""


@dataclass(frozen=True)
class Alarms:
    """Makes the alarms of a pipeline, also those that its config does not ask for."""

    pipeline: Pipeline
    names: Names
    tags: dict[str, str]

    def make(self, watched: str, via: str = "") -> Alarm:
        """The alarm on one of the metrics; on those of a rule, with its via."""
        metric = _METRICS[watched]
        settings = self.pipeline.alarms or config.Alarms.model_construct(topic="")
        name = self.names.alarm("-".join(filter(None, (watched.replace("_", "-"), via))))
        source, dimensions = self._find_source(metric.namespace, via)
        return Alarm(
            name=name,
            pipeline=self.names.pipeline,
            arn=arns.alarm(self.names.place, name),
            description=metric.description.format(name=source),
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dimensions,
            statistic=metric.statistic,
            period=settings.period,
            evaluation_periods=settings.evaluation_periods,
            datapoints_to_alarm=settings.datapoints,
            threshold=getattr(settings.thresholds, watched),
            treat_missing_data=metric.treat_missing_data,
            actions={"ALARM": [settings.topic]} if self.pipeline.alarms else {},
            tags=self.tags,
        )

    def _find_source(self, namespace: str, via: str) -> tuple[str, dict[str, str]]:
        """What sends the metrics: its name, and the dimensions that select it.

        Those of a state machine include all executions, whichever version or alias they started
        with; those of the default event bus have no other dimension.
        https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
        """
        names = self.names
        match namespace:
            case "AWS/States":
                return names.state_machine, {"StateMachineArn": names.state_machine_arn}
            case "AWS/Events":
                return names.rule(via), {"RuleName": names.rule(via)}
        return names.queue, {"QueueName": names.queue}
