"""A licence: a file of facts signed with Ed25519 (RFC 8032) by the vendor of the program.

The file is JSON that a person can read. What is signed is the same JSON without its signature, with
sorted keys and no spaces, so that the file may be laid out anyhow and no fact can be changed.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crm_desktop.errors import FileProblem, InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.resources import resource

SUFFIX = ".crmlicence"
FORMAT = "crm_desktop_licence"
MOST_SEATS = 10_000
LONGEST = 1000
"""Letters of a licence as a base keeps it."""
_LARGEST_FILE = 65_536
_TEXTS = {"id": 40, "customer": 200, "edition": 40, "base": 36, "key": 16}
_DAYS = ("issued", "valid_until", "updates_until")
_KEY_BYTES = 32

PublicKeys = Mapping[str, bytes]
"""What licences are verified against: 32 bytes by the name of the key."""


class LicenceRefused(UserError):
    """A licence that gives nothing; the sentence says why.

    `why`: not_a_licence, unknown_key, edited, other_base, expired, updates_ended.
    """

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Licence:
    """What a customer has bought. Empty days mean for ever, an empty base any one base."""

    id: str
    customer: str
    seats: int
    edition: str
    issued: date
    valid_until: date | None = None
    updates_until: date | None = None
    base: str = ""
    key: str = ""
    signature: str = ""

    def facts(self) -> dict[str, Any]:
        """What is signed."""
        days = {name: getattr(self, name) for name in _DAYS}
        texts = {name: getattr(self, name) for name in _TEXTS}
        written = {name: day.isoformat() if day else None for name, day in days.items()}
        return {FORMAT: 1, "seats": self.seats, **texts, **written}

    def signed(self) -> bytes:
        """The bytes that the signature is about."""
        return _compact(self.facts()).encode()

    def text(self) -> str:
        """As a base keeps it: in one line of at most `LONGEST` letters."""
        return _compact({**self.facts(), "signature": self.signature})


def _compact(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


# --- reading --------------------------------------------------------------------------------------


def read_licence_file(path: Path, keys: PublicKeys) -> Licence:
    """The verified licence of a file. FileProblem, or LicenceRefused with its own sentence."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise FileProblem(
            _("The file {name} cannot be read: {reason}.").format(
                name=path.name, reason=disk_reason(error)
            )
        ) from error
    try:
        text = raw.decode("utf-8-sig") if len(raw) <= _LARGEST_FILE else ""
    except UnicodeDecodeError:
        text = ""
    return read_licence(text, keys)


def read_licence(text: str, keys: PublicKeys) -> Licence:
    """The licence of a text; LicenceRefused if it is not just as it was issued."""
    found = _parsed(text)
    public = keys.get(found.key)
    if public is None:
        raise LicenceRefused(
            _(
                "The licence was signed by somebody whose key this program does not know. Ask the "
                "vendor for one, or update the program."
            ),
            "unknown_key",
        )
    if not _is_signed(found, public):
        raise LicenceRefused(
            _("The licence was changed after it was issued. Ask the vendor for the file again."),
            "edited",
        )
    return found


def _parsed(text: str) -> Licence:
    try:
        given = json.loads(text)
        if not isinstance(given, dict) or given.pop(FORMAT) != 1:
            raise ValueError
        return _made(given)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LicenceRefused(
            _("This is not a licence of CRM Desktop. Choose the file that the vendor sent."),
            "not_a_licence",
        ) from error


def _made(given: dict[str, Any]) -> Licence:
    """ValueError, KeyError or TypeError unless every fact is there and of its kind."""
    texts = {name: given.pop(name) for name in (*_TEXTS, "signature")}
    days = {name: given.pop(name) for name in _DAYS}
    seats = given.pop("seats")
    if given or not all(isinstance(value, str) for value in texts.values()):
        raise ValueError
    if type(seats) is not int or not 1 <= seats <= MOST_SEATS:
        raise ValueError
    if any(len(texts[name]) > most for name, most in _TEXTS.items()):
        raise ValueError
    issued, valid, updates = (
        None if day is None else date.fromisoformat(day) for day in days.values()
    )
    if issued is None:
        raise ValueError
    return Licence(**texts, seats=seats, issued=issued, valid_until=valid, updates_until=updates)


