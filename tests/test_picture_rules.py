"""Tests any picture with any rules: it obeys them, or names the one that it exceeds."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageDraw, PngImagePlugin

from clothbound.destinations import SAFE
from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media.conversion import convert_picture
from clothbound.media.decode import ORIENTATION
from clothbound.media.picture_limits import Converted, PictureRules
from clothbound.media.resources import Resource
from clothbound.media.sniffing import sniff
from clothbound.media.svg.cleaning import clean_svg
from docs_pages import all_words

LIMITS = Limits()
JPEG_ALONE = frozenset({"image/jpeg"})
STORE = frozenset({"image/jpeg", "image/png"})
PLACE = b"GPS-Breite-52-31"
"""Data that no product may contain, in every place where a format allows it."""
MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
    "GIF": ("L", "P", "RGB"),
    "WEBP": ("RGB", "RGBA"),
    "AVIF": ("RGB", "RGBA"),
    "TIFF": ("1", "L", "RGB", "RGBA", "CMYK", "LAB", "I;16", "F"),
    "BMP": ("1", "L", "RGB"),
    "ICO": ("RGBA",),
    "HEIF": ("RGB", "RGBA"),
}


def saved(image: Image.Image, form: str, **more: object) -> Resource:
    if form == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    stream = io.BytesIO()
    image.save(stream, form, **more)  # type: ignore[arg-type]
    return Resource(stream.getvalue(), sniff(stream.getvalue()))


def photograph(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Noise on a slope: no two neighbours are alike."""
    noise = Image.effect_noise((width, height), 60)
    slope = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (noise, slope, ImageChops.add(noise, slope, 2))).convert(mode)


