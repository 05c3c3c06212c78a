"""Makes EPUBs with what publishers' programs write: endnotes, soups of spans, chapters within files, damage. The words
are our own.
"""

from __future__ import annotations

from stranger_books import (
    CONTAINER,
    NCX,
    NCX_TYPE,
    PIXEL,
    XHTML,
    nav,
    package,
    packed,
    page,
    point,
)

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6338010000ca00"
    "c999ca5d7e0000000049454e44ae426082"
)
OBFUSCATED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/><enc:CipherData>'
    '<enc:CipherReference URI="OEBPS/font/MinionPro-Regular.otf"/></enc:CipherData></enc:EncryptedData></encryption>'
)


def _item(name: str, title: str, below: str = "") -> str:
    return f'<li><a href="{name}">{title}</a>{f"<ol>{below}</ol>" if below else ""}</li>'


def standard_ebooks() -> bytes:
    """An EPUB 3 with the semantics of Standard Ebooks: parts, endnotes in one file, an imprint, a colophon."""
    metadata = (
        '<dc:identifier id="id">url:https://books.example/sande/nets</dc:identifier><dc:date>2019-03-02T10:00:00Z</dc:date>'
        '<dc:title id="title">Nets</dc:title><meta property="title-type" refines="#title">main</meta>'
        '<meta property="file-as" refines="#title">Nets</meta><dc:title id="subtitle">Knots of the North</dc:title>'
        '<meta property="title-type" refines="#subtitle">subtitle</meta>'
        '<dc:title id="full">Nets: Knots of the North</dc:title><meta property="title-type" refines="#full">extended</meta>'
        '<dc:language>en-GB</dc:language><dc:creator id="author">Marit Sande</dc:creator>'
        '<meta property="file-as" refines="#author">Sande, Marit</meta>'
        '<meta property="role" refines="#author" scheme="marc:relators">aut</meta>'
        '<dc:contributor id="translator">Tobias Lind</dc:contributor>'
        '<meta property="role" refines="#translator" scheme="marc:relators">trl</meta>'
        '<dc:contributor id="producer">Ruth Bergset</dc:contributor>'
        '<meta property="role" refines="#producer" scheme="marc:relators">mdc</meta>'
        '<dc:subject id="s1">Knots -- Fiction</dc:subject><meta property="authority" refines="#s1">LCSH</meta>'
        '<meta property="belongs-to-collection" id="set">Craft set</meta>'
        '<meta property="collection-type" refines="#set">set</meta>'
        '<meta property="belongs-to-collection" id="series">The North</meta>'
        '<meta property="collection-type" refines="#series">series</meta>'
        '<meta property="group-position" refines="#series">2</meta><meta property="dcterms:modified">2020-01-01T00:00:00Z</meta>'
    )
    text = {
        "titlepage.xhtml": '<section id="titlepage" epub:type="titlepage"><h1 epub:type="title">Nets</h1><p>By <b>Marit Sande</b>.</p><img alt="" src="../images/titlepage.png" epub:type="se:image.color-depth.black-on-transparent"/></section>',
        "imprint.xhtml": '<section id="imprint" epub:type="imprint"><header><h2 epub:type="title">Imprint</h2></header><p>Made by hand from a scan of the first printing, by people who like <a href="https://books.example/">old books</a>.</p></section>',
        "halftitlepage.xhtml": '<section id="halftitlepage" epub:type="halftitlepage"><h2 epub:type="fulltitle">Nets</h2></section>',
        "part-1.xhtml": '<section id="part-1" epub:type="part z3998:volume"><h2><span epub:type="label">Part</span> <span epub:type="ordinal z3998:roman">I</span></h2></section>',
        "chapter-1.xhtml": '<section data-parent="part-1" id="chapter-1" epub:type="chapter"><hgroup><h3 epub:type="ordinal z3998:roman">I</h3><p epub:type="title">The Mesh</p></hgroup>'
        '<p>A mesh has <em>four</em> sides.<a href="endnotes.xhtml#note-1" id="noteref-1" epub:type="noteref">1</a> <abbr epub:type="z3998:name-title">Mrs.</abbr> Lind knew it; see <a href="chapter-2.xhtml#knot">the knot</a>.</p>'
        '<blockquote epub:type="z3998:verse"><p><span>Over and under,</span><br/><span class="i1">under and over.</span></p></blockquote><hr/><p>Wet<a href="endnotes.xhtml#note-2" id="noteref-2" epub:type="noteref">2</a> twine shrinks.</p></section>',
        "chapter-2.xhtml": '<section data-parent="part-1" id="chapter-2" epub:type="chapter"><h3 epub:type="title">II. The Knot</h3><p id="knot">The knot <i xml:lang="no" lang="no">knute</i> holds.</p><figure id="f1"><img alt="A knot." src="../images/knot.png"/><figcaption>The sheet bend.</figcaption></figure></section>',
        "endnotes.xhtml": '<section id="endnotes" epub:type="endnotes"><h2 epub:type="title">Endnotes</h2><ol><li id="note-1" epub:type="endnote"><p>Or <em>three</em>, in the west. <a href="chapter-1.xhtml#noteref-1" epub:type="backlink">↩</a></p></li>'
        '<li id="note-2" epub:type="endnote"><p>Tarred twine does not.</p><p>Ask <a href="https://a.example/twine">them</a>. <a href="chapter-1.xhtml#noteref-2" epub:type="backlink">↩</a></p></li></ol></section>',
        "colophon.xhtml": '<section id="colophon" epub:type="colophon"><h2 epub:type="title">Colophon</h2><p>Nets was first printed in 1880.</p></section>',
        "uncopyright.xhtml": '<section id="uncopyright" epub:type="copyright-page"><h2 epub:type="title">Uncopyright</h2><p>May you mend well.</p></section>',
    }
    matter = dict.fromkeys(text, "bodymatter") | {
        "titlepage.xhtml": "frontmatter",
        "imprint.xhtml": "frontmatter",
        "colophon.xhtml": "backmatter",
    }
    files = {f"text/{name}": XHTML for name in text}
    files |= {"toc.xhtml": XHTML, "toc.ncx": NCX_TYPE, "images/cover.png": "image/png"}
    files |= {"images/knot.png": "image/png", "images/titlepage.png": "image/png"}
    lines = (
        _item("text/titlepage.xhtml", "Titlepage")
        + _item("text/imprint.xhtml", "Imprint")
        + _item(
            "text/part-1.xhtml",
            'Part <span epub:type="z3998:roman">I</span>',
            _item("text/chapter-1.xhtml", '<span epub:type="z3998:roman">I</span>: The Mesh')
            + _item("text/chapter-2.xhtml", "II. The Knot"),
        )
        + _item("text/endnotes.xhtml", "Endnotes")
        + _item("text/colophon.xhtml", "Colophon")
        + _item("text/uncopyright.xhtml", "Uncopyright")
    )
    marks = '<li><a href="text/titlepage.xhtml" epub:type="frontmatter titlepage">Titlepage</a></li><li><a href="text/endnotes.xhtml" epub:type="backmatter endnotes">Endnotes</a></li>'
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="epub/content.opf"),
            "epub/content.opf": package(
                metadata,
                files,
                " ".join(f"text/{name}" for name in text),
                version="3.0",
                properties={"toc.xhtml": "nav", "images/cover.png": "cover-image"},
            ),
            "epub/toc.xhtml": nav(lines, marks),
            "epub/toc.ncx": NCX.format(points=""),
            "epub/images/cover.png": PICTURE,
            "epub/images/knot.png": PICTURE,
            "epub/images/titlepage.png": PICTURE,
            **{
                f"epub/text/{name}": page(
                    markup, name.partition(".")[0].title(), attributes=' xml:lang="en-GB"'
                ).replace("<body>", f'<body epub:type="{matter[name]}">')
                for name, markup in text.items()
            },
        }
    )


