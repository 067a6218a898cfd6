"""What a conflict shows of long texts: they used to look the same, cut to one line."""

from __future__ import annotations

from crm_desktop.ui.record_card.differing import beginning, differing, is_long

SAME = "The gate is on the side of the yard, ask the guard for a pass. "


def test_texts_that_begin_alike_are_shown_from_where_they_part() -> None:
    found = differing(f"{SAME}\nCome at ten", f"{SAME}\nCome at noon", f"{SAME}\nCall first")

    assert found == (
        "…a pass. Come at ten", "…a pass. Come at noon", "…guard for a pass. Call first"
    )  # fmt: skip
    assert not any(map(is_long, found))


def test_short_ones_and_those_that_part_at_once_stay_whole() -> None:
    assert differing("Omsk", "Perm", "") == ("Omsk", "Perm", "")
    assert differing("https://a.ru", "https://b.ru", "") == ("https://a.ru", "https://b.ru", "")


def test_what_stood_there_before_may_part_earlier() -> None:
    mine, theirs, before = differing(f"{SAME}Ten", f"{SAME}Noon", "Nobody knows")

    assert mine.endswith("for a pass. Ten") and theirs.endswith("for a pass. Noon")
    assert mine.startswith("…guard") and before == "Nobody knows"


def test_of_a_very_long_text_so_much_is_shown_as_some_lines_hold() -> None:
    assert is_long("a" * 61) and len(beginning("word " * 100)) <= 241
