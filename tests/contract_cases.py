"""Requests that AWS accepts, and for each reason to refuse one, a request that AWS refuses."""

from __future__ import annotations

import json
from typing import Any

ROLE = "arn:aws:iam::123456789012:role/events"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:orders"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:letters"
TARGET = {"Id": "1", "Arn": MACHINE, "RoleArn": ROLE}
PATTERN = {"source": ["aws.s3"], "detail": {"$or": [{"a": [1]}, {"b": [{"wildcard": "*.csv"}]}]}}
POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "A"}]}
TAGS = [{"Key": "team", "Value": "orders"}]
OBJECTS = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::orders/"]}
DATA = [
    {"Field": "eventCategory", "Equals": ["Data"]},
    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    {"Field": "readOnly", "Equals": ["false"]},
    {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::orders/in/"]},
]
"""The fields of a valid data selector: `selecting` replaces one."""


def selecting(index: int, **field: Any) -> dict[str, Any]:
    fields = [*DATA[:index], field, *DATA[index + 1 :]]
    return {"AdvancedEventSelectors": [{"FieldSelectors": fields}]}


def basic(*selectors: dict[str, Any]) -> dict[str, Any]:
    return {"AdvancedEventSelectors": None, "EventSelectors": list(selectors)}


def objects(*values: str) -> dict[str, Any]:
    return {"DataResources": [{**OBJECTS, "Values": list(values)}]}


def target(**changes: Any) -> dict[str, Any]:
    return {"Targets": [{**TARGET, **changes}]}


def matching(pattern: Any) -> dict[str, Any]:
    return {"EventPattern": json.dumps(pattern)}


def logging(level: str, *groups: str) -> dict[str, Any]:
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": group}} for group in groups]
    return {"loggingConfiguration": {"level": level, "destinations": destinations}}


def document(**changes: Any) -> str:
    return json.dumps({**POLICY, **changes})


def long(size: int) -> str:
    """A policy of so many characters, white space left out."""
    return document(Id="a" * (size - len("".join(document(Id="").split()))))


def routes(*weights: int) -> dict[str, Any]:
    versions = [f"{MACHINE}:{number}" for number in range(1, len(weights) + 1)]
    pairs = zip(versions, weights, strict=True)
    return {
        "routingConfiguration": [
            {"stateMachineVersionArn": version, "weight": weight} for version, weight in pairs
        ]
    }


EURO = json.dumps({**POLICY, "Id": "€"}, ensure_ascii=False)


RIGHT: dict[str, dict[str, Any]] = {
    "cloudtrail.CreateTrail": {"Name": "sfnctl", "S3BucketName": "logs", "TagsList": TAGS},
    "cloudtrail.PutEventSelectors": {
        "TrailName": "sfnctl",
        "AdvancedEventSelectors": [{"Name": "orders", "FieldSelectors": DATA}],
    },
    "cloudtrail.UpdateTrail": {"Name": "arn:aws:cloudtrail:eu-west-1:123456789012:trail/sfnctl"},
    "events.PutRule": {"Name": "orders", "EventPattern": json.dumps(PATTERN), "Tags": TAGS},
    "events.PutTargets": {"Rule": "orders", "Targets": [TARGET]},
    "events.UntagResource": {"ResourceARN": "arn:aws:events:rule", "TagKeys": ["team"]},
    "iam.CreateRole": {"RoleName": "r", "Path": "/a/b/", "AssumeRolePolicyDocument": document()},
    "iam.PutRolePolicy": {"RoleName": "r", "PolicyName": "p", "PolicyDocument": long(10_240)},
    "iam.UpdateAssumeRolePolicy": {"RoleName": "r", "PolicyDocument": long(2048)},
    "logs.CreateLogGroup": {"logGroupName": "/aws/vendedlogs/states/orders", "tags": {"a": "ä"}},
    "logs.PutRetentionPolicy": {"logGroupName": "orders", "retentionInDays": 30},
    "s3.CreateBucket": {
        "Bucket": "orders",
        "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1", "Tags": TAGS},
    },
    "s3.PutBucketPolicy": {"Bucket": "orders", "Policy": json.dumps({"Statement": [{}]})},
    "s3.PutBucketTagging": {
        "Bucket": "orders",
        "Tagging": {"TagSet": [{"Key": "aws:cloudformation:stack-id", "Value": "theirs"}]},
    },
    "sqs.GetQueueAttributes": {"QueueUrl": QUEUE, "AttributeNames": ["All"]},
    "sqs.SetQueueAttributes": {"QueueUrl": QUEUE, "Attributes": {"Policy": "{}"}},
    "stepfunctions.CreateStateMachine": {
        "name": "orders",
        "definition": "{}",
        "roleArn": ROLE,
        "publish": True,
        "versionDescription": "the first",
        **logging("ALL", f"{GROUP}:*"),
    },
    "stepfunctions.CreateStateMachineAlias": {"name": "live", **routes(90, 10)},
    "stepfunctions.StartExecution": {"stateMachineArn": MACHINE, "name": "a-1", "input": "{}"},
    "stepfunctions.UpdateStateMachine": {"stateMachineArn": MACHINE, "definition": "{}"},
    "stepfunctions.UpdateStateMachineAlias": {"stateMachineAliasArn": MACHINE, **routes(100)},
}
"""A valid request for each operation."""

