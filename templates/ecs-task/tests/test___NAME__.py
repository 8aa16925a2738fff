"""Deploys the pipeline to an embedded cloud and uploads to it. `pytest` runs it."""

from pathlib import Path

SAMPLES = Path(__file__).parent.parent


def test_an_upload_starts_the_task(pipeline):
    """The embedded cloud has no containers: it does not accept the task."""
    pipeline.upload("incoming/sample1.txt", SAMPLES / "sample1.txt")
    execution = pipeline.wait()
    assert execution.path == ["Run"]
    assert execution.input["object"]["key"] == "incoming/sample1.txt"
