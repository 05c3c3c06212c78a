"""The files of docs/how-to/ci.md, in a repository made for them: the script runs, and fails where the page says so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

import clothbound
from docs_pages import ROOT, page_named

PAGE = page_named("ci.md")
SCRIPT, WORKFLOW, REQUIREMENTS = (
    re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)[0]
    for language in ("sh", "yaml", "text")
)
POSTS = ("2021-01-08-the-net-loft.md", "2021-02-05-folding-a-sheet.md")

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    names = {
        f"GIT_{who}_{what}": "a@a.example"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    date = {"GIT_COMMITTER_DATE": "2023-05-01T10:00:00+02:00"}
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, **names, **date},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "posts").mkdir()
    for name in POSTS:
        shutil.copy(ROOT / "examples" / "letters" / "2021" / name, tmp_path / "posts")
    shutil.copytree(
        ROOT / "examples" / "letters" / "2021" / "images", tmp_path / "posts" / "images"
    )
    later = "---\ntitle: Later\npublishDate: 2023-06-01\ndate: 2023-06-01\n---\n\nWords to come.\n"
    (tmp_path / "posts" / "later.md").write_text(later, encoding="utf-8")
    (tmp_path / "book.sh").write_text(SCRIPT, encoding="utf-8")
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "Letters")):
        done = run("git", *command, folder=tmp_path)
        assert done.returncode == 0, done.stderr
    return tmp_path


def test_the_steps_of_the_workflow_make_the_books(repository: Path) -> None:
    workflow = yaml.safe_load(WORKFLOW)
    (job,) = workflow["jobs"].values()
    steps = [step["run"] for step in job["steps"] if "run" in step]
    assert steps[0] == "pip install -r requirements.txt"
    for step in steps[1:]:
        done = run("sh", "-e", "-c", step, folder=repository)
        assert done.returncode == 0, done.stdout + done.stderr
    kept = job["steps"][-1]["with"]["path"].split()
    assert all((repository / name).is_file() for name in kept)
    with zipfile.ZipFile(repository / "letters.epub") as epub:
        words = b"".join(map(epub.read, epub.namelist())).decode("utf-8", "ignore")
    assert "My name is Marit Sande." in words
    assert "Words to come." not in words


def test_a_loss_ends_the_script(repository: Path) -> None:
    post = repository / "posts" / POSTS[0]
    post.write_text(post.read_text(encoding="utf-8") + "\n![A pier](gone.png)\n", encoding="utf-8")
    done = run("sh", "book.sh", folder=repository)
    assert done.returncode == 3
    assert not (repository / "letters.epub").exists()


def test_the_versions_of_the_page_are_ours() -> None:
    assert f"clothbound[typst]=={clothbound.__version__}\n" == REQUIREMENTS