def indesign() -> bytes:
    """An export of InDesign: spans with classes for everything, headings that are paragraphs, obfuscated fonts."""
    metadata = (
        '<dc:identifier id="id">urn:uuid:7</dc:identifier><dc:title>Sails &amp; Weather</dc:title>'
        "<dc:creator>Ruth Bergset; Ada Quill</dc:creator><dc:language>en-US</dc:language><dc:date>2014-06-01</dc:date>"
        '<dc:publisher>Net Loft</dc:publisher><dc:source>isbn 978-3-16-148410-0</dc:source><meta name="generator" content="Adobe InDesign 16.0"/>'
    )
    css = (
        "span.CharOverride-1 { font-style:italic; }\nspan.CharOverride-2 { font-weight:bold; }\n"
        "span.CharOverride-3 { font-variant:small-caps; }\nspan.CharOverride-4 { font-size:58.3%; vertical-align:super; }\n"
        "p.Chapter-Title { font-size:2em; text-align:center; }\nspan._idGenCharOverride-1 { color:#000; }"
    )
    head = '<link href="css/idGeneratedStyles.css" rel="stylesheet" type="text/css" />'
    one = page(
        '<div id="_idContainer001" class="Basic-Text-Frame"><p class="Chapter-Number ParaOverride-1"><a id="_idTextAnchor000"></a><span class="_idGenCharOverride-1">1</span></p>'
        '<p class="Chapter-Title"><a id="_idTextAnchor001"></a><span class="_idGenCharOverride-1">Canvas</span></p>'
        '<p class="Body-Text"><span class="CharOverride-3">Canvas</span><span> is </span><span class="CharOverride-1">woven</span><span>, not </span><span class="CharOverride-2">knit</span><span>.</span>'
        '<span class="CharOverride-4"><span id="footnote-002-backlink"><a class="_idFootnoteLink _idGenColorInherit" href="Sails.xhtml#footnote-002">1</a></span></span><span> It dries.</span></p>'
        '<ul><li class="Bullets ParaOverride-2"><span>Flax</span></li><li class="Bullets ParaOverride-2"><span>Cotton</span></li></ul></div>'
        '<div class="_idGenObjectLayout-1"><div id="_idContainer002" class="Image-Frame"><img class="_idGenObjectAttribute-1" src="image/sail.png" alt="A sail" /></div></div>'
        '<div id="_idContainer003"><table id="table001" class="Basic-Table"><colgroup><col class="_idGenTableRowColumn-1" /><col /></colgroup><tbody><tr class="Basic-Table"><td class="Basic-Table CellOverride-1"><p class="Table"><span>Wind</span></p></td><td><p class="Table"><span>Reefs</span></p></td></tr><tr><td><p>6</p></td><td><p>2</p></td></tr></tbody></table></div>'
        '<div class="_idFootnotes"><hr class="HorizontalRule-1" /><div id="footnote-002" class="_idFootnote"><p class="Footnote"><a class="_idFootnoteAnchor _idGenColorInherit" href="Sails.xhtml#footnote-002-backlink">1</a><span>\tOn a loom, see </span><a href="Sails-1.xhtml#_idTextAnchor002"><span class="Hyperlink">weather</span></a><span>.</span></p></div></div>',
        "Sails",
        head,
    )
    two = page(
        '<div id="_idContainer004"><p class="Chapter-Number"><span>2</span></p><p class="Chapter-Title"><a id="_idTextAnchor002"></a><span class="_idGenCharOverride-1">Weath</span><span>er</span></p>'
        '<p class="Body-Text"><span>The glass falls; go back to </span><a href="Sails.xhtml#_idTextAnchor001"><span class="Hyperlink">canvas</span></a><span>, or write to </span><a href="mailto:a@loft.example"><span>us</span></a><span>.</span></p></div>',
        "Sails",
        head,
    )
    files = {"Sails.xhtml": XHTML, "Sails-1.xhtml": XHTML, "toc.xhtml": XHTML, "toc.ncx": NCX_TYPE}
    files |= {"css/idGeneratedStyles.css": "text/css", "image/sail.png": "image/png"}
    files |= {"font/MinionPro-Regular.otf": "application/vnd.ms-opentype"}
    lines = _item("Sails.xhtml#_idTextAnchor001", "Canvas") + _item(
        "Sails-1.xhtml#_idTextAnchor002", "Weather"
    )
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="OEBPS/content.opf"),
            "META-INF/encryption.xml": OBFUSCATED,
            "OEBPS/content.opf": package(
                metadata,
                files,
                "Sails.xhtml Sails-1.xhtml",
                version="3.0",
                properties={"toc.xhtml": "nav"},
            ),
            "OEBPS/toc.xhtml": nav(lines),
            "OEBPS/toc.ncx": NCX.format(points=""),
            "OEBPS/css/idGeneratedStyles.css": css,
            "OEBPS/image/sail.png": PICTURE,
            "OEBPS/font/MinionPro-Regular.otf": b"hidden",
            "OEBPS/Sails.xhtml": one,
            "OEBPS/Sails-1.xhtml": two,
        }
    )


