"""The alarms of a pipeline: what they watch, and what they notify."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sfn_s3_cli.config import alarms as config
from sfn_s3_cli.iam import arns
from sfn_s3_cli.resources.alarm import Alarm

if TYPE_CHECKING:
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.iam.names import Names


@dataclass(frozen=True)
class Alarms:
    """Makes the alarms of a pipeline, also those that its config does not ask for."""

    pipeline: Pipeline
    names: Names
    tags: dict[str, str]

    def executions_failed(self) -> Alarm:
        text = f"Executions of {self.names.state_machine} failed."
        return self._executions(
            "executions-failed", "ExecutionsFailed", text, self._limits.executions_failed
        )

    def executions_timed_out(self) -> Alarm:
        text = f"Executions of {self.names.state_machine} timed out."
        limit = self._limits.executions_timed_out
        return self._executions("executions-timed-out", "ExecutionsTimedOut", text, limit)

    def execution_throttled(self) -> Alarm:
        text = f"State transitions of {self.names.state_machine} were throttled."
        limit = self._limits.execution_throttled
        return self._executions("execution-throttled", "ExecutionThrottled", text, limit)

    def failed_invocations(self, via: str) -> Alarm:
        """The metrics of the default event bus have no other dimension.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
        """
        rule = self.names.rule(via)
        return self._alarm(
            f"failed-invocations-{via}",
            ("AWS/Events", "FailedInvocations", "Sum"),
            {"RuleName": rule},
            f"Events of {rule} started no execution: EventBridge gave up on them.",
            self._limits.failed_invocations,
        )

    def dead_letters(self) -> Alarm:
        """Keeps its state when SQS sends no depth, as for a queue without activity for six hours.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/MonitorSQSwithCloudWatch.html
        """
        alarm = self._alarm(
            "dead-letters",
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum"),
            {"QueueName": self.names.queue},
            f"The dead-letter queue {self.names.queue} holds events that started no execution.",
            self._limits.dead_letters,
        )
        return replace(alarm, treat_missing_data="ignore")

    def _executions(self, watched: str, metric: str, text: str, limit: int) -> Alarm:
        """All executions of the state machine, whichever version or alias they started with.

        https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
        """
        dimensions = {"StateMachineArn": self.names.state_machine_arn}
        return self._alarm(watched, ("AWS/States", metric, "Sum"), dimensions, text, limit)

    def _alarm(
        self,
        watched: str,
        metric: tuple[str, str, str],
        dimensions: dict[str, str],
        description: str,
        threshold: int,
    ) -> Alarm:
        name, settings = self.names.alarm(watched), self._settings
        namespace, metric_name, statistic = metric
        return Alarm(
            name=name,
            pipeline=self.names.pipeline,
            arn=arns.alarm(self.names.place, name),
            description=description,
            namespace=namespace,
            metric_name=metric_name,
            dimensions=dimensions,
            statistic=statistic,
            period=settings.period,
            evaluation_periods=settings.evaluation_periods,
            datapoints_to_alarm=settings.datapoints,
            threshold=threshold,
            actions={"ALARM": [settings.topic]} if self.pipeline.alarms else {},
            tags=self.tags,
        )

    @property
    def _settings(self) -> config.Alarms:
        return self.pipeline.alarms or config.Alarms.model_construct(topic="")

    @property
    def _limits(self) -> config.Thresholds:
        return self._settings.thresholds
