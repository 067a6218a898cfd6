"""The commands by which somebody's work here ends: `user dismiss`, `take-back`, `texts`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command, number
from crm_desktop.cli.values import find_record
from crm_desktop.i18n import _, ngettext
from crm_desktop.services.workspace import Workspace
from crm_desktop.settings import home_folder


def add_words(acts: Commands) -> None:
    """What may be typed behind `crm-desktop user` about it."""
    away = command(
        acts, "dismiss", _("somebody no longer works here: account, sessions, seat and rights end"),
        answer='{"colleague": 7, "login": "ivanova_a", "seats": 1, "closed": true,\n'
               ' "texts": 2, "operation": 12, "records": 340}',
        epilog=_("Open windows have 20 seconds to leave what was typed to the head."),
    )  # fmt: skip
    _add_person(away)
    away.add_argument("--successor", metavar="NAME|ID", action="append", default=[],
                      help=_("takes over their records; several share evenly"))  # fmt: skip
    back = command(
        acts, "take-back", _("somebody works here again, with the account and roles of before"),
        answer='{"colleague": 7, "login": "ivanova_a"}',
    )  # fmt: skip
    _add_person(back)
    texts = command(
        acts, "texts", _("what dismissed colleagues had typed and not saved"),
        answer='{"total": 1, "rows": [{"id": 5, "login": "ivanova_a", "object": "client",\n'
               ' "record": 0, "title": "...", "left_at": "...", "text": "..."}]}',
    )  # fmt: skip
    texts.add_argument("--done", metavar="ID", type=number, help=_("take this one away"))


def _add_person(acting: ArgumentParser) -> None:
    acting.add_argument("who", metavar="NAME|ID", help=_("a colleague, by name or number"))


def dismiss(workspace: Workspace, given: Namespace) -> Answer:
    """The switch, the end of the windows, and the hand-over if successors are named."""
    from crm_desktop.services.server import dismissal

    person = _colleague(workspace, given.who)
    heirs = tuple(_colleague(workspace, one) for one in given.successor)
    done = dismissal.dismiss(workspace, person, heirs[0] if heirs else None)
    closed = dismissal.see_out(workspace, done)
    texts = [one for one in dismissal.left_texts(workspace) if one.login == done.login]
    lines = [_("{name} no longer works here").format(name=done.name)]
    if done.login:
        said = _("{login} signs in no more; seats freed: {seats}; unsaved texts kept: {texts}")
        lines.append(said.format(login=done.login, seats=done.seats, texts=len(texts)))
    value = {
        "colleague": person, "login": done.login, "seats": done.seats, "closed": closed,
        "texts": len(texts), "operation": None, "records": 0,
    }  # fmt: skip
    over = _hand_over(workspace, person, heirs)
    if over is not None:
        value |= {"operation": over[0], "records": over[1]}
        moved = ngettext("{count} record went over", "{count} records went over", over[1])
        lines.append(moved.format(count=over[1]))
    return Answer(value, lines)


def _hand_over(workspace: Workspace, person: int, heirs: tuple[int, ...]) -> tuple[int, int] | None:
    """The operation and how many records; None where nothing goes over."""
    from crm_desktop.services.handing_over.carrying import carry_out
    from crm_desktop.services.handing_over.planning import Handing, draft

    if not heirs:
        return None
    found = draft(workspace, Handing(person, heirs))
    if not found.given:
        return None
    done = carry_out(workspace, found)
    return done.operation, done.count


def take_back(workspace: Workspace, given: Namespace) -> Answer:
    """The account and the mark as before."""
    from crm_desktop.services.server import dismissal

    person = _colleague(workspace, given.who)
    login = dismissal.take_back(workspace, person)
    return Answer({"colleague": person, "login": login}, [_("Works here again")])


def texts(workspace: Workspace, given: Namespace) -> Answer:
    """What was left, or one of it taken away."""
    from crm_desktop.services.server import dismissal

    if given.done is not None:
        dismissal.text_done(workspace, given.done)
    found = dismissal.left_texts(workspace, dismissal.place_of(home_folder()))
    rows = [
        {"id": one.id, "login": one.login, "object": one.ref.entity, "record": one.ref.id,
         "title": one.title, "left_at": one.left_at.isoformat(), "text": one.text}
        for one in found
    ]  # fmt: skip
    lines = []
    for one in found:
        lines += [
            f"{one.id}  {one.login}  {one.title}",
            *(f"    {t}" for t in one.text.split("\n")),
        ]
    return Answer({"total": len(rows), "rows": rows}, lines or [_("Nothing was left unsaved")])


def _colleague(workspace: Workspace, text: str) -> int:
    name, staff = text.strip(), workspace.catalogue.staff().key
    return int(name) if name.isdecimal() else find_record(workspace, staff, name)


ACTS = {"dismiss": dismiss, "take-back": take_back, "texts": texts}
