"""Component rows of Substack's own blocks: buttons, forms, the paywall, poems, code, formulas,
media.
"""

from __future__ import annotations

import re
import string as letters
import uuid
from typing import Any

from ..language.wording import CALLOUTS
from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.index import NAMESPACE
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.walk import walk
from .component_element import Element, attribute_of, lines, take_shown_address, unwrap_inlines
from .component_markup import FOR_SOME_READERS
from .component_spec import ComponentRow, ShownFields
from .data_attrs import Data, string

UPLOADS = "https://api.substack.com/api/v1/{kind}/upload/{id}/src"
_UPLOAD = lazy_pattern(
    r"^https://api\.substack\.com/api/v1/(?:video|audio)/upload/([A-Za-z0-9_-]+)/src$"
)
_CALLOUTS = tuple(f"callout-{kind}" for kind in CALLOUTS)
_DEFAULT_LANGUAGE = "plaintext"
_HIGHLIGHTER = "shiki"
"""A class of Substack's ``pre`` that Pandoc writes in place of a language."""


def action_of(url: str) -> str:
    """Infers a button's action from its address; empty for a plain link."""
    path, _, query = url.partition("?")
    if "%%share_url%%" in url or "action=share" in query:
        return "share"
    if "gift=true" in query:
        return "gift"
    if "%%checkout_url%%" in url or path.endswith("/subscribe"):
        return "subscribe"
    if "comments_url%%" in url or path.endswith("/comments"):
        return "comment"
    return ""


def _read_button(e: Element) -> b.Button | None:
    data = e.data
    if not data and _holds_component(e.node):
        return None
    href = string(data.get("url")) or getattr(e.node, "href", "") or e.href()
    label = string(data.get("text")) or plain_text(e.node)
    if not (label or href):
        return None
    return b.Button(label, href=href, action=string(data.get("action")) or action_of(href))


def _holds_component(node: Node) -> bool:
    """Returns whether there is a component within one: a button whose end is lost has what follows in it."""
    return any(
        attribute_of(part, "component-name")
        for part in walk(node)
        if part is not node and isinstance(part, b.Group)
    )


def _button_data(node: b.Button) -> Data:
    plain = node.action == action_of(node.href)
    action = None if plain else node.action
    return {"url": node.href, "text": node.label, "action": action, "class": None}


def _read_captioned_button(e: Element) -> b.Group | None:
    """Reads the sentence above the button, and the button. In Markdown, only the data hold the
    button. None if there is more than these, which would be lost.
    """
    button = next((n for n in e.blocks if isinstance(n, b.Button)), None)
    if button is None:
        button = _read_button(Element(b.Group(), data=e.data))
    words = unwrap_inlines(getattr(e.find("preamble", "cta-caption"), "children", ()))
    if not words:
        is_plain = all(isinstance(n, b.Paragraph | b.Button) for n in e.blocks)
        if not is_plain or not isinstance(e.node, b.Group):
            return None
        words = unwrap_inlines(n for n in e.blocks if isinstance(n, b.Paragraph))
    children: list[b.Block] = [b.Paragraph(e.type_inlines(words))] if words else []
    if button is not None:
        children.append(button)
    return b.Group(tuple(children), classes=("captioned-button-wrap",))


def is_captioned_button(node: b.Group) -> bool:
    """Returns whether a Group was read as the component, by which it has lost the attributes of the element."""
    is_element = attribute_of(node, "attrs") or attribute_of(node, "component-name")
    return "captioned-button-wrap" in node.classes and not is_element


def _captioned_button_data(node: b.Group) -> Data:
    button = next((n for n in node.children if isinstance(n, b.Button)), b.Button(""))
    return {"url": button.href, "text": button.label}


def _read_form(e: Element) -> b.SubscribeForm:
    caption = e.text("cta-caption") or e.text("preamble")
    if not caption and len(e.content) == 1 and isinstance(e.content[0], b.Paragraph):
        caption = plain_text(e.node)
    return b.SubscribeForm(caption, string(e.data.get("text")))


