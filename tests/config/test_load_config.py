from __future__ import annotations

import os
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
from sfn_s3_cli.errors import ConfigError, ExitCode

SMALLEST = """\
name: orders
bucket: acme-orders
state_machine: {definition: workflow.asl.yaml}
"""


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def pipeline(text: str, **environ: str) -> Pipeline:
    Path("sfnctl.yaml").write_text(dedent(text), encoding="utf-8")
    return load(Path("sfnctl.yaml"), environ)


def problems(text: str | bytes, **environ: str) -> str:
    """Every problem of the file, as `line:column message (hint)`."""
    content = text if isinstance(text, bytes) else dedent(text).encode()
    Path("sfnctl.yaml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(Path("sfnctl.yaml"), environ)
    return "".join(
        f"{each.location.removeprefix('sfnctl.yaml:')} {each.message}"
        + (f" ({each.remedy})\n" if each.remedy else "\n")
        for each in caught.value.problems
    )


def test_the_smallest_config_gets_every_default() -> None:
    assert pipeline(SMALLEST) == Pipeline(
        name="orders",
        region=None,
        account=None,
        bucket=Bucket(name="acme-orders", create=False),
        trigger=Trigger(
            via="cloudtrail",
            events=("created",),
            prefix=(),
            suffix=(),
            trail=None,
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


def test_every_key_can_be_said() -> None:
    config = pipeline("""\
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


def test_a_file_full_of_mistakes_is_told_everything_at_once() -> None:
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
        1:7 expected 1 to 40 lower-case letters, digits and hyphens that begin with a letter, \
found 'Orders'
        2:9 the environment variable REGION is not set \
(set it, or give it a default: ${REGION:-default})
        3:10 expected a string, found the number 123456789012 (quote it)
        4:1 unknown key 'buckt' (did you mean 'bucket'?)
        6:8 expected 'cloudtrail' or 's3', found 'cloudtrial' (did you mean 'cloudtrail'?)
        7:11 'created' stands here twice (remove one of them)
        8:11 expected a string or a list of strings, found the number 5
        10:10 expected 3 or more characters, found 'a'
        11:21 expected at most 185, found the number 200
        11:35 expected a duration, found '1w' \
(write 24h, 15m, 90s or 1h30m, or a number of seconds)
        12:22 expected true or false, found 'true' (leave the quotes out)
        13:12 expected true or false, found 'yes'
        14:3 the key 'suffix' stands here twice (remove one of them)
        15:1 the key 'definition' is missing (add it)
        16:26 expected a string, a number or a boolean, found a list
        16:31 expected a name of letters, digits and _.:- that begins with a letter, found 'a b'
        18:10 expected the ARN of a role, such as arn:aws:iam::123456789012:role/name, \
found 'arn:aws:iam::1:role/x'
        20:17 expected 'Allow' or 'Deny', found 'allow' (did you mean 'Allow'?)
        21:17 expected an action such as s3:GetObject, or *, found 'getobject'
        22:9 unknown key 'Resources' (did you mean 'Resource'?)
        23:9 a statement needs either Action or NotAction
        24:11 expected a path that begins and ends with a slash, such as /teams/data/, found 'x'
        25:20 expected 'off', 'error', 'fatal' or 'all', found 'none'
        25:42 CloudWatch Logs cannot keep logs for 45 days (nearest: 30 or 60)
        26:11 expected true or false, found nothing (give it a value, or leave the key out)
        28:9 expected a string, found the number 12 (quote it)
        29:3 tags that begin with aws: or sfnctl: are reserved, such as 'aws:x'
        """
    assert problems(text) == dedent(expected)


def with_trigger(trigger: str) -> str:
    return f"{SMALLEST}trigger: {{{trigger}}}\n"


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("prefix: in/*", "a prefix is literal, but 'in/*' ends with * (leave the * out)"),
        ('suffix: "*.txt"', "a suffix is literal, but '*.txt' begins with * (leave the * out)"),
        (f"prefix: {'é' * 513}", "no object key is longer than 1,024 bytes of UTF-8"),
        (f"suffix: {list(range(51))}".replace("'", ""), "expected a string, found the number 0"),
        (
            f"suffix: [{', '.join(f'.x{number}' for number in range(51))}]",
            "expected at most 50 entries, found 51",
        ),
        (
            'prefix: ["", a]',
            "an empty string stands for every key, so the others would mean nothing",
        ),
        ("events: []", "expected 1 or more entries, found 0"),
        ("events: created", "expected a list, found 'created'"),
        (
            "via: s3, trail: audit",
            "a trail has no part in `via: s3` (leave trail out, or via: cloudtrail)",
        ),
        ("retry: {attempts: -1}", "expected at least 0, found the number -1"),
        ("retry: {attempts: 1.5}", "expected a whole number, found the number 1.5"),
        ("retry: {max_age: 59s}", "expected 60 seconds to 24 hours, found '59s'"),
        ("retry: {max_age: 86401}", "expected 60 seconds to 24 hours, found the number 86401"),
        ("retry: [3]", "expected a mapping, found a list"),
    ],
)
def test_a_trigger_that_cannot_work_is_refused(trigger: str, expected: str) -> None:
    assert problems(with_trigger(trigger)).splitlines()[0].partition(" ")[2].startswith(expected)


@pytest.mark.parametrize("empty", ['""', "[]", '[""]'])
def test_an_empty_prefix_means_every_key(empty: str) -> None:
    assert pipeline(with_trigger(f"prefix: {empty}")).trigger.prefix == ()


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("24h", 86400), ("90s", 90), ("15m", 900), ("2h5m1s", 7501), ("60", 60)],
)
def test_durations_are_seconds(written: str, seconds: int) -> None:
    config = pipeline(with_trigger(f"retry: {{max_age: {written}}}"))
    assert config.trigger.retry.max_age == seconds


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "AcmeOrders",
            "expected a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens",
        ),
        ("a..b", "'a..b' is no bucket name: it has adjacent dots, or is an IP address"),
        ("10.0.0.1", "'10.0.0.1' is no bucket name: it has adjacent dots, or is an IP address"),
        ("xn--acme", "S3 reserves names such as 'xn--acme'"),
        (
            "acme--use1-az4--x-s3",
            "'acme--use1-az4--x-s3' is a directory bucket, and those send no events to EventBridge",
        ),
        ("[acme]", "expected a string or a mapping, found a list"),
        ("{create: true}", "the key 'name' is missing (add it)"),
    ],
)
def test_a_bucket_that_cannot_work_is_refused(name: str, expected: str) -> None:
    found = problems(SMALLEST.replace("acme-orders", name))
    place, _, message = found.partition(" ")
    assert place.startswith("2:")
    assert message.startswith(expected)


