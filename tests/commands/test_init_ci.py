"""The file that `sfnctl init` writes for CI: at the root of the repository around the pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from sfnctl_script import Sfnctl

GITHUB = ".github/workflows/sfnctl-orders.yml"
GITLAB = ".gitlab/ci/sfnctl-orders.yml"
BUCKET = ("--bucket", "acme-orders")


@pytest.fixture
def repository(sfnctl: Sfnctl) -> Sfnctl:
    """The script in the root of a git repository."""
    sfnctl.write(".git/HEAD", "ref: refs/heads/main\n")
    return sfnctl


def load(path: Path) -> Any:
    return yaml.load(path.read_text(), yaml.BaseLoader)  # where `on` is no boolean


def list_ci_files(folder: Path) -> list[str]:
    found = (path.relative_to(folder) for path in folder.rglob("sfnctl-*.yml"))
    return sorted(map(str, found))


def test_a_workflow_is_at_the_root_of_the_repository(repository: Sfnctl) -> None:
    out = repository("init", "pipelines/orders", *BUCKET).out
    assert out.splitlines()[:2] == [f"  + {GITHUB}", "  + pipelines/orders/README.md"]
    assert list_ci_files(repository.folder) == [GITHUB]
    workflow = load(repository.folder / GITHUB)
    paths = ["pipelines/orders/**", GITHUB]
    assert workflow["name"] == "sfnctl orders"
    assert workflow["on"] == {
        "pull_request": {"paths": paths},
        "push": {"branches": ["main"], "paths": paths},
    }
    assert workflow["defaults"] == {"run": {"working-directory": "pipelines/orders"}}
    assert workflow["concurrency"] == {"group": "${{ github.workflow }}-${{ github.ref }}"}
    runs = [each["run"] for each in workflow["jobs"]["deploy"]["steps"] if "run" in each]
    assert runs == [
        'pip install "${SFNCTL:?the variable SFNCTL is not set, see the README}"',
        "sfnctl validate",
        "sfnctl test",
        "sfnctl plan",
        "sfnctl deploy --yes",
    ]


def test_the_root_needs_no_filters(repository: Sfnctl) -> None:
    repository("init", "--name", "orders", *BUCKET)
    workflow = load(repository.folder / GITHUB)
    assert workflow["on"] == {"pull_request": "", "push": {"branches": ["main"]}}
    assert "defaults" not in workflow


def test_a_folder_outside_a_repository_keeps_its_workflow(sfnctl: Sfnctl) -> None:
    (sfnctl.folder / ".git").mkdir()  # without HEAD it is no repository
    sfnctl("init", "orders", *BUCKET)
    assert list_ci_files(sfnctl.folder) == [f"orders/{GITHUB}"]
    assert "defaults" not in load(sfnctl.folder / "orders" / GITHUB)
    readme = (sfnctl.folder / "orders/README.md").read_text()
    assert f"| `{GITHUB}` | runs `plan` for pull requests and deploys `main`;" in readme
    assert "; this folder must be the repository |\n" in readme


def test_a_worktree_is_a_repository(sfnctl: Sfnctl) -> None:
    """As a submodule is: their `.git` is a file."""
    sfnctl.write(".git", "gitdir: /elsewhere/.git/worktrees/a\n")
    (sfnctl.folder / "a/b").mkdir(parents=True)
    inside = Sfnctl(sfnctl.folder / "a/b", sfnctl.environ)
    assert inside("init", "--name", "orders", *BUCKET).out.startswith(f"  + ../../{GITHUB}\n")
    assert load(sfnctl.folder / GITHUB)["defaults"] == {"run": {"working-directory": "a/b"}}
    absolute = sfnctl.folder / "c"
    out = inside("init", str(absolute), *BUCKET).out
    assert out.startswith(f"  + {sfnctl.folder}/.github/workflows/sfnctl-c.yml\n")


def test_odd_folder_names_are_quoted(repository: Sfnctl) -> None:
    folder = "a b [x]*é: #'"
    for ci in ("github", "gitlab"):
        repository("init", folder, "--name", "orders", *BUCKET, "--ci", ci, "--force")
    workflow = load(repository.folder / GITHUB)
    assert workflow["defaults"] == {"run": {"working-directory": folder}}
    assert workflow["on"]["push"]["paths"][0] == "a b \\[x\\]\\*é: #'/**"
    jobs = load(repository.folder / GITLAB)
    assert jobs[".sfnctl-orders"]["before_script"][0] == "cd 'a b [x]*é: #'\"'\"''"
    [rule] = jobs["sfnctl-orders-plan"]["rules"]
    assert rule["changes"][0] == "a b \\[x\\]\\*é: #'/**/*"


@pytest.mark.parametrize(
    ("ci", "mark", "folder"),
    [("github", "${{", "x ${{ github.token }}"), ("gitlab", "$", "x$CI_COMMIT_SHA")],
)
def test_ci_evaluates_no_folder_name(repository: Sfnctl, ci: str, mark: str, folder: str) -> None:
    init = ("init", folder, "--name", "orders", *BUCKET, "--ci")
    assert repository(*init, ci, code=2).err == (
        f"Error: the folder '{folder}' has {mark} in its name, which {ci} would evaluate\n"
        f"Hint: choose another folder, or leave out the file for {ci} with --ci none\n"
    )
    assert [each.name for each in repository.folder.iterdir()] == [".git"]
    repository(*init, "none")
    assert list_ci_files(repository.folder) == []


def test_a_file_for_ci_that_stays_is_named(repository: Sfnctl) -> None:
    init = ("init", "a", "--name", "orders", *BUCKET, "--force", "--ci")
    assert "Delete" not in repository(*init, "github").out
    stays = f"Delete {GITHUB} if CI should not use it any more."
    assert repository(*init, "none").out.splitlines()[-2] == stays
    assert repository(*init, "gitlab").out.splitlines()[-2] == stays
    left = repository("--output", "json", *init, "none").document["left"]
    assert left == [GITHUB, GITLAB]


def test_gitlab_gets_a_file_to_include(repository: Sfnctl) -> None:
    repository.write(".gitlab-ci.yml", "stages: [test]\n")  # so GitLab is the default
    out = repository("init", "pipelines/orders", *BUCKET).out
    assert out.splitlines()[0] == f"  + {GITLAB}"
    assert out.splitlines()[-2:] == [
        f"Add to .gitlab-ci.yml: include: [{{local: /{GITLAB}}}]",
        "Next: cd pipelines/orders && sfnctl --local deploy",
    ]
    assert list_ci_files(repository.folder) == [GITLAB]
    changes = ["pipelines/orders/**/*", GITLAB]
    assert load(repository.folder / GITLAB) == {
        ".sfnctl-orders": {
            "image": "python:3.13",
            "id_tokens": {"AWS_ID_TOKEN": {"aud": "https://gitlab.com"}},
            "variables": {
                "AWS_ROLE_SESSION_NAME": "sfnctl-$CI_PROJECT_ID-$CI_PIPELINE_ID",
                "AWS_WEB_IDENTITY_TOKEN_FILE": "/tmp/aws-id-token",
            },
            "before_script": [
                "cd pipelines/orders",
                'pip install "${SFNCTL:?the variable SFNCTL is not set, see the README}"',
                "sfnctl validate --offline",
                "sfnctl test",
                'printf %s "$AWS_ID_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"',
            ],
        },
        "sfnctl-orders-plan": {
            "extends": ".sfnctl-orders",
            "variables": {"AWS_ROLE_ARN": "$AWS_PLAN_ROLE"},
            "rules": [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"', "changes": changes}],
            "script": ["sfnctl plan"],
        },
        "sfnctl-orders-deploy": {
            "extends": ".sfnctl-orders",
            "variables": {"AWS_ROLE_ARN": "$AWS_DEPLOY_ROLE"},
            "resource_group": "sfnctl-orders",
            "rules": [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", "changes": changes}],
            "script": ["sfnctl deploy --yes"],
        },
    }
    readme = (repository.folder / "pipelines/orders/README.md").read_text()
    assert f"```yaml\ninclude:\n  - local: /{GITLAB}\n```" in readme


def test_ci_none_writes_no_file(repository: Sfnctl) -> None:
    out = repository("init", "orders", *BUCKET, "--ci", "none").out
    assert out.startswith("  + orders/README.md\n")
    assert list_ci_files(repository.folder) == []
    readme = (repository.folder / "orders/README.md").read_text()
    assert "CI" not in readme
    assert readme.endswith("also deletes the objects\n```\n")


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_the_readme_names_the_policies_of_the_roles(repository: Sfnctl, ci: str) -> None:
    repository("init", "orders", *BUCKET, "--ci", ci)
    readme = (repository.folder / "orders/README.md").read_text()
    for command, role in (("plan", "PLAN_ROLE"), ("deploy", "DEPLOY_ROLE")):
        assert (
            f"\nsfnctl permissions {command} > {command}.json\n"
            f"aws iam put-role-policy --role-name {role} --policy-name sfnctl-orders"
            f" --policy-document file://{command}.json\n"
        ) in readme
        assert f"`AWS_{role}`" in readme


def test_an_existing_ci_file_stays_without_force(repository: Sfnctl) -> None:
    mine = repository.write(GITHUB, "mine")
    ended = repository("init", "orders", *BUCKET, code=2)
    assert ended.err == (
        f"Error: nothing was written; already present: {GITHUB}\n"
        "Hint: choose another --name, pass --ci none, or replace the file with --force\n"
    )
    assert not (repository.folder / "orders").exists()
    repository("init", "orders", *BUCKET, "--name", "orders-b")
    assert mine.read_text() == "mine"
    repository("init", "orders", *BUCKET, "--force")
    assert mine.read_text().startswith("name: sfnctl orders\n")


def test_a_link_at_the_root_is_not_followed(repository: Sfnctl, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (repository.folder / ".github").symlink_to(tmp_path / "elsewhere")
    ended = repository("init", "orders", *BUCKET, "--force", code=2)
    assert ended.err.startswith("Error: nothing was written; already present: .github\n")
    assert not (repository.folder / "orders").exists()
    assert not any((tmp_path / "elsewhere").iterdir())
