"""Why something is refused, in words: what, by which roles, whom to ask for which one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.shared_traits import SignsIn
from crm_desktop.services.rights import words
from crm_desktop.services.rights.standing import RoleTables, given_to, roles_giving

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


OWNER = "{owner}"
"""Stands in a sentence for whom a record belongs to."""


class Reasons:
    """Makes the sentences for one base."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace

    def refusal(
        self, known: RoleTables, action: str, entity: EntityDef, owner: int | None,
        who: int | None = None,
    ) -> tuple[str, str]:  # fmt: skip
        """The sentences, and the role to ask for; `owner`: whose the record is, if it is one.

        `who`: of whom it is said; who works here for None.
        """
        name = self.person(owner) if owner is not None else ""
        return self._refusal(known, action, entity, name, who)

    def one_record(self, known: RoleTables, action: str, entity: EntityDef) -> str:
        """The sentences about a record of somebody else's, with `OWNER` where that one is named."""
        return self._refusal(known, action, entity, OWNER, None)[0]

    def _refusal(
        self, known: RoleTables, action: str, entity: EntityDef, owner: str, who: int | None
    ) -> tuple[str, str]:
        base, person = self._base, who if who is not None else self._base.user_id
        given = given_to(known, base.catalogue, person, entity, action)
        named = {"right": _(words.TITLES[action]), "objects": _(entity.plural)}
        if not owner:
            what = _("Not allowed: {right}, “{objects}”.").format(**named)
        else:
            what = _(
                "Not allowed here: {right}, “{objects}”. Your scope: {scope}; this record "
                "belongs to {owner}."
            ).format(**named, scope=_(words.SCOPE_TITLES[given.scope]), owner=owner)
        roles = sorted(known.names.get(role, "") for role in known.roles.of(person))
        have = _("Roles: {roles}.").format(roles=", ".join(roles)) if roles else ""
        role = self._wider(known, action, entity, given.scope, one=bool(owner))
        return " ".join(part for part in (what, have, self._ask(role)) if part), role

    def _wider(
        self, known: RoleTables, action: str, entity: EntityDef, beyond: str, *, one: bool
    ) -> str:
        """The role to ask for: the widest where `one` record of somebody else's is wanted."""
        wider = roles_giving(known, self._base.catalogue, entity, action, beyond)
        return "" if not wider else wider[-1] if one else wider[0]

    def asking(self, known: RoleTables, action: str, entity: EntityDef) -> str:
        """One's scope, and whom to ask for which role to do it with records of others."""
        given = given_to(known, self._base.catalogue, self._base.user_id, entity, action)
        said = _("Your scope: {scope}.").format(scope=_(words.SCOPE_TITLES[given.scope]))
        role = self._wider(known, action, entity, given.scope, one=True)
        return f"{said} {self._ask(role)}"

    def field(self, entity: EntityDef, key: str) -> str:
        """Why a field may not be written."""
        said = _("The field “{field}” of “{objects}” is closed to your role.")
        what = said.format(field=_(entity.field(key).label), objects=_(entity.plural))
        return f"{what} {self._ask('')}"

    def unseen(self, entity: EntityDef, key: str) -> str:
        """Why a list may not go by a field."""
        said = _(
            "The field “{field}” of “{objects}” is hidden by your role: nothing can be searched,"
            " ordered or counted by it."
        )
        what = said.format(field=_(entity.field(key).label), objects=_(entity.plural))
        return f"{what} {self._ask('')}"

    def lost(self, entity: EntityDef, key: str) -> str:
        """Why a record is not deleted, merged or brought back."""
        said = _(
            "Not allowed: “{objects}” hold “{field}”, which your role hides, and it would be lost"
            " by this."
        )
        what = said.format(field=_(entity.field(key).label), objects=_(entity.plural))
        return f"{what} {self._ask('')}"

    def beyond(self, known: RoleTables, entity: EntityDef) -> str:
        """Why a record that a link leads to is not shown: the server does not tell a record of
        somebody else's from a deleted one."""
        person = self._base.user_id
        given = given_to(known, self._base.catalogue, person, entity, words.SEE)
        what = _(
            "It was deleted, or it belongs to somebody whose “{objects}” you do not see. Your "
            "scope: {scope}."
        ).format(objects=_(entity.plural), scope=_(words.SCOPE_TITLES[given.scope]))
        wider = roles_giving(known, self._base.catalogue, entity, words.SEE, given.scope)
        return f"{what} {self._ask(wider[-1] if wider else '')}"

    def unfound(self, known: RoleTables, entity: EntityDef) -> str:
        """What is said where nothing was found: whether there is a record of somebody else's is not
        told, so it is the same for every search."""
        person = self._base.user_id
        given = given_to(known, self._base.catalogue, person, entity, words.SEE)
        what = _(
            "Only “{objects}” within your scope are looked through: {scope}. What belongs to "
            "others is not found here."
        ).format(objects=_(entity.plural), scope=_(words.SCOPE_TITLES[given.scope]))
        wider = roles_giving(known, self._base.catalogue, entity, words.SEE, given.scope)
        return f"{what} {self._ask(wider[-1] if wider else '')}"

    def administering(self) -> str:
        """Why somebody does not change what the whole office goes by."""
        return f"{_('Only an administrator of the base may do this.')} {self._ask('')}"

    def _ask(self, role: str) -> str:
        whom = ", ".join(self.administrators()) or _("the administrator of the base")
        if role:
            return _("Ask for the role “{role}”: {whom}.").format(role=role, whom=whom)
        return _("Ask: {whom}.").format(whom=whom)

    def administrators(self) -> list[str]:
        """The names of those who give roles."""
        base = self._base
        staff, signs = base.catalogue.with_trait(SignsIn)
        login = base.tables.column(staff, staff.field(signs.login))
        with base.backend.read() as connection:
            logins = firebird_accounts.administrator_logins(connection)
            wanted = sa.select(login.table.c.id).where(login.in_([one.lower() for one in logins]))
            ids = list(connection.execute(wanted.order_by(login.table.c.id)).scalars())
        return [name for id_ in ids if (name := self.person(id_))]

    def person(self, colleague: int) -> str:
        """The name of a colleague; '' where there is none."""
        ref = Ref(self._base.catalogue.staff().key, colleague)
        title = self._base.titles.of([ref]).get(ref)
        return title.text if title is not None else ""
