"""`sfnctl init --template DIR`: templates of one's own, which may hold anything."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from sfnctl_script import Sfnctl

from sfn_s3_cli import templates
from sfn_s3_cli.ci_files import Ci
from sfn_s3_cli.errors import ConfigError, UsageError
from sfn_s3_cli.templates import Template, Values, template_files

CONFIG = """\
name: "__NAME__"
bucket: "__BUCKET__"
trigger:
  __VIA__
state_machine: {definition: workflow.asl.yaml, substitutions: {Queue: "__QUEUE__"}}
"""
DEFINITION = "StartAt: Go\nStates: {Go: {Type: Pass, Result: '${Queue}', End: true}}\n"
QUESTIONS = """\
questions:
  - name: queue
    prompt: Queue
    help: The queue that gets the results.
    default: __NAME__-queue
    pattern: "[a-z-]+"
"""
VALUES = Values("orders", "acme-orders")


def make_template(folder: Path, questions: str = QUESTIONS, config: str = CONFIG) -> Path:
    """A folder with a template; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.yaml").write_text(questions)
    (folder / "sfnctl.yaml").write_text(config)
    (folder / "workflow.asl.yaml").write_text(DEFINITION)
    return folder


def write(source: Path, target: Path, **answers: str) -> set[str]:
    """Writes the template into a folder; returns the paths of its files."""
    template = templates.find(f"{source}/")
    templates.write(template, target, VALUES, answers=answers, ci=Ci.NONE)
    return {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}


def find_problems(source: Path, target: Path, **answers: str) -> list[str]:
    """What is wrong with the template: places, messages and remedies. Nothing was written."""
    with pytest.raises(ConfigError) as caught:
        write(source, target, **answers)
    assert not target.exists()
    return [
        f"{each.location.removeprefix(str(source))}: {each.message}; {each.remedy}".rstrip("; ")
        for each in caught.value.problems
    ]


def test_a_folder_is_a_template(sfnctl: Sfnctl) -> None:
    make_template(sfnctl.folder / "mine")
    ended = sfnctl("init", "new", "--template", "./mine", "--bucket", "acme-orders", "--ci", "none")
    assert ended.out == (
        "  + new/sfnctl.yaml\n"
        "  + new/workflow.asl.yaml\n"
        "  + new/sfnctl.schema.json\n"
        "Next: cd new && sfnctl --local deploy\n"
    )
    assert 'Queue: "new-queue"' in (sfnctl.folder / "new/sfnctl.yaml").read_text()
    assert sfnctl("--config", "new/sfnctl.yaml", "validate", "--strict", "--offline").err == ""


def test_answers_fill_the_placeholders(sfnctl: Sfnctl) -> None:
    make_template(sfnctl.folder / "mine")
    options = ("--bucket", "acme-orders", "--ci", "none", "--set", "queue=results")
    sfnctl("init", "new", "--template", "mine/", *options)
    assert 'Queue: "results"' in (sfnctl.folder / "new/sfnctl.yaml").read_text()


def test_the_questions_are_asked_on_a_terminal(sfnctl: Sfnctl) -> None:
    make_template(sfnctl.folder / "mine")
    options = ("--name", "orders", "--bucket", "acme", "--via", "s3", "--ci", "none")
    talk = [("Queue [orders-queue]:", "No!"), ("Queue [orders-queue]:", "results")]
    ended = sfnctl.converse("init", "new", "--template", "./mine", *options, talk=talk)
    shown = ended.err.replace("\r", "")
    assert shown.startswith("The queue that gets the results.\n")
    assert "expected a text that matches [a-z-]+, found 'No!' (The queue that gets" in shown
    assert 'Queue: "results"' in (sfnctl.folder / "new/sfnctl.yaml").read_text()


