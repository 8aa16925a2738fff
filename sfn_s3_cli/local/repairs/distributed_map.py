"""Step Functions: what a Distributed Map reads, gives to its children, and writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import entries, jsonata, workflow_roles

_NUMBERS = ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage")
_BATCH_LIMITS = ("MaxItemsPerBatch", "MaxInputBytesPerBatch")
_OWN = {"ItemReader", "Items", "ItemsPath", "ItemSelector", "Parameters", "ItemBatcher"}
_AFTER = {"Assign", "ResultSelector", "ResultPath", "OutputPath"}
_MOST_BYTES = 256 * 1024
"""Of the input of an execution."""


def install() -> None:
    """Evaluates JSONata, makes batches and writes results (Guide, "Using Map state in Distributed
    mode")."""
    STATES.repair("_run_distributed_map", run)
    STATES.repair("_resolve_params_obj", fill_selection)


def run(
    original: Callable[..., Any],
    state: Request,
    value: Any,
    effective: Any,
    processor: Request,
    execution: Request,
    context: Request,
) -> Any:
    """Gives the emulator the items that it would not read, and makes the output of its results."""
    evaluator = _Evaluator(state, value, effective, context)
    items = evaluator.list_items()
    selection = _Selection(evaluator)
    if "ItemBatcher" in state:
        items = [*_make_batches(selection, items, evaluator.read_batcher())]
    kept = {key: each for key, each in state.items() if key not in _OWN | _AFTER}
    simple = {
        **kept,
        **evaluator.list_limits(state, _NUMBERS),
        "ItemsPath": "$",
        "ItemSelector": selection,
    }
    bare = {**context, "variables": {}}  # the children cannot read those of the workflow
    try:
        results, following = original(simple, value, items, processor, execution, bare)
    except STATES["_ExecutionError"]:
        _close(state, evaluator, selection, execution)
        raise
    written = _close(state, evaluator, selection, execution)
    return evaluator.finish(results if written is None else written), following


class _Evaluator:
    """Evaluates the fields of the Map in its query language."""

    def __init__(self, state: Request, value: Any, effective: Any, context: Request) -> None:
        self._state, self._value, self._effective = state, value, effective
        self.context = context
        self.is_jsonata = jsonata.is_jsonata(state, context)
        self.selector = state.get("ItemSelector", state.get("Parameters"))

    def evaluate(self, template: Any, context: Any = None) -> Any:
        context = context or self.context
        if self.is_jsonata:
            return STATES["_apply_jsonata_template"](template, self._value, context)
        return STATES["_resolve_params_obj"](template, self._effective, context)

    def list_items(self) -> list[Any]:
        """The items, of a reader, an expression or a path."""
        if "ItemReader" in self._state:
            reader = self._state["ItemReader"]
            if self.is_jsonata:
                reader = self.evaluate(reader)
            items = STATES["_read_map_items"](reader, self._effective, self.context)
        elif self.is_jsonata and "Items" in self._state:
            items = STATES["_jsonata_state_field"](
                self._state, "Items", "array", self._value, self.context
            )
        else:
            path = self._state.get("ItemsPath", "$")
            items = STATES["_resolve_path_or_ctx"](path, self._effective, self.context)
        return items if isinstance(items, list) else [items]

    def list_limits(self, fields: JsonObject, names: Iterable[str]) -> JsonObject:
        """The numbers of a mapping, also those that are expressions or paths."""
        found: JsonObject = {}
        for name in names:
            if name in fields:
                found[name] = self.evaluate({name: fields[name]})[name]
            elif path := fields.get(f"{name}Path"):
                found[name] = STATES["_resolve_path_or_ctx"](path, self._effective, self.context)
        return found

    def read_batcher(self) -> JsonObject:
        batcher = self._state["ItemBatcher"]
        shared = {"BatchInput": batcher["BatchInput"]} if "BatchInput" in batcher else {}
        return {**self.evaluate(shared), **self.list_limits(batcher, _BATCH_LIMITS)}

    def finish(self, results: Any) -> Any:
        """The output of the state."""
        if self.is_jsonata:
            return jsonata.finish(self._state, self._value, self.context, results)
        result = STATES["_apply_result_selector"](self._state, results)
        path = self._state.get("ResultPath", "$")
        output = STATES["_apply_result_path_raw"](path, self._value, result)
        return STATES["_apply_output_path"](self._state, output, self.context)


class _Selection(dict[str, Any]):
    """Stands for an ItemSelector: makes the input of a child from an item or a batch."""

    def __init__(self, evaluator: _Evaluator) -> None:
        super().__init__(selects=True)  # an empty one would be left out
        self._evaluator = evaluator
        self.batch: JsonObject | None = None

    def select(self, index: int, item: Any) -> Any:
        if self._evaluator.selector is None:
            return item
        around = {
            **self._evaluator.context,
            "Map": {"Item": entries.describe_item(index, item)},
        }
        return self._evaluator.evaluate(self._evaluator.selector, around)

    def make_input(self, context: Request) -> Any:
        """The input of the child whose item the context has."""
        item = context["Map"]["Item"]
        if self.batch is not None:
            return {**self.batch, "Items": item["Value"]}
        return self.select(item["Index"], item["Value"])


def fill_selection(
    original: Callable[..., Any], template: Any, data: Any, context: Any = None
) -> Any:
    """Makes the input of a child; other templates are filled as usual."""
    if isinstance(template, _Selection):
        return template.make_input(context)
    return original(template, data, context)


def _make_batches(
    selection: _Selection, items: list[Any], batcher: JsonObject
) -> Iterator[list[Any]]:
    """The selected items in groups that respect both limits (Guide, "ItemBatcher")."""
    selection.batch = {"BatchInput": batcher["BatchInput"]} if "BatchInput" in batcher else {}
    most = int(batcher.get("MaxItemsPerBatch") or 0)
    largest = int(batcher.get("MaxInputBytesPerBatch") or _MOST_BYTES)
    batch: list[Any] = []
    for index, item in enumerate(items):
        selected = selection.select(index, item)
        size = len(json.dumps({**selection.batch, "Items": [*batch, selected]}).encode())
        if batch and (size > largest or (most and len(batch) >= most)):
            yield batch
            batch = []
        batch.append(selected)
    if batch:
        yield batch


def _close(
    state: Request, evaluator: _Evaluator, selection: _Selection, execution: Request
) -> JsonObject | None:
    """Writes the results, also of a Map Run that failed; returns where."""
    if selection.batch is not None:
        _count_items(execution)
    return _write_results(state, evaluator, execution)


def _count_items(execution: Request) -> None:
    """Counts the items in the batches: the emulator takes a batch for one item."""
    arn: str = execution["mapRuns"][-1]
    counts = dict.fromkeys(("total", "succeeded", "failed"), 0)
    for child in _list_children(arn):
        length = len(json.loads(child["input"])["Items"])
        counts["total"] += length
        counts[child["status"].lower()] += length
    STATES["_map_runs"][arn]["itemCounts"].update(counts)


def _list_children(arn: str) -> list[Request]:
    return [each for each in STATES["_executions"].values() if each.get("mapRunArn") == arn]


def _write_results(state: Request, evaluator: _Evaluator, execution: Request) -> JsonObject | None:
    """Writes a manifest, and the children that succeeded and failed; returns where (Guide,
    "ResultWriter")."""
    writer = evaluator.evaluate(state.get("ResultWriter") or {})
    target = writer.get("Parameters") or writer.get("Arguments")
    if not target:
        return None
    arn: str = execution["mapRuns"][-1]
    folder = "/".join(filter(None, (target.get("Prefix", "").rstrip("/"), arn.rpartition(":")[2])))
    files: dict[str, list[JsonObject]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
    children = _list_children(arn)
    for status in ("FAILED", "SUCCEEDED"):
        found = [_describe(each) for each in children if each["status"] == status]
        if found:
            text = json.dumps(found)
            key = f"{folder}/{status}_0.json"
            _put(target["Bucket"], key, text)
            files[status].append({"Key": key, "Size": len(text)})
    manifest = {"DestinationBucket": target["Bucket"], "MapRunArn": arn, "ResultFiles": files}
    key = f"{folder}/manifest.json"
    _put(target["Bucket"], key, json.dumps(manifest))
    return {"MapRunArn": arn, "ResultWriterDetails": {"Bucket": target["Bucket"], "Key": key}}


def _put(bucket: str, key: str, text: str) -> None:
    parameters = {"Bucket": bucket, "Key": key, "Body": text}
    workflow_roles.check_results(parameters)
    try:
        STATES["_dispatch_aws_sdk_rest_xml"](None, "s3", "putObject", parameters)
    except STATES["_ExecutionError"] as error:
        raise STATES["_ExecutionError"]("States.ResultWriterFailed", error.cause) from None


def _describe(child: Request) -> JsonObject:
    status = child["status"]
    names = {"Cause": "cause", "Error": "error", "Input": "input", "Output": "output"}
    found = {name: child[key] for name, key in names.items() if child.get(key) is not None}
    return {
        "ExecutionArn": child["executionArn"],
        **found,
        "InputDetails": {"Included": True},
        "Name": child["name"],
        **({"OutputDetails": {"Included": True}} if "Output" in found else {}),
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE" if status == "SUCCEEDED" else "REDRIVABLE_BY_MAP_RUN",
        "StartDate": child["startDate"],
        "StateMachineArn": child["stateMachineArn"],
        "Status": status,
        "StopDate": child["stopDate"],
    }
