"""The commands about licences: keygen and issue for the vendor, install and show for an office."""

from __future__ import annotations

import argparse
import os
import secrets
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command, some
from crm_desktop.cli.usage import WrongUsage
from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.licensing.licence import (
    Licence,
    PublicKeys,
    builtin_keys,
    issue,
    make_keys,
    read_keys,
    read_licence_file,
)

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

COMMAND = "licence"
_BASE_VARIABLE = "CRM_DESKTOP_BASE"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop licence`."""
    words = command(commands, COMMAND, _("licences of shared bases"))
    acts = words.add_subparsers(dest="action", metavar="ACTION", required=True)
    _vendor_words(acts)
    install = command(
        acts, "install", _("keep a licence in a base; the administrator does it once"),
        answer='{"id": "...", "customer": "...", "seats": 10, ...}',
    )  # fmt: skip
    install.add_argument("file", metavar="FILE", help=_("the file that the vendor sent"))
    show = command(
        acts, "show", _("the licence of a base, or of a file"),
        answer='{"licensed": true, "seats": 10, "problem": null, "base": "...", "id": "...", ...}',
    )  # fmt: skip
    show.add_argument("file", metavar="FILE", nargs="?", help=_("a file instead of a base"))
    for one in (install, show):
        one.add_argument("--key", metavar="FILE",
                         help=_("verify against this public key instead of the built-in ones; the "
                                "program itself never does"))  # fmt: skip


def _vendor_words(acts: Commands) -> None:
    keygen = command(
        acts, "keygen", _("for the vendor: make a pair of keys"), base=False,
        answer='{"private": "vendor.key", "public": "vendor.pub"}',
    )  # fmt: skip
    keygen.add_argument("--out", metavar="DIR", default=".", help=_("where both files go"))
    words = command(
        acts, "issue", _("for the vendor: write and sign a licence"), base=False,
        answer='{"id": "...", "file": "office.crmlicence"}',
    )  # fmt: skip
    words.add_argument("--key", metavar="FILE", required=True, help=_("the private key"))
    words.add_argument("--customer", metavar="NAME", required=True, help=_("whose licence it is"))
    words.add_argument("--seats", metavar="N", type=some, required=True,
                       help=_("how many may work at once"))  # fmt: skip
    words.add_argument("--edition", metavar="NAME", default="office", help=_("what was bought"))
    words.add_argument("--valid-until", metavar="DAY", type=_day,
                       help=_("the last day; for ever if not given"))  # fmt: skip
    words.add_argument("--updates-until", metavar="DAY", type=_day,
                       help=_("covers versions until this day; all if not given"))  # fmt: skip
    words.add_argument("--for-base", metavar="GUID", default="",
                       help=_("only for this base, as “licence show” names it"))  # fmt: skip
    words.add_argument("--id", metavar="ID", default="", help=_("its number; else one by chance"))
    words.add_argument("--out", metavar="FILE", required=True, help=_("the file to be written"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("“{text}” is not a day: write 2027-12-31").format(text=text)
        ) from error


def run(given: Namespace) -> Answer:
    """One of the four; only the office's two need a base."""
    acts = {"keygen": _keygen, "issue": _issue, "install": _install, "show": _show}
    return acts[given.action](given)


def _keygen(given: Namespace) -> Answer:
    private, public = make_keys(Path(given.out))
    lines = [
        _("The private key is in {file}: it signs licences, keep it where nobody else can read it.")
        .format(file=private),
        _("The public key is in {file}: its line goes into resources/keys/vendor.pub.").format(
            file=public
        ),
    ]  # fmt: skip
    return Answer({"private": str(private), "public": str(public)}, lines)


def _issue(given: Namespace) -> Answer:
    from crm_desktop.services.clock import Clock

    drawn = Licence(
        id=given.id or f"L-{secrets.token_hex(4).upper()}", customer=given.customer.strip(),
        seats=given.seats, edition=given.edition, issued=Clock().today(),
        valid_until=given.valid_until, updates_until=given.updates_until,
        base=given.for_base.lower(),
    )  # fmt: skip
    made, path = issue(drawn, Path(given.key)), Path(given.out)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(made.text() + "\n")
    except FileExistsError as error:
        raise FileProblem(
            _("{name} is there already. Choose another name.").format(name=path.name)
        ) from error
    except OSError as error:
        raise FileProblem(
            _("The file {name} cannot be written: {reason}.").format(
                name=path.name, reason=disk_reason(error)
            )
        ) from error
    text = _("The licence {id} for {customer} is in {file}").format(
        id=made.id, customer=made.customer, file=path.name
    )
    return Answer({"id": made.id, "file": str(path)}, [text])


def _keys(given: Namespace) -> PublicKeys:
    return read_keys(Path(given.key)) if given.key else builtin_keys()


def _install(given: Namespace) -> Answer:
    from crm_desktop.services.audit import service as audit
    from crm_desktop.services.licensing.standing import install

    licence = read_licence_file(Path(given.file), _keys(given))

    def keep(workspace: Workspace) -> Answer:
        install(workspace, licence)
        audit.note(workspace, audit.LICENCE, detail=f"{licence.id}, {licence.seats}")
        return Answer(_plain(licence), [_("The licence is installed"), *_lines(licence)])

    return _in_base(given, keep)


def _show(given: Namespace) -> Answer:
    if given.file:
        licence = read_licence_file(Path(given.file), _keys(given))
        return Answer(_plain(licence), _lines(licence))
    return _in_base(given, lambda workspace: _of_base(workspace, given))


def _of_base(workspace: Workspace, given: Namespace) -> Answer:
    from crm_desktop.services.licensing.standing import standing

    found = standing(workspace, _keys(given))
    reason = found.problem.message if found.problem else None
    value = {
        "licensed": not found.is_trial, "seats": found.seats, "problem": reason,
        "base": found.guid, **(_plain(found.licence) if found.licence else {}),
    }  # fmt: skip
    value["seats"] = found.seats
    lines = [_("Number of the base: {guid}").format(guid=found.guid)]
    if reason is not None:
        lines.append(reason)
    if found.licence is not None:
        lines += _lines(found.licence)
    if found.is_trial:
        lines.append(_("Without a valid licence two people may work in a base on a server at once"))
    return Answer(value, lines)


def _plain(licence: Licence) -> dict[str, Any]:
    facts = licence.facts()
    return {name: facts[name] for name in (
        "id", "customer", "seats", "edition", "issued", "valid_until", "updates_until",
    )} | {"for_base": licence.base or None}  # fmt: skip


def _lines(licence: Licence) -> list[str]:
    from crm_desktop.services.licensing.standing import said_day

    until = said_day(licence.valid_until) if licence.valid_until else _("for ever")
    updates = said_day(licence.updates_until) if licence.updates_until else _("for ever")
    return [
        _("Licence {id}, {edition}, for {customer}").format(
            id=licence.id, edition=licence.edition, customer=licence.customer
        ),
        _("Seats: {seats}").format(seats=licence.seats),
        _("Valid until: {day}").format(day=until),
        _("Covers versions until: {day}").format(day=updates),
    ]


def _in_base(given: Namespace, act: Any) -> Answer:
    from crm_desktop.cli.beside import opened
    from crm_desktop.cli.secret_words import shown_code

    address = given.base or os.environ.get(_BASE_VARIABLE, "")
    if not address:
        raise WrongUsage(_("Name the base with --base, or set CRM_DESKTOP_BASE"))
    with opened(address, shown_code(given)) as workspace:
        answer: Answer = act(workspace)
    return answer
