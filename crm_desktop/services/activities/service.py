"""What people do with activities: plan by a phrase, accept, decline, hand on, put off, finish.

Each of these is one operation of the one writer, so history and undo know it. The responsible
person is the author of the activity; whoever hands it on stays with it as the one who checks it,
and to them it can be returned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.catalogue.builtin.participation import PARTICIPATION
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.traits import TakesPart
from crm_desktop.models.text.due import end_of_work
from crm_desktop.models.text.kind_words import kind_meant
from crm_desktop.models.text.phrases import Phrase, read_phrase
from crm_desktop.models.worktime.calendar import WorkCalendar
from crm_desktop.services.activities.kinds import NO_HABITS, Habits, habits, usual
from crm_desktop.services.private.mark import is_hushed
from crm_desktop.services.series.card import DateOfSeries, date_of_series, written
from crm_desktop.services.series.writes import FOLLOWING, THIS, SeriesWrites
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Create, Update, Write

KEY, PART = ACTIVITY.key, PARTICIPATION.key
_TAKES = next(PARTICIPATION.traits_of(TakesPart))
OF, WHO = _TAKES.event, _TAKES.staff
"""The links of a participation: to what, and which colleague."""
TASK, WITH_TIME = "task", ("meeting", "visit", "call", "leave")


def read_line(workspace: Workspace, text: str, work: WorkCalendar | None = None) -> Phrase:
    """A typed line by the clock and the habits of whoever works here, without waiting for the base.
    A day without a time ends with the work by this calendar, else by one's own as far as known."""
    context = workspace.parse_context()
    return read_phrase(
        text, now=context.now, order=context.date_order, work=work or context.work
    )  # fmt: skip


def _work_of(workspace: Workspace, whom: object) -> WorkCalendar:
    known = workspace.worktime.calendars()
    return known.of(whom if isinstance(whom, int) else workspace.user_id)


def times_of(phrase: Phrase, kind: str, known: Habits | None = None) -> dict[str, Any]:
    """The times a phrase means for an activity of this kind: a start and an end where a time of
    day was said, a deadline where only a day was, nothing without either. `known`: what the office
    has settled for kinds."""
    length = (known.get(kind, NO_HABITS) if known is not None else usual(kind)).minutes
    has_time = kind in WITH_TIME or length is not None
    moment = phrase.moment
    if moment is None:
        return {}
    if phrase.all_day:
        begins = datetime.combine(moment.date(), time(), moment.tzinfo)
        return {"starts": begins, "ends": begins + timedelta(days=1), "all_day": True}
    if phrase.minutes is None and not (phrase.timed and has_time):
        return {"due": moment}
    if not phrase.timed:
        moment = moment.replace(hour=9, minute=0)
    length = phrase.minutes or length
    return {"starts": moment} | ({"ends": moment + timedelta(minutes=length)} if length else {})


def kind_of(workspace: Workspace, subject: str) -> str:
    """The kind that the first word of a line means: “Call Anna” is a call; else a task."""
    meant, kinds = kind_meant(subject), workspace.catalogue[KEY].field("kind")
    choices = kinds.choices if isinstance(kinds, ChoiceField) else ()
    return meant if meant in {c.key for c in choices if not c.retired} else TASK


def values_of(
    workspace: Workspace, text: str, kind: str = "", whom: int | None = None
) -> dict[str, Any]:
    """The values of a planned activity from a typed line; `InvalidInput` if it says no subject.
    Without a `kind` the line says which."""
    phrase = read_line(workspace, text, _work_of(workspace, whom))
    if not phrase.subject:
        raise InvalidInput(_("Say what is to be done, not only when"), field="subject")
    kind = kind or kind_of(workspace, phrase.subject)
    return {"subject": phrase.subject[:250], "kind": kind, "state": "planned",
            **times_of(phrase, kind, habits(workspace))}  # fmt: skip


