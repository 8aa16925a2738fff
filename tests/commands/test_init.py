from __future__ import annotations

from pathlib import Path

from sfnctl_script import Sfnctl


def list_hello_files(name: str) -> tuple[str, ...]:
    return (
        "README.md",
        "sample-bad.json",
        "sample1.json",
        "sfnctl.yaml",
        f"tests/test_{name}.py",
        "workflow.asl.yaml",
        "workflow.test.yaml",
        "sfnctl.schema.json",
    )


def list_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_lists_the_files_and_the_next_step(sfnctl: Sfnctl) -> None:
    ended = sfnctl(
        "init", "orders", "--template", "hello", "--name", "orders", "--bucket", "acme", "--yes"
    )
    assert ended.out == (
        "  + orders/.github/workflows/sfnctl-orders.yml\n"
        "  + orders/README.md\n"
        "  + orders/sample-bad.json\n"
        "  + orders/sample1.json\n"
        "  + orders/sfnctl.yaml\n"
        "  + orders/tests/test_orders.py\n"
        "  + orders/workflow.asl.yaml\n"
        "  + orders/workflow.test.yaml\n"
        "  + orders/sfnctl.schema.json\n"
        "Next: cd orders && sfnctl --local deploy\n"
    )
    assert ended.err == ""
    ci_file = ".github/workflows/sfnctl-orders.yml"
    assert list_files(sfnctl.folder / "orders") == {ci_file, *list_hello_files("orders")}


def test_lists_the_files_as_json(sfnctl: Sfnctl) -> None:
    ended = sfnctl("init", "--bucket", "acme", "--output", "json")
    assert ended.document == {
        "v": 1,
        "type": "init",
        "folder": ".",
        "written": [".github/workflows/sfnctl-project.yml", *list_hello_files("project")],
        "ci": "github",
        "ci_file": ".github/workflows/sfnctl-project.yml",
        "left": [],
    }


def test_the_written_project_is_valid(sfnctl: Sfnctl) -> None:
    sfnctl("init", "--bucket", "acme", "--template", "copy")
    assert sfnctl("validate").out == "sfnctl.yaml and workflow.asl.yaml are valid.\n"


def test_defaults_to_hello_and_the_folders_name(sfnctl: Sfnctl) -> None:
    sfnctl("init", "orders", "--bucket", "acme")
    assert (sfnctl.folder / "orders/README.md").read_text().startswith("# orders\n\nA first pipe")


def test_an_invalid_folder_name_is_not_used_as_name(sfnctl: Sfnctl) -> None:
    ended = sfnctl("init", "My Orders", "--bucket", "acme", code=2)
    assert ended.err == (
        "Error: --name is missing\nHint: pass it, or run on a terminal without --yes\n"
    )
    assert list_files(sfnctl.folder) == set()


def test_a_missing_bucket_is_an_error_without_a_terminal(sfnctl: Sfnctl) -> None:
    ended = sfnctl("init", "--output", "json", code=2)
    assert ended.out == ""
    assert ended.err == (
        '{"v": 1, "type": "error", "message": "--bucket is missing", "exit_code": 2,'
        ' "remedy": "pass it, or run on a terminal without --yes"}\n'
    )


def test_all_invalid_values_are_shown(sfnctl: Sfnctl) -> None:
    ended = sfnctl("init", "--name", "My Orders", "--bucket", "acme--x-s3", code=2)
    assert ended.err == (
        "--name: expected 1 to 40 lower-case letters, digits and hyphens, starting with a letter,"
        " found 'My Orders'\n"
        "--bucket: 'acme--x-s3' is a directory bucket, which sends no events to EventBridge\n"
        "    use a general purpose bucket\n"
        "Error: 2 problems in the options\n"
    )
    assert list_files(sfnctl.folder) == set()


def test_an_unknown_template_gets_a_suggestion(sfnctl: Sfnctl) -> None:
    ended = sfnctl("init", "--template", "helo", "--bucket", "acme", code=2)
    assert ended.err == "Error: the template 'helo' does not exist\nHint: did you mean 'hello'?\n"


def test_existing_files_stay_without_force(sfnctl: Sfnctl) -> None:
    readme = sfnctl.write("README.md", "mine")
    config = sfnctl.write("sfnctl.yaml", "mine")
    ended = sfnctl("init", "--bucket", "acme", code=2)
    assert ended.err == (
        "Error: nothing was written; already present: README.md, sfnctl.yaml\n"
        "Hint: choose another folder, or replace the files with --force\n"
    )
    assert list_files(sfnctl.folder) == {"README.md", "sfnctl.yaml"}
    assert (readme.read_text(), config.read_text()) == ("mine", "mine")

    sfnctl("init", "--bucket", "acme", "--force")
    assert "mine" not in {readme.read_text(), config.read_text()}


SUMMARIES = {
    "copy": "Copies each object that arrives under incoming/ to processed/, in the same bucket.",
    "distributed-csv": "Checks each row of a CSV file under incoming/, many at the same time, and"
    " writes the results.",
    "ecs-task": "Runs a container on Fargate for each object under incoming/, and waits until it"
    " has ended.",
    "express-fanout": "Splits each JSON object under incoming/ into its records, with an EXPRESS"
    " workflow.",
    "hello": "A first pipeline: each object under incoming/ starts an execution that says hello.",
    "lambda": "Calls a Lambda function for each object under incoming/; the function is in Python.",
    "validate-and-quarantine": "Checks each JSON object under incoming/: good ones go to accepted/,"
    " bad ones to quarantine/.",
}


