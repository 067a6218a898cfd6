"""vCard files: as cards with typed values, and as a sheet with one row for each card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from crm_desktop.i18n import _
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.base import (
    Cell,
    ReadOptions,
    Sheet,
    SheetInfo,
    Source,
)
from crm_desktop.services.importing.readers.card import (
    EMAIL,
    MESSENGER,
    PHONE,
    URL,
    Card,
    CardAddress,
    CardValue,
)
from crm_desktop.services.importing.readers.cardlines import Property, parts, plain, properties
from crm_desktop.services.importing.readers.limits import MAX_CARD_VALUES
from crm_desktop.services.importing.readers.textscan import TextScan, scan

_KINDS = {"TEL": PHONE, "EMAIL": EMAIL, "URL": URL, "IMPP": MESSENGER}
_MESSENGERS = frozenset(
    """X-ICQ X-SKYPE X-SKYPE-USERNAME X-JABBER X-AIM X-MSN X-YAHOO X-QQ X-TELEGRAM X-WHATSAPP
    X-GOOGLE-TALK X-MS-IMADDRESS""".split()
)
_SCHEMES = {PHONE: "tel:", EMAIL: "mailto:"}
_SINGLE = (
    "full_name", "last_name", "first_name", "middle_name", "prefix", "suffix", "nickname",
    "organisation", "department", "job_title", "role", "birthday", "note", "categories", "uid",
)  # fmt: skip
_OF_EMPLOYEE = {
    f"contact_{name}": name
    for name in ("last_name", "first_name", "middle_name", "job_title", "birthday")
}
_EMPLOYEE = ("contact", *_OF_EMPLOYEE)
_NO_YEAR = 1604  # what Apple writes where a birthday has none, as a leap year
_ADDRESS_KIND = "address_kind"
_ADDRESS_PARTS = ("po_box", "extended", "street", "city", "region", "postcode", "country")


def cards(path: Path, *, options: ReadOptions | None = None) -> Iterator[Card]:
    """The cards of the file one by one; cards within a card (AGENT) are left out."""
    wanted = options or ReadOptions()
    return _cards(path, scan(path, encoding=wanted.encoding))


class CardSheet(Sheet):
    """One row for each card; `meanings` says what each column holds, without its number.

    Columns are `full_name`, `last_name` ... and, as many as some card has, `phone 1`, `phone 2`,
    `email 1`, `url 1`, `messenger 1`, `street 1`, `city 1` ...; the types (work, cell) are in the
    cards themselves. `contact`, `contact_last_name` ... say once more who it is where a card names
    both somebody and the organisation: two records for those who keep organisations.
    """

    def __init__(self, path: Path, found: TextScan) -> None:
        super().__init__(path.stem)
        self._path = path
        self._scan = found
        self.count = 0
        used: set[str] = set()
        most: Counter[str] = Counter()
        for card in self.cards():
            self.count += 1
            used.update(name for name in (*_SINGLE, *_EMPLOYEE) if _single(card, name))
            for meaning, values in _lists(card).items():
                most[meaning] = max(most[meaning], len(values))
        self._single = tuple(
            name for name in (*_SINGLE, *_EMPLOYEE) if name in used or name == "full_name"
        )
        self._most = {meaning: most[meaning] for meaning in most if most[meaning]}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        numbered = (f"{m} {i}" for m, most in self._most.items() for i in range(1, most + 1))
        return (*self._single, *numbered)

    @property
    def meanings(self) -> tuple[str, ...]:
        """`phone` for each of `phone 1`, `phone 2`."""
        return (*self._single, *(m for m, most in self._most.items() for _i in range(most)))

    @property
    def twins(self) -> Mapping[str, str]:
        """`contact_birthday` for `birthday`, and the other way about."""
        pairs = {**_OF_EMPLOYEE, "contact": "full_name"}
        return {**pairs, **{one: other for other, one in pairs.items()}}

    @cached_property
    def columns(self) -> int:
        return len(self.names)

    def cards(self) -> Iterator[Card]:
        """The cards behind the rows, in their order."""
        return _cards(self._path, self._scan)

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        for card in self.cards():
            row: list[Cell] = [_single(card, name) or None for name in self._single]
            lists = _lists(card)
            for meaning, most in self._most.items():
                values = lists[meaning][:most]
                row += [*(value or None for value in values), *[None] * (most - len(values))]
            yield card.number, row


class CardSource(Source):
    """A vCard file as a file of one sheet."""

    kind = "vcard"

    def __init__(self, path: Path, options: ReadOptions) -> None:
        found = scan(path, encoding=options.encoding)
        super().__init__(path, replace(options, encoding=found.encoding))
        self._sheet = CardSheet(path, found)
        if not self._sheet.count:
            raise problems.problem(problems.DAMAGED, path)

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """One sheet; its rows are counted."""
        return (SheetInfo(self._sheet.name, rows=self._sheet.count, columns=self._sheet.columns),)

    def sheet_at(self, index: int) -> Sheet:
        return self._sheet


def _cards(path: Path, found: TextScan) -> Iterator[Card]:
    number = 0
    try:
        for lines in _divided(properties(_lines(path, found.encoding), found.encoding)):
            number += 1
            yield _card(number, lines)
    except OSError as error:
        raise problems.reading_failed(path, error) from error


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """Lines with a letter for each byte: values may be in encodings of their own."""
    wide = encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
    with path.open(encoding=encoding if wide else "latin-1", errors="replace") as file:
        for line in file:
            if wide:
                line = line.encode("utf-8", "replace").decode("latin-1")
            yield line.removeprefix("\xef\xbb\xbf").replace("\0", "")


def _divided(lines: Iterator[Property]) -> Iterator[list[Property]]:
    """The properties of each card. A card that is not ended ends where the next one begins."""
    current: list[Property] | None = None
    depth = 0
    agent = False
    for line in lines:
        is_card = line.value.strip().upper() == "VCARD"
        if line.name == "BEGIN" and is_card:
            if current is not None and (agent or depth):
                depth += 1
            else:
                if current:
                    yield current
                current, depth = [], 0
        elif line.name == "END" and is_card:
            if depth:
                depth -= 1
            elif current is not None:
                yield current
                current = None
        elif current is not None and not depth and len(current) < MAX_CARD_VALUES:
            current.append(line)
        agent = line.name == "AGENT" and not line.value.strip()
    if current:
        yield current


def _card(number: int, lines: list[Property]) -> Card:
    texts: dict[str, list[str]] = {}
    values: list[CardValue] = []
    addresses: list[CardAddress] = []
    for line in lines:
        kind = _KINDS.get(line.name) or (MESSENGER if line.name in _MESSENGERS else "")
        if kind:
            value = _value(line, kind)
            values += [value] if value.value else []
        elif line.name == "ADR":
            address = CardAddress(line.types, *_padded(parts(line.value), 7))
            addresses += [address] if any(address.parts) else []
        elif line.value.strip():
            texts.setdefault(line.name, []).append(line.value)
    counts = dict(Counter(line.name for line in lines))
    return _with_texts(Card(number, values=tuple(values), addresses=tuple(addresses),
                            counts=counts), texts)  # fmt: skip


def _value(line: Property, kind: str) -> CardValue:
    value = plain(line.value)
    scheme = _SCHEMES.get(kind, "")
    if scheme and value.lower().startswith(scheme):
        value = value[len(scheme) :]
    return CardValue(kind, line.types, value)


def _with_texts(card: Card, texts: dict[str, list[str]]) -> Card:
    last, first, middle, prefix, suffix = _padded(parts(_first(texts, "N")), 5)
    organisation, *departments = parts(_first(texts, "ORG"))
    groups = [item for value in texts.get("CATEGORIES", ()) for item in parts(value, ",")]
    return replace(
        card,
        version=_first(texts, "VERSION").strip(),
        full_name=plain(_first(texts, "FN")),
        last_name=last,
        first_name=first,
        middle_name=middle,
        prefix=prefix,
        suffix=suffix,
        organisation=organisation,
        department=", ".join(filter(None, departments)),
        birthday=_day(plain(_first(texts, "BDAY"))),
        categories=tuple(filter(None, groups)),
        uid=plain(_first(texts, "UID")),
        nickname=_all(texts, "NICKNAME", "; "),
        job_title=_all(texts, "TITLE", "; "),
        role=_all(texts, "ROLE", "; "),
        note=_all(texts, "NOTE", "\n"),
    )


def _first(texts: dict[str, list[str]], name: str) -> str:
    return texts[name][0] if texts.get(name) else ""


def _all(texts: dict[str, list[str]], name: str, sign: str) -> str:
    """What is said several times, each once."""
    return sign.join(dict.fromkeys(map(plain, texts.get(name, ()))))


def _padded(items: list[str], count: int) -> list[str]:
    return [*items[:count], *[""] * (count - len(items))]


def _day(text: str) -> date | str:
    """The date, or the text where the year is missing or it is none."""
    try:
        day = date.fromisoformat(text.partition("T")[0].strip())
    except ValueError:
        return text
    return f"--{day:%m%d}" if day.year == _NO_YEAR else day


def _single(card: Card, name: str) -> Cell:
    if name in _EMPLOYEE:
        return _single(card, _OF_EMPLOYEE.get(name, "full_name")) if _is_employee(card) else None
    if name == "full_name":
        return card.name
    if name == "categories":
        return ", ".join(card.categories)
    if name == "birthday":
        return card.birthday
    if name == "note" and _no_year(card):
        said = _("Birthday: {day}").format(day=_day_and_month(str(card.birthday)))
        return f"{card.note}\n{said}" if card.note else said
    value: Cell = getattr(card, name)
    return value


def _is_employee(card: Card) -> bool:
    """Whether the card is of somebody in an organisation, and not of that itself."""
    return bool(card.organisation and card.name) and norm(card.name) != norm(card.organisation)


def _no_year(card: Card) -> bool:
    """Whether the birthday is a day of every year (`--0415`): it goes into the note."""
    return isinstance(card.birthday, str) and card.birthday.startswith("--")


def _day_and_month(text: str) -> str:
    """`01.02` for `--0201`, which is how a card writes the first of February of any year."""
    month, day = text.replace("-", "")[:2], text.replace("-", "")[2:4]
    return f"{day}.{month}" if day else text


def _preferred(values: Sequence[CardValue]) -> list[CardValue]:
    """Those that the card itself puts first, then the others, in their order."""
    return sorted(values, key=_rank)


def _rank(value: CardValue) -> int:
    """1 for what is preferred, up to 100 (RFC 6350, 5.3); more where the card says nothing."""
    ranks = [said.partition("=")[2] or "1" for said in value.types if said.startswith("pref")]
    return min((int(rank) for rank in ranks if rank.isascii() and rank.isdigit()), default=101)


def _lists(card: Card) -> dict[str, tuple[str, ...]]:
    """By meaning what a card may have several of."""
    kinds = (PHONE, EMAIL, URL, MESSENGER)
    lists = {kind: tuple(value.value for value in _preferred(card.of(kind))) for kind in kinds}
    get: Callable[[CardAddress, str], str] = getattr
    for part in (*_ADDRESS_PARTS, "kind"):
        values = tuple(get(address, part) for address in card.addresses)
        lists[_ADDRESS_KIND if part == "kind" else part] = values if any(values) else ()
    return lists
