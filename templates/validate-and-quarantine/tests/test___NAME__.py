"""Deploys the pipeline to an embedded cloud and uploads to it. `pytest` runs it."""

import json
from pathlib import Path

SAMPLES = Path(__file__).parent.parent


def test_a_good_order_is_accepted(pipeline):
    pipeline.upload("incoming/sample1.json", SAMPLES / "sample1.json")
    assert pipeline.wait().status == "SUCCEEDED"
    assert pipeline.read("accepted/sample1.json") == (SAMPLES / "sample1.json").read_bytes()
    assert pipeline.list_keys("quarantine/") == []


def test_a_bad_order_is_quarantined_with_the_reason(pipeline):
    pipeline.upload("incoming/sample-bad.json", SAMPLES / "sample-bad.json")
    assert pipeline.wait().status == "SUCCEEDED"
    assert pipeline.list_keys("quarantine/") == [
        "quarantine/sample-bad.json",
        "quarantine/sample-bad.json.reason.json",
    ]
    explained = json.loads(pipeline.read("quarantine/sample-bad.json.reason.json"))
    assert explained["reason"] == "amount is not a number"
