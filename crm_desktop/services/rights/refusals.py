"""What whoever works here may not do with an object or with single records of it, and why: read in
one go, so that menus, buttons and gestures can say it without asking the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.ownership import hangs
from crm_desktop.services.rights import words
from crm_desktop.services.rights.keeping import STAMP
from crm_desktop.services.rights.reach import actions_on
from crm_desktop.services.rights.reasons import OWNER, Reasons
from crm_desktop.services.rights.whose import narrowed

if TYPE_CHECKING:
    from crm_desktop.services.rights.whose import Whose
    from crm_desktop.services.workspace import Workspace

Why = Mapping[tuple[str, str], str]
"""Sentences by action and object; what is not there is not refused."""


class Reached(NamedTuple):
    """Whose records an action is allowed on, and what is said of those of others."""

    owners: frozenset[int]
    sentence: str


@dataclass(frozen=True)
class Refused:
    """What is refused now. `narrow`: the actions, by object, for which it matters whose a record
    is; `seen`: whose records are seen, which fields are not, and since which change of rights, so
    that two can be compared."""

    whole: Why = field(default_factory=dict)
    single: Mapping[tuple[str, str], Reached] = field(default_factory=dict)
    narrow: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    seen: Mapping[tuple[str, str], object] = field(default_factory=dict)

    def why(self, action: str, one: Whose) -> str:
        """Why it may not be done with a record; '' if it may."""
        action = one.asked(action)
        reached = self.single.get((action, one.entity))
        if reached is None:
            return self.whole.get((action, one.entity), "")
        if not one.owners or one.owners & reached.owners:
            return ""
        name = next((self.names[who] for who in sorted(one.owners) if who in self.names), "—")
        return reached.sentence.replace(OWNER, name)


NOTHING = Refused()


class _AskedOnce(Reasons):
    """The same sentences; who gives roles is looked up a single time."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._known: list[str] | None = None

    def administrators(self) -> list[str]:
        if self._known is None:
            self._known = super().administrators()
        return self._known


def refusals(workspace: Workspace) -> Refused:
    """Asks the base; nothing is refused to an administrator."""
    rights = workspace.rights
    if rights is None:
        return NOTHING
    said, mine = _AskedOnce(workspace), rights.mine()
    administering = {(words.ADMINISTER, ""): said.administering()}
    if mine.is_free:
        return Refused(administering, seen=_seen(workspace))
    beyond = {
        (key, entity.key): say(mine.roles, entity)
        for key, say in ((words.BEYOND, said.beyond), (words.UNFOUND, said.unfound))
        for entity in workspace.catalogue
        if rights.sees_some(entity)
    }
    never = {
        (action, entity.key): said.refusal(mine.roles, action, entity, None)[0]
        for entity in workspace.catalogue
        for action in actions_on(workspace.catalogue, entity)
        if not rights.reached(action, entity)
    }
    single = _single(workspace, said)
    narrow = {entity.key: narrowed(rights, entity) for entity in workspace.catalogue}
    narrow = {key: actions for key, actions in narrow.items() if actions}
    names = _names(workspace) if narrow else {}
    return Refused(administering | beyond | never, single, narrow, names, _seen(workspace))


def _seen(workspace: Workspace) -> dict[tuple[str, str], object]:
    rights = workspace.rights
    assert rights is not None
    found: dict[tuple[str, str], object] = {
        (entity.key, action): rights.reached(action, entity)
        for entity in workspace.catalogue
        for action in (words.SEE, words.CALENDARS)
    }
    mine = rights.mine()
    found |= {("", key): dict(held) for key, held in mine.hidden.items()}
    return found | {("", STAMP): mine.stamp}


def _single(workspace: Workspace, said: Reasons) -> dict[tuple[str, str], Reached]:
    rights, found = workspace.rights, {}
    assert rights is not None
    for entity in workspace.catalogue:
        for action in words.BY_RECORD if not hangs(entity) else ():
            reached = rights.reached(action, entity)
            if reached and words.EVERYBODY not in reached:
                sentence = said.one_record(rights.mine().roles, action, entity)
                found[action, entity.key] = Reached(reached, sentence)
    return found


def _names(workspace: Workspace) -> dict[int, str]:
    """Of all colleagues, those who are gone among them."""
    staff = workspace.catalogue.staff().key
    with workspace.backend.read() as connection:
        ids = connection.execute(sa.select(workspace.tables.main[staff].c.id)).scalars().all()
    titles = workspace.titles.of([Ref(staff, id_) for id_ in ids])
    return {ref.id: title.text for ref, title in titles.items()}
