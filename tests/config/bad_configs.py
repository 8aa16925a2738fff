"""Invalid config files, and the problems of each, as `line:column: message (remedy); ...`."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from sfn_s3_cli.config import patterns
from sfn_s3_cli.config.patterns import WORDS
from sfn_s3_cli.errors import ConfigError

GOOD = {
    "name": "orders",
    "bucket": "acme-orders",
    "state_machine": "{definition: w.asl.json}",
}
VARIABLES = {"EMPTY": "", "LATIN": os.fsdecode(b"\xfc")}
MACHINE = b"state_machine: {definition: w.asl.json}\n"
NO_BUCKET_NAME = "a bucket name cannot contain two adjacent dots or be an IP address"
REST = b"bucket: acme-orders\n" + MACHINE


def _alarms(settings: str) -> str:
    return f"{{topic: 'arn:aws:sns:eu-west-1:123456789012:alerts', {settings}}}"


class BadFile(NamedTuple):
    """A whole file."""

    what: str
    content: bytes
    problems: str


class BadValue(NamedTuple):
    """A value, as YAML, in a file that is good otherwise."""

    key: str
    value: str
    problems: str

    @property
    def content(self) -> bytes:
        lines = GOOD | {self.key: self.value}
        return "".join(f"{key}: {value}\n" for key, value in lines.items()).encode()


def describe_problems(error: ConfigError) -> str:
    """The problems of an error as they are written here."""
    return "; ".join(
        re.sub("^sfnctl.yaml:? ?", "", f"{each.location}: {each.message}")
        + (f" ({each.remedy})" if each.remedy else "")
        for each in error.problems
    )


def number_copies(text: str, count: int, end: str = "") -> str:
    return ", ".join(f"{text}{number}{end}" for number in range(count))


FILES = (
    BadFile("nothing", b"", "1:1: expected a mapping, found nothing (write keys and values)"),
    BadFile(
        "a comment",
        b"# nothing\n",
        "1:1: expected a mapping, found nothing (write keys and values)",
    ),
    BadFile("null", b"null\n", "1:1: expected a mapping, found nothing (write keys and values)"),
    BadFile(
        "a list",
        b"- name: orders\n",
        "1:1: expected a mapping, found a list (write keys and values)",
    ),
    BadFile(
        "a number", b"5\n", "1:1: expected a mapping, found the number 5 (write keys and values)"
    ),
    BadFile(
        "a tab",
        b"name: orders\nbucket:\n\tname: acme\n",
        "3:1: not YAML: found character '\\t' that cannot start any token (indent with spaces)",
    ),
    BadFile(
        "an open bracket",
        b"name: [orders\n",
        "2:1: not YAML: expected ',' or ']', but got '<stream end>'"
        " (correct this line, or the one before it)",
    ),
    BadFile(
        "an open quote",
        b"name: 'orders\n",
        "2:1: not YAML: found unexpected end of stream (correct this line, or the one before it)",
    ),
    BadFile(
        "a colon too many",
        b"name: a: b\n",
        "1:8: not YAML: mapping values are not allowed here"
        " (correct this line, or the one before it)",
    ),
    BadFile(
        "a stray brace",
        b"name: orders}\nbucket: x\n}\n",
        "3:1: not YAML: expected <block end>, but found '}'"
        " (correct this line, or the one before it)",
    ),
    BadFile(
        "no space after the colon",
        b"name:orders\n",
        "1:1: expected a mapping, found 'name:orders' (write keys and values)",
    ),
    BadFile(
        "half a merge conflict",
        b"<<<<<<< HEAD\nname: orders\n=======\nname: other\n>>>>>>> x\n",
        "2:5: not YAML: mapping values are not allowed here"
        " (correct this line, or the one before it)",
    ),
    BadFile(
        "a zip file",
        b"PK\x03\x04\x14\x00\x08\x00",
        "1:3: the character U+0003 is not allowed (remove it)",
    ),
    BadFile(
        "an image", b"\x89PNG\r\n\x1a\n\x00\x00", "1:1: this is not UTF-8 (save the file as UTF-8)"
    ),
    BadFile(
        "two documents",
        b"name: orders\n---\nname: other\n",
        "2:1: the file has more than one document (keep only the first)",
    ),
    BadFile(
        "a key twice",
        b"name: orders\nname: other\n" + REST,
        "2:1: the key 'name' is defined twice (remove one of them)",
    ),
    BadFile(
        "a key twice inside",
        b"name: orders\nbucket: {name: acme-orders, name: other}\n" + MACHINE,
        "2:29: the key 'name' is defined twice (remove one of them)",
    ),
    BadFile(
        "a tag",
        b"name: !!python/object/apply:os.system [id]\n" + REST,
        "1:7: tags are not allowed (remove it; a string that begins with ! needs quotes)",
    ),
    BadFile(
        "a tag of CloudFormation",
        b"name: !Sub orders\n" + REST,
        "1:7: tags are not allowed (remove it; a string that begins with ! needs quotes)",
    ),
    BadFile(
        "a directive",
        b"%TAG ! tag:example.com,2000:\n---\nname: !x orders\n" + REST,
        "3:7: tags are not allowed (remove it; a string that begins with ! needs quotes)",
    ),
    BadFile(
        "an anchor that contains itself",
        b"&x [*x]\n",
        "1:1: expected a mapping, found a list (write keys and values)",
    ),
    BadFile(
        "an alias bomb",
        b"name: orders\ntags: &a {k: &b [v, v], l: [*b, *b]}\n" + REST,
        "2:7: anchors are not allowed (remove it); 2:14: anchors are not "
        "allowed (remove it); 2:29: aliases are not allowed (write the value "
        "out); 2:33: aliases are not allowed (write the value out)",
    ),
    BadFile(
        "a merge bomb",
        b"name: orders\ntags: {<<: {k: v}}\n" + REST,
        "2:8: merge keys are not allowed (write the keys out)",
    ),
    BadFile(
        "a merge that may hold what is missing",
        b"<<: {name: orders}\ntags: 5\n" + REST,
        "1:1: merge keys are not allowed (write the keys out); 2:7: expected a mapping, found the"
        " number 5 (write keys and values)",
    ),
    BadFile(
        "an alias of nothing",
        b"name: *nothing\n" + REST,
        "1:7: aliases are not allowed (write the value out)",
    ),
    BadFile(
        "a key that is a number",
        b"name: orders\n1: orders\n" + REST,
        "2:1: expected a string as a key, found the number 1 (quote it)",
    ),
    BadFile(
        "a key that is a list",
        b"? [a]\n: b\n",
        "1:3: expected a string as a key, found a list (quote it)",
    ),
    BadFile(
        "a key that is true",
        b"name: orders\ntrue: orders\n" + REST,
        "2:1: expected a string as a key, found true (quote it)",
    ),
    BadFile(
        "a NUL byte",
        b"name: ord\x00ers\n" + REST,
        "1:10: the character U+0000 is not allowed (remove it)",
    ),
    BadFile(
        "an escape character",
        b"name: \x1b]52;c;aGk=\x07\n",
        "1:7: the character U+001B is not allowed (remove it)",
    ),
    BadFile(
        "a C1 control",
        b"name: \xc2\x9b31m\n",
        "1:7: the character U+009B is not allowed (remove it)",
    ),
    BadFile(
        "latin-1",
        b"name: orders\n# Bestellungen f\xfcr\n" + REST,
        "2:17: this is not UTF-8 (save the file as UTF-8)",
    ),
    BadFile(
        "UTF-16",
        b"\xff\xfen\x00a\x00m\x00e\x00:\x00 \x00o\x00r\x00d\x00e\x00r\x00s\x00\n\x00",
        "1:1: this is not UTF-8 (save the file as UTF-8)",
    ),
    BadFile(
        "half a surrogate",
        b"name: '\xed\xa0\x80'\n",
        "1:8: this is not UTF-8 (save the file as UTF-8)",
    ),
    BadFile(
        "half a surrogate, escaped",
        b'name: "\\ud800"\n' + REST,
        "1:7: half a surrogate pair is not a character (write both halves)",
    ),
    BadFile(
        "an escape of no character",
        b'name: "\\UFFFFFFFF"\n',
        "1:1: not YAML: an escape does not name a character (correct the escape)",
    ),
    BadFile(
        "bidi",
        b"name: 'a\xe2\x80\xaeb'\n" + REST,
        f"1:7: expected {WORDS[patterns.NAME]}, found 'a\\u202eb'",
    ),
    BadFile(
        "more than one MiB", b"#" * (2 << 20), "the file is larger than 1 MiB (make it smaller)"
    ),
)

HUGE = (
    BadFile(
        "deep nesting", b"[" * 100_000, "1:202: nested too deeply (use fewer levels of nesting)"
    ),
    BadFile(
        "values without end",
        b"[" + b"1," * 500_000 + b"]",
        "1:200002: the file has more than 100,000 values (make it smaller)",
    ),
)
"""Files that take seconds to refuse."""

VALUES = (
    BadValue("name", "Orders", f"1:7: expected {WORDS[patterns.NAME]}, found 'Orders'"),
    BadValue("name", "5", "1:7: expected a string, found the number 5 (quote it)"),
    BadValue(
        "name", "", "1:6: expected a string, found nothing (give it a value, or remove the key)"
    ),
    BadValue("name", "o_rders", f"1:7: expected {WORDS[patterns.NAME]}, found 'o_rders'"),
    BadValue("name", '"orders\\n"', f"1:7: expected {WORDS[patterns.NAME]}, found 'orders\\n'"),
    BadValue(
        "name",
        "a" * 41,
        f"1:7: expected {WORDS[patterns.NAME]}, found '{'a' * 41}'",
    ),
    BadValue("name", "../orders", f"1:7: expected {WORDS[patterns.NAME]}, found '../orders'"),
    BadValue("name", "012", f"1:7: expected {WORDS[patterns.NAME]}, found '012'"),
    BadValue(
        "name",
        "${NAME}",
        "1:7: the environment variable NAME is not set (set it, or give it a "
        "default: ${NAME:-default})",
    ),
    BadValue(
        "name",
        "${1}",
        "1:7: '${1}' is not a valid reference to a variable (write ${VAR}, ${VAR:-default} "
        "or ${VAR:?message}; $${ is a literal ${)",
    ),
    BadValue(
        "name",
        "${",
        "1:7: '${' is not a valid reference to a variable (write ${VAR}, ${VAR:-default} or "
        "${VAR:?message}; $${ is a literal ${)",
    ),
    BadValue("name", "${LATIN}", "1:7: the environment variable LATIN is not UTF-8"),
    BadValue(
        "name",
        "'${EMPTY:?say who you are}'",
        "1:7: the environment variable EMPTY is empty: say who you are (set it, or "
        "give it a default: ${EMPTY:-default})",
    ),
    BadValue("region", "eu", "4:9: expected a region such as eu-west-1, found 'eu'"),
    BadValue("region", "EU-WEST-1", "4:9: expected a region such as eu-west-1, found 'EU-WEST-1'"),
    BadValue("region", "1", "4:9: expected a string, found the number 1 (quote it)"),
    BadValue(
        "account",
        "123456789012",
        "4:10: expected a string, found the number 123456789012 (quote it)",
    ),
    BadValue(
        "account", "'12345678901'", f"4:10: expected {WORDS[patterns.ACCOUNT]}, found '12345678901'"
    ),
    BadValue(
        "account",
        "'1234-5678-9012'",
        f"4:10: expected {WORDS[patterns.ACCOUNT]}, found '1234-5678-9012'",
    ),
    BadValue(
        "account",
        "'\uff11\uff12\uff13'",
        f"4:10: expected {WORDS[patterns.ACCOUNT]}, found '\uff11\uff12\uff13'",
    ),
    BadValue("bucket", "Acme", f"2:9: expected {WORDS[patterns.BUCKET]}, found 'Acme'"),
    BadValue("bucket", "a", f"2:9: expected {WORDS[patterns.BUCKET]}, found 'a'"),
    BadValue(
        "bucket",
        "a" * 64,
        f"2:9: expected {WORDS[patterns.BUCKET]}, found '{'a' * 60}...'",
    ),
    BadValue(
        "bucket", "acme_orders", f"2:9: expected {WORDS[patterns.BUCKET]}, found 'acme_orders'"
    ),
    BadValue(
        "bucket",
        "acme..orders",
        f"2:9: {NO_BUCKET_NAME}, found 'acme..orders'",
    ),
    BadValue(
        "bucket",
        "192.168.0.1",
        f"2:9: {NO_BUCKET_NAME}, found '192.168.0.1'",
    ),
    BadValue(
        "bucket",
        "acme--x-s3",
        "2:9: 'acme--x-s3' is a directory bucket, which sends no events to "
        "EventBridge (use a general purpose bucket)",
    ),
    BadValue("bucket", "acme-s3alias", "2:9: S3 reserves names like 'acme-s3alias'"),
    BadValue("bucket", "xn--acme", "2:9: S3 reserves names like 'xn--acme'"),
    BadValue("bucket", "acme--ol-s3", "2:9: S3 reserves names like 'acme--ol-s3'"),
    BadValue(
        "bucket",
        "arn:aws:s3:::acme",
        f"2:9: expected {WORDS[patterns.BUCKET]}, found 'arn:aws:s3:::acme'",
    ),
    BadValue("bucket", "s3://acme", f"2:9: expected {WORDS[patterns.BUCKET]}, found 's3://acme'"),
    BadValue("bucket", "5", "2:9: expected a string or a mapping, found the number 5"),
    BadValue("bucket", "[acme]", "2:9: expected a string or a mapping, found a list"),
    BadValue("bucket", "", "2:8: expected a string or a mapping, found nothing"),
    BadValue(
        "bucket",
        "{nme: acme}",
        "2:1: the key 'name' is missing (add it); 2:10: unknown key 'nme' (did you mean 'name'?)",
    ),
    BadValue("bucket", "{name: acme, create: yes}", "2:30: expected true or false, found 'yes'"),
    BadValue(
        "bucket", "{name: acme, create: 1}", "2:30: expected true or false, found the number 1"
    ),
    BadValue(
        "bucket",
        "{create: true, name: acme-an}",
        "2:30: the bucket acme-an ends with -an, so S3 creates it only if it ends with"
        " -ACCOUNT-REGION-an (use acme-ACCOUNT-REGION-an, or a name with another ending)",
    ),
    BadValue(
        "bucket",
        "{create: true, name: acme-12345-eu-west-1-an}",
        "2:30: the bucket acme-12345-eu-west-1-an ends with -an, so S3 creates it only if it ends"
        " with -ACCOUNT-REGION-an (use acme-12345-eu-west-1-ACCOUNT-REGION-an, or a name with"
        " another ending)",
    ),
    BadValue("bucket", "{create: true}", "2:1: the key 'name' is missing (add it)"),
    BadValue(
        "trigger",
        "s3",
        "4:10: expected a mapping, found 's3' (use the keys via, events, prefix, suffix, min_size,"
        " trail, enabled, retry, dead_letter_queue, input)",
    ),
    BadValue("trigger", "{vai: s3}", "4:11: unknown key 'vai' (did you mean 'via'?)"),
    BadValue("trigger", "{events: [made]}", "4:20: expected 'created' or 'deleted', found 'made'"),
    BadValue("trigger", "{suffix: [1]}", "4:20: expected a string, found the number 1 (quote it)"),
    BadValue("trigger", "{events: []}", "4:19: expected 1 or more entries, found 0"),
    BadValue("trigger", "{events: created}", "4:19: expected a list, found 'created'"),
    BadValue(
        "trigger",
        "{events: [created, created]}",
        "4:19: 'created' is listed twice (remove one of them)",
    ),
    BadValue(
        "trigger",
        "{prefix: incoming/*}",
        "4:19: a prefix is taken literally, but 'incoming/*' ends with * (remove the *)",
    ),
    BadValue(
        "trigger",
        "{suffix: '*.csv'}",
        "4:19: a suffix is taken literally, but '*.csv' begins with * (remove the *)",
    ),
    BadValue(
        "trigger", "{prefix: 5}", "4:19: expected a string or a list of strings, found the number 5"
    ),
    BadValue(
        "trigger",
        "{prefix: ['', a]}",
        "4:19: an empty string matches every key, so the other entries have no effect",
    ),
    BadValue("trigger", "{prefix: [a, a]}", "4:19: 'a' is listed twice (remove one of them)"),
    BadValue(
        "trigger",
        f"{{prefix: {'x' * 1025}}}",
        "4:19: object keys have at most 1,024 bytes of UTF-8; this is longer",
    ),
    BadValue(
        "trigger",
        f"{{prefix: {'é' * 513}}}",
        "4:19: object keys have at most 1,024 bytes of UTF-8; this is longer",
    ),
    BadValue(
        "trigger",
        f"{{prefix: [{number_copies('p', 51)}]}}",
        "4:19: expected at most 50 entries, found 51",
    ),
    BadValue(
        "trigger",
        f"{{prefix: [{number_copies('x' * 99, 40)}]}}",
        "Error: the trigger's event pattern has 4,871 characters, but AWS allows 2,048 "
        "(use fewer or shorter entries in `trigger.prefix` and `trigger.suffix`)",
    ),
    BadValue(
        "trigger",
        "{via: s3, trail: audit}",
        "4:27: `trail` works only with `via: cloudtrail` (remove trail, or use via: cloudtrail)",
    ),
    BadValue(
        "trigger",
        "{via: cloudtrial, trail: audit}",
        "4:16: expected 'cloudtrail' or 's3', found 'cloudtrial' (did you mean 'cloudtrail'?)",
    ),
    BadValue(
        "trigger",
        "{via: cloudtrail, min_size: 1}",
        "4:38: `min_size` works only with `via: s3`: the events of `via: cloudtrail` have no size"
        " (remove min_size, or use via: s3)",
    ),
    BadValue(
        "trigger",
        "{min_size: 1}",
        "4:21: `min_size` works only with `via: s3`: the events of `via: cloudtrail` have no size"
        " (remove min_size, or use via: s3)",
    ),
    BadValue(
        "trigger",
        "{via: s3, events: [deleted], min_size: 1}",
        "4:49: `min_size` concerns only created objects, which `events` does not list"
        " (remove min_size, or add created to events)",
    ),
    BadValue(
        "trigger",
        "{via: cloudtrial, min_size: 1}",
        "4:16: expected 'cloudtrail' or 's3', found 'cloudtrial' (did you mean 'cloudtrail'?)",
    ),
    BadValue(
        "trigger", "{via: s3, min_size: -1}", "4:30: expected at least 0, found the number -1"
    ),
    BadValue(
        "trigger",
        "{via: s3, min_size: 99999999999999}",
        "4:30: expected at most 53687091200000, found the number 99999999999999",
    ),
    BadValue(
        "trigger",
        "{via: s3, min_size: 1kB}",
        "4:30: expected a whole number, found '1kB'",
    ),
    *(
        BadValue(
            "trigger",
            f"{{trail: {value}}}",
            f"4:18: expected the name of a trail or 'none', found {found} (write `trail: none` for"
            " no trail, or remove the key to use sfnctl's own)",
        )
        for value, found in {"null": "nothing", "~": "nothing", "None": "'None'"}.items()
    ),
    BadValue("trigger", "{trail: a}", "4:18: expected 3 or more characters, found 'a'"),
    BadValue(
        "trigger", "{trail: -audit}", f"4:18: expected {WORDS[patterns.TRAIL]}, found '-audit'"
    ),
    BadValue("trigger", "{enabled: off}", "4:20: expected true or false, found 'off'"),
    BadValue(
        "trigger",
        "{enabled: 'true'}",
        "4:20: expected true or false, found 'true' (remove the quotes)",
    ),
    BadValue(
        "trigger",
        "{enabled:}",
        "4:19: expected true or false, found nothing (give it a value, or remove the key)",
    ),
    BadValue(
        "trigger",
        "{retry: 3}",
        "4:18: expected a mapping, found the number 3 (use the keys attempts, max_age)",
    ),
    BadValue(
        "trigger", "{retry: {attempts: 186}}", "4:29: expected at most 185, found the number 186"
    ),
    BadValue(
        "trigger", "{retry: {attempts: -1}}", "4:29: expected at least 0, found the number -1"
    ),
    BadValue(
        "trigger", "{retry: {attempts: 1.5}}", "4:29: expected a whole number, found the number 1.5"
    ),
    BadValue(
        "trigger",
        "{retry: {max_age: 1:30:00}}",
        "4:28: expected a number of seconds or a duration such as 24h or 1h30m, found '1:30:00'",
    ),
    BadValue(
        "trigger", "{retry: {max_age: 59s}}", "4:28: expected 60 seconds to 24 hours, found '59s'"
    ),
    BadValue(
        "trigger",
        "{retry: {max_age: 86401}}",
        "4:28: expected 60 seconds to 24 hours, found the number 86401",
    ),
    BadValue(
        "trigger",
        "{retry: {max_age: 1e3}}",
        "4:28: expected a number of seconds or a duration such as 24h or 1h30m, found '1e3'",
    ),
    BadValue("trigger", "{input: json}", "4:18: expected 'event' or 'object', found 'json'"),
    BadValue(
        "state_machine",
        "w.asl.json",
        "3:16: expected a mapping, found 'w.asl.json' (write `state_machine: {definition: ...}`)",
    ),
    BadValue("state_machine", "{}", "3:1: the key 'definition' is missing (add it)"),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, kind: express}",
        "3:41: unknown key 'kind' (use one of definition, substitutions, type, keep_versions, "
        "role, logging, tracing, kms_key, validation)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, type: EXPRESS}",
        "3:47: expected 'standard' or 'express', found 'EXPRESS' (did you mean 'express'?)",
    ),
    BadValue(
        "state_machine", "{definition: 5}", "3:29: expected a string, found the number 5 (quote it)"
    ),
    BadValue("state_machine", "{definition: ''}", "3:29: expected 1 or more characters, found ''"),
    BadValue(
        "state_machine",
        "{definition: 'https://example.com/a//w.json'}",
        "3:29: expected the path of a file, found the URL 'https://example.com/a//w.json'"
        " (download the definition, and name the file)",
    ),
    BadValue(
        "state_machine",
        "{definition: 's3://acme/w.json'}",
        "3:29: expected the path of a file, found the URL 's3://acme/w.json' (download the"
        " definition, and name the file)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, logging: {retention_days: 4}}",
        "3:67: CloudWatch Logs cannot keep logs for 4 days (use 3 or 5)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, logging: {retention_days: 0}}",
        "3:67: CloudWatch Logs cannot keep logs for 0 days (use 1)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, logging: {retention_days: 99999}}",
        "3:67: CloudWatch Logs cannot keep logs for 99999 days (use 3653)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, logging: {retention_days: 2026-01-01}}",
        "3:67: expected a whole number, found '2026-01-01'",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, logging: {level: none}}",
        "3:58: expected 'off', 'error', 'fatal' or 'all', found 'none'",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, logging: false}",
        "3:50: expected a mapping, found false (use the keys level, include_data, retention_days)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, kms_key: 'arn:aws:kms:eu-west-1:123456789012:alias/orders'}",
        f"3:50: expected {WORDS[patterns.KEY_ARN]}, found"
        " 'arn:aws:kms:eu-west-1:123456789012:alias/orders'",
    ),
    BadValue("alarms", "{}", "4:1: the key 'topic' is missing (add it)"),
    BadValue(
        "alarms",
        "true",
        "4:9: expected a mapping, found true (use the keys topic, period, evaluation_periods,"
        " datapoints_to_alarm, thresholds)",
    ),
    BadValue(
        "alarms",
        "'arn:aws:sns:eu-west-1:123456789012:alerts'",
        "4:9: expected a mapping, found 'arn:aws:sns:eu-west-1:123456789012:alerts'"
        " (write `alarms: {topic: ...}`)",
    ),
    BadValue(
        "alarms",
        "{topic: alerts, threshold: {}}",
        f"4:17: expected {WORDS[patterns.TOPIC_ARN]}, found 'alerts';"
        " 4:25: unknown key 'threshold' (did you mean 'thresholds'?)",
    ),
    BadValue(
        "alarms",
        "{topic: 'arn:aws:sqs:eu-west-1:123456789012:alerts'}",
        f"4:17: expected {WORDS[patterns.TOPIC_ARN]}, found"
        " 'arn:aws:sqs:eu-west-1:123456789012:alerts'",
    ),
    BadValue(
        "alarms",
        "{topic: 'arn:aws:sns:eu-west-1:123456789012:alerts.fifo'}",
        "4:17: CloudWatch alarms cannot notify a FIFO topic such as"
        " arn:aws:sns:eu-west-1:123456789012:alerts.fifo (use a standard topic)",
    ),
    BadValue(
        "alarms",
        _alarms("period: 90s"),
        "4:70: expected one or more whole minutes, up to 24 hours, found '90s'",
    ),
    BadValue(
        "alarms",
        _alarms("period: soon"),
        "4:70: expected a number of seconds or a duration such as 5m or 1h, found 'soon'",
    ),
    BadValue(
        "alarms", _alarms("evaluation_periods: 0"), "4:82: expected at least 1, found the number 0"
    ),
    BadValue(
        "alarms",
        _alarms("evaluation_periods: 289"),
        "4:82: 289 periods of 300 seconds are more than 1 day, the limit of CloudWatch (use "
        "fewer periods, or a shorter period)",
    ),
    BadValue(
        "alarms",
        _alarms("period: 1h, evaluation_periods: 169"),
        "4:94: 169 periods of 3600 seconds are more than 7 days, the limit of CloudWatch (use "
        "fewer periods, or a shorter period)",
    ),
    BadValue(
        "alarms",
        _alarms("datapoints_to_alarm: 2"),
        "4:83: `datapoints_to_alarm` is 2, but `evaluation_periods` is 1 (raise "
        "evaluation_periods, or lower datapoints_to_alarm)",
    ),
    BadValue(
        "alarms",
        _alarms("thresholds: {executions_failed: 0}"),
        "4:94: expected at least 1, found the number 0",
    ),
    BadValue(
        "alarms",
        _alarms("thresholds: {dead_letters: 5}") + "\ntrigger: {dead_letter_queue: false}",
        "4:75: there is no such alarm with `dead_letter_queue: false` (remove this key)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, type: express}\nalarms: "
        + _alarms("thresholds: {executions_failed: 2, execution_throttled: 1}"),
        "4:97: there is no such alarm with `type: express`, whose state transitions have no limit"
        " (remove this key)",
    ),
    BadValue(
        "alarms",
        _alarms("thresholds: {failed: 1}"),
        "4:75: unknown key 'failed' (use one of executions_failed, executions_timed_out, "
        "execution_throttled, failed_invocations, dead_letters)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, role: {arn: admin}}",
        f"3:53: expected {WORDS[patterns.ROLE_ARN]}, found 'admin'",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, role:"
        " {arn: 'arn:aws:iam::123456789012:role/x', path: /x/, statements: []}}",
        "3:47: `arn` names an existing role, which cannot be given path, statements"
        " (keep only arn, or remove it)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, role: {statements: [s3:*]}}",
        "3:61: expected a mapping, found 's3:*' (use the keys Sid, Effect, Action, NotAction,"
        " Resource, NotResource, Condition)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, role: {statements: [{Effect: Allow, Action: 's3:*'}]}}",
        "3:61: a statement needs either Resource or NotResource",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, role: {statements: ["
        "{Effect: Allow, Action: 's3:*', Resource: '*', Sid: A},"
        "{Effect: Allow, Action: 's3:*', Resource: '*', Sid: A}]}}",
        "3:60: two statements have the Sid 'A' (use a different Sid for each, or none)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, role: {statements: [{Effect: Allow, Action: "
        "'s3:*', Resource: '*', Principal: '*'}]}}",
        "3:108: unknown key 'Principal' (use one of Sid, Effect, Action, "
        "NotAction, Resource, NotResource, Condition)",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, role: {statements: [{Effect: Allow, Action: s3, "
        "Resource: acme}]}}",
        f"3:85: expected {WORDS[patterns.ACTION]},"
        f" found 's3'; 3:99: expected an ARN, or *, found 'acme'",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, role: {boundary: x}}",
        f"3:58: expected {WORDS[patterns.POLICY_ARN]}, found 'x'",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, substitutions: {Table: [a]}}",
        "3:64: expected a string, a number or a boolean, found a list",
    ),
    BadValue(
        "state_machine",
        "{definition: w.asl.json, substitutions: {a b: c}}",
        f"3:57: expected {WORDS[patterns.SUBSTITUTION]}, found 'a b'",
    ),
    BadValue("tags", "[a]", "4:7: expected a mapping, found a list (write keys and values)"),
    BadValue(
        "tags",
        "{a:}",
        "4:10: expected a string, found nothing (give it a value, or remove the key)",
    ),
    BadValue(
        "tags",
        "{'aws:x': y}",
        "4:8: tags that begin with aws: or sfnctl: are reserved, found 'aws:x'",
    ),
    BadValue(
        "tags",
        "{'SFNCTL:x': y}",
        "4:8: tags that begin with aws: or sfnctl: are reserved, found 'SFNCTL:x'",
    ),
    BadValue("tags", "{'<a>': y}", f"4:8: expected {WORDS[patterns.TAG_KEY]}, found '<a>'"),
    BadValue("tags", "{a: '<b>'}", f"4:11: expected {WORDS[patterns.TAG_VALUE]}, found '<b>'"),
    BadValue("tags", "{'': y}", "4:8: expected letters, digits, spaces and _.:/=+-@, found ''"),
    BadValue(
        "tags",
        f"{{{'k' * 129}: v}}",
        f"4:8: expected at most 128 characters, found '{'k' * 60}...'",
    ),
    BadValue(
        "tags",
        f"{{a: {'v' * 257}}}",
        f"4:11: expected at most 256 characters, found '{'v' * 60}...'",
    ),
    BadValue(
        "tags",
        "{Team: a, owner: b, team: c, TEAM: d}",
        "; ".join(
            f"4:{column}: the tag {key!r} differs from 'Team' in case only, and IAM does not tell"
            " them apart (remove or rename one of them)"
            for column, key in {27: "team", 36: "TEAM"}.items()
        ),
    ),
    BadValue(
        "tags", f"{{{number_copies('k', 44, ': v')}}}", "4:7: expected at most 43 entries, found 44"
    ),
)
