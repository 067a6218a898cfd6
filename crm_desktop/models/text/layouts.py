"""Words typed with the keyboard in the other language: `ghbdtn` is `привет`.

Only the two layouts every Windows in Russia has: US and Russian (ЙЦУКЕН).
"""

from __future__ import annotations

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./" + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?' + "@#$^&"
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю." + "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ," + '"№;:?'
_TO_RUSSIAN = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN = str.maketrans(_RUSSIAN, _LATIN)
_CYRILLIC = frozenset(sign for sign in _RUSSIAN if sign.isalpha())


def other_layout(text: str) -> str | None:
    """What the same keys give in the other layout; None unless all its letters are of one layout.

    A comma or a full stop may be a letter there, so the result may hold signs within words.
    """
    letters = {sign for sign in text if sign.isalpha()}
    if not letters:
        return None
    if all(letter.isascii() for letter in letters):
        return text.translate(_TO_RUSSIAN)
    if letters <= _CYRILLIC:
        return text.translate(_TO_LATIN)
    return None
