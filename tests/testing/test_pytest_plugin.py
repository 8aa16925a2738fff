"""The pytest plugin, in a pytest of its own, as users run it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from sfnctl_script import Sfnctl
from testing.pipeline_folder import write_config

ROOT = Path(__file__).parent.parent.parent

TEST = """
import pytest

@pytest.mark.parametrize("number", range(2))
def test_upload(pipeline, local_cloud, number):
    pipeline.upload("in/a", "text")
    assert pipeline.wait().path == ["Hello"]
    assert len(pipeline.executions()) == 1
    with open(f"{number}.txt", "w") as file:
        file.write(local_cloud.endpoint_url)
"""


def run_pytest(folder: Path, *arguments: str, code: int = 0) -> str:
    """Runs it with the plugin and with xdist only, and returns its output."""
    plugins = ("-p", "sfn_s3_cli.testing.plugin", "-p", "xdist", "-p", "no:cacheprovider")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-q", "-W", "error", *arguments],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout


def write_test(folder: Path, text: str) -> None:
    """Writes a pipeline, and a test two folders below its config."""
    write_config(folder)
    tests = folder / "tests" / "unit"
    tests.mkdir(parents=True)
    (tests / "test_it.py").write_text(text)


def is_open(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as client:
        return client.connect_ex((host, int(port))) == 0


def test_each_worker_has_a_cloud_that_ends_with_it(tmp_path: Path) -> None:
    write_test(tmp_path, TEST)
    assert "2 passed" in run_pytest(tmp_path, "-n", "2")
    urls = {(tmp_path / f"{number}.txt").read_text() for number in range(2)}
    assert len(urls) == 2
    assert not any(map(is_open, urls))


OTHER_CONFIG = """
import pytest
from pathlib import Path

@pytest.fixture
def sfnctl_config(tmp_path):
    other = Path("sfnctl.yaml").read_text().replace("orders", "returns")
    (tmp_path / "other.yaml").write_text(other)
    (tmp_path / "workflow.asl.json").write_text(Path("workflow.asl.json").read_text())
    return tmp_path / "other.yaml"

@pytest.fixture(autouse=True)
def table(local_account):
    local_account.client("sqs").create_queue(QueueName="before")

def test_it(pipeline):
    assert pipeline.name == "returns"
    assert pipeline.client("sqs").get_queue_url(QueueName="before")
"""


def test_tests_share_a_cloud_that_ends_with_the_run(tmp_path: Path) -> None:
    """With another config, in an account prepared before; and a wait in vain names its line."""
    write_test(tmp_path, TEST)
    folder = tmp_path / "tests" / "unit"
    (folder / "test_other.py").write_text(OTHER_CONFIG)
    (folder / "test_wait.py").write_text("def test_it(pipeline):\n    pipeline.wait('x')\n")
    shown = run_pytest(tmp_path, code=1)
    assert "1 failed, 3 passed" in shown
    assert "tests/unit/test_wait.py:2: NotEndedError" in shown
    assert "sfn_s3_cli/testing" not in shown
    (url,) = {(tmp_path / f"{number}.txt").read_text() for number in range(2)}
    assert not is_open(url)


def test_problems_are_shown_without_a_traceback(tmp_path: Path) -> None:
    write_test(tmp_path, "def test_it(pipeline): pass")
    config = tmp_path / "sfnctl.yaml"
    config.write_text(config.read_text().replace('"bucket"', '"buket"'))
    shown = run_pytest(tmp_path, code=1)
    assert "Traceback" not in shown
    assert "During handling" not in shown
    assert f"{config}:1:" in shown
    assert "did you mean" in shown
    config.unlink()
    shown = re.sub(r"\s+", " ", run_pytest(tmp_path, code=1))
    assert "has a sfnctl.yaml: write a fixture `sfnctl_config`" in shown


def test_the_examples_of_the_page_work(sfnctl: Sfnctl) -> None:
    """Each in a file of its own; one that is only a fixture gets a test that uses it."""
    sfnctl("init", ".", "--template", "copy", "--name", "orders", "--bucket", "acme-orders")
    blocks = (ROOT / "docs" / "pytest.md").read_text().split("```python\n")[1:]
    for number, block in enumerate(blocks):
        code = block.partition("```")[0]
        used = "shared" if "def shared(" in code else "pipeline"
        more = "" if "def test_" in code else f"\n\ndef test_it({used}):\n    assert {used}.name\n"
        sfnctl.write(f"test_{number}.py", code + more)
    names = [f"test_{number}.py" for number in range(len(blocks))]
    assert f"{len(blocks)} passed" in run_pytest(sfnctl.folder, *names)


def test_the_plugin_loads_no_more_than_pytest_needs() -> None:
    probe = (
        "import sys, pytest; before = {*sys.modules}; import sfn_s3_cli.testing.plugin;"
        "print(*sorted({*sys.modules} - before))"
    )
    command = [sys.executable, "-c", probe]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert {each for each in loaded if each.startswith("sfn_s3_cli")} == {
        "sfn_s3_cli",
        "sfn_s3_cli.local",
        "sfn_s3_cli.local.testing",
        "sfn_s3_cli.local.testing.task_failed",
        "sfn_s3_cli.testing",
        "sfn_s3_cli.testing.cloud",
        "sfn_s3_cli.testing.pipeline",
        "sfn_s3_cli.testing.plugin",
    }
    heavy = {"boto3", "botocore", "ministack", "pydantic", "rich", "typer", "yaml"}
    assert not heavy & {*loaded}


STARTS_A_CLOUD = """
import sys, time
from pathlib import Path
from sfn_s3_cli.testing.cloud import run_cloud

with run_cloud(Path(sys.argv[1])) as cloud:
    print(cloud.endpoint_url, flush=True)
    time.sleep(600)
"""


def test_a_killed_test_run_takes_its_cloud_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTS_A_CLOUD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        host, port = starter.stdout.readline().strip().removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=60) as client:
            starter.kill()
            assert client.recv(1) == b""  # the cloud closes it when it ends
