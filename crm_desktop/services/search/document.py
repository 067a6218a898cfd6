"""What is kept of a record for the search: one text, its findable beginnings, a vocabulary.

The text of a record (`search_doc.body`) is ` title words | other words @ ann@mail.ru mail.ru
+79161041183`: every word stands behind one blank, the words of the title in their order up to the
bar, then the other words sorted, behind a sign of its own what e-mail addresses are found by, and
telephones last. Words of a field that some role hides stand behind the other words, between two
signs of their own (`Field.apart`). So "a word begins with x" is `LIKE '% x%'`, "in the title" is
`LIKE '% x%|%'` and "a telephone holds these digits" is `LIKE '% +%x%'`.

The beginnings (`search_posting.tok`) are made of that text alone, so that the old ones of a
record can be told from its old text. Those of e-mail addresses end, and those of telephones begin,
with a sign, those of hidden fields end with the field's: by these signs what some role hides lies
in a table of its own (`search/apart`), and whatever else has the same word stays. See decision 004.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.catalogue.holding import MAILS, PHONES, REACHING, is_held
from crm_desktop.models.catalogue.own_apart import is_sign
from crm_desktop.models.system.tables import DOCUMENT, TOKEN
from crm_desktop.models.text.normalise import LEGAL_FORMS, words
from crm_desktop.models.text.vocabulary import deletes, suffixes
from crm_desktop.services.writing.foreseen import ReadyDocument

TITLE_END = "|"
TITLE = "="
PHONE = PHONES
MAIL = "@"
"""The word behind which those of e-mail addresses stand."""
MAIL_END = MAILS
"""How their beginnings end."""
_APART = "\x1f"
"""What a term begins with that stands apart; behind it are the sign and the term."""
SHORTEST_RUN = 4  # digits of a telephone by which it is found
SHORTEST_POSTING = 3  # letters of a word outside the title that is found by itself
SHORTEST_WORD = 4  # letters of a word that enters the vocabulary

WORD, SUFFIX, VARIANT = 0, 1, 2
"""The kinds of `search_form`: the word itself, its ends, its beginnings without one letter."""


class Document(NamedTuple):
    """The terms of one record: those of its title, `TITLE_END`, then all others."""

    ent: int
    terms: Sequence[str]
    ready: ReadyDocument | None = None
    """What was made of the terms before; they are then left out."""


def has_documents(entity: EntityDef) -> bool:
    """Whether records of the object are found as themselves, not as what they belong to."""
    return bool(entity.search_fields()) and not entity.search_through


def own_terms(entity: EntityDef, values: Mapping[str, Any]) -> list[str]:
    """The terms of a record's own fields; those of its children are added behind them."""
    fields = entity.search_fields()
    found: list[str] = []
    if entity.title.search:
        found += field_terms(fields[0], values.get(fields[0].key))
        fields = fields[1:]
    found.append(TITLE_END)
    for f in fields:
        found += field_terms(f, values.get(f.key))
    return found


def field_terms(f: Field, value: Any) -> list[str]:
    """The terms of one value; of a long text only what stands in the column, not the rest."""
    if value is None or is_held(value):
        return []
    if isinstance(f, LongTextField) and value:
        value = value[: LongTextField.HEAD]
    found = f.terms(value)
    if not f.apart or isinstance(f, REACHING):  # those have places of their own in the text
        return found
    return [_APART + f.apart + term for term in found]


def together(terms: Sequence[str]) -> list[str]:
    """The same terms with nothing apart; none if nothing is."""
    if not any(term[:1] == _APART for term in terms):
        return []
    return [term[2:] if term[:1] == _APART else term for term in terms]


def body_of(terms: Iterable[str]) -> str:
    """The text kept of a record, at most 1,000 letters; '' when there is nothing to find."""
    title: list[str] | None = None
    rest: list[str] = []
    mails: set[str] = set()
    phones: set[str] = set()
    apart: dict[str, set[str]] = {}
    for term in terms:
        if term.isalnum():  # nearly all of them
            rest.append(term)
        elif term == TITLE_END:
            title, rest = rest, []
        elif term[:1] == _APART:
            _put_apart(term[1], term[2:], apart, mails, phones)
        elif term[:1] == PHONE and is_phone(term):
            if len(term) > SHORTEST_RUN:
                phones.add(term)
            else:
                rest.append(term[1:])
        elif MAIL not in term:
            rest.append(term)
        elif title is None:
            rest += _words_of(term)
        else:
            mails.update(_words_of(term))
    if not title and not rest and not mails and not phones and not apart:
        return ""
    others = sorted(set(rest).difference(title or ()))
    return _joined(title or (), others, apart, sorted(mails), sorted(phones))