def drawing(width: int, height: int, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((1, 1, width - 2, height - 2) if min(width, height) > 4 else (0, 0, 1, 1), "navy")
    draw.line((0, 0, width, height), "red")
    return image.convert(mode)


def opened(made: Converted) -> Image.Image:
    assert sniff(made.data) == made.media_type
    image = Image.open(io.BytesIO(made.data))
    image.load()
    return image


@st.composite
def pictures(draw: st.DrawFn) -> Resource:
    form = draw(st.sampled_from(sorted(MODES)))
    mode = draw(st.sampled_from(MODES[form]))
    small = 24 if form == "HEIF" else 1
    size = draw(st.tuples(st.integers(small, 150), st.integers(small, 150)))
    make = draw(st.sampled_from((photograph, drawing)))
    if mode in ("LAB", "I;16"):
        image = Image.new(mode, size, 40_000 if mode == "I;16" else (120, 30, 200))
    else:
        image = make(*size, mode=mode)
    if mode in ("RGBA", "LA") and draw(st.booleans()):
        image.putalpha(draw(st.integers(0, 254)))
    more: dict[str, object] = {}
    if form in ("JPEG", "PNG", "WEBP", "AVIF") and draw(st.booleans()):
        exif = Image.Exif()
        exif[ORIENTATION] = draw(st.integers(1, 8))
        exif[0x010E] = PLACE.decode()
        more["exif"] = exif
    if form in ("GIF", "WEBP", "PNG") and mode in ("P", "RGB") and draw(st.booleans()):
        more |= {"save_all": True, "append_images": [ImageChops.invert(image.convert("RGB"))]}
    return saved(image, form, **more)


rules = st.builds(
    PictureRules,
    accepted=st.sampled_from(
        (PictureRules().accepted, STORE, JPEG_ALONE, frozenset({"image/png"}))
    ),
    longest_side=st.sampled_from((0, 1, 7, 40, 90)),
    max_pixels=st.sampled_from((0, 1, 50, 3000)),
    max_bytes=st.sampled_from((0, 300, 2000, 8000)),
    alpha=st.booleans(),
    animated=st.booleans(),
    grayscale=st.booleans(),
    jpeg_quality=st.sampled_from((30, 88)),
)


@settings(max_examples=150)
@given(pictures(), rules)
def test_any_picture_obeys_any_rules_or_says_which_it_cannot(
    resource: Resource, rule: PictureRules
) -> None:
    made = convert_picture(resource, rule, LIMITS)
    image = opened(made)
    assert made.media_type in rule.accepted
    assert image.size == (made.width, made.height)
    assert not rule.longest_side or max(image.size) <= rule.longest_side
    assert not rule.max_pixels or made.width * made.height <= rule.max_pixels
    if rule.max_bytes and len(made.data) > rule.max_bytes:
        assert str(rule.max_bytes) in made.unmet
    else:
        assert not made.unmet
    if not rule.alpha:
        assert image.mode not in ("LA", "RGBA")
        assert "transparency" not in image.info
    if not rule.animated:
        assert not getattr(image, "is_animated", False)
    if rule.grayscale:
        assert len(set(image.convert("RGBA").convert("RGB").resize((1, 1)).getpixel((0, 0)))) == 1  # type: ignore[arg-type]
    assert PLACE not in made.data
    assert not image.getexif()
    assert image.mode in ("1", "L", "LA", "P", "RGB", "RGBA")
    assert convert_picture(resource, rule, LIMITS) == made
    # What obeys the rules stays as it is.
    if not made.unmet:
        assert convert_picture(Resource(made.data, made.media_type), rule, LIMITS).data == made.data


def test_rules_that_nothing_can_obey_are_refused() -> None:
    with pytest.raises(ValueError, match="JPEG or PNG"):
        PictureRules(accepted=frozenset({"image/webp"}))


# --- what a picture shows decides its type --------------------------------------------------------


def test_photographs_become_jpeg_and_drawings_png() -> None:
    for form in ("TIFF", "BMP"):
        assert convert_picture(
            saved(photograph(200, 150), form), PictureRules(), LIMITS
        ).media_type == ("image/jpeg")
        assert convert_picture(
            saved(drawing(200, 150), form), PictureRules(), LIMITS
        ).media_type == ("image/png")
    photo = saved(photograph(200, 150), "PNG")
    assert convert_picture(photo, PictureRules(), LIMITS).data == photo.data
    small = convert_picture(photo, PictureRules(max_bytes=20_000), LIMITS)
    assert (small.media_type, opened(small).size) == ("image/jpeg", (200, 150))
    assert small.changes == ("image/png written as image/jpeg",)


def test_shades_of_gray_and_lossless_webp_are_judged_by_what_they_show() -> None:
    gray = photograph(200, 150, "L")
    for photo in (saved(gray, "TIFF"), saved(gray.convert("RGB"), "TIFF")):
        assert convert_picture(photo, PictureRules(), LIMITS).media_type == "image/jpeg"
    coloured = saved(photograph(200, 150), "PNG")
    assert (
        convert_picture(coloured, PictureRules(grayscale=True), LIMITS).media_type == "image/jpeg"
    )
    assert convert_picture(
        saved(drawing(200, 150, "L"), "TIFF"), PictureRules(), LIMITS
    ).media_type == ("image/png")
    for more in ({}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}):
        line = saved(drawing(200, 150), "WEBP", lossless=True, **more)
        made = convert_picture(line, PictureRules(), LIMITS)
        assert made.media_type == "image/png"
        assert opened(made).convert("RGB").tobytes() == drawing(200, 150).tobytes()


def test_transparency_stays_where_it_is_taken_and_an_opaque_channel_does_not_count() -> None:
    glass = photograph(80, 60, "RGBA")
    glass.putalpha(100)
    assert opened(convert_picture(saved(glass, "WEBP"), PictureRules(), LIMITS)).mode == "RGBA"
    assert (
        opened(convert_picture(saved(glass, "PNG"), PictureRules(alpha=False), LIMITS)).mode
        == "RGB"
    )
    opaque = saved(photograph(80, 60, "RGBA"), "TIFF")
    assert convert_picture(opaque, PictureRules(), LIMITS).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_channel_through_which_nothing_shows_goes_where_it_costs_time(mode: str) -> None:
    rules = PictureRules(idle_alpha=False)
    opaque = photograph(80, 60, "RGBA").convert(mode)
    made = convert_picture(saved(opaque, "PNG"), rules, LIMITS)
    assert (made.media_type, opened(made).mode, made.changes) == ("image/png", mode[:-1], ())
    assert opened(made).tobytes() == opaque.convert(mode[:-1]).tobytes()
    assert opened(convert_picture(saved(opaque, "PNG"), PictureRules(), LIMITS)).mode == mode
    glass = opaque.copy()
    glass.putalpha(254)
    assert opened(convert_picture(saved(glass, "PNG"), rules, LIMITS)).mode == mode


