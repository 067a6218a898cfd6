"""How often letters are met in written languages: what an unknown encoding is judged by.

Shares per thousand letters, rounded. Russian: the frequency dictionary of Lyashevskaya and
Sharov, with the letters of Ukrainian, Belarusian and Kazakh added as rare ones. Greek: counts over
modern texts, accented letters apart. Western: letters with marks, as they are met among each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

_CYRILLIC = {
    "о": 110, "е": 85, "а": 80, "и": 74, "н": 67, "т": 63, "с": 55, "р": 47, "в": 45, "л": 44,
    "к": 35, "м": 32, "д": 30, "п": 28, "у": 26, "я": 20, "ы": 19, "ь": 17, "г": 17, "з": 16,
    "б": 16, "ч": 14, "й": 12, "х": 10, "ж": 9, "ш": 7, "ю": 6, "ц": 5, "щ": 4, "э": 3, "ф": 3,
    "ъ": 0.4, "ё": 0.4, "і": 1, "ї": 0.3, "є": 0.3, "ґ": 0.05, "ў": 0.1,
}  # fmt: skip
_GREEK = {
    "α": 95, "ο": 80, "ι": 75, "ε": 65, "τ": 80, "ν": 75, "σ": 50, "ς": 40, "η": 40, "ρ": 43,
    "π": 42, "κ": 41, "υ": 38, "μ": 33, "λ": 27, "ω": 15, "δ": 17, "γ": 17, "χ": 12, "θ": 12,
    "φ": 8, "β": 7, "ξ": 4, "ζ": 3, "ψ": 1.5, "ά": 15, "έ": 15, "ή": 13, "ί": 20, "ό": 18,
    "ύ": 8, "ώ": 7, "ϊ": 1, "ϋ": 0.3,
}  # fmt: skip
_WESTERN = {
    "é": 200, "ä": 60, "ö": 60, "ü": 90, "è": 60, "à": 60, "á": 60, "í": 60, "ó": 60, "ç": 40,
    "ê": 30, "ñ": 30, "ã": 30, "å": 30, "ø": 20, "æ": 15, "â": 15, "ô": 15, "î": 12, "û": 8,
    "ù": 8, "ú": 15, "õ": 10, "ß": 25, "ë": 12, "ï": 8, "ò": 8, "ì": 8, "œ": 3, "ý": 3, "š": 3,
    "ž": 3, "ÿ": 0.5, "ð": 0.5, "þ": 0.5,
}  # fmt: skip
_CENTRAL = {
    "ą": 40, "ę": 45, "ł": 80, "ś": 30, "ć": 15, "ż": 35, "ź": 4, "ń": 8, "ó": 60, "á": 70,
    "é": 60, "í": 70, "ý": 35, "č": 40, "š": 40, "ž": 40, "ř": 40, "ě": 50, "ů": 20, "ú": 12,
    "ő": 25, "ű": 8, "ö": 30, "ü": 20, "ä": 8, "ť": 5, "ď": 4, "ň": 4, "ľ": 6, "đ": 4, "ă": 10,
    "ş": 8, "ţ": 8, "î": 8, "â": 5,
}  # fmt: skip

# Signs met in tables of any language: they speak for no encoding, and little against one.
SIGNS = frozenset("№«»—–…“”„‘’°§©®™±€£·•\u00a0\u00ad²³×µ½")


def _logs(shares: Mapping[str, float]) -> dict[str, float]:
    return {letter: log(share / 110) for letter, share in shares.items()}


CYRILLIC = _logs(_CYRILLIC)
GREEK = _logs(_GREEK)
WESTERN = _logs(_WESTERN)
CENTRAL = _logs(_CENTRAL)

SIGN = log(2 / 110)
STRANGER = log(0.02 / 110)  # a letter of another alphabet
RUBBISH = log(0.0005 / 110)  # boxes, control characters: nobody writes those in a table