def vellum() -> bytes:
    """An EPUB 3 as Vellum lays it out: numbers above titles, ornaments, notes at the end of each chapter, own texts."""
    metadata = (
        '<dc:identifier id="id">urn:uuid:8</dc:identifier><dc:title>Tide Tables</dc:title><dc:creator id="a">Ada Quill</dc:creator>'
        '<meta refines="#a" property="role" scheme="marc:relators">aut</meta><dc:language>en</dc:language>'
        '<meta property="belongs-to-collection" id="c">Shores</meta><meta refines="#c" property="group-position">1</meta>'
    )
    head = '<link rel="stylesheet" type="text/css" href="css/style.css"/>'
    text = {
        "title-page.xhtml": '<div class="element element-container-single" epub:type="titlepage"><h1 class="title-page-title">Tide Tables</h1><div class="title-page-author">Ada Quill</div></div>',
        "copyright.xhtml": '<div class="element" epub:type="copyright-page"><p>Copyright © 2020 by Ada Quill</p><p>All rights reserved.</p></div>',
        "dedication.xhtml": '<div class="element" epub:type="dedication"><p class="centered">For the harbour master</p></div>',
        "contents.xhtml": '<div class="element"><h1>Contents</h1><p><a href="chapter-001.xhtml">1. Ebb</a></p><p><a href="chapter-002.xhtml">2. Flood</a></p><p><a href="about.xhtml">About the Author</a></p></div>',
        "chapter-001.xhtml": '<div class="element" epub:type="chapter"><div class="heading" id="h1"><div class="element-number"><span>One</span></div><h1 class="element-title">Ebb</h1><p class="element-subtitle">In which water leaves</p></div>'
        '<p class="first"><span class="first-letter">T</span><span class="first-phrase">he water</span> left.<a class="noteref" epub:type="noteref" href="#note-1">1</a></p><div class="ornamental-break"><img src="images/ornament.png" alt="Ornamental break"/></div><p class="subsq">It came <em>back</em>.<a class="noteref" epub:type="noteref" href="#note-2">*</a></p>'
        '<div class="endnotes"><hr/><aside epub:type="footnote" id="note-1"><div class="note"><p>1. At <b>six</b>.</p></div></aside><aside epub:type="footnote" id="note-2"><div class="note"><p>* At noon.</p></div></aside></div></div>',
        "chapter-002.xhtml": '<div class="element" epub:type="chapter"><div class="heading"><div class="element-number"><span>Two</span></div><h1 class="element-title">Flood</h1></div><div class="verse"><p class="verse-line">Grey water,</p><p class="verse-line">grey stone.</p></div><p class="text-message sent">Come <a href="chapter-001.xhtml#h1">down</a>.</p></div>',
        "about.xhtml": '<div class="element" epub:type="backmatter"><h1>About the Author</h1><p>Ada Quill lives by the sea.</p></div>',
    }
    files = dict.fromkeys(text, XHTML) | {
        "nav.xhtml": XHTML,
        "css/style.css": "text/css",
        "images/cover.png": "image/png",
        "images/ornament.png": "image/png",
    }
    lines = "".join(
        _item(name, title)
        for name, title in (
            ("title-page.xhtml", "Title Page"),
            ("chapter-001.xhtml", "1. Ebb"),
            ("chapter-002.xhtml", "2. Flood"),
            ("about.xhtml", "About the Author"),
        )
    )
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="OPS/content.opf"),
            "OPS/content.opf": package(
                metadata,
                files,
                " ".join(text),
                version="3.0",
                properties={"nav.xhtml": "nav", "images/cover.png": "cover-image"},
            ),
            "OPS/nav.xhtml": nav(
                lines, '<li><a epub:type="toc" href="contents.xhtml">Contents</a></li>'
            ),
            "OPS/css/style.css": ".centered { text-align: center }",
            "OPS/images/cover.png": PICTURE,
            "OPS/images/ornament.png": PICTURE,
            **{f"OPS/{name}": page(markup, "Tide Tables", head) for name, markup in text.items()},
        }
    )


