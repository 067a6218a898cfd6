"""Runs one command: finds the base, calls it, prints its answer, gives its exit status."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.cli.answer import Answer, refused, say
from crm_desktop.cli.output import Output, complain
from crm_desktop.cli.parser import build_parser
from crm_desktop.cli.spoken import Parser
from crm_desktop.cli.usage import WrongUsage
from crm_desktop.errors import Cancelled, ConsentNeeded, UserError
from crm_desktop.i18n import _
from crm_desktop.settings import chosen_language, open_settings

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

USAGE = 2
BASE_VARIABLE = "CRM_DESKTOP_BASE"


def run(arguments: Sequence[str]) -> int:
    """The exit status of one command: 0 done, 1 refused with a reason, 2 wrong usage."""
    output = Output()
    _speak(arguments)
    try:
        given = build_parser().parse_args(_with_signs(arguments))
    except SystemExit as end:  # argparse has printed help or what is wrong
        code = int(end.code or 0)
        return code if code else output.deliver(code, _nothing)
    with output.kept_free():
        answer = _outcome(given)
    code = output.deliver(answer.code, lambda: say(answer, as_json=given.json))
    if answer.reason:
        complain(answer.reason)
    return code


def _nothing() -> None:
    """Everything was written before."""


def explain_window(arguments: Sequence[str]) -> int:
    """Says what is wrong with arguments that the window refuses: 2, wrong usage."""
    from crm_desktop.app import add_window_arguments

    _speak(arguments)
    parser = Parser(prog="crm-desktop")
    add_window_arguments(parser)
    try:
        parser.parse_args(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)
    return USAGE


def _speak(arguments: Sequence[str]) -> None:
    """In the language asked for, else the chosen one, and in UTF-8."""
    _speak_utf8()
    asked = _language_in(arguments)
    known = asked in i18n.LANGUAGES
    i18n.set_language(asked if known else chosen_language(open_settings()))


def _language_in(arguments: Sequence[str]) -> str:
    """The language asked for, before anything is parsed: help speaks it too."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, _sign, value = word.partition("=")
        if name == "--language":
            return value or following
    return ""


def _with_signs(arguments: Sequence[str]) -> list[str]:
    """`--sort -name` as argparse reads it: a value with a minus must follow an equals sign."""
    words: list[str] = []
    for word in arguments:
        if words and words[-1] == "--sort" and not word.startswith("--"):
            words[-1] += "=" + word
        else:
            words.append(word)
    return words


def _outcome(given: Namespace) -> Answer:
    try:
        return _answer(given)
    except ConsentNeeded as error:
        said = _("{what}:\n{clashes}\nSay --force to do it all the same.")
        told = said.format(what=error.title, clashes=error.message)
        return refused(told if error.allowed else error.message, error.field)
    except WrongUsage as error:
        return replace(refused(error.message, error.field), code=USAGE)
    except UserError as error:
        return refused(error.message, error.field)
    except (Cancelled, KeyboardInterrupt):
        return refused(_("Cancelled"))


def _speak_utf8() -> None:
    """Windows consoles and pipes may have another encoding; answers are UTF-8 everywhere."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _answer(given: Namespace) -> Answer:
    from crm_desktop.cli import bases, licence, registering, server, service, serving, validating

    alone = {
        "new": bases.new,
        "move": bases.move,
        "validate": validating.validate,
        licence.COMMAND: licence.run,
        registering.COMMAND: registering.run,
        server.COMMAND: server.run,
        service.COMMAND: service.run,
        serving.COMMAND: serving.serve,
    }
    if given.command in alone:
        return alone[given.command](given)
    from crm_desktop.cli.beside import opened
    from crm_desktop.cli.known_passwords import refuse_known_password
    from crm_desktop.services.interactive import interactive

    address = given.base or os.environ.get(BASE_VARIABLE, "")
    if not address:
        raise WrongUsage(_("Name the base with --base, or set CRM_DESKTOP_BASE"))
    from crm_desktop.cli.secret_words import shown_code
    from crm_desktop.services.server.connection_file import refuse_as_base

    refuse_as_base(address)
    code, asks = shown_code(given), not getattr(given, "force", True)
    person = getattr(given, "as_person", "")
    with opened(address, code, person) as workspace, interactive(on=asks):
        refuse_known_password(workspace, address, given)
        answer = _commands()[given.command](workspace, given)
        _note(workspace, answer)
        return answer


def _note(workspace: Workspace, answer: Answer) -> None:
    """What a command tells of records stands in the audit of a shared base, as what a window shows
    and copies does; `NotAllowed`: so many are an export."""
    from crm_desktop.services.rights import acts

    acts.tell(workspace, answer.told)
    workspace.seen.flush()


def _commands() -> dict[str, Callable[..., Answer]]:
    from crm_desktop.cli import (
        activities,
        audit,
        bases,
        calendars,
        choices,
        deals,
        decoys,
        duplicates,
        files,
        handing_over,
        leads,
        past,
        reading,
        reminding,
        rights,
        sales,
        seats,
        segments,
        users,
        working_time,
        writing,
    )

    return {
        "find": reading.find,
        "list": reading.rows,
        "show": reading.show,
        "history": reading.history,
        past.AS_OF: past.as_of,
        past.RESTORE: past.restore,
        "objects": reading.objects,
        "operations": reading.operations,
        "add": writing.add,
        "set": writing.change,
        "delete": writing.delete,
        "duplicates": duplicates.duplicates,
        "merge": duplicates.merge,
        "undo": writing.undo,
        "object": writing.add_object,
        "field": writing.add_field,
        "file": files.run,
        segments.COMMAND: segments.run,
        activities.COMMAND: activities.run,
        activities.AGENDA: activities.agenda,
        choices.COMMAND: choices.add,
        leads.COMMAND: leads.run,
        leads.INTAKE: leads.intake,
        calendars.COMMAND: calendars.run,
        reminding.COMMAND: reminding.remind,
        working_time.COMMAND: working_time.run,
        deals.COMMAND: deals.run,
        deals.RULES: deals.rules,
        sales.FUNNEL: sales.funnel,
        sales.FORECAST: sales.forecast,
        seats.COMMAND: seats.run,
        handing_over.COMMAND: handing_over.hand_over,
        handing_over.BACK: handing_over.hand_back,
        users.COMMAND: users.run,
        rights.ROLE: rights.run_role,
        rights.RIGHTS: rights.run_rights,
        audit.COMMAND: audit.run,
        decoys.COMMAND: decoys.run,
        "check": bases.check,
        "import": bases.bring_in,
        "export": bases.export,
    }
