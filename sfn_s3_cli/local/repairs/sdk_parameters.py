"""Step Functions: the parameters of `aws-sdk` calls, as the models of the services have them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_CALL = re.compile(r"arn:[\w-]+:states:[^:]*:[^:]*:aws-sdk:(?P<service>\w+):(?P<action>\w+)")
_MODELS = {
    "applicationdiscoveryservice": "discovery",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearchservice": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuildingservice": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntimeservice": "lex-runtime",
    "lexruntimev2": "lexv2-runtime",
    "marketplaceentitlementservice": "marketplace-entitlement",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "pinpointsmsvoice": "sms-voice",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
}
"""What botocore calls the services whose SDK for Java has another name."""
_RENAMED = {("AttributeValue", "nul"): "NULL"}
"""Members that the SDK for Java calls otherwise."""
_CHECKED = re.compile(r"(Missing required|Unknown|Invalid type)")
"""What Step Functions checks; of lengths and ranges the service says what is wrong."""


def report_faults(resource: str, arguments: dict[str, Any]) -> str:
    """What is wrong with the arguments, in botocore's words; nothing for an unknown action.

    Names are those of the API, but begin with a capital letter (Step Functions Guide, "Passing
    parameters to a service API").
    """
    found = _CALL.match(resource)
    operation = _find_operation(found["service"], found["action"]) if found else None
    if operation is None or operation.input_shape is None:
        return ""
    from botocore.validate import ParamValidator  # noqa: PLC0415  (as below)

    tokens = dict.fromkeys(operation.idempotent_members, "")  # the SDK fills them in
    parameters = {**tokens, **_convert(operation.input_shape, arguments)}
    report = ParamValidator().validate(parameters, operation.input_shape).generate_report()
    return "\n".join(line for line in report.splitlines() if _CHECKED.match(line))


@cache
def _find_operation(service: str, action: str) -> Any:
    from botocore.exceptions import UnknownServiceError  # noqa: PLC0415  (as below)
    from botocore.model import OperationNotFoundError  # noqa: PLC0415  (as below)

    try:
        return _load_model(service).operation_model(action[:1].upper() + action[1:])
    except (UnknownServiceError, OperationNotFoundError):
        return None


@cache
def _load_model(service: str) -> Any:
    session = _load_session()
    names = {each.replace("-", ""): each for each in session.get_available_services()}
    return session.get_service_model(_MODELS.get(service) or names.get(service, service))


@cache
def _load_session() -> Any:
    import botocore.session  # noqa: PLC0415  (takes half a second, and only such calls need it)

    return botocore.session.get_session()


def _convert(shape: Any, value: Any) -> Any:
    """Gives members the API's names, and values the types that the SDK makes of JSON."""
    match shape.type_name, value:
        case "structure", dict() if not getattr(shape, "is_document_type", False):
            known = {name.lower(): name for name in shape.members}
            named = {_find_name(shape, known, name): each for name, each in value.items()}
            members = shape.members
            return {
                name: _convert(members[name], each) if name in members else each
                for name, each in named.items()
                if each is not None
            }
        case "list", list():
            return [_convert(shape.member, each) for each in value]
        case "map", dict():
            return {key: _convert(shape.value, each) for key, each in value.items()}
        case "blob", _:
            return b""
        case (("integer" | "long"), float()) if value.is_integer():
            return int(value)
        case "timestamp", (str() | int() | float()):
            return 0
    return value


def _find_name(shape: Any, known: dict[str, str], name: str) -> str:
    renamed = _RENAMED.get((shape.name, name.lower()))
    return known.get(name.lower()) or renamed or name
