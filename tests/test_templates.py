from __future__ import annotations

import json
import re
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from pipelines import create_role

from sfn_s3_cli import templates
from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.checks import offline
from sfn_s3_cli.config.load import load
from sfn_s3_cli.config.schema import Pipeline, json_schema
from sfn_s3_cli.errors import SfnctlError, UsageError
from sfn_s3_cli.graph.machine import draw_machine
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.reconcile import roles
from sfn_s3_cli.templates import Scaffold, Template, Values, catalogue

ROOT = Path(__file__).parent.parent
NAMES = (
    *("copy", "distributed-csv", "ecs-task", "express-fanout", "hello", "lambda"),
    "validate-and-quarantine",
)
VALUES = Values("orders", "acme-orders", "s3")


def scaffold(name: str, folder: Path, values: Values = VALUES, *, force: bool = False) -> Scaffold:
    return templates.write(templates.find(name), folder, values, force=force)


def load_new(name: str, folder: Path, values: Values = VALUES) -> Pipeline:
    """Writes a scaffold, checks it, and gives its pipeline."""
    scaffold(name, folder, values)
    pipeline = load(folder / "sfnctl.yaml", {})
    offline.check(folder / "sfnctl.yaml", pipeline).raise_for_errors()
    return pipeline


def list_paths(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_every_template_is_listed() -> None:
    assert tuple(template.name for template in templates.list_templates()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_scaffold_is_valid_and_has_the_values(name: str, tmp_path: Path) -> None:
    pipeline = load_new(name, tmp_path)
    assert pipeline.bucket.create
    assert (pipeline.name, pipeline.bucket.name, pipeline.trigger.via) == VALUES[:3]
    assert pipeline.trigger.prefix == ("incoming/",)


@pytest.mark.parametrize("name", NAMES)
def test_no_placeholder_is_left(name: str, tmp_path: Path) -> None:
    for path in scaffold(name, tmp_path).written:
        text = path.read_text(errors="replace")  # a sample of `lambda` is no text
        assert not re.search("__[A-Z_]+__", text), path


@pytest.mark.parametrize("name", NAMES)
def test_a_scaffold_can_use_what_exists(name: str, tmp_path: Path) -> None:
    values = Values("orders", "acme-orders", "cloudtrail", needs_trail=False, creates_bucket=False)
    pipeline = load_new(name, tmp_path, values)
    assert (pipeline.bucket.name, pipeline.bucket.create) == ("acme-orders", False)
    assert pipeline.trigger.trail == "none"
    assert "deploy creates the bucket" not in (tmp_path / "sfnctl.yaml").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_readme_has_the_picture_of_its_machine(name: str, tmp_path: Path) -> None:
    scaffold(name, tmp_path)
    text = (tmp_path / "README.md").read_text()
    picture = text.partition("```mermaid\n")[2].partition("```")[0]
    workflow = definition.load(
        tmp_path / "workflow.asl.yaml",
        load(tmp_path / "sfnctl.yaml", {}).state_machine.substitutions,
    ).document.value
    assert picture == draw_machine(workflow).rstrip("\n") + "\n"


@pytest.mark.parametrize("values", [Values("null", "123"), Values("true", "12.5")])
def test_values_that_look_like_other_types_stay_strings(values: Values, tmp_path: Path) -> None:
    pipeline = load_new("copy", tmp_path, values)
    assert (pipeline.name, pipeline.bucket.name) == (values.name, values.bucket)


@pytest.mark.parametrize("name", NAMES)
def test_editors_find_the_schema_that_the_config_names(name: str, tmp_path: Path) -> None:
    scaffold(name, tmp_path)
    line = (tmp_path / "sfnctl.yaml").read_text().splitlines()[0]
    schema = line.removeprefix("# yaml-language-server: $schema=")
    assert json.loads((tmp_path / schema).read_text()) == json_schema()


@pytest.mark.parametrize("name", NAMES)
def test_a_role_has_nothing_that_could_be_narrower(name: str, tmp_path: Path) -> None:
    pipeline = load_new(name, tmp_path)
    substitutions = pipeline.state_machine.substitutions
    workflow = definition.load(tmp_path / "workflow.asl.yaml", substitutions).document.value
    names = Names("orders", Place("aws", "123456789012", "eu-west-1"))
    found = roles.derive_for(pipeline, workflow, names)
    assert not found.wide_permissions
    assert not found.unknown_calls
    granted = {
        (action, resource)
        for each in found.statements
        for action in each["Action"]
        for resource in each["Resource"]
    }
    assert granted == ROLES[name]


_BUCKET = "arn:aws:s3:::acme-orders"
_STATES = "arn:aws:states:eu-west-1:123456789012"
_ECS = "arn:aws:ecs:eu-west-1:123456789012"
_EVENTS = "arn:aws:events:eu-west-1:123456789012:rule/StepFunctionsGetEventsForECSTaskRule"
ROLES: dict[str, set[tuple[str, str]]] = {
    "hello": set(),
    "copy": {
        ("s3:GetObject", f"{_BUCKET}/incoming/*"),
        ("s3:GetObjectTagging", f"{_BUCKET}/incoming/*"),
        ("s3:PutObject", f"{_BUCKET}/processed/*"),
        ("s3:PutObjectTagging", f"{_BUCKET}/processed/*"),
    },
    "express-fanout": {
        ("s3:GetObject", f"{_BUCKET}/incoming/*"),
        ("s3:PutObject", f"{_BUCKET}/processed/*.json"),
    },
    "validate-and-quarantine": {
        ("s3:GetObject", f"{_BUCKET}/incoming/*"),
        ("s3:GetObjectTagging", f"{_BUCKET}/incoming/*"),
        ("s3:PutObject", f"{_BUCKET}/accepted/*"),
        ("s3:PutObjectTagging", f"{_BUCKET}/accepted/*"),
        ("s3:PutObject", f"{_BUCKET}/quarantine/*"),
        ("s3:PutObject", f"{_BUCKET}/quarantine/*.reason.json"),
        ("s3:PutObjectTagging", f"{_BUCKET}/quarantine/*"),
    },
    "distributed-csv": {
        ("s3:GetObject", f"{_BUCKET}/incoming/*"),
        ("s3:AbortMultipartUpload", f"{_BUCKET}/results/*"),
        ("s3:GetObject", f"{_BUCKET}/results/*"),
        ("s3:ListMultipartUploadParts", f"{_BUCKET}/results/*"),
        ("s3:PutObject", f"{_BUCKET}/results/*"),
        ("states:StartExecution", f"{_STATES}:stateMachine:orders"),
        ("states:DescribeExecution", f"{_STATES}:execution:orders:*"),
        ("states:DescribeExecution", f"{_STATES}:execution:orders/Rows:*"),
        ("states:StopExecution", f"{_STATES}:execution:orders:*"),
        ("states:StopExecution", f"{_STATES}:execution:orders/Rows:*"),
        ("states:RedriveExecution", f"{_STATES}:execution:orders/Rows:*"),
    },
    "lambda": {
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:orders"),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:orders:*"),
    },
    "ecs-task": {
        ("ecs:RunTask", f"{_ECS}:task-definition/orders:*"),
        ("ecs:DescribeTasks", f"{_ECS}:task/default/*"),
        ("ecs:StopTask", f"{_ECS}:task/default/*"),
        ("events:DescribeRule", _EVENTS),
        ("events:PutRule", _EVENTS),
        ("events:PutTargets", _EVENTS),
    },
}
"""What sfnctl derives; the config of `ecs-task` adds iam:PassRole for two roles."""


def test_copy_copies_objects_with_odd_keys(aws: Aws, account: str, tmp_path: Path) -> None:
    bucket = f"copy-{account}"
    keys = ("sample1.json", "a b+ü.json", "100%25 &/x?y=z#.json", "incoming/~!*()'\"\\", "日本語")
    aws.s3.create_bucket(Bucket=bucket)
    pipeline = load_new("copy", tmp_path, VALUES._replace(bucket=bucket))
    workflow = definition.load(tmp_path / "workflow.asl.yaml", {}).document.value
    policy = roles.workflow_policy(pipeline, workflow, Names("orders", aws.place))
    role = create_role(aws, "states", "copy")
    aws.iam.put_role_policy(RoleName="copy", PolicyName="policy", PolicyDocument=json.dumps(policy))
    machine = aws.stepfunctions.create_state_machine(
        name="copy", definition=json.dumps(workflow), roleArn=role
    )["stateMachineArn"]
    for key in keys:
        aws.s3.put_object(Bucket=bucket, Key=f"incoming/{key}", Body=key.encode())
        about = {"bucket": bucket, "object": {"key": f"incoming/{key}"}, "event": "PutObject"}
        _run_to_success(aws, machine, about)
    for key in keys:
        copied = aws.s3.get_object(Bucket=bucket, Key=f"processed/{key}")["Body"].read()
        assert copied.decode() == key


def _run_to_success(aws: Aws, machine: str, about: Mapping[str, object]) -> None:
    started = aws.stepfunctions.start_execution(stateMachineArn=machine, input=json.dumps(about))
    deadline = time.monotonic() + 20
    while True:
        ended = aws.stepfunctions.describe_execution(executionArn=started["executionArn"])
        if ended["status"] != "RUNNING":
            break
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.02)
    assert ended["status"] == "SUCCEEDED", ended


