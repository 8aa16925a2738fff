"""Turns test cases into runs for the interpreter."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import ConfigError
from sfn_s3_cli.events import SOURCES, normalised
from sfn_s3_cli.events.source import Upload
from sfn_s3_cli.testing import checks, mock_config, workflow
from sfn_s3_cli.testing.schema import Mock, MockConfig

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.places import Mark, ValuePath
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.local.testing.wire import Mocks, Run
    from sfn_s3_cli.testing.case_file import LocatedCases
    from sfn_s3_cli.testing.schema import Answer, Case, OneOrMany, TestObject
    from sfn_s3_cli.testing.workflow import Workflow

ACCOUNT = "123456789012"
"""The account of executions and events, if the config allows any."""
REGION = "us-east-1"
_PARTITION = "aws"


class PlannedCase(NamedTuple):
    """A case, where it is in its file, and what the interpreter gets."""

    case: Case
    file: str
    mark: Mark
    workflow: Workflow
    run: Run


@dataclass
class Planner:
    """Makes runs of the cases of files; collects everything that is wrong with them."""

    pipeline: Pipeline
    default: Workflow
    region: str = REGION
    planned: list[PlannedCase] = field(default_factory=list)
    _workflows: dict[Path, Workflow] = field(default_factory=dict)

    def add(self, found: LocatedCases, text: str = "") -> None:
        """Adds the cases of a file whose name contains the text; ConfigError if any is wrong."""
        findings = [*checks.check_names(found.content)]
        tested, of_definition = self._find_workflow(found)
        findings += of_definition
        if tested is None:
            raise found.document.error(findings)
        planned: list[PlannedCase] = []
        for index, case in enumerate(found.content.cases):
            builder = _RunBuilder(self, found.path.parent, tested, ("cases", index))
            run = builder.build(case, len(self.planned) + len(planned))
            findings += builder.findings
            if text.lower() in case.name.lower():
                mark = found.document.mark(("cases", index))
                planned.append(PlannedCase(case, str(found.path), mark, tested, run))
        if findings:
            raise found.document.error(findings)
        self.planned += planned

    def _find_workflow(self, found: LocatedCases) -> tuple[Workflow | None, list[Finding]]:
        name = found.content.definition
        if name is None:
            return self.default, []
        tested, findings = self.load(found.path.parent / name, ("definition",))
        return tested, findings

    def load(self, path: Path, place: ValuePath) -> tuple[Workflow | None, list[Finding]]:
        """Loads a definition; what is wrong with the whole file is shown where it is named."""
        if path not in self._workflows:
            try:
                self._workflows[path] = workflow.load(path, self.pipeline)
            except ConfigError as error:
                if any(each.line for each in error.problems):
                    raise
                [problem, *_] = error.problems
                message = f"{problem.file}: {problem.message}"
                return None, [invalid_config(message, problem.remedy, place)]
        return self._workflows[path], []


@dataclass
class _RunBuilder:
    """Makes the run of one case."""

    planner: Planner
    folder: Path
    tested: Workflow
    path: ValuePath
    findings: list[Finding] = field(default_factory=list)

    def build(self, case: Case, number: int) -> Run:
        pipeline = self.planner.pipeline
        self.findings += checks.check(case, self.path, self.tested)
        content = self._read_content(case.object_)
        return {
            "id": number,
            "name": pipeline.name,
            "type": pipeline.state_machine.aws_type,
            "definition": self.tested.cut(case.from_, case.to),
            "input": self._build_input(case, content),
            "account": pipeline.account or ACCOUNT,
            "region": self.planner.region,
            "mocks": self._find_mocks(case),
            "answers": {name: _convert(each) for name, each in case.answers.items()},
            "end_at": case.to,
            "variables": {**case.variables},
            "item": {"Index": case.item.index, "Value": case.item.value} if case.item else None,
            "objects": []
            if content is None or case.object_ is None
            else [
                {
                    "bucket": pipeline.bucket.name,
                    "key": case.object_.key,
                    "content": base64.b64encode(content).decode(),
                }
            ],
        }

    def _read_content(self, wanted: TestObject | None) -> bytes | None:
        """The content that S3 has; None if the case gives none."""
        if wanted is None or not wanted.has_content:
            return None
        if wanted.file is None:
            body = wanted.body
            text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
            return text.encode()
        try:
            return (self.folder / wanted.file).read_bytes()
        except OSError as error:
            message = f"{wanted.file} cannot be read: {error.strerror}"
            self.findings.append(invalid_config(message, "", (*self.path, "object", "file")))
            return None

    def _build_input(self, case: Case, content: bytes | None) -> object:
        if case.object_ is None and case.event is None:
            return case.input
        pipeline = self.planner.pipeline
        event = case.event
        if event is None and case.object_ is not None:
            event = self._build_event(case.object_, content)
        try:
            return normalised.build_input(event or {}, pipeline.bucket.name, pipeline.trigger)
        except ValueError as error:
            remedy = f"write an event of `via: {pipeline.trigger.via}`, or use `input`"
            self.findings.append(invalid_config(str(error), remedy, (*self.path, "event")))
            return None

    def _build_event(self, wanted: TestObject, content: bytes | None) -> JsonObject:
        pipeline = self.planner.pipeline
        size = wanted.size if wanted.size is not None else len(content or b"")
        etag = wanted.etag or hashlib.md5(content or b"", usedforsecurity=False).hexdigest()
        upload = Upload(
            bucket=pipeline.bucket.name,
            key=wanted.key,
            event=wanted.event,
            size=size,
            etag=etag,
            version_id=wanted.version_id,
            partition=_PARTITION,
            account=pipeline.account or ACCOUNT,
            region=self.planner.region,
        )
        if content is not None or not wanted.has_content:  # else the file cannot be read
            place = (*self.path, "object")
            self.findings += checks.check_object(upload, pipeline.trigger, place)
        return SOURCES[pipeline.trigger.via].build_event(upload)

    def _find_mocks(self, case: Case) -> Mocks:
        place = (*self.path, "mocks")
        if not isinstance(case.mocks, MockConfig):
            self.findings += checks.check_mocks(case.mocks, place, self.tested)
            return self._build_mocks(case.mocks, place)
        path = self.folder / case.mocks.config
        name = self.planner.pipeline.name
        mocks, findings = mock_config.read(path, name, case.mocks.test_case, place)
        self.findings += findings
        for state in mocks.keys() - self.tested.states.keys():
            message = f"{path}: the definition has no state {describe(state)}"
            self.findings.append(invalid_config(message, "", place))
        return mocks

    def _build_mocks(self, mocks: Mapping[str, OneOrMany], path: ValuePath) -> Mocks:
        built: Mocks = {}
        for name, each in mocks.items():
            here = (*path, name)
            if isinstance(each, list):
                built[name] = [
                    self._build_mock(mock, (*here, number)) for number, mock in enumerate(each)
                ]
            else:
                built[name] = self._build_mock(each, here)
        return built

    def _build_mock(self, mock: Mock, path: ValuePath) -> JsonObject:
        if mock.python is not None:
            self.findings += checks.check_function(mock, self.folder, (*path, "python"))
            file, _, function = mock.python.rpartition(":")
            return {"python": {"file": str((self.folder / file).resolve()), "function": function}}
        if mock.definition is not None:
            return self._build_nested(mock, mock.definition, path)
        return _convert_one(mock)

    def _build_nested(self, mock: Mock, name: str, path: ValuePath) -> JsonObject:
        """The workflow that a task starts, with its mocks."""
        nested, findings = self.planner.load(self.folder / name, (*path, "definition"))
        self.findings += findings
        if nested is None:
            return {}
        self.findings += checks.check_mocks(mock.mocks, (*path, "mocks"), nested)
        mocks = self._build_mocks(mock.mocks, (*path, "mocks"))
        return {"definition": nested.definition, "mocks": mocks}


def _convert(answers: Answer | list[Answer]) -> list[JsonObject] | JsonObject:
    if isinstance(answers, list):
        return [_convert_one(each) for each in answers]
    return _convert_one(answers)


def _convert_one(mock: Mock | Answer) -> JsonObject:
    if mock.throw is not None:
        return {"throw": mock.throw.model_dump()}
    return {"return": mock.return_}
