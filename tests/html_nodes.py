"""Pairs of every kind of node and its HTML on a page."""

from __future__ import annotations

from clothbound.model import blocks as b
from clothbound.model import inlines as i

INLINES: list[tuple[i.Inline, str]] = [
    (i.Text('a < b & "c"'), 'a &lt; b &amp; "c"'),
    (i.Emphasis((i.Text("a"),)), "<em>a</em>"),
    (i.Strong((i.Emphasis((i.Text("a"),)),)), "<strong><em>a</em></strong>"),
    (i.Strikethrough((i.Text("a"),)), "<s>a</s>"),
    (i.Underline((i.Text("a"),)), "<u>a</u>"),
    (i.Superscript((i.Text("a"),)), "<sup>a</sup>"),
    (i.Subscript((i.Text("a"),)), "<sub>a</sub>"),
    (i.Highlight((i.Text("a"),)), "<mark>a</mark>"),
    (i.Code("<a>"), "<code>&lt;a&gt;</code>"),
    (
        i.Math(r"x^2"),
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" alttext="x^2"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>',
    ),
    (i.Math(r"\unknown"), '<code class="tex">\\unknown</code>'),
    (i.LineBreak(), "<br>"),
    (
        i.Link((i.Text("a"),), "https://a.example/?b=1&c=2", 'T "t"'),
        '<a href="https://a.example/?b=1&amp;c=2" title="T &quot;t&quot;">a</a>',
    ),
    (
        i.Link((i.Text("a"),), "https://a.example/x y[z]"),
        '<a href="https://a.example/x%20y%5Bz%5D">a</a>',
    ),
    (i.Link((), "https://www.a.example/b/"), '<a href="https://www.a.example/b/">a.example/b</a>'),
    (i.Link((i.Text("a"),), "javascript:alert(1)"), "a"),
    (i.Link((i.Text("a"),), "java\nscript:alert(1)"), "a"),
    (
        i.Image("https://a.example/b.png", "A picture", "T"),
        '<img src="https://a.example/b.png" alt="A picture" title="T">',
    ),
    (
        i.Image("gone.png", "A picture"),
        '<span class="missing-picture">A picture</span>',
    ),
    (i.Image("javascript:alert(1)", "A"), '<span class="missing-picture">A</span>'),
    (
        i.Mention((i.Text("A. Name"),), "https://a.example/@n"),
        '<a href="https://a.example/@n">A. Name</a>',
    ),
    (i.Mention((i.Text("A. Name"),)), "A. Name"),
    (i.NoteRef("nowhere"), "<sup>[nowhere]</sup>"),
    (
        i.Span(
            (i.Text("a"),), id="x y", classes=("k",), attributes=(("lang", "de"), ("onclick", "x"))
        ),
        '<span id="x-y" class="k" lang="de">a</span>',
    ),
    (i.RawInline("html", '<kbd onclick="x">a</kbd><script>b</script>'), "<kbd>a</kbd>"),
    (i.RawInline("latex", r"\a"), ""),
]
P = (b.Paragraph((i.Text("p"),)),)
BLOCKS: list[tuple[b.Block, str]] = [
    (
        b.Paragraph((i.Text("a"),), id="i", classes=("k",), attributes=(("dir", "rtl"),)),
        '<p id="i" class="k" dir="rtl">a</p>',
    ),
    (b.Heading((i.Text("A b"),), 4), '<h2 id="a-b">A b</h2>'),
    (b.Heading((), 2, id="e"), '<div id="e"></div>'),
    (b.Quote(P), "<blockquote>\n<p>p</p>\n</blockquote>"),
    (b.PullQuote(P), '<blockquote class="pullquote">\n<p>p</p>\n</blockquote>'),
    (
        b.List((b.ListItem(P), b.ListItem((*P, b.List((b.ListItem(P),)))))),
        "<ul>\n<li>p</li>\n<li>p\n<ul>\n<li>p</li>\n</ul>\n</li>\n</ul>",
    ),
    (
        b.List((b.ListItem(P), b.ListItem((*P, *P))), ordered=True, start=3, tight=False),
        '<ol start="3">\n<li><p>p</p></li>\n<li><p>p</p><p>p</p></li>\n</ol>',
    ),
    (
        b.List((b.ListItem(P, checked=True), b.ListItem(P, checked=False))),
        '<ul class="tasks">\n<li><span class="task" role="img" aria-label="done">☑</span> p</li>\n<li><span class="task" role="img" aria-label="to do">☐</span> p</li>\n</ul>',
    ),
    (
        b.DefinitionList((b.DefinitionItem((i.Text("t"),), (P, (*P, *P))),)),
        "<dl>\n<dt>t</dt>\n<dd>p</dd>\n<dd>\n<p>p</p>\n<p>p</p>\n</dd>\n</dl>",
    ),
    (
        b.CodeBlock("if a < b:\n    c", "python"),
        '<pre tabindex="0"><code class="language-python"><span class="k">if</span> a <span class="o">&lt;</span> b:\n    c</code></pre>',
    ),
    (
        b.CodeBlock("\na <b>", "nonsense"),
        '<pre tabindex="0"><code class="language-nonsense">\na &lt;b&gt;</code></pre>',
    ),
    (b.CodeBlock("a"), '<pre tabindex="0"><code>a</code></pre>'),
    (
        b.MathBlock("a"),
        '<div class="math" tabindex="0"><math xmlns="http://www.w3.org/1998/Math/MathML" display="block" alttext="a"><mrow><mi>a</mi></mrow></math></div>',
    ),
    (
        b.Verse(
            (i.Text("a"), i.LineBreak(), i.Text("  b"), i.LineBreak(), i.LineBreak(), i.Text("c"))
        ),
        '<div class="verse"><p>a<br>  b</p><p>c</p></div>',
    ),
    (
        b.Figure(
            i.Image("https://a.example/b.png", "A"), (i.Text("c"),), "https://a.example/", 30, 20
        ),
        '<figure><a href="https://a.example/"><img src="https://a.example/b.png" alt="A" width="30" height="20"></a><figcaption>c</figcaption></figure>',
    ),
    (
        b.Gallery(
            (
                b.Figure(i.Image("https://a.example/b.png", "A")),
                b.Figure(i.Image("https://a.example/c.png", "B")),
            ),
            (i.Text("c"),),
        ),
        '<figure class="gallery"><figure><img src="https://a.example/b.png" alt="A"></figure><figure><img src="https://a.example/c.png" alt="B"></figure><figcaption>c</figcaption></figure>',
    ),
    (
        b.Table(
            ((b.Cell((i.Text("h"),)), b.Cell((i.Text("i"),))),),
            (
                (b.Cell((i.Text("a"),), colspan=2),),
                (b.Cell((i.Text("b"),), rowspan=2), b.Cell((i.Text("c"),))),
            ),
            ("", "right"),
            (i.Text("cap"),),
        ),
        '<div class="table" tabindex="0"><table>\n<caption>cap</caption>\n<thead>\n<tr><th scope="col">h</th><th class="align-right" scope="col">i</th></tr>\n</thead>\n<tbody>\n<tr><td colspan="2">a</td></tr>\n<tr><td>b</td><td class="align-right">c</td></tr>\n</tbody>\n</table></div>',
    ),
    (b.ThematicBreak(), "<hr>"),
    (
        b.Callout(P, (i.Text("t"),), "warning"),
        '<div class="callout callout-warning" role="note">\n<p class="callout-title">t</p>\n<p>p</p>\n</div>',
    ),
    (
        b.Embed(
            "tweet",
            "https://a.example/1",
            "Twitter",
            text="a <b>\nc",
            author="A (@a)",
            date="May 1",
        ),
        '<div class="embed embed-tweet"><p class="embed-text">a &lt;b&gt;</p><p class="embed-text">c</p><p class="embed-byline">A (@a) · May 1</p><p class="embed-source"><a href="https://a.example/1">Twitter</a></p></div>',
    ),
    (
        b.Embed("video", "https://a.example/watch?v=1", "YouTube", title="T"),
        '<div class="embed embed-video"><p class="embed-title"><a href="https://a.example/watch?v=1">T</a></p><p class="embed-source"><a href="https://a.example/watch?v=1">YouTube</a></p></div>',
    ),
    (
        b.Embed("other", "https://a.example/x"),
        '<div class="embed embed-other"><p class="embed-source">a.example: <a href="https://a.example/x">a.example/x</a></p></div>',
    ),
    (
        b.Media("audio", "https://api.a.example/api/v1/audio/upload/0c1f77e2/src"),
        '<div class="embed embed-audio"><p class="embed-source">Audio: <a href="https://api.a.example/api/v1/audio/upload/0c1f77e2/src">api.a.example</a></p></div>',
    ),
    (
        b.Media("audio", "https://a.example/a.mp3", caption=(i.Text("c"),), duration=61),
        '<div class="embed embed-audio"><p class="embed-title">c</p><p class="embed-source">Audio (1:01): <a href="https://a.example/a.mp3">a.example/a.mp3</a></p></div>',
    ),
    (
        b.FileDownload("https://a.example/a.pdf", "A file", "2 kB"),
        '<p class="file"><a href="https://a.example/a.pdf">A file</a> <span class="size">2 kB</span></p>',
    ),
    (
        b.Button("Read", "https://a.example/"),
        '<p class="button"><a href="https://a.example/">Read</a></p>',
    ),
    (b.Button("Subscribe", "https://a.example/", "subscribe"), ""),
    (b.SubscribeForm("t", "l"), ""),
    (b.PaywallBreak(), ""),
    (
        b.Poll("q", ("a", "b"), "https://a.example/p"),
        '<div class="poll"><p><a href="https://a.example/p">q</a></p><ul><li>a</li><li>b</li></ul></div>',
    ),
    (b.Poll(), ""),
    (
        b.Recipe("t", ("i",), ("s",), "https://a.example/r"),
        '<div class="recipe"><p class="recipe-title"><a href="https://a.example/r">t</a></p><ul><li>i</li></ul><ol><li>s</li></ol></div>',
    ),
    (b.Conditional(P, ("only_paid",)), '<div class="conditional">\n<p>p</p>\n</div>'),
    (b.Group(P, classes=("k",)), '<div class="k">\n<p>p</p>\n</div>'),
    (
        b.RawBlock(
            "html",
            '<div onclick="x"><p>a</p><iframe src="https://a.example"></iframe></div>',
        ),
        "<div><p>a</p></div>",
    ),
    (b.RawBlock("latex", r"\a"), ""),
    (b.Extension("chess", {"a": 1}, P), "<div>\n<p>p</p>\n</div>"),
]
