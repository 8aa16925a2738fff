"""The only door to the emulator's internals: every name of them that the embedded cloud uses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from sfn_s3_cli.errors import SfnctlError

SUPPORTED = "1.5.33"

# A parsed request, and a response: status, headers and body.
Request = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Action = Callable[..., Answer]


@dataclass(frozen=True)
class Module:
    """A module of the emulator, and the names in it that sfnctl uses."""

    path: str
    names: tuple[str, ...]

    def __getitem__(self, name: str) -> Any:
        if name not in self.names:
            raise KeyError(f"{self.path}.{name} is not in the table of internals")
        return getattr(import_module(self.path), name)

    def repair(self, name: str, repaired: Callable[..., Any]) -> None:
        """Makes the emulator call `repaired(original, ...)` instead of `original(...)`."""
        self.replace(name, partial(repaired, self[name]))

    def replace(self, name: str, value: object) -> None:
        setattr(import_module(self.path), name, value)

    def find_missing(self) -> list[str]:
        """The names that this release of the emulator does not have."""
        module = import_module(self.path)
        return [f"{self.path}.{name}" for name in self.names if not hasattr(module, name)]


APP = Module(
    "ministack.app",
    ("app", "call_service_handler_sync", "_build_persistence_save_dict", "_state_map"),
)
CLOUDTRAIL = Module(
    "ministack.services.cloudtrail",
    (
        "_DISPATCH",
        "_event_selectors",
        "_find_visible_trail",
        "_trail_arn",
        "_trail_tags",
        "_trails",
        "_visible_trail_items",
    ),
)
CLOUDWATCH = Module(
    "ministack.services.cloudwatch",
    ("_composite_alarms", "_composite_children", "_describe_alarms"),
)
EVENTS = Module(
    "ministack.services.eventbridge",
    (
        "_apply_input_transformer",
        "_delete_rule",
        "_dispatch_event",
        "_dispatch_to_stepfunctions",
        "_invoke_target",
        "_list_targets_by_rule",
        "_pattern_event_view",
        "_put_events",
        "_put_rule",
        "_put_targets",
        "_remove_targets",
        "_render_placeholder",
        "_rule_key",
        "_rules",
        "_targets",
    ),
)
IAM = Module(
    "ministack.core.iam_evaluator",
    (
        "EvalContext",
        "_CONDITION_OPS",
        "_POLICY_REQUIRED",
        "_names_condition_key",
        "_permissions_boundary",
        "_resolve_managed_policy_document",
        "_resource_policy",
        "combine_resource_policy",
        "evaluate",
        "evaluate_resource_policy",
        "fnmatch_iam_cs",
        "parse_policy_document",
    ),
)
JSONATA = Module("jsonata.functions", ("Functions",))
LAMBDA = Module("ministack.services.lambda_svc", ("_execute_function_warm",))
LOGS = Module(
    "ministack.services.cloudwatch_logs",
    (
        "_compile_filter_pattern",
        "_create_log_stream",
        "_filter_log_events",
        "_log_groups",
        "_put_log_events",
        "_resolve_log_group_name",
        "handle_request",
    ),
)
PERSISTENCE = Module("ministack.core.persistence", ("PERSIST_STATE", "save_state"))
RESPONSES = Module(
    "ministack.core.responses",
    ("get_account_id", "get_region", "get_request_client_ip", "request_scope"),
)
ROLES = Module("ministack.services.iam", ("_roles",))
S3 = Module(
    "ministack.services.s3",
    (
        "_bucket_owner_account",
        "_bucket_policies",
        "_buckets",
        "_create_bucket",
        "_delete_bucket_tagging",
        "_error",
        "_fire_s3_event",
        "_list_object_versions",
        "_object_versions",
        "_put_bucket_tagging",
        "bucket_region",
        "handle_request",
    ),
)
SQS = Module("ministack.services.sqs", ("_act_send_message", "_collect_msgs", "_queue_by_arn"))
STATES = Module(
    "ministack.services.stepfunctions",
    (
        "_AWS_SDK_ERROR_PREFIX",
        "ThreadPoolExecutor",
        "_ExecutionError",
        "_SFN_WAIT_SCALE",
        "_add_event",
        "_apply_catcher",
        "_apply_input_path",
        "_apply_jsonata_arguments",
        "_apply_jsonata_output",
        "_apply_jsonata_template",
        "_apply_output_path",
        "_apply_parameters",
        "_apply_result_path_raw",
        "_apply_result_selector",
        "_apply_state_assign",
        "_call_lambda",
        "_create_state_machine",
        "_delete_state_machine",
        "_describe_execution",
        "_describe_state_machine",
        "_dispatch_aws_sdk_rest_xml",
        "_emit_execution_status_event",
        "_encode_execution_token",
        "_error_matches",
        "_evaluate_intrinsic",
        "_evaluate_rule",
        "_execute_choice",
        "_execute_map",
        "_execute_parallel",
        "_execute_pass",
        "_execute_task",
        "_execute_wait",
        "_execution_sort_key",
        "_execution_version_arn",
        "_executions",
        "_fail_execution",
        "_fail_state_error",
        "_finalize_response",
        "_find_matching_catcher",
        "_find_matching_retrier",
        "_get_execution_history",
        "_invoke_nested_start_execution",
        "_invoke_nested_start_execution_sync",
        "_invoke_resource",
        "_invoke_resource_with_timeout",
        "_invoke_with_callback",
        "_jsonata_state_field",
        "_list_executions",
        "_map_runs",
        "_nested_start_execution_request",
        "_parse_jsonpath_tokens",
        "_parse_reader_items",
        "_parse_ts",
        "_publish_state_machine_version",
        "_read_map_items",
        "_register_sfn_jsonata_functions",
        "_resolve_params_obj",
        "_resolve_path",
        "_resolve_path_or_ctx",
        "_resolve_state_machine_arn",
        "_restore_state",
        "_run_distributed_map",
        "_run_execution",
        "_run_map_items",
        "_run_parallel_branches",
        "_run_sub_machine",
        "_scaled_sleep",
        "_start_execution",
        "_start_sync_execution",
        "_state_machine_aliases",
        "_state_machine_versions",
        "_state_machines",
        "_state_query_language",
        "_stop_execution",
        "_update_state_machine",
        "handle_request",
        "jsonata",
        "now_iso",
        "reset",
        "threading",
        "time",
    ),
)
STS = Module("ministack.services.sts", ("_caller_identity",))
TAGS = Module("ministack.services.tagging", ("_HANDLERS", "resource_tags"))

TABLE = (
    *(APP, CLOUDTRAIL, CLOUDWATCH, EVENTS, IAM, JSONATA, LOGS, PERSISTENCE, RESPONSES, ROLES),
    *(S3, SQS, STATES, STS, TAGS),
)


def check(table: tuple[Module, ...] = TABLE) -> None:
    """Raises SfnctlError with all names that this release of the emulator does not have."""
    missing = [name for module in table for name in module.find_missing()]
    if missing:
        raise SfnctlError(
            f"this release of ministack is not supported: it lacks {', '.join(missing)}",
            remedy=f"pip install 'ministack=={SUPPORTED}'",
        )


def respond(body: Request) -> Answer:
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()


def refuse(code: str, message: str) -> Answer:
    body = {"__type": code, "message": message}
    return 400, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()
