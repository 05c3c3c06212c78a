"""Ways in which a text could make a browser run or load something, each with a signal of its own."""

from __future__ import annotations

from typing import NamedTuple


class Vector(NamedTuple):
    """A piece of HTML. ``SIGNAL`` in it is an address, ``RUN`` a script that asks for it."""

    name: str
    html: str
    fires: bool = True
    """Whether a page that holds it as it is sends the signal in Chromium today; others fired in older browsers."""


RUN = "fetch('SIGNAL')"
_SVG = "xmlns='http://www.w3.org/2000/svg'"
_MATH = "xmlns='http://www.w3.org/1998/Math/MathML'"
_PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

VECTORS = (
    # Scripts
    Vector("script", "<script>RUN</script>"),
    Vector("script of an address", "<script src='SIGNAL'></script>"),
    Vector("script in capitals", "<ScRiPt>RUN</sCrIpT>"),
    Vector("script with a slash", "<script/x>RUN</script>"),
    Vector("script in two", "<scr<script></script>ipt>RUN</script>", fires=False),
    Vector("module", "<script type='module'>RUN</script>"),
    Vector("script without an end", "<p>a<script>RUN//", fires=False),
    Vector("script after a comment", "<!--><script>RUN</script>-->"),
    Vector("comment with an early end", "<!-- --!><script>RUN</script> -->"),
    Vector("CDATA", "<![CDATA[><script>RUN</script>]]>"),
    Vector("processing instruction", "<?x ><script>RUN</script>?>"),
    Vector("doctype", "<!DOCTYPE x [<!ENTITY a 'b'>]><script>RUN</script>"),
    # Handlers of events
    Vector("onerror", "<img src='x:' onerror=\"RUN\">"),
    Vector("onload", f"<img src='{_PIXEL}' onload=\"RUN\">"),
    Vector("onerror without spaces", "<img/src='x:'/onerror=\"RUN\">"),
    Vector("onerror in entities", "<img src='x:' onerror=\"&#102;etch('SIGNAL')\">"),
    Vector("onclick", "<p onclick=\"RUN\">a</p>"),
    Vector("onmouseover", "<b onmouseover=\"RUN\">a</b>"),
    Vector("onfocus", "<input autofocus onfocus=\"RUN\">"),
    Vector("onfocus of a paragraph", "<p tabindex='0' autofocus onfocus=\"RUN\">a</p>"),
    Vector("ontoggle", "<details open ontoggle=\"RUN\"><summary>a</summary>b</details>"),
    Vector("onbegin", f"<svg {_SVG}><animate onbegin=\"RUN\" attributeName='x' dur='1s'/></svg>"),
    Vector("onload of SVG", f"<svg {_SVG} onload=\"RUN\"></svg>"),
    Vector("onload of a body", "<body onload=\"RUN\">"),
    Vector("onerror of a video", "<video><source src='x:' onerror=\"RUN\"></video>"),
    Vector("onerror of a recording", "<audio src='x:' onerror=\"RUN\"></audio>"),
    Vector("onanimationstart",
           "<style>@keyframes a{}</style><p style='animation-name:a' onanimationstart=\"RUN\">a</p>"),
    Vector("onstart", "<marquee onstart=\"RUN\">a</marquee>", fires=False),
    Vector("onload of a style", "<style onload=\"RUN\">p{}</style>"),
    Vector("onscrollend", "<p onscroll=\"RUN\">a</p>"),
    Vector("onpointerenter", "<p onpointerenter=\"RUN\">a</p>"),
    # Addresses that run
    Vector("javascript:", "<a href=\"javascript:RUN\">a</a>"),
    Vector("javascript: in capitals", "<a href=\"JaVaScRiPt:RUN\">a</a>"),
    Vector("javascript: with a tab", "<a href=\"java&#9;script:RUN\">a</a>"),
    Vector("javascript: after a control character", "<a href=\"&#1;javascript:RUN\">a</a>"),
    Vector("javascript: in entities", "<a href=\"&#x6A;avascript&colon;RUN\">a</a>"),
    Vector("javascript: on a new line", "<a href=\"java\nscript:RUN\">a</a>"),
    Vector("vbscript:", "<a href=\"vbscript:RUN\">a</a>", fires=False),
    Vector("data: page", "<iframe src=\"data:text/html,<script>RUN</script>\"></iframe>"),
    Vector("javascript: in a frame", "<iframe src=\"javascript:RUN\"></iframe>"),
    Vector("javascript: of a form", "<form action=\"javascript:RUN\"><button>a</button></form>"),
    Vector("javascript: of a button",
           "<form><button formaction=\"javascript:RUN\">a</button></form>"),
    Vector("javascript: of an area",
           f"<map name='m'><area href=\"javascript:RUN\" shape='default'></map><img usemap='#m' src='{_PIXEL}'>"),
    Vector("javascript: in SVG",
           f"<svg {_SVG}><a href=\"javascript:RUN\"><text y='20'>a</text></a></svg>"),
    Vector("javascript: by xlink",
           f"<svg {_SVG} xmlns:xlink='http://www.w3.org/1999/xlink'><a xlink:href=\"javascript:RUN\">"
           "<text y='20'>a</text></a></svg>"),
    Vector("javascript: set by an animation",
           f"<svg {_SVG}><a><animate attributeName='href' values=\"javascript:RUN\"/><text y='20'>a</text></a></svg>"),
    Vector("javascript: of MathML", f"<math {_MATH} href=\"javascript:RUN\"><mi>x</mi></math>", fires=False),
    Vector("javascript: of an object", "<object data=\"javascript:RUN\"></object>", fires=False),
    Vector("javascript: of a base", "<base href=\"javascript:/a/-RUN//\"><a href='#'>a</a>", fires=False),
    Vector("javascript: of a picture", "<img src=\"javascript:RUN\">", fires=False),
    Vector("javascript: of CSS", "<p style=\"background:url(javascript:RUN)\">a</p>", fires=False),
    # Frames and objects
    Vector("frame", "<iframe src='SIGNAL'></iframe>"),
    Vector("srcdoc", "<iframe srcdoc=\"<script>RUN</script>\"></iframe>"),
    Vector("object", "<object data='SIGNAL'></object>"),
    Vector("embed", "<embed src='SIGNAL'>"),
    Vector("frame set", "<frameset><frame src='SIGNAL'></frameset>", fires=False),
    Vector("portal", "<portal src='SIGNAL'></portal>", fires=False),
    Vector("template with a shadow", "<div><template shadowrootmode='open'><img src='SIGNAL'></template></div>"),
    # Elements of a head
    Vector("refresh", "<meta http-equiv='refresh' content='0;url=SIGNAL'>"),
    Vector("refresh that runs", "<meta http-equiv='refresh' content=\"0;url=javascript:RUN\">", fires=False),
    Vector("base", "<base href='SIGNAL/'><img src='a.png'>"),
    Vector("style sheet", "<link rel='stylesheet' href='SIGNAL'>"),
    Vector("prefetch", "<link rel='prefetch' href='SIGNAL'>"),
    Vector("preload", "<link rel='preload' as='script' href='SIGNAL'>"),
    Vector("module preload", "<link rel='modulepreload' href='SIGNAL'>"),
    Vector("icon", "<link rel='icon' href='SIGNAL'>", fires=False),
    Vector("manifest", "<link rel='manifest' href='SIGNAL'>", fires=False),
    Vector("preconnect", "<link rel='preconnect' href='SIGNAL'>", fires=False),
    # CSS
    Vector("@import", "<style>@import 'SIGNAL';</style>"),
    Vector("url() of a style", "<style>p{background:url(SIGNAL)}</style><p>a</p>"),
    Vector("url() of an attribute", "<p style=\"background-image:url('SIGNAL')\">a</p>"),
    Vector("url() in escapes", "<p style=\"background:\\75rl('SIGNAL')\">a</p>"),
    Vector("list picture", "<ul><li style=\"list-style-image:url('SIGNAL')\">a</li></ul>"),
    Vector("content", "<style>p::before{content:url(SIGNAL)}</style><p>a</p>"),
    Vector("cursor", "<p style=\"cursor:url('SIGNAL'),auto\">a</p>"),
    Vector("image-set()", "<p style=\"background-image:image-set('SIGNAL' 1x)\">a</p>"),
    Vector("mask", "<p style=\"mask-image:url('SIGNAL')\">a</p>"),
    Vector("font", "<style>@font-face{font-family:f;src:url(SIGNAL)}p{font-family:f}</style><p>a</p>"),
    Vector("variable", "<p style=\"--a:url('SIGNAL');background:var(--a)\">a</p>"),
    Vector("expression()", "<p style=\"width:expression(RUN)\">a</p>", fires=False),
    Vector("style that ends early", "<style><img title=\"</style><img src='x:' onerror=RUN>\"></style>"),
    # Pictures that are no pictures of a post
    Vector("background", "<table background='SIGNAL'><tr><td>a</td></tr></table>"),
    Vector("poster", "<video poster='SIGNAL'></video>"),
    Vector("input", "<input type='image' src='SIGNAL'>"),
    Vector("picture of SVG", f"<svg {_SVG}><image href='SIGNAL' width='9' height='9'/></svg>"),
    Vector("picture of SVG by xlink",
           f"<svg {_SVG} xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='SIGNAL' width='9' height='9'/></svg>"),
    Vector("use", f"<svg {_SVG}><use href='SIGNAL#a'/></svg>", fires=False),
    Vector("filter", f"<svg {_SVG}><filter id='f'><feImage href='SIGNAL'/></filter><rect width='9' height='9' filter='url(#f)'/></svg>"),
    Vector("script of SVG", f"<svg {_SVG}><script>RUN</script></svg>"),
    Vector("address of a script of SVG", f"<svg {_SVG}><script href='SIGNAL'/></svg>"),
    Vector("foreign object", f"<svg {_SVG}><foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='SIGNAL'></iframe></foreignObject></svg>"),
    Vector("style of SVG", f"<svg {_SVG}><style>@import 'SIGNAL';</style></svg>"),
    Vector("set", f"<svg {_SVG}><image width='9' height='9'><set attributeName='href' to='SIGNAL'/></image></svg>"),
    Vector("SVG in a page of data",
           "<object data=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><script>RUN</script></svg>\"></object>"),
    Vector("ping", "<a href='#a' ping='SIGNAL'>a</a>"),
    Vector("video", "<video src='SIGNAL' preload='auto' autoplay muted></video>"),
    Vector("recording", "<audio src='SIGNAL' preload='auto'></audio>"),
    Vector("track", f"<video src='{_PIXEL}'><track default kind='captions' src='SIGNAL'></video>", fires=False),
    # What changes its meaning when it is parsed a second time
    Vector("noscript", "<noscript><p title=\"</noscript><img src='x:' onerror=RUN>\"></noscript>"),
    Vector("title in SVG",
           "<svg></p><style><a id=\"</style><img src='x:' onerror=RUN>\">"),
    Vector("MathML and style",
           "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x: onerror=RUN&gt;\">",
           fires=False),
    Vector("MathML and forms",
           "<form><math><mtext></form><form><mglyph><style></math><img src='x:' onerror=\"RUN\">", fires=False),
    Vector("xmp", "<xmp><p title=\"</xmp><img src='x:' onerror=RUN>\"></xmp>"),
    Vector("text area", "<textarea><p title=\"</textarea><img src='x:' onerror=RUN>\"></textarea>"),
    Vector("noembed", "<noembed><p title=\"</noembed><img src='x:' onerror=RUN>\"></noembed>"),
    Vector("plain text", "<p><svg><desc><img src='x:' onerror=\"RUN\"></desc></svg>"),
    Vector("annotation", f"<math {_MATH}><annotation-xml encoding='text/html'><img src='x:' onerror=\"RUN\"></annotation-xml></math>"),
    Vector("select", "<select><option><style></option></select><img src='x:' onerror=\"RUN\"></style>", fires=False),
    Vector("attribute without quotes", "<img alt=`<x` src='x:' onerror=\"RUN\">"),
    Vector("attribute that ends in an entity", "<p title='&quot;><img src=x: onerror=\"RUN\">'>a</p>", fires=False),
    Vector("code", "<pre><code class='language-html'>&lt;script>RUN&lt;/script></code></pre>", fires=False),
    Vector("class that ends early", "<pre><code class='language-x\"><img src=x: onerror=RUN>'>a</code></pre>", fires=False),
)  # fmt: skip

