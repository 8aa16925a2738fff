"""The files that `sfnctl init` wrote."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from sfn_s3_cli.ci_files import Ci
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.templates import Scaffold


def lines(scaffold: Scaffold) -> Iterator[Line]:
    for path in scaffold.written:
        yield Line(f"  + {escape(str(path))}", "green")
    if scaffold.ci is Ci.GITLAB:
        yield Line(f"Add to .gitlab-ci.yml: include: [{{local: /{scaffold.ci_file}}}]")
    for path in scaffold.left:
        yield Line(f"Delete {escape(str(path))} if CI should not use it any more.")
    folder = str(scaffold.folder)
    change_folder = "" if folder == "." else f"cd {escape(shlex.quote(folder))} && "
    # The embedded cloud has no bucket that exists on AWS.
    next_step = "sfnctl --local deploy" if scaffold.creates_bucket else "sfnctl plan"
    yield Line(f"Next: {change_folder}{next_step}")


def document(scaffold: Scaffold) -> JsonObject:
    return {
        "type": "init",
        "folder": str(scaffold.folder),
        "written": [str(path) for path in scaffold.written],
        "ci": scaffold.ci.value,
        "ci_file": scaffold.ci_file and str(scaffold.ci_file),
        "left": [str(path) for path in scaffold.left],
    }
