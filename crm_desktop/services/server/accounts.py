"""Who may sign in to a shared base: accounts of the server, each tied to a colleague.

The account is the server's, the tie is the colleague's record, so that history and undo show who
was let in by whom. Only an administrator of the base gets through; the server itself sees to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from crm_desktop.errors import DatabaseUnavailable, InvalidInput, NotFound, UserError
from crm_desktop.i18n import N_, _
from crm_desktop.models.backend import firebird_accounts as server
from crm_desktop.models.backend.firebird import FirebirdBackend
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.services.audit import service as audit
from crm_desktop.services.rights.enforcement import enforce
from crm_desktop.services.server.names import (
    checked_login,
    first_password,
    proposed_login,
)
from crm_desktop.services.server.password_rules import judged_password
from crm_desktop.services.server.whose import colleague_of, login_field, recognise
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Update, Write


class StrangeAccount(InvalidInput):
    """Somebody signs in to another base by this name; nobody has said that it is the same one."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in, and the colleague that this is, if anybody."""

    login: str
    colleague: int | None
    name: str
    is_active: bool
    is_administrator: bool
    is_first_password: bool


@dataclass(frozen=True, slots=True)
class LetIn:
    """What came of it. `password`: to be told once; '' for an account that was there before."""

    login: str
    password: str


def people(workspace: Workspace) -> list[Person]:
    """Everybody who has been let in, by the name to sign in with."""
    _refuse_others(workspace)
    found = server.accounts(workspace.backend)
    ties = {account.login: colleague_of(workspace, account.login) for account in found}
    entity = workspace.catalogue.staff().key
    refs = [Ref(entity, id_) for id_ in ties.values() if id_ is not None]
    names = {ref.id: title.text for ref, title in workspace.titles.of(refs).items()}
    return [
        Person(
            account.login, ties[account.login], names.get(ties[account.login] or 0, ""),
            account.is_active, account.is_administrator, account.is_first_password,
        )
        for account in found
    ]  # fmt: skip


def proposal(workspace: Workspace, colleague: int) -> str:
    """The name to sign in with that is proposed for a colleague."""
    return proposed_login(_name(workspace, colleague), server.names(workspace.backend))


def let_in(
    workspace: Workspace, login: str, colleague: int | None, *,
    password: str = "", administrator: bool = False, is_theirs: bool = False,
) -> LetIn:  # fmt: skip
    """Lets somebody sign in; tied to a colleague, he works in that name.

    Without `password` one is made up. An account that the server knows already, from another base
    of the office, keeps its own and is taken only if it is said to be the colleague's: `is_theirs`.
    `InvalidInput`: the name does not fit, or is another colleague's; `StrangeAccount`: not said.
    """
    _refuse_others(workspace)
    workspace.refuse_reader()
    login = checked_login(login)
    known = server.exists(workspace.backend, login)
    if known and not is_theirs:
        _refuse_strange(workspace, login)
    if password and not known:
        judged_password(workspace, password, login, _called(workspace, colleague))
    password = "" if known else password or first_password()
    writes = _tie(workspace, login, colleague) if colleague is not None else []
    if not workspace.backend.has_staff():
        server.prepare_roles(workspace.backend)
        enforce(workspace.backend, workspace.tables)
    if writes:
        workspace.records.apply(writes, title=_title(workspace, colleague))
    if known:
        server.let_in(workspace.backend, login, administrator=administrator)
    else:
        _make(workspace, login, password, administrator=administrator)
    if workspace.reaching is not None:
        workspace.reaching.ready()
    audit.note(workspace, audit.LET_IN, detail=login)
    if login == workspace.login:
        recognise(workspace)
    return LetIn(login, password)


def _refuse_strange(workspace: Workspace, login: str) -> None:
    if login not in {account.login for account in server.accounts(workspace.backend)}:
        said = _(
            "The server has an account {login} already, for another base. Is it this colleague’s, "
            "who then signs in here by its password? Otherwise choose another name."
        )
        raise StrangeAccount(said.format(login=login), field="login")


def _make(workspace: Workspace, login: str, password: str, *, administrator: bool) -> None:
    """A new account with its role, or none: one of which nobody knows the password helps nobody."""
    server.create(workspace.backend, login, password, administrator=administrator)
    try:
        server.let_in(workspace.backend, login, administrator=administrator)
    except UserError:
        with suppress(UserError):  # the reason is told, not what came of it
            server.drop(workspace.backend, login)
        raise


def tie(workspace: Workspace, login: str, colleague: int) -> int:
    """Makes the account another colleague's, and no more that of whom it was; the operation.

    From the next sign-in on its owner works in that name. `InvalidInput`: the colleague has one.
    """
    _refuse_others(workspace)
    login = _known(workspace, login)
    entity, field = workspace.catalogue.staff().key, login_field(workspace)
    holder = colleague_of(workspace, login)
    if holder == colleague:
        return 0
    if holder is None:
        writes = _tie(workspace, login, colleague)
    else:
        _refuse_second(workspace, login, colleague)
        writes = [Update(entity, holder, {field: None}), Update(entity, colleague, {field: login})]
    name = _name(workspace, colleague)
    title = Title(N_("{login} is the account of {name} now"), {"login": login, "name": name})
    done = workspace.records.apply(writes, title=title)
    if login == workspace.login:
        recognise(workspace)
    audit.note(workspace, audit.RIGHTS, detail=f"{login}: {name}")
    return done.operation


