"""`sfnctl permissions` prints exactly what the commands need."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from local.local_account import wait_until
from pipelines import HELLO, STATEMENT, THEIRS, another_trail, machine
from recorder import Recorder, make_account

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.iam.actions import _ACTIONS
from sfn_s3_cli.iam.names import OWN_TRAIL, Names
from sfn_s3_cli.iam.policies import trust_service
from sfn_s3_cli.iam.tags import of_pipeline, to_list
from sfn_s3_cli.local.process import Cloud
from sfn_s3_cli.resources.selector_forms import AWS_DEFAULT

KEY = "arn:aws:kms:us-east-1:ACCOUNT:key/1234abcd-12ab-34cd-56ef-1234567890ab"
COMMANDS = ("plan", "deploy", "status", "watch-executions", "show", "graph", "teardown")


class Scenario:
    """A pipeline `orders` in an account of its own, and what happens to it."""

    def __init__(self, recorder: Recorder, aws: Aws) -> None:
        self.recorder, self.aws = recorder, aws
        self.names = Names("orders", aws.place)
        self.bucket = f"orders-{aws.place.account}"

    def deploy(self, *arguments: str, moving: bool = False, **config: Any) -> None:
        """Plans and deploys.

        When moving, with the permissions of the config before it as well, and once more when what
        is kept of that config may go.
        """
        commands = {"plan": (), "deploy": ("--yes", *arguments)}
        previous = {each: self.recorder.policy(each) if moving else None for each in commands}
        self.recorder.configure(**config)
        for _ in range(2 if moving else 1):
            for command, options in commands.items():
                self.recorder.run(command, *options, previous=previous[command])
            self.recorder.put_forward(timedelta(minutes=30 if moving else 0))

    def look(self) -> None:
        for each in ("plan", "status"):
            self.recorder.run(each)

    def tear_down(self, *arguments: str) -> None:
        self.recorder.run("teardown", "--yes", *arguments)

    def watch(self, key: str = "incoming/a.json") -> None:
        self.aws.s3.put_object(Bucket=self.bucket, Key=key)
        self.recorder.run("watch-executions", "--object", key, "--timeout", "60s")
        self.recorder.run("show", "--last")
        self.recorder.run("graph", "--last")
        self.look()

    def another_pipeline(self, name: str, bucket: str, path: str = "/") -> None:
        """Makes another pipeline that reads the bucket's own events as well."""
        names = Names(name, self.aws.place)
        pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}
        tags = to_list(of_pipeline(name, {}))
        self.aws.events.put_rule(Name=names.rule("s3"), EventPattern=json.dumps(pattern), Tags=tags)
        self.another_role(names.events_role, path)

    def another_role(self, name: str, path: str = "/", service: str = "events") -> str:
        account = self.aws.place.account
        trust = trust_service(f"{service}.amazonaws.com", account=account)
        role = self.aws.iam.create_role(
            RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(trust)
        )
        return role["Role"]["Arn"]


def _changed_all_over(scenario: Scenario) -> None:
    aws, names = scenario.aws, scenario.names
    aws.s3.create_bucket(Bucket=scenario.bucket)
    scenario.recorder.configure()
    scenario.look()
    scenario.deploy()
    queue = aws.sqs.get_queue_url(QueueName=names.queue)["QueueUrl"]
    aws.sqs.send_message(QueueUrl=queue, MessageBody="{}")
    scenario.watch()
    aws.sqs.purge_queue(QueueUrl=queue)
    scenario.deploy(
        tags={"team": "blue"},
        trigger={"prefix": "other/"},
        state_machine=machine(
            logging={"retention_days": 7},
            role={"statements": [STATEMENT], "trust_conditions": False},
        ),
    )
    without = machine(logging={"level": "off"}, keep_versions=1)
    scenario.deploy(trigger={"dead_letter_queue": False}, state_machine=without)
    scenario.look()
    boundary = f"arn:aws:iam::{aws.place.account}:policy/boundary"
    bounded = machine(role={"boundary": boundary, "trust_conditions": False})
    scenario.deploy(state_machine=bounded)
    scenario.deploy()
    aws.cloudtrail.update_trail(Name=OWN_TRAIL, EnableLogFileValidation=False)
    trail = aws.cloudtrail.get_trail(Name=OWN_TRAIL)["Trail"]["TrailARN"]
    aws.cloudtrail.add_tags(ResourceId=trail, TagsList=[{"Key": "sfnctl:tags", "Value": "x"}])
    buckets.retag(aws, names.log_bucket, {}, {"sfnctl:tags": "x"})
    queue = aws.sqs.get_queue_url(QueueName=names.queue)["QueueUrl"]
    aws.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MessageRetentionPeriod": "60"})
    _run_the_first_version(scenario)
    scenario.deploy()
    aws.s3.put_object(Bucket=names.log_bucket, Key="AWSLogs/a.json.gz")
    scenario.tear_down()
    scenario.tear_down("--purge")


