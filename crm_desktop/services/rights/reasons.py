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
        base, person = self._base, who if who is not None else self._base.user_id
        given = given_to(known, base.catalogue, person, entity, action)
        named = {"right": _(words.TITLES[action]), "objects": _(entity.plural)}
        if owner is None:
            what = _("Not allowed: {right}, “{objects}”.").format(**named)
        else:
            what = _(
                "Not allowed here: {right}, “{objects}”. Your scope: {scope}; this record "
                "belongs to {owner}."
            ).format(  # fmt: skip
                **named,
                scope=_(words.SCOPE_TITLES[given.scope]),
                owner=self._name(owner),
            )
        roles = sorted(known.names.get(role, "") for role in known.roles.of(person))
        have = _("Roles: {roles}.").format(roles=", ".join(roles)) if roles else ""
        wider = roles_giving(known, base.catalogue, entity, action, given.scope)
        role = "" if not wider else wider[-1] if owner is not None else wider[0]
        return " ".join(part for part in (what, have, self._ask(role)) if part), role

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
        return [name for id_ in ids if (name := self._name(id_))]

    def _name(self, colleague: int) -> str:
        ref = Ref(self._base.catalogue.staff().key, colleague)
        title = self._base.titles.of([ref]).get(ref)
        return title.text if title is not None else ""
