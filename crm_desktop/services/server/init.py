"""Sets a shared base up: the base, the role of its staff, its first administrator.

Every step looks first whether it is done, so that an interrupted set-up is simply begun again, and
a base that was moved to the server is made ready for an office in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm_desktop.errors import BaseMissing, InvalidInput, NotABase
from crm_desktop.i18n import _
from crm_desktop.models.backend import firebird_accounts as server
from crm_desktop.models.backend.connect import is_server_address
from crm_desktop.models.backend.firebird_facts import server_facts, set_writing
from crm_desktop.services.rights.enforcement import enforce
from crm_desktop.services.server import accounts
from crm_desktop.services.server.connection_file import Connection, not_an_address, of_address
from crm_desktop.services.server.names import checked_login, proposed_login
from crm_desktop.services.server.whose import colleague_of, login_field
from crm_desktop.services.workspace import Workspace, create_base, open_base
from crm_desktop.services.writing.staging import Create, Update


@dataclass(frozen=True, slots=True)
class Office:
    """What is wanted: the language and company of a new base, and who administers it."""

    administrator: str
    """The person's name."""
    language: str = ""
    company: str = ""
    login: str = ""
    """To sign in with; '' for one made of the name."""
    password: str = ""
    """The administrator's own; '' for one made up."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What was done. `password` is to be told once; '' for an account that was there before."""

    connection: Connection
    is_new: bool
    login: str
    password: str
    page_size: int
    version: str
    is_encrypted: bool


def set_up(address: str, office: Office) -> SetUp:
    """Makes the base at `address`, or makes the one that is there ready for an office.

    `address` signs in as somebody who may make bases and accounts on the server, such as SYSDBA.
    """
    if not is_server_address(address):
        raise InvalidInput(not_an_address(), field="address")
    if not office.administrator.strip():
        raise InvalidInput(_("Say who administers the base"), field="administrator")
    if office.login:
        checked_login(office.login)
    workspace, is_new = _opened(address, office)
    try:
        facts = server_facts(workspace.backend)
        set_writing(address, facts.path)
        server.prepare_roles(workspace.backend)
        enforce(workspace.backend, workspace.tables)
        let_in = first_administrator(workspace, office)
        if office.company and not is_new:  # one that moved here may be a person's own
            workspace.set_info("company", office.company)
        company = workspace.info("company")
    finally:
        workspace.close()
    return SetUp(
        of_address(address, company), is_new, let_in.login, let_in.password, facts.page_size,
        facts.version, facts.is_encrypted,
    )  # fmt: skip


def _opened(address: str, office: Office) -> tuple[Workspace, bool]:
    try:
        return open_base(address, upgrades=False), False
    except (BaseMissing, NotABase):  # none yet, or an empty one; a foreign one is refused next
        made = create_base(address, language=office.language, company=office.company)
        return made, True


def first_administrator(workspace: Workspace, office: Office) -> accounts.LetIn:
    """The colleague who administers, by an account of his own."""
    login = checked_login(office.login or _login(workspace, office.administrator.strip()))
    colleague = colleague_of(workspace, login)
    if colleague is None:
        colleague = _colleague(workspace, office.administrator.strip())
    return accounts.let_in(
        workspace, login, colleague, password=office.password, administrator=True, is_theirs=True
    )


def _login(workspace: Workspace, name: str) -> str:
    """The one that the person has here; else one that nobody has in any base of the server."""
    signs, staff = login_field(workspace), workspace.catalogue.staff().key
    for id_ in workspace.titles.find(staff, name):
        stored = workspace.reader.get(staff, id_)
        if stored is not None and stored.values.get(signs):
            return str(stored.values[signs])
    usual = proposed_login(name)
    if colleague_of(workspace, usual) is not None:
        return usual
    return proposed_login(name, server.names(workspace.backend))


def _colleague(workspace: Workspace, name: str) -> int:
    """The one of this name; else the only one there is, who was named after the computer."""
    entity = workspace.catalogue.staff()
    found = workspace.titles.find(entity.key, name)
    if found:
        return found[0]
    table = workspace.tables.main[entity.key]
    with workspace.backend.read() as connection:
        there = connection.execute(sa.select(table.c.id, table.c.version).limit(2)).all()
    values = {entity.title_field: name}
    if len(there) == 1 and there[0].version == 1:
        workspace.records.apply([Update(entity.key, there[0].id, values)])
        return int(there[0].id)
    return workspace.records.apply([Create(entity.key, values)]).ids[0]
