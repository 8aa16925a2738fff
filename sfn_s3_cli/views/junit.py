"""The result of `sfnctl test` as JUnit XML, in the form that pytest writes and CI services read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from sfn_s3_cli.testing.report import Verdict
from sfn_s3_cli.testing.words import explain_difference, write_value
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.github import find_repository_path

if TYPE_CHECKING:
    from sfn_s3_cli.testing.report import CaseResult, TestReport

_TAGS = {Verdict.FAILED: "failure", Verdict.ERROR: "error"}


def write(report: TestReport) -> str:
    """Write one suite, with a test case for each case."""
    counts = report.counts
    suite = ET.Element(
        "testsuite",
        name="sfnctl",
        errors=str(counts[Verdict.ERROR]),
        failures=str(counts[Verdict.FAILED]),
        skipped="0",
        tests=str(len(report.results)),
        time=f"{report.seconds:.3f}",
    )
    for each in report.results:
        suite.append(_write_case(each))
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _write_case(result: CaseResult) -> ET.Element:
    file = find_repository_path(result.file)
    case = ET.Element(
        "testcase",
        classname=escape(file.removesuffix(".yaml").replace("/", ".")),
        name=escape(result.name),
        file=escape(file),
        line=str(result.line),
        time=f"{result.seconds:.3f}",
    )
    if result.verdict is not Verdict.PASSED:
        details = ET.SubElement(case, _TAGS[result.verdict], message=escape(result.explanation))
        differences = (explain_difference(*each) for each in result.differences)
        details.text = "\n".join(map(escape, differences)) or _explain_failure(result)
    return case


def _explain_failure(result: CaseResult) -> str:
    lines = [result.problem.remedy]
    if result.failure is not None and "arguments" in result.failure:
        lines.insert(0, f"arguments: {write_value(result.failure['arguments'])}")
    return "\n".join(map(escape, lines))
