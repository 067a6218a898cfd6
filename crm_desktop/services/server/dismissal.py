"""Dismissal as one switch: a colleague is gone, the account closed, the seat free, texts kept.

The mark of being gone empties what the account reaches in the same transaction. The server then
takes no new line of the account and ends those that are open, but for the one by which each window
holds its seat: by it the window leaves what was typed, for the head to read. `end_lines` ends that
too, at the latest `GRACE_S` seconds later.
"""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.backend import firebird_dismissal as server
from crm_desktop.models.backend.firebird_drafts import PART
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.services.administrators import only_administrators
from crm_desktop.services.audit import service as audit
from crm_desktop.services.rights.colleagues import HEAD
from crm_desktop.services.server.whose import login_field
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Update

GRACE_S = 20.0
"""So long the windows of who was dismissed may take to leave what was typed."""
_LOOK_S = 0.5
LONGEST = 200_000
"""Letters of a draft that are kept in the base."""
GONE = Title(N_("{name} no longer works here"))
BACK = Title(N_("{name} works here again"))


@dataclass(frozen=True, slots=True)
class Dismissed:
    """What came of it. `login`: '' for who never signed in; `lines`: that are still open."""

    colleague: int
    name: str
    login: str
    seats: int
    lines: int


class LeftText(NamedTuple):
    """What stood in a window and was not saved. `ref.id` is 0 where the record was never made, -1
    for the drafts of the planner; `text` as a person reads it. Below zero `id` is a draft's."""

    id: int
    login: str
    ref: Ref
    title: str
    text: str
    left_at: datetime


def dismiss(workspace: Workspace, colleague: int, successor: int | None = None) -> Dismissed:
    """The switch; a second time it finishes what the first one left. Hand over after it.

    `InvalidInput` for oneself. `successor` reads what was left unsaved, as the head does.
    """
    values = _allowed(workspace, colleague)
    if colleague == workspace.user_id:
        raise InvalidInput(_("Nobody dismisses himself: another administrator does it"))
    gone, login = _gone_field(workspace), str(values.get(login_field(workspace)) or "")
    name = _name(workspace, colleague)
    if not values.get(gone):
        staff = workspace.catalogue.staff().key
        title = Title(GONE.message, {"name": name})
        workspace.records.apply([Update(staff, colleague, {gone: True})], title)
    if not (login and workspace.login):
        return Dismissed(colleague, name, "", 0, 0)
    heirs = [_login_of(workspace, who) for who in (values.get(HEAD), successor)]
    seats = server.dismiss(workspace.backend, login, heirs[0], heirs[1])
    firebird_accounts.close(workspace.backend, login)
    lines = firebird_accounts.end_lines(workspace.backend, login, spare_seats=True)
    audit.note(workspace, audit.DISMISSED, amount=seats, detail=f"{login}: {name}")
    return Dismissed(colleague, name, login, seats, lines)


def lines_left(workspace: Workspace, login: str) -> int:
    """How many lines of the account are open still: each window holds one until it has closed."""
    return firebird_accounts.open_lines(workspace.backend, login) if login else 0


def end_lines(workspace: Workspace, login: str) -> None:
    """Ends what is left of the account's lines, whatever their programs say."""
    if login:
        firebird_accounts.end_lines(workspace.backend, login)


