"""Who tried a wrong password, and who got another one, by the trace of the server itself.

Firebird 3 refuses before anything of a base runs and writes no log of it. Its trace tells of every
question for somebody's verifier, and of every connection that came of one: what nothing came of
within a few seconds was refused. From which computer nobody is told: the question is the server's
own. Only the server's own user and its administrators may listen; an administrator of a base, who
makes accounts of the server, is one for the moment in which he begins.
"""

from __future__ import annotations

import ctypes
import re
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.firebird_accounts import above_bases
from crm_desktop.models.backend.firebird_connect import load_client, parse, services
from crm_desktop.models.backend.firebird_errors import not_opened

_TURN_S, _ANSWER = 1, 32_000
WAIT_S = 5.0
"""So long after the question a connection may still come of it."""
_SPECIAL = re.compile(r"([\[\]()|^\-+*%_?{}\\])")
_CONFIGURATION = """database = {security}
{{
 enabled = true
 log_statement_start = true
 time_threshold = 0
 include_filter = "(SELECT PLG$VERIFIER|UPDATE PLG$SRP)%"
}}
database
{{
 enabled = true
 log_connections = true
}}
services
{{
 enabled = true
 log_services = true
}}
"""
_ASKED = re.compile(r'^\s*param0 = varchar\(\d+\), "(.*)"\s*$')
_CHANGING = re.compile(r"\s*UPDATE PLG\$SRP_VIEW SET\b.*\bPLG\$VERIFIER\b", re.IGNORECASE)
_VALUE = re.compile(r'^\s*param(\d+) = varchar\(\d+\), "(.*)"\s*$')
_EVENT = re.compile(r"^\d{4}-\d\d-\d\dT\S+ \(\S+\) (.+?)\s*$")
_CAME = re.compile(r"ATTACH_DATABASE|CREATE_DATABASE|ATTACH_SERVICE|START_SERVICE")
_WHO = re.compile(r"\((?:ATT_\d+|Service 0x[0-9a-f]+), ([^:,]+)[:,]")


class Lookups:
    """What the lines of a trace mean: who was asked for, who came in, who got another password."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, deque[float]] = {}
        self._changed: dict[str, float] = {}
        self._event = ""
        self._values = 0
        self._lock = threading.Lock()

    def feed(self, line: str) -> None:
        """The next line."""
        if (event := _EVENT.match(line)) is not None:
            self._event, self._values = event[1], 0
            return
        with self._lock:
            if _CHANGING.match(line):
                self._values = line.count("?")
            elif self._values:  # of them the last one is the account, and none is asked for
                named = _VALUE.match(line)
                if named is not None and int(named[1]) == self._values - 1:
                    self._changed[named[2].strip().lower()] = self._clock()
            elif (asked := _ASKED.match(line)) is not None:
                self._asked.setdefault(asked[1].strip().lower(), deque()).append(self._clock())
            elif (
                "DETACH" not in self._event
                and _CAME.search(self._event)
                and (who := _WHO.search(line)) is not None
            ):
                self._came_in(who[1].strip().strip('"').lower())

    def _came_in(self, login: str) -> None:
        waiting = self._asked.get(login)
        if waiting:
            waiting.pop()

    def changed(self) -> list[str]:
        """Who got another password, in whatever base, since it was asked last; who got it just now
        is told of at the next time."""
        due = self._clock() - WAIT_S
        with self._lock:
            found = [login for login, at in self._changed.items() if at <= due]
            for login in found:
                del self._changed[login]
        return found

    def refused(self) -> Counter[str]:
        """How often whom nothing let in, since it was asked last; names in lower case."""
        due, found = self._clock() - WAIT_S, Counter[str]()
        with self._lock:
            for login, waiting in list(self._asked.items()):
                while waiting and waiting[0] <= due:
                    waiting.popleft()
                    found[login] += 1
                if not waiting:
                    del self._asked[login]
        return found


class Trace:
    """Listens until it is closed. `UserError`: the server does not let this account listen."""

    def __init__(self, address: str, backend: Backend | None = None) -> None:
        """`backend`: the open base, where an administrator of it listens."""
        self._fdb, self._place = load_client(), parse(address)
        self.lookups = Lookups()
        self._ended = False
        try:
            self._service, path = self._above(backend)
            told = _CONFIGURATION.format(security=_SPECIAL.sub(r"\\\1", path))
            self._number = self._service.trace_start(told, "crm-desktop sign-ins")
        except self._fdb.Error as error:
            raise not_opened(error, place=self._place.base, user=self._place.user) from error
        self._thread = threading.Thread(  # noqa: TID251 - waits on the server for as long as it runs
            target=self._listen, name="sign-ins", daemon=True
        )
        self._thread.start()

    def _above(self, backend: Backend | None) -> tuple[Any, str]:
        """A line that the server tells all, and where its accounts are."""
        try:
            return self._asked()
        except self._fdb.Error:
            if backend is None:
                raise
        with above_bases(backend):
            return self._asked()

    def _asked(self) -> tuple[Any, str]:
        service = services(self._fdb, self._place)
        try:
            return service, str(service.get_security_database_path()).strip()
        except self._fdb.Error:
            service.close()
            raise

    def _listen(self) -> None:
        with suppress(self._fdb.Error):  # the line is gone: whoever asks finds it ended
            begun, more = "", True
            while more:
                text, more = self._heard()
                *lines, begun = f"{begun}{text}".split("\n")
                for line in lines:
                    self.lookups.feed(line)
        self._ended = True

    def _heard(self) -> tuple[str, bool]:
        """What the server has told since, and whether it goes on.

        The driver's own reading waits until 64 KB are full: a quiet server would tell tomorrow.
        The answer is the kind, the length in two bytes, the text, and why it stops there.
        """
        fdb, ibase = self._fdb, self._fdb.ibase
        wait = struct.pack("<BHIB", ibase.isc_info_svc_timeout, 4, _TURN_S, ibase.isc_info_end)
        asked, answer = bytes([ibase.isc_info_svc_to_eof]), ctypes.create_string_buffer(_ANSWER)
        service = self._service
        fdb.services.api.isc_service_query(
            service._isc_status, service._svc_handle, None, len(wait), wait, len(asked), asked,
            len(answer), answer,
        )  # fmt: skip
        if fdb.db_api_error(service._isc_status):
            raise fdb.exception_from_status(fdb.DatabaseError, service._isc_status, "trace:")
        (size,) = struct.unpack_from("<H", answer.raw, 1)
        text = answer.raw[3 : 3 + size].decode("utf-8", "replace")
        return text, answer.raw[3 + size] != ibase.isc_info_end

    @property
    def holds(self) -> bool:
        """Whether the server still tells."""
        return not self._ended

    def close(self) -> None:
        """Ends it at the server, too."""
        with suppress(self._fdb.Error):
            beside: Any = services(self._fdb, self._place)
            try:
                beside.trace_stop(self._number)
            finally:
                beside.close()
        self._thread.join(WAIT_S)
