"""EventBridge: rules and their targets."""

from __future__ import annotations

from sfn_s3_cli.local import roles
from sfn_s3_cli.local.internals import EVENTS, Action, Answer, Request, refuse

_TARGETS_PER_RULE = 5
_RULES_PER_BUS, _WILDCARD_RULES_PER_BUS = 300, 30


def install() -> None:
    """Makes rules and targets behave as on AWS."""
    EVENTS.repair("_put_rule", put_rule)
    EVENTS.repair("_delete_rule", delete_rule)
    EVENTS.repair("_put_targets", put_targets)
    EVENTS.repair("_remove_targets", require_rule)
    EVENTS.repair("_list_targets_by_rule", require_rule)


def put_rule(original: Action, data: Request) -> Answer:
    """PutRule replaces the rule: what is omitted becomes empty. Tags are used only for a new rule
    (EventBridge API, PutRule). A bus has at most 300 rules, 30 of them with a wildcard (User Guide,
    "Quotas")."""
    others = _list_other_rules(data)
    wildcards = sum(_has_wildcard(each.get("EventPattern")) for each in others)
    is_full = _has_wildcard(data.get("EventPattern")) and wildcards >= _WILDCARD_RULES_PER_BUS
    if is_full or len(others) >= _RULES_PER_BUS:
        return refuse(
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed.",
        )
    if _find_rule(data) is not None:
        data = {key: value for key, value in data.items() if key != "Tags"}
    return original({"State": "ENABLED", "Description": "", "RoleArn": "", **data})


def delete_rule(original: Action, data: Request) -> Answer:
    """A rule with targets cannot be deleted (EventBridge API, DeleteRule)."""
    if _find_targets(data):
        return refuse("ValidationException", "Rule can't be deleted since it has targets.")
    return original(data)


def put_targets(original: Action, data: Request) -> Answer:
    """A Step Functions target needs a role that EventBridge can assume, a target has at most one
    kind of input, and a rule at most five targets (EventBridge API, PutTargets; User Guide,
    "Quotas")."""
    for target in data["Targets"]:
        if ":states:" in target["Arn"] and not target.get("RoleArn"):
            arn = target["Arn"]
            return refuse("ValidationException", f"RoleArn is required for target {arn}.")
        if ":states:" in target["Arn"] and not roles.can_assume(
            target["RoleArn"], "events", _rule_arn(data)
        ):
            return refuse(
                "ValidationException",
                f"Provided role '{target['RoleArn']}' cannot be assumed by principal"
                " 'events.amazonaws.com'.",
            )
        if sum(key in target for key in ("Input", "InputPath", "InputTransformer")) > 1:
            return refuse(
                "ValidationException",
                f"Only one of Input, InputPath, or InputTransformer must be provided for target "
                f"{target['Id']}.",
            )
    targets = [*_find_targets(data), *data["Targets"]]
    if len({target["Id"] for target in targets}) > _TARGETS_PER_RULE:
        return refuse(
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed.",
        )
    return original(data)


def require_rule(original: Action, data: Request) -> Answer:
    """The targets of a missing rule cannot be listed or removed (EventBridge API, ListTargetsByRule
    and RemoveTargets)."""
    if _find_rule(data) is None:
        name, bus = data["Rule"], data.get("EventBusName", "default")
        return refuse("ResourceNotFoundException", f"Rule {name} does not exist on EventBus {bus}.")
    return original(data)


def _rule_key(data: Request) -> str:
    name = data.get("Name") or data["Rule"]
    key: str = EVENTS["_rule_key"](name, data.get("EventBusName", "default"))
    return key


def _rule_arn(data: Request) -> str:
    rule = _find_rule(data) or {"Arn": "arn:aws:events::::"}
    arn: str = rule["Arn"]
    return arn


def _find_rule(data: Request) -> Request | None:
    rule: Request | None = EVENTS["_rules"].get(_rule_key(data))
    return rule


def _list_other_rules(data: Request) -> list[Request]:
    key = _rule_key(data)
    bus = key.partition("|")[0]
    rules = EVENTS["_rules"].items()
    return [rule for other, rule in rules if other != key and other.startswith(f"{bus}|")]


def _has_wildcard(pattern: str | None) -> bool:
    return '"wildcard"' in (pattern or "")


def _find_targets(data: Request) -> list[Request]:
    return EVENTS["_targets"].get(_rule_key(data)) or []