def _is_signed(found: Licence, public: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        signature = base64.b64decode(found.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, found.signed())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


# --- keys -----------------------------------------------------------------------------------------


def builtin_keys() -> PublicKeys:
    """The vendor's public keys that come with the program."""
    return read_keys(resource("keys", "vendor.pub"))


def read_keys(path: Path) -> PublicKeys:
    """The public keys of a file, one a line in base64; FileProblem if it is none."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        found = [base64.b64decode(line, validate=True) for line in lines if _is_key(line)]
    except OSError as error:
        raise _unread(path, error) from error
    except (UnicodeDecodeError, binascii.Error) as error:
        raise _no_key(path) from error
    if not found or any(len(key) != _KEY_BYTES for key in found):
        raise _no_key(path)
    return {key_name(key): key for key in found}


def _is_key(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def key_name(public: bytes) -> str:
    """What a key is called in licences: the beginning of its SHA-256."""
    import hashlib

    return hashlib.sha256(public).hexdigest()[:16]


def _no_key(path: Path) -> FileProblem:
    return FileProblem(_("There is no key for licences in {name}.").format(name=path))


def _unread(path: Path, error: OSError) -> FileProblem:
    said = _("The key {file} cannot be read: {reason}.")
    return FileProblem(said.format(file=path, reason=disk_reason(error)))


# --- the vendor -----------------------------------------------------------------------------------


def make_keys(folder: Path) -> tuple[Path, Path]:
    """A new pair: the private key, for the owner's eyes only, and the public one.

    FileProblem if one of them is there: a lost private key cannot be made again.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    public = private.public_key().public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)
    paths = folder / "vendor.key", folder / "vendor.pub"
    for path in paths:
        if path.exists():
            raise FileProblem(
                _("{name} is there already. Choose another folder.").format(name=path.name)
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths[0].touch(mode=0o600, exist_ok=False)
        paths[0].write_bytes(secret)
        paths[1].write_text(base64.b64encode(public).decode() + "\n", encoding="ascii")
    except OSError as error:
        raise FileProblem(
            _("The file {name} cannot be written: {reason}.").format(
                name=error.filename or folder, reason=disk_reason(error)
            )
        ) from error
    return paths


def issue(licence: Licence, private_key: Path) -> Licence:
    """The same licence with the name of the key and its signature; InvalidInput for bad facts."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        private = form.load_pem_private_key(private_key.read_bytes(), None)
    except OSError as error:
        raise _unread(private_key, error) from error
    except (ValueError, TypeError) as error:
        raise _no_key(private_key) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise _no_key(private_key)
    public = private.public_key().public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)
    named = _with(licence, key=key_name(public))
    signature = base64.b64encode(private.sign(named.signed())).decode()
    _check_facts(done := _with(named, signature=signature))
    return done


def _with(licence: Licence, **changed: str) -> Licence:
    from dataclasses import replace

    return replace(licence, **changed)  # type: ignore[arg-type]


def _check_facts(licence: Licence) -> None:
    if not licence.customer.strip():
        raise InvalidInput(_("Say whose licence it is."))
    if not 1 <= licence.seats <= MOST_SEATS:
        raise InvalidInput(
            _("A licence has 1 to {most} seats.").format(most=MOST_SEATS), field="seats"
        )
    if licence.base and not re.fullmatch(r"[0-9a-f-]{36}", licence.base):
        raise InvalidInput(_("This is not the number of a base: “licence show” says it."))
    too_long = any(len(getattr(licence, name)) > most for name, most in _TEXTS.items())
    if too_long or len(licence.text()) > LONGEST:
        raise InvalidInput(_("The name of the customer is too long for a licence."))
