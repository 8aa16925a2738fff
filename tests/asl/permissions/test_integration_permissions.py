"""The permissions of every optimised integration."""

from __future__ import annotations

import pytest
from asl.permissions.derivation import compute_values, derive_state, quote_values, summarize, task
from asl.permissions.integration_cases import CASES, IntegrationCase

from sfn_s3_cli.asl.permissions.integrations import INTEGRATIONS


@pytest.mark.parametrize("case", CASES, ids=str)
def test_integration_gets_its_permissions(case: IntegrationCase) -> None:
    for language in ("JSONPath", "JSONata"):
        computed = compute_values(case.parameters, language)
        for parameters, statements in (
            (case.parameters, case.statements),
            (computed, case.statements_when_computed),
        ):
            derived = derive_state(task(case.resource, parameters, language), language)
            assert not derived.unknown_calls
            assert summarize(derived) == statements
    quoted = task(case.resource, quote_values(case.parameters), "JSONata")
    assert summarize(derive_state(quoted, "JSONata")) == case.statements


def test_every_integration_has_a_case() -> None:
    resources = [case.resource for case in CASES]
    assert INTEGRATIONS.keys() <= {each.partition(".")[0] for each in resources}
    waits = {each.partition(".sync")[0] for each in resources if ".sync" in each}
    rows = INTEGRATIONS.items()
    assert {name for name, row in rows if row.sync_grants or row.managed_rule} <= waits
