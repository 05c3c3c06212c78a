"""The count of what converters keep of an export finds what is there, and misses what is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

import peer_converters as peers

EXPORTS = {"wordpress": (peers.WXR, peers.read_wxr()), "ghost": (peers.GHOST, peers.read_ghost())}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_site_keeps_everything_and_shows_nothing_private(name: str, tmp_path: Path) -> None:
    source, wanted = EXPORTS[name]
    peers.clothbound("site")(source, tmp_path / "site")
    counts = dict(zip(peers.KINDS, peers.count(wanted, tmp_path / "site"), strict=True))
    words, of = counts.pop(peers.KINDS[0]).split("/")
    assert int(of) - int(words) <= 4  # labels of buttons and the words of a form
    private = counts.pop(peers.KINDS[-1])
    assert private == f"0/{len(wanted.markers)}"
    left = counts.pop(peers.KINDS[-2])
    assert left == ("1" if name == "wordpress" else "0")  # ``[[gallery]]`` is text
    assert all(count == "-" or len(set(count.split("/"))) == 1 for count in counts.values())


def test_what_is_not_written_is_missed(tmp_path: Path) -> None:
    wanted = EXPORTS["wordpress"][1]
    (tmp_path / "post.md").write_text("Rope SCHEDULED-POST \\[gallery ids=1\\] def knot(rope):\n")
    counts = dict(zip(peers.KINDS, peers.count(wanted, tmp_path), strict=True))
    assert counts["words of public posts"] == f"2/{len(wanted.words)}"
    assert counts["marker words of what is not public"] == f"1/{len(wanted.markers)}"
    assert counts["shortcodes and `__GHOST_URL__` in the text"] == "1"
    for kind in ("notes", "embeds, by address", "listings whole", "pictures, galleries included"):
        assert counts[kind].startswith("0/")