def scrivener() -> bytes:
    """An EPUB 2 as Scrivener compiles it: numbered files, notes at the end of their chapter, headings of two lines."""
    metadata = (
        '<dc:title>Lamp oil</dc:title><dc:creator opf:role="aut" opf:file-as="Lind">Tobias Lind</dc:creator>'
        '<dc:identifier id="id">x-9</dc:identifier><dc:language>en</dc:language><meta name="cover" content="cover.jpg"/>'
    )
    text = {
        "cover.xhtml": '<div id="cover-image"><img src="cover.jpg" alt="Cover Image"/></div>',
        "contents.xhtml": '<h1>Contents</h1><p class="toc"><a href="body.xhtml#x0">Title Page</a></p><p class="toc"><a href="body1.xhtml#x1">Chapter One</a></p><p class="toc"><a href="body2.xhtml#x2">Chapter Two</a></p>',
        "body.xhtml": '<p class="ps1" id="x0"><span class="s1">LAMP OIL</span></p><p class="ps1"><span class="s1">by Tobias Lind</span></p>',
        "body1.xhtml": '<h1 class="heading" id="x1">Chapter One</h1><h1 class="heading">Whales</h1><p class="ps2">Whale oil burns clear.<a href="#fn1" id="fnref1" title="see footnote">[1]</a></p><p class="ps2">&#160;</p><p class="ps3">#</p><p class="ps2">It smells<a href="#fn2" id="fnref2">[2]</a>.</p>'
        '<div class="footnotes"><p class="fn"><a href="#fnref1" id="fn1" title="return">[1]</a>. In good lamps.</p><p class="fn"><a href="#fnref2" id="fn2">[2]</a>. Of fish.</p></div>',
        "body2.xhtml": '<h1 class="heading" id="x2">Chapter Two</h1><h1 class="heading">Coal</h1><p class="ps2"><span class="b">Coal</span> is <span class="i">cheap</span>.</p><p><a href="http://a.example/?a=1&amp;b=2">More</a></p>',
    }
    files = dict.fromkeys(text, XHTML) | {
        "toc.ncx": NCX_TYPE,
        "s.css": "text/css",
        "cover.jpg": "image/jpeg",
    }
    points = (
        point("Title Page", "body.xhtml#x0")
        + point("Chapter One – Whales", "body1.xhtml#x1")
        + point("Chapter Two – Coal", "body2.xhtml#x2")
    )
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="OPS/content.opf"),
            "OPS/content.opf": package(metadata, files, " ".join(text)),
            "OPS/toc.ncx": NCX.format(points=points),
            "OPS/s.css": "span.b {font-weight: bold}\nspan.i {font-style: italic}\np.ps3 {text-align: center}",
            "OPS/cover.jpg": PIXEL,
            **{
                f"OPS/{name}": page(markup, "Lamp oil", '<link rel="stylesheet" href="s.css"/>')
                for name, markup in text.items()
            },
        }
    )


