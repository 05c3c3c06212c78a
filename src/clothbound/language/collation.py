"""Sorts words as the dictionaries of a language do.

Letters are compared first, then accents, then case. The alphabets are those by which the CLDR departs from the order
of Unicode (Unicode TR 35, part 5; the charts of its collations); Han is sorted by the order of Unicode, since the order by
reading needs data that are larger than this package.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from ..lazy_pattern import lazy_pattern
from .cldr import subtags

_ALPHABETS = {
    "cs": "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž",
    "da": "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å",
    "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "fa": "آ ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی",
    "fi": "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö",
    "hu": "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö=ő p q r s sz t ty u ü=ű v w x y z zs",
    "nb": "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å",
    "pl": "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș=ş t ț=ţ u v w x y z",
    "sk": "a ä b c č d e f g h ch i j k l m n o ô p q r s š t u v w x y z ž",
    "sv": "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö",
    "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p q r s ş t u ü v w x y z",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
    "ur": "ا آ ب پ ت ٹ ث ج چ ح خ د ڈ ذ ر ڑ ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ہ ھ ء ی ے",
    "vi": "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z",
}  # fmt: skip
"""The letters of languages that have some that Unicode sorts as others with an accent, or elsewhere. Those with "="
between them have one place."""
_SAME_AS = {"nn": "nb", "no": "nb"}
_LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d"} | {
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
}  # fmt: skip
"""Letters that have no decomposition, with those beside which Unicode sorts them."""
_LEADING_VOWEL = lazy_pattern("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
"""Matches a vowel of Thai that is written before the consonant by which a word is sorted."""
_ARTICLE = lazy_pattern("^\u0627\u0644(?=\\w{2})")
"""Matches the article of Arabic, which an index does not count."""
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_SYLLABLES = 0xAC00, 588
"""The first syllable of Hangul, and the number of syllables with the same initial."""
_ROWS = "あかさたなはまやらわ"
_KANA_FIRST, _FIRST_KATAKANA, _KANA_LAST, _KATAKANA = "ぁ", "ァ", "ヺ", 0x60
_SYMBOLS = ""


class SortKey(NamedTuple):
    """What two words are compared by, in this order."""

    letters: tuple[int, ...]
    accents: str
    case: str


class Collation:
    """The order of words in one language (BCP 47)."""

    def __init__(self, language: str) -> None:
        primary = subtags(language).language
        self._language = _SAME_AS.get(primary, primary)
        self._ranks = _ranks(self._language)
        self._longest = max(map(len, self._ranks), default=1)

    def key(self, text: str) -> SortKey:
        """Returns the key by which ``text`` is sorted."""
        folded = self._fold(text)
        numbers = (n for element in self._elements(folded) for n in self._numbers(element))
        letters = tuple(number for number in numbers if number)
        return SortKey(letters, folded, text)

    def head(self, text: str) -> str:
        """Returns the letter under which a term is listed; empty for one that begins with none."""
        folded = self._fold(text)
        first = next((e for e in self._elements(folded) if e[:1].isalnum()), "")
        if not first or not first[0].isalpha():
            return _SYMBOLS
        start, count = _SYLLABLES
        if start <= ord(first[0]) < start + count * len(_INITIALS):
            return _INITIALS[(ord(first[0]) - start) // count]
        if _KANA_FIRST <= first[0] <= _KANA_LAST:
            hiragana = chr(ord(first[0]) - _KATAKANA) if first[0] >= _FIRST_KATAKANA else first[0]
            return max(row for row in _ROWS if row <= max(hiragana, "あ"))
        if unicodedata.name(first[0], "").startswith("CJK"):
            return _SYMBOLS
        letter = self._first_alike(self._letter(first)) or _base(first)[:1]
        if self._language == "tr" and letter == "i":
            return "İ"
        return letter[:1].upper() + letter[1:]

    def _fold(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text)
        if self._language == "tr":
            text = text.replace("I", "ı").replace("İ", "i")
        elif self._language == "th":
            text = _LEADING_VOWEL.sub(r"\2\1", text)
        elif self._language == "ar":
            text = _ARTICLE.sub("", text)
        return text.casefold()

    def _elements(self, text: str) -> list[str]:
        """Splits a word into its letters, of which some languages write one with two signs."""
        found, place = [], 0
        while place < len(text):
            sizes = range(self._longest, 1, -1)
            size = next((n for n in sizes if text[place : place + n] in self._ranks), 1)
            found.append(text[place : place + size])
            place += size
        return found

    def _numbers(self, element: str) -> list[int]:
        """Returns the places of a letter, or of those beside which it is sorted, in the alphabet; 0 for what does not
        count.
        """
        letter = self._letter(element)
        if letter:
            return [self._ranks[letter]]
        return [self._ranks.get(sign) or _place(sign) for sign in _base(element)]

    def _letter(self, element: str) -> str:
        """Returns the letter of the alphabet that an element is, alone or with the accent of a tone; empty if it is
        none.
        """
        if element in self._ranks:
            return element
        base, *accents = list(unicodedata.normalize("NFD", element))
        with_one = (unicodedata.normalize("NFC", base + accent) for accent in accents)
        return next((letter for letter in with_one if letter in self._ranks), "")

    def _first_alike(self, letter: str) -> str:
        """Returns the first of the letters that have one place in the alphabet."""
        place = self._ranks.get(letter)
        return next((first for first, other in self._ranks.items() if other == place), "")


def _place(sign: str) -> int:
    if sign.isspace():
        return 1  # "New York" comes before "Newark".
    if not sign.isalnum():
        return 0
    return ord(sign) if sign.isalpha() else 2 + int(unicodedata.digit(sign, 0))


@cache
def _ranks(language: str) -> dict[str, int]:
    """Returns the letters of a language with an alphabet of its own, numbered from the code of the first.

    Numbers of neighbours differ by one, and letters of other scripts come behind or before the whole.
    """
    letters = _ALPHABETS.get(language, "").split()
    first = ord(letters[0][0]) if letters else 0
    return {
        letter: first + number for number, same in enumerate(letters) for letter in same.split("=")
    }


def _base(letter: str) -> str:
    """Returns a letter without its accents."""
    if letter in _LETTERS:
        return _LETTERS[letter]
    decomposed = unicodedata.normalize("NFKD", letter)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)) or letter
