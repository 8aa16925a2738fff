"""Invalid definitions: their file name, their content, and how the error begins."""

from __future__ import annotations

DEFINITIONS = [
    ("w.asl.json", b"", "w.asl.json:1:1: the file is empty"),
    ("w.asl.json", b"StartAt: A\n", "w.asl.json:1:1: not JSON: expecting value"),
    ("w.asl.json", b"[]", "w.asl.json:1:1: expected a mapping, found a list"),
    ("w.asl.json", b"{'StartAt': 'A'}", "w.asl.json:1:2: not JSON: expecting property name"),
    ("w.asl.json", b'{"StartAt": "A",}', "w.asl.json:1:17: not JSON: expecting property name"),
    ("w.asl.json", b'{"StartAt": "A"} {}', "w.asl.json:1:18: not JSON: extra data"),
    ("w.asl.json", b'{"StartAt": "A"}', "w.asl.json:1:1: error: the definition has no States"),
    (
        "w.asl.json",
        b'{"StartAt": "A", "States": {}}',
        "w.asl.json:1:28: error: the States of the definition are",
    ),
    ("w.asl.json", b'"\xe9"', "w.asl.json:1:2: this is not UTF-8"),
    ("w.asl.json", b"[" * 100_000 + b"]" * 100_000, "w.asl.json:1:1: nested too deeply"),
    ("w.asl.json", b'{"a": 1, "a": 2}', "w.asl.json:1:1: error: the definition has no StartAt"),
    ("w.asl.yaml", b"StartAt: !Ref A\n", "w.asl.yaml:1:1: error: the definition has no States"),
    ("w.asl.yaml", b"a: [\n", "w.asl.yaml:2:1: not YAML: expected the node content"),
    ("w.asl.json", b" " * (2 << 20), "sfnctl.yaml:3:29: w.asl.json: the file is larger than 1 MiB"),
    ("w.txt", b"{}", "sfnctl.yaml:3:29: w.txt: a definition is a .json, .yaml or .yml file"),
    ("folder.json/x", b"", "sfnctl.yaml:3:29: folder.json: this is not a regular file"),
    (
        "w.asl.json",
        b"[" + b"1," * 100_000 + b"1]",
        "w.asl.json:1:200002: the file has more than 100,000 values",
    ),
]
