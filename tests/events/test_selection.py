"""How much of a trigger's events a trail's selectors log."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events.cloudtrail import CALLS, build_advanced_selector, build_basic_selector
from sfn_s3_cli.events.selection import Share, measure
from sfn_s3_cli.local import cloudtrail
from sfn_s3_cli.local.cloudtrail import ObjectCall, TrailSettings

ARN = "arn:aws:s3:::acme"
DATA = {"Field": "eventCategory", "Equals": ["Data"]}
IN = Trigger(prefix=("in/",))
BOTH = Trigger(prefix=("in/",), events=("created", "deleted"))


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"AdvancedEventSelectors": [{"FieldSelectors": [DATA, *fields]}]}


def arn(**operators: list[str]) -> dict[str, Any]:
    return advanced({"Field": "resources.ARN", **operators})


def basic(*values: str, **settings: Any) -> dict[str, Any]:
    resource = {"Type": "AWS::S3::Object", "Values": list(values)}
    return {"EventSelectors": [{"DataResources": [resource], **settings}]}


def called(*names: str) -> dict[str, Any]:
    return advanced({"Field": "eventName", "Equals": list(names)})


CASES: tuple[tuple[Trigger, dict[str, Any], Share], ...] = (
    (IN, {}, Share.NONE),
    (IN, basic(), Share.NONE),
    (IN, basic("arn:aws:s3"), Share.ALL),
    (IN, basic("arn:aws:s3:::"), Share.ALL),
    (IN, basic("arn:aws-cn:s3"), Share.ALL),
    (IN, basic(f"{ARN}/"), Share.ALL),
    (IN, basic(f"{ARN}/", ReadWriteType="ReadOnly"), Share.NONE),
    (IN, basic(f"{ARN}/", ReadWriteType="WriteOnly"), Share.ALL),
    (IN, basic(f"{ARN}/in/"), Share.ALL),
    (IN, basic(f"{ARN}/in/a/"), Share.PART),
    (IN, basic(f"{ARN}/out/"), Share.NONE),
    (IN, basic("arn:aws:s3:::acm"), Share.NONE),
    (IN, basic("arn:aws:s3:::acme-2/"), Share.NONE),
    (IN, {"AdvancedEventSelectors": [], **basic(f"{ARN}/")}, Share.ALL),
    (IN, advanced(), Share.ALL),
    (
        IN,
        {
            "AdvancedEventSelectors": [
                {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
            ]
        },
        Share.NONE,
    ),
    (IN, advanced({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}), Share.ALL),
    (IN, advanced({"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]}), Share.NONE),
    (IN, advanced({"Field": "readOnly", "Equals": ["false"]}), Share.ALL),
    (IN, advanced({"Field": "readOnly", "Equals": ["true"]}), Share.NONE),
    (IN, called("PutObject"), Share.PART),
    (IN, called(*CALLS["created"]), Share.ALL),
    (BOTH, called(*CALLS["created"]), Share.PART),
    (IN, called("DeleteObject"), Share.NONE),
    (IN, advanced({"Field": "eventName", "StartsWith": ["Put", "Co", "Po"]}), Share.ALL),
    (IN, advanced({"Field": "eventName", "NotEquals": ["PutObject"]}), Share.PART),
    (IN, advanced({"Field": "eventName", "NotStartsWith": ["Get"]}), Share.ALL),
    (IN, advanced({"Field": "eventName", "NotEndsWith": ["Object"]}), Share.PART),
    (IN, advanced({"Field": "eventSource", "Equals": ["s3.amazonaws.com"]}), Share.ALL),
    (IN, advanced({"Field": "eventType", "Equals": ["AwsApiCall"]}), Share.ALL),
    (BOTH, advanced({"Field": "eventType", "Equals": ["AwsApiCall"]}), Share.PART),
    (IN, advanced({"Field": "userIdentity.arn", "NotStartsWith": ["arn:x"]}), Share.PART),
    (IN, arn(StartsWith=[f"{ARN}/"]), Share.ALL),
    (IN, arn(StartsWith=[f"{ARN}/in/a"]), Share.PART),
    (IN, arn(StartsWith=["arn:aws:s3:::other/"]), Share.NONE),
    (IN, arn(StartsWith=["arn:aws:s3:::other/", f"{ARN}/"], Equals=[]), Share.ALL),
    (IN, arn(Equals=[f"{ARN}/in/a.csv"]), Share.PART),
    (IN, arn(Equals=[f"{ARN}/out/a.csv"]), Share.NONE),
    (IN, arn(NotStartsWith=["arn:aws:s3:::other/"]), Share.ALL),
    (IN, arn(NotStartsWith=[f"{ARN}/"]), Share.NONE),
    (IN, arn(NotStartsWith=[f"{ARN}/in/tmp/"]), Share.PART),
    (IN, arn(NotEquals=[f"{ARN}/in/a.csv"]), Share.PART),
    (IN, arn(StartsWith=[f"{ARN}/"], NotStartsWith=[f"{ARN}/logs/"]), Share.ALL),
    (IN, arn(EndsWith=[".csv"]), Share.PART),
    (Trigger(suffix=(".csv",)), arn(EndsWith=[".csv"]), Share.ALL),
    (Trigger(suffix=(".csv",)), arn(EndsWith=[".gz"]), Share.NONE),
    (Trigger(suffix=(".gz",)), arn(EndsWith=[".csv.gz"]), Share.PART),
    (Trigger(suffix=(".csv", ".gz")), arn(EndsWith=[".csv"]), Share.PART),
    (Trigger(prefix=("in/", "up/")), basic(f"{ARN}/in/"), Share.PART),
    (Trigger(prefix=("in/", "up/")), basic(f"{ARN}/in/", f"{ARN}/up/"), Share.ALL),
)


@pytest.mark.parametrize(("trigger", "selectors", "share"), CASES)
def test_selectors_are_measured(trigger: Trigger, selectors: dict[str, Any], share: Share) -> None:
    assert measure(selectors, ARN, trigger) is share


@pytest.mark.parametrize("trigger", [Trigger(), IN, BOTH, Trigger(suffix=(".csv",))])
def test_our_own_selectors_log_everything(trigger: Trigger) -> None:
    ours = {"AdvancedEventSelectors": [build_advanced_selector("ours", ARN, trigger)]}
    assert measure(ours, ARN, trigger) is Share.ALL
    assert (
        measure({"EventSelectors": [build_basic_selector(ARN, trigger)]}, ARN, trigger) is Share.ALL
    )


TEXTS = st.text("ab/", max_size=3)
CALL_NAMES = st.sampled_from([*CALLS["created"], "DeleteObject"])
ARNS = st.builds("arn:aws:s3:::{}/{}".format, st.sampled_from(["acme", "other"]), TEXTS)
OPERATORS = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")


def conditions(field: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    operands = st.lists(values, min_size=1, max_size=2)
    return st.dictionaries(st.sampled_from(OPERATORS), operands, min_size=1, max_size=2).map(
        lambda found: {"Field": field, **found}
    )


SELECTORS = st.lists(
    st.one_of(
        st.lists(
            st.one_of(
                conditions("resources.ARN", ARNS | TEXTS.filter(bool)),
                conditions("eventName", CALL_NAMES),
                conditions("userIdentity.arn", TEXTS.filter(bool)),
            ),
            max_size=3,
        ).map(lambda fields: {"FieldSelectors": [DATA, *fields]}),
    ),
    max_size=3,
)


@given(
    selectors=SELECTORS,
    prefix=TEXTS,
    suffix=TEXTS,
    middle=TEXTS,
    call=st.sampled_from(CALLS["created"]),
)
def test_measures_agree_with_each_single_event(
    selectors: list[Any], prefix: str, suffix: str, middle: str, call: str
) -> None:
    trigger = Trigger(prefix=(prefix,) if prefix else (), suffix=(suffix,) if suffix else ())
    share = measure({"AdvancedEventSelectors": selectors}, ARN, trigger)
    record = cloudtrail.build_record(
        ObjectCall(
            name=call,
            bucket="acme",
            key=f"{prefix}{middle}{suffix}",
            region="eu-west-1",
            time="2026-01-02T03:04:05Z",
            parameters={},
            identity={"arn": "a/b"},
            source_ip="",
            user_agent="",
            request_id="",
            extended_request_id="",
            authentication="",
            bytes_in=0,
            bytes_out=0,
            response={},
        ),
        "123456789012",
    )
    trail = TrailSettings("eu-west-1", False, True, tuple(selectors))
    is_logged = cloudtrail.is_logged(record, [trail])
    assert share is not Share.ALL or is_logged
    assert share is not Share.NONE or not is_logged
