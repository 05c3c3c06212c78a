"""Lines of text without what WeasyPrint does again for each of them; the results are the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

_OF_FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps",
    "font_variant_numeric", "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip
"""The properties that ``font_features`` takes, in the order of its parameters."""
_OF_LAYOUT = (
    *_OF_FEATURES, "font_family", "font_style", "font_stretch", "font_weight", "font_size",
    "font_variation_settings", "font_language_override", "lang", "direction",
)  # fmt: skip
"""The properties that decide what Pango is told before it gets a text."""
_OF_STRUT = (*_OF_LAYOUT, "line_height")

SetUp: TypeAlias = "Callable[[Any, Any], None]"
Strut: TypeAlias = "Callable[[Any], tuple[float, float]]"
Spacing: TypeAlias = "Callable[[Any, Any, float, float], float]"


class _Setting(NamedTuple):
    """What is the same for all texts of equal properties. Pointers are of cffi."""

    context: Any
    language: Any
    font: Any
    features: bytes


def set_up_once(setup: SetUp) -> SetUp:  # noqa: ARG001
    """Returns a function that does what ``Layout.setup`` does, with one setting for all styles that have the same
    properties.
    """
    from weasyprint.text.ffi import ffi, gobject, pango

    def set_up(layout: Any, style: Any) -> None:
        layout.style = style
        layout.first_line_direction = 0
        setting = _setting_of(style)
        layout.language = setting.language
        layout.layout = ffi.gc(pango.pango_layout_new(setting.context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, setting.font)
        _measure_decoration(layout, style, setting)
        if setting.features:
            features = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            attribute = pango.pango_attr_font_features_new(setting.features)
            pango.pango_attr_list_insert(features, attribute)
            pango.pango_layout_set_attributes(layout.layout, features)

    return set_up


def _setting_of(style: Any) -> _Setting:
    known = vars(style.font_config).setdefault("text_settings", {})
    key = _values(style, _OF_LAYOUT)
    setting: _Setting | None = known.get(key)
    if setting is None:
        setting = known[key] = _make_setting(style)
    return setting


def _values(style: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    """Returns the values of properties as a key."""
    values = tuple([style[name] for name in names])
    try:
        hash(values)
    except TypeError:  # the families of a text in SVG are a list
        return tuple([tuple(each) if isinstance(each, list) else each for each in values])
    return values


def _make_setting(style: Any) -> _Setting:
    from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
    from weasyprint.text.fonts import font_features, get_font_description

    context = ffi.gc(
        pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref
    )
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    override = style["font_language_override"]
    name = style["lang"] if override == "normal" else LST_TO_ISO.get(override.lower(), override)
    if name:
        pointer, _ = unicode_to_char_p(name)
        language = pango.pango_language_from_string(pointer)
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    features = font_features(*(style[name] for name in _OF_FEATURES))
    text = ",".join(f"{name} {value}" for name, value in features.items())
    return _Setting(context, language, get_font_description(style), text.encode())


def _measure_decoration(layout: Any, style: Any, setting: _Setting) -> None:
    """Sets where lines stand below and through a text that has them."""
    from weasyprint.text.ffi import FROM_UNITS, ffi, pango

    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    if style["text_decoration_line"] == "none":
        return
    metrics = ffi.gc(
        pango.pango_context_get_metrics(setting.context, setting.font, setting.language),
        pango.pango_font_metrics_unref,
    )
    for name in (
        "ascent", "underline_position", "underline_thickness", "strikethrough_position",
        "strikethrough_thickness",
    ):  # fmt: skip
        measure = getattr(pango, f"pango_font_metrics_get_{name}")
        setattr(layout, name, FROM_UNITS * measure(metrics))


def remember_struts(strut: Strut) -> Strut:
    """Returns a function that asks ``strut`` once for all styles that have the same properties.

    WeasyPrint does so too, but by a text of the properties, which it makes for each line.
    """

    def remembered(style: Any) -> tuple[float, float]:
        known = vars(style.font_config).setdefault("struts", {})
        key = _values(style, _OF_STRUT)
        found: tuple[float, float] | None = known.get(key)
        if found is None:
            found = known[key] = strut(style)
        return found

    return remembered


def space_words_later(add_word_spacing: Spacing) -> Spacing:
    """Returns a function that does what ``add_word_spacing`` does, but makes no layout of Pango's for a text.

    WeasyPrint makes one to drop it at once: the page is drawn from the text and its spacing.
    """
    from weasyprint.formatting_structure.boxes import TextBox
    from weasyprint.layout.inline import count_expandable_spaces
    from weasyprint.text.line_break import Layout

    class LaterLayout(Layout):  # type: ignore[misc]
        """A layout that is set up when it is drawn."""

        def __init__(self, text: str, spacing: float) -> None:
            end = text.find("\n")
            self.text = text if end < 0 else text[: end + 2]
            self.justification_spacing = spacing
            self.max_width = None
            self.first_line_direction = 0
            self.ascent = self.underline_position = self.strikethrough_position = None

    def add(context: Any, box: Any, spacing: float, advance: float) -> float:
        if not isinstance(box, TextBox):
            return add_word_spacing(context, box, spacing, advance)
        style = box.style
        # Where lines are drawn below or through a text is known of a layout that was set up.
        if style["text_decoration_line"] != "none" or style["word_spacing"]:
            return add_word_spacing(context, box, spacing, advance)
        box.justification_spacing = spacing
        box.position_x += advance
        spaces = count_expandable_spaces(box)
        if spaces:
            extra = spacing * spaces
            advance += extra
            box.width += extra
            box.pango_layout = LaterLayout(box.text, spacing)
        return advance

    return add
