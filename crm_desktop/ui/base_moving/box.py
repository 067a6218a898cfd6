"""Where the open base is to be moved, how far it is, and how one gets in there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLayout, QLineEdit, QWidget

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.traits import FileContent
from crm_desktop.models.text.numbers import format_number
from crm_desktop.settings import MOVES_UNDER_WAY
from crm_desktop.ui.operations import Job, Progress
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import ProgressBar, StripMessage

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.services.maintenance.moving import MoveReport

OWNER = "SYSDBA"
"""Who may make bases on a server that was just installed."""


class Moved(NamedTuple):
    """What is there now, and how the base is opened there."""

    rows: int
    checksum: str
    counts: tuple[tuple[str, int], ...]
    """What it is called, and how many."""
    address: str
    login: str = ""
    password: str = ""
    """The first one, told once; '' where the account was there before."""


class MoveBox(Dialog):
    """Asks for the place, shows the work, and offers to open what was made."""

    def __init__(self, session: Session, person: str, parent: QWidget) -> None:
        """`person`: who works here, proposed as the one who administers."""
        self.to_server = not session.base.login
        title = _("Move the base to a server") if self.to_server else _("Move the base into a file")
        body = QWidget()
        super().__init__(title, body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session = session
        self._job: Job | None = None
        self.moved: Moved | None = None
        self._fields = self._server_fields(person) if self.to_server else self._file_field()
        self._explained = self._explanation()
        self.trouble = StripMessage("", tone="bad")
        self.bar = ProgressBar(name=_("Progress"))
        self.said = Label("", "body", "text2", wrap=True, selectable=True)
        for part in (self.trouble, self.bar, self.said):
            part.hide()
        body.setLayout(column(self._explained, self.trouble, self._fields, self.bar, self.said,
                              gap=12))  # fmt: skip
        self._recall()
        body.setMinimumWidth(px(460))
        self.leave = self.add_button(_("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.go = self.add_button(_("Move"), kind="primary")
        self.go.clicked.connect(self.submit)

    @staticmethod
    def _explanation() -> Label:
        return Label(
            _("Every row is compared at the end; the base here stays as it is. Meanwhile it can be "
              "read, and what you save waits. If it is broken off, the same move goes on later."),
            "small", "text2", wrap=True,
        )  # fmt: skip

    def _server_fields(self, person: str) -> QWidget:
        self.place, self.user = LineEdit(name=_("Address of the base")), LineEdit(name=_("User"))
        self.password, self.person = (
            LineEdit(name=_("Password")),
            LineEdit(name=_("Administers the base")),
        )
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.user.setText(OWNER)
        self.person.setText(person)
        self.place.setPlaceholderText(_("server:3050/name or path"))
        self.boxes = {
            "address": FieldBox(_("Address of the base"), self.place,
                                hint=_("The path of a new file on the server, or an alias")),
            "user": FieldBox(_("Signs in there as"), self.user,
                             hint=_("Somebody who may make bases and accounts")),
            "password": FieldBox(_("Password"), self.password),
            "administrator": FieldBox(_("Administers the base"), self.person),
        }  # fmt: skip
        names = row(self.boxes["user"], self.boxes["password"], gap=12)
        for place in (0, 1):
            names.setStretch(place, 1)
            names.setAlignment((self.boxes["user"], self.boxes["password"])[place],
                               Qt.AlignmentFlag.AlignTop)  # fmt: skip
        return _holding(self.boxes["address"], names, self.boxes["administrator"])

    def _file_field(self) -> QWidget:
        self.file = LineEdit(name=_("File"))
        self.boxes = {"file": FieldBox(_("File"), self.file)}
        choose = Button(_("Choose a file…"), "folder-open")
        choose.clicked.connect(self.choose_file)
        return _holding(self.boxes["file"], row(choose, None))

    def choose_file(self) -> QFileDialog:
        """Opens the box in which the new file is named."""
        kind = _("Bases (*{ending})").format(ending=".crm")
        box = QFileDialog(self, self.title.text(), self._session.base.backend.title + ".crm", kind)
        box.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        box.setDefaultSuffix("crm")
        box.fileSelected.connect(self.file.setText)
        box.finished.connect(box.deleteLater)
        box.open()
        return box

    # --- the move ---------------------------------------------------------------------------------

    def submit(self) -> None:
        """Begins, or opens what was made."""
        if self.moved is not None:
            self.accept()
            self._session.open(self.moved.address)
            return
        self._say("", "")
        missing = self._missing()
        if missing:
            self._say(missing, _("Fill this in"))
            return
        base, target = self._session.base, self._target()
        person = self.person.text().strip() if self.to_server else ""

        def work(job: Job) -> Moved:
            from crm_desktop.services.maintenance.moving import move_open

            done = move_open(base.backend, target, progress=job.progress, check=job.check)
            moved = _counted(base.catalogue, done, target)
            return _made_ready(moved, person) if person else moved

        self._remember(is_done=False)
        self._set_busy(True)
        self._job = self._session.operations.run(
            work, owner=self, done=self._done, failed=self._refuse, progress=self._show,
            title=self.title.text(),
        )  # fmt: skip
        self._job.after_cancel(self._stopped)

    def _typed(self) -> dict[str, LineEdit]:
        """What is kept of a move that is not done; never the password."""
        if not self.to_server:
            return {"file": self.file}
        return {"address": self.place, "user": self.user, "administrator": self.person}

    def _recall(self) -> None:
        known = self._session.settings.get(MOVES_UNDER_WAY).get(self._session.address)
        if not isinstance(known, dict):
            return
        for key, editor in self._typed().items():
            editor.setText(str(known.get(key) or editor.text()))
        self.said.setText(_("A move there was broken off. It goes on from what is there already."))
        self.said.show()

    def _remember(self, *, is_done: bool) -> None:
        typed = {key: editor.text().strip() for key, editor in self._typed().items()}
        kept = None if is_done else typed
        self._session.settings.put_entry(MOVES_UNDER_WAY, self._session.address, kept)

    def _missing(self) -> str:
        if not self.to_server:
            return "" if self.file.text().strip() else "file"
        typed = {"address": self.place, "user": self.user, "password": self.password,
                 "administrator": self.person}  # fmt: skip
        return next((key for key, editor in typed.items() if not editor.text().strip()), "")

    def _target(self) -> str:
        if not self.to_server:
            return str(Path(self.file.text().strip()).absolute())
        place = self.place.text().strip()
        place = place.partition("://")[2].rpartition("@")[2] or place
        names = (quote(editor.text(), safe="") for editor in (self.user, self.password))
        return f"firebird+fdb://{':'.join(names)}@{place}"

    def _show(self, progress: Progress) -> None:
        self.bar.set_progress(progress.done, progress.total)
        text = _("{done} of {whole} rows")
        done, whole = (
            format_number(n, 0, i18n.language()) for n in (progress.done, progress.total)
        )
        self.said.setText(text.format(done=done, whole=whole))

    def _done(self, moved: Moved) -> None:
        self.moved = moved
        self._remember(is_done=True)
        self._set_busy(False)
        self.bar.hide()
        self._fields.hide()
        self._explained.hide()
        count = _number(moved.rows)
        lines = [
            ngettext("{count} row was moved and compared.", "{count} rows were moved and compared.",
                     moved.rows).format(count=count)
        ]  # fmt: skip
        lines.append(", ".join(f"{name}: {_number(some)}" for name, some in moved.counts))
        lines.append(_("Checksum here and there: {sum}").format(sum=moved.checksum))
        if moved.password:
            told = _("Sign in there as {login} with the password {password}: it is shown only now, "
                     "and you choose your own at once.")  # fmt: skip
            lines.append(told.format(login=moved.login, password=moved.password))
        self.said.setText("\n".join(lines))
        self.leave.setText(_("Close"))
        self.go.setText(_("Open it there"))
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()

    def _stopped(self) -> None:
        self._set_busy(False)
        self.bar.hide()
        self.said.setText(_("Stopped. What is there already stays; the same move goes on from it."))

    def _refuse(self, error: UserError) -> None:
        self._set_busy(False)
        self.bar.hide()
        self.said.hide()
        self._say(
            {"name": "administrator"}.get(error.field or "", error.field or ""), error.message
        )

    def _say(self, field: str, sentence: str) -> None:
        for key, box in self.boxes.items():
            box.set_error(sentence if key == field else "")
        elsewhere = bool(sentence) and field not in self.boxes
        self.trouble.set_text(sentence if elsewhere else "")
        self.trouble.setVisible(elsewhere)
        self._fit()

    def _fit(self) -> None:
        """As high as what is shown now."""
        for widget in (self._fields, self.body, self):
            layout = widget.layout()
            if layout is not None:
                layout.invalidate()
                layout.activate()
        self.adjustSize()

    def _set_busy(self, busy: bool) -> None:
        self._fields.setEnabled(not busy)
        self.go.setEnabled(not busy)
        self.bar.setVisible(busy)
        self.said.setVisible(True)
        self.leave.setText(_("Stop") if busy else _("Cancel"))
        if busy:
            self.bar.set_progress(0, 0)
            self.said.setText(_("Looking at the place…"))
        else:
            self._job = None
        self._fit()

    def reject(self) -> None:
        """Stops the move; leaves when there is none."""
        if self._job is not None:
            self._job.cancel()
            return
        super().reject()


def _number(count: int) -> str:
    return format_number(count, 0, i18n.language())


def _holding(*parts: QWidget | QLayout) -> QWidget:
    holder = QWidget()
    holder.setLayout(column(*parts, gap=12))
    return holder


def _counted(catalogue: Catalogue, report: MoveReport, address: str) -> Moved:
    """What was moved, as people call it; in the worker."""
    told = [e for e in catalogue if e.navigation or e.trait(FileContent) is not None]
    found = [(_(entity.plural), report.rows[entity.table_name]) for entity in told]
    found.append((_("Changes"), report.rows["change_row"]))
    return Moved(
        sum(report.rows.values()), report.checksum, tuple(one for one in found if one[1]), address
    )


def _made_ready(moved: Moved, person: str) -> Moved:
    """The base on the server gets its role and its administrator; in the worker."""
    from crm_desktop.services.server.init import Office, set_up

    done = set_up(moved.address, Office(person))
    address = done.connection.address(done.login, done.password)
    return moved._replace(address=address, login=done.login, password=done.password)
