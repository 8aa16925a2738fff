"""Findings: what is wrong or doubtful about a value, before its place in a file is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import INVALID_CONFIG, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.documents.document import Mark, ValuePath


RULES: Mapping[str, str] = {
    "CONTEXT_FIELD": "A field that the context object is not known to have there.",
    "DISTRIBUTED_ONLY": "A field that only a DISTRIBUTED Map uses, on another.",
    "DUPLICATE_LABEL_NAME": "A label that two Map states share.",
    "DUPLICATE_STATE_NAME": "A name that two states share, be they in different branches.",
    "DUPLICATE_VARIABLE_NAME": "A variable in a Map or Parallel with the name of one outside.",
    "ENDLESS_LOOP": "The workflow writes objects that start it again.",
    "EVENT_FIELD": "The definition reads a field that what the trigger delivers does not have.",
    "EXCLUSIVE_FIELDS": "Fields that exclude each other, side by side.",
    "EXPRESS_UNSUPPORTED": "What an EXPRESS workflow cannot do, such as wait for a job or a token.",
    "INVALID_CONFIG": "A config file or a definition that cannot be read as what it should be.",
    "INVALID_EVENT_PATTERN": "An event pattern of the trigger that EventBridge refuses.",
    "INVALID_INTRINSIC": "A call that is no intrinsic function, or whose arguments do not fit.",
    "INVALID_JSONATA_EXPRESSION": "What stands between `{%` and `%}` is no JSONata 2.0.6.",
    "INVALID_LABEL_NAME": "A label that is too long, or has characters that AWS does not take.",
    "INVALID_PATH": "What is no JSONPath, or a path that its field does not take.",
    "INVALID_RESOURCE": "A resource that is no ARN of something a state can call.",
    "INVALID_STATE_NAME": "A name of a state that is empty or longer than 80 characters.",
    "INVALID_VALUE": "A value of the wrong type or outside of its limits.",
    "INVALID_VARIABLE_NAME": "A name that AWS does not take for a variable.",
    "KEY_WILDCARD": "A `*` in a prefix or suffix, which EventBridge takes literally.",
    "MISSING_END_STATE": "States of which none ends the workflow.",
    "MISSING_FIELD": "A field that is required and not there.",
    "MISSING_TRANSITION_TARGET": "A transition to no state, or a state without a transition to it.",
    "NO_DEFAULT": "A Choice without a Default, which fails when no rule matches.",
    "NO_DOLLAR": "Text that looks like a path or a function, where it is not evaluated.",
    "NO_JSONATA": "Text of a JSONata state that looks as if it were evaluated, and is not.",
    "NO_PATH": "A key ends with `.$`, but its value is neither a path nor a function.",
    "NO_RETRY": "A Task without a Retry, which fails with the first passing failure.",
    "NO_TOKEN": "A Task that waits for a token, and does not send it to anybody.",
    "PASS_RESULT_IS_STATIC": "A path in the Result of a Pass, where it is not evaluated.",
    "PATTERN_MISMATCH": "A trigger that, tried by EventBridge, takes other events than it says.",
    "POSSIBLY_UNDEFINED_VARIABLE": "A variable is read that no state assigns there or before.",
    "PREFIX_SLASH": "A prefix that begins with a slash, as keys rarely do.",
    "RESERVED_VARIABLE_NAME": "A variable with the name `states`, which is reserved.",
    "SCHEMA_VALIDATION_FAILED": "A definition that Step Functions refuses without a reason.",
    "STATES_ALL_NOT_LAST": "The error name States.ALL beside others, or before the last entry.",
    "UNKNOWN_ERROR_NAME": "An error name with `States.` that Step Functions does not have.",
    "UNKNOWN_FIELD": "A field that the language does not have.",
    "UNKNOWN_INTEGRATION": "A call whose permissions sfnctl does not know.",
    "UNKNOWN_SERVICE": "A call to a service that sfnctl does not know.",
    "UNSUPPORTED_FIELD": "A field of another type of state, or of the other query language.",
    "UNSUPPORTED_JSONATA_EXPRESSION": "JSONata that reads what Step Functions does not offer.",
    "UNUSED_SUBSTITUTION": "A substitution that no `${Name}` of the definition asks for.",
    "VARIABLE_OUT_OF_SCOPE": "A distributed Map's states read a variable from outside.",
    "WIDE_PERMISSION": "An action on more than one thing, for want of its name: `plan` tells.",
    "WILDCARD_RULE": "A trigger with prefix and suffix, for which EventBridge has few rules.",
}
"""What is checked: the ids of findings, AWS's own where it has one, each in a sentence."""


class Finding(NamedTuple):
    """One thing to report about the value at `path`, and what to do about it."""

    code: str
    path: ValuePath
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    at_key: bool = False
    """Whether it is about the key more than about the value."""
    mark: Mark | None = None
    """Its place, if the path does not say it: the second of two equal keys, for example."""
    is_nameless: bool = False
    """Whether the key is not known yet, so that it could be any."""

    def locate(self, file: str, mark: Mark) -> Problem:
        """The problem that this finding is at a place in a file."""
        return Problem(self.code, self.severity, self.message, self.remedy, file, *mark)


def invalid_config(message: str, remedy: str = "", path: ValuePath = ()) -> Finding:
    """The finding that a file or a value in it cannot be read as what it should be."""
    return Finding(INVALID_CONFIG, path, message, remedy)