def test_a_drawing_made_smaller_stays_small() -> None:
    large = saved(drawing(1200, 900).quantize(16), "PNG")
    made = convert_picture(large, PictureRules(longest_side=600), LIMITS)
    assert made.media_type == "image/png"
    assert opened(made).mode == "P"


def test_an_animation_stops_where_it_must() -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert convert_picture(moving, PictureRules(), LIMITS).data == moving.data
    still = convert_picture(moving, PictureRules(animated=False), LIMITS)
    assert still.media_type == "image/png"
    assert "first frame" in still.changes[0]
    single = saved(frames[0], "GIF")
    assert convert_picture(single, PictureRules(animated=False), LIMITS).data == single.data


@pytest.mark.parametrize("grayscale", [False, True])
@pytest.mark.parametrize("alpha", [False, True])
def test_an_animation_whose_frames_are_equal_once_they_are_small_is_a_still(
    grayscale: bool, alpha: bool
) -> None:
    first = Image.new("RGB", (40, 40), "red")
    second = first.copy()
    second.putpixel((0, 0), (250, 0, 0))
    moving = saved(first, "GIF", save_all=True, append_images=[second])
    rule = PictureRules(longest_side=1, grayscale=grayscale, alpha=alpha)
    made = convert_picture(moving, rule, LIMITS)
    assert not getattr(opened(made), "is_animated", False)
    assert "an animation, only the first frame of which is shown" in made.changes
    assert convert_picture(Resource(made.data, made.media_type), rule, LIMITS).data == made.data


def transparent_animation() -> tuple[Resource, list[Image.Image]]:
    """A square that wanders over a transparent ground, and its frames as they look on white."""
    frames, shown = [], []
    for step, colour in enumerate(("red", "blue", "green", "black")):
        frame = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
        ImageDraw.Draw(frame).rectangle((step * 10, 5, step * 10 + 9, 20), fill=colour)
        frames.append(frame)
        shown.append(Image.alpha_composite(Image.new("RGBA", (60, 40), "white"), frame))
    more = {"duration": [100, 200, 300, 400], "loop": 0, "disposal": 2}
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], **more)
    return moving, [frame.convert("RGB") for frame in shown]


def test_an_animation_moves_on_where_no_transparency_is_taken() -> None:
    moving, frames = transparent_animation()
    assert convert_picture(moving, PictureRules(), LIMITS).data == moving.data
    made = convert_picture(moving, SAFE.pictures, LIMITS)
    assert (made.media_type, made.changes) == ("image/gif", ())
    image = Image.open(io.BytesIO(made.data))
    assert image.n_frames == len(frames)  # type: ignore[attr-defined]
    assert image.info["loop"] == 0
    for number, frame in enumerate(frames):
        image.seek(number)
        assert image.info["duration"] == 100 * (number + 1)
        shown = image.convert("RGBA")
        assert shown.getchannel("A").getextrema() == (255, 255)
        assert ImageChops.difference(shown.convert("RGB"), frame).getbbox() is None
    small = convert_picture(moving, PictureRules(longest_side=30), LIMITS)
    assert (small.width, small.height) == (30, 20)
    assert Image.open(io.BytesIO(small.data)).n_frames == len(frames)  # type: ignore[attr-defined]


def test_an_animation_over_a_bound_shows_its_first_frame_and_says_so() -> None:
    moving, frames = transparent_animation()
    few = Limits(pixels=2 * 60 * 40)
    for made in (
        convert_picture(moving, SAFE.pictures, few),
        convert_picture(moving, PictureRules(alpha=False, max_bytes=300), LIMITS),
    ):
        assert "first frame" in made.changes[0]
        first = opened(made).convert("RGB")
        assert (
            ImageChops.difference(first, frames[0].resize(first.size)).convert("L").getextrema()[1]
            < 90
        )  # type: ignore[operator]


# --- colours ----------------------------------------------------------------------------------------


