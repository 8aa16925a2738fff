"""Buckets that sfnctl made and the config no longer asks for: `status` and `teardown` name them."""

from __future__ import annotations

from typing import Any

import pytest
from faults.rules import Rule, deny
from pipelines import pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam import tags

KEEP_IT = "remove its tags sfnctl:pipeline and sfnctl:managed to keep it for good"
LEFT = (
    "it belongs to pipeline orders, but the config no longer names it: delete it yourself, or"
    f" {KEEP_IT}"
)
CREATE_REMOVED = (
    "it belongs to pipeline orders, but the config no longer has `create: true`: add that again to"
    f" let teardown remove it, or {KEEP_IT}"
)
DENIED = (
    "Not checked: whether sfnctl made buckets for this pipeline that the config no longer names"
    " (AccessDeniedException: User: arn:aws:iam::123456789012:user/dev is not authorized to"
    " perform: tag:GetResources)."
)


@pytest.fixture
def configure(project: Sfnctl, account: str) -> Any:
    def configure(bucket: Any) -> None:
        config = pipeline_config(account, bucket=bucket, trigger={"via": "s3"})
        project.write("sfnctl.yaml", config)

    return configure


def test_a_bucket_that_the_config_left_is_named(
    project: Sfnctl, aws: Aws, bucket: str, account: str, configure: Any
) -> None:
    first = f"first-{account}"
    configure({"name": first, "create": True})
    project("deploy", "--yes")
    configure(bucket)
    project("deploy", "--yes")
    status = project("status", "--exit-code").out
    assert [line for line in status.splitlines() if " bucket  " in line] == [
        f"kept      bucket              {first}  {LEFT}",
        f"ok        bucket              {bucket}",
    ]
    document = project("status", "--output", "json").document
    (kept,) = (each for each in document["resources"] if each["name"] == first)
    assert (kept["state"], kept["reason"]["code"]) == ("kept", "BUCKET_LEFT_BY_CONFIG")
    ended = project("teardown", "--dry-run")
    assert f"  = bucket              {first}  kept: {LEFT}\n" in ended.out
    ended = project("teardown", "--purge", "--yes")
    assert ended.out.endswith(f"Tore down orders: 8 removed.\nKept bucket {first}: {LEFT}.\n")
    assert project("teardown", "--yes").out == (
        f"Nothing to do for orders: nothing is left to remove.\nKept bucket {first}: {LEFT}.\n"
    )
    aws.s3.delete_bucket(Bucket=first)
    ended = project("teardown", "--yes")
    assert ended.out == "Nothing to do for orders: nothing is left.\n"


def test_a_bucket_without_create_is_named(project: Sfnctl, account: str, configure: Any) -> None:
    made = f"made-{account}"
    configure({"name": made, "create": True})
    project("deploy", "--yes")
    assert "kept" not in project("status").out
    configure(made)
    assert project("deploy", "--yes").out == "Nothing to do for orders: AWS matches the config.\n"
    assert f"kept      bucket              {made}  {CREATE_REMOVED}\n" in project("status").out
    ended = project("teardown", "--yes")
    assert ended.out.endswith(f"removed.\nKept bucket {made}: {CREATE_REMOVED}.\n")
    configure({"name": made, "create": True})
    assert project("teardown", "--yes").out.endswith("Tore down orders: 1 removed.\n")


def test_all_pages_are_read_and_confirmed(
    project: Sfnctl, aws: Aws, bucket: str, account: str, configure: Any
) -> None:
    """The search lags: the first bucket exists no more, and the second is another pipeline's."""
    configure(bucket)
    names = [f"old{number:03}-{account}" for number in range(4)]
    for name in names[1:]:
        aws.s3.create_bucket(Bucket=name)
    for name, pipeline in zip(names[1:], ("invoices", "orders", "orders"), strict=True):
        buckets.retag(aws, name, {}, tags.of_pipeline(pipeline, {}))
    former = tags.to_list(tags.of_pipeline("orders", {}))
    found = [{"ResourceARN": f"arn:aws:s3:::{name}", "Tags": former} for name in names]
    pages = [
        Rule(
            do="answer",
            operation="GetResources",
            document={"ResourceTagMappingList": part, "PaginationToken": token},
        )
        for part, token in ((found[:2], "more"), (found[2:], ""))
    ]
    with project.with_faults(*pages):
        ended = project("teardown", "--yes")
    assert ended.out == "Nothing to do for orders: nothing is left to remove.\n" + "".join(
        f"Kept bucket {name}: {LEFT}.\n" for name in names[2:]
    )
    assert ended.err == ""
    denied = deny("GetBucketTagging", "s3:GetBucketTagging", code="AccessDenied")
    with project.with_faults(denied):
        assert project("teardown", "--yes").out == ended.out


def test_a_search_that_is_denied_is_said_once(project: Sfnctl) -> None:
    project("deploy", "--yes")
    with project.with_faults(deny("GetResources", "tag:GetResources")):
        assert project("status", "--exit-code").out.count(f"Note: {DENIED}\n") == 1
        assert project("teardown", "--dry-run").out.count(f"Note: {DENIED}\n") == 1
        ended = project("teardown", "--yes")
        assert (ended.out + ended.err).count(DENIED) == 1
        ended = project("teardown", "--yes")
        assert ended.out == "Nothing to do for orders: nothing is left.\n"
        assert ended.err == f"{DENIED}\n"


OWNER_GONE = (
    "it belongs to pipeline invoices, which has no rule any more: to let orders own it, set its tag"
    f" sfnctl:pipeline to orders and add `create: true`, or {KEEP_IT}"
)


def test_a_bucket_of_a_pipeline_that_is_gone_is_named(
    project: Sfnctl, aws: Aws, account: str, configure: Any
) -> None:
    made = f"made-{account}"
    settings = {"name": "invoices", "bucket": {"name": made, "create": True}}
    project.write("invoices.yaml", pipeline_config(account, **settings))
    project("--config", "invoices.yaml", "deploy", "--yes")
    configure(made)
    project("deploy", "--yes")
    assert "kept" not in project("status").out
    project("--config", "invoices.yaml", "teardown", "--yes")
    shown = project("status", "--exit-code").out
    assert f"kept      bucket              {made}  {OWNER_GONE}\n" in shown
    assert project("status", "--output", "json").document["outputs"]["bucket"] == made
    with project.with_faults(deny("ListRules", "events:ListRules")):
        assert "BUCKET_OWNER_GONE" not in project("status", "--output", "json").out
    ended = project("teardown", "--yes")
    assert ended.out.endswith(f"Tore down orders: 8 removed.\nKept bucket {made}: {OWNER_GONE}.\n")
    buckets.retag(aws, made, {}, {tags.PIPELINE: "orders"})
    configure({"name": made, "create": True})
    assert project("teardown", "--yes").out.endswith("Tore down orders: 1 removed.\n")


def test_a_bucket_of_nobody_or_of_others_is_not_named(
    project: Sfnctl, aws: Aws, bucket: str, account: str, configure: Any
) -> None:
    configure(bucket)
    aws.s3.create_bucket(Bucket=f"other-{account}")
    buckets.retag(aws, f"other-{account}", {}, tags.of_pipeline("gone", {}))
    project("deploy", "--yes")
    assert "kept" not in project("status").out
    assert project("teardown", "--yes").out.endswith("Tore down orders: 8 removed.\n")