def _put_apart(
    sign: str, term: str, apart: dict[str, set[str]], mails: set[str], phones: set[str]
) -> None:
    """Telephones and e-mail addresses have places of their own, which are left out along."""
    if is_phone(term) and len(term) > SHORTEST_RUN:
        phones.add(term)
    elif MAIL in term:
        mails.update(_words_of(term))
    elif word := term.lstrip(PHONE):
        apart.setdefault(sign, set()).add(word)


def is_phone(term: str) -> bool:
    """Whether the term is `+` and digits."""
    return term.startswith(PHONE) and term[1:].isdecimal()


def _words_of(term: str) -> list[str]:
    """An e-mail address with what else of it may be typed first."""
    clean = "".join(term.replace(TITLE_END, " ").split()).lstrip(PHONE + MAIL)
    local, _at, domain = clean.rpartition(MAIL)
    behind = [word for word in words(local) if not clean.startswith(word)]
    return [part for part in (clean, *behind, domain.lstrip(PHONE)) if part]


def _joined(
    title: Sequence[str], rest: Sequence[str], apart: Mapping[str, set[str]], mails: Sequence[str],
    phones: Sequence[str],
) -> str:  # fmt: skip
    """Telephones stay whole, then e-mail addresses, then what stands apart; of too many words the
    last in the alphabet are left out."""
    tail = _within(phones, DOCUMENT // 2)
    if mails:
        tail = _within([MAIL, *mails], (DOCUMENT - len(tail)) // 2) + tail
    for sign in sorted(apart, reverse=True):
        found = _within([sign, *sorted(apart[sign])], (DOCUMENT - len(tail)) // 2 - 2)
        tail = f"{found} {sign}{tail}" if len(found) > 2 else tail
    head = " ".join(["", *title, TITLE_END])
    room = DOCUMENT - len(tail)
    if len(head) > room:
        head = head[: room - 2].rpartition(" ")[0] + " " + TITLE_END
    return head + _within(rest, room - len(head)) + tail


def _within(found: Sequence[str], room: int) -> str:
    """As many of the words, each behind a blank, as there is room for."""
    text = " " + " ".join(found) if found else ""
    return text if len(text) <= room else text[: room + 1].rpartition(" ")[0]


def postings(body: str) -> set[str]:
    """The beginnings by which a record of this text is found, at most 20 letters each.

    `+` and every end of a telephone of four digits and more: any run of its digits begins one of
    them. The words of e-mail addresses with `~` behind them, those that stand apart with the sign
    of their field. `=` and the title, so that the titles that begin as typed come first. Words of
    one or two letters are found by themselves in titles only: they are a tenth of all and tell
    nothing.
    """
    head, _bar, rest = body.partition(TITLE_END)
    title = head.split()
    found = {word[:TOKEN] for word in title}
    is_mail, sign = False, ""
    for word in rest.split():
        if word == MAIL:
            is_mail = True
        elif word[0] == PHONE and is_phone(word):
            ends = range(1, len(word) - SHORTEST_RUN + 1)
            found.update([PHONE + word[at : at + TOKEN - 1] for at in ends])
        elif len(word) >= SHORTEST_POSTING and word not in LEGAL_FORMS:
            end = MAIL_END if is_mail else sign
            found.add(word[: TOKEN - 1] + end if end else word[:TOKEN])
        elif is_sign(word):
            sign = "" if sign == word else word
    if title:
        found.add(title_token(title))
    return found


def title_token(title: Iterable[str]) -> str:
    """The posting of a whole title, cut."""
    return (TITLE + " ".join(title))[:TOKEN].rstrip()


def is_vocabulary(token: str) -> bool:
    """Whether parts and mistypings of this posting are looked for."""
    return len(token) >= SHORTEST_WORD and token.isalpha()


def forms(word: str) -> Iterator[tuple[int, str, str]]:
    """The rows (kind, form, word) of `search_form` for a word of the vocabulary."""
    yield WORD, word, word
    for suffix in dict.fromkeys(suffixes(word)):
        yield SUFFIX, suffix, word
    for variant in deletes(word):
        yield VARIANT, variant, word
