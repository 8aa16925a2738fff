"""The schema of `alarms`: who is notified of failures, and at which values."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from sfn_s3_cli.config import values
from sfn_s3_cli.config.values import value_error
from sfn_s3_cli.counts import Count

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


class Thresholds(BaseModel):
    """The value at which an alarm goes off: the sum of a period, or the depth of the queue."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    executions_failed: values.Threshold = Field(
        default=1,
        description="Executions that failed.",
    )
    executions_timed_out: values.Threshold = Field(
        default=1,
        description="Executions that timed out.",
    )
    execution_throttled: values.Threshold = Field(
        default=1,
        description="State transitions that Step Functions throttled; not for EXPRESS, which has no"
        " limit on them.",
    )
    failed_invocations: values.Threshold = Field(
        default=1,
        description="Events that EventBridge gave up on, so that they started no execution.",
    )
    dead_letters: values.Threshold = Field(
        default=1,
        description="Messages that are visible in the dead-letter queue; not with"
        " `dead_letter_queue: false`.",
    )


class Alarms(BaseModel):
    """CloudWatch alarms on failures, throttling and dead letters."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    topic: values.TopicArn = Field(
        description="The ARN of the SNS topic that is notified; a standard topic in the pipeline's"
        " region.",
    )
    period: values.Period = Field(
        default=300,
        description="The period in which CloudWatch counts: 1m, 5m, 1h.",
    )
    evaluation_periods: values.PeriodCount = Field(
        default=1,
        description="How many of the latest periods are compared with the threshold.",
    )
    datapoints_to_alarm: values.PeriodCount | None = Field(
        default=None,
        description="In how many of these the threshold must be reached; by default in all.",
    )
    thresholds: Thresholds = Field(
        default=Thresholds(),
        description="The value at which each alarm goes off.",
    )

    @field_validator("evaluation_periods")
    @classmethod
    def _check_length(cls, count: int, info: ValidationInfo) -> int:
        """CloudWatch looks back a day, or a week if the period is an hour or more.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        """
        period = info.data.get("period", _MINUTE)
        days = 1 if period < _HOUR else 7
        if period * count > days * _DAY:
            raise value_error(
                f"{count} periods of {period} seconds are more than {Count(days):day}, the"
                " limit of CloudWatch",
                "use fewer periods, or a shorter period",
            )
        return count

    @field_validator("datapoints_to_alarm")
    @classmethod
    def _check_datapoints(cls, count: int | None, info: ValidationInfo) -> int | None:
        periods = info.data.get("evaluation_periods", count)
        if count and periods and count > periods:
            raise value_error(
                f"`datapoints_to_alarm` is {count}, but `evaluation_periods` is {periods}",
                "raise evaluation_periods, or lower datapoints_to_alarm",
            )
        return count

    @property
    def datapoints(self) -> int:
        return self.datapoints_to_alarm or self.evaluation_periods
