"""Bad input through the command: one clear error at its place, its exit code, nothing changed."""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import figures
import pytest
from bad_configs import FILES, GOOD, VALUES, BadFile, BadValue
from pipelines import HELLO
from script import SFNCTL, Ended, Sfnctl

from sfn_s3_cli.checks.offline import validate
from sfn_s3_cli.config.load import load
from sfn_s3_cli.errors import ConfigError, UsageError

MOST_SECONDS = 8
"""Of the processor. Nearly every bad input is refused in a quarter of one."""

CONFIG = "".join(f"{key}: {value}\n" for key, value in GOOD.items())
VARIABLES = {"EMPTY": "", "LATIN": os.fsdecode(b"\xfc")}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


class Silence:
    """An address that stands for AWS, and whether anybody has called it."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    @property
    def was_broken(self) -> bool:
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
    """A project that could be deployed, if anybody answered."""
    sfnctl.environ |= {**VARIABLES, **KEYS, "AWS_ENDPOINT_URL": silence.url, "AWS_REGION": "xx-x-1"}
    sfnctl.write("w.asl.json", json.dumps(HELLO))
    sfnctl.write("sfnctl.yaml", CONFIG)
    return sfnctl


def held(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Everything below a folder, with its type, its size and when it was written."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {
        str(path): (about.st_mode, about.st_size, about.st_mtime_ns)
        for path, about in found.items()
    }


def spent() -> float:
    """Seconds of the processor, by all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def refused(project: Sfnctl, *arguments: str, code: int = 2) -> Ended:
    """The run of a command that must end soon and change no file."""
    figures.count("bad inputs")
    before, began = held(project.folder.parent), spent()
    ended = project(*arguments, code=code)
    assert spent() - began < MOST_SECONDS
    assert held(project.folder.parent) == before
    assert ended.out == ""
    assert "Traceback" not in ended.err
    return ended


def told(error: str) -> str:
    """The problems of the config on one line, each as `line:column: message (hint)`."""
    *lines, last = error.removesuffix("\n").split("\n")
    if last.startswith("Hint: "):
        return f"{lines[-1]} ({last.removeprefix('Hint: ')})"
    text = "\n".join(line.removeprefix("sfnctl.yaml:").lstrip(" ") for line in lines)
    assert re.fullmatch(r"Error: (one problem|\d+ problems) in the configuration", last), error
    hinted = re.compile(r"^ {4}(.*)$", re.MULTILINE)
    remedies = set(hinted.findall(error))
    whole = ""
    for line in text.split("\n"):
        whole += f" ({line})" if line in remedies else f"; {line}"
    return whole.removeprefix("; ")


def in_words(error: ConfigError) -> str:
    """The same of an error that was raised."""
    return "; ".join(
        re.sub("^sfnctl.yaml:? ?", "", f"{each.location}: {each.message}")
        + (f" ({each.remedy})" if each.remedy else "")
        for each in error.problems
    )


BAD = (*FILES, *(VALUES if figures.TEST_ALL else VALUES[::8]))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad[0]}: {bad[1]}"[:50])
def test_a_bad_config_is_refused_at_its_place_and_nothing_is_asked_of_aws(
    project: Sfnctl, silence: Silence, bad: BadFile | BadValue
) -> None:
    (project.folder / "sfnctl.yaml").write_bytes(bad.content)
    ended = refused(project, "deploy", "--yes")
    assert told(ended.err) == bad.told
    assert not silence.was_broken


