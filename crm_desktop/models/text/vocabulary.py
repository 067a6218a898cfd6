"""Variants of words that let a search forgive: ends of words and words without one letter.

One missing, added, wrong or swapped letter is found by comparing the words without one letter on
both sides (SymSpell, W. Garbe 2012), and then checked by `within_one_typo`.
"""

from __future__ import annotations

MIN_TYPO_LETTERS = 6
SHORTEST_SUFFIX = 3
TYPO_PREFIX = 7


def suffixes(word: str, shortest: int = SHORTEST_SUFFIX) -> list[str]:
    """The proper ends of a word of letters, the longest first; none for words with digits."""
    if len(word) <= shortest or not word.isalpha():
        return []
    return [word[start:] for start in range(1, len(word) - shortest + 1)]


def deletes(word: str, prefix: int = TYPO_PREFIX) -> list[str]:
    """The beginning of the word and each of its variants with one letter left out, once each.

    Empty for words of fewer than `MIN_TYPO_LETTERS` letters: a typo there makes another word.
    """
    if len(word) < MIN_TYPO_LETTERS or not word.isalpha():
        return []
    start = word[:prefix]
    variants = [start] + [
        start[:left_out] + start[left_out + 1 :] for left_out in range(len(start))
    ]
    return list(dict.fromkeys(variants))


def within_one_typo(typed: str, word: str) -> bool:
    """Is `typed` the word or its beginning, but for one letter at most?

    Counts as optimal string alignment does: a letter missing, added, changed, or two neighbours
    swapped. The first difference decides: one edit must make the rest of `typed` begin the rest of
    the word.
    """
    at = _first_difference(typed, word)
    if at == len(typed):
        return True
    rest = typed[at:]
    return (
        word.startswith(rest[1:], at + 1)
        or word.startswith(rest[1:], at)
        or word.startswith(rest, at + 1)
        or (len(rest) > 1 and word.startswith(rest[1] + rest[0] + rest[2:], at))
    )


def _first_difference(one: str, other: str) -> int:
    """Where two texts part; the length of the first when the other begins with it."""
    for place, sign in enumerate(one):
        if place >= len(other) or other[place] != sign:
            return place
    return len(one)
