from __future__ import annotations

import http.client
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from local.local_account import Account, wait_until

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local import process, spawn
from sfn_s3_cli.local.process import Cloud, Running, Stale, Stopped
from sfn_s3_cli.local.state_dir import default_state_dir, lock


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "state" / "sfnctl"
    process.stop(tmp_path / "state" / "sfnctl")


def record(state_dir: Path, endpoint_url: str) -> Cloud:
    """Records a cloud at that address with the pid of this process, which no test may stop."""
    cloud = Cloud(endpoint_url, os.getpid(), "another instance", state_dir / "cloud.log")
    with lock(state_dir):
        process.write_record(state_dir, cloud)
    return cloud


def ensure_elsewhere(state_dir: Path) -> str:
    """The instance that another process gets."""
    script = (
        "import sys; from pathlib import Path; from sfn_s3_cli.local import process;"
        "print(process.ensure(Path(sys.argv[1])).instance)"
    )
    command = [sys.executable, "-c", script, str(state_dir)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def foreign_server(instance: str = "somebody else") -> Iterator[str]:
    """A web server of somebody else, which has this instance and refuses POST."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"instance": instance}).encode())

        def do_POST(self) -> None:
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name)
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_state_is_in_the_users_state_folder() -> None:
    assert default_state_dir({"XDG_STATE_HOME": "/x"}) == Path("/x/sfnctl")
    assert default_state_dir({"HOME": "/home/a"}) == Path("/home/a/.local/state/sfnctl")


def test_a_second_start_finds_the_first_cloud(state_dir: Path) -> None:
    assert process.read_status(state_dir) == Stopped()
    cloud = process.ensure(state_dir)
    assert process.ensure(state_dir) == process.find(state_dir) == cloud
    assert process.read_status(state_dir) == Running(cloud)
    assert process.stop(state_dir)
    assert spawn.has_ended(cloud.pid)
    assert process.read_status(state_dir) == Stopped()
    assert not process.stop(state_dir)


def test_simultaneous_starts_give_one_cloud(state_dir: Path) -> None:
    with ThreadPoolExecutor() as starts:
        instances = set(starts.map(ensure_elsewhere, [state_dir] * 3))
    cloud = process.find(state_dir)
    assert cloud is not None
    assert instances == {cloud.instance}


def test_a_start_after_a_kill_gives_a_new_cloud(state_dir: Path) -> None:
    killed = process.ensure(state_dir)
    os.kill(killed.pid, signal.SIGKILL)
    wait_until(lambda: spawn.has_ended(killed.pid))
    assert process.read_status(state_dir) == Stale(killed)
    fresh = process.ensure(state_dir)
    assert fresh.instance != killed.instance
    assert process.read_status(state_dir) == Running(fresh)


def test_stop_forgets_a_stale_cloud(state_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    stale = record(state_dir, url)
    assert process.read_status(state_dir) == Stale(stale)
    assert not process.stop(state_dir)
    assert process.read_status(state_dir) == Stopped()


def test_a_foreign_process_is_neither_used_nor_ended(state_dir: Path) -> None:
    with foreign_server() as url:
        foreign = record(state_dir, url)
        assert process.read_status(state_dir) == Stale(foreign)
        assert not process.stop(state_dir)


def test_a_refused_reset_is_an_error(state_dir: Path) -> None:
    with foreign_server("another instance") as url:
        record(state_dir, url)
        with pytest.raises(SfnctlError) as raised:
            process.empty(state_dir)
    assert raised.value.message == (
        f"the local cloud at {url} is not emptied, or not completely: it answers with HTTP status"
        " 404"
    )


def test_an_unreadable_record_counts_as_none(state_dir: Path) -> None:
    record(state_dir, "http://127.0.0.1:9")
    (state_dir / "cloud.json").write_text('{"pid": ')
    assert process.read_status(state_dir) == Stopped()


def test_a_cloud_that_does_not_answer_is_not_replaced(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cloud = record(state_dir, f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(SfnctlError, match=f"process {cloud.pid}.* does not answer"):
            process.ensure(state_dir)
        assert process.read_record(state_dir) == cloud


def test_a_cloud_without_its_folder_ends_itself(state_dir: Path) -> None:
    """Even while an execution waits in it."""
    cloud = process.ensure(state_dir)
    account = Account(cloud.endpoint_url, "000000000000")
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}
    machine = account.create_machine(json.dumps(wait))
    account.client("stepfunctions").start_execution(stateMachineArn=machine)
    shutil.rmtree(state_dir)
    wait_until(lambda: spawn.has_ended(cloud.pid))


def test_a_request_that_waits_at_the_end_is_no_error(state_dir: Path) -> None:
    cloud = process.ensure(state_dir)
    queue = Account(cloud.endpoint_url, "000000000000").client("sqs").create_queue(QueueName="q")
    waiting = http.client.HTTPConnection(cloud.endpoint_url.removeprefix("http://"))
    params = {"QueueUrl": queue["QueueUrl"], "WaitTimeSeconds": 20}
    scope = "AWS4-HMAC-SHA256 Credential=000000000000/20260102/eu-west-1/sqs/aws4_request"
    headers = {"X-Amz-Target": "AmazonSQS.ReceiveMessage", "Authorization": scope}
    waiting.request("POST", "/", json.dumps(params), headers)
    assert process.ensure(state_dir) == cloud, "the cloud answers later requests"
    process.stop(state_dir)
    waiting.close()
    assert "Traceback" not in cloud.log.read_text()


@pytest.mark.parametrize("path", [process.RESET, "/_sfnctl/state"])
def test_no_web_page_can_empty_or_read_the_cloud(account: Account, path: str) -> None:
    bucket = account.create_bucket()
    origin = {"Origin": "http://page.example"}
    request = urllib.request.Request(account.endpoint_url + path, method="POST", headers=origin)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)
    assert account.client("s3").head_bucket(Bucket=bucket)


def test_a_cloud_ends_itself_when_another_is_recorded(state_dir: Path) -> None:
    cloud = process.ensure(state_dir)
    process.write_record(state_dir, replace(cloud, instance="another"))
    wait_until(lambda: spawn.has_ended(cloud.pid))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux has /proc")
def test_the_cloud_gets_no_other_variables_of_the_user(cloud: Cloud) -> None:
    variables = Path(f"/proc/{cloud.pid}/environ").read_text().split("\0")
    names = {variable.partition("=")[0] for variable in variables if variable}
    assert names - {"PATH", "HOME", "TMPDIR"} == {
        "PYTHONPATH",
        "BIND_HOST",
        "MINISTACK_HOST",
        "GATEWAY_PORT",
        "LOG_LEVEL",
        "IOT_MTLS_ENABLED",
        "SFTP_ENABLED",
    }


def test_without_the_emulator_the_remedy_is_to_install_it(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SfnctlError) as raised:
        process.ensure(state_dir)
    assert raised.value.remedy == "install sfnctl with its extra `local`"


def test_a_failed_start_quotes_the_log_and_has_no_record(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spawn, "SERVER", "sfn_s3_cli.local.nowhere")
    with pytest.raises(SfnctlError, match=r"No module named sfn_s3_cli\.local\.nowhere"):
        process.ensure(state_dir)
    assert process.read_status(state_dir) == Stopped()
