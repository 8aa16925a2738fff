"""`sfnctl local` and `sfnctl demo`, through the installed script."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

from local.local_account import REGION, Account, wait_until
from local.test_repaired_running import define, put, run_to_end
from pipelines import HELLO, pipeline_config
from sfnctl_script import SFNCTL, Sfnctl

from sfn_s3_cli.aws.client import connect_locally
from sfn_s3_cli.local.spawn import has_ended


def test_the_cloud_is_started_found_and_stopped(own_cloud: Sfnctl) -> None:
    assert own_cloud("local", "status").out == "stopped\n"
    started = own_cloud("local", "start").out
    assert started.startswith("running at http://127.0.0.1:")
    assert own_cloud("local", "start").out == own_cloud("local", "status").out == started
    assert own_cloud("local", "stop").out == "stopped\n"
    assert own_cloud("local", "status", "-ojson").document == {
        "v": 1,
        "type": "local",
        "status": "stopped",
    }


def test_killed_cloud_is_reported_and_replaced(own_cloud: Sfnctl) -> None:
    pid = own_cloud("local", "start", "-o", "json").document["pid"]
    os.kill(pid, signal.SIGKILL)
    assert f"no longer running: process {pid} ended" in own_cloud("local", "status").out
    again = own_cloud("local", "start")
    assert (
        again.err == "The local cloud had stopped, and its contents are lost. Starting a new one.\n"
    )


def test_env_starts_nothing_and_fails_in_the_shell(own_cloud: Sfnctl) -> None:
    ended = own_cloud("local", "env", code=1)
    assert ended.out == "false  # no local cloud is running\n"
    assert ended.err == "Error: no local cloud is running\nHint: run `sfnctl local start`\n"
    assert own_cloud("local", "status").out == "stopped\n"
    script = f"eval \"$('{SFNCTL}' local env 2> /dev/null)\" && echo this would use AWS"
    run = subprocess.run(
        ["bash", "-c", script],
        env=own_cloud.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (1, "", "")


def test_start_listens_on_the_port_or_says_who_has_it(own_cloud: Sfnctl) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = own_cloud("local", "start", "--port", str(port), code=2)
    assert refused.err == (
        f"Error: cannot use port {port}: Address already in use\n"
        "Hint: free that port, or choose another one with `sfnctl local start --port`\n"
    )
    assert own_cloud("local", "status").out == "stopped\n"
    started = own_cloud("local", "start", "--port", str(port)).out
    assert started.startswith(f"running at http://127.0.0.1:{port} (process ")
    assert own_cloud("local", "start").out == started
    for option in (("--port", str(port + 1)), ("--persist",), ("--lenient",)):
        other = own_cloud("local", "start", *option, code=2)
        ports = f"on port {port}, not on port {port + 1}"
        how = ports if option[0] == "--port" else f"without {option[0]}"
        assert other.err == (
            f"Error: the local cloud is already running {how}\n"
            "Hint: run `sfnctl local stop`, which deletes its data, and start it again\n"
        )


def test_a_kept_state_survives_a_stop_and_a_kill(own_cloud: Sfnctl) -> None:
    """With the same ARNs, versions, aliases, objects and rules: the next plan is empty."""
    data = own_cloud.folder.parent / ".local/state/sfnctl/data"
    started = own_cloud("local", "start", "--persist").out
    assert started.endswith(f")\nkeeps its state in {data}\n")
    url = started.split()[2]
    account = "111111111111"
    own_cloud.write(
        "sfnctl.yaml", pipeline_config(account, bucket={"name": "kept", "create": True})
    )
    own_cloud.write("workflow.asl.json", json.dumps(HELLO))
    own_cloud("--local", "deploy", "--yes")
    aws = connect_locally(url, account=account)
    aws.s3.put_object(Bucket="kept", Key="incoming/a b.json", Body=b"1")
    own_cloud("--local", "watch-executions", "--object", "incoming/a b.json")

    assert own_cloud("local", "stop").out == f"stopped; its state is kept in {data}\n"
    assert own_cloud("local", "status").out == f"stopped; its state is kept in {data}\n"
    unchanged = "Nothing to do.\n"
    assert own_cloud("--local", "plan").out == unchanged
    assert own_cloud("local", "status").out.startswith(f"running at {url} ")
    [listed] = aws.s3.list_objects_v2(Bucket="kept")["Contents"]
    assert listed["Key"] == "incoming/a b.json"

    aws.s3.put_object(Bucket="kept", Key="incoming/b.json", Body=b"2")
    waiting = Account(url, account)
    wait = {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}
    machine = waiting.create_machine(define(wait))
    sfn = waiting.client("stepfunctions", REGION)
    execution = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    aws.sqs.create_queue(QueueName="mine")
    wait_until(lambda: "/mine" in (data / "services/sqs.json").read_text())
    pid = own_cloud("local", "status", "-ojson").document["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: has_ended(pid))
    assert own_cloud("local", "status").out == (
        f"no longer running: process {pid} ended without `sfnctl local stop`, and its state is"
        f" kept in {data}\n"
    )
    again = own_cloud("--local", "plan")
    assert (again.out, again.err.splitlines()[0]) == (
        unchanged,
        f"The local cloud had stopped. Starting it with the state in {data}.",
    )
    assert aws.s3.get_object(Bucket="kept", Key="incoming/b.json")["Body"].read() == b"2"
    lost = sfn.describe_execution(executionArn=execution)
    assert (lost["status"], lost["error"]) == ("FAILED", "States.ServiceRestart")
    sfn.redrive_execution(executionArn=execution)
    sfn.delete_state_machine(stateMachineArn=machine)
    sfn.stop_execution(executionArn=execution)
    assert aws.sqs.get_queue_url(QueueName="mine")["QueueUrl"] == f"{url}/{account}/mine"
    aws.s3.put_object(Bucket="kept", Key="incoming/c.json", Body=b"3")
    seen = own_cloud(
        *("--local", "watch-executions", "--key", "*c.json", "--since", "1m", "--count", "1")
    )
    assert "SUCCEEDED" in seen.out

    assert own_cloud("local", "reset").out == f"empty; still running at {url}\n"
    assert aws.s3.list_buckets()["Buckets"] == []
    own_cloud("local", "stop")
    assert [own_cloud("local", "reset").out for _ in range(2)] == [
        f"stopped; the state that was kept in {data} is deleted\n",
        "stopped; nothing was kept\n",
    ]
    assert own_cloud("local", "status").out == "stopped\n"
    assert not data.exists()


def test_logs_name_the_calls_that_roles_may_not_make(own_cloud: Sfnctl) -> None:
    assert own_cloud("local", "logs", code=1).err == (
        "Error: there is no log: no local cloud was started\nHint: run `sfnctl local start`\n"
    )
    url = own_cloud("local", "start").out.split()[2]
    assert own_cloud("local", "logs").out == ""
    account = Account(url, "111111111111")
    sfn = account.client("stepfunctions")
    machine = account.create_machine(define({"Put": put("b", "red\x1b[31m", End=True)}))

    def run() -> None:
        started = sfn.start_execution(stateMachineArn=machine)
        assert run_to_end(account, started["executionArn"])["error"] == "S3.S3Exception"

    run()
    with own_cloud.running("local", "logs", "--follow") as follower:
        assert follower.stdout
        first = follower.stdout.readline()
        assert "is not authorized to perform: s3:PutObject on resource" in first
        assert "red?[31m" in first
        run()
        assert follower.stdout.readline() != ""
        own_cloud("local", "stop")
        assert follower.stdout.read() == ""
    assert own_cloud("local", "logs").out.count("\n") == 2
    assert own_cloud("local", "logs", "--tail", "1", "-ojson").document["type"] == "log"


def test_a_lenient_cloud_lets_roles_do_everything(own_cloud: Sfnctl) -> None:
    started = own_cloud("local", "start", "--lenient").out
    assert started.endswith(")\ndoes not check what roles may do (--lenient)\n")
    account = Account(started.split()[2], "111111111111")
    sfn, bucket = account.client("stepfunctions"), account.create_bucket()
    machine = sfn.create_state_machine(
        name="machine",
        definition=define({"Put": put(bucket, "a", End=True)}),
        roleArn="arn:aws:iam::111111111111:role/missing",
    )["stateMachineArn"]
    started = sfn.start_execution(stateMachineArn=machine)
    assert run_to_end(account, started["executionArn"])["status"] == "SUCCEEDED"


def test_reset_ends_executions(own_cloud: Sfnctl) -> None:
    url = own_cloud("local", "start").out.split()[2]
    account = Account(url, "111111111111")
    bucket = account.create_bucket()
    wait = {"Type": "Wait", "Seconds": 1, "Next": "Put"}
    machine = account.create_machine(
        define({"Wait": wait, "Put": put(bucket, "a", End=True)}), may=["s3:*"]
    )
    account.client("stepfunctions").start_execution(stateMachineArn=machine)
    assert own_cloud("local", "reset").out == f"empty; still running at {url}\n"
    account.client("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    again = account.create_machine(
        define({"Wait": {**wait, "Seconds": 2, "Next": "Done"}, "Done": {"Type": "Succeed"}})
    )
    started = account.client("stepfunctions").start_execution(stateMachineArn=again)
    assert run_to_end(account, started["executionArn"])["status"] == "SUCCEEDED"
    assert account.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0


POISON = {
    "AWS_PROFILE": "unknown",
    "AWS_SESSION_TOKEN": "real",
    "AWS_SECURITY_TOKEN": "real",
    "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "intranet.example",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_SNS": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_ATHENA": "http://127.0.0.1:9",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
}


def test_env_points_other_tools_at_the_local_cloud(
    own_cloud: Sfnctl,
) -> None:
    own_cloud("local", "start")
    python = Path(SFNCTL).with_name("python")
    calls = (
        *("client('s3').list_buckets()['Buckets']", "client('sns').list_topics()['Topics']"),
        "client('sts').get_caller_identity()['Account']",
        "client('athena').meta.endpoint_url.rpartition(':')[0]",
    )
    code = f"import boto3; print({', '.join(f'boto3.{call}' for call in calls)})"
    script = f"eval \"$('{SFNCTL}' local env)\" && '{python}' -c \"{code}\"; echo $NO_PROXY"
    run = subprocess.run(
        ["bash", "-c", script],
        env=own_cloud.environment | POISON,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr) == (
        "[] [] 000000000000 http://127.0.0.1\nintranet.example,127.0.0.1\n",
        "",
    )
    environment = own_cloud("local", "env", "--output", "json").document
    assert environment["variables"]["AWS_ACCESS_KEY_ID"] == "000000000000"
    assert "AWS_PROFILE" in environment["unset"]
    assert "AWS_ENDPOINT_URL_SNS" in environment["unset"]
    assert "NO_PROXY" not in environment["variables"]


def test_demo_shows_a_pipeline_for_each_source(sfnctl: Sfnctl) -> None:
    sfnctl.environ |= {"SFNCTL_CONFIG": "elsewhere.yaml", "SFNCTL_OUTPUT": "text"}
    ended = sfnctl("demo")
    for via in ("cloudtrail", "s3"):
        assert f"  SUCCEEDED  s3://acme-{via}/incoming/sample1.json  34 B  PutObject" in ended.out
        assert f"Tore down hello-{via}: " in ended.out
    assert ended.out.count('"source": "aws.s3"') == 2
