"""The picture of a pipeline, from its config alone: how an upload becomes an execution."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.duration import format_duration
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.graph.machine import make_graph
from sfn_s3_cli.graph.model import Edge, Graph, Look, Node, Shape
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.config.schema import Pipeline, Retry, Trigger
    from sfn_s3_cli.json_types import JsonMapping

_NOWHERE = Place("", "", "")
"""No name in the picture depends on the account or the region."""


def make_chain(pipeline: Pipeline, definition: JsonMapping | None = None) -> Graph:
    """The pipeline; with a definition, the state machine contains its states."""
    inside = make_graph(definition) if definition is not None else Graph((), ())
    nodes = (*_list_way(pipeline), _draw_machine(pipeline, inside), *_list_outcomes(pipeline))
    return Graph(nodes, (*_list_edges(pipeline), *inside.edges))


def _list_way(pipeline: Pipeline) -> Iterator[Node]:
    """From the bucket to the rule."""
    trigger = pipeline.trigger
    source, *about = SOURCES[trigger.via].describe_way(trigger.trail)
    rule = Names(pipeline.name, _NOWHERE).rule(trigger.via)
    state = () if trigger.enabled else ("DISABLED",)
    yield Node("bucket", f"s3://{pipeline.bucket.name}", ("S3 bucket",), Shape.STORE)
    yield Node("source", source, tuple(about))
    yield Node("rule", rule, ("EventBridge rule", *state, *_describe_filter(trigger)))


def _describe_filter(trigger: Trigger) -> Iterator[str]:
    """Which events the rule takes, in words."""
    yield f"objects {' or '.join(trigger.events)}"
    for words, texts in (("begins with", trigger.prefix), ("ends with", trigger.suffix)):
        if texts:
            yield f"key {words} {' or '.join(texts)}"
    if trigger.min_size:
        yield f"from {Count(trigger.min_size):byte}"


def _draw_machine(pipeline: Pipeline, inside: Graph) -> Node:
    kind = f"{pipeline.state_machine.aws_type} state machine"
    return Node("machine", pipeline.name, (kind,), look=Look.MACHINE, inside=inside.nodes)


def _list_outcomes(pipeline: Pipeline) -> Iterator[Node]:
    """What keeps events, logs and alarms."""
    names, logging = Names(pipeline.name, _NOWHERE), pipeline.state_machine.logging
    if pipeline.trigger.dead_letter_queue:
        yield Node("queue", names.queue, ("SQS dead-letter queue",), Shape.STORE)
    if logging.level != "off":
        about = ("CloudWatch log group", f"level {logging.level}, {logging.retention_days} days")
        yield Node("logs", names.log_group, about, Shape.STORE)
    if pipeline.alarms:
        topic = pipeline.alarms.topic.rpartition(":")[2]
        yield Node("topic", topic, ("SNS topic of the alarms",), Shape.STORE)


def _list_edges(pipeline: Pipeline) -> Iterator[Edge]:
    trigger = pipeline.trigger
    yield Edge("bucket", "source")
    yield Edge("source", "rule")
    yield Edge("rule", "machine", (f"starts an execution, input: {trigger.input}",))
    if trigger.dead_letter_queue:
        text = f"events that could not start it ({_describe_retries(trigger.retry)})"
        yield Edge("rule", "queue", (text,), is_dashed=True)
    if pipeline.state_machine.logging.level != "off":
        yield Edge("machine", "logs", ("logs",))
    if pipeline.alarms:
        yield Edge("machine", "topic", ("alarms",))


def _describe_retries(retry: Retry) -> str:
    """When EventBridge gives an event up: after so many retries, or so much time.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
    """
    if not retry.attempts:
        return "no retries"
    retries = "retry" if retry.attempts == 1 else "retries"
    age = format_duration(timedelta(seconds=retry.max_age))
    return f"after {retry.attempts} {retries} or {age}"