WRONG: list[tuple[str, dict[str, Any], str]] = [
    # What the models say.
    ("events.PutRule", {"Name": "a b"}, r"Name: 'a b' does not match [\.\-_A-Za-z0-9]+"),
    ("events.PutRule", {"Name": "ordérs"}, r"Name: 'ordérs' does not match [\.\-_A-Za-z0-9]+"),
    ("events.PutRule", {"Name": "orders\n"}, r"Name: 'orders\n' does not match [\.\-_A-Za-z0-9]+"),
    ("events.PutRule", {"Name": "a" * 65}, "Name: length 65 is above 64"),
    ("events.PutRule", {"State": "ON"}, "State: 'ON' is not of its enum"),
    (
        "events.PutTargets",
        target(RetryPolicy={"MaximumRetryAttempts": 186}),
        "Targets[0].RetryPolicy.MaximumRetryAttempts: value 186 is above 185",
    ),
    (
        "events.PutTargets",
        target(InputTransformer={"InputPathsMap": {"AWS.a": "$"}, "InputTemplate": "{}"}),
        r"Targets[0].InputTransformer.InputPathsMap key: 'AWS.a' does not match [A-Za-z0-9\_\-]+",
    ),
    (
        "iam.CreateRole",
        {"Path": "/a"},
        r"Path: '/a' does not match (\u002F)|(\u002F[\u0021-\u007E]+\u002F)",
    ),
    (
        "iam.PutRolePolicy",
        {"PolicyDocument": EURO},
        rf"PolicyDocument: '{EURO}' does not match [\u0009\u000A\u000D\u0020-\u00FF]+",
    ),
    ("logs.CreateLogGroup", {"tags": {}}, "tags: size 0 is below 1"),
    (
        "s3.CreateBucket",
        {"CreateBucketConfiguration": {"LocationConstraint": "us-east-1"}},
        "CreateBucketConfiguration.LocationConstraint: 'us-east-1' is not of its enum",
    ),
    (
        "sqs.GetQueueAttributes",
        {"AttributeNames": ["Polizei"]},
        "AttributeNames[0]: 'Polizei' is not of its enum",
    ),
    (
        "sqs.SetQueueAttributes",
        {"Attributes": {"Polizei": "{}"}},
        "Attributes key: 'Polizei' is not of its enum",
    ),
    (
        "stepfunctions.CreateStateMachine",
        {"definition": " " * 1_048_577},
        "definition: length 1048577 is above 1048576",
    ),
    (
        "stepfunctions.CreateStateMachineAlias",
        routes(40, 40, 20),
        "routingConfiguration: size 3 is above 2",
    ),
    # Tags.
    ("events.PutRule", {"Tags": TAGS * 2}, "tag team is given 2 times"),
    (
        "events.PutRule",
        {"Tags": [{"Key": f"k{n}", "Value": ""} for n in range(51)]},
        "51 tags are more than 50",
    ),
    (
        "s3.CreateBucket",
        {"CreateBucketConfiguration": {"Tags": [{"Key": "AWS:a", "Value": ""}]}},
        "tag AWS:a begins with aws:",
    ),
    ("events.UntagResource", {"TagKeys": ["aws:a"]}, "tag aws:a begins with aws:"),
    (
        "s3.PutBucketTagging",
        {"Tagging": {"TagSet": [{"Key": "k" * 129, "Value": ""}]}},
        "tag key of length 129",
    ),
    (
        "s3.PutBucketTagging",
        {"Tagging": {"TagSet": [{"Key": "k", "Value": "v" * 257}]}},
        "value of tag k of length 257",
    ),
    # CloudTrail.
    ("cloudtrail.CreateTrail", {"Name": "a-_b"}, "'a-_b' is not a trail's name"),
    ("cloudtrail.CreateTrail", {"Name": "192.168.5.4"}, "'192.168.5.4' is not a trail's name"),
    ("cloudtrail.CreateTrail", {"Name": "ab"}, "'ab' is not a trail's name"),
    ("cloudtrail.CreateTrail", {"Name": "abc-"}, "'abc-' is not a trail's name"),
    ("cloudtrail.CreateTrail", {"Name": "a" * 129}, f"'{'a' * 129}' is not a trail's name"),
    ("cloudtrail.UpdateTrail", {"Name": "trail/a b"}, "'trail/a b' is not a trail's name"),
    (
        "cloudtrail.PutEventSelectors",
        {"EventSelectors": [{}]},
        "not exactly one of EventSelectors and AdvancedEventSelectors",
    ),
    (
        "cloudtrail.PutEventSelectors",
        {"AdvancedEventSelectors": None},
        "not exactly one of EventSelectors and AdvancedEventSelectors",
    ),
    ("cloudtrail.PutEventSelectors", basic(*[{}] * 6), "6 basic selectors are more than 5"),
    (
        "cloudtrail.PutEventSelectors",
        basic(*[objects(*["arn:aws:s3:::orders/"] * 126)] * 2),
        "252 data resources are more than 250",
    ),
    (
        "cloudtrail.PutEventSelectors",
        basic(objects("arn:aws:s3", "arn:aws:s3:::orders")),
        "arn:aws:s3:::orders does not go behind the bucket's slash",
    ),
    (
        "cloudtrail.PutEventSelectors",
        selecting(3, Field="eventName", Equals=["a"] * 499),
        "502 values are more than 500",
    ),
    ("cloudtrail.PutEventSelectors", selecting(3, Field="eventName"), "eventName has no operator"),
    (
        "cloudtrail.PutEventSelectors",
        selecting(2, Field="readOnly", NotEquals=["true"]),
        "readOnly takes only Equals",
    ),
    (
        "cloudtrail.PutEventSelectors",
        selecting(2, Field="readOnly", Equals=["False"]),
        "readOnly is neither true nor false",
    ),
    (
        "cloudtrail.PutEventSelectors",
        selecting(0, Field="eventType", Equals=["AwsApiCall"]),
        "a selector without eventCategory",
    ),
    (
        "cloudtrail.PutEventSelectors",
        selecting(1, Field="eventType", Equals=["AwsApiCall"]),
        "0 values of resources.type",
    ),
    (
        "cloudtrail.PutEventSelectors",
        selecting(2, Field="errorCode", Equals=["NoSuchKey"]),
        "not of data events: errorCode",
    ),
    (
        "cloudtrail.PutEventSelectors",
        selecting(3, Field="resources.ARN", StartsWith=["arn:aws:s3:::orders"]),
        "arn:aws:s3:::orders does not go behind the bucket's slash",
    ),
    # EventBridge.
    ("events.PutRule", {"RoleArn": ROLE}, "RoleArn is not the target's role"),
    ("events.PutRule", {"EventPattern": None}, "neither EventPattern nor ScheduleExpression"),
    (
        "events.PutRule",
        {"EventPattern": '{"source": ["' + "a" * 2033 + '"]}'},
        "a pattern of 2049 characters, more than 2048",
    ),
    ("events.PutRule", {"EventPattern": "{"}, "a pattern that is not JSON"),
    ("events.PutRule", matching([]), "a pattern that is not an object"),
    ("events.PutRule", matching({}), "a pattern that is not an object"),
    (
        "events.PutRule",
        matching({"detail": {"key": "in/"}}),
        "detail.key is not a list that says what matches",
    ),
    ("events.PutRule", matching({"source": []}), "source is not a list that says what matches"),
    (
        "events.PutRule",
        matching({"$or": [{"a": [1]}]}),
        "$or is not a list that says what matches",
    ),
    (
        "events.PutRule",
        matching({"$or": [{"a": 1}, {"b": [1]}]}),
        "a is not a list that says what matches",
    ),
    ("events.PutRule", matching({"a": [[1]]}), "a: a list within a list"),
    ("events.PutRule", matching({"a": [{"prefx": "in/"}]}), "a: unknown: prefx"),
    (
        "events.PutRule",
        matching({"a": [{"prefix": "in/", "suffix": ".csv"}]}),
        "a: unknown: prefix, suffix",
    ),
    ("events.PutRule", matching({"a": [{"wildcard": "in/**"}]}), "a: ** in a wildcard"),
    (
        "events.PutTargets",
        {"Targets": [{**TARGET, "Id": str(number)} for number in range(6)]},
        "6 targets are more than 5",
    ),
    (
        "events.PutTargets",
        target(Input="{}", InputPath="$.detail"),
        "Input and InputPath exclude each other",
    ),
    (
        "events.PutTargets",
        {"Targets": [{"Id": "1", "Arn": MACHINE}]},
        "RoleArn is required for a state machine",
    ),
    (
        "events.PutTargets",
        target(DeadLetterConfig={"Arn": QUEUE.replace("eu-west-1", "eu-west-2")}),
        "arn:aws:sqs:eu-west-2:123456789012:letters is not a queue of eu-west-1",
    ),
    # IAM, S3 and CloudWatch Logs.
    (
        "iam.CreateRole",
        {"AssumeRolePolicyDocument": long(2049)},
        "a policy of 2049 characters, more than 2048",
    ),
    (
        "iam.UpdateAssumeRolePolicy",
        {"PolicyDocument": long(2049)},
        "a policy of 2049 characters, more than 2048",
    ),
    (
        "iam.PutRolePolicy",
        {"PolicyDocument": long(10_241)},
        "a policy of 10241 characters, more than 10240",
    ),
    ("iam.PutRolePolicy", {"PolicyDocument": "{"}, "a policy that is not a JSON object"),
    ("iam.PutRolePolicy", {"PolicyDocument": "[]"}, "a policy that is not a JSON object"),
    (
        "iam.PutRolePolicy",
        {"PolicyDocument": document(Version="2008-10-17")},
        "a policy without Version 2012-10-17",
    ),
    (
        "iam.PutRolePolicy",
        {"PolicyDocument": document(Statement=[])},
        "a policy without a Statement",
    ),
    ("s3.PutBucketPolicy", {"Policy": document(Statement=[])}, "a policy without a Statement"),
    (
        "s3.PutBucketPolicy",
        {"Policy": document(Id="a" * 20_480)},
        "a bucket policy of 20544 bytes, more than 20 KB",
    ),
    ("logs.PutRetentionPolicy", {"retentionInDays": 4}, "4 days are not a valid retention"),
    # Step Functions.
    (
        "stepfunctions.CreateStateMachine",
        {"name": "orders*"},
        "'orders*' has a forbidden character",
    ),
    (
        "stepfunctions.CreateStateMachine",
        {"publish": False},
        "versionDescription without publish",
    ),
    ("stepfunctions.CreateStateMachine", logging("ALL"), "0 log destinations"),
    (
        "stepfunctions.CreateStateMachine",
        logging("ERROR", GROUP),
        "the log group's ARN does not end in :*",
    ),
    (
        "stepfunctions.UpdateStateMachine",
        {"definition": None, **logging("OFF")},
        "neither definition nor roleArn",
    ),
    (
        "stepfunctions.UpdateStateMachine",
        {"versionDescription": "the second"},
        "versionDescription without publish",
    ),
    ("stepfunctions.CreateStateMachineAlias", routes(40, 40), "weights of 80 in all"),
    ("stepfunctions.UpdateStateMachineAlias", routes(99), "weights of 99 in all"),
    ("stepfunctions.StartExecution", {"name": "a b"}, "'a b' has a forbidden character"),
    ("stepfunctions.StartExecution", {"input": "{"}, "the input is not JSON"),
]
"""What to change in a valid request (None: leave out), and the problem that this makes."""
