"""Each command runs with its printed policy, and names the permission that it lacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import reliability_figures
from faults.rules import OPTIONAL
from pipelines import HELLO, another_trail, machine
from recorder import Recorder, make_account
from reliability_figures import TEST_ALL
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.local import process, spawn
from sfn_s3_cli.local.process import Cloud

YES = ("--yes",)
CHANGING = ("deploy", "teardown")


@pytest.fixture(scope="module")
def strict_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of a second embedded cloud, which checks every call with IAM."""
    state_dir, plain = tmp_path_factory.mktemp("strict"), spawn._environment
    strict = {"AUTH": "true", "AWS_SECRET_ACCESS_KEY": "local"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spawn, "SERVER", "strict_cloud")
        patch.setattr(spawn, "_environment", lambda port: {**plain(port), **strict})
        process.ensure(state_dir)
    yield state_dir
    process.stop(state_dir)


@pytest.fixture
def strict_cloud(strict_dir: Path) -> Cloud:
    return process.ensure(strict_dir)


@pytest.fixture
def owner(strict_dir: Path, sfnctl: Sfnctl, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Runs commands in this process as the account's owner, who may do everything."""
    monkeypatch.setenv("SFNCTL_LOCAL", "1")
    monkeypatch.setenv("SFNCTL_STATE_DIR", str(strict_dir))
    sfnctl.environ["SFNCTL_LOCAL"] = "0"
    sfnctl.write("workflow.asl.json", json.dumps(HELLO))
    recorder = Recorder(sfnctl.folder / "sfnctl.yaml")
    recorder.listen(monkeypatch)
    return recorder


def become(sfnctl: Sfnctl, aws: Aws, name: str, policy: Any) -> None:
    """From here on, the script runs as a user with that policy and no other."""
    aws.iam.create_user(UserName=name)
    made = aws.iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(policy))["Policy"]
    aws.iam.attach_user_policy(UserName=name, PolicyArn=made["Arn"])
    key = aws.iam.create_access_key(UserName=name)["AccessKey"]
    sfnctl.environ |= {
        "AWS_ENDPOINT_URL": aws.iam.meta.endpoint_url,
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }


@dataclass(frozen=True)
class Step:
    """A command under a config, after something was done by hand."""

    command: str
    arguments: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    before: Callable[[Aws], object] = bool


def _create_boundary(aws: Aws) -> None:
    anything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    document = json.dumps({"Version": "2012-10-17", **anything})
    aws.iam.create_policy(PolicyName="boundary", PolicyDocument=document)


def _create_bucket(aws: Aws) -> None:
    aws.s3.create_bucket(Bucket=f"orders-{aws.place.account}")


def _upload(aws: Aws) -> None:
    aws.s3.put_object(Bucket=f"orders-{aws.place.account}", Key="incoming/a.json")


def _write_log_file(aws: Aws) -> None:
    log_bucket = Names("orders", aws.place).log_bucket
    aws.s3.put_object(Bucket=log_bucket, Key="AWSLogs/a.json.gz")


WATCH = ("--object", "incoming/a.json", "--timeout", "60s")
CHANGED = {
    "tags": {"team": "blue"},
    "state_machine": machine(role={"trust_conditions": False}),
}
WITHOUT = {
    "trigger": {"dead_letter_queue": False},
    "state_machine": machine(logging={"level": "off"}),
}
OWN_BUCKET = {"name": "orders-ACCOUNT", "create": True}
BOUNDARY = {"boundary": "arn:aws:iam::ACCOUNT:policy/boundary", "path": "/pipelines/"}
BY_S3 = {
    "bucket": OWN_BUCKET,
    "trigger": {"via": "s3"},
    "state_machine": machine(role=BOUNDARY),
}

LIVES: dict[str, tuple[Step, ...]] = {
    "cloudtrail": (
        Step("deploy", YES, before=_create_bucket),
        Step("plan", before=_upload),
        Step("status"),
        Step("watch-executions", WATCH),
        Step("show", ("--last",)),
        Step("graph", ("--last",)),
        Step("deploy", YES, CHANGED),
        Step("deploy", YES, WITHOUT),
        Step("teardown", (*YES, "--purge"), before=_write_log_file),
    ),
    "s3": (
        Step("deploy", YES, BY_S3, before=_create_boundary),
        Step("plan", (), BY_S3, before=_upload),
        Step("status", (), BY_S3),
        Step("watch-executions", WATCH, BY_S3),
        Step("show", ("--last",), BY_S3),
        Step("deploy", YES, {**BY_S3, "trigger": {"via": "cloudtrail"}}),
        Step("deploy", YES, BY_S3),
        Step("teardown", (*YES, "--purge"), BY_S3),
    ),
}
STEPS = [(via, number) for via, steps in LIVES.items() for number in range(len(steps))]
UNNAMED = {
    ("watch-executions", "events:DescribeRule"),  # it only adds that the trigger is disabled
    # Then the config says of which type the state machine is.
    ("watch-executions", "states:DescribeStateMachine"),
    ("show", "states:DescribeStateMachine"),
    ("watch-executions", "s3:GetObject"),  # the watch begins earlier, and says so
    ("deploy", "states:ListStateMachineVersions"),  # old versions are deleted by a later deploy
}
SAMPLE = [("cloudtrail", 1), ("cloudtrail", 4), ("s3", 7)]