def _run_the_first_version(scenario: Scenario) -> None:
    sfn = scenario.aws.stepfunctions
    first = f"{scenario.names.state_machine_arn}:1"
    sfn.update_state_machine_alias(
        stateMachineAliasArn=scenario.names.alias_arn,
        routingConfiguration=[{"stateMachineVersionArn": first, "weight": 100}],
    )


def _adopt(scenario: Scenario) -> None:
    """The resources that a region's pipelines share exist already, without tags."""
    aws, names = scenario.aws, scenario.names
    for bucket in (scenario.bucket, names.log_bucket):
        aws.s3.create_bucket(Bucket=bucket)
    scenario.recorder.configure()
    scenario.recorder.run("deploy", "--yes", "--adopt")
    _share(scenario)
    scenario.tear_down()


def _on_its_own_bucket(scenario: Scenario) -> None:
    bucket = {"name": scenario.bucket, "create": True}
    scenario.deploy(bucket=bucket, trigger={"via": "s3"}, tags={"team": "blue"})
    scenario.watch()
    scenario.recorder.configure(bucket=bucket, trigger={"via": "cloudtrail"})
    scenario.look()
    scenario.deploy(moving=True, bucket=bucket, trigger={"via": "cloudtrail"})
    scenario.aws.s3.put_object(Bucket=scenario.bucket, Key="control\x01character")
    scenario.recorder.configure(trigger={"via": "cloudtrail"})
    scenario.look()
    scenario.tear_down()
    scenario.recorder.configure(bucket=bucket, trigger={"via": "cloudtrail"})
    scenario.tear_down()
    scenario.tear_down("--purge")


def _by_the_bucket_itself(scenario: Scenario) -> None:
    scenario.aws.s3.create_bucket(Bucket=scenario.bucket)
    boundary = f"arn:aws:iam::{scenario.aws.place.account}:policy/boundary"
    bounded = machine(role={"boundary": boundary, "statements": [STATEMENT]})
    scenario.deploy(trigger={"via": "s3"}, state_machine=bounded)
    without = machine(role={"boundary": boundary})
    for _ in range(2):  # the second run deletes what the first has kept
        scenario.deploy(trigger={"via": "s3"}, state_machine=without)
    scenario.tear_down()


def _moved_between_buckets(scenario: Scenario) -> None:
    aws, second = scenario.aws, f"second-{scenario.aws.place.account}"
    for bucket in (scenario.bucket, second):
        aws.s3.create_bucket(Bucket=bucket)
    scenario.deploy(trigger={"via": "s3"})
    scenario.another_pipeline("billing", scenario.bucket)
    scenario.deploy(moving=True, bucket=second, trigger={"via": "s3"})
    scenario.another_pipeline("audit", second, path="/teams/")
    scenario.recorder.configure(bucket=second, trigger={"via": "cloudtrail"})
    scenario.look()
    scenario.deploy(moving=True, bucket=second, trigger={"via": "cloudtrail"})
    scenario.deploy(moving=True, bucket=second, trigger={"via": "s3"})
    scenario.deploy(moving=True, bucket=second, trigger={"via": "cloudtrail"})
    scenario.tear_down()


def _under_a_path_with_heirs(scenario: Scenario) -> None:
    aws = scenario.aws
    aws.s3.create_bucket(Bucket=scenario.bucket)
    under = machine(role={"path": "/pipelines/"})
    scenario.deploy(trigger={"via": "s3"}, state_machine=under)
    scenario.look()
    scenario.another_pipeline("billing", scenario.bucket)
    scenario.tear_down()


def _with_heirs_under_a_path(scenario: Scenario) -> None:
    aws = scenario.aws
    aws.s3.create_bucket(Bucket=scenario.bucket)
    scenario.deploy(trigger={"via": "s3"})
    scenario.another_pipeline("billing", scenario.bucket, path="/teams/")
    scenario.tear_down()