IN_HEADERS = {
    "title": '</title><script>RUN</script><img src=x: onerror="RUN">',
    "subtitle": '<img src=x: onerror="RUN">',
    "author": '"><script>RUN</script>',
    "description": "\"><meta http-equiv='refresh' content='0;url=SIGNAL'>",
    "canonical_url": "javascript:RUN",
    "url": "javascript:RUN",
    "cover_image": "javascript:RUN",
    "lang": 'en" onload="RUN',
    "slug": '"><script>RUN</script>',
    "tags": ['"><script>RUN</script>', "</script><script>RUN</script>"],
    "audio": "javascript:RUN",
}
"""Fields of a post's header."""

IN_MARKDOWN = (
    Vector("link", "[a](javascript:RUN)"),
    Vector("link in capitals", "[a](JAVASCRIPT:RUN)"),
    Vector("link in angle brackets", "[a](<java&#9;script:RUN>)"),
    Vector("reference", "[a][b]\n\n[b]: javascript:RUN"),
    Vector("autolink", "<javascript:RUN>"),
    Vector("title", "[a](b \"\\\" onmouseover=RUN x=\\\"\")"),
    Vector("picture", "![a](javascript:RUN)"),
    Vector("words of a picture", "![\"><img src=x: onerror=RUN>](a.png)"),
    Vector("language of code", "```\"><img/src='x:'/onerror=RUN>\na\n```"),
    Vector("attributes", "a{onclick=\"RUN\" style=\"background:url(SIGNAL)\"}\n\n[a]{onmouseover=\"RUN\"}"),
    Vector("heading", "# a {#b\"onclick=RUN onclick=\"RUN\"}"),
    Vector("footnote", "a[^\"><img src=x: onerror=RUN>]\n\n[^\"><img src=x: onerror=RUN>]: b"),
    Vector("formula", "$\\href{javascript:RUN}{x}$ $\\includegraphics{SIGNAL}$ $\\text{</math><img src=x: onerror=\"RUN\">}$"),
    Vector("table", "| a |\n|---|\n| <img src=x: onerror=\"RUN\"> |"),
    Vector("raw HTML", "```{=html}\n<script>RUN</script>\n```"),
    Vector("raw LaTeX", "```{=latex}\n\\href{javascript:RUN}{a}\n```"),
    Vector("division", "::: {onclick=\"RUN\" style=\"background:url(SIGNAL)\"}\na\n:::"),
    Vector("shortcode", "{{< figure src=\"SIGNAL\" onerror=\"RUN\" link=\"javascript:RUN\" >}}\n\n{{< youtube \"\\\"><script>RUN</script>\" >}}"),
    Vector("wikilink", "[[javascript:RUN|a]] [[\"><img src=x: onerror=RUN>]]"),
)  # fmt: skip
"""Ways through the marks of Markdown."""
