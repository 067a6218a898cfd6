"""The page of the import wizard: leads from step to step and keeps what was chosen on the way."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QPushButton

from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.import_wizard.column_panel import ColumnPanel
from crm_desktop.ui.import_wizard.directory_asking import DirectoryAsking
from crm_desktop.ui.import_wizard.planning import ColumnPlan
from crm_desktop.ui.import_wizard.reading import OpenTable, open_table
from crm_desktop.ui.import_wizard.run_flow import RunFlow
from crm_desktop.ui.import_wizard.running import Wanted
from crm_desktop.ui.import_wizard.state import COLUMNS, FILE, RUN, SHEET, TRIAL, Preview, Reading
from crm_desktop.ui.import_wizard.view import ImportView
from crm_desktop.ui.import_wizard.word_asking import WordAsking
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.messages import Verb, ask
from crm_desktop.ui.navigation import PAGE, ImportSource, Navigator, Place
from crm_desktop.ui.operations import Job
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.popover import Popover

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ImportPage(Page):
    """One import, from the file to the summary."""

    def __init__(
        self, session: Session, navigator: Navigator, entity: str, source: ImportSource
    ) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._folder = Path(tempfile.mkdtemp(prefix="crm-import-"))
        self.entity = session.base.catalogue[entity]
        self.reading: Reading | None = None
        self.table: OpenTable | None = None
        self.preview: Preview | None = None
        self.plan: ColumnPlan | None = None
        self._planned: tuple[str, tuple[str, ...]] | None = None
        self._panel: Popover | None = None
        self.view = ImportView()
        self.directory = DirectoryAsking(session, self, self._folder)
        self.flow = RunFlow(session, navigator, self.view, folder=self._folder)
        self.words = WordAsking(session, self.view.trial)
        self.setLayout(column(self.view, gap=0))
        self._connect()
        keep_translated(self, self._say_texts)
        self._go(FILE)
        if source.path:
            QTimer.singleShot(0, self, lambda: self.open_file(str(source.path)))
        elif source.text:
            QTimer.singleShot(0, self, lambda: self.open_text(str(source.text)))

    def _connect(self) -> None:
        view = self.view
        view.next_asked.connect(self.go_on)
        view.back_asked.connect(self.go_back)
        view.close_asked.connect(self.ask_to_close)
        view.file.chosen.connect(self.open_file)
        view.file.pasted.connect(self.paste)
        view.file.directory_asked.connect(self.directory.ask)
        view.file.entity_changed.connect(self.choose_entity)
        view.sheet.changed.connect(lambda changes: self.read_otherwise(**changes))
        view.sheet.other_file.connect(view.file.ask_for_file)
        view.columns.column_asked.connect(self.ask_column)
        view.columns.wish_changed.connect(self._take_wish)
        view.columns.next_asked.connect(self.go_on)
        self.flow.state_changed.connect(self._say_next)
        self.flow.tried.connect(lambda outcome: self.plan and self.words.take(self.plan, outcome))
        self.words.changed.connect(self._say_next)
        self.flow.list_asked.connect(lambda: self._navigator.show_list(self.entity.key))
        for alike in (view.trial.like, view.run.like):
            alike.record_asked.connect(self._show_record)
            alike.all_asked.connect(self._show_duplicates)

    def _show_record(self, record: int) -> None:
        self._navigator.open_record(Ref(self.entity.key, record))

    def _show_duplicates(self, records: list[int]) -> None:
        self._navigator.open_duplicates(self.entity.key, records)

    def _say_texts(self) -> None:
        catalogue = self._session.base.catalogue
        entities: list[tuple[str, object]] = [
            (_(e.plural), e.key)
            for e in catalogue
            if e.navigation or e.independent or e is self.entity
        ]
        self.view.file.set_entities(entities, self.entity.key)
        self.view.file.set_recent(self._session.settings.get(s.RECENT_TABLES))
        if self.plan is not None:
            self.view.columns.show_plan(self.plan.shown())
            self.words.say()
        self._say_next()
        self.title_changed.emit()

    def _say_next(self) -> None:
        step, word, enabled = self.view.step, "", True
        subject = self.reading.path.name if self.reading is not None and step > FILE else ""
        if subject:
            subject = f"{subject}  →  {_(self.entity.plural)}"
        self.view.subject.setText(subject)
        if step == SHEET:
            enabled = self.preview is not None and bool(self.preview.names)
        elif step == COLUMNS:
            enabled = self.plan is not None and not self.plan.shown().problem
        elif step == TRIAL:
            word, enabled = self.flow.load_word(), self.flow.can_load()
        self.view.set_next(word, enabled=enabled)
        self.title_changed.emit()

    # --- from step to step ------------------------------------------------------------------------

    def _go(self, step: int) -> None:
        self.view.show_step(step)
        self._say_next()
        if self.isVisible():
            self.view.take_focus()

    def go_on(self) -> None:
        """To the next step, if this one is in order."""
        if not self.view.next.isEnabled() or not FILE < self.view.step < RUN:
            return
        if self.view.step == SHEET:
            if not self.view.sheet.flush():
                self._plan_columns()
        elif self.view.step == COLUMNS:
            self._go(TRIAL)
            self.flow.try_out(self._wanted())
        elif self.view.trial.is_stale:
            self.flow.try_out(self._wanted())
        else:
            self._remember_file()
            self._go(RUN)
            self.flow.run(self._wanted())

    def go_back(self) -> None:
        """To the step before; never out of an import that has begun."""
        if not FILE < self.view.step < RUN:
            return
        self.flow.forget_trial()
        self._go(self.view.step - 1)

    def _wanted(self) -> Wanted:
        assert self.table is not None and self.reading is not None and self.plan is not None
        return Wanted(self.table, self.reading, self.entity, self.plan.mapping)

    # --- the file ---------------------------------------------------------------------------------

    def choose_entity(self, key: str) -> None:
        """Records are brought into another object."""
        self.entity = self._session.base.catalogue[key]
        self._say_next()

    def paste(self) -> None:
        """Takes the table on the clipboard."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.open_text(text)
        else:
            self.view.file.show_error(
                _("There is no table on the clipboard. Copy cells of a sheet first.")
            )

    def open_text(self, text: str) -> None:
        """Takes the text of a table as if it were a file."""
        path = self._folder / _("Pasted table.tsv")
        path.write_text(text, encoding="utf-8")
        self._read(Reading(path, encoding="utf-8", delimiter="\t"))

    def open_file(self, path: str) -> None:
        """Reads a file and shows its head."""
        self._read(Reading(Path(path)))

    def open_people(self, path: str) -> None:
        """Reads people of a directory: they are the staff, whatever was chosen before."""
        staff = self._session.base.catalogue.staff().key
        if self.entity.key != staff:
            self.view.file.entity.set_value(staff)
            self.choose_entity(staff)
        self.open_file(path)

    def read_otherwise(self, **changes: Any) -> None:
        """Reads the same file in another way: another sheet, encoding, row of headings ..."""
        if self.reading is not None:
            self._read(replace(self.reading, **changes))

    def _read(self, reading: Reading) -> None:
        known = self.table
        is_new = self.reading is None or self.reading.path != reading.path
        self.reading = reading
        self.view.set_busy(True)

        def work(job: Job) -> tuple[OpenTable, Preview]:
            return open_table(known, reading, job)

        self._session.operations.query(
            ("import-read", id(self)), work, owner=self,
            done=lambda found: self._show(*found), failed=lambda e: self._refuse(e, is_new),
        )  # fmt: skip

    def _show(self, table: OpenTable, preview: Preview) -> None:
        self.view.set_busy(False)
        if table is not self.table:
            self._close_table()
        self.table, self.preview = table, preview
        self.view.file.show_error("")
        self.view.sheet.show_preview(preview)
        if self.view.step in (FILE, COLUMNS):
            self._go(SHEET)
        else:
            self._say_next()

    def _refuse(self, error: UserError, is_new: bool) -> None:
        self.view.set_busy(False)
        self.preview = None
        if is_new and self.view.step == FILE:
            self.reading = None
            self.view.file.show_error(error.message)
        else:
            self.view.sheet.show_error(error.message)
        self._say_next()

    def _close_table(self) -> None:
        """Gives the file back; a worker may be reading it still, so not from here."""
        table, self.table = self.table, None
        if table is not None:
            self._session.operations.query(
                ("import-close", id(table)), lambda _job: table.close(), owner=self._session,
                done=lambda _nothing: None,
            )  # fmt: skip

    def _remember_file(self) -> None:
        assert self.reading is not None
        path, settings = str(self.reading.path), self._session.settings
        if self.reading.path.parent != self._folder:
            others = [known for known in settings.get(s.RECENT_TABLES) if known != path]
            settings.put(s.RECENT_TABLES, [path, *others][: s.RECENT_LIMIT])

    # --- the columns ------------------------------------------------------------------------------

    def _plan_columns(self) -> None:
        """Suggests where the columns go, unless that was done for these columns already."""
        assert self.table is not None and self.reading is not None and self.preview is not None
        table, reading, preview = self.table, self.reading, self.preview
        base, entity = self._session.base, self.entity
        if self._planned == (entity.key, preview.names):
            assert self.plan is not None
            self.plan.preview = preview
            self._show_plan(anew=True)
            return

        def done(found: tuple[Any, bool]) -> None:
            mapping, learned = found
            self._planned = (entity.key, preview.names)
            self.plan = ColumnPlan(
                base.catalogue, entity, preview, mapping=mapping, learned=learned
            )
            self.view.set_busy(False)
            self._show_plan(anew=True)

        self.view.set_busy(True)
        self._session.operations.query(
            ("import-plan", id(self)), lambda _job: table.first_mapping(base, entity, reading),
            owner=self, done=done, failed=self._refuse_table,
        )  # fmt: skip

    def _refuse_table(self, error: UserError) -> None:
        self.view.set_busy(False)
        self.view.sheet.show_error(error.message)

    def _show_plan(self, *, anew: bool = False) -> None:
        assert self.plan is not None
        self.view.columns.show_plan(self.plan.shown(), anew=anew)
        if anew:
            self._go(COLUMNS)
        else:
            self._say_next()

    def _take_wish(self, changes: dict[str, Any]) -> None:
        if self.plan is not None:
            self.plan.set_wish(**changes)
            self._show_plan()

    def ask_column(self, line: int, rect: QRect) -> None:
        """Opens the choice of a field for a column."""
        if self.plan is None:
            return
        name = self.plan.preview.names[line]
        panel = ColumnPanel(name, self.plan.choices(), self.plan.options(name))
        anchor = self.view.columns.table.viewport()
        popover = Popover(panel, name=_("Field for a column"), parent=self.view)
        panel.picked.connect(lambda path: self._assign(name, path))
        panel.option_changed.connect(lambda changes: self._set_option(line, changes))
        popover.closed.connect(self._panel_closed)
        self._panel = popover
        popover.open_below(anchor, rect)

    def _panel_closed(self) -> None:
        self._panel = None

    def _assign(self, name: str, path: str) -> None:
        if self._panel is not None:
            self._panel.close_panel()
        if self.plan is not None:
            self.plan.assign(name, path)
            self._show_plan()

    def _set_option(self, line: int, changes: dict[str, Any]) -> None:
        if self.plan is None:
            return
        name = self.plan.preview.names[line]
        self.plan.set_option(name, **changes)
        self._show_plan()
        if {"split", "fields"} & set(changes) and self._panel is not None:
            self._panel.close_panel()
            QTimer.singleShot(0, self, lambda: self.view.columns.ask(line))

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Import into {objects}").format(objects=_(self.entity.plural))

    def icon(self) -> str:
        return "import"

    def place(self) -> Place:
        return Place(PAGE, self.entity.key, name="import")

    def is_changed(self) -> bool:
        return self.flow.is_busy

    def may_close(self) -> bool:
        if self.flow.is_busy:
            self.flow.ask_to_stop()
            return False
        if self.view.step in (FILE, SHEET) or self.view.step == RUN:
            return True
        verbs = (Verb("leave", _("Close the import")),)
        text = _("What you have chosen for the columns is not kept.")
        return bool(ask(self, _("Nothing has been brought in yet"), text, verbs,
                        keep=_("Go on")))  # fmt: skip

    def ask_to_close(self) -> None:
        """The person is done with it."""
        if self.may_close():
            self.closed.emit()

    def leave(self) -> None:
        self.flow.leave()
        self._session.operations.forget(("import-read", id(self)))
        self._close_table()
        shutil.rmtree(self._folder, ignore_errors=True)

    def take_focus(self) -> None:
        self.view.take_focus()

    def event(self, event: QEvent) -> bool:
        early = event.type() == QEvent.Type.ShortcutOverride and FILE < self.view.step < RUN
        if early and isinstance(event, QKeyEvent) and _is_back(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            focused = self.focusWidget()
            if isinstance(focused, QPushButton) and focused.hasFocus():
                focused.click()
            else:
                self.go_on()
        elif _is_back(event):
            self.go_back()
        elif event.key() == Qt.Key.Key_Escape:
            self.ask_to_close()
        else:
            super().keyPressEvent(event)


def _is_back(event: QKeyEvent) -> bool:
    alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
    return event.key() == Qt.Key.Key_Left and bool(alt)
