"""Entries of one file about the same activity become one, as RFC 5546 asks of their methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo

from crm_desktop.i18n import _
from crm_desktop.services.ics.following import parted
from crm_desktop.services.ics.found import Found, Left, Somebody

Key = tuple[str, datetime | None]
BETWEEN_PEOPLE = ("ADD", "COUNTER", "DECLINECOUNTER", "REFRESH")


def key_of(found: Found) -> Key:
    """What tells an activity from others: its UID and, in a series, which occurrence it is."""
    return found.uid, found.original


class Folding:
    """Takes entries in the order of the file; `kept` holds what came of them, series first."""

    def __init__(self, left: list[Left]) -> None:
        self._kept: dict[Key, Found] = {}
        self._left = left
        self.cancelled: list[Found] = []
        self.answers: list[Found] = []

    def kept(self) -> list[Found]:
        """The activities, each once: a series before what replaces its occurrences."""
        return sorted(self._kept.values(), key=lambda one: (one.original is not None, one.number))

    def take(self, found: Found) -> None:
        """One entry more."""
        acts: dict[str, Callable[[Found], None]] = {
            "CANCEL": self._cancel, "REPLY": self._answer,
        }  # fmt: skip
        if found.method not in BETWEEN_PEOPLE:
            acts.get(found.method, self._keep)(found)
        else:
            self._tell(found, _("The file asks for “{method}”, which is settled between people: "
                                "left out").format(method=found.method[:30]))  # fmt: skip

    def part(self, home: tzinfo) -> None:
        """When all are taken: a series of which a date and all the following differ is two."""
        self._kept = {key_of(one): one for one in parted(self.kept(), home, self._left)}

    def _keep(self, found: Found) -> None:
        former = self._kept.get(key_of(found))
        if former is None:
            self._kept[key_of(found)] = found
        elif found.sequence < former.sequence:
            self._tell(found, _("The file holds a newer version of it: this one was left out"))
        else:
            self._tell(former, _("The file holds it again further on: that one counts"))
            del self._kept[key_of(former)]
            self._kept[key_of(found)] = found

    def _cancel(self, found: Found) -> None:
        """Calls off an activity of this file, or later one of the base."""
        partly = found.people and found.values.get("state") != "cancelled"
        if partly:
            self._tell(found, _("It was called off for some of the people only: left out"))
            return
        known = self._kept.get(key_of(found))
        if known is None:
            self.cancelled.append(found)
            return
        reason = found.values.get("reason") or known.values.get("reason")
        self._kept[key_of(found)] = replace(
            known, values={**known.values, "state": "cancelled", "reason": reason},
            guessed=known.guessed - {"state"},
        )  # fmt: skip

    def _answer(self, found: Found) -> None:
        """What somebody answered is noted with the people of the activity."""
        known = self._kept.get(key_of(found))
        if known is None:
            self._tell(found, _("It answers an invitation that is not in the file: left out"))
            return
        said = {one.mail.lower(): one for one in found.people if one.mail}
        people = tuple(_answered(one, said) for one in known.people)
        self._kept[key_of(found)] = replace(known, people=people)

    def _tell(self, found: Found, reason: str) -> None:
        self._left.append(Left(found.number, found.name[:80], reason))


def _answered(one: Somebody, said: dict[str, Somebody]) -> Somebody:
    heard = said.get(one.mail.lower())
    return one if heard is None else replace(one, answer=heard.answer)