def block(workspace: Workspace, login: str) -> None:
    """From now on nobody signs in by this account; who is signed in loses the line."""
    _refuse_others(workspace)
    known = _known(workspace, login)
    if known == workspace.login:
        raise InvalidInput(_("Nobody blocks the account that he signed in by"), field="login")
    server.set_active(workspace.backend, known, False)
    audit.note(workspace, audit.BLOCKED, detail=known)


def unblock(workspace: Workspace, login: str) -> None:
    """The account may be signed in by again, with the password it had."""
    _refuse_others(workspace)
    known = _known(workspace, login)
    server.set_active(workspace.backend, known, True)
    audit.note(workspace, audit.UNBLOCKED, detail=known)


def new_password(workspace: Workspace, login: str, password: str = "") -> str:
    """Another password, for one who forgot it: that given, or one made up. To be told once."""
    _refuse_others(workspace)
    known = _known(workspace, login)
    if password:
        judged_password(
            workspace, password, known, _called(workspace, colleague_of(workspace, known))
        )
    chosen = password or first_password()
    server.set_password(workspace.backend, known, chosen)
    audit.note(workspace, audit.NEW_PASSWORD, detail=known)
    return chosen


def demand_change(workspace: Workspace, login: str) -> None:
    """At the next sign-in the program asks for another password, and lets nobody in before."""
    _refuse_others(workspace)
    known = _known(workspace, login)
    server.demand_change(workspace.backend, known)
    audit.note(workspace, audit.MUST_CHANGE, detail=known)


def has_first_password(workspace: Workspace) -> bool:
    """Whether who signed in has still the password that was made for him."""
    return bool(workspace.login) and server.has_first_password(workspace.backend)


def choose_password(workspace: Workspace, password: str) -> None:
    """Who signed in takes another password; no right is needed for that."""
    if not workspace.login:
        raise InvalidInput(_no_accounts())
    login, backend = workspace.login, workspace.backend
    if isinstance(backend, FirebirdBackend) and backend.signs_in_by(password):
        raise InvalidInput(_("This is the password you have; choose another one"), field="password")
    name = _called(workspace, colleague_of(workspace, login))
    server.set_own_password(backend, judged_password(workspace, password, login, name))
    audit.note(workspace, audit.OWN_PASSWORD)


def _tie(workspace: Workspace, login: str, colleague: int) -> list[Write]:
    """The writes that make the account that colleague's."""
    entity, field = workspace.catalogue.staff().key, login_field(workspace)
    if _refuse_second(workspace, login, colleague) == login:
        return []
    holder = colleague_of(workspace, login)
    if holder is not None:
        said = _("{login} is the account of {name}")
        raise InvalidInput(said.format(login=login, name=_name(workspace, holder)), field="login")
    return [Update(entity, colleague, {field: login})]


def _refuse_second(workspace: Workspace, login: str, colleague: int) -> str:
    """The account that the colleague has, '' without one; `InvalidInput` if it is another one, or
    who has left is meant: the account would open an empty base."""
    entity = workspace.catalogue.staff().key
    record = workspace.reader.get(entity, colleague)
    if record is None:
        raise NotFound(_("This colleague is no longer in the base"), field="colleague")
    rows = workspace.catalogue.staff().trait(PlannerRows)
    if rows is not None and record.values.get(rows.hidden):
        said = _("{name} no longer works here. Take that back on the card first.")
        raise InvalidInput(said.format(name=_name(workspace, colleague)), field="colleague")
    kept = str(record.values.get(login_field(workspace)) or "")
    if kept and kept != login:
        said = _("{name} signs in as {login} already")
        name = _name(workspace, colleague)
        raise InvalidInput(said.format(name=name, login=kept), field="colleague")
    return kept


def _title(workspace: Workspace, colleague: int | None) -> Title:
    name = _name(workspace, colleague) if colleague is not None else ""
    return Title(N_("{name} was let in to the base"), {"name": name})


def _name(workspace: Workspace, colleague: int) -> str:
    ref = Ref(workspace.catalogue.staff().key, colleague)
    title = workspace.titles.of([ref]).get(ref)
    return title.text if title is not None else ""


def _called(workspace: Workspace, colleague: int | None) -> str:
    return _name(workspace, colleague) if colleague is not None else ""


def _known(workspace: Workspace, login: str) -> str:
    wanted = login.strip().lower()
    if wanted not in _logins(server.accounts(workspace.backend)):
        said = _("Nobody signs in as “{name}” here")
        raise NotFound(said.format(name=wanted), field="login")
    return wanted


def _logins(found: Sequence[server.Account]) -> set[str]:
    return {account.login for account in found}


def _refuse_others(workspace: Workspace) -> None:
    if not workspace.login:
        raise InvalidInput(_no_accounts())
    if not workspace.administers:
        raise DatabaseUnavailable(
            _("Only the administrator of the base may do this. Ask for it; nothing was changed.")
        )


def _no_accounts() -> str:
    return _("This base is a file: nobody signs in to it. Accounts belong to a base on a server.")
