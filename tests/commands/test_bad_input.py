"""Bad input to commands: one clear error at its place, its exit code, nothing changed.

The errors of files are tested without a command in tests/config, tests/checks and tests/documents;
here a sample of them is enough.
"""

from __future__ import annotations

import json
import re
import resource
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import reliability_figures
from checks.bad_definitions import DEFINITIONS
from config.bad_configs import FILES, GOOD, HUGE, VALUES, VARIABLES, BadFile, BadValue
from pipelines import HELLO
from sfnctl_script import SFNCTL, RunResult, Sfnctl

MOST_SECONDS = 8
"""Of processor time. Most commands need a quarter of a second."""

CONFIG = "".join(f"{key}: {value}\n" for key, value in GOOD.items())
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


class Silence:
    """An address in place of AWS that notes whether it is called."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    @property
    def was_called(self) -> bool:
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def silence() -> Iterator[Silence]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield Silence(listener)


@pytest.fixture
def project(sfnctl: Sfnctl, silence: Silence) -> Sfnctl:
    """A project that could be deployed if AWS answered."""
    sfnctl.environ |= {**VARIABLES, **KEYS, "AWS_ENDPOINT_URL": silence.url, "AWS_REGION": "xx-x-1"}
    sfnctl.write("w.asl.json", json.dumps(HELLO))
    sfnctl.write("sfnctl.yaml", CONFIG)
    return sfnctl


def describe_files(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Everything in a folder, with its type, its size and its time of change."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {
        str(path): (about.st_mode, about.st_size, about.st_mtime_ns)
        for path, about in found.items()
    }


def measure_processor_time() -> float:
    """Processor time of all child processes that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_refused(project: Sfnctl, *arguments: str, code: int = 2) -> RunResult:
    """Runs a command that must fail quickly and change no file."""
    reliability_figures.count("bad inputs")
    before, began = describe_files(project.folder.parent), measure_processor_time()
    ended = project(*arguments, code=code)
    assert measure_processor_time() - began < MOST_SECONDS
    assert describe_files(project.folder.parent) == before
    assert ended.out == ""
    assert "Traceback" not in ended.err
    return ended


def read_problems(error: str) -> str:
    """The problems on stderr as bad_configs.py writes them."""
    *lines, last = error.removesuffix("\n").split("\n")
    if last.startswith("Hint: "):
        return f"{lines[-1]} ({last.removeprefix('Hint: ')})"
    assert re.fullmatch(r"Error: (one problem|\d+ problems) in the configuration", last), error
    text = "; ".join(line.removeprefix("sfnctl.yaml:").lstrip(" ") for line in lines)
    for remedy in re.findall(r"^ {4}(.*)$", error, re.MULTILINE):
        text = text.replace(f"; {remedy}", f" ({remedy})")
    return text


BAD = (
    (*FILES, *VALUES, *HUGE)
    if reliability_figures.TEST_ALL
    else (*FILES[::10], *VALUES[::20], HUGE[0])
)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad[0]}: {bad[1]}"[:50])
def test_a_bad_config_calls_no_aws(
    project: Sfnctl, silence: Silence, bad: BadFile | BadValue
) -> None:
    (project.folder / "sfnctl.yaml").write_bytes(bad.content)
    ended = run_refused(project, "deploy", "--yes")
    assert read_problems(ended.err) == bad.problems
    assert not silence.was_called


def test_at_most_a_hundred_problems_are_shown(project: Sfnctl) -> None:
    project.write("sfnctl.yaml", CONFIG + "name: x\n" * 100_000)
    lines = run_refused(project, "plan").err.splitlines()
    assert lines[0] == "sfnctl.yaml:4:1: the key 'name' is defined twice"
    assert lines[-1] == "Error: 100 problems in the configuration"
    assert len(lines) == 201  # each with its remedy


