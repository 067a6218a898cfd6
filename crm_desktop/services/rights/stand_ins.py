"""Who stands in for whom, as pages, cards and the command line tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.rights.roles import Roles, StandIn

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

LATER, NOW, OVER = "later", "now", "over"
STATES = {LATER: N_("begins later"), NOW: N_("stands in now"), OVER: N_("is over")}


@dataclass(frozen=True)
class Told:
    """One substitution with the names of both, and its state at the moment of reading."""

    it: StandIn
    absent: str
    stand_in: str
    state: str
    first: datetime
    last: datetime
    """Both in the zone of the office."""
    refs: tuple[Ref, Ref]
    """Who is away, and who stands in."""

    def days(self) -> str:
        """From when until when, in words."""
        language = i18n.language()
        first, last = (format_date(at.date(), language) for at in (self.first, self.last))
        return f"{first} – {last}"

    def sentence(self, me: int | None = None) -> str:
        """As it is told to `me`, one of the two or somebody else."""
        until = format_date(self.last.date(), i18n.language())
        if me == self.it.stand_in:
            said = _("You stand in for {absent} until {day}")
        elif me == self.it.absent:
            said = _("{name} stands in for you until {day}")
        else:
            said = _("{name} stands in for {absent} until {day}")
        return said.format(name=self.stand_in, absent=self.absent, day=until)


def told(
    workspace: Workspace, *, of: int | None = None, states: tuple[str, ...] = (LATER, NOW)
) -> list[Told]:
    """The substitutions in these states, the latest beginning first; `of`: those of a colleague,
    absent or standing in. None where nobody has rights of his own."""
    if not workspace.login:
        return []
    now, zone = workspace.clock.now(), workspace.clock.local().tzinfo
    found = [
        (one, LATER if one.begins_at > now else NOW if one.lasts(now) else OVER)
        for one in Roles(workspace).stand_ins()
        if of is None or of in (one.absent, one.stand_in)
    ]
    wanted = [(one, state) for one, state in found if state in states]
    staff = workspace.catalogue.staff().key
    refs = {Ref(staff, id_) for one, _state in wanted for id_ in (one.absent, one.stand_in)}
    titles = workspace.titles.of(refs)
    names = {ref.id: title.text for ref, title in titles.items()}
    return [
        Told(one, names.get(one.absent, ""), names.get(one.stand_in, ""), state,
             one.begins_at.astimezone(zone), one.ends_at.astimezone(zone),
             (Ref(staff, one.absent), Ref(staff, one.stand_in)))
        for one, state in wanted
    ]  # fmt: skip
