"""Makes EPUBs as other programs lay them out: their files, their navigation, their notes. The words are our own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="{package}" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
NCX = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN"'
    ' "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">\n'
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head/><docTitle><text>T</text></docTitle>'
    "<navMap>{points}</navMap></ncx>"
)


def point(title: str, src: str, below: str = "") -> str:
    """Returns a line of an NCX."""
    return f'<navPoint id="x" playOrder="1"><navLabel><text>{title}</text></navLabel><content src="{src}"/>{below}</navPoint>'


def page(body: str, title: str = "", head: str = "", attributes: str = "") -> str:
    """Returns an XHTML document as EPUB 2 has it."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN"'
        ' "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"'
        f' xmlns:epub="http://www.idpf.org/2007/ops"{attributes}>\n<head><title>{title}</title>{head}</head>\n'
        f"<body>{body}</body></html>"
    )


def package(
    metadata: str,
    files: Mapping[str, str],
    spine: str,
    *,
    version: str = "2.0",
    more: str = "",
    properties: Mapping[str, str] | None = None,
) -> str:
    """Returns a package document. ``files`` has the media types by names, ``spine`` the names in reading order."""
    given = properties or {}
    items = "".join(
        f'<item id="{name.replace("/", "_")}" href="{name}" media-type="{kind}"'
        f"{f' properties={chr(34)}{given[name]}{chr(34)}' if name in given else ''}/>"
        for name, kind in files.items()
    )
    toc = next(
        (n.replace("/", "_") for n, kind in files.items() if kind == "application/x-dtbncx+xml"), ""
    )
    refs = "".join(f'<itemref idref="{name.replace("/", "_")}"/>' for name in spine.split())
    return (
        f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        f"{metadata}</metadata><manifest>{items}</manifest>"
        f"<spine{f' toc={chr(34)}{toc}{chr(34)}' if toc else ''}>{refs}</spine>{more}</package>"
    )


