"""Child processes of the same program, for work that would hold the window or one processor.

A child is a module of ours run by the same Python. It dies when the pipe to it closes, so that a
killed parent leaves nobody behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Generic, TypeVar

import crm_desktop
from crm_desktop.services.os_integration.memory import APART_IN_CHILDREN

T = TypeVar("T")
_LENGTH = 8  # bytes that tell how long an answer is
_ROOT = Path(crm_desktop.__file__).resolve().parents[1]


def module_command(module: str) -> list[str]:
    """What runs a module of the program. `-P`: nothing that lies in the folder we were started in,
    beside a base that somebody opened, takes the place of a module."""
    return [sys.executable, "-P", "-X", "utf8", "-m", module]


def child_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child: ours, with what lets it find the program and the base."""
    known = os.environ.get("PYTHONPATH", "")
    paths = [str(_ROOT), *filter(None, known.split(os.pathsep))]
    return {
        **APART_IN_CHILDREN,
        **os.environ,
        **(more or {}),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "PYTHONIOENCODING": "utf-8",
    }


def start_module(
    module: str, *, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Starts a module with pipes to its standard input and output."""
    quiet = int(getattr(subprocess, "CREATE_NO_WINDOW", 0))  # Windows would open a console
    return subprocess.Popen(
        module_command(module), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=child_environment(environment), creationflags=quiet,
    )  # fmt: skip


def start_thread(name: str, work: Callable[[], None]) -> threading.Thread:
    """A thread of ours for what goes on beside the window; it ends with the program."""
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


def watch_lines(pipe: IO[bytes], *, at_end: Callable[[], None]) -> SimpleQueue[str]:
    """In a child: listens to its parent in a thread; the lines as they come. `at_end`: the parent
    is gone."""
    lines: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in pipe:
            lines.put(line.decode("utf-8", "replace").strip())
        at_end()

    threading.Thread(target=listen, name="parent", daemon=True).start()
    return lines


class Answers(Generic[T]):
    """What a child writes by `write_answer`, taken in by a thread as it comes: the child has one
    answer ready and works on the next while we are busy with the one before.

    `read` makes something of an answer, in the thread, while we may be waiting for the base; it
    gets no bytes when the child has ended.
    """

    def __init__(self, pipe: IO[bytes], read: Callable[[bytes], T]) -> None:
        self._pipe = pipe
        self._read = read
        self._ready: SimpleQueue[Callable[[], T]] = SimpleQueue()
        self._room = threading.Semaphore(1)  # one answer read ahead: each may take much memory
        self._closed = threading.Event()
        threading.Thread(target=self._listen, name="answers", daemon=True).start()

    def next(self) -> T:
        """What was made of the next answer; what `read` has raised."""
        taken = self._ready.get()
        self._room.release()
        return taken()

    def close(self) -> None:
        """Takes nothing more in; the child has been ended."""
        self._closed.set()
        self._room.release()

    def _listen(self) -> None:
        answer = b"more"
        while answer and not self._closed.is_set():
            try:
                length = int.from_bytes(self._pipe.read(_LENGTH), "big")
                answer = self._pipe.read(length)
            except (OSError, ValueError):  # closed at this moment
                return
            if len(answer) < length:  # the child was ended in the middle of it
                answer = b""
            self._room.acquire()
            if not self._closed.is_set():
                self._ready.put(_called(self._read, answer))


def _called(read: Callable[[bytes], T], answer: bytes) -> Callable[[], T]:
    """Calls it; gives what hands the result out, or raises what it has raised."""
    made: Future[T] = Future()
    try:
        made.set_result(read(answer))
    except BaseException as error:  # noqa: BLE001 - handed on, nothing is hidden
        made.set_exception(error)
    return made.result


def write_answer(pipe: IO[bytes], answer: bytes) -> None:
    """In a child: one answer, behind its length."""
    pipe.write(len(answer).to_bytes(_LENGTH, "big"))
    pipe.write(answer)
    pipe.flush()


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a child that is no longer needed; does nothing to one that has ended."""
    if process.poll() is None:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # what it was told last, and never read
                pipe.close()
    process.wait()
