from __future__ import annotations

from pathlib import Path

import pytest
from checks.bad_definitions import DEFINITIONS

from sfn_s3_cli.checks import offline
from sfn_s3_cli.config.load import load
from sfn_s3_cli.errors import ConfigError
from sfn_s3_cli.views import problems


@pytest.mark.parametrize(
    ("name", "content", "error"), DEFINITIONS, ids=lambda value: str(value)[:40]
)
def test_a_bad_definition_is_refused_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, error: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    file = path.parts[0]
    config = Path("sfnctl.yaml")
    config.write_text(f"name: x\nbucket: acme\nstate_machine: {{definition: {file}}}\n")
    with pytest.raises(ConfigError) as caught:
        offline.check(config, load(config, {})).raise_for_errors()
    first, *_ = problems.short_lines(caught.value.problems)
    assert first.text.startswith(error)
