"""docs/adding-a-kind.md, played: its module, its line and its node are all that a kind needs."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pipelines import deploy, machine, plan_for, tear_down, wiring_for

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.reconcile import desired
from sfn_s3_cli.reconcile.command_policy import make_policy
from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.reconcile.status import describe_resources
from sfn_s3_cli.resources.kinds import KINDS
from sfn_s3_cli.views import plan as plan_view

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-kind.md"
MODULE, LINE, NODE = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.fixture
def metric_filter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of the page, with its line in KINDS."""
    file = tmp_path / "metric_filter.py"
    file.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("metric_filter", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "metric_filter", module)
    spec.loader.exec_module(module)
    for name, kind in eval(f"{{{LINE}}}", {"metric_filter": module}).items():
        monkeypatch.setitem(KINDS, name, kind)
    return module


def wire(aws: Aws, metric_filter: ModuleType, level: str = "error") -> tuple[Node, ...]:
    """A pipeline's wiring with the node of the page."""
    nodes = wiring_for(aws, state_machine=machine(logging={"level": level}))
    names = Names("orders", aws.place)
    (log_group,) = [node for node in nodes if node.resource.kind == "log_group"]
    known: dict[str, Any] = {
        **vars(desired),
        "MetricFilter": metric_filter.MetricFilter,
        "names": names,
        "pipeline": type("pipeline", (), {"name": "orders"}),
        "log_group": log_group,
        "settings": type("settings", (), {"logging": type("logging", (), {"level": level})}),
    }
    exec(f"if True:\n{NODE}", known)
    return (*nodes, known["errors"])


def find_change(plan: Any) -> Any:
    (change,) = [each for each in plan.changes if each.address.kind == "metric_filter"]
    return change


@pytest.mark.usefixtures("bucket")
def test_new_kind_is_created_changed_and_removed(aws: Aws, metric_filter: ModuleType) -> None:
    nodes = wire(aws, metric_filter)
    assert find_change(deploy(aws, nodes)).action.value == "+"
    assert not plan_for(aws, nodes).pending
    group = find_change(plan_for(aws, nodes)).desired.log_group
    metric: Any = {"metricName": "x", "metricNamespace": "x", "metricValue": "1"}
    aws.logs.put_metric_filter(
        logGroupName=group,
        filterName="sfnctl-orders-errors",
        filterPattern="theirs",
        metricTransformations=[metric],
    )
    drifted = plan_for(aws, nodes)
    assert [str(each.address) for each in describe_resources(drifted) if each.fields] == [
        "metric_filter sfnctl-orders-errors"
    ]
    assert '      ~ pattern: "theirs" -> ' in "\n".join(
        line.text for line in plan_view.lines(drifted)
    )
    deploy(aws, nodes)
    assert find_change(deploy(aws, wire(aws, metric_filter, "off"))).action.value == "-"
    tear_down(aws, nodes)
    assert not plan_for(aws, desired.unwant(nodes)).pending


def test_new_kind_has_its_permissions(aws: Aws, metric_filter: ModuleType) -> None:
    nodes, names = wire(aws, metric_filter), Names("orders", aws.place)
    for command, action in (("plan", "Describe"), ("deploy", "Put"), ("teardown", "Delete")):
        policy = make_policy(command, nodes, names)
        (group,) = [each for each in policy["Statement"] if each["Sid"] == "LogGroup"]
        assert f"logs:{action}MetricFilter{'s' * (action == 'Describe')}" in group["Action"]
