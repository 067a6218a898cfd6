"""An app on a telephone, as a test has it, and the office whose people have one."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import fdb
import pyotp
import pytest

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.backend import firebird_second
from crm_desktop.models.backend.firebird_proof import with_code
from crm_desktop.services.server.sign_in_rules import SignInRules, settle_sign_in
from crm_desktop.services.workspace import Workspace, open_base
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers

STEP_S = 30


@dataclass
class Device:
    """Codes come by the clock of the test, which is the server's computer's as well."""

    raw: bytes = field(default_factory=lambda: secrets.token_bytes(20))

    @property
    def hex(self) -> str:
        return self.raw.hex()

    def code(self, later: int = 0) -> str:
        """The code `later` steps from now."""
        plain = base64.b32encode(self.raw).decode("ascii")
        return pyotp.TOTP(plain).at(int(time.time()) + STEP_S * later)

    def wrong(self) -> str:
        """Six digits that no step near now has."""
        near = {self.code(later) for later in range(-4, 5)}
        return next(code for code in map("{:06d}".format, range(20)) if code not in near)


def forget_step(owner: Any, login: str) -> None:
    """The server takes codes of this minute once more; `owner` is a plain connection of the
    owner's."""
    cursor = owner.cursor()
    cursor.execute("UPDATE sign_second SET last_step = 0 WHERE login = ?", (login,))
    owner.commit()


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture
def boss(sellers: TwoSellers) -> Iterator[Workspace]:
    """The administrator; the rules are the usual ones afterwards."""
    base = sellers.office.sign_in(sellers.office.boss)
    yield base
    settle_sign_in(base, SignInRules())


@pytest.fixture(scope="module")
def owner(sellers: TwoSellers) -> Iterator[Any]:
    """A plain connection of the owner of the base."""
    server = sellers.server
    with closing(fdb.connect(dsn=server.dsn(sellers.name), user=server.user,
                             password=server.password, charset="UTF8")) as line:  # fmt: skip
        yield line


@pytest.fixture
def person(sellers: TwoSellers) -> str:
    """The account of somebody new."""
    return sellers.office.let_in(f"Vera {secrets.token_hex(4)}")


@pytest.fixture
def device(sellers: TwoSellers, person: str) -> Device:
    """The person's app, tied to the account by the code of the step before."""
    made = Device()
    base = sellers.office.sign_in(person)
    firebird_second.join(base.backend, made.hex, made.code(-1), "")
    base.close()
    return made


def enter(sellers: TwoSellers, login: str, code: str, join: str = "") -> Workspace:
    """The base by password and code; closed after the tests."""
    return sellers.office._open.enter_context(
        closing(open_base(with_code(sellers.office.of(login), code, join)))
    )


def plain(sellers: TwoSellers, login: str) -> Workspace:
    """The base by the password alone."""
    return sellers.office.sign_in(login)


def kept_out(sellers: TwoSellers, login: str, code: str = "", join: str = "") -> str:
    """Which field the refusal names."""
    address = sellers.office.of(login)
    with pytest.raises(DatabaseUnavailable) as error:
        open_base(with_code(address, code, join) if code else address)
    return error.value.field or ""