def plan(
    workspace: Workspace, text: str, kind: str = "", values: Mapping[str, Any] | None = None,
    beside: Sequence[Ref] = (),
) -> int:  # fmt: skip
    """Plans what a line says; the number of the activity. `values` go before those of the line;
    `beside`: colleagues and things that take part."""
    whom = (values or {}).get("author")
    given = {**values_of(workspace, text, kind, whom), **(values or {})}
    if not beside:
        return workspace.records.create(KEY, given).ids[0]
    staff = workspace.catalogue.staff().key

    def writes(batch: Batch) -> Sequence[Write]:
        new = batch.new_id()
        parts = [
            {WHO: ref.id, _TAKES.role: _TAKES.takes} if ref.entity == staff
            else {_TAKES.resource: ref.id, _TAKES.role: _TAKES.booked}
            for ref in beside
        ]  # fmt: skip
        return [Create(KEY, given, id=new), *(Create(PART, {OF: new, **part}) for part in parts)]

    hushed = is_hushed(workspace.catalogue[KEY], given)
    title = Title(N_("Planned: {subject}"), {"subject": "…" if hushed else str(given["subject"])})
    return workspace.records.apply(writes, title).ids[0]


# --- one activity -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dates:
    """Which dates of a series an act means: from the one that its rule puts at `at` (None: the one
    that is due) this one, this and the following, or all. Of other activities it says nothing."""

    at: datetime | None = None
    extent: str = THIS


DUE = Dates()


@dataclass(frozen=True)
class Standing:
    """An activity as it stands; of a series a date of it, with its times, and which are meant."""

    id: int
    values: Mapping[str, Any]
    date: DateOfSeries | None = None
    extent: str = THIS

    @property
    def moment(self) -> datetime | None:
        """When it is to be: its start, else its deadline."""
        found: datetime | None = self.values.get("starts") or self.values.get("due")
        return found

    @property
    def source(self) -> int:
        """The record whose participants it has: a new record of it begins with theirs."""
        return self.id if self.date is None else self.date.series


def standing(workspace: Workspace, id_: int, dates: Dates = DUE) -> Standing:
    """The activity, if something is still to be done; else a sentence."""
    record = workspace.reader.get(KEY, id_)
    if record is None:
        raise NotFound(_("The activity is no longer there"))
    if record.values.get("state") not in OPEN_STATES:
        raise InvalidInput(_("This is over already: plan it anew if it is to be done again"))
    if not record.values.get("rule") and dates.extent == THIS:
        return Standing(id_, record.values)
    date = date_of_series(workspace, Ref(KEY, id_), record.values, dates.at)
    values = record.values if date is None else {**record.values, **date.times}
    return Standing(id_, values, date, dates.extent)


def _changed(workspace: Workspace, one: Standing, values: dict[str, Any]) -> list[Write]:
    """New values of an activity; of a series of the dates that are meant."""
    if one.date is None:
        return [Update(KEY, one.id, values)] if values else []
    writes = written(workspace, Ref(KEY, one.id), one.date, values, one.extent)
    writes += [Update(KEY, id_, values) for id_ in _others(workspace, one, values)]
    return [write for write in writes if not isinstance(write, Update) or write.values]


def _others(workspace: Workspace, one: Standing, values: Mapping[str, Any]) -> list[int]:
    """Further dates that are meant and have records of their own; not when the dates move, since
    those were given other times already."""
    if one.date is None or one.extent == THIS or "starts" in values:
        return []
    known = SeriesWrites(workspace, one.date.series).replaced
    first = one.date.original if one.extent == FOLLOWING else None
    return [id_ for original, (id_, state) in known.items()
            if state in OPEN_STATES and original != one.date.original
            and (first is None or original > first)]  # fmt: skip


def _holder(one: Standing, writes: list[Write]) -> int:
    """The record that holds the dates that are meant: a new one, where the writes make one."""
    made = (w.id for w in writes if isinstance(w, Create) and w.entity == KEY and w.id is not None)
    return next(made, one.source)


def _apply(workspace: Workspace, writes: list[Write], message: str, one: Standing) -> Outcome:
    hushed = is_hushed(workspace.catalogue[KEY], one.values)
    title = Title(message, {"subject": "…" if hushed else str(one.values.get("subject") or "")})
    return workspace.records.apply(writes, title)


