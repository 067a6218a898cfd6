"""The tab of the audit: who signed in, looked, exported, printed, changed many or rights."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.words import TITLES, detail, said
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.audit.service import Entry, Wanted
    from crm_desktop.services.workspace import Workspace

MOST = 500
MOST_EXPORTED = 200_000
_KEPT = (30, 90, 180, audit.DAYS, 1100, 3650)


class AuditTab(QWidget):
    """The latest rows; the administrator alone reads them."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.entries: list[Entry] = []
        self.total = 0
        self.what, self.person = ComboBox(name=_("What")), ComboBox(name=_("Person"))
        self.object, self.days = ComboBox(name=_("Object")), ComboBox(name=_("Days"))
        self.kept = ComboBox(name=_("Kept for"))
        self.export = Button("", "export")
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Audit"), least=240, wide=5, going=(2,))
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self._said, self._whole = Label("", "small", "text2"), Label("", "body", "text2", wrap=True)
        self._lay_out()
        for box in self._filters():
            box.activated.connect(lambda _place: self.read())
        self.kept.activated.connect(lambda _place: self._keep())
        self.export.clicked.connect(self._ask_export)
        self.table.current_row_changed.connect(lambda _place: self._say_whole())
        self.table.row_opened.connect(self.open_row)

    def _filters(self) -> tuple[ComboBox, ...]:
        return self.days, self.person, self.what, self.object

    def _lay_out(self) -> None:
        filters = row(*self._filters(), None, self.export, gap=8)
        for box in (*self._filters(), self.kept):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        below = row(self._whole, self._said, self.kept, gap=12)
        below.setStretch(0, 1)
        layout = column(filters, self.table, below, gap=10, margins=(24, 16, 24, 20))
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def say_texts(self) -> None:
        """In the language of now."""
        kinds = [(_("Every act"), ""), *((_(title), key) for key, title in TITLES.items())]
        self.what.set_choices(kinds, self.what.value() or "")
        spans: list[tuple[str, object]] = [
            (_("All days"), 0), (_("Today"), 1), (_("7 days"), 7), (_("30 days"), 30),
            (_("90 days"), 90),
        ]  # fmt: skip
        self.days.set_choices(spans, self.days.value() or 0)
        self.export.setText(_("Export…"))
        base = self._session.workspace
        objects = [(_(one.plural), one.key) for one in base.catalogue] if base else []
        self.object.set_choices([(_("Every object"), ""), *objects], self.object.value() or "")
        self._say()

    def wanted(self) -> Wanted:
        """What the boxes narrow it to."""
        base, days = self._session.base, self.days.value()
        since = None
        if isinstance(days, int) and days:
            first = base.clock.today() - timedelta(days=days - 1)
            since = datetime.combine(first, time(), base.clock.local().tzinfo)
        what, person, entity = (
            str(one.value() or "") for one in (self.what, self.person, self.object)
        )
        return audit.Wanted(what=what, login=person, entity=entity, since=since)

    def read(self) -> None:
        """Asks the base."""
        base = self._session.workspace
        if base is None or not base.administers or not base.login:
            return
        wanted = self.wanted()

        def work(_job: Any) -> tuple[list[Entry], int, list[tuple[str, str]], int]:
            return (
                audit.last(base, MOST, wanted), audit.counted(base, wanted), audit.people(base),
                audit.days_kept(base),
            )  # fmt: skip

        self._session.operations.query(("audit", id(self)), work, owner=self, done=self._show)

    def _show(self, found: tuple[list[Entry], int, list[tuple[str, str]], int]) -> None:
        self.entries, self.total, people, kept = found
        choices: list[tuple[str, object]] = [(_("Everybody"), "")]
        choices += [(name, login) for login, name in people]
        self.person.set_choices(choices, self.person.value() or "")
        spans = sorted({*_KEPT, kept})
        self.kept.set_choices([(_("Kept for {days} days").format(days=n), n) for n in spans], kept)
        self._say()

    def shown(self) -> list[Entry]:
        """The rows in the table."""
        return self.entries

    def open_row(self, place: int, new_tab: bool = False) -> None:
        """Opens the record that a row is about."""
        ref = self.entries[place].ref if 0 <= place < len(self.entries) else None
        if ref is not None:
            self._navigator.open_record(ref, new_tab)

    def _say(self) -> None:
        base = self._session.workspace
        if base is None:
            return
        zone = base.clock.local().tzinfo
        rows = [
            Row(place, (
                Cell(format_datetime(one.made_at.astimezone(zone), i18n.language()), "date"),
                Cell(one.login, "title"), Cell(one.machine, "muted"), Cell(said(one.what), "text"),
                Cell("" if one.amount is None else str(one.amount), "number"),
                Cell(detail(base, one), "text"),
            ))
            for place, one in enumerate(self.entries)
        ]  # fmt: skip
        self.model.open(_columns(), len(rows), rows)
        self.table.fit()
        told = _("The latest {count} of {total}")
        self._said.setText(told.format(count=len(rows), total=max(self.total, len(rows))))
        self._say_whole()

    def _say_whole(self) -> None:
        place, base = self.table.current_row, self._session.workspace
        there = base is not None and 0 <= place < len(self.entries)
        self._whole.setText(detail(base, self.entries[place]) if there and base else "")

    # --- what the administrator does with it ------------------------------------------------------

    def _keep(self) -> None:
        base, days = self._session.base, self.kept.value()

        def done(_nothing: object) -> None:
            self.read()

        if isinstance(days, int):
            self._session.operations.run(
                lambda _job: audit.keep_for(base, days),
                owner=self,
                done=done,
                failed=self._navigator.refuse,
            )

    def _ask_export(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Export"), f"{_('Audit')}.xlsx",
            f"{_('Excel workbook (*.xlsx)')};;{_('Text with separators (*.csv)')}",
        )  # fmt: skip
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Writes the rows that the boxes narrow it to, as they read here."""
        base, wanted = self._session.base, self.wanted()

        def done(count: int) -> None:
            told = _("{count} rows of the audit written to {name}")
            self._navigator.toast(told.format(count=count, name=path.name))
            self.read()

        self._session.operations.query(
            ("audit", "file"), lambda _job: _write(base, wanted, path), owner=self, done=done,
            failed=self._navigator.refuse,
        )  # fmt: skip


def _write(base: Workspace, wanted: Wanted, path: Path) -> int:
    """In the worker."""
    from crm_desktop.services.audit.export import export_audit

    return export_audit(base, wanted, path, MOST_EXPORTED)


def _columns() -> tuple[Column, ...]:
    return (
        Column("at", _("When"), 160, sortable=False),
        Column("login", _("Login"), 130, sortable=False),
        Column("machine", _("Computer"), 110, sortable=False),
        Column("what", _("What"), 236, sortable=False),
        Column("amount", _("Records"), 80, right=True, sortable=False),
        Column("detail", _("Detail"), 220, sortable=False),
    )