def test_force_replaces_files_and_keeps_others(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "notes.txt").write_text("mine")
    scaffold("hello", tmp_path, force=True)
    assert (tmp_path / "README.md").read_text().startswith("# orders\n")
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("place", ["sfnctl.yaml", "README.md", ".github", ".github/workflows"])
@pytest.mark.parametrize("exists", [False, True])
def test_links_are_never_followed(tmp_path: Path, place: str, force: bool, exists: bool) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    (project / place).parent.mkdir(parents=True)
    (project / place).symlink_to(elsewhere)
    if exists:
        elsewhere.mkdir() if place.startswith(".") else elsewhere.write_text("theirs")
    before = list_paths(tmp_path)
    with pytest.raises(UsageError, match=f"already present: {project / place}"):
        scaffold("hello", project, force=force)
    assert list_paths(tmp_path) == before
    assert (project / place).is_symlink()
    assert not elsewhere.is_file() or elsewhere.read_text() == "theirs"


@pytest.mark.parametrize("force", [False, True])
def test_folders_are_never_replaced(tmp_path: Path, force: bool) -> None:
    (tmp_path / "sfnctl.yaml").mkdir()
    (tmp_path / ".github").write_text("a file")
    with pytest.raises(UsageError) as caught:
        scaffold("hello", tmp_path, force=force)
    assert str(caught.value) == (
        f"nothing was written; already present: {tmp_path}/.github, {tmp_path}/sfnctl.yaml"
    )
    assert list_paths(tmp_path) == {"sfnctl.yaml", ".github"}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to("project")
    scaffold("hello", tmp_path / "link")
    assert "sfnctl.yaml" in list_paths(tmp_path / "project")


def test_a_full_disk_leaves_no_file_behind(tmp_path: Path) -> None:
    with _limit_file_size(100), pytest.raises(SfnctlError) as caught:
        scaffold("hello", tmp_path)
    assert str(caught.value) == f"{tmp_path} cannot be written: File too large"
    assert list_paths(tmp_path) == set()


@contextmanager
def _limit_file_size(size: int) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_an_installed_package_uses_its_own_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "sfn_s3_cli/_templates/mine"
    own.mkdir(parents=True)
    (own / "README.md").write_text("# mine\n\nMy own.\n")
    module = tmp_path / "sfn_s3_cli/templates/catalogue.py"
    monkeypatch.setattr(catalogue, "__file__", str(module))
    assert templates.list_templates() == (Template("mine", "My own.", own),)
