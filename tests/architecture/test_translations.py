"""Every sentence can be read in Russian, whole, with the same figures and names in it."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from tests.architecture.sentences import (
    Sentence,
    Translation,
    glued,
    placeholders,
    sentences,
    translations,
)
from tests.architecture.source import ROOT, listed, source_of, sources

CYRILLIC = re.compile("[\u0400-\u04ff]")
MAY_BE_CYRILLIC: dict[str, str] = {}
"""Files of the ui that hold data of a language, each with the reason."""


def test_every_sentence_is_translated() -> None:
    known = {(entry.text, entry.many) for entry in translations()}
    plain = {entry.text for entry in translations() if not entry.many}
    missing = [
        f"{sentence.where} {sentence.text!r}"
        for source in sources()
        for sentence in sentences(source)
        if (
            (sentence.text, sentence.many) not in known
            if sentence.many
            else sentence.text not in plain
        )
    ]

    assert not missing, listed(missing, "add them to resources/translations/ru/<area>.po")


def test_what_the_start_script_says_is_translated() -> None:
    known = {entry.text for entry in translations()}
    files = sorted((ROOT / "installer" / "checkout").glob("*.py"))
    read = [source_of(path.read_text(encoding="utf-8"), path.name) for path in files]
    said = [sentence.text for source in read for sentence in sentences(source)]

    assert len(said) > 10 and [text for text in said if text not in known] == []


def test_no_sentence_is_glued() -> None:
    found = [breach for source in sources() for breach in glued(source)]

    assert not found, listed(
        found, "one whole sentence with named placeholders, .format() outside of _()"
    )


def test_translations_are_filled_in() -> None:
    wanted = [(entry, 3 if entry.many else 1) for entry in translations()]
    empty = [
        f"{entry.file}: {entry.text!r}"
        for entry, forms in wanted
        if len(entry.forms) != forms or not all(entry.forms)
    ]

    assert not empty, listed(
        empty, "one msgstr, or three (1, 2-4, many) where something is counted"
    )


def test_placeholders_are_the_same() -> None:
    wrong = [f"{entry.file}: {entry.text!r}" for entry in translations() if not _matches(entry)]

    assert not wrong, listed(
        wrong, "the Russian text must hold the names in braces of the English one"
    )


def _matches(entry: Translation) -> bool:
    wanted = placeholders(entry.many or entry.text)
    return all(placeholders(form) == wanted for form in entry.forms)


def test_one_sentence_has_one_translation() -> None:
    found: dict[tuple[str, bool], set[tuple[str, ...]]] = defaultdict(set)
    for entry in translations():
        found[entry.text, entry.many is not None].add(entry.forms)
    several = [f"{text!r}: {forms}" for (text, _many), forms in found.items() if len(forms) > 1]

    assert not several, listed(
        several, "the last file read would win: agree on one, or word the English apart"
    )


def test_the_ui_holds_no_russian() -> None:
    found = [
        f"{source.at(text)} {text.value!r}"
        for source in sources()
        if source.within("ui/*") and source.name not in MAY_BE_CYRILLIC
        for text in source.strings()
        if CYRILLIC.search(str(text.value))
    ]

    assert not found, listed(
        found, "write English inside _() and the Russian in resources/translations/ru"
    )


@pytest.mark.parametrize("text", ["_(f'{n} rows')", "_('a' + b)", "_('{n}'.format(n=1))"])
def test_the_check_sees_glue(text: str) -> None:
    assert list(glued(source_of(text)))


def test_the_check_sees_sentences() -> None:
    text = "_('One' 'Two'); N_('a' if x else 'b'); ngettext('{n} row', '{n} rows', n); _(label)"

    found = [(sentence.text, sentence.many) for sentence in sentences(source_of(text))]

    assert found == [("OneTwo", None), ("a", None), ("b", None), ("{n} row", "{n} rows")]
    assert isinstance(next(sentences(source_of(text))), Sentence)
