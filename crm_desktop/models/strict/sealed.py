"""The words by which the search finds what a role hides: left out of its text and beginnings.

In the text of a record those of e-mail addresses stand behind a sign of their own and telephones at
the end, before both, between two signs of its own, each field that is set apart (`Field.apart`);
their beginnings have signs, too (`services/search/document`). So what an account is kept from is
left out, and when it writes the text of a record anew, that stays.

A search names these views dozens of times and the server counts each question in them: so a view
asks two, and functions the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crm_desktop.models.system.tables import DOCUMENT

PHONES_BEGIN, MAILS_BEGIN, MAIL_ENDS = " +", " @ ", "~"
CUT, SEEN, KEPT = "crm_apart", "crm_words_seen", "crm_words_kept"
_TEXT = f"VARCHAR({DOCUMENT}) CHARACTER SET UTF8"
_LONG = f"VARCHAR({4 * DOCUMENT}) CHARACTER SET UTF8"
_KEPT_FROM = "SELECT 1 FROM right_shown h WHERE h.login = CURRENT_USER"
ANY = f"EXISTS({_KEPT_FROM})"
"""That the account is kept from some field; measured once a query."""

Told = Mapping[int, Iterable[tuple[int, str]]]
"""(object, field) that an account may be kept from, by the object that is found by it."""


@dataclass(frozen=True)
class Sealed:
    """By which fields telephones, e-mail addresses, and what stands between each sign, are not for
    an account. `apart`: in the order of the signs, also those that no role hides any more."""

    phones: Told = field(default_factory=dict)
    mails: Told = field(default_factory=dict)
    apart: Mapping[str, Told] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.phones or self.mails or any(self.apart.values()))

    def body(self) -> str:
        """The text of a record as the account sees it."""
        return f"IIF({ANY}, {SEEN}(t.ent, t.body), t.body)"

    def change(self) -> str:
        """What is stored when such a text is written: the words are new, what is not seen stays,
        and what the account has added is put beside it."""
        return f"IIF({ANY}, {KEPT}(t.ent, NEW.body, t.body), NEW.body)"

    def tokens(self) -> str:
        """What a beginning must meet to be seen; '' for nothing."""
        signs = {f"t.tok STARTING WITH '{PHONES_BEGIN.strip()}'": self.phones,
                 f"t.tok LIKE '%{MAIL_ENDS}'": self.mails}  # fmt: skip
        signs |= {f"t.tok LIKE '%{sign}'": told for sign, told in self.apart.items()}
        held = {has: told for has, told in signs.items() if told}
        if not held:
            return ""
        rows = [
            f"({has} AND t.ent = {number} AND {_row(one)})"
            for has, told in held.items() for number, who in told.items() for one in who
        ]  # fmt: skip
        hidden = f"EXISTS({_KEPT_FROM} AND {_UNSEEN} AND ({' OR '.join(rows)}))"
        return f"NOT ({ANY} AND ({' OR '.join(held)}) AND {hidden})"

    def functions(self) -> list[str]:
        """The statements that make what cuts a text and puts it together again."""
        return [_CUT, self._seen(), self._kept()]

    def _seen(self) -> str:
        steps = [_if(self.mails, "mails = '';"), _if(self.phones, "phones = '';")]
        steps += [_if(told, f"words = {CUT}(words, '{sign}', 0);")
                  for sign, told in self.apart.items()]  # fmt: skip
        return (
            f"CREATE OR ALTER FUNCTION {SEEN} (ent SMALLINT, body {_TEXT}) RETURNS {_TEXT} AS"
            f" {_parts('')} BEGIN\n{_split('body', '')}{''.join(steps)}"
            " RETURN words || mails || phones; END"
        )

    def _kept(self) -> str:
        steps = [
            _if(told, f"tail = tail || {CUT}(old_words, '{sign}', 1);")
            + f" tail = tail || {CUT}(words, '{sign}', 1); words = {CUT}(words, '{sign}', 0);\n"
            for sign, told in self.apart.items()
        ]
        both = f"old_mails || SUBSTRING(mails FROM {len(MAILS_BEGIN)})"
        steps += [
            _if(self.mails, f"mails = IIF(old_mails = '', mails, {both});"),
            _if(self.phones, "phones = old_phones || phones;"),
        ]
        return (
            f"CREATE OR ALTER FUNCTION {KEPT} (ent SMALLINT, body {_TEXT}, old {_TEXT})"
            f" RETURNS {_TEXT} AS {_parts('')} {_parts('old_')} DECLARE tail {_LONG};"
            f" BEGIN\n tail = '';\n{_split('body', '')}{_split('old', 'old_')}{''.join(steps)}"
            f" RETURN LEFT(words || tail || mails || phones, {DOCUMENT}); END"
        )


_UNSEEN = "h.shown IN ('hidden', 'masked')"
_CUT = f"""CREATE OR ALTER FUNCTION {CUT}
 (body {_TEXT}, sign VARCHAR(1) CHARACTER SET UTF8, inside SMALLINT) RETURNS {_TEXT} AS
 DECLARE found {_TEXT}; DECLARE a INTEGER; DECLARE p INTEGER;
BEGIN
 found = '';
 a = POSITION(' ' || sign || ' ' IN body);
 WHILE (a > 0) DO BEGIN
  p = POSITION(' ' || sign, body, a + 2);
  p = IIF(p = 0, CHAR_LENGTH(body), p + 1);
  found = found || SUBSTRING(body FROM a FOR p - a + 1);
  body = LEFT(body, a - 1) || SUBSTRING(body FROM p + 1);
  a = POSITION(' ' || sign || ' ' IN body);
 END
 RETURN IIF(inside = 1, found, body);
END"""
"""What stands between the signs, with them, or all the rest. A section whose end was cut off goes
to the end of the text."""


def any_of(conditions: Iterable[str]) -> str:
    """That one of these holds."""
    return "(" + " OR ".join(conditions) + ")"


def kept_from(fields: Iterable[tuple[int, str]]) -> str:
    """That the account is kept from one of these (object, field)."""
    rows = " OR ".join(f"({_row(one)})" for one in fields)
    return f"EXISTS({_KEPT_FROM} AND {_UNSEEN} AND ({rows}))"


def _row(one: tuple[int, str]) -> str:
    return f"h.ent = {one[0]} AND h.field = '{one[1]}'"


def _if(told: Told, step: str) -> str:
    """The step for a record of the object `ent` of which the account is kept from the field."""
    terms = [
        f"(ent = {number} AND {kept_from(who)})" for number, who in told.items()
    ]  # fmt: skip
    return f" IF ({' OR '.join(terms)}) THEN {step}\n" if terms else ""


def _parts(before: str) -> str:
    names = (f"{before}{one}" for one in ("words", "mails", "phones"))
    return " ".join(f"DECLARE {name} {_TEXT};" for name in names)


def _split(text: str, before: str) -> str:
    """The three parts of a text, each with the sign that it begins with."""
    words, mails, phones = f"{before}words", f"{before}mails", f"{before}phones"
    return (
        f" {phones} = {_from(text, PHONES_BEGIN)}; {words} = {_before(text, PHONES_BEGIN)};\n"
        f" {mails} = {_from(words, MAILS_BEGIN)}; {words} = {_before(words, MAILS_BEGIN)};\n"
    )


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
