"""Tells alternative texts that an editor, a camera or a program filled in from those that an author wrote.

A picture with one of these has no alternative text for whoever listens, and they are no caption. They are kept
where they are; they only do not count as words. The texts are those that the editors of WordPress, Ghost, Substack,
Medium, Notion, Google Docs and Word, screenshot tools and cameras put there, in the languages they come in.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from ..lazy_pattern import lazy_pattern
from .addresses import without_query
from .inlines import Image
from .plain_text import is_decorative, picture_words

_PICTURE_WORDS = frozenset(
    """
    alt image images img photo photograph photos pic picture graphic thumbnail placeholder attachment preview
    untitled unnamed unknown undefined null none blank spacer download default featured-image cover-image
    image-placeholder image-alt alt-text image-alt-text image-description post-image inline-image image-preview
    preview-image image-title your-image no-description-available no-alt-text-provided-for-this-image
    no-alternative-text-description-for-this-image
    bild bilder foto fotos grafik unbenannt ohne-titel
    sans-titre sans-nom image-sans-titre
    imagen imágenes fotografía sin-título sin-nombre
    imagem imagens fotografia sem-título
    immagine immagini senza-titolo
    afbeelding afbeeldingen naamloos
    billede bilde uden-titel uten-navn namnlös nimetön kuva valokuva
    obraz obrazek zdjęcie bez-tytułu bez-nazwy obrázek obrázok fotka bez-názvu
    kép fénykép névtelen imagine fotografie fără-titlu slika fotografija
    изображение картинка фото фотография рисунок без-названия зображення фотографія без-назви
    resim görsel fotoğraf adsız εικόνα φωτογραφία
    صورة بدون-عنوان תמונה ללא-שם تصویر عکس
    画像 写真 イメージ 無題 图片 图像 照片 未命名 无标题 圖片 圖像 影像 無標題 이미지 사진 그림 제목-없음
    gambar hình-ảnh ảnh รูปภาพ ภาพ चित्र
    """.split()
)
_JOINED = lazy_pattern(r"[\s_-]+")
_LONGEST = 80
_SCREENSHOT_WORDS = (
    "screen ?shots?|screen ?recording|bildschirm(?:foto|aufnahme)|captures? d[\u2019']écran|capturas? de (?:pantalla|tela|ecrã)"
    "|schermata|screenshot|schermafbeelding|schermafdruk|skærmbillede|skjermbilde|skärm(?:avbild|bild)|näyttökuva"
    "|kuvakaappaus|zrzut ekranu|snímek obrazovky|snímka obrazovky|képernyőkép|képernyőfotó|captură de ecran"
    "|snimka zaslona|снимок экрана|скриншот|знімок екрана|ekran (?:görüntüsü|resmi)|στιγμιότυπο(?: οθόνης)?"
    "|لقطة شاشة|צילום מסך|スクリーンショット|截图|截圖|屏幕截图|屏幕快照|截屏|螢幕截圖|螢幕快照|스크린샷|화면 캡처"
    "|tangkapan layar|ภาพหน้าจอ"
)
_SCREENSHOT = lazy_pattern(
    # Behind it only the moment, with the words that systems put between day and time.
    rf"(?:{_SCREENSHOT_WORDS})"
    r"(?:[\d\s.,:;_()/\u2013\u202f-]|\b(?:at|um|à|a las|alle|às|om|kl|o|klo|в|[ap]\.? ?m\.?|[ap]m)\b|[年月日时時分秒点]|午[前后後]|[上下]午)*",
)
_GENERATED = lazy_pattern(
    # Cameras, telephones and messengers.
    r"(?:img|dscn?|dscf|pxl|mvimg|gopr|dji|cimg|hpim|kimg|sam|pict|vid|fb_img|signal|received|_mg)[\s_-]?\d{3,}[\d._~-]*"
    r"(?:wa\d+|[a-z]{1,4})?(?: ?\(\d+\))?"
    r"|p\d{7}|wp_\d{8}[\d_]*(?:pro)?|img-\d{8}-wa\d+|whatsapp (?:image|bild|imagen) \d[\d\s.:-]*(?:at|um|a las)? ?[\d.:]*"
    # A default with the number of a copy.
    r"|(?:image|picture|photo|pic|untitled|unnamed|download|screenshot|screen_shot|bild|foto|imagen|imagem|immagine|画像|图片|图像)"
    r"(?:[_-]?\d+(?:[_-]\d+)*| ?\(\d+\))"
)
_HASH = lazy_pattern(r"[0-9a-f_-]{16,}(?:\.\w{2,5})?", re.I)
_FILE_NAME = lazy_pattern(r"[^\n]*(\.(?:png|jpe?g|gif|webp|svg|avif|heic|bmp|tiff?))", re.I)
_NAME_OF_FILE = lazy_pattern(r"(?=\S*[-_\d])\S+")
_EDGES = " \t\n\"'\u201c\u201d\u2018\u2019[]<>.:*"


def is_hash(text: str) -> bool:
    """Whether the words of a picture are a hash or a UUID, with or without an extension."""
    return _HASH.fullmatch(text) is not None


def is_made_up(text: str) -> bool:
    """Whether the words of a picture are those that a program puts where an author wrote none: a word such as "image"
    in the language of the editor, the name that a camera or a screenshot gave, or a hash.
    """
    found = _FILE_NAME.fullmatch(text.strip())
    words = " ".join((text.strip()[: found.start(1)] if found else text).casefold().split())
    words = words.strip(_EDGES)
    # The longest that is generated is a UUID, or a screenshot with its moment.
    if not words or len(words) > _LONGEST:
        return False
    return (
        _JOINED.sub("-", words) in _PICTURE_WORDS
        or _SCREENSHOT.fullmatch(words) is not None
        or _GENERATED.fullmatch(words) is not None
        or is_hash(words)
    )


def is_default_alt(text: str) -> bool:
    """Whether an alternative text is the picture's file name, which editors fill in, or made up.

    File names are of any words: what image generators were asked for, or the time of a screenshot.
    """
    return _FILE_NAME.fullmatch(text) is not None or is_made_up(text)


def names_file(text: str, address: str) -> bool:
    """Whether a text is the name of a picture's file without its extension, such as "plot-of-sales-1".

    A single word, as in ``canola.jpg``, may be the author's.
    """
    if not _NAME_OF_FILE.fullmatch(text):
        return False
    name = unquote(without_query(address).rpartition("/")[2])
    return name.rpartition(".")[0] == text


def lacks_words(image: Image) -> bool:
    """Whether a picture has no words for whoever does not see it, and is not decorative either."""
    words = picture_words(image)
    if is_decorative(image):
        return False
    return not words or is_default_alt(words) or names_file(words, image.src)
