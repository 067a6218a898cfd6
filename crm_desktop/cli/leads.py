"""The commands about enquiries: a lead from words or fields, its conversion, a folder taken in."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from crm_desktop.cli.answer import DONE, REFUSED, Answer
from crm_desktop.cli.command_words import Commands, add_id, command, number
from crm_desktop.cli.values import find_record, parse_values
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.builtin.lead import LEAD
from crm_desktop.models.catalogue.builtin.pipeline import PIPELINE
from crm_desktop.services.intake.folder import other_kinds
from crm_desktop.services.intake.service import LEFT, PASSED, TAKEN, FromFile, passed_over
from crm_desktop.services.intake.text import read_text
from crm_desktop.services.leads.arrival import FURTHER, KNOWN, NEW, Arrival, Arrived
from crm_desktop.services.workspace import Workspace

COMMAND, INTAKE = LEAD.key, keys.INTAKE
_ONE = '{"what": "new", "lead": 7, "client": null, "deal": null, "operation": 12}'
_FILES = '{"files": [{"file": "...", "what": "taken", "reason": "", "leads": [' + _ONE + "]}]}"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop lead` and `crm-desktop intake`."""
    whole = command(commands, COMMAND, _("enquiries: take one in, convert it"))
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = command(acts, "add", _("take an enquiry in"), answer=_ONE, epilog=_(
        "The same telephone or address lands in the open lead it belongs to."
    ))  # fmt: skip
    add.add_argument("text", metavar="TEXT", nargs="?", default="",
                     help=_("a letter, a chat, a line: who asks for what"))  # fmt: skip
    add.add_argument("--field", dest="values", action="append", default=[], metavar="FIELD=VALUE",
                     help=_("a field by key or name; may be said several times"))  # fmt: skip
    convert = command(
        acts, "convert", _("make a client of a lead, and a deal"),
        answer='{"lead": 7, "client": 8, "person": null, "deal": 9, "operation": 12}',
    )  # fmt: skip
    add_id(convert)
    for name, text in (
        (keys.CLIENT, _("number of the client it belongs to; else found by telephone, or made")),
        (keys.PERSON, _("number of the person who asked")),
        (keys.DEAL, _("number of the deal it joins")),
    ):
        convert.add_argument(f"--{name}", type=number, metavar="ID", help=text)
    convert.add_argument("--pipeline", metavar="NAME", help=_("open a deal there"))
    taking = command(
        commands, INTAKE, _("take in the files of a folder: json, txt, eml"),
        answer=_FILES,
        epilog=_("What was taken in is moved to “done”, what cannot be read to “refused”."),
    )  # fmt: skip
    taking.add_argument("folder", metavar="DIR", help=_("the folder"))
    once = _("what waits there now; the window watches folders by itself")
    taking.add_argument("--once", action="store_true", required=True, help=once)


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of the actions on leads."""
    acts = {"add": add, "convert": convert}
    return acts[given.action](workspace, given)


def add(workspace: Workspace, given: Namespace) -> Answer:
    """Takes an enquiry in, from words, fields or both."""
    if not given.text and not given.values:
        raise InvalidInput(_("Say something of the enquiry: a text, or fields by --field"))
    now, region = workspace.clock.local(), workspace.region
    arrival = read_text(given.text, now=now, region=region) if given.text else Arrival()
    source, pairs = _source(workspace, given.values)
    values = parse_values(workspace, workspace.catalogue[LEAD.key], pairs)
    arrived = workspace.leads.take_in(with_fields(replace(
        arrival, source=source or arrival.source), values))  # fmt: skip
    return Answer(_value(arrived), [_said(arrived)])


def _source(workspace: Workspace, pairs: list[str]) -> tuple[str, list[str]]:
    """A source by its name, which is added to the book if it is new, as that of a text is; and the
    other pairs."""
    named, rest = "", []
    for pair in pairs:
        name, sign, text = pair.partition("=")
        f = workspace.catalogue.field(workspace.catalogue[LEAD.key], name) if sign else None
        if f is None or f.key != "source" or text.strip().isdigit() or not text.strip():
            rest.append(pair)
        elif named:
            said = _("The field “{name}” is given twice").format(name=_(f.label))
            raise InvalidInput(said, field=f.key)
        else:
            named = text.strip()
    return named, rest


def with_fields(arrival: Arrival, values: dict[str, Any]) -> Arrival:
    """An enquiry with fields of the lead that were said by their names."""
    given = {key: value for key, value in values.items() if value is not None}
    words = {key: str(given.pop(key)) for key in ("name", "company", "text") if key in given}
    phones, emails = ([str(given.pop(key))] if key in given else [] for key in ("phone", "email"))
    return replace(
        arrival, **words, more={**arrival.more, **given},
        phones=tuple(dict.fromkeys((*phones, *arrival.phones))),
        emails=tuple(dict.fromkeys((*emails, *arrival.emails))),
    )  # fmt: skip


def convert(workspace: Workspace, given: Namespace) -> Answer:
    """Makes of a lead what is asked for."""
    pipeline = find_record(workspace, PIPELINE.key, given.pipeline) if given.pipeline else None
    made = workspace.leads.convert(
        given.id, client=given.client, person=given.person, deal=given.deal,
        pipeline=pipeline,
    )  # fmt: skip
    value = {
        key: getattr(made, key)
        for key in (keys.LEAD, keys.CLIENT, keys.PERSON, keys.DEAL, "operation")
    }
    lines = [_("Client: {id}").format(id=made.client)]
    lines += [_("Person: {id}").format(id=made.person)] if made.person else []
    lines += [_("Deal: {id}").format(id=made.deal)] if made.deal else []
    lines.append(_("Undo it with: crm-desktop undo {number}").format(number=made.operation))
    return Answer(value, lines)


def intake(workspace: Workspace, given: Namespace) -> Answer:
    """Takes in what waits in a folder; refused where a file could not be taken in."""
    folder = Path(given.folder)
    found = [*workspace.intake.take(folder), *passed_over(folder, other_kinds(folder))]
    rows = [
        {"file": one.file, "what": one.what, "reason": one.reason,
         "leads": [_value(arrived) for arrived in one.arrived]}
        for one in found
    ]  # fmt: skip
    code = DONE if all(one.what in (TAKEN, PASSED) for one in found) else REFUSED
    lines = [line for one in found for line in _lines(one)]
    return Answer({"files": rows}, lines or [_("Nothing waits there")], code)


def _lines(one: FromFile) -> list[str]:
    if one.what == TAKEN:
        return [f"{one.file}: {_said(arrived)}" for arrived in one.arrived]
    if one.what == PASSED:
        return [_("{file}: {reason}").format(file=one.file, reason=one.reason)]
    left = _("{file}: left for the next time: {reason}")
    moved = _("{file}: set aside: {reason}")
    return [(left if one.what == LEFT else moved).format(file=one.file, reason=one.reason)]


def _value(arrived: Arrived) -> dict[str, Any]:
    told = ("what", keys.LEAD, keys.CLIENT, keys.DEAL, "operation")
    return {key: getattr(arrived, key) for key in told}


def _said(arrived: Arrived) -> str:
    texts = {
        NEW: _("new lead {id}"), KNOWN: _("known already: lead {id}"),
        FURTHER: _("a further enquiry of lead {id}"),
    }  # fmt: skip
    deal = ", " + _("deal {id}").format(id=arrived.deal) if arrived.deal else ""
    return texts[arrived.what].format(id=arrived.lead) + deal
