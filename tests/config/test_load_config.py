from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from sfn_s3_cli.config.load import load
from sfn_s3_cli.config.schema import (
    Bucket,
    Logging,
    Pipeline,
    Retry,
    Role,
    StateMachine,
    Trigger,
)
from sfn_s3_cli.errors import ConfigError

SMALLEST = """\
name: orders
bucket: acme-orders
state_machine: {definition: workflow.asl.yaml}
"""


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load_pipeline(text: str, **environ: str) -> Pipeline:
    Path("sfnctl.yaml").write_text(dedent(text), encoding="utf-8")
    return load(Path("sfnctl.yaml"), environ)


def list_problems(text: str, **environ: str) -> str:
    """Every problem of the file, as `line:column message (remedy)`."""
    with pytest.raises(ConfigError) as caught:
        load_pipeline(text, **environ)
    return "".join(
        f"{each.location.removeprefix('sfnctl.yaml:')} {each.message}"
        + (f" ({each.remedy})\n" if each.remedy else "\n")
        for each in caught.value.problems
    )


def test_the_smallest_config_gets_every_default() -> None:
    assert load_pipeline(SMALLEST) == Pipeline(
        name="orders",
        region=None,
        account=None,
        bucket=Bucket(name="acme-orders", create=False),
        trigger=Trigger(
            via="cloudtrail",
            events=("created",),
            prefix=(),
            suffix=(),
            enabled=True,
            retry=Retry(attempts=185, max_age=86400),
            dead_letter_queue=True,
            input="event",
        ),
        state_machine=StateMachine(
            definition="workflow.asl.yaml",
            substitutions={},
            role=Role(arn=None, statements=(), boundary=None, path="/", trust_conditions=True),
            logging=Logging(level="error", include_data=False, retention_days=30),
            tracing=False,
        ),
        tags={},
    )


def test_every_key_is_read() -> None:
    config = load_pipeline("""\
        name: orders
        region: eu-west-1
        account: "012345678901"
        bucket: {name: acme-orders, create: true}
        trigger:
          via: cloudtrail
          events: [created, deleted]
          prefix: incoming/
          suffix: [.json, .csv]
          trail: acme-audit
          enabled: false
          retry: {attempts: 3, max_age: 1h30m}
          dead_letter_queue: false
          input: object
        state_machine:
          definition: workflow.asl.json
          substitutions: {Table: orders, Limit: 3, Rate: 1.5, Fast: true}
          role:
            statements:
              - Effect: Allow
                Action: s3:GetObject
                Resource: [arn:aws:s3:::acme-orders/*]
                Condition: {StringEquals: {"aws:ResourceAccount": "012345678901"}}
            boundary: arn:aws-us-gov:iam::123456789012:policy/teams/boundary
            path: /teams/data/
            trust_conditions: false
          logging: {level: off, include_data: true, retention_days: 3653}
          tracing: true
        tags: {team: data, cost centre: ""}
        """)
    assert config == Pipeline(
        name="orders",
        region="eu-west-1",
        account="012345678901",
        bucket=Bucket(name="acme-orders", create=True),
        trigger=Trigger(
            events=("created", "deleted"),
            prefix=("incoming/",),
            suffix=(".json", ".csv"),
            trail="acme-audit",
            enabled=False,
            retry=Retry(attempts=3, max_age=5400),
            dead_letter_queue=False,
            input="object",
        ),
        state_machine=StateMachine(
            definition="workflow.asl.json",
            substitutions={"Table": "orders", "Limit": 3, "Rate": 1.5, "Fast": True},
            role=Role(
                statements=(
                    {
                        "Effect": "Allow",
                        "Action": ["s3:GetObject"],
                        "Resource": ["arn:aws:s3:::acme-orders/*"],
                        "Condition": {"StringEquals": {"aws:ResourceAccount": "012345678901"}},
                    },
                ),
                boundary="arn:aws-us-gov:iam::123456789012:policy/teams/boundary",
                path="/teams/data/",
                trust_conditions=False,
            ),
            logging=Logging(level="off", include_data=True, retention_days=3653),
            tracing=True,
        ),
        tags={"team": "data", "cost centre": ""},
    )