def test_an_answer_in_a_default_cannot_control_the_terminal(sfnctl: Sfnctl) -> None:
    questions = "questions:\n  - {name: queue, prompt: Queue, pattern: '(?s).+'}\n"
    questions += "  - {name: copy, prompt: Copy, default: __QUEUE__, pattern: '(?s).+'}\n"
    config = CONFIG.replace("__QUEUE__", "q")
    folder = make_template(sfnctl.folder / "mine", questions, config)
    (folder / "notes.txt").write_text("__COPY__")
    options = ("--name", "orders", "--bucket", "acme", "--via", "s3", "--ci", "none")
    talk = [("Copy [a\\x1b[2J]:", "")]
    answer = ("--set", "queue=a\x1b[2J")
    ended = sfnctl.converse("init", "new", "--template", "./mine", *options, *answer, talk=talk)
    assert "\x1b[2J" not in ended.err
    assert (sfnctl.folder / "new/notes.txt").read_text() == "a\x1b[2J"


def test_wrong_answers_are_all_shown(sfnctl: Sfnctl) -> None:
    questions = QUESTIONS.replace("    default: __NAME__-queue\n", "") + (
        "  - {name: size, prompt: Size, choices: [small, large]}\n"
        "  - {name: title, prompt: Title}\n"
    )
    folder = make_template(sfnctl.folder / "mine", questions)
    (folder / "notes.txt").write_text("__SIZE__ __TITLE__")
    options = ("--bucket", "acme-orders", "--set", "size=huge", "--set", 'title=a"b', "--set")
    ended = sfnctl("init", "new", "--template", "./mine", *options, "sise=small", code=2)
    assert ended.err == (
        "--set size: expected one of small, large, found 'huge'\n"
        "--set title: expected one line without quotes and backslashes, found 'a\"b'\n"
        "--set sise: the template does not ask this\n"
        "    did you mean 'size'?\n"
        "Error: 3 problems in the options\n"
    )
    ended = sfnctl("init", "new", "--template", "./mine", "--bucket", "acme-orders", code=2)
    remedy = "VALUE, or run on a terminal without --yes\n"
    assert ended.err == (
        f"--set queue: is missing: Queue\n    pass --set queue={remedy}"
        f"--set size: is missing: Size\n    pass --set size={remedy}"
        f"--set title: is missing: Title\n    pass --set title={remedy}"
        "Error: 3 problems in the options\n"
    )
    assert not (sfnctl.folder / "new").exists()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("queue", "--set: expected NAME=VALUE, found 'queue'"),
        ("=a", "--set: expected NAME=VALUE, found '=a'"),
    ],
)
def test_an_answer_needs_a_name_and_a_value(sfnctl: Sfnctl, option: str, message: str) -> None:
    ended = sfnctl("init", "new", "--bucket", "acme-orders", "--set", option, code=2)
    assert ended.err == f"Error: {message}\n"


def test_sfnctls_own_templates_say_what_they_ask(sfnctl: Sfnctl) -> None:
    options = ("--template", "hello", "--bucket", "acme-orders", "--set", "queue=a")
    assert sfnctl("init", "new", *options, code=2).err == (
        "--set queue: the template does not ask this\n"
        "    leave it out: it asks nothing else\n"
        "Error: one problem in the options\n"
    )


def test_a_name_without_a_slash_is_no_folder(sfnctl: Sfnctl) -> None:
    make_template(sfnctl.folder / "mine")
    ended = sfnctl("init", "new", "--template", "mine", "--bucket", "acme-orders", code=2)
    assert ended.err == (
        "Error: the template 'mine' does not exist\nHint: a folder needs a slash: ./mine\n"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("./missing", "Error: missing is not a folder\nHint: name the folder of a template\n"),
        (
            "./empty",
            (
                "empty/template.yaml: the file does not exist\n"
                "    a template declares its questions in template.yaml\n"
                "Error: one problem in the template\n"
            ),
        ),
    ],
)
def test_other_folders_are_no_templates(sfnctl: Sfnctl, name: str, message: str) -> None:
    (sfnctl.folder / "empty").mkdir()
    ended = sfnctl("init", "new", "--template", name, "--bucket", "acme-orders", code=2)
    assert ended.err == message


def question(**fields: str) -> str:
    lines = [
        f"{key}: {value}" for key, value in {"name": "queue", "prompt": "Queue", **fields}.items()
    ]
    return "questions:\n  - " + "\n    ".join(lines) + "\n"


