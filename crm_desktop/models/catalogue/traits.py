"""The opt-in abilities of objects. Each trait is read by exactly one service, named here."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.models.catalogue.definitions import Trait


@dataclass(frozen=True)
class Activities(Trait):
    """Notes, calls, letters and meetings may be kept about a record (`services/links`)."""


@dataclass(frozen=True)
class Channels(Trait):
    """Telephones, e-mail addresses and messengers may be kept for a record
    (`services/writing/mirrors`)."""


@dataclass(frozen=True)
class Files(Trait):
    """Files may be kept with a record (`services/files`)."""


@dataclass(frozen=True)
class FileContent(Trait):
    """The records are files of others: which fields say what of them (`services/files`).

    `digest` is the SHA-256 (FIPS 180-4) of the content in hexadecimal letters, by which the
    content is found in `file_content`; `size` counts bytes.
    """

    kind: str
    media: str
    size: str
    digest: str
    note: str


@dataclass(frozen=True)
class Wishes(Trait):
    """Critical wishes may be kept for a record: what must not be forgotten (`services/wishes`)."""


@dataclass(frozen=True)
class WishText(Trait):
    """The records are wishes of others: which fields say what of them (`services/wishes`).

    A wish counts until its yes/no `retired` is set or the day `until` has passed.
    `read_at` holds the last reading; the change log keeps all of them and who read.
    """

    owner: str
    kind: str
    severity: str
    until: str
    retired: str
    read_at: str


@dataclass(frozen=True)
class AfterWishes(Trait):
    """Before a record is made for `owner`, its wishes must be read (`services/wishes`).

    `where` narrows it to records whose choice fields hold one of the keys. Documents, work orders
    and visits carry this trait; nothing else has to be done for them.
    """

    owner: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class AnnualDates(Trait):
    """Days of the year may be kept for a record: anniversaries, holidays (`services/annual`)."""


@dataclass(frozen=True)
class AnnualDay(Trait):
    """The records are days of others: which fields say what of them (`services/annual`).

    `lead`: how many days before the card begins to tell.
    """

    owner: str
    day: str
    lead: str


@dataclass(frozen=True)
class LegalDetails(Trait):
    """Legal details may be kept for a record (`ui/legal_details`)."""


@dataclass(frozen=True)
class Addresses(Trait):
    """Addresses of several kinds may be kept for a record (`services/links`)."""


@dataclass(frozen=True)
class OneFlag(Trait):
    """Of the records with one `owner`, and one value of the field `within` if given, exactly one
    has the yes/no field `flag` set: the last that got it (`services/writing/one_flag`)."""

    flag: str
    owner: str
    within: str = ""


@dataclass(frozen=True)
class FilledFrom(Trait):
    """Fields left empty are filled in from the record of `source` whose field `match` holds what
    the field `by` holds here; `copies` are pairs of an own field and one there
    (`services/writing/filling`)."""

    by: str
    source: str
    match: str
    copies: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SuitsBank(Trait):
    """The keys of account numbers suit the bank whose code stands in the field `bik`; `accounts`
    are pairs of a field and its kind (`models/validation`). A number that equals the field `iban`
    has check digits of its own (`services/bank_keys`)."""

    bik: str
    accounts: tuple[tuple[str, str], ...]
    iban: str = ""


@dataclass(frozen=True)
class Mirror(Trait):
    """A field repeats a value of the record's main child, so that lists show and sort by it.

    `field` of the owner mirrors `value` of that `child` whose link `owner` points here, whose flag
    `flag` is set, and, with `kind`, whose choice field `kind[0]` holds `kind[1]`; one with `unless`
    set is never the main one. Writing the one writes the other (`services/writing/mirrors`).

    `others`: further fields of the child, of which the one that applies is meant. `makes` False: it
    makes no child, stays when there is none. `remark`: its text field for words beside a value.
    """

    field: str
    child: str
    owner: str
    value: str
    flag: str = "main"
    kind: tuple[str, str] | None = None
    unless: str = ""
    others: tuple[str, ...] = ()
    makes: bool = True
    remark: str = ""


@dataclass(frozen=True)
class Latest(Trait):
    """Fields keep what the latest of the record's children says, so that lists sort by it.

    `field` holds the date or moment `by` of that `child` whose link `owner` points here and whose
    `by` is the latest, or the `earliest`; `copies` are pairs of a further field and the child's
    field it repeats. Only children count whose choice fields hold one of the keys in `where`.
    Several of these traits with one `field` take the latest of them all: a company's own calls
    and those of its people. The fields are `kept` (`services/writing/latest`).
    """

    field: str
    child: str
    owner: str
    by: str
    copies: tuple[tuple[str, str], ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    earliest: bool = False


@dataclass(frozen=True)
class Book(Trait):
    """The records are kept in groups that links choose from (`services/titles`).

    `field` says to which group a record belongs: a value to its reference book, a selection to
    the object it is about. `place` holds its order there, `retired` whether it is still offered,
    `inverse` its name seen from the other side.
    """

    field: str = "book"
    place: str = ""
    retired: str = ""
    inverse: str = ""


@dataclass(frozen=True)
class Tree(Trait):
    """A record may stand below another one of its object, which the link `parent` names; who asks
    for a record means those below it too (`services/trees`)."""

    parent: str = "parent"


@dataclass(frozen=True)
class Tags(Trait):
    """A record may have tags; `field` repeats their names in one line (`services/tags/line`)."""

    field: str = "tags"


@dataclass(frozen=True)
class Tagging(Trait):
    """Each record gives the tag of the link `tag` to the record of the link `record`."""

    tag: str
    record: str


@dataclass(frozen=True)
class Relations(Trait):
    """Records may be joined to others by relations that people name (`services/relations`)."""


@dataclass(frozen=True)
class Joining(Trait):
    """Each record joins two others, `one` and `other`; `kind` is a value of a reference book with
    a name and an inverse name (`services/relations`)."""

    one: str = "one"
    other: str = "other"
    kind: str = "kind"
    note: str = "note"


@dataclass(frozen=True)
class Selections(Trait):
    """Records may stand in named lists that people keep (`services/selections`)."""


@dataclass(frozen=True)
class Selecting(Trait):
    """Each record is a named list of records of the object whose key stands in `about`: kept one
    by one, or, where `live` is set, found by the query in `query` (`services/selections`)."""

    about: str = "about"
    live: str = "live"
    query: str = "query"


@dataclass(frozen=True)
class Member(Trait):
    """Each record puts the one that `record` names into the list that `selection` names
    (`services/selections`)."""

    selection: str
    record: str


@dataclass(frozen=True)
class Lasting(Trait):
    """The records are stretches of time: cards show them in their order, the latest first, and
    those that are over in grey. `over` is a yes/no field (`services/links`)."""

    since: str = "since"
    until: str = "until"
    over: str = ""


@dataclass(frozen=True)
class Aside(Trait):
    """Cards show these records in a place of their own and not as a tab with a table
    (`ui/record_card/loading`)."""


@dataclass(frozen=True)
class Staff(Trait):
    """Records are colleagues who may be responsible for others (`services/workspace`)."""


@dataclass(frozen=True)
class Identity(Trait):
    """What tells who a record is beside its title, its contacts and its identifiers, which every
    object has by their types: further names, the town, the date of birth (`services/duplicates`).
    """

    names: tuple[str, ...] = ()
    place: str = ""
    born: str = ""


@dataclass(frozen=True)
class Scheduled(Trait):
    """Records take place at a time and are somebody's: which fields say what (`services/planner`).

    `lasting`: the kinds that keep somebody from work for days, weeks or months. `closed`: the
    states of what takes nobody's time any more, of which `done` was carried out.
    """

    starts: str = "starts"
    ends: str = "ends"
    all_day: str = "all_day"
    who: str = "author"
    kind: str = "kind"
    state: str = "state"
    due: str = "due"
    place: str = "place"
    about: str = "about"
    private: str = "private"
    rule: str = "rule"
    lasting: tuple[str, ...] = ("leave",)
    closed: tuple[str, ...] = ("declined", "cancelled")
    done: str = "done"
    planned: str = "planned"
    usual: str = "meeting"


@dataclass(frozen=True)
class TakesPart(Trait):
    """Each record is somebody or something that takes part in a scheduled record: `event` links to
    it, `staff` to a colleague, `resource` to what is booked. `role` holds `takes` for people and
    `booked` for resources (`services/planner`)."""

    event: str
    staff: str
    resource: str
    role: str
    takes: str
    booked: str


@dataclass(frozen=True)
class Reminds(Trait):
    """Each record reminds somebody of the scheduled record `event`, `offset` minutes before it
    begins or is due; `whom` empty: its responsible. `due` is the moment, kept by a rule while the
    event is still to be done. With `level` it tells a head of what is overdue."""

    event: str
    whom: str
    offset: str
    channel: str
    due: str
    window: str
    level: str


@dataclass(frozen=True)
class Recurring(Trait):
    """Scheduled records may recur: which fields say how (`services/series/dates`).

    `rule` holds RRULE, EXDATE and RDATE of RFC 5545. A record that stands in place of one
    occurrence points to its series by `series` and says by `occurrence` which start it replaces.
    `until` is kept by the program: when the last occurrence ends. `count_from` holds `from_done`
    if the next date is counted from the day of completion. `own` are fields that say what became
    of one occurrence: a copy begins without them.
    """

    rule: str = "rule"
    series: str = "series"
    occurrence: str = "occurrence"
    count_from: str = "count_from"
    zone: str = "zone"
    until: str = "recurs_until"
    from_done: str = "done"
    moment: str = "moment"
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkHours(Trait):
    """Records are working calendars: of a company, a department or a colleague, with the hours of
    each weekday from Monday on (`services/worktime`). `base` links to the calendar that holds
    where a field is empty; of the week either all hours are empty or it counts as it stands."""

    scope: str
    company: str
    department: str
    person: str
    staff: str
    base: str
    week: tuple[str, ...]
    country: str
    zone: str


@dataclass(frozen=True)
class WorkDays(Trait):
    """Records are days of a working calendar unlike their weekday (`services/worktime`)."""

    calendar: str
    day: str
    hours: str
    name: str


@dataclass(frozen=True)
class Checklist(Trait):
    """Each record is a small step of the one that `owner` links to: its `text`, whether it is
    `done`, and its `place` in the order (`services/ics`)."""

    owner: str
    text: str
    done: str
    place: str
