"""The commands about former days: as-of and restore."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from crm_desktop import i18n
from crm_desktop.cli.answer import REFUSED, Answer
from crm_desktop.cli.command_words import Commands, add_id, add_object, command
from crm_desktop.errors import Conflict, InvalidInput
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.text.dates import parse_date
from crm_desktop.models.text.problems import Unreadable
from crm_desktop.services.history.as_of import GONE, NOT_YET, THERE, PastCard, PastRecord, ref_of
from crm_desktop.services.workspace import Workspace

AS_OF, RESTORE = "as-of", "restore"
_DAY, _TICK = timedelta(days=1), timedelta(milliseconds=1)
STATES = {
    THERE: N_("As of {moment}"),
    NOT_YET: N_("On {moment} it was not there yet; it was made on {since}"),
    GONE: N_("On {moment} it was deleted already, on {until}; its last values:"),
}


def add_commands(commands: Commands) -> None:
    """The words of both commands."""
    past = command(
        commands, AS_OF, _("one record as it was at the end of a day"),
        answer='{"object": "client", "id": 7, "moment": "...", "state": "there", "values": {...},\n'
               ' "differs": ["city"], "since": "...", "until": null,\n'
               ' "children": [{"object": "channel", "id": 9, "title": "...", "values": {...}}]}',
    )  # fmt: skip
    add_object(past)
    add_id(past)
    past.add_argument("date", metavar="DATE",
                      help=_("a day (2026-03-31) or a moment (2026-03-31T12:00)"))  # fmt: skip
    back = command(
        commands, RESTORE, _("bring back a deleted record with what belonged to it"),
        answer='{"operation": 31, "restored": 4, "blocked": []}',
    )  # fmt: skip
    add_object(back)
    add_id(back)


def as_of(workspace: Workspace, given: Namespace) -> Answer:
    """Values, links and children of a record at a former moment."""
    entity = workspace.catalogue.find(given.object)
    moment = read_moment(workspace, given.date)
    card = workspace.as_of.card(entity, given.id, moment)
    record = card.record
    workspace.seen.opened(Ref(entity.key, given.id))
    values = {} if record.state == NOT_YET else _plain(card, entity, record)
    value = {
        "object": entity.key, "id": given.id, "moment": record.moment.isoformat(),
        "state": record.state.replace(" ", "_"), "values": values,
        "differs": [f.key for f in entity.fields if not f.kept and record.differs(f.key)]
        if record.state == THERE else [],
        "since": _iso(record.since), "until": _iso(record.until),
        "children": [
            {"object": child.link.entity.key, "id": child.record.ref.id, "title": child.title,
             "values": _plain(card, child.link.entity, child.record)}
            for child in card.children
        ],
    }  # fmt: skip
    return Answer(value, _lines(workspace, card))


def read_moment(workspace: Workspace, text: str) -> datetime:
    """The end of a day, or a moment, of the zone of whoever asks; `InvalidInput` if neither."""
    zone, today = workspace.clock.zone(), workspace.clock.today()
    context = workspace.parse_context()
    day: date | None
    try:
        if len(text) > len("2026-03-31") and text[:4].isdigit():
            exact = datetime.fromisoformat(text)
            return (exact if exact.tzinfo else exact.replace(tzinfo=zone)).astimezone(UTC)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = parse_date(text, today=today, order=context.date_order)
        return datetime.combine(day + _DAY, time(), zone).astimezone(UTC) - _TICK
    except (Unreadable, ValueError, OverflowError):
        raise InvalidInput(_("“{text}” is not a date").format(text=text[:60])) from None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _plain(card: PastCard, entity: EntityDef, record: PastRecord) -> dict[str, Any]:
    found = {}
    for f in entity.fields:
        value = record.values.get(f.key)
        if value is not None and not f.kept:
            linked = ref_of(f, value) is not None
            found[f.key] = card.shown(f, value, "en") if linked else f.plain(value)
    return found


def _lines(workspace: Workspace, card: PastCard) -> list[str]:
    record, language = card.record, i18n.language()
    lines = [_(STATES[record.state]).format(
        moment=_local(workspace, record.moment), since=_local(workspace, record.since),
        until=_local(workspace, record.until),
    )]  # fmt: skip
    if record.state == NOT_YET:
        return lines
    for f in card.entity.fields:
        if f.kept:
            continue
        then = card.shown(f, record.values.get(f.key), language)
        now = card.shown(f, (record.now or {}).get(f.key), language)
        changed = record.state == THERE and record.now is not None and record.differs(f.key)
        if changed:
            today = _("today: {value}").format(value=now or "—")
            lines.append(f"* {_(f.label)}: {then or '—'}  ({today})")
        elif then:
            lines.append(f"  {_(f.label)}: {then}")
    lines += [f"  {_(c.link.entity.label)} {c.record.ref.id}: {c.title}" for c in card.children]
    return lines


def _local(workspace: Workspace, moment: datetime | None) -> str:
    return moment.astimezone(workspace.clock.zone()).strftime("%Y-%m-%d %H:%M") if moment else "—"


def restore(workspace: Workspace, given: Namespace) -> Answer:
    """A deleted record comes back; what cannot come back with it is named."""
    entity = workspace.catalogue.find(given.object)
    if workspace.reader.exists(entity.key, [given.id]):
        raise Conflict(
            _("{object} {id} is in the base already").format(object=_(entity.label), id=given.id)
        )
    result = workspace.recycle_bin.restore([Ref(entity.key, given.id)])
    blocked = [
        {"object": b.entity, "id": b.id, "name": b.name, "field": b.field, "reason": b.reason}
        for b in result.blocked
    ]
    text = ngettext("{count} record restored", "{count} records restored", result.restored)
    lines = [text.format(count=result.restored)]
    lines += [f"  {b.name}: {b.reason}" for b in result.blocked]
    value = {"operation": result.operation, "restored": result.restored, "blocked": blocked}
    code = 0 if result.restored else REFUSED
    reason = "" if result.restored else _("Nothing could be restored")
    return Answer(value, lines, code=code, reason=reason)
