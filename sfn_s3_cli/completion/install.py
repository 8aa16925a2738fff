"""The scripts that complete sfnctl in a shell, and where each shell finds its own."""

from __future__ import annotations

import os
import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import SfnctlError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def read_script(shell: Shell) -> str:
    return Path(__file__).with_name(f"sfnctl.{shell}").read_text(encoding="utf-8")


def install(shell: Shell, environ: Mapping[str, str] = os.environ) -> str:
    """Write the shell's script, have the shell read it, and return what to tell the user.

    fish reads the folder of its completions. bash and zsh read it from their startup file, which
    gets one line at its end unless it has that line. SfnctlError if a file cannot be written.
    """
    script = _script_path(shell, environ)
    try:
        _write(script, read_script(shell))
        startup_file = _startup_file(shell, environ)
        if startup_file:
            _add_line(startup_file, f"source {shlex.quote(str(script))}")
    except OSError as error:
        raise SfnctlError(
            f"{error.filename} cannot be written: {error.strerror}",
            f"print the script with --show-completion {shell}, and load it yourself",
        ) from None
    loaded = f", which {startup_file} loads" if startup_file else ""
    return f"Wrote {script}{loaded}. Start a new {shell} to use it."


def _home(environ: Mapping[str, str]) -> Path:
    if home := environ.get("HOME"):
        return Path(home)
    raise SfnctlError("cannot find the home folder", "set HOME")


def _script_path(shell: Shell, environ: Mapping[str, str]) -> Path:
    if shell is Shell.FISH:
        config = environ.get("XDG_CONFIG_HOME") or _home(environ) / ".config"
        return Path(config, "fish", "completions", "sfnctl.fish")
    data = environ.get("XDG_DATA_HOME") or _home(environ) / ".local" / "share"
    return Path(data, "sfnctl", f"completion.{shell}")


def _startup_file(shell: Shell, environ: Mapping[str, str]) -> Path | None:
    match shell:
        case Shell.BASH:
            return _home(environ) / ".bashrc"
        case Shell.ZSH:
            return Path(environ.get("ZDOTDIR") or _home(environ), ".zshrc")
    return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _add_line(path: Path, line: str) -> None:
    """Append a line unless the file has it; the rest of the file stays byte for byte."""
    present = path.read_bytes() if path.exists() else b""
    if line.encode() in present.splitlines():
        return
    start = "\n" if present and not present.endswith(b"\n") else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(f"{start}{line}\n".encode())
