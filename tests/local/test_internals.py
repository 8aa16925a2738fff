from __future__ import annotations

import pytest

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local import internals
from sfn_s3_cli.local.internals import Module


def test_the_installed_emulator_has_every_name_we_use() -> None:
    internals.check()


def test_an_unsupported_emulator_is_refused() -> None:
    changed = Module("ministack.services.eventbridge", ("_put_events", "_gone", "_renamed"))
    with pytest.raises(SfnctlError) as raised:
        internals.check((changed,))
    assert raised.value.message == (
        "this release of ministack is not supported: it lacks "
        "ministack.services.eventbridge._gone, ministack.services.eventbridge._renamed"
    )
    assert raised.value.remedy == "pip install 'ministack==1.5.33'"


def test_an_unlisted_emulator_name_cannot_be_used() -> None:
    with pytest.raises(KeyError, match="_rules is not in the table"):
        Module("ministack.services.eventbridge", ("_put_events",))["_rules"]
