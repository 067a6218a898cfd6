"""The words by which the search finds what a role hides: left out of its text and beginnings.

In the text of a record those of e-mail addresses stand behind a sign of their own and telephones
at the end; their beginnings have signs, too (`services/search_document`). So what an account is
kept from is left out, and when it writes the text of a record anew, that stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm_desktop.models.system.tables import DOCUMENT

PHONES_BEGIN, MAILS_BEGIN, MAIL_ENDS = " +", " @ ", "~"


@dataclass(frozen=True)
class Sealed:
    """When the telephones and the e-mail addresses of a row `t` of the search are not for the
    account, as conditions; '' for never."""

    phones: str = ""
    mails: str = ""

    def __bool__(self) -> bool:
        return bool(self.phones or self.mails)

    @property
    def any(self) -> str:
        """That something of the row is left out."""
        return any_of(one for one in (self.phones, self.mails) if one)

    def body(self) -> str:
        """The text of a record as the account sees it."""
        found = _words("t.body")
        found += f" || {_unless(self.mails, _mails('t.body'))}"
        found += f" || {_unless(self.phones, _phones('t.body'))}"
        return f"IIF({self.any}, {found}, t.body)"

    def change(self) -> str:
        """What is stored when such a text is written: the words are new, what is not seen stays,
        and what the account has added is put beside it."""
        new, old = "NEW.body", "t.body"
        mails = phones = ""
        if self.mails:
            both = f"{_mails(old)} || SUBSTRING({_mails(new)} FROM {len(MAILS_BEGIN)})"
            stays = f"IIF({_mails(old)} = '', {_mails(new)}, {both})"
            mails = f"IIF({self.mails}, {stays}, {_mails(new)})"
        if self.phones:
            phones = f"IIF({self.phones}, {_phones(old)}, '') || {_phones(new)}"
        whole = f"{_words(new)} || {mails or _mails(new)} || {phones or _phones(new)}"
        return f"IIF({self.any}, LEFT({whole}, {DOCUMENT}), {new})"

    def tokens(self) -> str:
        """What a beginning must meet to be seen."""
        terms = []
        if self.phones:
            terms.append(f"NOT (t.tok STARTING WITH '{PHONES_BEGIN.strip()}' AND {self.phones})")
        if self.mails:
            terms.append(f"NOT (t.tok LIKE '%{MAIL_ENDS}' AND {self.mails})")
        return " AND ".join(terms)


def any_of(conditions: Iterable[str]) -> str:
    """That one of these holds."""
    return "(" + " OR ".join(conditions) + ")"


def told_of(told: Mapping[int, Iterable[str]]) -> str:
    """That the row is of one of these objects (by number), and one of the conditions holds."""
    terms = [f"(t.ent = {number} AND {any_of(who)})" for number, who in told.items()]
    return any_of(terms) if terms else ""


def _unless(sealed: str, part: str) -> str:
    return f"IIF({sealed}, '', {part})" if sealed else part


def _before(text: str, sign: str) -> str:
    return (
        f"IIF(POSITION('{sign}' IN {text}) = 0, {text},"
        f" LEFT({text}, POSITION('{sign}' IN {text}) - 1))"
    )


def _from(text: str, sign: str) -> str:
    return (
        f"IIF(POSITION('{sign}' IN {text}) = 0, '',"
        f" SUBSTRING({text} FROM POSITION('{sign}' IN {text})))"
    )


def _words(body: str) -> str:
    return _before(_before(body, PHONES_BEGIN), MAILS_BEGIN)


def _mails(body: str) -> str:
    return _from(_before(body, PHONES_BEGIN), MAILS_BEGIN)


def _phones(body: str) -> str:
    return _from(body, PHONES_BEGIN)
