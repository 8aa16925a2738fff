"""The scripts work in the real shells, as far as these are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sfnctl_script import SFNCTL, Sfnctl

from sfn_s3_cli.completion.answer import BEFORE, CURRENT, SHELL

SCRIPTS = {
    "bash": ".local/share/sfnctl/completion.bash",
    "zsh": ".local/share/sfnctl/completion.zsh",
    "fish": ".config/fish/completions/sfnctl.fish",
}

# Each takes the words of a line, the last one incomplete, and prints what the shell would offer.
BASH = """
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_sfnctl sfnctl
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
words=("$@"); CURRENT=$#
compset() { true; }
_files() { print files $@; }
_describe() { print -l -- ${(P)argv[-1]}; }
_sfnctl
"""
FISH = """
complete --do-complete "$line"
"""


def run_in(shell: str, home: Path, line: str) -> list[str]:
    """What the shell offers at the end of the line, after it has loaded its own startup file."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    path = f"{SFNCTL.parent}{os.pathsep}{os.environ['PATH']}"
    environ = {"HOME": str(home), "PATH": path, "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    load_zsh = "compdef() { true; }; source ~/.zshrc"
    commands = {
        "bash": ["bash", "--norc", "-c", f"source ~/.bashrc{BASH}", "-"],
        "zsh": ["zsh", "-f", "-c", load_zsh + ZSH, "-"],
        "fish": ["fish", "-c", FISH],
    }
    ended = subprocess.run(
        commands[shell] + line.split(" "),
        env={**environ, "line": line},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ended.stderr == ""
    return [each for each in ended.stdout.splitlines() if each]


@pytest.mark.parametrize("shell", SCRIPTS)
def test_each_shell_installs_its_own_script(sfnctl: Sfnctl, tmp_path: Path, shell: str) -> None:
    (tmp_path / "aa").mkdir()
    startup = {"bash": ".bashrc", "zsh": ".zshrc"}.get(shell)
    if startup:
        (tmp_path / startup).write_bytes(b"# mine, \xff")
    loads = f", which {tmp_path}/{startup} loads" if startup else ""
    for _ in range(2):
        assert sfnctl("--install-completion", shell).out == (
            f"Wrote {tmp_path}/{SCRIPTS[shell]}{loads}. Start a new {shell} to use it.\n"
        )
    script = tmp_path / SCRIPTS[shell]
    assert script.read_text() == sfnctl("--show-completion", shell).out
    assert f"sfnctl in {shell}" in script.read_text()
    if startup:
        line = f"source {script}\n".encode()
        assert (tmp_path / startup).read_bytes() == b"# mine, \xff\n" + line

    between = {"bash": None, "zsh": ":", "fish": "\t"}[shell]
    described = [
        name if between is None else f"{name}{between}{summary}"
        for name, summary in (
            ("copy", "Copies each object"),
            ("distributed-csv", "Checks each row"),
            ("ecs-task", "Runs a container"),
            ("express-fanout", "Splits each JSON"),
            ("hello", "A first pipeline"),
            ("lambda", "Calls a Lambda function"),
            ("validate-and-quarantine", "Checks each JSON"),
        )
    ]
    offered = run_in(shell, tmp_path, "sfnctl init --template ")
    assert len(offered) == len(described)
    assert all(map(str.startswith, offered, described))
    folders = {"bash": ["aa"], "zsh": ["files -/"], "fish": ["aa/\tDirectory"]}
    assert run_in(shell, tmp_path, "sfnctl init a") == folders[shell]


def test_bash_completes_after_an_equals_sign(sfnctl: Sfnctl, tmp_path: Path) -> None:
    sfnctl("--install-completion", "bash")
    assert run_in("bash", tmp_path, "sfnctl plan --output =") == ["text", "json"]
    assert run_in("bash", tmp_path, "sfnctl plan --output = j") == ["json"]


def test_bash_offers_odd_names_as_they_are(sfnctl: Sfnctl, tmp_path: Path) -> None:
    sfnctl("--install-completion", "bash")
    for name in ("a*", "a b", "ab"):
        (tmp_path / name).mkdir()
    assert sorted(run_in("bash", tmp_path, "sfnctl plan -c a")) == ["a b", "a*", "ab"]
    assert sorted(run_in("bash", tmp_path, "sfnctl init a")) == ["a b", "a*", "ab"]
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text("[profile a;b$c]\n")
    assert run_in("bash", tmp_path, "sfnctl plan --profile ") == ["a\\;b\\$c"]


def test_an_unknown_shell_is_an_error(sfnctl: Sfnctl, tmp_path: Path) -> None:
    for option in ("--install-completion", "--show-completion"):
        ended = sfnctl(option, "tcsh", code=2)
        assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in ended.err
    assert not (tmp_path / ".local").exists()


def test_an_unwritable_home_is_an_error(sfnctl: Sfnctl, tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("a file")
    assert sfnctl("--install-completion", "zsh", code=1).err == (
        f"Error: {tmp_path}/.local/share/sfnctl cannot be written: Not a directory\n"
        "Hint: print the script with --show-completion zsh, and load it yourself\n"
    )


BROKEN = [
    {SHELL: "tcsh", BEFORE: "deploy", CURRENT: "-"},
    {SHELL: "", BEFORE: "deploy", CURRENT: "-"},
    {SHELL: "complete_bash", "COMP_WORDS": "sfnctl dep", "COMP_CWORD": "1"},
    {SHELL: "zsh", BEFORE: "deploy\n--nonsense\n-Z", CURRENT: "=x"},
    {SHELL: "bash", BEFORE: "=\n=\n--", CURRENT: "="},
]


@pytest.mark.parametrize("request_", BROKEN, ids=lambda each: each[SHELL])
def test_a_broken_request_shows_nothing(sfnctl: Sfnctl, request_: dict[str, str]) -> None:
    sfnctl.environ |= request_
    ended = sfnctl("teardown", "--yes")  # what is being typed must never run
    assert (ended.out, ended.err) in {("", ""), ("words\n", "")}


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    code = f"""
import threading
from sfn_s3_cli.completion import answer
answer._LONGEST_SECONDS = 0.01
answer.answer({{{SHELL!r}: "fish"}}, threading.Event().wait)
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=True
    )
    assert (ended.stdout, ended.stderr) == (b"", b"")
