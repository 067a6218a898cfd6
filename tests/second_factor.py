"""An app on a telephone, as a test has it: its secret and the codes of steps around now."""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import pyotp

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
