"""The only place that asks the person something in a box, tells of an error, reports a crash.

A box is modal only when something cannot be undone and touches much; its button is the verb, its
default is the safe answer. Everything else is a toast or a strip on the page.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    QUrl,
    Signal,
    Slot,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtGui import QDesktopServices, QFont, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop import __version__
from crm_desktop.errors import Cancelled
from crm_desktop.i18n import _
from crm_desktop.log import masked
from crm_desktop.services.clock import Clock
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.inputs import TextEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

_log = logging.getLogger(__name__)
_MOST_REPORTS = 30
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Verb:
    """An answer: its key, the verb on the button, and whether it destroys something."""

    key: str
    text: str
    danger: bool = False
    primary: bool = False


def ask(parent: QWidget, title: str, text: str, verbs: tuple[Verb, ...], *, keep: str = "") -> str:
    """Asks and waits. The key of the chosen verb; empty when the person leaves all as it is.

    `keep` is the word of the safe answer, which is the default and what Esc means.
    """
    box = question(parent, title, text, verbs, keep=keep)
    number = box.exec()
    box.deleteLater()
    return verbs[number - 1].key if 0 < number <= len(verbs) else ""


def question(
    parent: QWidget, title: str, text: str, verbs: tuple[Verb, ...], *, keep: str = ""
) -> Dialog:
    """The box of `ask`, for whoever does not want to wait: `open` it and listen to `finished`.

    `finished` gives 0 for the safe answer and 1, 2 ... for the verbs.
    """
    body = Label(text, "body", "text2", wrap=True, selectable=True)
    box = Dialog(title, body, parent)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    safe = box.add_button(keep or _("Cancel"), result=0)
    for number, verb in enumerate(verbs, start=1):
        kind = "danger" if verb.danger else "primary" if verb.primary else "plain"
        box.add_button(verb.text, kind=kind, result=number)
    safe.setDefault(True)
    safe.setFocus(Qt.FocusReason.OtherFocusReason)
    return box


def confirm(parent: QWidget, title: str, text: str, verb: str, *, danger: bool = True) -> bool:
    """Asks whether to go on; the safe answer is the default."""
    return bool(ask(parent, title, text, (Verb("yes", verb, danger, not danger),)))


def tell(parent: QWidget, title: str, text: str) -> Dialog:
    """Shows a sentence that must be seen, and does not wait: for errors that stop the way."""
    box = Dialog(title, Label(text, "body", "text2", wrap=True, selectable=True), parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    done = box.add_button(_("Close"), kind="primary", result=0)
    done.setDefault(True)
    done.setFocus(Qt.FocusReason.OtherFocusReason)
    box.open()
    return box


class CrashReporter(QObject):
    """Turns a bug into a file and a box: what happened, where the report is, how to pass it on."""

    reported = Signal(object)
    """The path of the report, or None if it could not be written."""
    _caught = Signal(str, object)

    def __init__(self, folder: Path, clock: Clock, parent: QObject | None = None) -> None:
        """`folder` is where reports are kept; the newest thirty stay."""
        super().__init__(parent)
        self._folder, self._clock = folder, clock
        self._open: Dialog | None = None
        self._native: TextIO | None = None
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def report(self, title: str, error: BaseException) -> None:
        """Reports a bug; from any thread. `title` says what was being done, if it is known."""
        self._caught.emit(title, error)

    @Slot(str, object)
    def _show(self, title: str, error: BaseException) -> None:
        text = report_text(title, error, self._clock)
        path = self._save(text)
        self.reported.emit(path)
        if self._open is None:
            self._open = crash_box(_window(), text, path)
            self._open.finished.connect(self._closed)
            self._open.open()

    @Slot()
    def _closed(self) -> None:
        if self._open is not None:
            self._open.deleteLater()
            self._open = None

    def _save(self, text: str) -> Path | None:
        name = self._clock.now().strftime("crash-%Y%m%d-%H%M%S-%f.txt")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / name
            path.write_text(text, encoding="utf-8")
            for old in sorted(self._folder.glob("crash-*.txt"))[:-_MOST_REPORTS]:
                old.unlink()
        except OSError:
            _log.exception("The crash report could not be written")
            return None
        return path

    def catch_everything(self) -> None:
        """Catches what nobody caught: in slots and paint events, in threads, in Qt itself."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook
        qInstallMessageHandler(_log_qt)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._native = (self._folder / "native.log").open("a", encoding="utf-8")
            faulthandler.enable(self._native)
        except OSError:
            _log.exception("Native crashes are not recorded")

    def let_go(self) -> None:
        """Gives the hooks back; for tests and for the end of the program."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        if self._native is not None:
            faulthandler.disable()
            self._native.close()
            self._native = None

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        if isinstance(error, Cancelled):
            return
        _log.error("Nobody caught this", exc_info=(kind, error, trace))
        self.report("", error)

    def _thread_hook(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self._hook(caught.exc_type, caught.exc_value, caught.exc_traceback)


def install_crash_handler(folder: Path, parent: QObject | None = None) -> CrashReporter:
    """Makes a reporter that keeps its reports in `folder` and catches everything."""
    reporter = CrashReporter(folder, Clock(), parent)
    reporter.catch_everything()
    return reporter


def report_text(title: str, error: BaseException, clock: Clock) -> str:
    """The report: moment, versions, what was being done, the traceback; without passwords."""
    import platform  # not at the start of the program: it is needed for bugs only

    lines = "".join(traceback.format_exception(error))
    head = (
        f"CRM Desktop {__version__}, {clock.now().isoformat()}\n"
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}\n"
    )
    return masked(f"{head}{title}\n\n{lines}" if title else f"{head}\n{lines}")


def _window() -> QWidget | None:
    active = QApplication.activeWindow()
    tops = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    return active or (tops[0] if tops else None)


def crash_box(parent: QWidget | None, text: str, path: Path | None) -> Dialog:
    """The box that tells of a bug; `path` is where the report was saved, if it was."""
    told = Label(
        _(
            "The program has made a mistake. What was saved before is safe; what you did last may "
            "not have been done. You can go on working."
        ),
        "body", "text2", wrap=True,
    )  # fmt: skip
    passed = Label(
        _("Nothing is sent anywhere. To get help, pass on the report: {path}").format(path=path)
        if path
        else _("The report could not be saved. Copy the details and pass them on to get help."),
        "small", "text3", wrap=True, selectable=True,
    )  # fmt: skip
    details = TextEdit(text, name=_("Details of the mistake"), lines=9, most=9)
    details.edit.setFont(_fixed_font())
    details.set_read_only(True)
    body = QWidget()
    body.setLayout(column(told, details, passed, gap=10))
    box = Dialog(_("Something went wrong"), body, parent)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    box.setMinimumWidth(px(560))
    copy = Button(_("Copy details"), "copy", "ghost")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
    box.add_left(copy)
    if path is not None:
        show = Button(_("Open the folder"), "folder-open", "ghost")
        show.clicked.connect(_opener(path.parent))
        box.add_left(show)
    close = box.add_button(_("Go on"), kind="primary", result=0)
    close.setDefault(True)
    close.setFocus(Qt.FocusReason.OtherFocusReason)
    return box


def _opener(folder: Path) -> Callable[[], None]:
    def open_folder() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    return open_folder


def _fixed_font() -> QFont:
    from PySide6.QtGui import QFontDatabase

    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    fixed.setPointSizeF(8.5)
    return fixed


def _log_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    _log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
