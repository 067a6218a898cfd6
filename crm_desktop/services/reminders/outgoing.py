"""The queue of what goes out by letter or text message: reminders, and news of changed plans.

What is due is put here once, whichever seat looks first, and waits for a transport; the queue and
its states are seen in the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import EmailField, PhoneField
from crm_desktop.services.operations import UNDONE

if TYPE_CHECKING:
    from crm_desktop.services.reminders.service import Firing
    from crm_desktop.services.workspace import Workspace

WAITING, NO_ADDRESS, CANCELLED = "waiting", "no_address", "cancelled"
STATES = {
    WAITING: (N_("Waits to be sent"), "info"),
    NO_ADDRESS: (N_("No address is known"), "bad"),
    CANCELLED: (N_("Called off"), "neutral"),
}
"""What each state is called, and its tone."""
SMS, MAIL = "sms", "mail"
MOST, MOST_BODY = 500, 3000
_COLUMNS = ("id", "rid", "fired", "sent_by", "whom", "address", "subject", "state", "made_at",
            "changed_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the queue."""

    id: int
    channel: str
    whom: int | None
    address: str
    subject: str
    state: str
    made_at: datetime
    body: str = ""


def queue_due(workspace: Workspace) -> int:
    """Puts what is due into the queue and answers its reminders; how many."""
    reminders, backend = workspace.reminders, workspace.backend
    with backend.read() as connection:
        if not reminders.outgoing(connection):
            return 0
    with backend.write() as connection:
        found = reminders.outgoing(connection)
        if not found:  # another seat was quicker
            return 0
        addresses = _addresses(workspace, found)
        now, table = workspace.clock.now(), workspace.tables.system("outgoing_message")
        backend.delete_keys(connection, table, ("rid", "fired"), [(f.id, f.moment) for f in found])
        rows = [
            (id_, f.id, f.moment, f.channel, f.whom, address, f.subject[:250],
             WAITING if address else NO_ADDRESS, now, now)
            for id_, f, address in zip(
                backend.ids(connection, len(found)), found,
                (addresses.get((f.whom, f.channel), "") for f in found), strict=True,
            )
        ]  # fmt: skip
        backend.insert_many(connection, table, _COLUMNS, rows)
        reminders.note(connection, [(f.id, f.about) for f in found], None)
    return len(found)


def queue_changes(
    workspace: Workspace, operation: int, said: Sequence[tuple[int, str, str]]
) -> int:
    """One letter for each (colleague, subject, text) about what an operation has changed for
    them; how many. Where the operation is undone before they are sent, they are called off."""
    if not said:
        return 0
    with workspace.backend.write() as connection:
        return put_changes(workspace, connection, operation, said)


def put_changes(
    workspace: Workspace, connection: sa.Connection, operation: int,
    said: Sequence[tuple[int, str, str]],
) -> int:  # fmt: skip
    """The same in the transaction of `connection`."""
    backend, now = workspace.backend, workspace.clock.now()
    addresses = _mail_addresses(workspace, [who for who, _subject, _body in said])
    # No reminder stands behind them: `rid` is the operation below zero, `fired` tells apart.
    rows = [
        (id_, -operation, now + timedelta(seconds=place), MAIL, who, addresses.get(who, ""),
         subject[:250], WAITING if addresses.get(who) else NO_ADDRESS, now, now, body[:MOST_BODY])
        for place, (id_, (who, subject, body)) in enumerate(
            zip(backend.ids(connection, len(said)), said, strict=True)
        )
    ]  # fmt: skip
    table = workspace.tables.system("outgoing_message")
    backend.insert_many(connection, table, (*_COLUMNS, "body"), rows)
    return len(said)


def messages(workspace: Workspace) -> list[Message]:
    """The queue, the newest first."""
    table = workspace.tables.system("outgoing_message")
    done = workspace.tables.system("operation_log")
    undone = sa.and_(table.c.rid == -done.c.id, done.c.state == UNDONE)
    state = sa.case((done.c.id.is_not(None), CANCELLED), else_=table.c.state)
    wanted = sa.select(
        table.c.id, table.c.sent_by, table.c.whom, table.c.address, table.c.subject,
        state, table.c.made_at, sa.func.coalesce(table.c.body, ""),
    ).select_from(table.outerjoin(done, undone)).order_by(table.c.id.desc())  # fmt: skip
    with workspace.backend.read() as connection:
        rows = connection.execute(workspace.backend.limit(wanted, MOST)).all()
    return [Message(*row) for row in rows]


def call_off(workspace: Workspace, ids: Iterable[int]) -> None:
    """These are not sent any more, if they still wait."""
    wanted = set(ids)
    rows = [
        (message.id, CANCELLED, workspace.clock.now())
        for message in messages(workspace)
        if message.id in wanted and message.state in (WAITING, NO_ADDRESS)
    ]
    table = workspace.tables.system("outgoing_message")
    with workspace.backend.write() as connection:
        workspace.backend.update_many(connection, table, ("state", "changed_at"), rows)


def _addresses(workspace: Workspace, found: Iterable[Firing]) -> dict[tuple[int | None, str], str]:
    """Where each colleague is reached, by channel."""
    staff = workspace.catalogue.staff()
    mail, phone = _field(staff, EmailField), _field(staff, PhoneField)
    ids = sorted({f.whom for f in found if f.whom is not None})
    known = workspace.reader.many(staff.key, ids, (mail, phone))
    wanted: dict[tuple[int | None, str], str] = {}
    for firing in found:
        values = known.get(firing.whom or 0, {})
        field = phone if firing.channel == SMS else mail
        wanted[firing.whom, firing.channel] = str(values.get(field) or "")
    return wanted


def _mail_addresses(workspace: Workspace, ids: Iterable[int]) -> dict[int, str]:
    staff = workspace.catalogue.staff()
    mail = _field(staff, EmailField)
    known = workspace.reader.many(staff.key, ids, (mail,))
    return {id_: str(values.get(mail) or "") for id_, values in known.items()}


def _field(staff: EntityDef, kind: type[EmailField | PhoneField]) -> str:
    return next(f.key for f in staff.fields if isinstance(f, kind))