def _form_data(node: b.SubscribeForm) -> Data:
    return {"url": "%%checkout_url%%", "text": node.label, "language": "en"}


def _read_app(e: Element) -> b.Button:
    # What follows a paragraph without a class is not its own.
    parts = [n for n in e.content if isinstance(n, b.Group) or n.classes] or e.content[:1]
    label = plain_text(b.Group(tuple(parts))) or "Get the Substack app"
    return b.Button(label, href="https://substack.com/app", action="app")


def _read_message(e: Element) -> b.Button:
    name, user = string(e.data.get("userName")), string(e.data.get("userId"))
    href = f"https://substack.com/profile/{user}" if user else ""
    return b.Button(f"Message {name}".strip(), href=href, action="message")


def _message_data(node: b.Button) -> Data:
    user = node.href.removeprefix("https://substack.com/profile/")
    return {
        "userId": int(user[:15]) if user.isascii() and user.isdigit() else None,
        "userName": node.label.removeprefix("Message ").strip(),
        "canDm": None,
        "dmUpgradeOptions": None,
        "isEditorNode": True,
    }


def _read_verse(e: Element) -> b.Verse | None:
    for node in walk(getattr(e.node, "children", ())):
        if isinstance(node, b.CodeBlock):
            return b.Verse(lines(node.text))
        if isinstance(node, b.Verse):
            return b.Verse(e.type_inlines(node.children))
        if attribute_of(node, "element") == "pre":
            return b.Verse(e.type_inlines(unwrap_inlines(getattr(node, "children", ()))))
    children = e.content
    if not children or not all(isinstance(n, b.Paragraph) for n in children):
        return None
    return b.Verse(e.type_inlines(unwrap_inlines(children)))


def _read_code(e: Element) -> b.CodeBlock | None:
    """Reads code; the language in the text wins over the data, since an author may have edited it."""
    for node in walk(getattr(e.node, "children", ())):
        if isinstance(node, b.CodeBlock):
            written = node.language if node.language != _HIGHLIGHTER else ""
            written = written or string(e.data.get("language"))
            return b.CodeBlock(node.text, written if written != _DEFAULT_LANGUAGE else "")
    return None


def _code_data(node: b.CodeBlock) -> Data:
    identifier = str(uuid.uuid5(NAMESPACE, f"code\0{node.language}\0{node.text}"))
    return {"language": node.language or _DEFAULT_LANGUAGE, "nodeId": identifier}


def _read_latex(e: Element) -> b.MathBlock | None:
    tex = string(e.data.get("persistentExpression"))
    if not tex:
        found = next((n for n in walk(e.node) if isinstance(n, b.MathBlock | i.Math)), None)
        tex = found.tex if found is not None else plain_text(e.node)
    return b.MathBlock(tex) if tex else None


def _read_inline_latex(e: Element) -> i.Math | None:
    block = _read_latex(e)
    return i.Math(block.tex) if block is not None else None


def _latex_data(node: b.MathBlock | i.Math) -> Data:
    number = uuid.uuid5(NAMESPACE, f"latex\0{node.tex}").int
    capitals = []
    for _ in range(10):
        number, digit = divmod(number, 26)
        capitals.append(letters.ascii_uppercase[digit])
    return {"persistentExpression": node.tex, "id": "".join(capitals)}


def upload_id(node: b.Media) -> str:
    """Returns Substack's identifier of native media; empty for a file elsewhere."""
    match = _UPLOAD.match(node.src)
    return match[1] if match else ""


def _seconds(value: Any) -> float:
    valid = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9
    return float(value) if valid else 0.0


def _media(e: Element, kind: Any) -> b.Media | None:
    paragraphs = [n for n in getattr(e.node, "children", ()) if isinstance(n, b.Paragraph)]
    src = UPLOADS.format(kind=kind, id=string(e.data.get("mediaUploadId")))
    if not _UPLOAD.match(src):
        src = take_shown_address(paragraphs) if paragraphs else ""
    if not src:
        return None
    label = string(e.data.get("label"))
    words = unwrap_inlines(paragraphs)
    return b.Media(
        kind,
        src=src,
        caption=e.type_inlines(words) if words else (i.Text(label),) if label else (),
        duration=_seconds(e.data.get("duration")),
    )


