"""What the shortcodes of site generators and their themes show, by name.

Sources: the documentation of Hugo, Quarto, Jekyll (Liquid), Zola and Eleventy, and of the themes that
name them. Only a site's templates define a shortcode, so a name here says what themes agree on. A name
that is not here is unknown: its words stay, and it is reported.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Shows: TypeAlias = Literal[
    "code",
    "formula",
    "raw",
    "figure",
    "gallery",
    "video",
    "media",
    "post",
    "gist",
    "details",
    "callout",
    "quote",
    "tab",
    "title",
    "content",
    "words",
    "link",
    "button",
    "rule",
    "nothing",
    "hidden",
    "computed",
    "file",
    "include",
]

_NAMES: dict[Shows, str] = {
    # Words
    "code": "code code-toggle codeblock code-block highlight listing mermaid prism runkit snippet sourcecode chart plotly",
    "formula": "katex",
    "raw": "literal raw verbatim",
    "figure": "asset_img enlargeimage fig figcaption figimage figure image img imgproc lazyimage legacy-img legacy-img-right"
    " img-right img-left legacy-img-left photo picture pic postimage postimg resize_image responsive_image resp_image staticimg"
    " staticimage nuxtimg nuxtpicture",
    "gallery": "carousel galleries gallery image-gallery photo-gallery slideshow",
    "details": "accordion accordion-item collapse collapsible details expand expandable faq fold spoiler toggle hidden-content hideblock hideinline hidetoggle",
    "callout": "admonition alert aside attention banner callout caution danger error hint important info message"
    " note notice success tip warning warn question box highlight-box infobox definition theorem example",
    "quote": "blockquote centerquote cq epigraph pullquote quote quote-block quoteblock testimonial",
    "tab": "codetab tab tabitem tabpanel step timeline",
    "title": "comparecaption detailssummary summary label",
    "content": "aligncenter card cards cardgroup carditem center chat columns column col columns-block compare container div figures"
    " flex fragment grid grid-item hero lead left list math row rawhtml right section span steps tabbed tabgroup"
    " tabgroups tabpane tabs tabset tabs-group typography unsafe rendertemplate wrap wrapper codegroup code-group codetabs frame filetree pagewrapper prose",
    "words": "abbr b badge del em hl i ins kbd key keyboard mark pill small strong sub sup toggled tooltip u underline",
    # Addresses in place of what screens show
    "video": "vimeo vimeolite youtube youtube-embed youtubelite youtubeembed youtube_embed yt lite-youtube loom dailymotion peertube",
    "media": "audio mp3 mp4 music podcast video videojs",
    "post": "mastodon simpletweet toot tweet twitter twitterembed tweet_embed tweetembed twitter_simple x x_simple",
    "gist": "gist",
    "link": "asciinema bandcamp bilibili bluesky bookmark codepen codesandbox docswell embed figma facebook fb-video github glitch iframe instagram"
    " jsfiddle link linkcard linkpreview map maps nftembed observable remoteimage replit slides slideshare soundcloud"
    " speakerdeck spotify stackblitz tiktok twitch url",
    "button": "btn button buttonlink cta linkbutton",
    "file": "asset_link attachments download file legacy-file asset-static pdf",
    "rule": "divider hr line separator",
    # Nothing for readers
    "nothing": "ad ads adsense adunit analytics anchor break br brief clear clearfix comments contents css disqus fa fab far fas"
    " feather fontawesome icon icons increment decrement layout lastmod likebutton more newsletter pagebreak read-more"
    " script search set share signup spacer style subscribe subscription table-of-contents tableofcontents toc"
    " assign kofi donate endraw seo",
    "hidden": "comment",
    "computed": "break capture case continue cycle else elseif elsif for if ifchanged limit tablerow unless when with render block macro"
    " import from extends filter paginate",
    "include": "include include_cached include_relative includecontent partial readfile remote-include",
}
_SHOWS: dict[str, Shows] = {
    name: shows for shows, names in _NAMES.items() for name in names.split()
}
PAIRED_LOGIC = frozenset(f"end{name}" for name in _NAMES["computed"].split())
CALLOUT_KINDS = frozenset(
    "attention caution danger error example hint important info note question success tip warning".split()
)


def shows_what(name: str) -> Shows | None:
    """Returns what a shortcode of this name shows, in any case; None if the name is unknown."""
    name = name.lower()
    return _SHOWS.get(name) or _SHOWS.get(name.replace("_", "-"))