BAD_QUESTIONS = [
    (
        "",
        (
            ":1:1: expected the key questions with a list, found nothing; "
            "write `questions: []` if there are none"
        ),
    ),
    (
        "questions: yes\n",
        (
            ":1:1: expected the key questions with a list, found a mapping; "
            "write `questions: []` if there are none"
        ),
    ),
    ("questions: []\nhooks: []\n", ":2:1: unknown key 'hooks'; use one of questions"),
    (
        "questions: [a]\n",
        (
            ":1:13: expected a mapping, found 'a'; "
            "use the keys name, prompt, help, default, pattern, choices"
        ),
    ),
    ("questions: [{prompt: A}]\n", ":1:13: the key 'name' is missing; add it"),
    (question(promt="A"), ":4:5: unknown key 'promt'; did you mean 'prompt'?"),
    (
        question(name="My-Queue"),
        (
            ":2:11: expected a name such as task_role, found 'My-Queue'; "
            "use up to 40 lower-case letters, digits and single underscores"
        ),
    ),
    (question(name="bucket"), ":2:11: init fills in __BUCKET__ itself; rename it"),
    (question(default="12"), ":4:14: expected a text, found the number 12; quote it"),
    (
        question(pattern="'[a'"),
        (
            ":4:14: this is not a regular expression: "
            "unterminated character set at position 0; correct it"
        ),
    ),
    (
        question(pattern="'[a-z]+'", default="'1'"),
        (":5:14: expected a text that matches [a-z]+, found '1'; correct the default or the check"),
    ),
    (
        question(prompt='"a\\e[2Jb"'),
        ":3:13: 'a\\x1b[2Jb' has characters that cannot be printed; remove them",
    ),
    (
        question(default='"a\\u202eb"'),
        ":4:14: 'a\\u202eb' has characters that cannot be printed; remove them",
    ),
    (
        question(choices='[a, "b\\r"]'),
        ":4:18: 'b\\r' has characters that cannot be printed; remove them",
    ),
    (question(choices="[]"), ":4:14: expected a list of texts, found a list; quote each of them"),
    (question(choices="[1]"), ":4:14: expected a list of texts, found a list; quote each of them"),
    (
        question() + "  - {name: queue, prompt: B}\n",
        ":4:12: the question 'queue' is defined twice; rename",
    ),
    (
        "questions: [\n",
        (
            ":2:1: not YAML: expected the node content, but found '<stream end>'; "
            "correct this line, or the one before it"
        ),
    ),
    (
        "questions: !!python/object:os.system []\n",
        (":1:12: tags are not allowed; remove it; a string that begins with ! needs quotes"),
    ),
]


@pytest.mark.parametrize(("questions", "problem"), BAD_QUESTIONS)
def test_wrong_questions_are_shown_at_their_place(
    tmp_path: Path, questions: str, problem: str
) -> None:
    source = make_template(tmp_path / "mine", questions)
    assert find_problems(source, tmp_path / "new") == [f"/template.yaml{problem}"]


def test_a_question_that_no_file_uses_is_an_error(tmp_path: Path) -> None:
    source = make_template(tmp_path / "mine", config=CONFIG.replace("__QUEUE__", "__QEUE__"))
    assert find_problems(source, tmp_path / "new") == [
        (
            "/template.yaml: no file has __QUEUE__, for the question 'queue'; "
            "remove the question, or correct its name"
        )
    ]


def test_an_answer_is_not_searched_for_placeholders(tmp_path: Path) -> None:
    questions = "questions:\n  - {name: queue, prompt: Queue}\n  - {name: other, prompt: Other}\n"
    source = make_template(tmp_path / "mine", questions)
    (source / "notes.txt").write_text("__QUEUE__ __OTHER__ __UNKNOWN__")
    write(source, tmp_path / "new", queue="__OTHER__", other="__NAME__")
    assert (tmp_path / "new/notes.txt").read_text() == "__OTHER__ __NAME__ __UNKNOWN__"


