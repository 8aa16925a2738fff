"""Deploys the pipeline to an embedded cloud and uploads to it. `pytest` runs it."""

import json
from pathlib import Path

SAMPLES = Path(__file__).parent.parent


def test_each_record_becomes_an_object(pipeline):
    pipeline.upload("incoming/sample1.json", SAMPLES / "sample1.json")
    execution = pipeline.wait()
    assert execution.status == "SUCCEEDED"
    assert execution.output == {"written": 2}
    assert json.loads(pipeline.read("processed/a-2.json")) == {"id": "a-2", "amount": 12}


def test_a_bad_object_writes_nothing(pipeline):
    pipeline.upload("incoming/sample-bad.json", SAMPLES / "sample-bad.json")
    execution = pipeline.wait()
    assert execution.status == "FAILED"
    assert "a record has no id" in execution.cause
    assert pipeline.list_keys("processed/") == []
