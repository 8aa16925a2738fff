"""The permissions of functions, Maps and calls with another role."""

from __future__ import annotations

from typing import Any

import pytest
from asl.permissions.derivation import ROLE, derive_state, summarize, task
from asl.permissions.state_cases import STATES_WITH_PERMISSIONS

from sfn_s3_cli.errors import Severity


@pytest.mark.parametrize("name", STATES_WITH_PERMISSIONS)
def test_state_gets_its_permissions(name: str) -> None:
    state, expected = STATES_WITH_PERMISSIONS[name]
    found = derive_state(state)
    assert summarize(found) == expected
    assert not found.unknown_calls


def read_items(operation: str, config: dict[str, Any], **parameters: str) -> list[str]:
    """What a distributed Map needs of S3 to read its items."""
    found = derive_state(
        {
            "Type": "Map",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "States": {}},
            "ItemReader": {
                "Resource": f"arn:aws:states:::s3:{operation}",
                "ReaderConfig": config,
                "Parameters": parameters,
            },
        }
    )
    return [line for line in summarize(found) if line.startswith("s3:")]


def test_item_reader_gets_its_permissions() -> None:
    csv = {"InputType": "CSV"}
    assert read_items("getObject", csv, Bucket="b", Key="a.csv", VersionId="1") == [
        "s3:GetObject s3:GetObjectVersion on s3:::b/a.csv"
    ]
    for manifest in ({"InputType": "MANIFEST"}, {"ManifestType": "S3_INVENTORY"}):
        assert read_items("getObject", manifest, Bucket="b", Key="m.json") == [
            "s3:GetObject on s3:::b/* s3:::b/m.json"
        ]
    inventory = {"ManifestType": "S3_INVENTORY"}
    assert read_items("listObjectsV2", inventory, Bucket="b", Prefix="a") == [
        "s3:GetObject on s3:::b/a*",
        "s3:ListBucket on s3:::b if StringLike s3:prefix a*",
    ]
    assert read_items("getObjects", {}, Bucket="b") == []


def test_inline_map_does_not_read_items() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b"}}
    assert summarize(derive_state({"Type": "Map", "ItemReader": reader})) == []


def test_misspelt_call_with_credentials_is_reported() -> None:
    role = {"Credentials": {"RoleArn": ROLE}}
    (finding,) = derive_state({**task("aws-sdk:s3:getObjekt", {}), **role}).unknown_calls
    assert finding.code == "INVALID_RESOURCE"
    (finding,) = derive_state({**task("brandnew:doThing", {}), **role}).unknown_calls
    assert (finding.code, finding.severity) == ("UNKNOWN_SERVICE", Severity.WARNING)
    assert not derive_state({**task("aws-sdk:glue:putAsset", {}), **role}).unknown_calls
