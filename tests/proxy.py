"""A small TCP proxy before a server: lets through, cuts, falls silent as a pulled cable does, or is
slow as a line of the country.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue


class Proxy:
    """Listens on `port` of this machine and passes everything on to (host, port)."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._delay_s, self._bytes_s = 0.0, 0.0
        self.trips = 0
        """Questions that followed an answer: how often somebody waited for the line."""
        self._answered = True
        self._last = -1
        self._open = threading.Event()
        self._open.set()
        self._refusing = False
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def mute(self) -> None:
        """From now on nothing passes, and nobody is told."""
        self._open.clear()

    def mute_after(self, questions: int) -> None:
        """The same once so many more questions have passed: the last one gets no answer."""
        self._last = self.trips + questions

    def unmute(self) -> None:
        self._open.set()

    def slow(self, *, round_trip_s: float, bits_s: float) -> None:
        """From now on every new connection takes this time there and back, and no more bits."""
        self._delay_s, self._bytes_s = round_trip_s / 2, bits_s / 8

    def refuse(self) -> None:
        """From now on new connections are closed at once, as when the server is not there."""
        self._refusing = True

    def admit(self) -> None:
        self._refusing = False

    def cut(self) -> None:
        """Closes every connection that is there."""
        for end in self._sockets:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._sockets.clear()

    def close(self) -> None:
        self._listener.close()
        self.unmute()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                if self._refusing:
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                self._sockets += [near, far]
                for ends in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, asks: bool) -> None:
        send = _Slow(target, self._delay_s, self._bytes_s).send if self._delay_s else target.sendall
        with suppress(OSError):
            while piece := source.recv(65536):
                self._open.wait()
                self.trips += asks and self._answered
                self._answered = not asks
                if self.trips == self._last:
                    self._open.clear()
                send(piece)
        for end in (source, target):
            with suppress(OSError):
                end.close()


class _Slow:
    """Sends what it is given after the delay of the line, not more at once than it takes."""

    def __init__(self, target: socket.socket, delay_s: float, bytes_s: float) -> None:
        self._target, self._delay_s, self._bytes_s = target, delay_s, bytes_s
        self._free_at = 0.0
        self._pieces: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def send(self, piece: bytes) -> None:
        self._free_at = max(self._free_at, time.monotonic()) + len(piece) / self._bytes_s
        self._pieces.put((self._free_at + self._delay_s, piece))

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                due, piece = self._pieces.get()
                time.sleep(max(0.0, due - time.monotonic()))
                self._target.sendall(piece)


@contextmanager
def proxy(host: str, port: int) -> Iterator[Proxy]:
    """A proxy for the time of a block."""
    between = Proxy(host, port)
    try:
        yield between
    finally:
        between.close()
