"""Executions and deliveries may do what their roles may do, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from local.local_account import PASS, REGION, Account, wait_until
from local.test_repaired_delivery import PATTERN
from local.test_repaired_running import define, put, run_to_end


def run_task(
    account: Account,
    resource: str,
    parameters: dict[str, Any],
    *statements: dict[str, Any],
    **more: Any,
) -> Any:
    """Runs a state with a role that has these statements."""
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **more}
    client = account.client("stepfunctions")
    machine = account.create_machine(define({"Task": task}))
    if statements:
        account.permit("machine", *statements)
    started = client.start_execution(stateMachineArn=machine, name="run")
    return run_to_end(account, started["executionArn"])


def allow(action: str, resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str, **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


SDK, OPTIMISED = "arn:aws:states:::aws-sdk", "arn:aws:states:::"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/ACCOUNT/orders"
# resource, parameters, error, action, resource of the message, end of the message
DENIED: dict[str, tuple[str, dict[str, Any], str, str, str]] = {
    "s3": (
        f"{SDK}:s3:getObject",
        {"Bucket": "b", "Key": "a*"},
        "S3.S3Exception",
        's3:GetObject on resource: "arn:aws:s3:::b/a*"',
        r"\(Service: S3, Status Code: 403, Request ID: [0-9a-f-]+\)",
    ),
    "dynamodb-sdk": (
        f"{SDK}:dynamodb:getItem",
        {"TableName": "t", "Key": {"id": {"S": "1"}}},
        "DynamoDb.DynamoDbException",
        f"dynamodb:GetItem on resource: arn:aws:dynamodb:{REGION}:ACCOUNT:table/t",
        r"\(Service: DynamoDb, Status Code: 400, Request ID: [0-9a-f-]+\)",
    ),
    "dynamodb": (
        f"{OPTIMISED}dynamodb:getItem",
        {"TableName": "t", "Key": {"id": {"S": "1"}}},
        "DynamoDB.AmazonDynamoDBException",
        f"dynamodb:GetItem on resource: arn:aws:dynamodb:{REGION}:ACCOUNT:table/t",
        r"\(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: AccessDeniedException; .*\)",
    ),
    "lambda": (
        f"{OPTIMISED}lambda:invoke",
        {"FunctionName": "f"},
        "Lambda.AWSLambdaException",
        f"lambda:InvokeFunction on resource: arn:aws:lambda:{REGION}:ACCOUNT:function:f",
        r"\(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; .*\)",
    ),
    "function": (
        f"arn:aws:lambda:{REGION}:000000000000:function:f",
        {},
        "Lambda.AWSLambdaException",
        f"lambda:InvokeFunction on resource: arn:aws:lambda:{REGION}:000000000000:function:f",
        r"\(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; .*\)",
    ),
    "sqs": (
        f"{OPTIMISED}sqs:sendMessage",
        {"QueueUrl": QUEUE, "MessageBody": "a"},
        "SQS.AmazonSQSException",
        f"sqs:sendmessage on resource: arn:aws:sqs:{REGION}:ACCOUNT:orders",
        r"\(Service: AmazonSQS; Status Code: 403; Error Code: AccessDenied; .*\)",
    ),
    "sns": (
        f"{OPTIMISED}sns:publish",
        {"TopicArn": f"arn:aws:sns:{REGION}:000000000000:t", "Message": "a"},
        "SNS.AuthorizationErrorException",
        f"SNS:Publish on resource: arn:aws:sns:{REGION}:000000000000:t",
        r"\(Service: AmazonSNS; Status Code: 403; Error Code: AuthorizationError; .*\)",
    ),
    "callback": (
        f"{OPTIMISED}sqs:sendMessage.waitForTaskToken",
        {"QueueUrl": QUEUE, "MessageBody.$": "$$.Task.Token"},
        "SQS.AmazonSQSException",
        f"sqs:sendmessage on resource: arn:aws:sqs:{REGION}:ACCOUNT:orders",
        r"\(Service: AmazonSQS; .*\)",
    ),
    "nested": (
        f"{OPTIMISED}states:startExecution",
        {"StateMachineArn": f"arn:aws:states:{REGION}:000000000000:stateMachine:m"},
        "StepFunctions.AWSStepFunctionsException",
        f"states:StartExecution on resource: arn:aws:states:{REGION}:000000000000:stateMachine:m",
        r"\(Service: AWSStepFunctions; .*\)",
    ),
}


@pytest.mark.parametrize("service", DENIED)
def test_a_call_that_the_role_may_not_make_fails(account: Account, service: str) -> None:
    resource, parameters, error, request, end = DENIED[service]
    text = json.dumps(parameters).replace("ACCOUNT", account.id)
    other = allow("s3:GetObject", "arn:aws:s3:::b/a"), allow("iam:*", "*")
    ended = run_task(account, resource, json.loads(text), *other)
    user = f"arn:aws:sts::{account.id}:assumed-role/machine/run"
    action = request.partition(" ")[0]
    message = (
        f"User: {user} is not authorized to perform: {request.replace('ACCOUNT', account.id)}"
        f" because no identity-based policy allows the {action} action "
    )
    assert (ended["status"], ended.get("error")) == ("FAILED", error), ended
    assert re.fullmatch(re.escape(message) + end, ended["cause"]), ended["cause"]


def test_a_denied_call_can_be_caught(account: Account, stepfunctions: Any) -> None:
    caught = {"ErrorEquals": ["S3.S3Exception"], "ResultPath": "$.error", "Next": "Done"}
    task = put("b", "k", Catch=[caught], Next="Done")
    machine = account.create_machine(define({"Task": task, "Done": {"Type": "Succeed"}}))
    started = stepfunctions.start_execution(stateMachineArn=machine)
    assert run_to_end(account, started["executionArn"])["status"] == "SUCCEEDED"


Statement = dict[str, Any]
GET = "s3:GetObject"
# (statements, why the call is denied; None if it is allowed)
DECISIONS: dict[str, tuple[tuple[Statement, ...], str | None]] = {
    "exact": ((allow(GET, "arn:aws:s3:::BUCKET/in/a*"),), None),
    "wildcards": ((allow("s3:Get*", "arn:aws:s3:::BUCKET/i?/*"),), None),
    "other-key": ((allow(GET, "arn:aws:s3:::BUCKET/out/*"),), "no identity-based policy allows"),
    "literal-star": ((allow(GET, "arn:aws:s3:::BUCKET/in/a${*}"),), None),
    "literal-other": ((allow(GET, "arn:aws:s3:::BUCKET/in/${*}a"),), "no identity-based policy"),
    "NotAction": ((allow("*", "*"), deny("*", "*") | {"NotAction": "s3:*", "Action": None}), None),
    "NotResource": (
        (
            allow(GET, "") | {"NotResource": "arn:aws:s3:::BUCKET/out/*", "Resource": None},
            deny(GET, "") | {"NotResource": "arn:aws:s3:::BUCKET/in/*", "Resource": None},
        ),
        None,
    ),
    "NotResource-allow": (
        (allow(GET, "") | {"NotResource": "arn:aws:s3:::BUCKET/in/*", "Resource": None},),
        "no identity-based policy allows",
    ),
    "explicit": ((allow("*", "*"), deny(GET, "*")), "with an explicit deny in an identity-based"),
    "StringEquals": (
        (allow(GET, "*", Condition={"StringEquals": {"aws:RequestedRegion": REGION}}),),
        None,
    ),
    "StringNotEquals": (
        (
            allow("*", "*"),
            deny("*", "*", Condition={"StringNotEquals": {"aws:RequestedRegion": REGION}}),
        ),
        None,
    ),
    "ArnLike": (
        (
            allow(
                GET, "*", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/machine"}}
            ),
        ),
        None,
    ),
    "ArnEquals-other": (
        (allow(GET, "*", Condition={"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::1:role/m"}}),),
        "no identity-based policy allows",
    ),
    "IfExists": (
        (allow(GET, "*", Condition={"StringEqualsIfExists": {"s3:unknown": "a"}}),),
        None,
    ),
    "absent-key": (
        (allow(GET, "*", Condition={"StringEquals": {"s3:unknown": "a"}}),),
        "no identity-based policy allows",
    ),
    "Null": ((allow(GET, "*", Condition={"Null": {"s3:unknown": "true"}}),), None),
    "unknown-allow": (
        (allow(GET, "*", Condition={"StringAlmost": {"aws:RequestedRegion": REGION}}),),
        "no identity-based policy allows",
    ),
    "unknown-deny": (
        (allow("*", "*"), deny(GET, "*", Condition={"StringAlmost": {"aws:RequestedRegion": "x"}})),
        "with an explicit deny in an identity-based policy",
    ),
}


@pytest.mark.parametrize("case", DECISIONS)
def test_policies_decide_as_iam_does(account: Account, s3: Any, bucket: str, case: str) -> None:
    statements, why = DECISIONS[case]
    s3.put_object(Bucket=bucket, Key="in/a*", Body=b"x")
    filled = json.loads(json.dumps(statements).replace("BUCKET", bucket))
    filled = [{key: each[key] for key in each if each[key] is not None} for each in filled]
    ended = run_task(account, f"{SDK}:s3:getObject", {"Bucket": bucket, "Key": "in/a*"}, *filled)
    assert ended["status"] == ("FAILED" if why else "SUCCEEDED"), ended
    assert (why or "") in ended.get("cause", "")


@pytest.mark.parametrize("resource", ["*", "arn:aws:s3:::other"])
def test_actions_without_resources_need_a_star(account: Account, resource: str) -> None:
    """Also for a role that may do the same on one resource, and all else."""
    others = allow("s3:Get*", "*"), allow("s3:*", "arn:aws:s3:::*")
    statements = allow("s3:ListAllMyBuckets", resource), *others
    ended = run_task(account, f"{SDK}:s3:listBuckets", {}, *statements)
    denied = "because no identity-based policy allows the s3:ListAllMyBuckets action"
    assert (ended["status"] == "SUCCEEDED") is (resource == "*"), ended
    assert (denied in ended.get("cause", "")) is (resource != "*"), ended


def test_boundaries_attached_and_bucket_policies_count(
    account: Account, s3: Any, bucket: str
) -> None:
    iam = account.client("iam")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    everything = json.dumps({"Version": "2012-10-17", "Statement": [allow("*", "*")]})
    nothing = json.dumps({"Version": "2012-10-17", "Statement": [allow("sqs:*", "*")]})
    arns = [
        iam.create_policy(PolicyName=name, PolicyDocument=text)["Policy"]["Arn"]
        for name, text in (("everything", everything), ("nothing", nothing))
    ]
    role = account.create_role("machine")

    def read(name: str) -> Any:
        task = {
            "Type": "Task",
            "Resource": f"{SDK}:s3:getObject",
            "End": True,
            "Parameters": {"Bucket": bucket, "Key": "k"},
        }
        client = account.client("stepfunctions")
        machine = account.create_machine(define({"Task": task}), name=name)
        started = client.start_execution(stateMachineArn=machine)
        ended = run_to_end(account, started["executionArn"])
        return ended.get("cause", ended["status"])

    iam.attach_role_policy(RoleName="machine", PolicyArn=arns[0])
    assert read("attached") == "SUCCEEDED"
    statement = deny("s3:*", f"arn:aws:s3:::{bucket}/*", Principal={"AWS": role})
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    assert "with an explicit deny in a resource-based policy" in read("bucket")
    s3.delete_bucket_policy(Bucket=bucket)
    iam.put_role_permissions_boundary(RoleName="machine", PermissionsBoundary=arns[1])
    assert "because no permissions boundary allows the s3:GetObject action" in read("boundary")


def test_a_role_must_trust_the_service_at_each_call(account: Account, bucket: str) -> None:
    machine = account.create_machine(define({"Put": put(bucket, "k", End=True)}), may=["s3:*"])
    iam, client = account.client("iam"), account.client("stepfunctions")
    source = {"StringEquals": {"aws:SourceAccount": account.id}}

    def start(arn: str) -> Any:
        condition = {**source, "ArnLike": {"aws:SourceArn": arn}}
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": condition,
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.update_assume_role_policy(RoleName="machine", PolicyDocument=document)
        started = client.start_execution(stateMachineArn=machine)
        return run_to_end(account, started["executionArn"])

    assert start(f"{machine}*")["status"] == "SUCCEEDED"
    refused = start(f"{machine}2")
    assert refused["error"] == "States.Permissions"
    assert refused["cause"].startswith("Neither the global service principal states.amazonaws.com")


def test_credentials_need_both_roles(account: Account, stepfunctions: Any, bucket: str) -> None:
    other = account.create_role("other", "states", "s3:PutObject")
    task = put(bucket, "k", Credentials={"RoleArn": other}, End=True)
    machine = account.create_machine(define({"Put": task}))

    def run() -> Any:
        started = stepfunctions.start_execution(stateMachineArn=machine)
        return run_to_end(account, started["executionArn"])

    first = run()
    assert first["error"] == "States.Permissions"
    assert first["cause"].endswith(f"is not authorized to assume the task state's role, {other}.")
    account.permit("machine", allow("sts:AssumeRole", other))
    assert run()["error"] == "States.Permissions"
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account.id}:role/machine"},
        "Action": "sts:AssumeRole",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    account.client("iam").update_assume_role_policy(RoleName="other", PolicyDocument=document)
    assert run()["status"] == "SUCCEEDED"


Trust = Callable[[str, str], Any]
# (the principal of the trust policy, the policy of the workflow's role, how the execution ends)
ASSUMED: dict[str, tuple[Trust, tuple[Statement, ...], str]] = {
    "named": (lambda _account, role: role, (), "SUCCEEDED"),
    "named-and-denied": (lambda _account, role: role, (deny("sts:*", "*"),), "FAILED"),
    "account": (lambda account, _role: account, (), "FAILED"),
    "account-and-allowed": (
        lambda account, _role: account,
        (allow("sts:AssumeRole", "*"),),
        "SUCCEEDED",
    ),
    "other-and-allowed": (lambda _account, role: f"{role}2", (allow("sts:*", "*"),), "FAILED"),
}


@pytest.mark.parametrize("case", ASSUMED)
def test_a_trust_policy_may_name_the_role_itself(account: Account, bucket: str, case: str) -> None:
    """In the same account: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html."""
    principal, statements, status = ASSUMED[case]
    other = account.create_role("other", "states", "s3:PutObject")
    task = put(bucket, "k", Credentials={"RoleArn": other}, End=True)
    machine = account.create_machine(define({"Put": task}))
    account.permit("machine", *(statements or (allow("sqs:*", "*"),)))
    named = principal(account.id, f"arn:aws:iam::{account.id}:role/machine")
    trust = {"Effect": "Allow", "Principal": {"AWS": named}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    account.client("iam").update_assume_role_policy(RoleName="other", PolicyDocument=document)
    started = account.client("stepfunctions").start_execution(stateMachineArn=machine)
    assert run_to_end(account, started["executionArn"])["status"] == status


def test_a_distributed_map_needs_its_own_permissions(
    account: Account, stepfunctions: Any, s3: Any, bucket: str
) -> None:
    s3.put_object(Bucket=bucket, Key="items.json", Body=b"[1, 2]")
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "A",
        "States": {"A": {"Type": "Succeed"}},
    }
    reader = {
        "Resource": f"{OPTIMISED}s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": bucket, "Key": "items.json"},
    }
    state = {"Type": "Map", "ItemReader": reader, "ItemProcessor": processor, "End": True}
    machine = account.create_machine(define({"Map": state}))

    def run(*actions: str) -> Any:
        account.create_role("machine", "states", *actions)
        started = stepfunctions.start_execution(stateMachineArn=machine)
        ended = run_to_end(account, started["executionArn"])
        return ended.get("error", ended["status"])

    states = (
        "states:StartExecution",
        "states:DescribeExecution",
        "states:StopExecution",
        "states:RedriveExecution",
    )
    assert run("s3:*") == "StepFunctions.AWSStepFunctionsException"
    assert run(*states) == "States.ItemReaderFailed"
    assert run("s3:GetObject", *states) == "SUCCEEDED"


@pytest.mark.parametrize("fault", ["policy", "trust", "gone"])
def test_a_denied_delivery_is_a_dead_letter(
    account: Account, events: Any, stepfunctions: Any, fault: str
) -> None:
    sqs, iam = account.client("sqs"), account.client("iam")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{account.id}:dead"
    rule = events.put_rule(Name="rule", EventPattern=PATTERN)["RuleArn"]
    statement = allow(
        "sqs:SendMessage",
        queue,
        Principal={"Service": "events.amazonaws.com"},
        Condition={"ArnEquals": {"aws:SourceArn": rule}},
    )
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    machine = account.create_machine(PASS)
    target = account.target(DeadLetterConfig={"Arn": queue})
    events.put_targets(Rule="rule", Targets=[target])
    if fault == "policy":
        account.permit("events", allow("states:StartExecution", f"{machine}2"))
    elif fault == "trust":
        account.create_role("other", "states")
        trust = iam.get_role(RoleName="other")["Role"]["AssumeRolePolicyDocument"]
        iam.update_assume_role_policy(RoleName="events", PolicyDocument=json.dumps(trust))
    else:
        iam.delete_role_policy(RoleName="events", PolicyName="policy")
        iam.delete_role(RoleName="events")
    entry = {"Source": "shop", "DetailType": "sold", "Detail": "{}"}
    events.put_events(Entries=[entry])

    def receive() -> Any:
        answer = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])
        return answer.get("Messages", [None])[0]

    message = wait_until(receive)
    found = {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}
    assert (found["RULE_ARN"], found["TARGET_ARN"]) == (rule, machine)
    if fault == "policy":
        assert found["ERROR_CODE"] == "NO_PERMISSIONS"
        assert re.match(
            f"User: arn:aws:sts::{account.id}:assumed-role/events/[0-9a-f]{{32}} is not authorized"
            f" to perform: states:StartExecution on resource: {machine} because no identity-based"
            r" policy allows the states:StartExecution action \(Service: AWSStepFunctions; ",
            found["ERROR_MESSAGE"],
        )
    else:
        assert found["ERROR_CODE"] == "FAILED_TO_ASSUME_ROLE"
    assert stepfunctions.list_executions(stateMachineArn=machine)["executions"] == []


def test_a_target_needs_a_role_that_events_may_assume(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    wrong = account.target() | {"RoleArn": account.create_role("states")}
    with pytest.raises(
        events.exceptions.ClientError,
        match=r"Provided role '.*' cannot be assumed by principal 'events.amazonaws.com'",
    ):
        events.put_targets(Rule="rule", Targets=[wrong])


def test_a_missing_key_is_denied_to_who_may_not_list(account: Account, bucket: str) -> None:
    parameters = {"Bucket": bucket, "Key": "missing"}
    objects, listing = allow(GET, f"arn:aws:s3:::{bucket}/*"), allow("s3:ListBucket", "*")
    denied = run_task(account, f"{SDK}:s3:getObject", parameters, objects)
    assert denied["error"] == "S3.S3Exception"
    assert f's3:ListBucket on resource: "arn:aws:s3:::{bucket}" because' in denied["cause"]
    account.client("stepfunctions").delete_state_machine(stateMachineArn=denied["stateMachineArn"])
    found = run_task(account, f"{SDK}:s3:getObject", parameters, objects, listing)
    assert found["error"] == "S3.NoSuchKeyException"