@pytest.mark.parametrize(
    ("name", "content", "error"),
    DEFINITIONS if reliability_figures.TEST_ALL else DEFINITIONS[::8],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_definition_calls_no_aws(
    project: Sfnctl, silence: Silence, name: str, content: bytes, error: str
) -> None:
    path = project.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    project.write("sfnctl.yaml", CONFIG.replace("w.asl.json", name.partition("/")[0]))
    assert run_refused(project, "deploy", "--yes").err.startswith(error)
    assert not silence.was_called


PATHS = [
    ("/dev/zero", "/dev/zero: this is not a regular file"),
    ("", ".: this is not a regular file"),
    ("-", "-: the file does not exist\n    `sfnctl init` writes one"),
    ("sfnctl.yaml/x", "sfnctl.yaml/x: cannot be read: Not a directory"),
    ("x" * 300, f"{'x' * 300}: cannot be read: File name too long"),
    ("\x1b[2J.yaml", "\\x1b[2J.yaml: the file does not exist"),
]


@pytest.mark.parametrize(("path", "error"), PATHS, ids=lambda value: ascii(value)[:30])
def test_a_config_path_that_cannot_be_read_is_named(project: Sfnctl, path: str, error: str) -> None:
    assert run_refused(project, "plan", "--config", path).err.startswith(f"{error}\n")


ARGUMENTS = [
    ("deplyo", "No such command 'deplyo'. Did you mean 'deploy', 'demo'?", "sfnctl"),
    ("local stpo", "No such command 'stpo'. Did you mean 'stop'?", "sfnctl local"),
    ("deploy --yess", "No such option: --yess (Possible options: --yes)", "sfnctl deploy"),
    ("--regoin x plan", "No such option: --regoin (Possible options: --region)", "sfnctl"),
    ("plan now", "Got unexpected extra argument(s) (now)", "sfnctl plan"),
    ("deploy --expect", "Option '--expect' requires an argument.", "sfnctl"),
    (
        "deploy --expect zz",
        "Invalid value for '--expect': expected the 12 digits and letters that `sfnctl plan` prin",
        "sfnctl deploy",
    ),
    ("plan --region", "Option '--region' requires an argument.", "sfnctl"),
    (
        "watch-executions --since yesterday",
        "Invalid value for '--since': expected a duration such as 15m or 1h30m, or a time such as",
        "sfnctl watch-executions",
    ),
    (
        "watch-executions --count 0",
        "Invalid value for '--count': expected at least 1",
        "sfnctl watch-executions",
    ),
    (
        "watch-executions --count two",
        "Invalid value for '--count': expected a whole number",
        "sfnctl watch-executions",
    ),
    (
        "local start --port 99999",
        "Invalid value for '--port': expected at most 65535",
        "sfnctl local start",
    ),
    ("watch-executions --status DONE", "Invalid value for '--status': ", "sfnctl watch-executions"),
    (
        "watch-executions --input all",
        "Invalid value for '--input': 'all' is not one of 'none', ",
        "sfnctl watch-executions",
    ),
    (
        "permissions",
        "Missing argument 'COMMAND'. Choose from: init, plan, deploy, ",
        "sfnctl permissions",
    ),
    ("validate --output xml", "Invalid value for '--output' / '-o' ", "sfnctl"),
    ("init x --name", "Option '--name' requires an argument.", "sfnctl"),
    ("deploy --yes=no", "Option '--yes' does not take a value.", "sfnctl"),
]


@pytest.mark.parametrize(("arguments", "error", "program"), ARGUMENTS)
def test_bad_arguments_are_named_with_a_help_command(
    project: Sfnctl, arguments: str, error: str, program: str
) -> None:
    first, last = run_refused(project, *arguments.split()).err.splitlines()
    assert first.startswith(f"Error: {error}")
    assert last == f"Hint: see `{program} --help`"


@pytest.mark.parametrize("arguments", ["deplyo -o json", "-ojson deploy --yess", "local -o json"])
def test_bad_arguments_are_reported_as_json(project: Sfnctl, arguments: str) -> None:
    error = json.loads(run_refused(project, *arguments.split()).err)
    assert (error["type"], error["exit_code"]) == ("error", 2)
    assert error["remedy"].startswith("see `sfnctl")


def test_a_variable_with_a_bad_option_is_named(project: Sfnctl) -> None:
    project.environ["SFNCTL_OUTPUT"] = "xml"
    assert "(env var: 'SFNCTL_OUTPUT')" in run_refused(project, "plan").err


def test_control_characters_in_arguments_are_escaped(project: Sfnctl) -> None:
    error = run_refused(project, "\x1b]52;c;aGk=\x07", "--\x1b[2J").err
    assert "\x1b" not in error
    assert "\x07" not in error


INIT = [
    ("--name ../x --bucket acme", 2, "--name: expected 1 to 40 lower-case letters"),
    ("--name /x --bucket acme", 2, "--name: expected 1 to 40 lower-case letters"),
    ("--name ~ --bucket acme", 2, "--name: expected 1 to 40 lower-case letters"),
    ("--name x --bucket ../acme", 2, "--bucket: expected a bucket name"),
    (
        "--name x --bucket acme --template ../hello",
        2,
        "Error: ../hello is not a folder",
    ),
    ("--name x --bucket acme --template /", 2, "/template.yaml: the file does not exist"),
    (
        "w.asl.json --name x --bucket acme",
        2,
        "Error: Invalid value for 'DIR': dir 'w.asl.json' is a file.",
    ),
    ("/proc/x --name x --bucket acme", 1, "Error: /proc/x cannot be written: No such file"),
    ("/dev/full/x --name x --bucket acme", 1, "Error: /dev/full/x cannot be written: Not a dir"),
]


@pytest.mark.parametrize(("arguments", "code", "error"), INIT)
def test_init_with_bad_arguments_writes_nothing(
    project: Sfnctl, arguments: str, code: int, error: str
) -> None:
    ended = run_refused(project, "init", *arguments.split(), code=code)
    assert ended.err.startswith(error)


def test_init_fails_if_it_cannot_print(project: Sfnctl) -> None:
    """Only stdout is full: the files are written, and the exit code says that something failed."""
    reliability_figures.count("bad inputs")
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [SFNCTL, "init", "new", "--name", "x", "--bucket", "acme"],
            cwd=project.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (run.returncode, run.stderr) == (
        1,
        "Error: cannot write to <stdout>: No space left on device\n",
    )


@pytest.mark.parametrize("arguments", ["plan --config absent", "deplyo"])
def test_an_error_that_cannot_be_printed_sets_the_exit_code(
    project: Sfnctl, arguments: str
) -> None:
    reliability_figures.count("bad inputs")
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [SFNCTL, *arguments.split()], cwd=project.folder, stderr=full, check=False
        )
    assert run.returncode == 2