def see_out(
    workspace: Workspace,
    dismissed: Dismissed,
    *,
    grace_s: float = GRACE_S,
    pause: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> bool:
    """Waits until the windows have closed and ends what has not within the grace; whether all
    closed by themselves."""
    until = now() + grace_s
    while lines_left(workspace, dismissed.login):
        if now() >= until:
            end_lines(workspace, dismissed.login)
            return False
        pause(_LOOK_S)
    return True


def is_overdue(workspace: Workspace) -> bool:
    """Whether `end_overdue` has anything to do."""
    late = server.overdue(workspace.backend, int(GRACE_S))
    return any(firebird_accounts.open_lines(workspace.backend, login) for login in late)


def end_overdue(workspace: Workspace) -> int:
    """Ends the lines of who was dismissed while the program that did it went away; how many."""
    if not (workspace.login and workspace.administers):
        return 0
    ended = 0
    for login in server.overdue(workspace.backend, int(GRACE_S)):
        left = firebird_accounts.open_lines(workspace.backend, login)
        if left:
            firebird_accounts.end_lines(workspace.backend, login)
        ended += left
    return ended


def take_back(workspace: Workspace, colleague: int) -> str:
    """The colleague works here again, with the account and the roles of before; its login."""
    values = _allowed(workspace, colleague)
    gone, login = _gone_field(workspace), str(values.get(login_field(workspace)) or "")
    name = _name(workspace, colleague)
    if values.get(gone):
        staff = workspace.catalogue.staff().key
        title = Title(BACK.message, {"name": name})
        workspace.records.apply([Update(staff, colleague, {gone: False})], title)
    if login and workspace.login:
        server.forgive(workspace.backend, login)
        firebird_accounts.set_active(workspace.backend, login, True)
        audit.note(workspace, audit.UNBLOCKED, detail=f"{login}: {name}")
    return login


# --- texts ----------------------------------------------------------------------------------------


def place_of(home: Path) -> str:
    """This computer and the folder of its settings, as drafts are kept under in the base."""
    return f"{socket.gethostname()[:60]} {zlib.crc32(str(home).encode()):08x}"


def left_texts(workspace: Workspace, here: str = "") -> list[LeftText]:
    """What dismissed colleagues left unsaved, as far as it was left to who asks; the administrator
    reads all. With it one's own drafts on other computers than `here` (`place_of`)."""
    if not workspace.login:
        return []
    names = {entity.number: entity.key for entity in workspace.catalogue}
    now, found = workspace.clock.now(), dict[int, LeftText]()
    for id_, login, number, rid, title, body, age in server.texts(workspace.backend, here):
        whole = found[id_].text + body if id_ in found else body
        ref = Ref(names.get(number, ""), rid)
        found[id_] = LeftText(id_, login, ref, title, whole, now - timedelta(seconds=age))
    return list(found.values())


def text_done(workspace: Workspace, id_: int) -> None:
    """It was read and is needed no more. `NotFound` for one that is another's or gone."""
    if all(one.id != id_ for one in left_texts(workspace)):
        raise NotFound(_("There is no such text, or it was left to somebody else"))
    server.text_done(workspace.backend, id_)


def parts_of(text: str) -> Sequence[str]:
    """The text in the parts that the base keeps; one that is empty has one."""
    return [text[at : at + PART] for at in range(0, len(text), PART)] or [""]


# --- inside ---------------------------------------------------------------------------------------


def _allowed(workspace: Workspace, colleague: int) -> dict[str, object]:
    """What is asked of a colleague, for whoever may dismiss."""
    workspace.refuse_reader()
    if workspace.login and not workspace.administers:
        raise only_administrators(shared=True)
    record = workspace.reader.get(workspace.catalogue.staff().key, colleague)
    if record is None:
        raise NotFound(_("This colleague is no longer in the base"), field="colleague")
    return dict(record.values)


def _gone_field(workspace: Workspace) -> str:
    rows = workspace.catalogue.staff().trait(PlannerRows)
    assert rows is not None, "staff are rows of the planner"
    return rows.hidden


def _login_of(workspace: Workspace, who: object) -> str:
    """The account that a colleague signs in by; '' for none."""
    if not isinstance(who, int):
        return ""
    found = workspace.reader.get(workspace.catalogue.staff().key, who)
    return str(found.values.get(login_field(workspace)) or "").lower() if found else ""


def _name(workspace: Workspace, colleague: int) -> str:
    ref = Ref(workspace.catalogue.staff().key, colleague)
    title = workspace.titles.of([ref]).get(ref)
    return title.text if title is not None else ""