def _parts(workspace: Workspace, *of: int) -> list[tuple[int, Mapping[str, Any]]]:
    rows = workspace.reader.linked(PART, OF, of)
    return [(id_, row.values) for id_, row in rows.items()]


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise InvalidInput(_("Say why in a few words"), field="reason")
    return said[:300]


def done(
    workspace: Workspace, id_: int, *, result: int | None = None, note: str = "",
    dates: Dates = DUE,
) -> Outcome:  # fmt: skip
    """Finishes it, with a result from the book and a few words; of a series always one date."""
    one = standing(workspace, id_, Dates(dates.at))
    return _apply(workspace, _finishing(workspace, one, result, note), N_("Done: {subject}"), one)


def finishing(
    workspace: Workspace, id_: int, *, result: int | None = None, note: str = ""
) -> list[Write]:
    """What finishes it, to be written together with something else; of a series the date due."""
    return _finishing(workspace, standing(workspace, id_, DUE), result, note)


def _finishing(workspace: Workspace, one: Standing, result: int | None, note: str) -> list[Write]:
    values: dict[str, Any] = {"state": "done"}
    if result is not None:
        values["result"] = result
    if note.strip():
        body = str(one.values.get("body") or "")
        values["body"] = f"{body}\n\n{note.strip()}".strip()
    if one.date is None or one.date.own or one.date.is_due:  # the series goes on by its rule
        return [Update(KEY, one.id, values)]
    kind = str(one.values.get("kind") or "")
    if result is None and habits(workspace).get(kind, NO_HABITS).result:
        raise InvalidInput(_("Say what came of it: choose a result"), field="result")
    return _changed(workspace, one, values)


def accept(workspace: Workspace, id_: int, dates: Dates = DUE) -> Outcome:
    """Takes it on: the responsible begins to work, a participant says yes."""
    one = standing(workspace, id_, dates)
    writes = _answers(workspace, one, {"state": "working"}, {"answer": "accepted"})
    return _apply(workspace, writes, N_("Accepted: {subject}"), one)


def decline(workspace: Workspace, id_: int, reason: str, dates: Dates = DUE) -> Outcome:
    """Refuses it and says why: the responsible ends it, a participant stays away."""
    one, why = standing(workspace, id_, dates), _reason(reason)
    own, answer = ({key: "declined", "reason": why} for key in ("state", "answer"))
    return _apply(workspace, _answers(workspace, one, own, answer), N_("Declined: {subject}"), one)


def _answers(
    workspace: Workspace, one: Standing, own: dict[str, Any], answer: dict[str, Any]
) -> list[Write]:
    """The change of the responsible, and the answer of whoever takes part."""
    me = workspace.user_id

    def is_mine(part: Mapping[str, Any]) -> bool:
        return me is not None and part.get(WHO) == me and part.get("role") != "auditor"

    mine = [id_ for id_, part in _parts(workspace, one.source) if is_mine(part)]
    takes = not mine or one.values.get("author") == me
    writes = _changed(workspace, one, own if takes else {})
    others = _others(workspace, one, {}) if mine else []
    mine = mine if _holder(one, writes) == one.source else []
    mine += [id_ for id_, part in _parts(workspace, *others) if is_mine(part)]
    answers: list[Write] = [Update(PART, id_, answer) for id_ in mine]
    return answers + [
        replace(w, values={**w.values, **answer})
        if isinstance(w, Create) and w.entity == PART and is_mine(w.values)
        else w
        for w in writes
    ]


def wait(workspace: Workspace, id_: int, reason: str = "", dates: Dates = DUE) -> Outcome:
    """The next move is somebody else's."""
    one = standing(workspace, id_, dates)
    values: dict[str, Any] = {"state": "waiting"}
    if reason.strip():
        values["reason"] = _reason(reason)
    return _apply(workspace, _changed(workspace, one, values), N_("Waiting: {subject}"), one)


def reassign(workspace: Workspace, id_: int, to: int, dates: Dates = DUE) -> Outcome:
    """Makes another colleague responsible."""
    one = standing(workspace, id_, dates)
    if one.values.get("author") == to:
        raise InvalidInput(_("This colleague is responsible already"), field="author")
    writes = _changed(workspace, one, {"author": to})
    return _apply(workspace, writes, N_("Reassigned: {subject}"), one)