def take_steps(recorder: Recorder, cloud: Cloud, steps: tuple[Step, ...]) -> tuple[Aws, list[str]]:
    """Takes these steps as the owner of a new account.

    Gives the actions that the last step needs and earlier steps of its command did not. Reads of
    resources that do not exist are not needed: sfnctl ignores their answers.
    """
    account = make_account()
    recorder.enter(account)
    aws, needed = connect_locally(cloud.endpoint_url, account=account), [set[str]()]
    for step in steps:
        prepare(recorder, aws, step)
        if step.command in (*CHANGING, steps[-1].command):  # the others change nothing
            recorder.run(step.command, *step.arguments)
        if step.command == steps[-1].command:
            needed.append(recorder.answered)
    return aws, sorted(needed[-1].difference(*needed[:-1]))


def prepare(recorder: Recorder, aws: Aws, step: Step) -> None:
    step.before(aws)
    recorder.configure(**step.config)


@pytest.mark.parametrize("via", LIVES)
def test_each_command_runs_with_its_printed_policy(
    sfnctl: Sfnctl, owner: Recorder, strict_cloud: Cloud, via: str
) -> None:
    aws, _ = take_steps(owner, strict_cloud, ())
    for number, step in enumerate(LIVES[via]):
        prepare(owner, aws, step)
        become(sfnctl, aws, f"user-{number}", owner.policy(step.command))
        sfnctl(step.command, *step.arguments)


@pytest.mark.parametrize(("via", "number"), STEPS if TEST_ALL else SAMPLE)
def test_a_command_names_the_permission_that_it_lacks(
    sfnctl: Sfnctl, owner: Recorder, strict_cloud: Cloud, via: str, number: int
) -> None:
    steps = LIVES[via][: number + 1]
    *before, last = steps
    _, actions = take_steps(owner, strict_cloud, steps)
    lost = []
    for action in actions if TEST_ALL else actions[:: len(actions) // 2]:
        aws, _ = take_steps(owner, strict_cloud, tuple(before))
        prepare(owner, aws, last)
        become(sfnctl, aws, "user", remove_action(action, owner.policy(last.command)))
        ended = sfnctl(last.command, *last.arguments, code=None)
        # status shows what it cannot read as a row, and does not fail.
        goes_on = last.command == "status" or action.partition(":")[2] in OPTIONAL
        is_named = action in ended.out + ended.err and (ended.code or goes_on)
        is_named = is_named or (ended.code == 0 and (last.command, action) in UNNAMED)
        reliability_figures.count("permissions taken away", lost=not is_named)
        lost += [] if is_named else [(action, ended.code, ended.err)]
    assert actions
    assert lost == []


INIT = ("init", "--template", "hello", "--name", "new", "--ci", "none", "--force")
LISTED, UNLISTED = "Bucket (number, name or new name):", "Bucket:"


def test_init_reads_what_its_policy_allows(
    sfnctl: Sfnctl, owner: Recorder, strict_cloud: Cloud
) -> None:
    aws, _ = take_steps(owner, strict_cloud, ())
    aws.s3.create_bucket(Bucket=f"watched-{aws.place.account}")
    sfnctl.environ["AWS_REGION"] = aws.region
    selector = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": False}
    another_trail(aws, "audit", EventSelectors=[selector])
    policy = sfnctl("permissions", "init", code=0).document
    actions = sorted(action for each in policy["Statement"] for action in each["Action"])
    assert actions == [
        *("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors"),
        *("cloudtrail:GetTrailStatus", "s3:GetBucketNotification", "s3:ListAllMyBuckets"),
    ]
    for number, missing in enumerate(["", *actions]):
        become(sfnctl, aws, f"user-{number}", remove_action(missing, policy))
        question = UNLISTED if missing == "s3:ListAllMyBuckets" else LISTED
        talk = [(question, f"watched-{aws.place.account}"), ("Event source [s3]:", "")]
        shown = sfnctl.converse(*INIT, talk=talk).err
        assert ("Note:" in shown) == bool(missing), (missing, shown)


def remove_action(action: str, policy: Any) -> Any:
    statements = [
        {**each, "Action": [other for other in each["Action"] if other != action]}
        for each in policy["Statement"]
    ]
    return {**policy, "Statement": [each for each in statements if each["Action"]]}
