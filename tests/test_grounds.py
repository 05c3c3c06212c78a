"""A drawing in white on nothing, as dark pages have it, gets a dark ground; one with dark lines does not."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from clothbound.destinations import DESTINATIONS
from clothbound.html.write.shown_pictures import WEB_RULES
from clothbound.limits import Limits
from clothbound.media.conversion import convert_picture
from clothbound.media.picture_limits import SVG, Converted, PictureRules
from clothbound.media.resources import Resource
from clothbound.media.svg.rasterising import rasterise

RULES = {
    "page": WEB_RULES,
    "PDF": PictureRules(longest_side=900, animated=False),
    "gray": PictureRules(longest_side=900, grayscale=True),
    "JPEG": PictureRules(accepted=frozenset({"image/jpeg"})),
    **{name: one.pictures for name, one in DESTINATIONS.items()},
}
BEGIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40" width="60" height="40">'
LINES = '<path d="M5 35L30 5L55 35" fill="none" stroke="{}" stroke-width="4"/>'


def converted(data: bytes, media_type: str, rules: PictureRules) -> tuple[Converted, Image.Image]:
    made = convert_picture(Resource(data, media_type), rules, Limits())
    if made.media_type == SVG:
        return made, rasterise(made.data, PictureRules(), Limits()).convert("RGBA")
    return made, Image.open(io.BytesIO(made.data)).convert("RGBA")


def png(ink: tuple[int, ...], mode: str = "RGBA") -> bytes:
    image = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    ImageDraw.Draw(image).line((5, 75, 60, 5, 115, 75), ink, 6)
    stream = io.BytesIO()
    image.convert(mode).save(stream, "PNG")
    return stream.getvalue()


def corner(picture: Image.Image) -> tuple[int, ...]:
    pixel = picture.getpixel((1, 1))
    assert isinstance(pixel, tuple)
    return pixel


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_white_lines_on_nothing_are_seen(name: str, mode: str) -> None:
    made, shown = converted(png((255, 255, 255, 255), mode), "image/png", RULES[name])
    assert max(corner(shown)[:3]) < 60
    assert corner(shown)[3] == 255
    assert shown.convert("L").point(lambda value: value > 230).getbbox()
    assert any("dark ground" in change for change in made.changes)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("colour", ["#fff", "white", "rgb(250, 250, 250)", "#F4F4F4"])
def test_a_white_drawing_on_nothing_is_seen(name: str, colour: str) -> None:
    svg = f"{BEGIN}{LINES.format(colour)}</svg>"
    made, shown = converted(svg.encode(), SVG, RULES[name])
    assert max(corner(shown)[:3]) < 60
    assert corner(shown)[3] == 255
    assert any("dark ground" in change for change in made.changes)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(
    "drawn",
    [
        LINES.format("#000"),
        LINES.format("#fff") + '<circle cx="9" cy="9" r="4"/>',
        '<rect width="60" height="40" fill="#fff"/>',
        LINES.format("#ffd800"),
    ],
)
def test_what_is_seen_on_white_keeps_its_ground(name: str, drawn: str) -> None:
    made, shown = converted(f"{BEGIN}{drawn}</svg>".encode(), SVG, RULES[name])
    assert corner(shown)[3] == 0 or min(corner(shown)[:3]) > 240
    assert not any("dark ground" in change for change in made.changes)


@pytest.mark.parametrize("ink", [(0, 0, 0, 255), (255, 216, 0, 255), (255, 255, 255, 0)])
def test_other_transparent_pictures_stay_as_they_are(ink: tuple[int, ...]) -> None:
    data = png(ink)
    made, _ = converted(data, "image/png", WEB_RULES)
    assert made.data == data


@pytest.mark.parametrize("name", DESTINATIONS)
def test_no_book_has_black_lines_on_nothing(name: str) -> None:
    """By night many readers show white type on black."""
    _, shown = converted(png((0, 0, 0, 255)), "image/png", DESTINATIONS[name].pictures)
    assert corner(shown) == (255, 255, 255, 255)
