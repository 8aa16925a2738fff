"""CloudWatch alarm: notifies a topic of failures, throttling or dead letters."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from sfn_s3_cli.aws.errors import call_or_none, message_of
from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources import topic
from sfn_s3_cli.resources.base import Removal, Resource, StillUsed
from sfn_s3_cli.resources.kind import no_notes
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.words import ESSENCE, HIDDEN, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_cloudwatch.type_defs import MetricAlarmTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.reasons import Reason

notes = no_notes

EXISTS: tuple[str, ...] = ()
"""PutMetricAlarm of an alarm that exists changes it."""
MISSING = ("ResourceNotFound", "ResourceNotFoundException")

_COMPOSITE = ReasonType(
    "ALARM_COMPOSITE", "is a composite alarm, which cannot watch a metric", "delete or rename it"
)
_NOT_SEARCHED = ReasonType(
    "LEFT_ALARMS_NOT_SEARCHED",
    "Not checked: whether CloudWatch has alarms that an earlier config of this pipeline asked for"
    " ({errors}).",
    describes_state=True,
    collects="errors",
)
_IN_COMPOSITES = ReasonType("ALARM_IN_COMPOSITES", "it is part of composite alarms: {names}")
_IN_A_COMPOSITE = "composite alarm(s) depending on it"

_ACTIONS = {
    "ALARM": "AlarmActions",
    "OK": "OKActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}
"""What is notified when an alarm changes into each state."""


@dataclass(frozen=True, kw_only=True)
class Alarm(Resource):
    kind: ClassVar[str] = "alarm"
    is_secondary: ClassVar[bool] = True
    arn: str = field(metadata=HIDDEN)
    description: str
    namespace: str = field(metadata=HIDDEN)
    metric_name: str = field(metadata=HIDDEN)
    dimensions: dict[str, str] = field(metadata=HIDDEN)
    statistic: str = field(metadata=HIDDEN)
    period: int = field(metadata=HIDDEN)
    evaluation_periods: int = field(metadata=HIDDEN)
    datapoints_to_alarm: int = field(metadata=HIDDEN)
    threshold: float = field(metadata=ESSENCE)
    comparison_operator: str = field(default="GreaterThanOrEqualToThreshold", metadata=HIDDEN)
    treat_missing_data: str = field(default="notBreaching", metadata=HIDDEN)
    """These metrics have no data while nothing happens."""
    actions: dict[str, list[str]]
    """The ARNs of what is notified, by state."""
    actions_enabled: bool = field(default=True, metadata=HIDDEN)
    tags: dict[str, str] = field(metadata=TAGS)

    @property
    def is_configured(self) -> bool:
        """Whether the config asks for alarms, be it for others than this one."""
        return bool(self.actions)

    @property
    def essence(self) -> str:
        length, periods = f"{self.period // 60} min", self.evaluation_periods
        if periods > 1:
            length = f"{self.datapoints_to_alarm} of {periods} periods of {length}"
        return f"{self.metric_name} >= {self.threshold} in {length}"

    @property
    def prefix(self) -> str:
        """What the names of all alarms of the pipeline begin with."""
        return self.name.partition("/")[0] + "/"


def observe(reads: Reads, desired: Alarm, *, wanted: bool) -> Observation[Alarm]:
    """A command does without CloudWatch if the config has no alarms: they could only be left."""
    if desired.is_configured:
        return _observe(reads, desired, reads.aws.cloudwatch, wanted=wanted)
    client = reads.aws.cloudwatch_short_timeout
    match ask_optional(lambda: _observe(reads, desired, client, wanted=wanted)):
        case Unanswered(why):
            return Missing((_NOT_SEARCHED(errors=why),))
        case observation:
            return observation


def _observe(
    reads: Reads, desired: Alarm, client: CloudWatchClient, *, wanted: bool
) -> Observation[Alarm]:
    alarms = reads.ask(_describe, client, desired.prefix).result()
    if desired.name in alarms.composites:
        return Refused(_COMPOSITE())
    found = alarms.metric_alarms.get(desired.name)
    list_tags = client.list_tags_for_resource
    all_tags = reads.ask(list_tags, ResourceARN=desired.arn) if found else None
    topics = desired.actions["ALARM"] if wanted else ()
    notes = tuple(each for arn in topics for each in topic.note(reads, arn))
    tagged = call_or_none(all_tags.result, *MISSING) if all_tags else None
    if found is None or tagged is None:  # it may have been deleted meanwhile
        return Missing(notes)
    tags = ownership.from_list(tagged["Tags"])
    return Found(
        _read(found, desired, ownership.select_ours(tags, desired.tags)),
        owner=ownership.read_owner(tags),
        used_by=None if wanted else _find_composites(client, desired.name),
        notes=notes,
    )


class _Described(NamedTuple):
    metric_alarms: dict[str, MetricAlarmTypeDef]
    composites: set[str]


def _describe(client: CloudWatchClient, prefix: str) -> _Described:
    """One call for all alarms of a pipeline."""
    paginate = client.get_paginator("describe_alarms").paginate
    pages = [*paginate(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"])]
    return _Described(
        {each["AlarmName"]: each for page in pages for each in page["MetricAlarms"]},
        {each["AlarmName"] for page in pages for each in page["CompositeAlarms"]},
    )


def _find_composites(client: CloudWatchClient, name: str) -> Reason | None:
    """CloudWatch does not delete an alarm that composite alarms depend on."""
    answer = client.describe_alarms(ParentsOfAlarmName=name)
    parents = tuple(sorted(each["AlarmName"] for each in answer["CompositeAlarms"]))
    return _IN_COMPOSITES(names=parents) if parents else None


def _read(found: MetricAlarmTypeDef, desired: Alarm, tags: dict[str, str]) -> Alarm:
    """An alarm on an expression or a percentile has no metric or statistic of its own."""
    periods, threshold = found.get("EvaluationPeriods", 0), found.get("Threshold", 0.0)
    actions = {state: [*found.get(key, [])] for state, key in _ACTIONS.items()}  # type: ignore[misc]
    return Alarm(
        name=desired.name,
        pipeline=desired.pipeline,
        arn=desired.arn,
        description=found.get("AlarmDescription", ""),
        namespace=found.get("Namespace", ""),
        metric_name=found.get("MetricName", ""),
        dimensions={each["Name"]: each["Value"] for each in found.get("Dimensions", [])},
        statistic=found.get("Statistic", ""),
        period=found.get("Period", 0),
        evaluation_periods=periods,
        datapoints_to_alarm=found.get("DatapointsToAlarm", periods),
        threshold=int(threshold) if threshold.is_integer() else threshold,
        comparison_operator=found.get("ComparisonOperator", ""),
        treat_missing_data=found.get("TreatMissingData", "missing"),
        actions={state: given for state, given in actions.items() if given},
        actions_enabled=found.get("ActionsEnabled", True),
        tags=tags,
    )


def create(aws: Aws, desired: Alarm) -> None:
    _put(aws, desired)


def update(aws: Aws, observed: Found[Alarm], desired: Alarm) -> None:
    before, arn = observed.resource, desired.arn
    if replace(before, tags={}) != replace(desired, tags={}):
        _put(aws, desired)
    ownership.retag(
        before.tags,
        desired.tags,
        tag=lambda tags: aws.cloudwatch.tag_resource(ResourceARN=arn, Tags=ownership.to_list(tags)),
        untag=lambda keys: aws.cloudwatch.untag_resource(ResourceARN=arn, TagKeys=keys),
    )


def _put(aws: Aws, desired: Alarm) -> None:
    """PutMetricAlarm clears whatever is left out, so it always gets everything.

    It takes the tags only if it creates the alarm, as when somebody has just deleted it.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    actions: Any = {_ACTIONS[state]: given for state, given in desired.actions.items()}
    dimensions = desired.dimensions.items()
    aws.cloudwatch.put_metric_alarm(
        AlarmName=desired.name,
        AlarmDescription=desired.description,
        Namespace=desired.namespace,
        MetricName=desired.metric_name,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions],
        Statistic=desired.statistic,  # type: ignore[arg-type]
        Period=desired.period,
        EvaluationPeriods=desired.evaluation_periods,
        DatapointsToAlarm=desired.datapoints_to_alarm,
        Threshold=desired.threshold,
        ComparisonOperator=desired.comparison_operator,  # type: ignore[arg-type]
        TreatMissingData=desired.treat_missing_data,
        ActionsEnabled=desired.actions_enabled,
        Tags=ownership.to_list(desired.tags),
        **actions,
    )


