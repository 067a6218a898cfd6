"""Sentences in Russian and English: forms of numbers, switching, and translations with faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop import i18n
from crm_desktop.i18n import N_, _, ngettext, read_po


def counted(n: int) -> str:
    return ngettext("{count} problem found", "{count} problems found", n).format(count=n)


@pytest.mark.parametrize(
    ("n", "english", "russian"),
    [
        (0, "0 problems found", "Найдено 0 ошибок"),
        (1, "1 problem found", "Найдена 1 ошибка"),
        (2, "2 problems found", "Найдено 2 ошибки"),
        (5, "5 problems found", "Найдено 5 ошибок"),
        (11, "11 problems found", "Найдено 11 ошибок"),
        (21, "21 problems found", "Найдена 21 ошибка"),
        (104, "104 problems found", "Найдено 104 ошибки"),
        (111, "111 problems found", "Найдено 111 ошибок"),
    ],
)
def test_numbers_take_the_form_of_the_language(n: int, english: str, russian: str) -> None:
    assert counted(n) == english
    i18n.set_language("ru")
    assert counted(n) == russian


def test_the_language_switches_at_once_and_back() -> None:
    marked = N_("Nothing found")

    i18n.set_language("ru")
    assert (_(marked), i18n.language()) == ("Ничего не найдено", "ru")
    i18n.set_language("en")
    assert (_(marked), i18n.language()) == ("Nothing found", "en")


def test_an_unknown_language_is_english() -> None:
    i18n.set_language("xx")

    assert (i18n.language(), _("Nothing found")) == ("en", "Nothing found")


def test_a_missing_sentence_stays_english() -> None:
    i18n.set_language("ru")

    assert _("A sentence that nobody translated") == "A sentence that nobody translated"
    assert ngettext("one cat", "many cats", 1) == "one cat"
    assert ngettext("one cat", "many cats", 2) == "many cats"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
    ],
)
def test_the_language_of_the_computer(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str], expected: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in names.items():
        monkeypatch.setenv(name, value)

    assert i18n.system_language() == expected


def entries(tmp_path: Path, *lines: str) -> list[dict[str, str]]:
    path = tmp_path / "test.po"
    path.write_text("\n".join(lines), encoding="utf-8")
    return list(read_po(path))


def test_long_sentences_quotes_and_forms_are_read(tmp_path: Path) -> None:
    found = entries(
        tmp_path,
        "# a remark", 'msgid ""', '"a \\"quoted\\" "', '"sentence\\n"', 'msgstr "да"', "",
        'msgctxt "menu"', 'msgid "row"', 'msgid_plural "rows"',
        'msgstr[0] "ряд"', 'msgstr[1] "ряда"', 'msgstr[2] "рядов"',
    )  # fmt: skip

    assert found[0] == {"msgid": 'a "quoted" sentence\n', "msgstr": "да"}
    assert found[1]["msgctxt"] == "menu"
    assert [found[1][f"msgstr[{i}]"] for i in range(3)] == ["ряд", "ряда", "рядов"]


@pytest.mark.parametrize(
    "broken",
    ['msgstr "no end', "msgstr none", 'msgstr "a" b"', 'msgstr "\\x"', '"loose', "rubbish"],
)
def test_a_broken_line_costs_its_own_sentence_only(tmp_path: Path, broken: str) -> None:
    found = entries(
        tmp_path,
        'msgid "one"', 'msgstr "один"', 'msgid "two"', broken, 'msgid "three"', 'msgstr "три"',
    )  # fmt: skip

    assert [entry["msgid"] for entry in found] == ["one", "three"]


def test_a_broken_sentence_does_not_take_its_neighbours_translation(tmp_path: Path) -> None:
    found = entries(
        tmp_path, 'msgid "one"', 'msgstr "один"', "msgid two", 'msgstr "два"',
        'msgid "three"', 'msgid "four"', 'msgstr "четыре"',
    )  # fmt: skip

    assert {entry["msgid"]: entry.get("msgstr") for entry in found} == {
        "one": "один", "three": None, "four": "четыре",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("АО «Ромашка»", "Создать «АО „Ромашка“»"),
        ('ООО "Вектор"', 'Создать «ООО "Вектор"»'),
        ("Вектор", "Создать «Вектор»"),
    ],
)
def test_quotes_within_quotes_are_inner_ones(name: str, said: str) -> None:
    i18n.set_language("ru")

    assert _("Create “{name}”").format(name=name) == said


def test_quotes_are_inner_ones_only_where_the_sentence_quotes_the_name() -> None:
    i18n.set_language("ru")
    moved = ngettext(
        "{count} record merged into “{name}”", "{count} records merged into “{name}”", 2
    )

    assert moved.format(count=2, name="АО «Ромашка»").endswith("«АО „Ромашка“»")
    assert _("Undone: {what}").format(what="«Ромашка»") == "Отменено: «Ромашка»"
