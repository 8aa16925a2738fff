"""`sfnctl graph`: the pipeline, its state machine and an execution, in each format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from commands.test_show import FAILS, WAITS, Pipeline, mask
from pipelines import machine, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.graph.machine import draw_machine, make_graph
from sfn_s3_cli.graph.svg import draw_svg

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
ROUTED: dict[str, Any] = {
    "StartAt": "Is it big?",
    "States": {
        "Is it big?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.object.size", "NumericGreaterThan": 9, "Next": "Copy"}],
            "Default": "Done",
        },
        "Copy": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:copyObject",
            "Parameters": {"Bucket": "b", "Key": "k", "CopySource": "b/c"},
            "Retry": [{"ErrorEquals": ["S3.SlowDownException", "States.Timeout"]}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
            "Next": "Done",
        },
        "Failed": {"Type": "Fail", "Error": "Copy.Failed"},
        "Done": {"Type": "Succeed"},
    },
}


@pytest.fixture
def drawn(sfnctl: Sfnctl) -> Sfnctl:
    """A folder with a config and a definition, and no cloud."""
    write(sfnctl, ROUTED)
    return sfnctl


def write(sfnctl: Sfnctl, definition: Any, **changes: Any) -> None:
    trigger = {"via": "s3", "prefix": "incoming/", "suffix": [".json", ".csv"], "min_size": 1}
    settings = machine(validation="warn", role={"arn": f"arn:aws:iam::{ACCOUNT}:role/mine"})
    config = {"trigger": trigger, "state_machine": settings, **changes}
    sfnctl.write("sfnctl.yaml", pipeline_config(ACCOUNT, **config))
    sfnctl.write("workflow.asl.json", json.dumps(definition))


def test_text_names_each_state_and_where_it_leads(drawn: Sfnctl) -> None:
    assert drawn("graph").out == dedent(f"""\
        s3://orders-{ACCOUNT}       S3 bucket
            -> EventBridge notifications
        EventBridge notifications      switched on in the bucket
            -> sfnctl-orders-s3
        sfnctl-orders-s3               EventBridge rule
            objects created
            key begins with incoming/
            key ends with .json or .csv
            from 1 byte
            starts an execution, input: event -> orders
            events that could not start it (after 185 retries or 1 day) -> sfnctl-orders-dlq
        orders                         STANDARD state machine
        | Start
        |     -> Is it big?
        | Is it big?                   Choice
        |     $.object.size > 9 -> Copy
        |     otherwise -> Done
        | Copy                         s3:copyObject
        |     up to 3 retries: S3.SlowDownException and 1 more
        |     -> Done
        |     on any error -> Failed
        | Done                         Succeed
        | Failed                       Fail: Copy.Failed
            logs -> /aws/vendedlogs/states/orders
        sfnctl-orders-dlq              SQS dead-letter queue
        /aws/vendedlogs/states/orders  CloudWatch log group
            level error, 30 days
    """)


def test_mermaid_of_the_machine_alone(drawn: Sfnctl) -> None:
    text = drawn("graph", "--machine", "--format", "mermaid").out
    assert text == draw_machine(ROUTED) + "\n"
    assert text == dedent("""\
        flowchart TD
          start(["Start"])
          s1{{"Is it big?<br>Choice"}}
          s2["Copy<br>s3:copyObject<br>up to 3 retries:<br>S3.SlowDownException and<br>1 more"]
          s4(["Done<br>Succeed"])
          s3(["Failed<br>Fail: Copy.Failed"])
          start --> s1
          s1 -->|"$.object.size #62; 9"| s2
          s1 -->|"otherwise"| s4
          s2 --> s4
          s2 -.->|"any error"| s3
          linkStyle 4 stroke:#b91c1c
          classDef ends fill:#e5e7eb,stroke:#6b7280,color:#111827
          class start ends
          classDef choice fill:#fef3c7,stroke:#b45309,color:#111827
          class s1 choice
          classDef task fill:#dbeafe,stroke:#2563eb,color:#111827
          class s2 task
          classDef succeed fill:#dcfce7,stroke:#15803d,color:#111827
          class s4 succeed
          classDef fail fill:#fee2e2,stroke:#b91c1c,color:#111827
          class s3 fail
    """)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["CloudTrail trail sfnctl  logs data events of the bucket"]),
        (
            {"trigger": {"trail": "audit", "events": ["created", "deleted"]}},
            ["CloudTrail trail audit", "objects created or deleted"],
        ),
        ({"trigger": {"trail": "none"}}, ["a trail of others logs the events"]),
        ({"trigger": {"enabled": False}}, ["DISABLED"]),
        ({"trigger": {"retry": {"attempts": 0}}}, ["events that could not start it (no retries)"]),
        ({"trigger": {"retry": {"attempts": 1, "max_age": 60}}}, ["(after 1 retry or 1 minute)"]),
        ({"alarms": {"topic": TOPIC}}, ["alarms -> alerts", "SNS topic of the alarms"]),
        ({"state_machine": machine(type="express")}, ["EXPRESS state machine"]),
        ({"trigger": {"input": "object"}}, ["starts an execution, input: object -> orders"]),
    ],
)
def test_the_chain_follows_from_the_config_alone(
    sfnctl: Sfnctl, changes: dict[str, Any], expected: list[str]
) -> None:
    sfnctl.write("sfnctl.yaml", pipeline_config(ACCOUNT, **changes))
    text = re.sub("  +", "  ", sfnctl("graph", "--pipeline").out)
    assert [each for each in expected if each not in text] == []


def test_what_the_config_leaves_out_is_not_drawn(sfnctl: Sfnctl) -> None:
    settings = machine(logging={"level": "off"})
    trigger = {"dead_letter_queue": False}
    config = pipeline_config(ACCOUNT, trigger=trigger, state_machine=settings)
    sfnctl.write("sfnctl.yaml", config)
    text = sfnctl("graph", "--pipeline").out
    assert not re.search("dead|-dlq|log group|alarm", text)


def test_rules_and_errors_of_one_arrow_are_numbered(sfnctl: Sfnctl) -> None:
    rules = [{"Variable": "$.a", "IsPresent": True, "Next": "B"} for _ in range(2)]
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::s3:getObject",
        "Retry": [{"ErrorEquals": ["X"], "MaxAttempts": each} for each in (0, 1, 6)],
        "Catch": [{"ErrorEquals": [each], "Next": "C"} for each in ("X", "Y")],
        "End": True,
    }
    states = {
        "A": {"Type": "Choice", "Choices": rules, "Default": "B"},
        "B": task,
        "C": {"Type": "Fail"},
    }
    write(sfnctl, {"StartAt": "A", "States": states})
    text = sfnctl("graph", "--machine").out
    assert text.count("    $.a is present -> B\n") == 2
    assert "    otherwise -> B\n" in text
    assert "    on X -> C\n    on Y -> C\n" in text
    assert "    no retry: X\n    up to 1 retry: X\n    up to 6 retries: X\n" in text
    drawn = sfnctl("graph", "--machine", "--format", "mermaid").out
    assert '|"1#46; $.a is present<br>2#46; $.a is present<br>3#46; otherwise"|' in drawn
    assert '|"1#46; X<br>2#46; Y"|' in drawn


def test_json_has_nodes_edges_and_mermaid(drawn: Sfnctl) -> None:
    found = drawn("graph", "--machine", "--output", "json").document
    assert (found["v"], found["type"], found["title"]) == (1, "graph", "orders")
    assert found["nodes"][1] == {
        "id": "s1",
        "title": "Is it big?",
        "text": ["Choice"],
        "path": ["States", "Is it big?"],
    }
    assert found["edges"][-1] == {
        "source": "s2",
        "target": "s3",
        "text": ["any error"],
        "after_error": True,
    }
    assert found["mermaid"] == draw_machine(ROUTED)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--last", "--execution", "a"), "two executions are named"),
        (("--last", "--pipeline"), "an execution is drawn on its state machine"),
        (("--open", "--format", "text"), "--open cannot show text"),
        (("--format", "svg", "-o", "json"), "JSON output has the nodes"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    drawn: Sfnctl, arguments: tuple[str, ...], message: str
) -> None:
    assert message in drawn("graph", *arguments, code=2).err


def test_a_definition_with_errors_is_refused(sfnctl: Sfnctl) -> None:
    write(sfnctl, {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}})
    sfnctl.write("sfnctl.yaml", pipeline_config(ACCOUNT))
    assert "workflow.asl.json:1:" in sfnctl("graph", code=2).err


def test_svg_shows_the_text_of_each_state(drawn: Sfnctl) -> None:
    svg = drawn("graph", "--machine", "--format", "svg").out
    root = ET.fromstring(svg)
    texts = [
        [str(row.text) for row in text] for text in root.iter("{http://www.w3.org/2000/svg}text")
    ]
    assert ["Is it big?", "Choice"] in texts
    assert ["$.object.size > 9"] in texts
    assert "foreignObject" not in svg
    assert (float(root.attrib["width"]), float(root.attrib["height"])) > (100, 100)


def test_svg_without_its_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sfn_s3_cli.graph.svg.find_spec", lambda _: None)
    with pytest.raises(SfnctlError, match="the package mermaidx") as raised:
        draw_svg(make_graph(ROUTED))
    assert raised.value.remedy == "install sfnctl with its extra `graph`, or use --format mermaid"


@pytest.fixture
def pipeline(project: Sfnctl, aws: Aws) -> Pipeline:
    return Pipeline(project, aws)


@pytest.fixture
def browser(project: Sfnctl, tmp_path: Path) -> Path:
    """A browser that only notes what it is asked to open."""
    opened, script = tmp_path / "opened", tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    script.chmod(0o700)
    project.environ |= {"BROWSER": f"{script} %s", "TMPDIR": str(tmp_path)}
    return opened


def test_an_execution_is_drawn_with_its_outcomes(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS)
    pipeline.start("run", '{"list": [1, 2]}')
    assert mask(pipeline.sfnctl("graph", "--last", "--machine").out) == dedent("""\
        FAILED at Find: S3.S3Exception
        Start
            -> Note
        Note     Pass
            SUCCEEDED after …
            -> Each
        Each     Map
            FAILED after …
            error S3.S3Exception
            2 iterations, 1 failed
        | Route  Choice
        |     2 SUCCEEDED
        |     at most …
        |     $ = 2 -> Find
        |     otherwise -> Skip
        | Find   s3:headBucket
        |     FAILED after …
        |     error S3.S3Exception
        |     2 attempts
        | Skip   Succeed
        |     SUCCEEDED after …
            -> End
        End
    """)
    found = pipeline.sfnctl("graph", "--execution", "run", "-o", "json").document
    outcomes = {each["title"]: each.get("outcome") for each in found["nodes"] if "path" in each}
    assert outcomes == {
        "Note": "succeeded",
        "Each": "failed",
        "Route": "succeeded",
        "Find": "failed",
        "Skip": "succeeded",
    }
    assert re.search(r"class s2,s4 failed|class s2,s5 failed", found["mermaid"])


def test_states_that_did_not_run_say_so(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS)
    pipeline.start("run", '{"list": [1]}')
    text = pipeline.sfnctl("graph", "--last", "--machine").out
    assert "| Find   s3:headBucket\n|     not run\n| Skip" in text


def test_a_running_execution_says_what_it_waits_for(pipeline: Pipeline) -> None:
    pipeline.deploy(WAITS)
    pipeline.start("run", ends=False)
    text = pipeline.sfnctl("graph", "--last", "--machine").out
    assert "Pause  Wait 60 seconds\n    RUNNING\n    waiting for its time\n" in text


def test_a_changed_definition_is_noted(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS)
    pipeline.start("run", '{"list": [1]}')
    pipeline.sfnctl.write("workflow.asl.json", json.dumps(WAITS))
    drawn = pipeline.sfnctl("graph", "--last")
    assert "it does not have Note, Each, Route, Skip" in drawn.err
    assert "not run" in drawn.out


def test_show_opens_a_page_with_the_data_of_each_step(pipeline: Pipeline, browser: Path) -> None:
    pipeline.deploy(FAILS)
    pipeline.start("run", '{"list": [1, 2], "note": "</script>"}')
    shown = pipeline.sfnctl("show", "run", "--graph")
    assert shown.out.startswith("FAILED at Find: S3.S3Exception\n")
    file = Path(browser.read_text().strip().removeprefix("file://"))
    assert f"Opened {file}" in shown.err
    assert oct(file.parent.stat().st_mode)[-3:] == "700"
    page = file.read_text()
    states = read_states(page)
    (note,) = states["s1"]["steps"]
    assert json.loads(note["output"]) == {"list": [1, 2], "note": "</script>"}
    assert page.count("</script>") == 2
    (failed,) = next(each for each in states.values() if each["title"] == "Find")["steps"]
    assert (failed["has_failed"], failed["error"]) == (True, "S3.S3Exception")
    assert "FAILED at Find: S3.S3Exception after" in page


def read_states(page: str) -> Any:
    data = re.search(r'<script type="application/json" id="states">(.*?)</script>', page, re.DOTALL)
    assert data
    return json.loads(data[1])


def test_a_missing_browser_names_the_file(pipeline: Pipeline, tmp_path: Path) -> None:
    write(pipeline.sfnctl, ROUTED)
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\nexit 1\n")
    script.chmod(0o700)
    pipeline.sfnctl.environ |= {"BROWSER": f"{script} %s", "TMPDIR": str(tmp_path), "PATH": ""}
    failed = pipeline.sfnctl("graph", "--open", "--format", "svg", code=1)
    assert "no browser could be opened" in failed.err
    (file,) = tmp_path.glob("sfnctl-*/orders.svg")
    assert f"open {file}" in failed.err