def _video_data(node: b.Media) -> Data:
    return {"mediaUploadId": upload_id(node), "duration": node.duration or None}


def _audio_data(node: b.Media) -> Data:
    return {
        "label": plain_text(node.caption) or None,
        "mediaUploadId": upload_id(node),
        "duration": node.duration or None,
        "isEditorNode": True,
    }


def _read_file(e: Element) -> b.FileDownload | None:
    src = e.href("file-embed-button") or e.href()
    name = e.text("file-embed-details-h1")
    if not (src or name):
        return None
    return b.FileDownload(src, name=name, size=e.text("file-embed-details-h2"))


def _read_poll(e: Element) -> b.Poll:
    return b.Poll(string(e.data.get("question")))


def _no_identifier(_: Node) -> Data:
    return {"id": None}


def _read_callout(e: Element) -> b.Callout:
    kind = next((c.removeprefix("callout-") for c in e.classes if c in _CALLOUTS), "")
    heading = e.attribute("title")
    title: tuple[i.Inline, ...] = (i.Text(heading),) if heading else ()
    children = e.content
    first = children[0] if children else None
    if isinstance(first, b.Group) and "callout-title" in first.classes:
        title, children = e.type_inlines(unwrap_inlines(first.children)), children[1:]
    return b.Callout(e.type_blocks(children), title=title, kind=kind or e.attribute("kind"))


def _read_conditional(e: Element) -> b.Conditional:
    children: list[b.Block] = []
    for child in e.content:
        if isinstance(child, b.Group) and "dynamic-content-match" in child.classes:
            children += child.children
        else:
            children.append(child)
    audiences = e.attribute("dynamic-audiences") or e.attribute("audiences")
    return b.Conditional(
        e.type_blocks(tuple(children)),
        audiences=tuple(filter(None, re.split(r"[\s,]+", audiences))),
    )


def _read_mention(e: Element) -> i.Mention | None:
    """Reads a mention. HTML has the name only in its data; if the text has it too, the text takes
    precedence.
    """
    name, user = string(e.data.get("name")), string(e.data.get("id"))
    children = e.type_inlines(getattr(e.node, "children", ()))
    if not children:
        children = (i.Text(name),) if name else ()
    if not children:
        return None
    profile = f"https://substack.com/profile/{user}" if user else e.attribute("href")
    href = string(e.data.get("url")) or getattr(e.node, "href", "") or profile
    return i.Mention(children, href=href)


def _mention_data(node: i.Mention) -> Data:
    user = re.match(r"https://substack\.com/profile/(\d{1,15})(?:-|$)", node.href)
    plain = user is not None and node.href.endswith(user[1])
    return {
        "name": plain_text(node.children),
        "id": int(user[1]) if user else None,
        "type": "user",
        "url": None if plain else node.href or None,
        "photo_url": None,
        "uuid": None,
    }


def _read_cashtag(e: Element) -> i.Mention | None:
    symbol = plain_text(e.node).lstrip("$") or string(e.data.get("symbol"))
    return i.Mention((i.Text(f"${symbol}"),)) if symbol else None


def _cashtag_data(node: i.Mention) -> Data:
    return {"symbol": plain_text(node.children).removeprefix("$")}


def _is_cashtag(node: i.Mention) -> bool:
    return not node.href and re.fullmatch(r"\$[\w.]+", plain_text(node.children)) is not None