def delete(aws: Aws, observed: Found[Alarm], removal: Removal) -> None:  # noqa: ARG001
    name = observed.resource.name
    try:
        call_or_none(lambda: aws.cloudwatch.delete_alarms(AlarmNames=[name]), *MISSING)
    except Exception as error:
        is_part = _IN_A_COMPOSITE in message_of(error)
        if is_part and (composites := _find_composites(aws.cloudwatch, name)):
            raise StillUsed(composites) from error
        raise


def permissions(desired: Alarm, place: Place) -> Iterator[Permission]:
    """The slash in the prefix keeps others' alarms out: no pipeline has one in its name."""
    alarm = Scope("Alarm", (f"{arns.alarm(place, desired.prefix)}*",))
    topics = (*desired.actions.get("ALARM", ()),)
    make = "cloudwatch:PutMetricAlarm cloudwatch:TagResource cloudwatch:UntagResource"
    yield Permission(Verb.READ, EVERYTHING, "cloudwatch:DescribeAlarms")
    yield Permission(Verb.READ, alarm, "cloudwatch:ListTagsForResource")
    if topics:
        yield Permission(Verb.READ_WANTED, Scope("Topic", topics), "sns:GetTopicAttributes")
    yield Permission(Verb.MAKE, alarm, make)
    yield Permission(Verb.REMOVE, alarm, "cloudwatch:DeleteAlarms")
