"""Loads all that a run of sfnctl may need, so that runs forked from this process need not."""

from __future__ import annotations

import gc
import importlib
import io
import pkgutil
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import botocore.session
import caches
import contract.models
import typer.main
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError

import sfn_s3_cli


def preload() -> None:
    caches.install()
    _import_the_package()
    _build_the_commands()
    _make_every_call()
    gc.set_threshold(10_000, 10, 10)  # most runs end before
    gc.freeze()  # a run that does not search for garbage does not copy what it inherits


def _import_the_package() -> None:
    """Imports sfnctl, and what the tests' own child processes import when they need it."""
    for name in ("contract.rules", "faults.injector"):
        importlib.import_module(name)
    for module in pkgutil.walk_packages(sfn_s3_cli.__path__, "sfn_s3_cli."):
        if not module.name.startswith(("sfn_s3_cli.__main__", "sfn_s3_cli.local.")):
            importlib.import_module(module.name)


def _build_the_commands() -> None:
    """Lets Typer inspect each command's signature once."""
    typer.main.get_command(importlib.import_module("sfn_s3_cli.cli").app)


def _make_every_call() -> None:
    """Makes each call that sfnctl knows once, to nowhere: botocore and the contract remember."""
    files = Path(sfn_s3_cli.__path__[0]).rglob("*.py")
    words = {word for file in files for word in re.findall(r"\w+", file.read_text())}
    for service in (*importlib.import_module("sfn_s3_cli.aws.client").SERVICES, "sns", "sts"):
        client = botocore.session.Session().create_client(
            service,
            "eu-west-1",
            aws_access_key_id="example",
            aws_secret_access_key="example",
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )
        client.meta.events.register("before-send", _refuse)
        for operation in client.meta.service_model.operation_names:
            if xform_name(operation) in words:
                _call(client, operation)


def _call(client: Any, operation: str) -> None:
    model = client.meta.service_model.operation_model(operation)
    params = _example(model.input_shape) if model.input_shape else {}
    list(contract.models.find_problems(model, params))
    with suppress(ClientError):
        getattr(client, xform_name(operation))(**params)


def _refuse(request: Any, **_: object) -> Any:
    """In place of AWS: an error that the parsers of all protocols can read."""
    response: Any = AWSResponse(request.url, 400, HTTPHeaders(), io.BytesIO())
    response._content = b"<Error/>"
    return response


def _example(shape: Any) -> Any:
    """A value of this shape, with the required fields alone."""
    match shape.type_name:
        case "structure":
            return {name: _example(shape.members[name]) for name in shape.required_members}
        case "list":
            return [_example(shape.member)]
        case "map":
            return {}
        case "integer" | "long" | "boolean":
            return 1
    return "example"