def kindle() -> bytes:
    """A book unpacked from Kindle's older format: one file, chapters by anchors, ``font``, notes by ``filepos``."""
    metadata = (
        '<dc:title>Salt</dc:title><dc:creator opf:file-as="Sande, Marit" opf:role="aut">Marit Sande</dc:creator>'
        '<dc:identifier id="id">mobi-1</dc:identifier><dc:language>en</dc:language><dc:date>2009-01-01</dc:date>'
        '<meta name="cover" content="images_cover.gif"/>'
    )
    body = (
        '<p height="1em" width="0pt" align="center"><font size="7"><b>Salt</b></font></p><p align="center">Marit Sande</p><mbp:pagebreak/>'
        '<a id="filepos100"/><p align="center"><font size="5"><b>Brine</b></font></p><p width="1em">Brine is <i>wet</i>.<a id="filepos150"/><a href="#filepos900"><sup>1</sup></a></p>'
        '<p><blockquote>Water first.</blockquote></p><img src="images/pan.gif" alt="A pan" recindex="2"/><mbp:pagebreak/>'
        '<a id="filepos500"/><p align="center"><font size="5"><b>Crystals</b></font></p><p>They grow.<a id="filepos550"/><a href="#filepos950"><sup>2</sup></a> See <a href="#filepos100">Brine</a>.</p><mbp:pagebreak/>'
        '<a id="filepos800"/><p align="center"><b>Notes</b></p><p><a id="filepos900"/><a href="#filepos150">1</a> So is the sea.</p><p><a id="filepos950"/><a href="#filepos550">2</a> Slowly.</p>'
    )
    files = {"Text/book.html": XHTML, "toc.ncx": NCX_TYPE, "images/cover.gif": "image/gif"}
    files |= {"images/pan.gif": "image/gif"}
    points = (
        point("Brine", "Text/book.html#filepos100")
        + point("Crystals", "Text/book.html#filepos500")
        + point("Notes", "Text/book.html#filepos800")
    )
    markup = page(body, "Salt").replace("<html ", '<html xmlns:mbp="http://www.mobipocket.com" ')
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="OEBPS/content.opf"),
            "OEBPS/content.opf": package(metadata, files, "Text/book.html"),
            "OEBPS/toc.ncx": NCX.format(points=points),
            "OEBPS/Text/book.html": markup.replace('src="images/', 'src="../images/'),
            "OEBPS/images/cover.gif": PIXEL,
            "OEBPS/images/pan.gif": PIXEL,
        }
    )