def test_a_role_of_ones_own_stands_alone() -> None:
    text = """\
        name: orders
        bucket: acme-orders
        state_machine:
          definition: workflow.asl.yaml
          role: {arn: "arn:aws-cn:iam::123456789012:role/x", path: /x/, statements: []}
        """
    assert problems(text) == (
        "5:9 a role that is not ours cannot be given path, statements"
        " (keep arn alone, or leave it out)\n"
    )


def test_tags_keep_to_what_every_service_allows() -> None:
    text = f"{SMALLEST}tags: {{sfnctl:x: a, a*b: c, d: {'e' * 257}, {'f' * 129}: g}}\n"
    assert problems(text) == (
        "4:8 tags that begin with aws: or sfnctl: are reserved, such as 'sfnctl:x'\n"
        "4:21 expected letters, digits, spaces and _.:/=+-@, found 'a*b'\n"
        f"4:32 expected at most 256 characters, found '{'e' * 60}...'\n"
        f"4:291 expected at most 128 characters, found '{'f' * 60}...'\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1 expected a mapping, found nothing (write keys and values)\n"),
        ("- name: orders\n", "1:1 expected a mapping, found a list (write keys and values)\n"),
        (b"name: caf\xe9\n", "1:10 this is not UTF-8 (save the file as UTF-8)\n"),
        (b"name: a\x00b\n", "1:8 the character U+0000 is not allowed (remove it)\n"),
        (
            b"a: " + b"x" * (1 << 20),
            "sfnctl.yaml the file is larger than 1 MiB (make it smaller)\n",
        ),
    ],
)
def test_what_is_no_config_at_all(text: str | bytes, expected: str) -> None:
    assert problems(text) == expected


def test_a_byte_order_mark_is_not_in_the_way() -> None:
    Path("sfnctl.yaml").write_text(SMALLEST, encoding="utf-8-sig")
    assert load(Path("sfnctl.yaml"), {}).name == "orders"


def test_a_missing_file_says_how_to_get_one() -> None:
    with pytest.raises(ConfigError) as caught:
        load(Path("sfnctl.yaml"), {})
    assert caught.value.exit_code is ExitCode.USAGE
    assert [(each.file, each.message, each.remedy) for each in caught.value.problems] == [
        ("sfnctl.yaml", "there is no such file", "`sfnctl init` writes one")
    ]


def test_a_folder_or_a_fifo_is_no_config() -> None:
    Path("folder").mkdir()
    os.mkfifo("fifo")
    for name in ("folder", "fifo"):
        with pytest.raises(ConfigError) as caught:
            load(Path(name), {})
        assert caught.value.problems[0].message == "this is not a regular file"


def test_variables_fill_strings_numbers_and_booleans() -> None:
    config = pipeline(
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
    assert problems(text, TEAM="a\nname: evil") == (
        "4:14 expected nothing but letters, digits, spaces and _.:/=+-@, found 'a\\nname: evil'\n"
    )


def test_a_reference_that_cannot_be_filled_is_one_problem() -> None:
    text = """\
        name: ${NAME:?name the pipeline}
        bucket: ${aws:username}
        state_machine: {definition: "${DIRECTORY}/${FILE}"}
        """
    assert problems(text, NAME="") == dedent("""\
        1:7 the environment variable NAME is empty: name the pipeline \
(set it, or give it a default: ${NAME:-default})
        2:9 '${aws:username}' is no reference to a variable \
(write ${VAR}, ${VAR:-default} or ${VAR:?message}; $${ stands for a literal ${)
        3:29 the environment variable DIRECTORY is not set \
(set it, or give it a default: ${DIRECTORY:-default})
        3:29 the environment variable FILE is not set \
(set it, or give it a default: ${FILE:-default})
        """)