def test_the_docs_name_the_types_that_the_default_keeps() -> None:
    sentence = all_words().partition("By default an EPUB has pictures")[2].partition(".")[0]
    for media_type in SAFE.pictures.accepted:
        assert media_type.partition("/")[2].partition("+")[0].upper() in sentence
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert convert_picture(moving, SAFE.pictures, LIMITS).data == moving.data


def test_a_png_is_hardly_larger_than_the_smallest_that_zlib_makes() -> None:
    screen = Image.new("RGB", (600, 400), "white")
    draw = ImageDraw.Draw(screen)
    for row in range(400):
        draw.line([(560, row), (600, row)], (row % 251, row // 2, 200 - row // 3))
    for line in range(24):
        draw.text((12, 12 + 16 * line), f"{line:3} a line of a letter, {line**5} words on", "black")
    made = convert_picture(saved(screen.convert("RGBA"), "PNG"), SAFE.pictures, LIMITS)
    assert made.media_type == "image/png"
    assert ImageChops.difference(opened(made).convert("RGB"), screen).getbbox() is None
    smallest = min(
        len(saved(screen, "PNG", compress_level=9, compress_type=strategy).data)
        for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED)
    )
    assert len(made.data) < 1.1 * smallest


def other_profile() -> bytes:
    """A profile of wider colours: sRGB's, with the tags of red and green changed for each other."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    data[red : red + 4], data[green : green + 4] = data[green : green + 4], data[red : red + 4]
    return bytes(data)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_colours_of_another_profile_become_srgb(form: str) -> None:
    more: dict[str, object] = {"quality": 95} if form == "JPEG" else {}
    if form == "WEBP":
        more = {"lossless": True}
    red = Image.new("RGB", (40, 40), (250, 10, 10))
    profile = other_profile()
    made = opened(
        convert_picture(saved(red, form, icc_profile=profile, **more), PictureRules(), LIMITS)
    ).convert("RGB")
    assert "icc_profile" not in made.info
    pixel = made.getpixel((20, 20))
    assert isinstance(pixel, tuple)
    assert pixel[1] > 240
    assert pixel[0] < 30
    web = PictureRules(srgb=False, accepted=STORE | {"image/webp"})
    kept = opened(convert_picture(saved(red, form, icc_profile=profile, **more), web, LIMITS))
    assert form == "TIFF" or kept.info["icc_profile"] == profile


def test_pictures_of_one_profile_share_a_transform(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building one takes longer than converting the pixels of a small picture."""
    built = []
    build = ImageCms.buildTransform

    def count(*arguments: Any) -> ImageCms.ImageCmsTransform:
        built.append(arguments[2:])
        return build(*arguments)

    monkeypatch.setattr(ImageCms, "buildTransform", count)
    profile = another_than(other_profile(), b"shared")
    for form, mode in (("PNG", "RGB"), ("PNG", "RGBA"), ("JPEG", "RGB"), ("PNG", "RGB")):
        picture = saved(photograph(50, 40).convert(mode), form, icc_profile=profile)
        made = convert_picture(picture, SAFE.pictures, LIMITS)
        assert "icc_profile" not in opened(made).info
    assert len(built) == 1


def test_threads_convert_the_same_pixels_by_a_shared_transform() -> None:
    profile = another_than(other_profile(), b"threads")
    pictures = [
        saved(photograph(400 + number, 300), "PNG", icc_profile=profile) for number in range(16)
    ]
    convert = partial(convert_picture, rules=SAFE.pictures, limits=LIMITS)
    with ThreadPoolExecutor(8) as threads:
        together = [made.data for made in threads.map(convert, pictures)]
    assert together == [convert(picture).data for picture in pictures]


def another_than(profile: bytes, name: bytes) -> bytes:
    """Returns the same colours as a profile of another name, which no other test has used."""
    return profile + name.ljust(8, b"\0")


def test_a_profile_that_is_srgb_by_any_name_goes_without_a_new_encoding() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = photograph(60, 40)
    with_profile = saved(photo, "JPEG", icc_profile=profile, quality=90)
    made = convert_picture(with_profile, PictureRules(), LIMITS)
    assert made.data == saved(photo, "JPEG", quality=90).data
    damaged = saved(photo, "JPEG", icc_profile=profile[:200], quality=90)
    assert convert_picture(damaged, PictureRules(), LIMITS).data == made.data


def test_deep_and_printers_colours_become_eight_bits_of_srgb() -> None:
    light = saved(Image.new("I;16", (20, 20), 52_000), "PNG")
    assert (
        opened(convert_picture(light, PictureRules(), LIMITS)).convert("L").getpixel((5, 5)) == 203
    )
    cyan = saved(Image.new("CMYK", (20, 20), (255, 0, 0, 0)), "JPEG", quality=95)
    pixel = opened(convert_picture(cyan, PictureRules(), LIMITS)).convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert pixel[0] < 20
    assert pixel[2] > 235


# --- metadata ---------------------------------------------------------------------------------------


def private(form: str) -> dict[str, object]:
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + PLACE + b"</x:xmpmeta>"
    if form == "GIF":
        return {"comment": PLACE, "save_all": True, "loop": 0}
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", PLACE.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        return {"exif": exif, "pnginfo": text}
    if form == "JPEG":
        return {"exif": exif, "xmp": xmp, "comment": PLACE, "progressive": True}
    return {"exif": exif, "xmp": xmp}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_metadata_go_and_not_one_pixel_changes(form: str) -> None:
    image = drawing(90, 70)
    frames = {"append_images": [ImageChops.invert(image)]} if form == "GIF" else {}
    before = saved(image, form, **private(form), **frames)
    assert PLACE in before.data
    taken = PictureRules(accepted=STORE | {sniff(before.data)})
    made = convert_picture(Resource(before.data + PLACE * 20, before.media_type), taken, LIMITS)
    after = opened(made)
    assert PLACE not in made.data
    assert not dict(after.getexif())
    assert not after.info.get("xmp", b"").strip()
    old = Image.open(io.BytesIO(before.data))
    assert ImageChops.difference(old.convert("RGB"), after.convert("RGB")).getbbox() is None
    if form == "GIF":
        assert (after.n_frames, after.info["loop"]) == (old.n_frames, 0)  # type: ignore[attr-defined]
    plain = {"progressive": True} if form == "JPEG" else {}
    clean = saved(
        image, form, **plain, **({"save_all": True, "loop": 0} if frames else {}), **frames
    )
    if form not in ("AVIF", "WEBP"):
        assert made.data == clean.data
        assert convert_picture(clean, taken, LIMITS).data is clean.data


# --- SVG --------------------------------------------------------------------------------------------


def svg(content: str, attributes: str = 'viewBox="0 0 40 20"') -> Resource:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{content}</svg>'
    return Resource(text.encode(), "image/svg+xml")


def test_a_drawing_in_svg_becomes_pixels_where_svg_is_not_taken() -> None:
    square = svg('<rect width="20" height="20" fill="#0a0"/><script>a()</script>')
    made = convert_picture(square, PictureRules(accepted=STORE, longest_side=400), LIMITS)
    assert (made.media_type, made.width, made.height) == ("image/png", 400, 200)
    image = opened(made).convert("RGB")
    assert image.getpixel((50, 100)) == (0, 170, 0)
    assert image.getpixel((350, 100)) == (255, 255, 255)
    gray = convert_picture(square, PictureRules(grayscale=True), LIMITS)
    assert opened(gray).mode == "L"


def test_a_drawing_keeps_its_size_and_has_more_pixels_than_that() -> None:
    sized = svg("<rect width='9' height='9'/>", 'width="1in" height="72pt"')
    made = convert_picture(sized, PictureRules(accepted=STORE), LIMITS)
    assert (made.width, made.height) == (96, 96)
    assert opened(made).size == (384, 384)


def test_text_in_a_drawing_is_set_in_our_fonts() -> None:
    for attributes in ("", 'font-family="Nowhere Sans"', 'style="font-family: Courier"'):
        text = svg(f'<text x="2" y="15" font-size="12" {attributes}>Ágé</text>')
        made = convert_picture(text, PictureRules(accepted=STORE), LIMITS)
        assert opened(made).convert("L").getextrema()[0] < 50  # type: ignore[operator]


@pytest.mark.parametrize("attributes", ["", 'width="100%"', 'viewBox="0 0 0 0"', 'width="1e30"'])
def test_a_drawing_without_a_size_gets_one(attributes: str) -> None:
    made = convert_picture(
        svg("<rect width='9' height='9'/>", attributes), PictureRules(accepted=STORE), LIMITS
    )
    assert made.width == 2 * made.height


def test_a_drawing_that_draws_millions_is_refused() -> None:
    rows = ['<g id="a0"><rect width="9" height="9"/></g>']
    rows += [f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9)]
    with pytest.raises(ResourceError, match="more than 100000"):
        convert_picture(svg("".join(rows)), PictureRules(), LIMITS)
    itself = svg('<g id="a"><use href="#a"/><rect fill="url(#a)" width="1" height="1"/></g>')
    assert convert_picture(itself, PictureRules(), LIMITS).media_type == "image/svg+xml"