def damaged() -> bytes:
    """A book that many programs have touched: wrong mimetype, folders in the ZIP, encoded and upper-case names, HTML
    with errors, entities, missing files, notes without ways back, ``xml:base``.
    """
    metadata = (
        '<dc:title>Peat</dc:title><dc:creator>Ruth Bergset</dc:creator><dc:identifier id="id">x-10</dc:identifier>'
        "<dc:language>UND</dc:language><dc:language>en</dc:language><dc:date>12/2003</dc:date>"
    )
    files = {
        "Text/Chapter%20One.XHTML": XHTML,
        "Text/K%C3%B6nig.htm": "text/html",
        "Text/notes.html": XHTML,
        "Text/gone.html": XHTML,
        "Navigation/toc.xhtml": XHTML,
        "Images/BOG%20%231.PNG": "image/png",
    }
    one = page(
        '<h1>Chapter One</h1><p>Peat&nbsp;is caf&eacute;-brown &mdash; &hellip;<a href="notes.html#n1"><sup>1</sup></a> and wet.<sup><a href="notes.html#n2">2</a></sup></p>'
        '<p><img src="../Images/BOG%20%231.PNG" alt="A bog"/> <img src="../Images/lost.png" alt="A lost one"/></p><p>Go to <a href="K%C3%B6nig.htm#dry">dry peat</a>, <a href="gone.html">nowhere</a> or <a href="../Text/notes.html">the notes</a>.</p>'
        '<p><a href="file:///etc/passwd">local</a> <a href="javascript:alert(1)">script</a> <a href="C:\\books\\a.html">disk</a></p>'
    )
    two = (
        '<html><head><meta charset="utf-8"><title>K</title></head><body><h1>König<p id=dry>Dry peat burns<br>well & long<ul><li>one<li>two</ul>'
        "<p>Unclosed <b>bold <i>both</b> rest</i>&unknown; 1 < 2</body></html>"
    )
    notes = page('<h1>Notes</h1><p id="n1">1. As coffee is.</p><p id="n2">2. Always.</p>')
    lines = (
        _item("../Text/Chapter%20One.XHTML", "Chapter One")
        + _item("../Text/K%C3%B6nig.htm", "König")
        + _item("../Text/gone.html", "Gone")
        + _item("../Text/notes.html", "Notes")
    )
    data = {
        "META-INF/": "",
        "META-INF/container.xml": CONTAINER.format(package="My%20Book/peat.opf").replace(
            "%20", " "
        ),
        "My Book/": "",
        "My Book/peat.opf": package(
            metadata,
            files,
            "Text/Chapter%20One.XHTML Text/K%C3%B6nig.htm Text/gone.html Text/notes.html",
            version="3.0",
            properties={"Navigation/toc.xhtml": "nav"},
        ),
        "My Book/Navigation/toc.xhtml": nav(lines),
        "My Book/Text/Chapter One.XHTML": one,
        "My Book/Text/König.htm": two,
        "My Book/Text/notes.html": notes,
        "My Book/Images/BOG #1.PNG": PICTURE,
        "__MACOSX/My Book/._peat.opf": b"\0\1",
    }
    return packed({"mimetype": "application/zip\r\n", **data}, with_mimetype=False)


