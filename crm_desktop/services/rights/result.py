"""What one person may do in the end: each cell with the roles that give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.errors import NotAllowed
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.holding import parts_that_hide
from crm_desktop.models.catalogue.ownership import hangs
from crm_desktop.services.administrators import only_administrators
from crm_desktop.services.rights import words
from crm_desktop.services.rights.colleagues import colleagues
from crm_desktop.services.rights.owners import in_base, owners, taking_part, whole
from crm_desktop.services.rights.reach import OF_PARTS, actions_on, owners_within
from crm_desktop.services.rights.reasons import Reasons
from crm_desktop.services.rights.standing import Given, given_to, role_tables, shown_to

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


@dataclass(frozen=True)
class Line:
    """One object: what is given for each action, and the fields that are held back."""

    entity: EntityDef
    given: dict[str, Given]
    fields: dict[str, str]


@dataclass(frozen=True)
class Result:
    """What a colleague may do. `roles`: those they have."""

    who: int
    roles: tuple[str, ...]
    lines: tuple[Line, ...]


def judged_objects(workspace: Workspace) -> list[EntityDef]:
    """The objects that have rights of their own, those with a page first, and those that have
    none, but fields that a role may hide."""
    own = [entity for entity in workspace.catalogue if not hangs(entity)]
    parts = parts_that_hide(workspace.catalogue)
    return [*sorted(own, key=lambda entity: not entity.navigation), *parts]


def judged_actions(workspace: Workspace, entity: EntityDef) -> tuple[str, ...]:
    """What a role gives on such an object."""
    return () if hangs(entity) else actions_on(workspace.catalogue, entity)


def result(workspace: Workspace, who: int) -> Result:
    """Everybody may ask for oneself, administrators for all."""
    _refuse_curious(workspace, who)
    with workspace.backend.read() as connection:
        known = role_tables(connection, workspace.tables)
    lines = tuple(
        Line(
            entity,
            {key: given_to(known, workspace.catalogue, who, entity, key)
             for key in judged_actions(workspace, entity)},
            shown_to(known, workspace.catalogue, who, entity),
        )
        for entity in judged_objects(workspace)
    )  # fmt: skip
    names = sorted(known.names.get(role, "") for role in known.roles.of(who))
    return Result(who, tuple(names), lines)


@dataclass(frozen=True)
class Why:
    """The answer to “why can't I”: allowed or not, and the sentence."""

    allowed: bool
    sentence: str
    role: str = ""


def why(
    workspace: Workspace, who: int, action: str, entity: EntityDef, id_: int | None = None
) -> Why:
    """Whether a colleague may do something, and by which role, or what is missing."""
    _refuse_curious(workspace, who)
    with workspace.backend.read() as connection:
        known = role_tables(connection, workspace.tables)
        people = colleagues(connection, workspace.tables)
        one = in_base(workspace.reader, connection)(Ref(entity.key, id_)) if id_ else None
        look = in_base(workspace.reader, connection)
        top = whole(workspace.catalogue, one, look) if one else None
        whose = owners(
            workspace.catalogue, top, look,
            lambda event: taking_part(connection, workspace.tables, event),
        ) if top else frozenset[int]()  # fmt: skip
    unseen = bool(id_) and one is None and workspace.backend.behind_views
    if top is not None and one is not None and top is not one:
        entity, action = top.entity, OF_PARTS.get(action, action)
    given = given_to(known, workspace.catalogue, who, entity, action)
    reached = owners_within(people, people.all.get(who), given.scope)
    if reached and not unseen and (
        words.EVERYBODY in reached or not whose or whose & reached
    ):  # fmt: skip
        held = shown_to(known, workspace.catalogue, who, entity)
        return Why(True, _allowed(given) + _unseen(held, entity))
    owner = min(whose) if whose and reached else None
    sentence, role = Reasons(workspace).refusal(known, action, entity, owner, who)
    return Why(False, sentence, role)


def _allowed(given: Given) -> str:
    if not given.roles:
        return _("Allowed to everybody.")
    return _("Allowed by the role: {roles} ({scope}).").format(
        roles=", ".join(given.roles), scope=_(words.SCOPE_TITLES[given.scope])
    )


def _unseen(held: Mapping[str, str], entity: EntityDef) -> str:
    fields = ", ".join(
        f"{_(entity.field(key).label)} ({_(words.SHOWN_TITLES[how]).lower()})"
        for key, how in sorted(held.items())
        if entity.has(key)
    )
    return " " + _("Held back: {fields}").format(fields=fields) + "." if fields else ""


def _refuse_curious(workspace: Workspace, who: int) -> None:
    if not workspace.login:
        raise only_administrators(shared=False)
    if not workspace.administers and who != workspace.user_id:
        raise NotAllowed(_("Everybody sees their own rights; those of others only the"
                           " administrator of the base."))  # fmt: skip
