"""The command that judges a number or an address by itself: no base is needed."""

from __future__ import annotations

import argparse

from crm_desktop.cli.answer import DONE, REFUSED, Answer
from crm_desktop.i18n import _
from crm_desktop.models.validation.kinds import KINDS, Kind, find
from crm_desktop.models.validation.verdict import Asked


def kind(name: str) -> Kind:
    """The kind of this name, for argparse, which tells the known ones if there is none."""
    found = find(name)
    if found is None:
        known = ", ".join(KINDS)
        raise argparse.ArgumentTypeError(
            _("there is no kind “{name}”; there are {known}").format(name=name, known=known)
        )
    return found


def validate(given: argparse.Namespace) -> Answer:
    """Whether the value is a right one of its kind, how it is written, and why not."""
    asked = Asked(bik=given.bik or "", country=given.country or "")
    said = given.kind.judge(" ".join(given.value), asked)
    value = {
        "valid": said.valid,
        "normalised": said.normalised if said.valid else None,
        "reason": said.reason,
    }
    if not said.valid:
        return Answer(value, code=REFUSED, reason=said.reason)
    lines = [said.normalised, *([said.reason] if said.reason else [])]
    return Answer(value, lines, code=DONE)


def kinds_help() -> str:
    """What the help of the command says of the kinds."""
    width = max(map(len, KINDS)) + 2
    lines = (f"  {one.key:<{width}}{_(one.title)}" for one in KINDS.values())
    return "\n".join([_("KIND is one of:"), *lines])
