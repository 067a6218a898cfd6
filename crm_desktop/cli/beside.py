"""Commands on a base that the window has open: the window is asked, and told what was done."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.cli.secret_words import asked_address, let_in
from crm_desktop.cli.values import find_record
from crm_desktop.errors import BaseLocked, InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.lock import TOKEN_VARIABLE
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.only_colleague import only_colleague
from crm_desktop.services.os_integration.passwords import with_password
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.settings import (
    DEFAULT_PHONE_REGION,
    WORKS_AS,
    open_settings,
    without_password,
)

if TYPE_CHECKING:
    from crm_desktop.ui.runtime.single_instance import InstanceClient


PERSON_VARIABLE = "CRM_DESKTOP_PERSON"
"""In whose name commands change records, for a script."""


@contextmanager
def opened(address: str, code: str = "", person: str = "") -> Iterator[Workspace]:
    """The base, alone or beside the running window of the same person; closed at the end. `code`:
    of the second factor, if one was handed over. `person`: who works, if it was said."""
    try:
        workspace = let_in(asked_address(address), code, partial(open_base, upgrades=False))
    except BaseLocked as locked:
        with _beside_window(address, locked) as workspace:
            yield _as_somebody(_as_in_window(workspace, address), address, person)
        return
    try:
        _tell_of_recovery(workspace)
        yield _as_somebody(_as_in_window(workspace, address), address, person)
    finally:
        workspace.close()


def _tell_of_recovery(workspace: Workspace) -> None:
    """Whom a recovery code let in learns how many are left; scripts read standard output."""
    if workspace.backend.by_recovery_code:
        from crm_desktop.services.server.second_factor import own, said_left

        sys.stderr.write(said_left(own(workspace).codes) + "\n")


def _as_in_window(workspace: Workspace, address: str) -> Workspace:
    """Numbers of the country and changes by the colleague that were chosen in the window; by the
    only one of a local base where nobody was."""
    settings = open_settings()
    region = settings.get(DEFAULT_PHONE_REGION)
    if region:
        workspace.region = workspace.lists.region = region
    chosen = settings.get(WORKS_AS)
    person = chosen.get(without_password(address)) or chosen.get(str(Path(address).resolve()))
    staff = workspace.catalogue.staff().key
    if workspace.is_known:  # the account of the server says who works here
        return workspace
    if isinstance(person, int) and workspace.reader.get(staff, person) is not None:
        workspace.work_as(person)
    elif person is None:
        workspace.work_as(only_colleague(workspace))
    return workspace


def _as_somebody(workspace: Workspace, address: str, person: str) -> Workspace:
    """By the colleague that the command names, else a script's environment. Where nobody was chosen
    yet, the window and later commands begin with whom a command names."""
    meant = person or os.environ.get(PERSON_VARIABLE, "").strip()
    if not meant or (workspace.is_known and not person):
        return workspace
    staff = workspace.catalogue.staff().key
    if meant.isdigit():
        who = int(meant) if workspace.reader.get(staff, int(meant)) is not None else None
    else:
        who = find_record(workspace, staff, meant)
    if who is None:
        raise NotFound(_("There is no colleague “{name}”").format(name=meant))
    if workspace.is_known and who != workspace.user_id:
        raise InvalidInput(
            _("The account with which you sign in says who works here: it cannot be somebody else")
        )
    chosen = who if person and workspace.user_id is None else None
    workspace.work_as(who)
    if chosen is not None:
        open_settings().put_entry(WORKS_AS, without_password(address), chosen)
    return workspace


@contextmanager
def _beside_window(address: str, locked: BaseLocked) -> Iterator[Workspace]:
    """Raises `locked` if no window lets us in."""
    from crm_desktop.services.news import NewsCollector

    with _let_in(address, locked) as client:
        workspace = open_base(address, upgrades=False)
        news = NewsCollector(workspace)
        try:
            yield workspace
        finally:
            workspace.close()
            client.ask({"news": news.to_json()})


@contextmanager
def readable(address: str) -> Iterator[None]:
    """While it lasts, the base may be opened to be read as a whole, beside the running window too.

    `BaseLocked` if another program has it.
    """
    try:
        open_backend(with_password(address), newest=SCHEMA_VERSION).close()
    except BaseLocked as locked:
        with _let_in(address, locked):
            yield
        return
    yield


@contextmanager
def _let_in(address: str, locked: BaseLocked) -> Iterator[InstanceClient]:
    """This process may open what the window has open. Raises `locked` if no window lets us in."""
    client = _window()
    try:
        token = _token(client, address)
        if token is None:
            raise locked
        os.environ[TOKEN_VARIABLE] = token
        try:
            yield client
        finally:
            del os.environ[TOKEN_VARIABLE]
    finally:
        client.close()


def _window() -> InstanceClient:
    """Qt is loaded only here: commands do without it."""
    from crm_desktop.ui.runtime.single_instance import InstanceClient
    from crm_desktop.ui.runtime.socket_name import socket_name

    return InstanceClient(socket_name(open_settings().path.parent))


def _token(client: InstanceClient, address: str) -> str | None:
    if not client.connected:
        return None
    environment = client.ask({"base": str(Path(address).resolve())}).get("environment")
    token = environment.get(TOKEN_VARIABLE) if isinstance(environment, dict) else None
    return token if isinstance(token, str) else None
