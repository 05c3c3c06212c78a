"""Tests shell completion in the shells that are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clothbound.cli import command
from clothbound.cli.completion import SHELLS, install_script, script_of

BIN = Path(sys.executable).parent

# Typed words, and what must and must not be among what the shell offers for the last one.
LIST = (["check", "--for", "kindle,ko"], {"kindle,kobo"}, set())
"""click's script for fish ends a value at a comma."""
TYPED = [
    (["boo"], {"book"}, {"convert"}),
    (["book", "--min-w"], {"--min-words"}, {"--title"}),
    (["convert", "x", "-t", "e"], {"epub"}, {"pdf"}),
    (["convert", "-f", "mark"], {"markdown"}, {"html"}),
    (["convert", "--for", "k"], {"kindle", "kdp", "kobo"}, {"apple"}),
    (["book", "--trim", "5"], {"5x8", "5.5x8.5"}, {"6x9"}),
    (["convert", "-t", "pdf", "-O", "the"], {"theme=essay", "theme=novel"}, {"page=A5"}),
    (["book", "-M", "publ"], {"publisher="}, {"title="}),
    (["convert", "-I", "dialect"], {"dialect=gfm", "dialect=commonmark"}, {"smart=true"}),
    (["convert", "-f", "gf"], {"gfm"}, {"markdown"}),
    (["completion", "z"], {"zsh"}, {"bash"}),
    (["formats", "ob"], {"obsidian"}, {"epub"}),
]


def offered(program: list[str], environment: dict[str, str], text: str) -> list[str]:
    path = os.pathsep.join((str(BIN), os.environ["PATH"]))
    done = subprocess.run(
        program,
        input=text,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stderr == ""
    return done.stdout.split("\n")


def bash(script: str, words: list[str]) -> list[str]:
    """What bash offers when its words are divided as bash divides them."""
    array = " ".join(f"'{word}'" for word in ["clothbound", *words])
    text = (
        f"{script}\ncompopt() {{ :; }}\nCOMP_WORDS=({array})\nCOMP_CWORD={len(words)}\n"
        "_clothbound_completion clothbound\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
    )
    return offered(["bash", "--norc", "-s"], {}, text)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(("words", "wanted", "unwanted"), [*TYPED, LIST])
def test_bash_completes(words: list[str], wanted: set[str], unwanted: set[str]) -> None:
    found = set(bash(script_of("bash", command), words))
    assert wanted <= found
    assert not unwanted & found


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_behind_an_equals_sign() -> None:
    """Bash divides words there, and replaces what is behind it."""
    script = script_of("bash", command)
    assert set(bash(script, ["convert", "-t", "pdf", "-O", "theme", "=", "n"])) == {"novel", ""}
    themes = {"essay", "novel", "manual", ""}
    assert set(bash(script, ["convert", "-o", "a.pdf", "-O", "theme", "="])) == themes
    assert set(bash(script, ["convert", "--to", "=", "epu"])) == {"epub", ""}
    assert "pdf.theme=novel" in bash(script, ["book", "-O", "pdf.th"])


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("words", "wanted", "unwanted"), TYPED)
def test_fish_completes(
    words: list[str], wanted: set[str], unwanted: set[str], tmp_path: Path
) -> None:
    script = script_of("fish", command)
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    line = " ".join(["clothbound", *words])
    lines = offered(["fish", "--no-config"], home, f"{script}\ncomplete --do-complete '{line}'\n")
    found = {line.split("\t")[0] for line in lines}
    assert wanted <= found
    assert not unwanted & found


ZSH = """
autoload -Uz compinit && compinit -D -u
{script}
compadd() {{ local all=("$@"); print -l -- "${{(P@)all[-1]}}" }}
_describe() {{ print -l -- "${{(@)${{(P@)3}}%%:*}}" }}
words=(clothbound {words}); CURRENT={current}
_clothbound_completion
"""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
@pytest.mark.parametrize(("words", "wanted", "unwanted"), [*TYPED, LIST])
def test_zsh_completes(words: list[str], wanted: set[str], unwanted: set[str]) -> None:
    text = ZSH.format(
        script=script_of("zsh", command), words=" ".join(words), current=len(words) + 1
    )
    found = set(offered(["zsh", "-f"], {}, text))
    assert wanted <= found
    assert not unwanted & found


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_installed_once(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clothbound.cli.completion._BASH_COMPLETION", ())
    start = {"bash": ".bashrc", "zsh": ".zshrc"}.get(shell)
    if start:
        (tmp_path / start).write_text("alias x=y")
    written = install_script(shell, "# script\n", tmp_path, {})
    assert install_script(shell, "# script\n", tmp_path, {}) == written
    assert written[0].read_text() == "# script\n"
    assert all(path.is_relative_to(tmp_path) for path in written)
    if start:
        text = (tmp_path / start).read_text()
        assert text.startswith("alias x=y\n")
        assert text.count(str(written[0])) == 1
    else:
        assert written == [tmp_path / ".config" / "fish" / "completions" / "clothbound.fish"]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_a_new_zsh_has_what_was_installed(tmp_path: Path) -> None:
    install_script("zsh", script_of("zsh", command), tmp_path, {})
    home = {"HOME": str(tmp_path), "ZDOTDIR": str(tmp_path)}
    found = offered(["zsh", "-i", "-c", "print $_comps[clothbound]"], home, "")
    assert found[0] == "_clothbound_completion"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_a_new_bash_has_what_was_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clothbound.cli.completion._BASH_COMPLETION", ())
    install_script("bash", script_of("bash", command), tmp_path, {})
    text = f"source {tmp_path}/.bashrc; complete -p clothbound"
    found = offered(["bash", "--norc", "-c", text], {}, "")
    assert found[0] == "complete -F _clothbound_completion clothbound"
