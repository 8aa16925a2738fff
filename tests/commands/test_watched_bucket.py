"""A bucket that other pipelines watch stays when the pipeline that created it is torn down."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pipelines import pipeline_config, tear_down, wiring_for
from reliability_figures import TEST_ALL
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.desired import unwant
from sfn_s3_cli.reconcile.outcome import Kept
from sfn_s3_cli.reconcile.proposal import plan_nodes
from sfn_s3_cli.resources.base import Removal
from sfn_s3_cli.resources.bucket import Bucket

WATCHED = "other pipelines watch it: invoices"


@pytest.fixture
def made(project: Sfnctl, account: str) -> str:
    """A bucket that `orders` (the usual config) creates."""
    name = f"made-{account}"
    bucket = {"name": name, "create": True}
    config = pipeline_config(account, bucket=bucket, trigger={"via": "s3"})
    project.write("sfnctl.yaml", config)
    project("deploy", "--yes")
    return name


@pytest.fixture
def watch(project: Sfnctl, account: str, made: str) -> Any:
    """Deploys or tears down `invoices`, which watches that bucket."""

    def watch(*command: str, **trigger: Any) -> None:
        settings = {"name": "invoices", "bucket": made, "trigger": trigger}
        project.write("invoices.yaml", pipeline_config(account, **settings))
        project("--config", "invoices.yaml", *command, "--yes")

    return watch


ANY_WAY = [
    (via, options, has_objects)
    for via in ("s3", "cloudtrail")
    for options in ((), ("--purge",), ("--purge", "--purge-bucket"))
    for has_objects in (True, False)
]
SAMPLE = ANY_WAY[1:3] + ANY_WAY[9:11]


@pytest.mark.parametrize(
    ("via", "options", "has_objects"), ANY_WAY if TEST_ALL else SAMPLE, ids=str
)
def test_a_watched_bucket_survives_its_pipeline(
    project: Sfnctl,
    aws: Aws,
    made: str,
    watch: Any,
    via: str,
    options: tuple[str, ...],
    has_objects: bool,
) -> None:
    watch("deploy", via=via, prefix="other/")
    if has_objects:
        aws.s3.put_object(Bucket=made, Key="data", Body=b"1")
    named = (*options, made) if len(options) > 1 else options
    ended = project("teardown", "--yes", *named)
    assert ended.out.endswith(f"removed.\nKept bucket {made}: {WATCHED}.\n")
    assert f"  = bucket              {made}  kept: {WATCHED}\n" in ended.out
    assert aws.s3.list_objects_v2(Bucket=made)["KeyCount"] == has_objects
    assert "missing" not in project("--config", "invoices.yaml", "status", "--exit-code").out
    watch("teardown", via=via, prefix="other/")
    assert project("teardown", "--purge", "--yes").out.endswith("Tore down orders: 1 removed.\n")


def test_a_pipeline_whose_trigger_is_disabled_counts(
    project: Sfnctl, made: str, watch: Any
) -> None:
    watch("deploy", via="s3", enabled=False)
    assert f"Kept bucket {made}: {WATCHED}.\n" in project("teardown", "--yes").out


def test_a_pipeline_of_another_bucket_does_not_count(
    project: Sfnctl, aws: Aws, account: str, made: str, watch: Any
) -> None:
    watch("deploy", via="s3")
    watch("teardown", via="s3")
    settings = {"name": "invoices", "trigger": {"via": "s3"}}
    project.write("invoices.yaml", pipeline_config(account, **settings))
    project("--config", "invoices.yaml", "deploy", "--yes")
    theirs = {"source": ["custom"], "detail": {"requestParameters": {"bucketName": [made]}}}
    aws.events.put_rule(Name="sfnctl-by-hand", EventPattern=json.dumps(theirs))
    assert project("teardown", "--yes").out.endswith("Tore down orders: 9 removed.\n")


def test_a_bucket_that_is_watched_since_the_plan_stays(aws: Aws, account: str) -> None:
    name = f"made-{account}"
    own = wiring_for(aws, bucket={"name": name, "create": True}, trigger={"via": "s3"})
    (bucket,) = (node for node in own if isinstance(node.resource, Bucket))
    assert [*apply(plan_nodes((bucket,), aws), aws)]
    aws.s3.put_object(Bucket=name, Key="data", Body=b"1")
    purge = Removal(purge=True)
    plan = plan_nodes(unwant((bucket,)), aws, removal=purge)
    theirs = wiring_for(aws, name="invoices", bucket=name, trigger={"via": "s3"})
    assert [*apply(plan_nodes(theirs, aws), aws)]
    (kept,) = (each for each in apply(plan, aws, purge) if isinstance(each, Kept))
    assert (kept.change.address, kept.reason.message) == (bucket.resource.address, WATCHED)
    assert aws.s3.list_objects_v2(Bucket=name)["KeyCount"] == 1
    tear_down(aws, theirs)