def arabic() -> bytes:
    """An EPUB 3 from right to left with mixed languages, a page list, media, MathML and secondary documents."""
    metadata = (
        '<dc:identifier id="id">urn:x:11</dc:identifier><dc:title>الملح والماء</dc:title><dc:language>ar</dc:language>'
        '<dc:creator id="c">مريم</dc:creator><meta refines="#c" property="alternate-script" xml:lang="en">Maryam</meta>'
        '<dc:date>2022</dc:date><meta property="dcterms:modified">2022-02-02T00:00:00Z</meta>'
    )
    one = page(
        '<section epub:type="chapter"><h1 id="t1">الملح</h1><span epub:type="pagebreak" role="doc-pagebreak" id="pg5" aria-label="5">5</span>'
        '<p>الملح أبيض<a epub:type="noteref" role="doc-noteref" href="notes.xhtml#n1">١</a>، كما قال <span lang="en" xml:lang="en" dir="ltr">Ada Quill</span>.</p>'
        '<p>المعادلة <math xmlns="http://www.w3.org/1998/Math/MathML" alttext="a+b"><mi>a</mi><mo>+</mo><mi>b</mi></math>.</p>'
        '<video src="media/v.mp4" controls="controls" poster="i.png"><p>فيديو</p></video><audio controls="controls"><source src="media/a.mp3" type="audio/mpeg"/>صوت</audio>'
        '<p><a href="extra.xhtml">ملحق</a></p></section>',
        attributes=' lang="ar" xml:lang="ar" dir="rtl"',
    )
    two = page(
        '<section epub:type="chapter"><h1>الماء</h1><p>نص <epub:switch id="s"><epub:case required-namespace="http://www.w3.org/1998/Math/MathML"><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></epub:case><epub:default><p>س</p></epub:default></epub:switch></p>'
        '<object data="i.png" type="image/png">خريطة الساحل</object><p lang="de" xml:lang="de" dir="ltr">Wasser ist naß.</p></section>',
        attributes=' lang="ar" xml:lang="ar" dir="rtl"',
    )
    notes = page(
        '<section epub:type="footnotes"><h2>الحواشي</h2><aside epub:type="footnote" id="n1"><p><a role="doc-backlink" href="one.xhtml#t1">١</a> في البحر.</p></aside></section>',
        attributes=' lang="ar" dir="rtl"',
    )
    extra = page("<h1>ملحق</h1><p>جدول المد والجزر.</p>", attributes=' lang="ar" dir="rtl"')
    files = dict.fromkeys(
        ("one.xhtml", "two.xhtml", "notes.xhtml", "extra.xhtml", "nav.xhtml"), XHTML
    )
    files |= {"i.png": "image/png", "media/v.mp4": "video/mp4", "media/a.mp3": "audio/mpeg"}
    contents = nav(_item("one.xhtml#t1", "الملح") + _item("two.xhtml", "الماء")).replace(
        "</body>",
        '<nav epub:type="page-list"><ol><li><a href="one.xhtml#pg5">5</a></li></ol></nav></body>',
    )
    book = package(
        metadata,
        files,
        "one.xhtml two.xhtml notes.xhtml extra.xhtml",
        version="3.0",
        properties={"nav.xhtml": "nav"},
    )
    book = book.replace("<spine>", '<spine page-progression-direction="rtl">').replace(
        '<itemref idref="extra.xhtml"/>', '<itemref idref="extra.xhtml" linear="no"/>'
    )
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="content.opf"),
            "content.opf": book,
            "nav.xhtml": contents,
            "one.xhtml": one,
            "two.xhtml": two,
            "notes.xhtml": notes,
            "extra.xhtml": extra,
            "i.png": PICTURE,
            "media/v.mp4": b"\0\0\0\x18ftypmp42",
            "media/a.mp3": b"ID3",
        }
    )


