from __future__ import annotations

import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from local.local_account import Account, until

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local import process
from sfn_s3_cli.local.process import Running, Stale, Stopped


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "state" / "sfnctl"
    process.stop(tmp_path / "state" / "sfnctl")


def _alive(pid: int) -> bool:
    return not process._gone(pid)


def _ensure_elsewhere(state_dir: Path) -> str:
    """The instance that another process is given."""
    script = (
        "import sys; from pathlib import Path; from sfn_s3_cli.local import process;"
        "print(process.ensure(Path(sys.argv[1])).instance)"
    )
    command = [sys.executable, "-c", script, str(state_dir)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def _foreign_server() -> Iterator[str]:
    """Somebody else's web server, which answers everything."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"instance": "somebody else"}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name)
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_state_lives_in_the_users_state_folder() -> None:
    assert process.default_state_dir({"XDG_STATE_HOME": "/x"}) == Path("/x/sfnctl")
    assert process.default_state_dir({"HOME": "/home/a"}) == Path("/home/a/.local/state/sfnctl")


def test_a_second_start_finds_the_first_cloud(state_dir: Path) -> None:
    assert process.status(state_dir) == Stopped()
    cloud = process.ensure(state_dir)
    assert process.ensure(state_dir) == process.find(state_dir) == cloud
    assert process.status(state_dir) == Running(cloud)


def test_starts_at_the_same_time_give_one_cloud(state_dir: Path) -> None:
    with ThreadPoolExecutor() as starts:
        instances = set(starts.map(_ensure_elsewhere, [state_dir] * 3))
    cloud = process.find(state_dir)
    assert cloud is not None
    assert instances == {cloud.instance}


def test_state_is_private(state_dir: Path) -> None:
    process.ensure(state_dir)
    assert state_dir.stat().st_mode & 0o777 == 0o700
    assert (state_dir / "cloud.json").stat().st_mode & 0o777 == 0o600


def test_stop_ends_the_process_and_can_be_repeated(state_dir: Path) -> None:
    cloud = process.ensure(state_dir)
    assert process.stop(state_dir)
    assert not _alive(cloud.pid)
    assert process.status(state_dir) == Stopped()
    assert not process.stop(state_dir)


def test_a_waiting_execution_does_not_keep_the_process(state_dir: Path) -> None:
    cloud = process.ensure(state_dir)
    account = Account(cloud.endpoint_url, "000000000000")
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}
    machine = account.machine(json.dumps(wait))
    account.client("stepfunctions").start_execution(stateMachineArn=machine)
    (state_dir / "cloud.json").unlink()
    until(lambda: not _alive(cloud.pid))


def test_a_killed_cloud_is_stale_and_the_next_start_gives_a_fresh_one(state_dir: Path) -> None:
    killed = process.ensure(state_dir)
    os.kill(killed.pid, signal.SIGKILL)
    until(lambda: not _alive(killed.pid))
    assert process.status(state_dir) == Stale(killed)
    fresh = process.ensure(state_dir)
    assert fresh.instance != killed.instance
    assert process.status(state_dir) == Running(fresh)


def test_stop_forgets_a_stale_cloud(state_dir: Path) -> None:
    killed = process.ensure(state_dir)
    os.kill(killed.pid, signal.SIGKILL)
    until(lambda: not _alive(killed.pid))
    assert not process.stop(state_dir)
    assert process.status(state_dir) == Stopped()


def test_a_foreign_process_with_our_pid_and_port_is_neither_used_nor_killed(
    state_dir: Path,
) -> None:
    ours = process.ensure(state_dir)
    with _foreign_server() as url:
        foreign = replace(ours, endpoint_url=url, pid=os.getpid(), instance="ended long ago")
        process.write_record(state_dir, foreign)
        assert process.status(state_dir) == Stale(foreign)
        assert not process.stop(state_dir)


def test_an_unreadable_record_counts_as_none(state_dir: Path) -> None:
    process.ensure(state_dir)
    (state_dir / "cloud.json").write_text('{"pid": ')
    assert process.status(state_dir) == Stopped()


def test_a_cloud_that_does_not_answer_is_not_replaced(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = process.ensure(state_dir)
    monkeypatch.setattr(process, "_ANSWER_SECONDS", 0.2)
    os.kill(cloud.pid, signal.SIGSTOP)
    try:
        with pytest.raises(SfnctlError, match=f"process {cloud.pid}.* does not answer"):
            process.ensure(state_dir)
    finally:
        os.kill(cloud.pid, signal.SIGCONT)


def test_a_cloud_ends_itself_without_its_record(state_dir: Path) -> None:
    cloud = process.ensure(state_dir)
    (state_dir / "cloud.json").unlink()
    until(lambda: not _alive(cloud.pid))


def test_a_cloud_ends_itself_without_its_folder(state_dir: Path) -> None:
    cloud = process.ensure(state_dir)
    shutil.rmtree(state_dir)
    until(lambda: not _alive(cloud.pid))


def test_a_cloud_ends_itself_when_the_record_names_another(state_dir: Path) -> None:
    cloud = process.ensure(state_dir)
    process.write_record(state_dir, replace(cloud, instance="another"))
    until(lambda: not _alive(cloud.pid))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux has /proc")
def test_the_cloud_knows_nothing_of_the_users_environment(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid")
    monkeypatch.setenv("MINISTACK_REGION", "eu-north-1")
    cloud = process.ensure(state_dir)
    names = {
        entry.partition("=")[0]
        for entry in Path(f"/proc/{cloud.pid}/environ").read_text().split("\0")
        if entry
    }
    assert names - {"PATH", "HOME", "TMPDIR"} == {
        "PYTHONPATH",
        "BIND_HOST",
        "MINISTACK_HOST",
        "GATEWAY_PORT",
        "LOG_LEVEL",
        "IOT_MTLS_ENABLED",
        "SFTP_ENABLED",
    }


def test_without_the_emulator_the_hint_says_what_to_install(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SfnctlError) as raised:
        process.ensure(state_dir)
    assert raised.value.remedy == "pip install 'sfnctl[local]'"


def test_a_failed_start_quotes_the_log_and_leaves_no_record(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_SERVER", "sfn_s3_cli.local.nowhere")
    with pytest.raises(SfnctlError, match=r"No module named sfn_s3_cli\.local\.nowhere"):
        process.ensure(state_dir)
    assert process.status(state_dir) == Stopped()
