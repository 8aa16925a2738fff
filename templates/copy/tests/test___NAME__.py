"""Deploys the pipeline to an embedded cloud and uploads to it. `pytest` runs it."""

from pathlib import Path

SAMPLES = Path(__file__).parent.parent


def test_an_upload_is_copied(pipeline):
    pipeline.upload("incoming/sample1.json", SAMPLES / "sample1.json")
    execution = pipeline.wait()
    assert execution.status == "SUCCEEDED"
    assert pipeline.read("processed/sample1.json") == (SAMPLES / "sample1.json").read_bytes()


def test_copies_and_other_prefixes_start_nothing(pipeline):
    pipeline.upload("other/sample-bad.json", SAMPLES / "sample-bad.json")
    for name in ("first.json", "second.json"):
        pipeline.wait(pipeline.upload(f"incoming/{name}", "{}"))
    assert len(pipeline.executions()) == 2
