"""What a program shows a server beside the password: a code of the second factor, or the pass that
it was given for one.

A connection can bring no field of its own, but it says which program it is; in place of that name
it brings what the trigger of `firebird_gate` reads. A code is shown once, by the first connection;
together with it comes a random pass, by which the same program makes the others.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from crm_desktop.models.backend.firebird_connect import ServerAddress

SHOWN = "crm-desktop."
"""How the name of the program begins that shows something."""
CODE, ONCE, JOIN, PASS = "code:", "once:", "join:", "pass:"
CODE_KEY, JOIN_KEY, PASS_KEY = "secret_code", "secret_join", "secret_pass"
"""How an address names them; the log masks what is called secret."""
_PROCESS_NAME = 74  # isc_dpb_process_name
_DIGITS = re.compile(r"[0-9]{6}")
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Proof:
    """`code`: of the device, or a recovery code; `join`: the new secret that it is of, as hex;
    `token`: the pass of this program; `recovered`: which it got for a recovery code."""

    code: str = field(default="", repr=False)
    join: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    recovered: bool = field(default=False, kw_only=True)

    @property
    def is_recovery(self) -> bool:
        """Whether the code is none of a device."""
        return not self.join and not _DIGITS.fullmatch(re.sub(r"\s", "", self.code))

    def word(self, token: str, login: str) -> str:
        """What the first connection shows, to be given `token` as its pass."""
        code = re.sub(r"\s", "", self.code)
        if self.join:
            return f"{SHOWN}{JOIN}{self.join}{code[:6].ljust(6)}{token}"
        if self.is_recovery:
            return f"{SHOWN}{ONCE}{recovery_digest(code, login)}{token}"
        return f"{SHOWN}{CODE}{code}{token}"


def recovery_digest(code: str, login: str) -> str:
    """The argon2id hash of a recovery code, as hex; capitals and hyphens do not matter.

    Its first four letters and the name to sign in with are its salt, so that each has its own.
    """
    from argon2.low_level import Type, hash_secret_raw

    plain = re.sub(r"[^0-9a-z]", "", code.lower())
    salt = hashlib.sha256(f"crm-desktop {login.lower()} {plain[:4]}".encode()).digest()[:16]
    made = hash_secret_raw(
        plain.encode() or b"-", salt, time_cost=3, memory_cost=65536, parallelism=2, hash_len=20,
        type=Type.ID,
    )  # fmt: skip
    return made.hex()


@contextmanager
def showing(word: str) -> Iterator[None]:
    """Connections that this thread makes meanwhile show that."""
    _local.word = word
    try:
        yield
    finally:
        _local.word = ""


def show(parameters: Any) -> None:
    """Adds to the parameters of a connection what is to be shown."""
    word = getattr(_local, "word", "")
    if word:
        parameters.add_string_parameter(_PROCESS_NAME, word)


def word_of(place: ServerAddress) -> str:
    """What further connections show."""
    return f"{SHOWN}{PASS}{place.proof.token}" if place.proof.token else ""


def proved(place: ServerAddress, attach: Callable[[ServerAddress, str], Any]) -> ServerAddress:
    """The address with a pass in place of a code, which the server takes once only."""
    if not place.proof.code:
        return place
    token = secrets.token_hex(20)
    attach(place, place.proof.word(token, place.user)).close()
    return replace(place, proof=Proof(token=token, recovered=place.proof.is_recovery))


def with_code(address: str, code: str, join: str = "") -> str:
    """The address of a base with a code to be shown; `join`: the new secret that it is of."""
    shown = {CODE_KEY: code} | ({JOIN_KEY: join} if join else {})
    return _asked(address, shown)


def with_token(address: str, token: str) -> str:
    """The address of a base with the pass that a code was given for."""
    return _asked(address, {PASS_KEY: token})


def _asked(address: str, query: dict[str, str]) -> str:
    url = sa.make_url(address).difference_update_query((CODE_KEY, JOIN_KEY, PASS_KEY))
    return url.update_query_dict(query).render_as_string(hide_password=False)