def packed(files: Mapping[str, str | bytes], *, with_mimetype: bool = True) -> bytes:
    """Returns the archive of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if with_mimetype:
            archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


XHTML = "application/xhtml+xml"
NCX_TYPE = "application/x-dtbncx+xml"
BARE_METADATA = '<dc:identifier id="id">x</dc:identifier><dc:title>A book</dc:title><dc:language>en</dc:language>'
TYPES_OF_FILES = {".xhtml": XHTML, ".gif": "image/gif", ".svg": "image/svg+xml", ".smil": "application/smil+xml"}  # fmt: skip


def bare_book(
    files: Mapping[str, str | bytes],
    spine: str,
    *,
    meta: str = "",
    more: str = "",
    properties: Mapping[str, str] | None = None,
    folder: str = "",
) -> bytes:
    """Returns a book of these files in ``OPS`` and of nothing else; a document is given by the content of its body."""
    kinds = {name: TYPES_OF_FILES[Path(name).suffix.lower()] for name in files}
    opf = package(BARE_METADATA + meta, kinds, spine, version="3.0", more=more, properties=properties)  # fmt: skip
    content: dict[str, str | bytes] = {
        f"{folder}META-INF/container.xml": CONTAINER.format(package="OPS/c.opf"),
        f"{folder}OPS/c.opf": opf,
    }
    for name, data in files.items():
        is_page = isinstance(data, str) and name.endswith(".xhtml")
        content[f"{folder}OPS/{name}"] = page(str(data)) if is_page else data
    return packed(content, with_mimetype=not folder)


def sigil() -> bytes:
    """EPUB 2 as Sigil lays it out: an NCX with parts, notes in a file of their own without any semantics."""
    names = "cover.xhtml title.xhtml toc.xhtml part1.xhtml ch1.xhtml ch2.xhtml part2.xhtml ch3.xhtml notes.xhtml"
    metadata = (
        '<dc:identifier id="id" opf:scheme="ISBN">978-3-16-148410-0</dc:identifier><dc:title>The slow press</dc:title>'
        '<dc:creator opf:role="aut" opf:file-as="Sande, Marit">Marit Sande</dc:creator>'
        '<dc:creator opf:role="aut">Tobias Lind</dc:creator><dc:creator opf:role="ill">Ruth Bergset</dc:creator>'
        '<dc:contributor opf:role="edt">Ada Quill</dc:contributor><dc:language>en-GB</dc:language>'
        '<dc:date opf:event="modification">2024-01-01</dc:date><dc:date opf:event="publication">1998</dc:date>'
        "<dc:subject>Printing</dc:subject><dc:publisher>Net Loft</dc:publisher>"
        "<dc:description>&lt;p&gt;On &lt;i&gt;slow&lt;/i&gt; things.&lt;/p&gt;</dc:description>"
        '<meta name="cover" content="Images_cover.gif"/><meta name="calibre:series" content="Presses"/>'
        '<meta name="calibre:series_index" content="2.0"/>'
    )
    files = {f"Text/{n}": XHTML for n in names.split()}
    files |= {"Images/cover.gif": "image/gif", "toc.ncx": NCX_TYPE, "Styles/s.css": "text/css"}
    points = (
        point(
            "Part One: Ink",
            "Text/part1.xhtml",
            point("1. Oil &amp; soot", "Text/ch1.xhtml")
            + point("2. The roller", "Text/ch2.xhtml#top"),
        )
        + point("Part Two: Paper", "Text/part2.xhtml", point("3. Rag", "Text/ch3.xhtml"))
        + point("Notes", "Text/notes.xhtml")
    )
    css = '<link rel="stylesheet" href="../Styles/s.css" type="text/css"/>'
    text = {
        "cover.xhtml": page(
            '<div><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
            '<image width="9" height="9" xlink:href="../Images/cover.gif"/></svg></div>',
            "Cover",
        ),
        "title.xhtml": page(
            "<h1>The slow press</h1><p>by Marit Sande &amp; Tobias Lind</p>", "Title Page"
        ),
        "toc.xhtml": page(
            '<h1>Contents</h1><p><a href="part1.xhtml">Part One: Ink</a></p><p><a href="ch1.xhtml">Oil &amp; soot</a></p>'
            '<p><a href="ch2.xhtml">The roller</a></p><p><a href="ch3.xhtml">Rag</a></p>',
            "Contents",
        ),
        "part1.xhtml": page("<h1>Part One: Ink</h1>"),
        "ch1.xhtml": page(
            '<h2>1. Oil &amp; soot</h2><p>Ink is oil<a id="r1"></a><a href="notes.xhtml#n1"><sup>1</sup></a> and soot.</p>'
            '<p class="c">* * *</p><p>See <a href="ch3.xhtml#rag">rag paper</a>, or the <a href="toc.xhtml">contents</a>.'
            ' It is <span class="it">very</span> black.&nbsp;Yes&hellip;</p>',
            head=css,
        ),
        "ch2.xhtml": page(
            '<h2 id="top">2. The roller</h2><div><img alt="A roller" src="../Images/cover.gif"/></div>'
            '<p>Roll it twice.<sup><a href="notes.xhtml#n2" id="r2">2</a></sup></p>',
            head=css,
        ),
        "part2.xhtml": page("<h1>Part Two</h1><h2>Paper</h2>"),
        "ch3.xhtml": page('<h2>3. Rag</h2><p>Linen first.</p><p><a id="rag"/>Rag is best.</p>'),
        "notes.xhtml": page(
            '<h2>Notes</h2><p><a id="n1" href="ch1.xhtml#r1">1</a> Linseed, boiled.</p>'
            '<p id="n2"><a href="ch2.xhtml#r2">2.</a> Three times in winter.</p>'
        ),
    }
    guide = '<guide><reference type="cover" title="Cover" href="Text/cover.xhtml"/><reference type="toc" title="Contents" href="Text/toc.xhtml"/></guide>'
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="OEBPS/content.opf"),
            "OEBPS/content.opf": package(
                metadata, files, " ".join(f"Text/{n}" for n in names.split()), more=guide
            ),
            "OEBPS/toc.ncx": NCX.format(points=points),
            "OEBPS/Images/cover.gif": PIXEL,
            "OEBPS/Styles/s.css": ".it { font-style: italic } p.c { text-align: center }",
            **{f"OEBPS/Text/{name}": markup for name, markup in text.items()},
        }
    )


def calibre() -> bytes:
    """A book as calibre splits and names it: classes for everything, one chapter in several files."""
    names = ["titlepage.xhtml", *(f"index_split_00{n}.html" for n in range(4))]
    metadata = (
        '<dc:title>Glue</dc:title><dc:creator opf:role="aut" opf:file-as="Lind, Tobias">Tobias Lind</dc:creator>'
        '<dc:contributor opf:role="bkp">calibre (7.0)</dc:contributor><dc:identifier id="id">x-1</dc:identifier>'
        "<dc:language>de</dc:language><dc:date>0101-01-01T00:00:00+00:00</dc:date>"
    )
    files = dict.fromkeys(names, XHTML) | {
        "toc.ncx": NCX_TYPE,
        "stylesheet.css": "text/css",
        "cover.jpeg": "image/jpeg",
    }
    points = point("Der Leim", "index_split_001.html") + point(
        "Das Warten", "index_split_003.html#c2"
    )
    css = '<link href="stylesheet.css" rel="stylesheet" type="text/css"/>'
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="content.opf"),
            "content.opf": package(metadata, files, " ".join(names)),
            "toc.ncx": NCX.format(points=points),
            "stylesheet.css": ".calibre4 { font-style: italic }\n.bold, .x { font-weight: bold }",
            "cover.jpeg": PIXEL,
            "titlepage.xhtml": page(
                '<div><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="cover.jpeg"/></svg></div>',
                "Cover",
            ),
            "index_split_000.html": page('<p class="calibre1">Für Ruth</p>', "Unbekannt"),
            "index_split_001.html": page(
                '<h1 class="calibre2" id="calibre_toc_1">Der Leim</h1><p class="calibre3">Man koche <i class="calibre4">ihn</i> langsam.</p>',
                "Unbekannt",
                css,
            ),
            "index_split_002.html": page(
                '<p class="calibre3">Dann ist er <span class="bold">gut</span> und <span class="calibre4">zäh</span>.</p>',
                "Unbekannt",
                css,
            ),
            "index_split_003.html": page(
                '<div class="mbp_pagebreak" id="calibre_pb_3"></div><h1 class="calibre2" id="c2">Das Warten</h1><p class="calibre3">Es dauert. <a href="index_split_002.html">Siehe oben</a>.</p>',
                "Unbekannt",
                css,
            ),
        }
    )


def gutenberg() -> bytes:
    """A book as Project Gutenberg makes it: the files are cut by size, chapters begin within them, notes at the end."""
    files = {"a.htm.xhtml": XHTML, "b.htm.xhtml": XHTML, "toc.ncx": NCX_TYPE}
    metadata = (
        '<dc:title>A Treatise on Thread</dc:title><dc:creator id="author_0">Sande, Marit, 1840-1911</dc:creator>'
        '<meta refines="#author_0" property="role" scheme="marc:relators">aut</meta>'
        '<dc:identifier id="id">http://www.gutenberg.example/1</dc:identifier><dc:language>en</dc:language>'
        "<dc:rights>Public domain</dc:rights>"
    )
    points = point(
        "A TREATISE ON THREAD",
        "a.htm.xhtml#pgepubid00000",
        point("PREFACE.", "a.htm.xhtml#pgepubid00001")
        + point("CHAPTER I. OF FLAX.", "a.htm.xhtml#pgepubid00002")
        + point("CHAPTER II. OF HEMP.", "b.htm.xhtml#pgepubid00003"),
    )
    first = page(
        '<h1 id="pgepubid00000">A TREATISE ON THREAD</h1><p>LONDON, 1880</p>'
        '<div class="chapter"><h2 id="pgepubid00001">PREFACE.</h2><p>Thread is old.</p></div>'
        '<div class="chapter"><h2 id="pgepubid00002"><a id="CHAPTER_I"></a>CHAPTER I.<br/>OF FLAX.</h2>'
        '<p>Flax<a id="FNanchor_1_1"></a><a href="b.htm.xhtml#Footnote_1_1" class="fnanchor">[1]</a> is blue.'
        '<span class="pagenum"><a id="Page_7">[Pg 7]</a></span></p>'
        '<div class="poem"><span class="i0">O flax,<br/></span><span class="i2">O field.</span></div></div>'
    )
    second = page(
        '<p>More of flax.</p><h2 id="pgepubid00003">CHAPTER II.<br/>OF HEMP.</h2><p>Hemp is green; see'
        ' <a href="a.htm.xhtml#CHAPTER_I">Chapter I</a>.</p>'
        '<div class="footnotes"><h3>FOOTNOTES:</h3><div class="footnote"><p><a id="Footnote_1_1"></a>'
        '<a href="a.htm.xhtml#FNanchor_1_1"><span class="label">[1]</span></a> Linum, of course.</p></div></div>'
    )
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="OEBPS/content.opf"),
            "OEBPS/content.opf": package(metadata, files, "a.htm.xhtml b.htm.xhtml", version="3.0"),
            "OEBPS/toc.ncx": NCX.format(points=points),
            "OEBPS/a.htm.xhtml": first,
            "OEBPS/b.htm.xhtml": second,
        }
    )


def nav(lines: str, landmarks: str = "") -> str:
    """Returns a navigation document."""
    return page(
        f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{lines}</ol></nav>'
        f'<nav epub:type="landmarks" hidden=""><ol>{landmarks}</ol></nav>',
        "Contents",
    )


def hebrew() -> bytes:
    """An EPUB 3 from right to left, with popup footnotes and marks of printed pages."""
    files = {"nav.xhtml": XHTML, "one.xhtml": XHTML, "two.xhtml": XHTML}
    metadata = (
        '<dc:identifier id="id">urn:x:1</dc:identifier><dc:title id="t">החוט</dc:title>'
        '<meta refines="#t" property="title-type">main</meta><dc:title id="s">ספר קטן</dc:title>'
        '<meta refines="#s" property="title-type">subtitle</meta><dc:language>he</dc:language>'
        '<dc:creator id="c1">רות ברגסט</dc:creator><meta refines="#c1" property="display-seq">2</meta>'
        '<dc:creator id="c2">מרית סנדה</dc:creator><meta refines="#c2" property="display-seq">1</meta>'
    )
    one = page(
        '<section epub:type="chapter" role="doc-chapter"><h1>פשתן</h1><p><span epub:type="pagebreak" id="p1" title="1"></span>'
        'הפשתן כחול<a epub:type="noteref" href="#fn1">1</a>.</p>'
        '<aside epub:type="footnote" id="fn1"><p>בלטינית: <i lang="la" xml:lang="la">linum</i>.</p></aside></section>',
        "פשתן",
        attributes=' lang="he" dir="rtl"',
    )
    two = page(
        '<section epub:type="chapter"><h1>קנבוס</h1><p>הקנבוס ירוק. ראו <a href="one.xhtml">פשתן</a>.</p></section>',
        attributes=' lang="he" dir="rtl"',
    )
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="EPUB/package.opf"),
            "EPUB/package.opf": package(
                metadata,
                files,
                "nav.xhtml one.xhtml two.xhtml",
                version="3.0",
                properties={"nav.xhtml": "nav"},
            ),
            "EPUB/nav.xhtml": nav(
                '<li><a href="one.xhtml">פשתן</a></li><li><a href="two.xhtml">קנבוס</a></li>'
            ),
            "EPUB/one.xhtml": one,
            "EPUB/two.xhtml": two,
        }
    )


def japanese() -> bytes:
    """A vertical Japanese EPUB 3, with ruby and a cover in the reading order."""
    files = {
        "nav.xhtml": XHTML,
        "cover.xhtml": XHTML,
        "p-001.xhtml": XHTML,
        "p-002.xhtml": XHTML,
        "p-colophon.xhtml": XHTML,
        "i.gif": "image/gif",
    }
    metadata = (
        '<dc:identifier id="id">urn:x:2</dc:identifier><dc:title>糸の話</dc:title><dc:language>ja</dc:language>'
        "<dc:creator>春香</dc:creator>"
    )
    vertical = ' lang="ja" xml:lang="ja" class="vrtl"'
    lines = '<li><a href="p-001.xhtml">第一章　雪</a></li><li><a href="p-002.xhtml">第二章　晴れ</a></li>'
    landmarks = '<li><a epub:type="cover" href="cover.xhtml">表紙</a></li><li><a epub:type="copyright-page" href="p-colophon.xhtml">奥付</a></li>'
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="item/standard.opf"),
            "item/standard.opf": package(
                metadata,
                files,
                "cover.xhtml p-001.xhtml p-002.xhtml p-colophon.xhtml",
                version="3.0",
                properties={"nav.xhtml": "nav", "i.gif": "cover-image"},
            ),
            "item/nav.xhtml": nav(lines, landmarks),
            "item/cover.xhtml": page(
                '<p><img src="i.gif" alt=""/></p>', "表紙", attributes=vertical
            ),
            "item/p-001.xhtml": page(
                '<div class="main"><h2 class="oo"><span class="tcy">第一章</span>　雪</h2>'
                '<p>　<ruby>雪<rt>ゆき</rt></ruby>が降る。</p><p>　<span class="em-sesame">紙</span>を漉く。</p></div>',
                attributes=vertical,
            ),
            "item/p-002.xhtml": page(
                '<div class="main"><h2>第二章　晴れ</h2><p>　のち晴れ。</p></div>',
                attributes=vertical,
            ),
            "item/p-colophon.xhtml": page(
                "<p>発行　二〇二三年</p><p>著者　春香</p>", attributes=vertical
            ),
            "item/i.gif": PIXEL,
        }
    )


BOOKS = {
    "sigil": sigil,
    "calibre": calibre,
    "gutenberg": gutenberg,
    "hebrew": hebrew,
    "japanese": japanese,
}
