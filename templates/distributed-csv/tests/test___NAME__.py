"""Deploys the pipeline to an embedded cloud and uploads to it. `pytest` runs it."""

import json
from pathlib import Path

SAMPLES = Path(__file__).parent.parent


def test_good_rows_are_written(pipeline):
    pipeline.upload("incoming/sample1.csv", SAMPLES / "sample1.csv")
    execution = pipeline.wait()
    assert execution.status == "SUCCEEDED"
    manifest = json.loads(pipeline.read(execution.output["manifest"]))
    (succeeded,) = manifest["ResultFiles"]["SUCCEEDED"]
    rows = [json.loads(each["Output"]) for each in json.loads(pipeline.read(succeeded["Key"]))]
    assert rows == [{"id": "a-1", "amount": 30}, {"id": "a-2", "amount": 12.5}]
    (failed,) = manifest["ResultFiles"]["FAILED"]
    (bad,) = json.loads(pipeline.read(failed["Key"]))
    assert json.loads(bad["Input"])["id"] == "a-3"


def test_a_file_with_many_bad_rows_fails(pipeline):
    pipeline.upload("incoming/sample-bad.csv", SAMPLES / "sample-bad.csv")
    execution = pipeline.wait()
    assert execution.status == "FAILED"
    assert execution.error == "States.ExceedToleratedFailureThreshold"
