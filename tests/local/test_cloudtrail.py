"""What the embedded CloudTrail records, and which trails log it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import EVENTS, needs_samples

from sfn_s3_cli.events.cloudtrail import describe_detail
from sfn_s3_cli.local import cloudtrail
from sfn_s3_cli.local.cloudtrail import ObjectCall, TrailSettings

CALL = ObjectCall(
    name="PutObject",
    bucket="acme",
    key="in/a.csv",
    region="eu-west-1",
    time="2026-01-02T03:04:05Z",
    parameters={"Host": "acme.s3.eu-west-1.amazonaws.com"},
    identity={"type": "Root", "arn": "arn:aws:iam::123456789012:root"},
    source_ip="192.0.2.1",
    user_agent="aws-cli",
    request_id="5892AC19E7992AA1",
    extended_request_id="x2id",
    authentication="AuthHeader",
    bytes_in=5,
    bytes_out=0,
    response={},
)


def is_logged(selector: dict[str, Any], call: ObjectCall = CALL, **trail: Any) -> bool:
    observed = TrailSettings(
        **{
            "home_region": "eu-west-1",
            "is_multi_region": False,
            "is_logging": True,
            "selectors": (selector,),
            **trail,
        }
    )
    return cloudtrail.is_logged(cloudtrail.build_record(call, "123456789012"), [observed])


def make_basic_selector(*values: str, **more: Any) -> dict[str, Any]:
    return {"DataResources": [{"Type": "AWS::S3::Object", "Values": list(values)}], **more}


def make_advanced_selector(**fields: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "FieldSelectors": [
            {"Field": name.replace("_", "."), **operators} for name, operators in fields.items()
        ]
    }


EVERYTHING = make_advanced_selector(eventCategory={"Equals": ["Data"]})


@needs_samples
def test_record_has_the_fields_of_a_real_one() -> None:
    real = json.loads((EVENTS / "cloudtrail-put-object.json").read_text())["detail"]
    ours = cloudtrail.build_record(CALL, "123456789012")
    assert set(ours) == set(real)
    assert set(ours["additionalEventData"]) == set(real["additionalEventData"])
    assert [sorted(resource) for resource in ours["resources"]] == [
        sorted(resource) for resource in real["resources"]
    ]


def test_record_has_only_fields_that_the_source_knows() -> None:
    call = CALL._replace(error=("AccessDenied", "Access Denied"))
    record = cloudtrail.build_record(call, "123456789012")
    assert record.keys() <= describe_detail(("created",)).keys()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["arn:aws:s3"], True),
        (["arn:aws:s3:::acme/"], True),
        (["arn:aws:s3:::acme/in/"], True),
        (["arn:aws:s3:::acme/in/a.csv"], True),
        (["arn:aws:s3:::other/", "arn:aws:s3:::acme/in"], True),
        (["arn:aws:s3:::acme/out/"], False),
        (["arn:aws:s3:::acm"], False),
        (["arn:aws:s3:::acme"], False),
        ([], False),
    ],
)
def test_basic_selectors_cover_buckets_and_prefixes(values: list[str], expected: bool) -> None:
    assert is_logged(make_basic_selector(*values)) is expected


def test_basic_selectors_distinguish_reads_and_writes() -> None:
    assert is_logged(make_basic_selector("arn:aws:s3", ReadWriteType="WriteOnly"))
    assert not is_logged(make_basic_selector("arn:aws:s3", ReadWriteType="ReadOnly"))


def test_selector_of_other_resources_logs_no_object() -> None:
    functions = {"DataResources": [{"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]}]}
    assert not is_logged(functions)


def test_management_selectors_log_no_data_events() -> None:
    assert not is_logged(make_advanced_selector(eventCategory={"Equals": ["Management"]}))
    assert not is_logged({"IncludeManagementEvents": True, "DataResources": []})


def test_trail_logs_while_it_is_on_and_in_its_regions() -> None:
    assert is_logged(EVERYTHING)
    assert not is_logged(EVERYTHING, is_logging=False)
    assert not is_logged(EVERYTHING, home_region="us-east-1")
    assert is_logged(EVERYTHING, home_region="us-east-1", is_multi_region=True)


@pytest.mark.parametrize(
    ("field", "operators", "expected"),
    [
        ("resources.ARN", {"StartsWith": ["arn:aws:s3:::acme/in/"]}, True),
        ("resources.ARN", {"StartsWith": ["arn:aws:s3:::acme-2/", "arn:aws:s3:::acme/"]}, True),
        ("resources.ARN", {"StartsWith": ["arn:aws:s3:::acme-2/"]}, False),
        ("resources.ARN", {"Equals": ["arn:aws:s3:::acme/in/a.csv"]}, True),
        ("resources.ARN", {"Equals": ["arn:aws:s3:::acme"]}, False),
        ("resources.ARN", {"EndsWith": [".json", ".csv"]}, True),
        ("resources.ARN", {"NotEndsWith": [".json", ".csv"]}, False),
        ("resources.ARN", {"NotEndsWith": [".json", ".xml"]}, True),
        (
            "resources.ARN",
            {"StartsWith": ["arn:aws:s3:::acme/"], "NotStartsWith": ["arn:aws:s3:::acme/in/"]},
            False,
        ),
        ("eventName", {"Equals": ["CopyObject", "PutObject"]}, True),
        ("eventName", {"NotEquals": ["PutObject"]}, False),
        ("readOnly", {"Equals": ["false"]}, True),
        ("readOnly", {"Equals": ["true"]}, False),
        ("resources.type", {"Equals": ["AWS::S3::Object"]}, True),
        ("resources.type", {"Equals": ["AWS::Lambda::Function"]}, False),
        ("eventType", {"NotEquals": ["AwsServiceEvent"]}, True),
        ("eventSource", {"Equals": ["s3.amazonaws.com"]}, True),
        ("userIdentity.arn", {"NotStartsWith": ["arn:aws:sts"]}, True),
        ("sessionCredentialFromConsole", {"Equals": ["true"]}, False),
        ("sessionCredentialFromConsole", {"NotEquals": ["true"]}, True),
    ],
)
def test_advanced_selectors_match_field_by_field(
    field: str, operators: dict[str, list[str]], expected: bool
) -> None:
    selector = {"FieldSelectors": [{"Field": field, **operators}]}
    assert is_logged(selector) is expected


def test_all_fields_of_a_selector_must_match() -> None:
    name = {"eventName": {"Equals": ["PutObject"]}}
    assert is_logged(make_advanced_selector(**name, resources_ARN={"EndsWith": [".csv"]}))
    assert not is_logged(make_advanced_selector(**name, resources_ARN={"EndsWith": [".json"]}))


def test_bulk_delete_is_selected_by_its_bucket() -> None:
    bulk = CALL._replace(name="DeleteObjects", key=None)
    assert is_logged(
        make_advanced_selector(resources_ARN={"StartsWith": ["arn:aws:s3:::acme/"]}), bulk
    )
    assert not is_logged(
        make_advanced_selector(resources_ARN={"StartsWith": ["arn:aws:s3:::acme/in/"]}), bulk
    )


@given(
    st.lists(st.text("ab/", max_size=4), min_size=1, max_size=3),
    st.text("ab/", min_size=1, max_size=6),
    st.sampled_from(["Equals", "StartsWith", "EndsWith"]),
)
def test_negative_operator_is_the_opposite(values: list[str], key: str, operator: str) -> None:
    call = CALL._replace(key=key)
    arns = [f"arn:aws:s3:::acme/{value}" if operator != "EndsWith" else value for value in values]
    positive = make_advanced_selector(resources_ARN={operator: arns})
    negative = make_advanced_selector(resources_ARN={f"Not{operator}": arns})
    assert is_logged(positive, call) is not is_logged(negative, call)


@given(st.text("ab/", max_size=4), st.text("ab/", min_size=1, max_size=6))
def test_basic_and_advanced_selectors_agree(prefix: str, key: str) -> None:
    arn, call = f"arn:aws:s3:::acme/{prefix}", CALL._replace(key=key)
    both = (
        is_logged(make_basic_selector(arn), call),
        is_logged(make_advanced_selector(resources_ARN={"StartsWith": [arn]}), call),
    )
    assert both == (key.startswith(prefix),) * 2