@pytest.mark.parametrize("bad", VALUES, ids=lambda bad: f"{bad.key}: {bad.value}"[:50])
def test_a_bad_value_is_explained(
    bad: BadValue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("w.asl.json").write_text(json.dumps(HELLO))
    Path("sfnctl.yaml").write_bytes(bad.content)
    assert told_in_process(Path("sfnctl.yaml")) == bad.told


def told_in_process(config: Path) -> str:
    try:
        validate(config, load(config, VARIABLES))
    except ConfigError as error:
        return in_words(error)
    except UsageError as error:
        return f"Error: {error.message} ({error.remedy})"
    return "nothing"


def test_mistakes_without_end_are_told_up_to_a_hundred(project: Sfnctl) -> None:
    project.write("sfnctl.yaml", CONFIG + "name: x\n" * 100_000)
    lines = refused(project, "plan").err.splitlines()
    assert lines[0] == "sfnctl.yaml:4:1: the key 'name' stands here twice"
    assert lines[-1] == "Error: 100 problems in the configuration"
    assert len(lines) == 201  # each with its remedy


def test_a_byte_order_mark_is_no_mistake(project: Sfnctl) -> None:
    (project.folder / "sfnctl.yaml").write_bytes(b"\xef\xbb\xbf" + CONFIG.encode())
    assert project("validate", "--offline").out == "sfnctl.yaml and w.asl.json are valid.\n"


DEFINITIONS = [
    ("w.asl.json", b"", "w.asl.json:1:1: the file is empty"),
    ("w.asl.json", b"StartAt: A\n", "w.asl.json:1:1: not JSON: expecting value"),
    ("w.asl.json", b"[]", "w.asl.json:1:1: expected a mapping, found a list"),
    ("w.asl.json", b"{'StartAt': 'A'}", "w.asl.json:1:2: not JSON: expecting property name"),
    ("w.asl.json", b'{"StartAt": "A",}', "w.asl.json:1:17: not JSON: expecting property name"),
    ("w.asl.json", b'{"StartAt": "A"} {}', "w.asl.json:1:18: not JSON: extra data"),
    ("w.asl.json", b'{"StartAt": "A"}', "w.asl.json:1:1: error: the definition has no States"),
    (
        "w.asl.json",
        b'{"StartAt": "A", "States": {}}',
        "w.asl.json:1:28: error: the States of the definition are",
    ),
    ("w.asl.json", b'"\xe9"', "w.asl.json:1:2: this is not UTF-8\n    save the file as UTF-8"),
    ("w.asl.json", b"[" * 100_000 + b"]" * 100_000, "w.asl.json:1:1: nested too deeply"),
    ("w.asl.json", b" " * (2 << 20), "sfnctl.yaml:3:29: w.asl.json: the file is larger than 1 MiB"),
    ("w.asl.json", b'{"a": 1, "a": 2}', "w.asl.json:1:1: error: the definition has no StartAt"),
    ("w.asl.yaml", b"StartAt: !Ref A\n", "w.asl.yaml:1:1: error: the definition has no States"),
    ("w.asl.yaml", b"a: [\n", "w.asl.yaml:2:1: not YAML: expected the node content"),
    ("w.txt", b"{}", "sfnctl.yaml:3:29: w.txt: a definition is a .json, .yaml or .yml file"),
    ("folder.json/x", b"", "sfnctl.yaml:3:29: folder.json: this is not a regular file"),
]


@pytest.mark.parametrize(
    ("name", "content", "error"), DEFINITIONS, ids=lambda value: str(value)[:40]
)
def test_a_bad_definition_is_refused_at_its_place(
    project: Sfnctl, silence: Silence, name: str, content: bytes, error: str
) -> None:
    path = project.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    project.write("sfnctl.yaml", CONFIG.replace("w.asl.json", name.partition("/")[0]))
    assert refused(project, "deploy", "--yes").err.startswith(error)
    assert not silence.was_broken


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def unreadable(path: Path) -> None:
    """A file that nobody can read, be it root."""
    path.symlink_to("/proc/self/mem")


def closed(path: Path) -> None:
    """A file that nobody but root can read."""
    path.touch(mode=0o000)


def leave(_path: Path) -> None:
    """There is no such file."""


NOT_FILES: list[tuple[Callable[[Path], object], str]] = [
    (leave, "there is no such file\n    `sfnctl init` writes one"),
    (link_to_nothing, "there is no such file\n    `sfnctl init` writes one"),
    (link_to_itself, "cannot be read: Too many levels of symbolic links"),
    (Path.mkdir, "this is not a regular file\n    name a file"),
    (os.mkfifo, "this is not a regular file\n    name a file"),
    (unreadable, "cannot be read: Input/output error"),
    (closed, "cannot be read: Permission denied"),
]


@pytest.mark.parametrize(
    ("make", "problem"), NOT_FILES, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_is_no_file_is_no_config(
    project: Sfnctl, make: Callable[[Path], object], problem: str
) -> None:
    if make is closed and os.getuid() == 0:
        pytest.skip("root may read every file")
    make(project.folder / "other.yaml")
    expected = f"other.yaml: {problem}\nError: one problem in the configuration\n"
    assert refused(project, "deploy", "--yes", "--config", "other.yaml").err == expected


PATHS = [
    ("/dev/zero", "/dev/zero: this is not a regular file"),
    ("", ".: this is not a regular file"),
    ("-", "-: there is no such file"),
    ("sfnctl.yaml/x", "sfnctl.yaml/x: cannot be read: Not a directory"),
    ("x" * 300, f"{'x' * 300}: cannot be read: File name too long"),
    ("\x1b[2J.yaml", "\\x1b[2J.yaml: there is no such file"),
]


@pytest.mark.parametrize(("path", "error"), PATHS, ids=lambda value: ascii(value)[:30])
def test_a_path_that_leads_nowhere_is_named(project: Sfnctl, path: str, error: str) -> None:
    assert refused(project, "plan", "--config", path).err.startswith(f"{error}\n")


ARGUMENTS = [
    ("deplyo", "No such command 'deplyo'. Did you mean 'deploy', 'demo'?", "sfnctl"),
    ("local stpo", "No such command 'stpo'. Did you mean 'stop'?", "sfnctl local"),
    ("deploy --yess", "No such option: --yess (Possible options: --yes)", "sfnctl deploy"),
    ("--regoin x plan", "No such option: --regoin (Possible options: --region)", "sfnctl"),
    ("plan now", "Got unexpected extra argument(s) (now)", "sfnctl plan"),
    ("deploy --expect", "Option '--expect' requires an argument.", "sfnctl"),
    ("plan --region", "Option '--region' requires an argument.", "sfnctl"),
    (
        "watch-executions --since yesterday",
        "Invalid value for '--since': expected a duration such as 30s, 15m or 1h30m, got 'yester",
        "sfnctl watch-executions",
    ),
    (
        "watch-executions --count 0",
        "Invalid value for '--count': Input should be greater than or equal to 1",
        "sfnctl watch-executions",
    ),
    (
        "watch-executions --count two",
        "Invalid value for '--count': Input should be a valid integer",
        "sfnctl watch-executions",
    ),
    ("watch-executions --status DONE", "Invalid value for '--status': ", "sfnctl watch-executions"),
    ("watch-executions --input all", "Invalid value for '--input': ", "sfnctl watch-executions"),
    ("validate --output xml", "Invalid value for '--output' / '-o' ", "sfnctl"),
    ("init x --name", "Option '--name' requires an argument.", "sfnctl"),
    ("deploy --yes=no", "Option '--yes' does not take a value.", "sfnctl"),
]


@pytest.mark.parametrize(("arguments", "error", "program"), ARGUMENTS)
def test_bad_arguments_are_named_with_the_help_that_tells_more(
    project: Sfnctl, arguments: str, error: str, program: str
) -> None:
    first, last = refused(project, *arguments.split()).err.splitlines()
    assert first.startswith(f"Error: {error}")
    assert last == f"Hint: see `{program} --help`"


@pytest.mark.parametrize("arguments", ["deplyo -o json", "-ojson deploy --yess", "local -o json"])
def test_bad_arguments_are_told_to_a_program_as_json(project: Sfnctl, arguments: str) -> None:
    error = json.loads(refused(project, *arguments.split()).err)
    assert (error["type"], error["exit_code"]) == ("error", 2)
    assert error["remedy"].startswith("see `sfnctl")


def test_a_variable_that_sets_an_option_wrongly_is_named(project: Sfnctl) -> None:
    project.environ["SFNCTL_OUTPUT"] = "xml"
    assert "(env var: 'SFNCTL_OUTPUT')" in refused(project, "plan").err


def test_control_characters_of_arguments_stay_harmless(project: Sfnctl) -> None:
    error = refused(project, "\x1b]52;c;aGk=\x07", "--\x1b[2J").err
    assert "\x1b" not in error
    assert "\x07" not in error


INIT = [
    ("--name ../x --bucket acme", 2, "--name: expected 1 to 40 lower-case letters"),
    ("--name /x --bucket acme", 2, "--name: expected 1 to 40 lower-case letters"),
    ("--name ~ --bucket acme", 2, "--name: expected 1 to 40 lower-case letters"),
    ("--name x --bucket ../acme", 2, "--bucket: expected a bucket name"),
    ("--name x --bucket acme --template ../hello", 2, "Error: there is no template '../hello'"),
    ("--name x --bucket acme --template /", 2, "Error: there is no template '/'"),
    (
        "w.asl.json --name x --bucket acme",
        2,
        "Error: Invalid value for 'DIR': dir 'w.asl.json' is a file.",
    ),
    ("/proc/x --name x --bucket acme", 1, "Error: /proc/x cannot be written: No such file"),
    ("/dev/full/x --name x --bucket acme", 1, "Error: /dev/full/x cannot be written: Not a dir"),
]


@pytest.mark.parametrize(("arguments", "code", "error"), INIT)
def test_init_writes_nothing_where_it_must_not(
    project: Sfnctl, arguments: str, code: int, error: str
) -> None:
    ended = refused(project, "init", *arguments.split(), code=code)
    assert ended.err.startswith(error)


def test_an_init_that_cannot_tell_of_it_fails(project: Sfnctl) -> None:
    """The disk is full for stdout alone: the files are there, and the exit code says no."""
    figures.count("bad inputs")
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
def test_an_error_that_cannot_be_told_has_its_exit_code(project: Sfnctl, arguments: str) -> None:
    figures.count("bad inputs")
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [SFNCTL, *arguments.split()], cwd=project.folder, stderr=full, check=False
        )
    assert run.returncode == 2
