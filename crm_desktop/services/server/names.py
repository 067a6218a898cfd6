"""Names to sign in with and first passwords: proposed, judged."""

from __future__ import annotations

import re
import secrets
from collections.abc import Container

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _

LONGEST = 31
"""Letters; Firebird 3 keeps no longer name of an account."""
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 60

_LOGIN = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN_BY_SERVER = frozenset({"sysdba", "public", "none", "crm_staff"})
_LETTERS = dict(zip(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    ("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r",
     "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"),
    strict=True,
))  # fmt: skip
"""Russian letters as in a passport, ICAO 9303 but for its two signs that nobody types."""
_CLEAR = "abcdefghijkmnpqrstuvwxyz23456789"
"""Letters and figures that are not taken for one another when they are read aloud."""


def proposed_login(name: str, taken: Container[str] = ()) -> str:
    """A name to sign in with made of a person's: the first word and an initial of the second."""
    words = [word for word in re.split(r"[^a-z0-9]+", _latin(name)) if word]
    base = "_".join([*words[:1], *(word[0] for word in words[1:2])]) or "user"
    if not base[0].isalpha():
        base = f"u{base}"
    base = base[: LONGEST - 3]
    found, number = base, 1
    while found in taken or found in _TAKEN_BY_SERVER:
        number += 1
        found = f"{base}{number}"
    return found


def _latin(name: str) -> str:
    return "".join(_LETTERS.get(letter, letter) for letter in name.lower())


def checked_login(text: str) -> str:
    """The name as the server keeps it; `InvalidInput` says what does not fit."""
    login = text.strip().lower()
    if not login:
        raise InvalidInput(_("Type the name to sign in with"), field="login")
    if len(login) > LONGEST or not _LOGIN.fullmatch(login):
        said = _("A name to sign in with has Latin letters, figures and _ only, begins with a "
                 "letter and is not longer than {count}")  # fmt: skip
        raise InvalidInput(said.format(count=LONGEST), field="login")
    if login in _TAKEN_BY_SERVER:
        raise InvalidInput(_("“{name}” belongs to the server itself").format(name=login),
                           field="login")  # fmt: skip
    return login


def checked_password(password: str, login: str = "") -> str:
    """The password; `InvalidInput` if it is too short, too long or the name itself."""
    if len(password) < SHORTEST_PASSWORD:
        said = _("A password has {count} letters at least")
        raise InvalidInput(said.format(count=SHORTEST_PASSWORD), field="password")
    if len(password) > LONGEST_PASSWORD or not password.isprintable():
        said = _("A password has {count} letters at most, and no line breaks")
        raise InvalidInput(said.format(count=LONGEST_PASSWORD), field="password")
    if login and password.lower() == login.lower():
        raise InvalidInput(_("The password must not be the name itself"), field="password")
    return password


def first_password() -> str:
    """A password to be handed over once: twelve clear letters in three groups, 60 bits."""
    return "-".join("".join(secrets.choice(_CLEAR) for _n in range(4)) for _group in range(3))
