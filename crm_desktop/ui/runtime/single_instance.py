"""One running window a person: a second start hands its files over and ends; a command asks it.

Each line is JSON: a list of files to open, or an object that is answered with an object. The first
start listens on a local socket whose name comes from the person's settings folder, so
that two people, or a test, never meet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 300
_ANSWER_MS = 5000
_LONGEST = 1_000_000


def hand_over(name: str, files: Sequence[str]) -> bool:
    """Gives the files to the window that is running; False if none is."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(json.dumps(list(files)).encode() + b"\n")
    sent = socket.waitForBytesWritten(_WAIT_MS)
    socket.disconnectFromServer()
    return sent


def _is_heard(name: str) -> bool:
    """Whether a running window listens there."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    heard = socket.waitForConnected(_WAIT_MS)
    socket.abort()
    return heard


class InstanceClient:
    """Asks the window that is running; used by a process that has no event loop."""

    def __init__(self, name: str) -> None:
        self._socket = QLocalSocket()
        self._socket.connectToServer(name)
        self.connected = self._socket.waitForConnected(_WAIT_MS)

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The window's answer; empty if there is none in time."""
        self._socket.write(json.dumps(question).encode() + b"\n")
        while not self._socket.canReadLine():
            if not self._socket.waitForReadyRead(_ANSWER_MS):
                return {}
        answer = json.loads(bytes(self._socket.readLine().data()))
        return answer if isinstance(answer, dict) else {}

    def close(self) -> None:
        """The talk is over."""
        self._socket.disconnectFromServer()


def _no_answer(_question: dict[str, Any]) -> dict[str, Any]:
    return {}


class InstanceServer(QObject):
    """Hears of later starts."""

    called = Signal(object)
    """The file arguments of another start; none: the window is to come forward."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.answer: Callable[[dict[str, Any]], dict[str, Any]] = _no_answer
        """Gives the answer to a question of a command."""
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        if _is_heard(name):  # Qt would quietly take the socket away from the other window
            return
        if not self._server.listen(name):  # the socket of a copy that was killed
            QLocalServer.removeServer(name)
            self._server.listen(name)

    @property
    def listening(self) -> bool:
        """Whether later starts will be heard."""
        return self._server.isListening()

    def close(self) -> None:
        """Hears nothing any more."""
        self._server.close()

    def _connected(self) -> None:
        socket = self._server.nextPendingConnection()
        while socket is not None:
            socket.readyRead.connect(lambda s=socket: self._read(s))
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._read(socket)
            socket = self._server.nextPendingConnection()

    def _read(self, socket: QLocalSocket) -> None:
        while socket.canReadLine():
            self._take(socket, bytes(socket.readLine().data()))
        if socket.bytesAvailable() > _LONGEST:
            socket.abort()

    def _take(self, socket: QLocalSocket, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(message, dict):
            socket.write(json.dumps(self.answer(message)).encode() + b"\n")
        elif isinstance(message, list) and all(isinstance(one, str) for one in message):
            self.called.emit(message)