@pytest.mark.parametrize(
    "content",
    [
        '<filter id="f"><feTurbulence baseFrequency="9" numOctaves="1000000"/></filter>'
        '<rect width="40" height="20" filter="url(#f)"/>',
        "<g>" * 200 + "<rect/>" + "</g>" * 200,
        '<rect width="NaN" height="1e999" transform="scale(1e30)"/>',
    ],
)
def test_no_drawing_keeps_us_busy_for_long_or_takes_us_with_it(content: str) -> None:
    try:
        made = convert_picture(svg(content), PictureRules(accepted=STORE), Limits(svg_seconds=2))
    except ResourceError as error:
        assert "SVG picture that" in str(error)
    else:
        assert made.media_type in STORE


def test_what_refers_to_itself_is_cut_off_and_the_rest_stays() -> None:
    from lxml import etree

    circles = svg(
        '<g id="a"><rect width="1" height="1" fill="url(#p)"/><use href="#a"/></g><use href="#b"/>'
        '<g id="b"><use id="one" href="#c"/><use href="#good"/></g><g id="c"><use href="#b"/></g>'
        '<mask id="m"><rect style="mask:url(#m);fill:red"/></mask><rect id="good" mask="url(#m)"/>'
        '<pattern id="p"><rect/></pattern><image width="3" height="3" href="http://x.example/y"/>'
    )
    made = convert_picture(circles, PictureRules(), LIMITS).data
    root = etree.fromstring(made)
    uses = [use.get("href") for use in root.iter("{*}use")]
    assert uses == [None, "#b", None, "#good", None]
    assert b'style="mask:none;fill:red"' in made
    assert b'mask="url(#m)"' in made
    assert b'fill="url(#p)"' in made
    assert b"<image" not in made
    deep = "".join(f'<g id="a{n}"><use href="#a{n - 1}"/></g>' for n in range(5000))
    cleaned = clean_svg(svg(deep).data).data
    assert cleaned.count(b"href") == 5000


