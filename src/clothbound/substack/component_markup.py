"""Building blocks of component templates: text, attributes, the opening tag."""

from __future__ import annotations

from ..lazy_pattern import lazy_pattern
from ..model.node import Node
from ..web.addresses import hostname_of
from .component_spec import Component
from .data_attrs import Data, stringify

_SPECIAL = lazy_pattern("[&<>\x00\xa0]")
_SPECIAL_IN_VALUE = lazy_pattern('[&<>"\x00\xa0]')

PAYWALL = '<div class="paywall-jump" data-component-name="PaywallToDOM"></div>'
"""The element behind which a text is for paying readers."""
FOR_SOME_READERS = "dynamic-content-block"
"""The class of an element that only some readers of a post see."""


def text(words: str) -> str:
    """Escapes ``words`` as element content."""
    if not _SPECIAL.search(words):
        return words
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return words.replace("\N{NO-BREAK SPACE}", "&nbsp;").replace("\0", "")


def in_value(words: str) -> str:
    """Escapes ``words`` as an attribute value, without the quotes."""
    return text(words).replace('"', "&quot;") if _SPECIAL_IN_VALUE.search(words) else words


def write_attribute(name: str, value: str) -> str:
    """Returns `` name="value"`` with a leading space; empty if the value is empty."""
    return f' {name}="{in_value(value)}"' if value else ""


def data_attrs(data: Data | None) -> str:
    """Returns the attribute ``data-attrs`` with a leading space; empty without data."""
    return "" if data is None else f' data-attrs="{in_value(stringify(data))}"'


def variant_of(node: Node) -> frozenset[str]:
    """Returns the parts of ``Origin.generation``: an old class, and names from ``ComponentRow.variants``."""
    return frozenset(node.origin.generation.split("/")) if node.origin is not None else frozenset()


UNNAMED = "unnamed"
"""The variant, open to every component, that lacks ``data-component-name``."""
ASIDE = "~"
"""The prefix of the generation part that holds text which the site, not the author, put into the
markup."""


def stamp(component: Component) -> str:
    """Returns the attribute ``data-component-name`` with a leading space; empty if the component
    has none.
    """
    return "" if component.unnamed else write_attribute("data-component-name", component.name)


def opening(component: Component, name: str = "div") -> str:
    """Returns the opening tag of a component."""
    return (
        f"<{name}{write_attribute('id', component.id)}{write_attribute('class', ' '.join(component.classes))}"
        f"{data_attrs(component.data)}{stamp(component)}>"
    )


def safe_frame(url: str, *hosts: str) -> str:
    """Returns ``url`` if it is an https address on one of ``hosts`` or a subdomain, else an empty
    string.

    A frame is active markup, so a component may embed only its own service.
    """
    name = hostname_of(url)
    same = any(name == host or name.endswith(f".{host}") for host in hosts)
    return url if url.startswith("https:") and same else ""