def fixed() -> bytes:
    """A picture book with fixed layout: pages that are one picture, and one with placed words."""
    metadata = (
        '<dc:identifier id="id">urn:x:12</dc:identifier><dc:title>The Boat</dc:title><dc:language>en</dc:language>'
        '<meta property="rendition:layout">pre-paginated</meta><meta property="rendition:spread">landscape</meta>'
    )
    port = '<meta name="viewport" content="width=600, height=800"/>'
    pages = {
        "p1.xhtml": page(
            '<div><img src="images/p1.png" alt="A boat on a beach" style="position:absolute;top:0;left:0"/></div>',
            "The Boat",
            port,
        ),
        "p2.xhtml": page(
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 600 800"><image width="600" height="800" xlink:href="images/p2.png"/><text x="40" y="70">The boat is red.</text></svg>',
            "The Boat",
            port,
        ),
        "p3.xhtml": page(
            '<div id="pageContainer"><img src="images/p1.png" alt=""/><div class="pos" style="position:absolute;left:40px;top:90px"><span>It</span> <span>waits</span></div><div style="position:absolute;left:40px;top:120px"><span>for the tide.</span></div></div>',
            "The Boat",
            port,
        ),
        "p4.xhtml": page('<div><img src="images/p2.png" alt=""/></div>', "The Boat", port),
    }
    files = dict.fromkeys(pages, XHTML) | {"nav.xhtml": XHTML}
    files |= {"images/p1.png": "image/png", "images/p2.png": "image/png"}
    return packed(
        {
            "META-INF/container.xml": CONTAINER.format(package="c.opf"),
            "c.opf": package(
                metadata,
                files,
                " ".join(pages),
                version="3.0",
                properties={"nav.xhtml": "nav", "images/p1.png": "cover-image"},
            ),
            "nav.xhtml": nav(_item("p1.xhtml", "The Boat")),
            "images/p1.png": PICTURE,
            "images/p2.png": PICTURE,
            **pages,
        }
    )


LAYOUTS = {
    "standard-ebooks": standard_ebooks,
    "indesign": indesign,
    "vellum": vellum,
    "scrivener": scrivener,
    "kindle": kindle,
    "damaged": damaged,
    "arabic": arabic,
    "fixed-layout": fixed,
}