def delegate(workspace: Workspace, id_: int, to: int, dates: Dates = DUE) -> Outcome:
    """Hands it to a colleague; who had it stays with it as the one who checks it."""
    one = standing(workspace, id_, dates)
    owner = one.values.get("author")
    if owner == to:
        raise InvalidInput(_("This colleague is responsible already"), field="author")
    writes = _changed(workspace, one, {"author": to, "state": "planned"})
    checking = [p for _id, p in _parts(workspace, one.source)
                if p.get("role") == "auditor" and p.get(WHO) == owner]  # fmt: skip
    if owner is not None and not checking:
        auditor = {WHO: owner, "role": "auditor"}
        holders = [_holder(one, writes), *_others(workspace, one, {})]
        writes += [Create(PART, {OF: holder, **auditor}) for holder in holders]
    return _apply(workspace, writes, N_("Delegated: {subject}"), one)


def give_back(workspace: Workspace, id_: int, reason: str, dates: Dates = DUE) -> Outcome:
    """Returns it to the one who handed it on, and says why."""
    one, why = standing(workspace, id_, dates), _reason(reason)
    giver = next((p.get(WHO) for _id, p in reversed(_parts(workspace, one.source))
                  if p.get("role") == "auditor" and p.get(WHO) is not None), None)  # fmt: skip
    if giver is None or giver == one.values.get("author"):
        raise InvalidInput(_("Nobody handed it on: there is nobody to return it to"))
    values = {"author": giver, "state": "planned", "reason": why}
    return _apply(workspace, _changed(workspace, one, values), N_("Returned: {subject}"), one)


def reschedule(
    workspace: Workspace, id_: int, to: datetime, reason: str = "", dates: Dates = DUE
) -> Outcome:
    """Puts it off to another moment; counts how often, and keeps why."""
    one = standing(workspace, id_, dates)
    field = "starts" if one.values.get("starts") is not None else "due"
    values: dict[str, Any] = {field: to, "attempt": int(one.values.get("attempt") or 0) + 1}
    values["reason"] = _reason(reason) if reason.strip() else None  # that of the time before
    return _apply(workspace, _changed(workspace, one, values), N_("Moved: {subject}"), one)


def move_by_words(
    workspace: Workspace, id_: int, words: str, reason: str = "", dates: Dates = DUE
) -> Outcome:
    """`tomorrow at 10`, `in a week`: a day alone keeps the time of day."""
    moment = moment_of(workspace, standing(workspace, id_, dates), words)
    return reschedule(workspace, id_, moment, reason, dates)


def moment_of(workspace: Workspace, one: Standing, words: str) -> datetime:
    """The moment that words mean for an activity; `InvalidInput` if they are none."""
    phrase = read_line(workspace, words, _work_of(workspace, one.values.get("author")))
    if phrase.moment is None or phrase.subject:
        sentence = _("“{text}” is no date: try “tomorrow at 10”, “in 2 days” or “Fri 15:00”")
        raise InvalidInput(sentence.format(text=words[:60]), field="due")
    return phrase.moment if phrase.timed else _at_its_time(workspace, one, phrase.moment)


def tomorrow(workspace: Workspace, id_: int, dates: Dates = DUE) -> Outcome:
    """Puts it off to the same time tomorrow; what has no date is due tomorrow evening."""
    day = workspace.clock.local() + timedelta(days=1)
    moment = _at_its_time(workspace, standing(workspace, id_, dates), day)
    return reschedule(workspace, id_, moment, dates=dates)


def _at_its_time(workspace: Workspace, one: Standing, day: datetime) -> datetime:
    """That day, at the time of day the activity has now."""
    stood = one.moment
    zone = workspace.clock.local().tzinfo
    if stood is not None:
        return datetime.combine(day.date(), stood.astimezone(zone).time(), zone)
    ends = end_of_work(day.date(), _work_of(workspace, one.values.get("author")))
    return datetime.combine(day.date(), ends, zone)
