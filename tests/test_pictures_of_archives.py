"""Pictures that lie in the ZIP of an export come with its posts, from the disk and from memory."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.model.inlines import Image
from clothbound.model.walk import walk

PNG = (Path(__file__).parent / "cases" / "tumblr" / "media" / "163000000002_0.png").read_bytes()
GHOST = (
    '{"db":[{"meta":{"exported_on":1,"version":"5.80.0"},"data":{"posts":[{"id":"1","title":"Kiln","slug":"kiln","status":"published",'
    '"html":"<p>Words.</p><img src=\\"__GHOST_URL__/content/images/2024/05/k.png\\">"}]}}]}'
)
WORDPRESS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Kiln</title><link>https://kiln.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://kiln.example</wp:base_blog_url>
<item><title>Kiln</title><link>https://kiln.example/kiln</link><wp:post_id>1</wp:post_id><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type><content:encoded><![CDATA[<p>Words.</p>
<img src="https://kiln.example/wp-content/uploads/2024/05/k.png">]]></content:encoded></item></channel></rss>
"""
BLOGGER = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:blogger="http://schemas.google.com/blogger/2018">
<id>tag:blogger.com,1999:blog-1</id><title>Kiln</title>
<entry><id>tag:blogger.com,1999:blog-1.post-2</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>
<title>Kiln</title><content type="html">&lt;p&gt;Words.&lt;/p&gt;&lt;img
 src="https://blogger.googleusercontent.com/img/a/x/s1600/k.png"/&gt;</content>
<blogger:filename>/2024/05/kiln.html</blogger:filename></entry></feed>
"""
EXPORTS = {
    "ghost": {"kiln.ghost.json": GHOST, "content/images/2024/05/k.png": PNG},
    "ghost in a folder": {"a/kiln.ghost.json": GHOST, "a/content/images/2024/05/k.png": PNG},
    "wordpress": {"kiln.xml": WORDPRESS, "uploads/2024/05/k.png": PNG},
    "blogger": {
        "Takeout/Blogger/Blogs/Kiln/feed.atom": BLOGGER,
        "Takeout/Blogger/Albums/Kiln/k.png": PNG,
    },
}


def packed(name: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, content in EXPORTS[name].items():
            archive.writestr(path, content)
    return data.getvalue()


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("is_in_memory", [True, False])
def test_a_picture_of_the_archive_is_in_the_book(
    name: str, is_in_memory: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.zip").write_bytes(packed(name))
    posts = clothbound.read(packed(name) if is_in_memory else tmp_path / "a.zip")
    [picture] = [node for node in walk(posts[0]) if isinstance(node, Image)]
    assert "://" not in picture.src
    clothbound.write(clothbound.book(posts), "epub").save(tmp_path / "b.epub")
    with zipfile.ZipFile(tmp_path / "b.epub") as book:
        pictures = [one for one in book.namelist() if one.endswith(".png") and "cover" not in one]
    assert len(pictures) == 1
