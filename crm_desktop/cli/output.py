"""Standard output of a command: its answer and nothing else; what is done if nobody takes it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path

from crm_desktop.cli.answer import REFUSED
from crm_desktop.i18n import _

_GONE = (errno.EPIPE, errno.EINVAL) if sys.platform == "win32" else (errno.EPIPE,)
"""What the system says of a pipe whose reader has ended."""


class Output:
    """Standard output and error of one command; of those that are closed nothing is written."""

    def __init__(self) -> None:
        self.is_closed = sys.stdout is None
        self._is_heard = sys.stderr is not None
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:  # else the next file would be opened in its place
                setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115

    @contextmanager
    def kept_free(self) -> Iterator[None]:
        """What libraries print meanwhile goes to standard error."""
        with redirect_stdout(sys.stderr):
            yield

    def deliver(self, code: int, answer: Callable[[], None]) -> int:
        """The exit status once `answer` has written to standard output.

        `code` where it could, or where its reader had read enough: the command has done what it
        has done. REFUSED with a sentence where the answer is lost: a closed output, a full disk.
        """
        try:
            answer()
            sys.stdout.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return code if error.errno in _GONE else self._lost(code, error)
        return self._lost(code, None) if self.is_closed else code

    def _lost(self, code: int, error: OSError | None) -> int:
        """Without a console at all, as services run, there is nobody to be told."""
        if not self._is_heard:
            return code
        why = _("it is closed") if error is None else error.strerror or str(error)
        if error is not None and error.errno == errno.ENOSPC:
            why = _("there is no room left on the disk")
        said = _("The answer could not be written to standard output: {why}. What the command "
                 "changed stays changed.")  # fmt: skip
        complain(said.format(why=why))
        return REFUSED


def complain(sentence: str) -> None:
    """A sentence, or how far a long command is, on standard error, if anybody reads it."""
    with suppress(OSError):
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