def test_an_answer_cannot_break_the_config(tmp_path: Path) -> None:
    questions = question(pattern="'.+'")
    source = make_template(tmp_path / "mine", questions)
    [problem] = find_problems(source, tmp_path / "new", queue='a" b')
    assert problem.startswith("/sfnctl.yaml:6:")
    assert "not YAML" in problem


def test_a_template_needs_a_config(tmp_path: Path) -> None:
    source = make_template(tmp_path / "mine", "questions: []\n")
    (source / "sfnctl.yaml").unlink()
    assert find_problems(source, tmp_path / "new") == [
        "/sfnctl.yaml: the file does not exist; a template needs a config"
    ]


def make_link(folder: Path) -> None:
    (folder / "secret.txt").symlink_to("/etc/passwd")


def make_linked_folder(folder: Path) -> None:
    (folder / "home").symlink_to("/root")


def make_dangling_link(folder: Path) -> None:
    (folder / "gone").symlink_to("nowhere")


def make_loop(folder: Path) -> None:
    (folder / "loop").symlink_to(".")


def make_pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def make_socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        old = Path.cwd()
        os.chdir(folder)  # a socket's path must be short
        try:
            server.bind("socket")
        finally:
            os.chdir(old)


def make_repository(folder: Path) -> None:
    (folder / "sub/.git/hooks").mkdir(parents=True)
    (folder / "sub/.git/hooks/pre-commit").write_text("#!/bin/sh\n")


def make_odd_name(folder: Path) -> None:
    (folder / "a\x1b[31mb").write_text("")


REFUSED: list[tuple[Callable[[Path], None], str]] = [
    (make_link, "/secret.txt: this is a link; replace it by what it leads to"),
    (make_linked_folder, "/home: this is a link; replace it by what it leads to"),
    (make_dangling_link, "/gone: this is a link; replace it by what it leads to"),
    (make_loop, "/loop: this is a link; replace it by what it leads to"),
    (make_pipe, "/pipe: this is not a regular file; remove it"),
    (make_socket, "/socket: cannot be read: No such device or address"),
    (make_repository, "/sub/.git: a template may hold no git repository; remove it"),
    (make_odd_name, "/a\x1b[31mb: its name has characters that cannot be printed; rename it"),
]


@pytest.mark.parametrize(("make", "problem"), REFUSED)
def test_what_is_no_plain_file_is_refused(
    tmp_path: Path, make: Callable[[Path], None], problem: str
) -> None:
    source = make_template(tmp_path / "mine")
    make(source)
    assert find_problems(source, tmp_path / "new") == [problem]


def test_a_link_to_questions_is_refused(tmp_path: Path) -> None:
    source = make_template(tmp_path / "mine")
    (source / "template.yaml").unlink()
    (source / "template.yaml").symlink_to("/etc/passwd")
    assert find_problems(source, tmp_path / "new") == [
        "/template.yaml: this is a link; replace it by a file"
    ]


def test_a_clone_is_a_template_without_its_repository(tmp_path: Path) -> None:
    source = make_template(tmp_path / "mine")
    (source / ".git/hooks").mkdir(parents=True)
    (source / ".git/hooks/pre-commit").write_text("#!/bin/sh\n")
    (source / "__pycache__").mkdir()
    (source / "__pycache__/a.pyc").write_bytes(b"\0")
    (source / ".gitignore").write_text("*.pyc\n")
    assert write(source, tmp_path / "new") == {
        *(".gitignore", "sfnctl.schema.json", "sfnctl.yaml", "workflow.asl.yaml")
    }


def test_nothing_of_a_template_is_executable(tmp_path: Path) -> None:
    source = make_template(tmp_path / "mine")
    script = source / "install.sh"
    script.write_text("#!/bin/sh\ntouch /tmp/executed\n")
    script.chmod(0o777)
    write(source, tmp_path / "new")
    assert not (tmp_path / "new/install.sh").stat().st_mode & 0o111


