"""Asks a directory over LDAP (RFC 4511): signs in, searches page by page, over TLS.

No library: the one in pure Python has had no release since 2021 and leans on names that its own
dependency is about to drop; the living ones need libraries of C that a Windows machine has not.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.services.importing.directories import ber, filters
from crm_desktop.services.importing.directories.address import SCOPES, DirectoryAddress

PAGE = 500
MOST_ENTRIES = 50_000
PATIENCE_S = 20
_MOST_BYTES = 32 * 1024 * 1024
"""Of one message: an entry with its picture has far less."""
_BIND, _BOUND, _UNBIND, _SEARCH, _ENTRY, _DONE, _EXTENDED, _EXTENDED_ANSWER = (
    0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x77, 0x78,
)  # fmt: skip
_NAME_OF_REQUEST, _SIMPLE, _CONTROLS = 0x80, 0x80, 0xA0
_START_TLS = "1.3.6.1.4.1.1466.20037"
_PAGED = "1.2.840.113556.1.4.319"
_OK, _WRONG_PASSWORD, _NO_SUCH, _TOO_MANY, _NEEDS_SECURE, _MAY_NOT = 0, 49, 32, 4, 13, 50

Read = TypeVar("Read")
DirectoryEntry = dict[str, list[bytes]]
"""Values by attribute as the server writes it; `dn` is one of them."""


class DirectoryProblem(UserError):
    """The directory was not reached, did not let us in, or has not what was asked for."""


class Directory:
    """One line to a directory. `authority`: the file of who signs its certificate, where the
    computer does not know it; `plain` lets the line go without TLS."""

    def __init__(
        self, address: DirectoryAddress, *, authority: Path | None = None, plain: bool = False
    ) -> None:
        self.address = address
        self._number, self._rest = 0, b""
        try:
            context = ssl.create_default_context(cafile=str(authority) if authority else None)
            self._line: socket.socket = socket.create_connection(
                (address.host, address.port), PATIENCE_S
            )
        except OSError as error:
            raise self._unreached(error) from error
        try:
            if address.is_secure:
                self._secure(context)
            elif not plain:
                self._ask_for_tls(context)
        except BaseException:
            self._line.close()
            raise

    def close(self) -> None:
        """Says good-bye."""
        try:
            self._send(ber.value(_UNBIND, b""))
        except UserError:  # it has gone before us
            return
        finally:
            self._line.close()

    def __enter__(self) -> Directory:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.close()

    # --- what is asked ----------------------------------------------------------------------------

    def sign_in(self, name: str, password: str) -> None:
        """Whoever it is; both empty for nobody in particular. A name without a password would be
        taken for nobody by the server, so it is refused here."""
        if name and not password:
            raise DirectoryProblem(_("The directory asks for the password of {name}").format(
                name=name))  # fmt: skip
        asked = ber.together(ber.number(3), ber.text(name), ber.text(password, _SIMPLE), tag=_BIND)
        self._send(asked)
        _tag, answer = self._answer(_BOUND)
        self._judge(answer)

    def search(self, attributes: Sequence[str]) -> Iterator[DirectoryEntry]:
        """Everybody who suits the address, page by page."""
        cookie, count = b"", 0
        while True:
            self._send(self._searched(attributes), self._page(cookie))
            while True:
                tag, content, controls = self._message()
                if tag == _ENTRY:
                    count += 1
                    yield self._understood(_entry, content)
                elif tag == _DONE:
                    break
            self._judge(content)
            cookie = self._understood(_cookie, controls)
            if not cookie:
                return
            if count >= MOST_ENTRIES:
                said = _("The directory has more than {count} entries of this kind: narrow the "
                         "filter").format(count=MOST_ENTRIES)  # fmt: skip
                raise DirectoryProblem(said)

    def _searched(self, attributes: Sequence[str]) -> bytes:
        at = self.address
        return ber.together(
            ber.text(at.base), ber.number(SCOPES[at.scope], ber.ENUMERATED),
            ber.number(0, ber.ENUMERATED), ber.number(0), ber.number(0), ber.truth(False),
            filters.encoded(at.filter), ber.together(*map(ber.text, attributes)), tag=_SEARCH,
        )  # fmt: skip

    @staticmethod
    def _page(cookie: bytes) -> bytes:
        wanted = ber.together(ber.number(PAGE), ber.value(ber.OCTETS, cookie))
        control = ber.together(ber.text(_PAGED), ber.value(ber.OCTETS, wanted))
        return ber.together(control, tag=_CONTROLS)

    # --- the line ---------------------------------------------------------------------------------

    def _secure(self, context: ssl.SSLContext) -> None:
        try:
            self._line = context.wrap_socket(self._line, server_hostname=self.address.host)
        except ssl.SSLCertVerificationError as error:
            said = _("The certificate of {host} is not trusted: {reason}. Name the file of who "
                     "signed it.")  # fmt: skip
            raise DirectoryProblem(
                said.format(host=self.address.host, reason=error.verify_message), field="authority"
            ) from error
        except OSError as error:
            raise self._unreached(error) from error

    def _ask_for_tls(self, context: ssl.SSLContext) -> None:
        self._send(ber.together(ber.text(_START_TLS, _NAME_OF_REQUEST), tag=_EXTENDED))
        _tag, answer = self._answer(_EXTENDED_ANSWER)
        if self._understood(_result, answer)[0] != _OK:
            said = _("{host} does not speak TLS on this line: use ldaps://, or allow a line that "
                     "anybody can read")  # fmt: skip
            raise DirectoryProblem(said.format(host=self.address.host))
        if self._rest:  # said in clear before the line was closed to others
            raise DirectoryProblem(_("{host} answers what nobody asked").format(
                host=self.address.host))  # fmt: skip
        self._secure(context)

    def _send(self, asked: bytes, controls: bytes = b"") -> None:
        self._number += 1
        try:
            self._line.sendall(ber.together(ber.number(self._number), asked, controls))
        except OSError as error:
            raise self._unreached(error) from error

    def _answer(self, wanted: int) -> tuple[int, bytes]:
        tag, content, _controls = self._message()
        if tag != wanted:
            raise self._unreached(ber.BrokenAnswer("another answer"))
        return tag, content

    def _message(self) -> tuple[int, bytes, bytes]:
        """The next one: its kind, what it says, and its controls."""
        try:
            tag, begin, end = self._head()
            while len(self._rest) < end:
                self._more()
            content, self._rest = self._rest[begin:end], self._rest[end:]
            if tag != ber.SEQUENCE:
                raise ber.BrokenAnswer("no message")
            (_number, _id), (kind, said), *others = ber.values(content)
        except (OSError, ValueError) as error:
            raise self._unreached(error) from error
        controls = next((held for one, held in others if one == _CONTROLS), b"")
        return kind, said, controls

    def _head(self) -> tuple[int, int, int]:
        while (found := ber.head(self._rest)) is None:
            self._more()
        if found[2] > _MOST_BYTES:
            raise ber.BrokenAnswer("a message without an end")
        return found

    def _more(self) -> None:
        got = self._line.recv(65536)
        if not got:
            raise ConnectionResetError(_("the line was closed"))
        self._rest += got

    def _understood(self, read: Callable[[bytes], Read], content: bytes) -> Read:
        try:
            return read(content)
        except (ValueError, IndexError) as error:
            raise self._unreached(error) from error

    # --- words ------------------------------------------------------------------------------------

    def _unreached(self, error: Exception) -> DirectoryProblem:
        said = _("The directory {host}:{port} cannot be asked: {reason}")
        at = self.address
        return DirectoryProblem(said.format(host=at.host, port=at.port, reason=error))

    def _judge(self, answer: bytes) -> None:
        code, told = self._understood(_result, answer)
        if code == _OK:
            return
        known = {
            _WRONG_PASSWORD: _("The directory knows no such name with this password"),
            _NO_SUCH: _("The directory has no “{base}”").format(base=self.address.base),
            _TOO_MANY: _("The directory gives no more at once: narrow the filter"),
            _NEEDS_SECURE: _("The directory asks for a line with TLS"),
            _MAY_NOT: _("This name may not read there"),
        }
        other = _("The directory refused: {reason} ({code})").format(reason=told, code=code)
        raise DirectoryProblem(known.get(code, other))


def _result(answer: bytes) -> tuple[int, str]:
    parts = list(ber.values(answer))
    if len(parts) < 3:
        return -1, ""
    return ber.whole(parts[0][1]), parts[2][1].decode("utf-8", "replace")


def _entry(content: bytes) -> DirectoryEntry:
    (_tag, name), (_list, attributes) = list(ber.values(content))[:2]
    found: DirectoryEntry = {"dn": [name]}
    for _one, held in ber.values(attributes):
        (_kind, key), (_set, given) = list(ber.values(held))[:2]
        found.setdefault(key.decode("utf-8", "replace"), []).extend(
            one for _octets, one in ber.values(given)
        )
    return found


def _cookie(controls: bytes) -> bytes:
    for _tag, control in ber.values(controls):
        parts = list(ber.values(control))
        if parts and parts[0][1] == _PAGED.encode():
            (_sequence, inside), *_others = ber.values(parts[-1][1])
            return list(ber.values(inside))[1][1]
    return b""
