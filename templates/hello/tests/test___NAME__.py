"""Deploys the pipeline to an embedded cloud and uploads to it. `pytest` runs it."""

from pathlib import Path

SAMPLES = Path(__file__).parent.parent


def test_an_upload_starts_an_execution(pipeline):
    pipeline.upload("incoming/sample1.json", SAMPLES / "sample1.json")
    execution = pipeline.wait()
    assert execution.status == "SUCCEEDED"
    assert execution.path == ["Hello"]


def test_other_prefixes_start_nothing(pipeline):
    pipeline.upload("other/sample-bad.json", SAMPLES / "sample-bad.json")
    pipeline.wait(pipeline.upload("incoming/sample1.json", SAMPLES / "sample1.json"))
    assert len(pipeline.executions()) == 1
