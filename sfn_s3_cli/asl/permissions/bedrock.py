"""The grants that a call needs to run a model of Amazon Bedrock."""

from __future__ import annotations

from sfn_s3_cli.asl.permissions.converters import GEOGRAPHIES
from sfn_s3_cli.asl.permissions.grants import Grant
from sfn_s3_cli.asl.permissions.requirements import given, matches, mentions

# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html
_IS_PROFILE = rf"^arn:[^:]+:bedrock:.*inference-profile/|^(?:{GEOGRAPHIES})"


def invoke_model(parameter: str) -> tuple[Grant, ...]:
    """Running a model, or an inference profile, a prompt router or a prompt that leads to models.

    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
    """
    model = f"bedrock:REGION::foundation-model/{{{parameter}:model}}"
    profile = f"bedrock:@:inference-profile/{{{parameter}}}"
    arn = f"{{{parameter}}}"
    return (
        Grant("bedrock:InvokeModel", model, given(parameter)),
        Grant("bedrock:GetInferenceProfile", profile, matches(parameter, _IS_PROFILE)),
        Grant("bedrock:GetPromptRouter", arn, mentions(parameter, "prompt-router/")),
        Grant("bedrock:RenderPrompt", arn, mentions(parameter, ":prompt/")),
    )


def apply_guardrail(parameter: str) -> Grant:
    """Applying a guardrail, when the parameter names one.

    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions.html
    """
    guardrail = f"bedrock:@:guardrail/{{{parameter}}}"
    return Grant("bedrock:ApplyGuardrail", guardrail, given(parameter))
