"""Patterns for strings in the config, each with its description for error messages."""

from __future__ import annotations

NAME = r"^[a-z][a-z0-9-]{0,39}$"
ACCOUNT = r"^[0-9]{12}$"
REGION = r"^[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}$"
BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
TRAIL = r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$"
ROLE_ARN = r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]+$"
POLICY_ARN = r"^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[!-~]+$"
KEY_ARN = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$"
TOPIC_ARN = r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"
ROLE_PATH = r"^/([!-~]+/)?$"
SID = r"^[A-Za-z0-9]*$"
ACTION = r"^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$"
RESOURCE = r"^(\*|arn:[ -ÿ]+)$"
SUBSTITUTION = r"^[A-Za-z_][A-Za-z0-9_.:-]*$"
TAG_KEY = r"^[\p{L}\p{Z}\p{N}_.:/=+@-]+$"
TAG_VALUE = r"^[\p{L}\p{Z}\p{N}_.:/=+@-]*$"

WORDS = {
    NAME: "1 to 40 lower-case letters, digits and hyphens, starting with a letter",
    ACCOUNT: "an account id of 12 digits",
    REGION: "a region such as eu-west-1",
    BUCKET: "a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens",
    TRAIL: "a trail name: letters and digits with single dots, hyphens or underscores between them",
    ROLE_ARN: "the ARN of a role, such as arn:aws:iam::123456789012:role/name",
    POLICY_ARN: "the ARN of a policy, such as arn:aws:iam::123456789012:policy/name",
    KEY_ARN: "the ARN of a KMS key (not of an alias), such as"
    " arn:aws:kms:eu-west-1:123456789012:key/1234abcd",
    TOPIC_ARN: "the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:123456789012:alerts",
    ROLE_PATH: "a path that begins and ends with a slash, such as /teams/data/",
    SID: "letters and digits",
    ACTION: "an action such as s3:GetObject, or *",
    RESOURCE: "an ARN, or *",
    SUBSTITUTION: "a name of letters, digits and _.:-, starting with a letter",
    TAG_KEY: "letters, digits, spaces and _.:/=+-@",
    TAG_VALUE: "only letters, digits, spaces and _.:/=+-@",
}