def test_all_problems_of_a_file_are_shown() -> None:
    text = """\
        name: Orders
        region: ${REGION}
        account: 123456789012
        buckt: acme
        trigger:
          via: cloudtrial
          events: [created, created]
          prefix: 5
          suffix: ["*.json", ok]
          trail: a
          retry: {attempts: 200, max_age: 1w}
          dead_letter_queue: "true"
          enabled: yes
          suffix: x
        state_machine:
          substitutions: {Table: [1], "a b": x}
          role:
            arn: arn:aws:iam::1:role/x
            statements:
              - Effect: allow
                Action: getobject
                Resources: "*"
              - {Effect: Allow, Action: "s3:*", Resource: "*", NotAction: "s3:x"}
            path: x
          logging: {level: none, retention_days: 45}
          tracing:
        tags:
          team: 12
          aws:x: y
        """
    expected = """\
        1:1 the key 'bucket' is missing (add it)
        1:7 expected 1 to 40 lower-case letters, digits and hyphens, starting with a letter, \
found 'Orders'
        2:9 the environment variable REGION is not set \
(set it, or give it a default: ${REGION:-default})
        3:10 expected a string, found the number 123456789012 (quote it)
        4:1 unknown key 'buckt' (did you mean 'bucket'?)
        6:8 expected 'cloudtrail' or 's3', found 'cloudtrial' (did you mean 'cloudtrail'?)
        7:11 'created' is listed twice (remove one of them)
        8:11 expected a string or a list of strings, found the number 5
        10:10 expected 3 or more characters, found 'a'
        11:21 expected at most 185, found the number 200
        11:35 expected a number of seconds or a duration such as 24h or 1h30m, found '1w'
        12:22 expected true or false, found 'true' (remove the quotes)
        13:12 expected true or false, found 'yes'
        14:3 the key 'suffix' is defined twice (remove one of them)
        15:1 the key 'definition' is missing (add it)
        16:26 expected a string, a number or a boolean, found a list
        16:31 expected a name of letters, digits and _.:-, starting with a letter, found 'a b'
        18:10 expected the ARN of a role, such as arn:aws:iam::123456789012:role/name, \
found 'arn:aws:iam::1:role/x'
        20:17 expected 'Allow' or 'Deny', found 'allow' (did you mean 'Allow'?)
        21:17 expected an action such as s3:GetObject, or *, found 'getobject'
        22:9 unknown key 'Resources' (did you mean 'Resource'?)
        23:9 a statement needs either Action or NotAction
        24:11 expected a path that begins and ends with a slash, such as /teams/data/, found 'x'
        25:20 expected 'off', 'error', 'fatal' or 'all', found 'none'
        25:42 CloudWatch Logs cannot keep logs for 45 days (use 30 or 60)
        26:11 expected true or false, found nothing (give it a value, or remove the key)
        28:9 expected a string, found the number 12 (quote it)
        29:3 tags that begin with aws: or sfnctl: are reserved, found 'aws:x'
        """
    assert list_problems(text) == dedent(expected)


def add_trigger(trigger: str) -> str:
    return f"{SMALLEST}trigger: {{{trigger}}}\n"


@pytest.mark.parametrize("empty", ['""', "[]", '[""]'])
def test_an_empty_prefix_means_every_key(empty: str) -> None:
    assert load_pipeline(add_trigger(f"prefix: {empty}")).trigger.prefix == ()


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("24h", 86400), ("90s", 90), ("15m", 900), ("2h5m1s", 7501), ("60", 60)],
)
def test_durations_become_seconds(written: str, seconds: int) -> None:
    config = load_pipeline(add_trigger(f"retry: {{max_age: {written}}}"))
    assert config.trigger.retry.max_age == seconds


@pytest.mark.parametrize("written", ["0", "53687091200000", '"${SIZE}"'])
def test_minimum_size_is_up_to_that_of_the_largest_object(written: str) -> None:
    config = load_pipeline(add_trigger(f"via: s3, min_size: {written}"), SIZE="53687091200000")
    assert config.trigger.min_size == (0 if written == "0" else 10_000 * 5 * 1024**3)


def test_minimum_size_of_nothing_is_allowed_everywhere() -> None:
    assert load_pipeline(add_trigger("via: cloudtrail, min_size: 0")).trigger.min_size == 0


def test_variables_fill_strings_numbers_and_booleans() -> None:
    config = load_pipeline(
        """\
        name: ${TEAM}-orders
        account: "${ACCOUNT}"
        bucket: {name: "${BUCKET:-acme-orders}", create: "${CREATE}"}
        trigger: {prefix: ["${TEAM}/"], retry: {attempts: "${TRIES}", max_age: "${AGE}"}}
        state_machine:
          definition: workflow.asl.yaml
          substitutions: {Literal: "$${Name}", Number: "${TRIES}"}
          role:
            statements:
              - {Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::${TEAM}/*"}
        tags: {team: "${TEAM}"}
        """,
        TEAM="data",
        ACCOUNT="012345678901",
        CREATE="true",
        TRIES="7",
        AGE="90",
    )
    assert config.name == "data-orders"
    assert config.account == "012345678901"
    assert config.bucket == Bucket(name="acme-orders", create=True)
    assert config.trigger.prefix == ("data/",)
    assert config.trigger.retry == Retry(attempts=7, max_age=90)
    assert config.state_machine.substitutions == {"Literal": "${Name}", "Number": "7"}
    assert config.state_machine.role.statements[0]["Resource"] == ["arn:aws:s3:::data/*"]
    assert config.tags == {"team": "data"}


def test_a_variable_is_never_read_as_yaml() -> None:
    text = SMALLEST + "tags: {team: '${TEAM}'}\n"
    assert list_problems(text, TEAM="a\nname: evil") == (
        "4:14 expected only letters, digits, spaces and _.:/=+-@, found 'a\\nname: evil'\n"
    )


def test_each_variable_that_is_not_set_is_one_problem() -> None:
    text = """\
        name: ${NAME:?name the pipeline}
        bucket: ${aws:username}
        state_machine: {definition: "${DIRECTORY}/${FILE}"}
        """
    assert list_problems(text, NAME="") == dedent("""\
        1:7 the environment variable NAME is empty: name the pipeline \
(set it, or give it a default: ${NAME:-default})
        2:9 '${aws:username}' is not a valid reference to a variable \
(write ${VAR}, ${VAR:-default} or ${VAR:?message}; $${ is a literal ${)
        3:29 the environment variable DIRECTORY is not set \
(set it, or give it a default: ${DIRECTORY:-default})
        3:29 the environment variable FILE is not set \
(set it, or give it a default: ${FILE:-default})
        """)