def test_other_files_are_copied_byte_by_byte(tmp_path: Path) -> None:
    source = make_template(tmp_path / "mine")
    contents = {
        "picture.png": b"\x89PNG\r\n\0__NAME__",
        "latin.txt": "é __NAME__".encode("latin-1"),
        "windows.txt": b"a\r\n\r\n\r\n\r\nb\r\n",
        "empty": b"",
        "spaces.py": b"a = 1\n\n\n\nb = 2\n\n\n",
    }
    for name, content in contents.items():
        (source / name).write_bytes(content)
    write(source, tmp_path / "new")
    assert {name: (tmp_path / "new" / name).read_bytes() for name in contents} == contents


@pytest.mark.parametrize("answer", ["..", ".", "../../evil", "/etc/evil", ".git", "a\\b", "C:"])
def test_no_answer_leads_out_of_the_folder(tmp_path: Path, answer: str) -> None:
    source = make_template(tmp_path / "mine", question(pattern="'.*'", default="x"))
    (source / "__QUEUE__").write_text("")
    problems = find_problems(source, tmp_path / "new", queue=answer)
    assert [each.partition(": ")[2] for each in problems] == [
        (
            f"{answer!r} is not a file name;"
            " give another answer, and the question a pattern that only file names fit"
        )
    ]
    assert write(source, tmp_path / "new", queue="good") >= {"good"}


def test_two_files_cannot_become_one(tmp_path: Path) -> None:
    source = make_template(tmp_path / "mine")
    for name in ("__QUEUE__.txt", "__NAME__.txt"):
        (source / name).write_text(name)
    with pytest.raises(UsageError, match=r"two files would be .*/orders\.txt"):
        write(source, tmp_path / "new", queue="orders")
    assert not (tmp_path / "new").exists()


def test_existing_files_are_not_overwritten(tmp_path: Path) -> None:
    source, target = make_template(tmp_path / "mine"), tmp_path / "new"
    target.mkdir()
    (target / "sfnctl.yaml").write_text("mine")
    with pytest.raises(UsageError, match="already present"):
        write(source, target)
    assert (target / "sfnctl.yaml").read_text() == "mine"
    assert {path.name for path in target.iterdir()} == {"sfnctl.yaml"}


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [("MOST_FILES", 2, "2 files or 10 MiB"), ("MOST_BYTES", 100, "1,000 files or 0 MiB")],
)
def test_the_size_of_a_template_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, words: str
) -> None:
    source = make_template(tmp_path / "mine")
    (source / "more.txt").write_text("x" * 200)
    monkeypatch.setattr(template_files, limit, value)
    assert find_problems(source, tmp_path / "new") == [
        f": the template has more than {words}; remove files from it"
    ]


def test_a_readme_gets_the_picture(tmp_path: Path) -> None:
    source = make_template(tmp_path / "mine")
    (source / "README.md").write_text("# __NAME__\n\n```mermaid\n__GRAPH__\n```\n")
    write(source, tmp_path / "new")
    text = (tmp_path / "new/README.md").read_text()
    assert text.startswith("# orders\n\n```mermaid\nflowchart ")
    assert "Go" in text
    assert text.endswith("\n```\n")


@pytest.mark.parametrize("name", ["other.asl.yaml", "../sfnctl.yaml"])
def test_a_picture_needs_a_definition(tmp_path: Path, name: str) -> None:
    source = make_template(tmp_path / "mine", config=CONFIG.replace("workflow.asl.yaml", name))
    (source / "README.md").write_text("__GRAPH__")
    assert find_problems(source, tmp_path / "new") == [
        (
            "/sfnctl.yaml: state_machine.definition names no file of the template, which __GRAPH__"
            " needs; correct it, or remove __GRAPH__"
        )
    ]


def test_a_template_of_sfnctl_is_a_template_of_ones_own(tmp_path: Path) -> None:
    """The same files, whether it is named or copied."""
    for each in templates.list_templates():
        scaffolds = [
            templates.write(template, tmp_path / each.name / str(number), VALUES)
            for number, template in enumerate((each, Template("", "", each.folder)))
        ]
        texts = [
            {path.relative_to(done.folder): path.read_bytes() for path in done.written}
            for done in scaffolds
        ]
        assert texts[0] == texts[1]
