"""The table of result types leads to a module for each."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

from sfn_s3_cli.views.subjects import SUBJECTS


@pytest.mark.parametrize("type_", SUBJECTS)
def test_every_result_type_exists(type_: str) -> None:
    module, _, name = type_.partition(":")
    assert inspect.isclass(getattr(import_module(module), name))


@pytest.mark.parametrize("name", sorted({*SUBJECTS.values()}))
def test_every_subject_offers_lines_and_a_document(name: str) -> None:
    module = import_module(f"sfn_s3_cli.views.{name}")
    for function in (module.lines, module.document):
        assert len(inspect.signature(function).parameters) == 1
