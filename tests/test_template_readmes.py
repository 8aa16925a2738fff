"""What the READMEs and policies of the templates say about AWS, checked without an account."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore import xform_name
from botocore.session import Session

from sfn_s3_cli import templates
from sfn_s3_cli.aws.client import Aws, create_local_client
from sfn_s3_cli.ci_files import Ci
from sfn_s3_cli.templates import Values

ROOT = Path(__file__).parent.parent
HANDMADE = ("ecs-task", "lambda")
"""The templates whose READMEs create something with the AWS CLI."""


class Command(NamedTuple):
    """A command of the AWS CLI, as the call that it makes."""

    service: str
    operation: str
    parameters: dict[str, Any]


def write(name: str, folder: Path, ci: Ci = Ci.GITHUB, **answers: str) -> str:
    """Writes the template into a folder, and returns its README."""
    values = Values("orders", "acme-orders", "s3")
    templates.write(templates.find(name), folder, values, answers=answers, ci=ci)
    return (folder / "README.md").read_text()


def list_commands(readme: str, folder: Path) -> Iterator[Command]:
    """The commands of the AWS CLI in the README, without those that only the CLI has."""
    before = readme.partition("## From GitHub Actions")[0]
    for block in re.findall(r"```sh\n(.*?)```", before, re.DOTALL):
        for line in block.replace("\\\n", "").splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["aws"] and words[1] != "s3" and words[2] != "tail":
                yield Command(words[1], words[2], read_parameters(words[1:], folder))


def read_parameters(words: list[str], folder: Path) -> dict[str, Any]:
    """The parameters of the call. Fails if the service has no such operation or parameter."""
    model = Session().get_service_model(words[0])
    operation = next(each for each in model.operation_names if xform_name(each, "-") == words[1])
    shape = model.operation_model(operation).input_shape
    assert shape is not None
    members = {xform_name(each, "-"): each for each in shape.members}
    members |= {"zip-file": "Code"} if operation == "CreateFunction" else {}
    parameters: dict[str, Any] = {}
    for option, value in zip(words[2::2], words[3::2], strict=True):
        name = option.removeprefix("--")
        content = read_value(value, folder)
        if name == "cli-input-json":
            parameters |= json.loads(content)
        elif name not in {"region", "query", "output"}:
            parameters[members[name]] = content
    return parameters


def read_value(value: str, folder: Path) -> Any:
    if value == "fileb://function.zip":
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as zipped:
            zipped.write(folder / "function/handler.py", "handler.py")
        return archive.getvalue()
    if value.startswith("file://"):
        return (folder / value.removeprefix("file://")).read_text()
    if found := re.fullmatch(r"\$\(aws iam get-role --role-name (\S+) --query Role.Arn .*", value):
        return f"arn:aws:iam::123456789012:role/{found[1]}"
    return int(value) if value.isdecimal() else value


@pytest.mark.parametrize("name", HANDMADE)
def test_the_commands_create_and_delete_all(name: str, tmp_path: Path, aws: Aws) -> None:
    """On the embedded cloud, in their order; nothing is left."""
    place, endpoint_url = aws.place, aws.s3.meta.endpoint_url
    answers = {"account": place.account} if name == "ecs-task" else {}
    commands = [*list_commands(write(name, tmp_path, Ci.GITHUB, **answers), tmp_path)]
    for service, operation, parameters in commands:
        if operation == "create-function":
            parameters["Code"] = {"ZipFile": parameters["Code"]}
        client = create_local_client(
            service, endpoint_url, region=place.region, account=place.account
        )
        if operation == "delete-log-group" and name == "lambda":
            client.create_log_group(**parameters)  # Lambda does it at the first call
        getattr(client, operation.replace("-", "_"))(**parameters)
    assert len(commands) > 7
    assert aws.iam.list_roles()["Roles"] == []
    assert aws.logs.describe_log_groups()["logGroups"] == []


def test_a_function_may_create_its_log_group(tmp_path: Path) -> None:
    """Lambda asks for the group with `:log-stream:` after its name."""
    write("lambda", tmp_path)
    policy = json.loads((tmp_path / "function/policy.json").read_text())
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders"
    for action, resource in (
        ("logs:CreateLogGroup", f"{group}:log-stream:"),
        ("logs:CreateLogStream", f"{group}:log-stream:"),
        ("logs:PutLogEvents", f"{group}:log-stream:2026/11/29/[$LATEST]1a2b"),
    ):
        assert is_allowed(policy, action, resource), action
    other = group.replace("orders", "orders-2")
    assert not is_allowed(policy, "logs:CreateLogGroup", f"{other}:log-stream:")


def is_allowed(policy: dict[str, Any], action: str, resource: str) -> bool:
    def fits(pattern: str) -> bool:
        return bool(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), resource))

    return any(
        action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
        and fits(each["Resource"])
        for each in policy["Statement"]
    )


def test_a_task_uses_what_the_readme_creates(tmp_path: Path) -> None:
    readme = write("ecs-task", tmp_path, region="eu-north-1", cluster="batch")
    task = json.loads((tmp_path / "task/task.json").read_text())
    commands = [*list_commands(readme, tmp_path)]
    created = {
        f"arn:aws:iam::123456789012:role/{each.parameters['RoleName']}": each.parameters
        for each in commands
        if each.operation == "create-role"
    }
    assert created.keys() == {task["taskRoleArn"], task["executionRoleArn"]}
    for each in created.values():
        [statement] = json.loads(each["AssumeRolePolicyDocument"])["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    log = task["containerDefinitions"][0]["logConfiguration"]["options"]
    assert log["awslogs-region"] == "eu-north-1"
    [group] = [each.parameters for each in commands if each.operation == "create-log-group"]
    assert group == {"logGroupName": log["awslogs-group"]}
    policy = json.loads((tmp_path / "task/execution-policy.json").read_text())
    arn = f"arn:aws:logs:eu-north-1:123456789012:log-group:{log['awslogs-group']}:log-stream:a"
    assert is_allowed(policy, "logs:PutLogEvents", arn)
    [cluster] = [each.parameters for each in commands if each.operation == "create-cluster"]
    assert cluster == {"clusterName": "batch"}


AWS_CLI = """\
#!/bin/sh
# In the place of the AWS CLI: `aws s3 cp` copies a file.
for last; do source=$target target=$last; done
exec cp "${source#s3://}" "$target"
"""


@pytest.mark.parametrize(
    ("sample", "code", "shown"),
    [("sample1.txt", 0, "3\n"), ("sample-bad.txt", 1, ""), ("missing.txt", 1, "")],
)
def test_the_container_fails_when_it_should(
    tmp_path: Path, sample: str, code: int, shown: str
) -> None:
    """Runs the command of the example, with an object whose key has a space."""
    write("ecs-task", tmp_path)
    bucket = tmp_path / "acme-orders" / "incoming"
    bucket.mkdir(parents=True)
    if (tmp_path / sample).exists():
        (bucket / f"a {sample}").write_bytes((tmp_path / sample).read_bytes())
    (tmp_path / "aws").write_text(AWS_CLI)
    (tmp_path / "aws").chmod(0o755)
    task = json.loads((tmp_path / "task/task.json").read_text())
    container = task["containerDefinitions"][0]
    [command] = container["command"]
    command = command.replace("/tmp/object", "./object")
    environ = {"BUCKET": "acme-orders", "KEY": f"incoming/a {sample}"}
    environ["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
    ended = subprocess.run(
        [*container["entryPoint"], command],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (code, shown), ended.stderr
    assert (ended.stderr == "") is (code == 0)


@pytest.mark.parametrize("name", HANDMADE)
@pytest.mark.parametrize(("ci", "says"), [(Ci.GITHUB, True), (Ci.GITLAB, True), (Ci.NONE, False)])
def test_the_readme_says_what_ci_leaves_out(tmp_path: Path, name: str, ci: Ci, says: bool) -> None:
    assert ("deploys the pipeline only" in write(name, tmp_path, ci)) is says


PAGES = (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("templates/*/*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_installs_from_a_registry(page: Path) -> None:
    """There is no release; the name could belong to anybody."""
    pattern = r"install [\"']?sfnctl(\[[\w,]+\])?[\"']?(?! @)(?=\s|$|`)"
    assert not re.search(pattern, page.read_text())


@pytest.mark.parametrize("ci", [Ci.GITHUB, Ci.GITLAB])
def test_pip_accepts_what_ci_is_to_install(tmp_path: Path, ci: Ci) -> None:
    """A wheel whose name lacks version and tags is refused."""
    (wheel,) = re.findall(r"`(\S+[.]whl)\[local\]`", write("hello", tmp_path, ci))
    assert re.fullmatch(r"\./wheels/sfnctl-[\d.]+-py3-none-any[.]whl", wheel)