def _on_trails_of_others(scenario: Scenario) -> None:
    aws = scenario.aws
    aws.s3.create_bucket(Bucket=scenario.bucket)
    another_trail(aws, "audit", AdvancedEventSelectors=[THEIRS])
    another_trail(aws, "basic", EventSelectors=[AWS_DEFAULT])
    scenario.deploy()
    scenario.deploy(moving=True, trigger={"trail": "audit"})
    scenario.look()
    scenario.deploy(moving=True, trigger={"trail": "basic"})
    scenario.deploy(moving=True)
    _share(scenario)
    scenario.deploy(moving=True, trigger={"trail": "basic"})
    scenario.deploy(moving=True, trigger={"trail": "none"})
    scenario.look()
    scenario.tear_down()


def _with_log_files(scenario: Scenario) -> None:
    name = f"orders-{scenario.aws.place.account}-us-east-1-an"
    bucket = {"name": name, "create": True}
    scenario.deploy(bucket=bucket)
    scenario.aws.s3.put_object(Bucket=name, Key="a.json")
    _write_log_file(scenario)
    scenario.deploy(bucket=bucket, trigger={"via": "s3", "enabled": False})
    scenario.deploy(bucket=bucket)
    _write_log_file(scenario)
    scenario.tear_down("--purge")


def _write_log_file(scenario: Scenario) -> None:
    key = f"AWSLogs/{scenario.aws.place.account}/CloudTrail/a.json.gz"
    scenario.aws.s3.put_object(Bucket=scenario.names.log_bucket, Key=key)


def _own_selectors(scenario: Scenario) -> list[Any]:
    answer: Any = scenario.aws.cloudtrail.get_event_selectors(TrailName=OWN_TRAIL)
    return list(answer["AdvancedEventSelectors"])


def _share(scenario: Scenario, *selectors: Any) -> None:
    """Another pipeline puts a selector on sfnctl's trail, beside these."""
    found = selectors or _own_selectors(scenario)
    other: Any = {**found[0], "Name": "sfnctl:billing"}
    scenario.aws.cloudtrail.put_event_selectors(
        TrailName=OWN_TRAIL, AdvancedEventSelectors=[*found, other]
    )


def _joined_by_others_while_it_leaves(scenario: Scenario) -> None:
    scenario.aws.s3.create_bucket(Bucket=scenario.bucket)
    scenario.deploy()
    selectors = _own_selectors(scenario)
    scenario.recorder.surprises["StopLogging"] = lambda: _share(scenario, *selectors)
    scenario.tear_down()


def _torn_down_while_it_runs(scenario: Scenario) -> None:
    aws = scenario.aws
    aws.s3.create_bucket(Bucket=scenario.bucket)
    waiting = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}
    (scenario.recorder.config.parent / "workflow.asl.json").write_text(json.dumps(waiting))
    scenario.deploy()
    start = partial(aws.stepfunctions.start_execution, stateMachineArn=scenario.names.alias_arn)
    aws.stepfunctions.stop_execution(executionArn=start()["executionArn"])
    scenario.recorder.run("watch-executions", "--no-follow")
    start()
    scenario.tear_down("--stop-executions")


def _with_a_given_role(scenario: Scenario) -> None:
    aws = scenario.aws
    aws.s3.create_bucket(Bucket=scenario.bucket)
    role = scenario.another_role("given", service="states")
    scenario.deploy()
    scenario.deploy(moving=True, state_machine=machine(role={"arn": role}))
    scenario.deploy(state_machine=machine(keep_versions=1))
    scenario.tear_down()


def _encrypted(scenario: Scenario) -> None:
    scenario.aws.s3.create_bucket(Bucket=scenario.bucket)
    reads = {**STATEMENT, "Resource": f"arn:aws:s3:::{scenario.bucket}/*"}
    encrypted = machine(kms_key=KEY, role={"statements": [reads]})
    scenario.deploy(state_machine=encrypted)
    queue = scenario.aws.sqs.get_queue_url(QueueName=scenario.names.queue)["QueueUrl"]
    scenario.aws.sqs.send_message(QueueUrl=queue, MessageBody="{}")
    scenario.watch()
    scenario.aws.sqs.purge_queue(QueueUrl=queue)
    scenario.deploy(moving=True)
    scenario.deploy(state_machine=encrypted)
    scenario.tear_down()