CODE = ComponentRow(
    classes=("highlighted_code_block",),
    components=("HighlightedCodeBlockToDOM",),
    kind=b.CodeBlock,
    read=_read_code,
    data=_code_data,
    variants=("pre code", "pre code code", "pre"),
)
WIDGETS = (
    ComponentRow(
        classes=("button-wrapper",),
        components=("ButtonCreateButton",),
        kind=b.Button,
        read=_read_button,
        data=_button_data,
        covers=lambda node: node.action not in ("app", "message"),
    ),
    ComponentRow(
        classes=("directMessage",),
        components=("DirectMessageToDOM",),
        kind=b.Button,
        read=_read_message,
        data=_message_data,
        covers=lambda node: node.action == "message",
        extra=("button",),
    ),
    ComponentRow(
        classes=("install-substack-app-embed",),
        components=("InstallSubstackAppToDOM",),
        kind=b.Button,
        read=_read_app,
        shown=ShownFields(label="label"),
    ),
    ComponentRow(
        classes=("captioned-button-wrap",),
        components=("CaptionedButtonToDOM",),
        kind=b.Group,
        read=_read_captioned_button,
        data=_captioned_button_data,
        covers=is_captioned_button,
    ),
    ComponentRow(
        classes=("subscription-widget-wrap-editor", "subscription-widget-wrap", "subscribe-widget"),
        components=("SubscribeWidgetToDOM", "SubscribeWidget"),
        kind=b.SubscribeForm,
        read=_read_form,
        variants=("short",),
        data=_form_data,
    ),
    ComponentRow(
        classes=("paywall-jump",),
        components=("PaywallToDOM",),
        kind=b.PaywallBreak,
        read=lambda _: b.PaywallBreak(),
    ),
    ComponentRow(
        classes=("pullquote",),
        kind=b.PullQuote,
        read=lambda e: b.PullQuote(e.blocks),
        holes=("pullquote",),
    ),
    ComponentRow(
        classes=("preformatted-block",),
        has_words=True,
        components=("PreformattedTextBlockToDOM",),
        kind=b.Verse,
        read=_read_verse,
        variants=("unlabelled",),
        holes=("pre",),
    ),
    CODE,
    ComponentRow(
        classes=("latex-rendered",),
        components=("LatexBlockToDOM",),
        kind=b.MathBlock,
        read=_read_latex,
        data=_latex_data,
    ),
    ComponentRow(
        classes=("native-video-embed",),
        components=("VideoPlaceholder", "VideoEmbedPlayer"),
        kind=b.Media,
        read=lambda e: _media(e, "video"),
        data=_video_data,
        covers=lambda node: node.kind == "video" and upload_id(node) != "",
    ),
    ComponentRow(
        classes=("native-audio-embed",),
        components=("AudioPlaceholder", "AudioEmbedPlayer"),
        kind=b.Media,
        read=lambda e: _media(e, "audio"),
        data=_audio_data,
        covers=lambda node: node.kind == "audio" and upload_id(node) != "",
    ),
    ComponentRow(
        classes=("file-embed-wrapper",),
        has_words=True,
        components=("FileToDOM",),
        kind=b.FileDownload,
        read=_read_file,
        variants=("icon",),
    ),
    ComponentRow(
        classes=("poll-embed",),
        components=("PollToDOM",),
        kind=b.Poll,
        read=_read_poll,
        data=_no_identifier,
    ),
    ComponentRow(
        classes=("recipe-embed",),
        components=("RecipeToDOM",),
        kind=b.Recipe,
        read=lambda e: b.Recipe(string(e.data.get("title"))),
        data=_no_identifier,
    ),
    ComponentRow(
        classes=("callout-block", *_CALLOUTS),
        kind=b.Callout,
        read=_read_callout,
        holes=("callout-block",),
    ),
    ComponentRow(
        classes=(FOR_SOME_READERS,),
        kind=b.Conditional,
        read=_read_conditional,
        holes=("dynamic-content-match",),
    ),
)

INLINE_WIDGETS = (
    ComponentRow(
        classes=("cashtag-wrap",),
        components=("CashtagToDOM",),
        kind=i.Mention,
        read=_read_cashtag,
        data=_cashtag_data,
        covers=_is_cashtag,
    ),
    ComponentRow(
        classes=("mention-wrap",),
        components=("MentionToDOM", "MentionUser"),
        kind=i.Mention,
        read=_read_mention,
        data=_mention_data,
    ),
    ComponentRow(
        classes=("inline-latex", "latex-rendered"),
        components=("InlineLatexToDOM", "LatexInlineToDOM"),
        kind=i.Math,
        read=_read_inline_latex,
        data=_latex_data,
    ),
)
