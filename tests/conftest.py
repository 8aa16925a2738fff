"""Fixtures for all tests: a pinned environment, one embedded cloud per worker, the script."""

from __future__ import annotations

import gc
import itertools
import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import caches
import contract
import pytest
from pipelines import HELLO, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.local import process
from sfn_s3_cli.local.process import Cloud

_numbers = itertools.count(1)

contract.install()
gc.set_threshold(10_000, 10, 10)  # by default a tenth of the time goes into the search for garbage


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the search for garbage can leave it out."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _contract_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Names the file to which this worker and its children write bad requests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONTRACT", str(tmp_path_factory.mktemp("contract") / "problems"))
        yield
        contract.count()


@pytest.fixture(autouse=True)
def _check_the_contract(_contract_file: None) -> Iterator[None]:
    """No test sends a request that AWS would refuse for its form."""
    yield
    contract.settle()


@pytest.fixture(autouse=True)
def _pinned_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the developer's own AWS settings, terminal or home."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "GITHUB_", "SFNCTL_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    size = {"COLUMNS": "80", "NO_COLOR": "1"}
    pinned = {"HOME": str(tmp_path), "TZ": "UTC", "LC_ALL": "C.UTF-8", **size}
    for name, value in pinned.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session", autouse=True)
def _caches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        caches.install(patch.setattr)
        yield


@pytest.fixture(scope="session")
def cloud_state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="session")
def cloud(cloud_state_dir: Path) -> Iterator[Cloud]:
    """One embedded cloud for all tests of a worker."""
    yield process.ensure(cloud_state_dir)
    process.stop(cloud_state_dir)


@pytest.fixture
def account(cloud: Cloud) -> str:
    """A new account of the embedded cloud, which holds nothing else."""
    reset = urllib.request.Request(f"{cloud.endpoint_url}/_ministack/reset", method="POST")
    with urllib.request.urlopen(reset) as answer:
        assert json.load(answer) == {"reset": "ok"}
    return f"{os.getpid() % 10**6:06}{next(_numbers):06}"


@pytest.fixture
def aws(cloud: Cloud, account: str) -> Iterator[Aws]:
    aws = connect_locally(cloud.endpoint_url, account=account)
    yield aws
    for client in aws._clients.values():
        client.close()  # thousands of open connections would slow the cloud down


@pytest.fixture
def bucket(aws: Aws, account: str) -> str:
    """The bucket of somebody else that the pipelines of `pipelines.py` watch."""
    name = f"orders-{account}"
    aws.s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def sfnctl(tmp_path: Path) -> Sfnctl:
    """The script without a cloud."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Sfnctl(folder)


@pytest.fixture
def sfnctl_local(sfnctl: Sfnctl, cloud: Cloud, cloud_state_dir: Path) -> Sfnctl:
    """The script with --local, on the worker's cloud."""
    sfnctl.environ |= {"SFNCTL_LOCAL": "1", "SFNCTL_STATE_DIR": str(cloud_state_dir)}
    return sfnctl


@pytest.fixture
def own_cloud(sfnctl: Sfnctl) -> Iterator[Sfnctl]:
    """The script with a cloud of its own, which is stopped at the end."""
    yield sfnctl
    sfnctl("local", "stop")


@pytest.fixture
def project(sfnctl_local: Sfnctl, bucket: str, account: str) -> Sfnctl:
    """The pipeline `orders` and its bucket; nothing is deployed."""
    sfnctl_local.write("sfnctl.yaml", pipeline_config(account))
    sfnctl_local.write("workflow.asl.json", json.dumps(HELLO))
    return sfnctl_local


@pytest.fixture
def read_account(cloud: Cloud, account: str) -> Any:
    """A function that reads all that the test's account holds in the embedded cloud."""

    def look() -> Any:
        with urllib.request.urlopen(f"{cloud.endpoint_url}/_sfnctl/state") as answer:
            state = json.load(answer)
        return {
            service: mine
            for service, stores in state.items()
            if (mine := _of_account(stores, account))
        }

    return look


def _of_account(stores: Any, account: str) -> Any:
    if not isinstance(stores, dict):
        return {}
    return {
        store: mine
        for store, entries in stores.items()
        if isinstance(entries, dict)
        and (mine := {k: v for k, v in entries.items() if account in str(k)})
    }