def _shown_with_its_map_run(scenario: Scenario) -> None:
    aws, sfn = scenario.aws, scenario.aws.stepfunctions
    aws.s3.create_bucket(Bucket=scenario.bucket)
    for kind in ("STANDARD", "EXPRESS"):
        items = {**HELLO, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}}
        each = {"Type": "Map", "Label": kind, "ItemProcessor": items, "End": True}
        definition = {"StartAt": "Each", "States": {"Each": each}}
        (scenario.recorder.config.parent / "workflow.asl.json").write_text(json.dumps(definition))
        scenario.deploy()
        started = sfn.start_execution(stateMachineArn=scenario.names.alias_arn, input="[1]")
        arn = started["executionArn"]
        wait_until(partial(_has_succeeded, aws, arn))
        scenario.recorder.run("show", arn)
        scenario.recorder.run("graph", "--execution", arn)
        (run,) = sfn.list_map_runs(executionArn=arn)["mapRuns"]
        (child,) = sfn.list_executions(mapRunArn=run["mapRunArn"])["executions"]
        scenario.recorder.run("show", child["executionArn"])
        scenario.recorder.run("graph", "--execution", child["executionArn"])
    scenario.tear_down()


def _has_succeeded(aws: Aws, arn: str) -> bool:
    status: str = aws.stepfunctions.describe_execution(executionArn=arn)["status"]
    return status == "SUCCEEDED"


def _watched_by_alarms(scenario: Scenario) -> None:
    aws, topic = scenario.aws, "arn:aws:sns:us-east-1:ACCOUNT:alerts"
    aws.s3.create_bucket(Bucket=scenario.bucket)
    aws.sns.create_topic(Name="alerts")
    scenario.deploy(alarms={"topic": topic}, tags={"team": "blue"})
    changed = {"topic": topic, "period": "1m"}
    scenario.deploy(moving=True, alarms=changed, trigger={"via": "s3"})
    scenario.look()
    scenario.deploy()
    scenario.deploy(alarms=changed)
    scenario.tear_down()


def _express(scenario: Scenario) -> None:
    scenario.aws.s3.create_bucket(Bucket=scenario.bucket)
    logging = {"level": "all", "include_data": True}
    scenario.deploy(state_machine=machine(type="express", logging=logging))
    scenario.watch()
    scenario.deploy(state_machine=machine(type="express", logging={**logging, "level": "error"}))
    scenario.recorder.run("show", "--last")
    scenario.recorder.run("graph", "--last")
    scenario.tear_down()


SCENARIOS: tuple[Callable[[Scenario], None], ...] = (
    _changed_all_over,
    _adopt,
    _by_the_bucket_itself,
    _on_its_own_bucket,
    _moved_between_buckets,
    _under_a_path_with_heirs,
    _with_heirs_under_a_path,
    _on_trails_of_others,
    _joined_by_others_while_it_leaves,
    _encrypted,
    _torn_down_while_it_runs,
    _with_log_files,
    _with_a_given_role,
    _watched_by_alarms,
    _express,
    _shown_with_its_map_run,
)


@pytest.fixture
def recorder(
    cloud: Cloud, cloud_state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Recorder:
    monkeypatch.setenv("SFNCTL_LOCAL", "1")
    monkeypatch.setenv("SFNCTL_STATE_DIR", str(cloud_state_dir))
    (tmp_path / "workflow.asl.json").write_text(json.dumps(HELLO))
    recorder = Recorder(tmp_path / "sfnctl.yaml")
    recorder.listen(monkeypatch)
    return recorder


@pytest.fixture
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the scenarios of a run leave their records, those of all workers."""
    base = tmp_path_factory.getbasetemp()
    records = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "exact-policies"
    records.mkdir(exist_ok=True)
    return records


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_each_policy_grants_exactly_what_its_command_needs(
    recorder: Recorder, cloud: Cloud, records: Path, scenario: Callable[[Scenario], None]
) -> None:
    """The scenario that ends last also looks for what no scenario has used."""
    account = make_account()
    recorder.enter(account)
    scenario(Scenario(recorder, connect_locally(cloud.endpoint_url, account=account)))
    assert "\n".join(sorted(recorder.lacking)) == ""
    recorder.save(records / scenario.__name__)
    if all((records / each.__name__).exists() for each in SCENARIOS):
        assert_all_is_used(*(records / each.__name__ for each in SCENARIOS))


def assert_all_is_used(*records: Path) -> None:
    whole = Recorder(Path())
    for record in records:
        whole.add(record)
    unused = [f"{command}: {each}" for command in COMMANDS for each in whole.unused(command)]
    assert "\n".join(unused) == ""
    assert whole.disputed_actions() == {}
    prefixes = {"resourcegroupstaggingapi": "tag", "stepfunctions": "states"}
    called = {
        f"{prefixes.get(service, service)}:{operation}"
        for service, operation in (name.split(":") for name in whole.operations)
    }
    assert {*_ACTIONS} <= called