# --- types ------------------------------------------------------------------------------------------


def test_heic_is_read_by_its_bytes_and_without_the_package_it_is_said_how() -> None:
    photo = saved(photograph(64, 48), "HEIF")
    assert photo.media_type == "image/heic"
    assert convert_picture(photo, PictureRules(), LIMITS).media_type == "image/jpeg"
    # Its major brand may be the one that AVIF files have too.
    named = photo.data[:8] + b"mif1" + photo.data[12:]
    assert sniff(named) == "image/heic"
    script = f"""
import sys
sys.modules["pillow_heif"] = None
from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media.picture_limits import PictureRules
from clothbound.media.conversion import convert_picture
from clothbound.media.resources import Resource
try:
    convert_picture(Resource({photo.data[:64]!r}, "image/heic"), PictureRules(), Limits())
except ResourceError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, timeout=60
    )
    assert b"pip install 'pillow-heif>=" in done.stdout


def test_a_large_picture_within_the_limit_prints_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # Pillow would warn of more than 89 million pixels, and the limit is above that.
    large = saved(Image.new("1", (9_999, 9_999)), "PNG")
    made = convert_picture(large, PictureRules(longest_side=50), LIMITS)
    assert opened(made).size == (50, 50)
    assert capfd.readouterr().err == ""