def test_lists_the_templates(sfnctl: Sfnctl) -> None:
    lines = sfnctl("init", "--list").out.splitlines()
    asked = [line for line in lines if line.startswith(" ")]
    listed = [line for line in lines if not line.startswith(" ")]
    assert listed == [f"{name:<23}  {summary}" for name, summary in SUMMARIES.items()]
    assert f"{'':<23}    --set function=  Function [__NAME__]" in asked


def test_lists_the_templates_as_json(sfnctl: Sfnctl) -> None:
    document = sfnctl("init", "--list", "-o", "json").document
    assert [each["name"] for each in document["templates"]] == [*SUMMARIES]
    (function,) = document["templates"][5]["questions"]
    assert function["name"] == "function"
    assert document["templates"][0] == {
        "name": "copy",
        "summary": SUMMARIES["copy"],
        "questions": [],
    }


def remove_space(text: str) -> str:
    """A terminal may echo an answer before the space that ends the question."""
    return "".join(text.split())


QUESTIONS = [
    "Template [hello]:",
    "Name [project]:",
    "Bucket:",
    "Event source [s3]:",
    "CI (github, gitlab or none) [github]:",
]


def test_asks_for_missing_values_on_a_terminal(sfnctl: Sfnctl) -> None:
    answers = ["copy", "", "acme", "", "none"]
    ended = sfnctl.converse("init", talk=list(zip(QUESTIONS, answers, strict=True)))
    assert ended.out == "".join(f"  + {file}\n" for file in list_hello_files("project")) + (
        "Next: sfnctl --local deploy\n"
    )
    assert remove_space(ended.err) == remove_space(
        "".join(f"  {name} {summary}" for name, summary in SUMMARIES.items())
        + "Template [hello]: copy\n"
        "Name [project]: \n"
        "Bucket: acme\n"
        "  cloudtrail  a trail: best effort, but says who uploaded and leaves the bucket alone\n"
        "  s3          the bucket's own notifications: at least once, usually within seconds\n"
        "s3 is suggested because it delivers every event, usually within seconds.\n"
        "Choose cloudtrail if the bucket's settings must stay as they are, or to know who"
        " uploaded.\n"
        "Event source [s3]: \n"
        "CI (github, gitlab or none) [github]: none\n"
    )
    config = (sfnctl.folder / "sfnctl.yaml").read_text()
    assert 'name: "project"\n' in config
    assert 'bucket: {name: "acme", create: true}\n' in config
    assert "\n  via: s3 " in config
    assert list_files(sfnctl.folder) == set(list_hello_files("project"))


def test_asks_again_after_an_invalid_answer(sfnctl: Sfnctl) -> None:
    wrong = ["helo", "My Name", "Acme", "s4", "jenkins"]
    right = ["", "orders", "acme", "cloudtrail", "gitlab"]
    talk = [
        (question, answer)
        for question, *answers in zip(QUESTIONS, wrong, right, strict=True)
        for answer in answers
    ]
    shown = remove_space(sfnctl.converse("init", talk=talk).err)
    name = "1 to 40 lower-case letters, digits and hyphens, starting with a letter"
    bucket = "a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens"
    complaints = [
        "the template 'helo' does not exist (did you mean 'hello'?)",
        f"expected {name}, found 'My Name'",
        f"expected {bucket}, found 'Acme'",
        "expected 'cloudtrail' or 's3', found 's4'",
        "expected one of github, gitlab, none, found 'jenkins'",
    ]
    for question, answer, complaint in zip(QUESTIONS, wrong, complaints, strict=True):
        assert remove_space(f"{question} {answer}\n{complaint}\n{question}") in shown
    assert list_files(sfnctl.folder) == {
        ".gitlab/ci/sfnctl-orders.yml",
        *list_hello_files("orders"),
    }


def test_an_empty_answer_is_explained(sfnctl: Sfnctl) -> None:
    talk = [("Bucket:", ""), ("Bucket:", "acme")]
    options = ("--template", "hello", "--name", "orders", "--via", "s3", "--ci", "none")
    shown = remove_space(sfnctl.converse("init", *options, talk=talk).err)
    bucket = "a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens"
    assert shown == remove_space(f"Bucket:\nexpected {bucket}, found ''\nBucket: acme\n")


def test_wrong_options_are_refused_before_any_question(sfnctl: Sfnctl) -> None:
    ended = sfnctl.converse("init", "--bucket", "Acme", "--via", "s4", talk=[], code=2)
    assert ended.err.replace("\r", "") == (
        "--bucket: expected a bucket name: 3 to 63 lower-case letters, digits, dots and\n"
        "    hyphens, found 'Acme'\n"
        "--via: expected 'cloudtrail' or 's3', found 's4'\n"
        "Error: 2 problems in the options\n"
    )


def test_init_writes_nothing_without_an_answer(sfnctl: Sfnctl) -> None:
    talk = [(QUESTIONS[0], "hello"), (QUESTIONS[1], "\x04")]  # Ctrl-D
    ended = sfnctl.converse("init", talk=talk, code=1)
    assert ended.err.endswith("\nError: no answer; nothing was changed\r\n")
    assert list_files(sfnctl.folder) == set()
