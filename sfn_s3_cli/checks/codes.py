"""The codes of all findings, AWS's own where it has one, each with a short description."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "CONTEXT_FIELD": "A field that the context object does not have, or not in this state.",
    "DISTRIBUTED_ONLY": "A field that only a DISTRIBUTED Map uses, on another Map.",
    "DUPLICATE_LABEL_NAME": "Two Map states with the same label.",
    "DUPLICATE_STATE_NAME": "Two states with the same name, in the same or different branches.",
    "DUPLICATE_VARIABLE_NAME": "A variable in a Map or Parallel with the name of one outside.",
    "ENDLESS_LOOP": "The workflow writes objects that start it again.",
    "EVENT_FIELD": "The definition reads a field that the trigger's event does not have.",
    "EXCLUSIVE_FIELDS": "Fields of which an object can have only one.",
    "EXPRESS_UNSUPPORTED": "A feature that EXPRESS workflows lack, such as waiting for a job.",
    "INVALID_CONFIG": "An invalid config file, or a definition file that cannot be read.",
    "INVALID_EVENT_PATTERN": "EventBridge refuses the event pattern of the trigger.",
    "INVALID_INTRINSIC": "An unknown intrinsic function, or arguments that it does not accept.",
    "INVALID_JSONATA_EXPRESSION": "The text between `{%` and `%}` is not valid JSONata 2.0.6.",
    "INVALID_LABEL_NAME": "A label that is too long, or has characters that are not allowed.",
    "INVALID_PATH": "An invalid JSONPath, or a path that its field does not accept.",
    "INVALID_RESOURCE": "A resource that is not the ARN of anything that a state can call.",
    "INVALID_STATE_NAME": "A state name that is empty or longer than 80 characters.",
    "INVALID_VALUE": "A value of the wrong type or outside its limits.",
    "INVALID_VARIABLE_NAME": "A variable name that AWS does not accept.",
    "KEY_WILDCARD": "A `*` in a prefix or suffix, which EventBridge takes literally.",
    "MISSED_EVENTS": "Events that the trigger asks for, but that start no execution.",
    "MISSING_END_STATE": "No state ends the execution.",
    "MISSING_FIELD": "A required field is missing.",
    "MISSING_PERMISSION": "A call that may need more permissions; `plan` shows them.",
    "MISSING_TRANSITION_TARGET": "A missing target of a transition, or an unreachable state.",
    "NO_DEFAULT": "A Choice without a Default, which fails when no rule matches.",
    "NO_DOLLAR": "Text that looks like a path or a function, but is not evaluated.",
    "NO_JSONATA": "Text that looks like JSONata, but is not evaluated.",
    "NO_PATH": "A key ends with `.$`, but its value is neither a path nor a function.",
    "NO_RETRY": "A Task without a Retry, which fails on the first temporary error.",
    "NO_TOKEN": "A Task that waits for a task token, but does not send it.",
    "PASS_RESULT_IS_STATIC": "A path in the Result of a Pass, which is not evaluated.",
    "PATTERN_MISMATCH": "EventBridge matches other events than the trigger describes.",
    "POSSIBLY_UNDEFINED_VARIABLE": "No state assigns the variable before it is read.",
    "PREFIX_SLASH": "A prefix that begins with a slash, as keys rarely do.",
    "RESERVED_VARIABLE_NAME": "A variable with the reserved name `states`.",
    "SCHEMA_VALIDATION_FAILED": "Step Functions refuses the definition without a reason.",
    "STATES_ALL_NOT_LAST": "The error name States.ALL beside others, or before the last entry.",
    "UNKNOWN_ERROR_NAME": "An error name with `States.` that Step Functions does not have.",
    "UNKNOWN_FIELD": "A field that the language does not have.",
    "UNKNOWN_INTEGRATION": "A call whose permissions sfnctl does not know.",
    "UNKNOWN_SERVICE": "A call to a service that sfnctl does not know.",
    "UNSUPPORTED_FIELD": "A field of another type of state, or of the other query language.",
    "UNSUPPORTED_JSONATA_EXPRESSION": "JSONata that reads what Step Functions does not provide.",
    "UNUSED_SUBSTITUTION": "A substitution that no `${Name}` in the definition uses.",
    "VARIABLE_OUT_OF_SCOPE": "A state in a distributed Map reads a variable from outside it.",
    "WIDE_PERMISSION": "An action on more resources than needed; `plan` shows them.",
    "WILDCARD_RULE": "A trigger with prefix and suffix; EventBridge limits such rules.",
}
