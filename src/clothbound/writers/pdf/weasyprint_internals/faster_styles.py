"""Values of CSS properties without what WeasyPrint asks again for each of them; the values are the same."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple, TypeAlias

_BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")

Missing: TypeAlias = "Callable[[Any, str], Any]"
StylePage: TypeAlias = "Callable[[Any, Any, Any], None]"
Resolve: TypeAlias = "Callable[[Any, Any], None]"


class _Default(NamedTuple):
    """What a property is where no rule sets it."""

    is_inherited: bool
    initial: Any
    logical: tuple[str, ...]
    """The properties that set it too, in one of the directions of writing."""


def take_defaults_first(missing: Missing) -> Missing:
    """Returns a function that does what ``ComputedStyle.__missing__`` does, and at once where no rule sets the property.

    Most properties of most elements are those of their parents, or initial values.
    """
    from weasyprint.css.functions import check_math

    defaults = _plain_defaults()

    def find(style: Any, key: str) -> Any:
        default = defaults.get(key)
        if default is None or key in (cascaded := style.cascaded):
            return missing(style, key)
        for name in default.logical:
            if name in cascaded:
                return missing(style, key)
        if not default.is_inherited:
            value = style[key] = default.initial
            return value
        parent = style.parent_style
        if parent is None or check_math(value := parent[key]):
            return missing(style, key)
        style[key] = value
        return value

    return find


def _plain_defaults() -> dict[str, _Default]:
    """Returns the defaults of the properties that are not computed from others where no rule sets them."""
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
    from weasyprint.css.functions import check_math
    from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

    apart = {"position", "float", "display", "page"}
    return {
        key: _Default(
            key in INHERITED,
            value,
            tuple(
                PHYSICAL_FUNCTIONS[key](block="ttb", inline=way)
                for way in ("ltr", "rtl")
                if key in PHYSICAL_FUNCTIONS
            ),
        )
        for key, value in INITIAL_VALUES.items()
        if key not in apart
        and (key in INHERITED or key not in INITIAL_NOT_COMPUTED)
        and not key.startswith("text_decoration_")
        and not check_math(value)
        and value not in ("initial", "inherit")
    }


def resolve_lengths_first(resolve_percentages: Resolve) -> Resolve:
    """Returns a function that does what ``percent.resolve_percentages`` does, and takes lengths as they are."""
    from weasyprint.css.properties import Dimension
    from weasyprint.formatting_structure.boxes import Box, PageBox
    from weasyprint.layout.percent import percentage

    def used(style: Any, name: str, whole: Any) -> Any:
        value = style[name]
        if type(value) is Dimension and value[1] == "px":
            return value[0]
        return percentage(value, style, whole)

    def resolve(box: Any, containing_block: Any) -> None:
        style = box.style
        if style["box_sizing"] != "content-box" or isinstance(box, PageBox):
            resolve_percentages(box, containing_block)
            return
        if isinstance(containing_block, Box):
            width, height = containing_block.width, containing_block.height
        else:
            width, height = containing_block
        box.margin_left = used(style, "margin_left", width)
        box.margin_right = used(style, "margin_right", width)
        box.margin_top = used(style, "margin_top", width)
        box.margin_bottom = used(style, "margin_bottom", width)
        box.padding_left = used(style, "padding_left", width)
        box.padding_right = used(style, "padding_right", width)
        box.padding_top = used(style, "padding_top", width)
        box.padding_bottom = used(style, "padding_bottom", width)
        box.width = used(style, "width", width)
        least = used(style, "min_width", width)
        box.min_width = 0 if least == "auto" else least
        box.max_width = used(style, "max_width", width)
        if height != "auto":
            box.height = used(style, "height", height)
            least = used(style, "min_height", height)
            box.max_height = used(style, "max_height", height)
        else:
            own = style["height"]
            if type(own) is Dimension and own[1].lower() == "px":
                box.height = own[0]
            else:  # a share of a height that is not known yet
                box.height = "auto"
            least = used(style, "min_height", 0)
            box.max_height = used(style, "max_height", inf)
        box.min_height = 0 if least == "auto" else least
        is_collapsed = style["border_collapse"] == "collapse"
        for name in _BORDERS:
            # Borders that collapse have widths of their own already.
            if not (is_collapsed and hasattr(box, name)):
                setattr(box, name, style[name])

    return resolve


def ask_for_margin_boxes(_replaced: StylePage) -> StylePage:
    """Returns a function that does what ``page.set_page_type_computed_styles`` does, without asking each element of
    the document for each page whether it is a margin box of it.
    """

    def style_page(page_type: Any, html: Any, style_for: Any) -> None:
        style_for.add_page_declarations(page_type)
        root = html.etree_element
        style_for.set_computed_styles(page_type, root=root, parent=root, base_url=html.base_url)
        cascaded = style_for.get_cascaded_styles()
        margin_boxes = dict.fromkeys(
            name
            for sheet, _, _ in style_for._sheets
            for _, selectors, _ in sheet.page_rules
            for _, name, _ in selectors
            if name
        )
        for name in margin_boxes:
            if (page_type, name) in cascaded:
                style_for.set_computed_styles(
                    page_type, pseudo_type=name, root=root, parent=page_type, base_url=html.base_url
                )

    return style_page
