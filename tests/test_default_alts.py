"""Texts that editors put where an author wrote no alternative text count as missing, and are no caption."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.html.write.missing_pictures import placeholder
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.default_alts import is_default_alt, is_made_up, lacks_words, names_file
from clothbound.model.post import Metadata, Post
from clothbound.options import Markdown
from clothbound.plan.pictures import count_undescribed

MADE_UP = """\
Image
image
Photo
[photo]
Picture
Untitled
Untitled-2
untitled_1
image1
Image (3)
image.png
unnamed (1).jpg
IMG_1234
IMG_1234.JPG
img-20210304-wa0012
IMG_20190101_101010
DSC_0001
DSC00012.jpg
DSCN0001
P1010001
PXL_20210101_120000000
GOPR0042
WhatsApp Image 2021-03-04 at 10.11.12
Screenshot
Screenshot 2024-01-01 at 10.00.00
Screen Shot 2019-06-12 at 9.41.00 AM
Screenshot 2024-01-01 at 10.00.00\u202fAM.png
Screenshot_20240101-100000
screenshot-2024-01-01-at-10-00-00
Bildschirmfoto 2024-01-01 um 10.00.00
Capture d\u2019écran 2024-01-01 à 10.00.00
Captura de pantalla 2024-01-01 a las 10.00.00
Skjermbilde 2024-01-01 kl. 10.00.00
スクリーンショット 2024-01-01 10.00.00
スクリーンショット 2024年1月1日 午前10時
截屏2024-01-01 上午10.00.00
Bild
Foto
Imagen
imagem
immagine
Sans titre
Ohne Titel
Sin título
画像
写真
图片
이미지
изображение
صورة
alt text
Image Alt Text
featured-image
No alt text provided for this image
null
f3a9c2d17b604e55a1
0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0.png
"""
WRITTEN = """\
A photo of the harbour
Image of a boat
Photo by Jo
Photo by author
Bild 3
Figure 1
Photo 1945
The picture
Pictures at an exhibition
IMG
DSC
Untitled (Blue), 1959, by a painter
Screenshot of the settings page
Screenshot from the film
Deadbeef
1984
Kép és szó
写真館
A download page
Sunset.
"""


@pytest.mark.parametrize("text", [t for t in MADE_UP.splitlines() if t])
def test_what_programs_fill_in_is_made_up(text: str) -> None:
    assert is_made_up(text)
    assert is_default_alt(text)
    assert lacks_words(i.Image("a.png", text))


@pytest.mark.parametrize("text", [t for t in WRITTEN.splitlines() if t and t != "IMG"])
def test_what_an_author_may_have_written_is_not(text: str) -> None:
    assert not is_made_up(text)
    assert not is_default_alt(text)
    assert not lacks_words(i.Image("a.png", text))


def test_a_file_name_is_a_default_and_still_says_something() -> None:
    assert is_default_alt("boats-at-sunset.jpg")
    assert not is_made_up("boats-at-sunset.jpg")
    assert placeholder(i.Image("x.png", "boats-at-sunset.jpg")).words == "boats-at-sunset.jpg"
    assert placeholder(i.Image("x.png", "IMG_1234.jpg")).words == "IMG_1234.jpg"
    assert placeholder(i.Image("x.png", "f3a9c2d17b604e55a1.png")).words == ""


def test_a_decorative_picture_lacks_none() -> None:
    assert not lacks_words(i.Image("a.png", attributes=(("role", "presentation"),)))
    assert lacks_words(i.Image("a.png"))
    assert not lacks_words(i.Image("a.png", title="Boats"))


@pytest.mark.parametrize(
    "alt", ["Image", "IMG_1234", "画像", "Untitled", "Bildschirmfoto 2024-01-01"]
)
def test_it_is_no_caption_and_comes_back(alt: str) -> None:
    source = f"Text.\n\n![{alt}](a.png)\n"
    post = clothbound.read(source.encode(), "markdown").posts[0]
    assert post.body[1] == b.Figure(i.Image("a.png", alt), ())
    written = clothbound.write(post, Markdown(header=False)).to_text()
    assert written == source


def test_a_caption_of_the_same_words_is_kept() -> None:
    figure = b.Figure(i.Image("a.png", "Boats"), (i.Text("Untitled"),))
    post = Post(Metadata(title="A"), (b.Paragraph((i.Text("Text."),)), figure))
    written = clothbound.write(post, "markdown").to_bytes()
    again = clothbound.read(written, "markdown").posts[0]
    assert again.body[1] == figure
    figure = b.Figure(i.Image("a.png", "Untitled"), (i.Text("Untitled"),))
    written = clothbound.write(Post(body=(figure,)), "markdown").to_bytes()
    assert clothbound.read(written, "markdown").posts[0].body == (figure,)


def test_it_is_reported_and_counted() -> None:
    post = Post(Metadata(title="A"), (b.Figure(i.Image("https://a.example/x.png", "Photo")),))
    artifact = clothbound.write(post, "html")
    text = artifact.to_text()
    said = [d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.ALT_MISSING]
    assert said == ["a picture has no alternative text, only 'Photo': https://a.example/x.png"]
    assert 'alt="Photo"' in text  # It stays: an empty one would say that the picture is decorative.
    assert count_undescribed([post]) == (1, 1)


@pytest.mark.parametrize(
    ("text", "address", "is_name"),
    [
        ("plot-of-sales-1", "figures/plot-of-sales-1.png", True),
        ("mit leer_2", "mit%20leer_2.png", False),
        ("20050813_115856", "https://a.example/20050813_115856.jpg?w=300", True),
        ("canola", "canola.jpg", False),
        ("plot-of-sales-1", "plot-of-sales-2.png", False),
    ],
)
def test_the_name_of_the_file_is_no_description(text: str, address: str, is_name: bool) -> None:
    assert names_file(text, address) is is_name
    assert lacks_words(i.Image(address, text)) is is_name
