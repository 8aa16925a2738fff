"""The table of fields."""

from __future__ import annotations

from sfn_s3_cli.asl.language.fields import EXCLUSIVE_FIELDS, FIELDS, FIELDS_OF, STATE_TYPES


def test_every_row_names_objects_and_fields_that_exist() -> None:
    nested = {"Machine", "Branch", "ItemProcessor", "ChoiceRule", "NestedRule"}
    for field in FIELDS:
        name = getattr(getattr(field.type, "item", field.type), "name", "")
        nested |= {name} & FIELDS_OF.keys()
    assert set(FIELDS_OF) == nested | set(STATE_TYPES)
    for group in EXCLUSIVE_FIELDS:
        for name in group.objects.split():
            assert set(group.names) & FIELDS_OF[name].keys()
