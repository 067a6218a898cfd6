"""What is done with rows: opened, copied, pasted, exported; and the menus that offer it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QShortcut
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Activities, Scheduled
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.rights import words
from crm_desktop.ui.actions import bilingual
from crm_desktop.ui.icons import icon
from crm_desktop.ui.itemmodels.cells import Row
from crm_desktop.ui.operations import Job, Progress
from crm_desktop.ui.record_list import clipboard
from crm_desktop.ui.record_list.cell_paste import CellPaste
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.inline import InlineEditing
from crm_desktop.ui.record_list.many import Ids, Many
from crm_desktop.ui.record_list.marking import Marking
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.source import ListSource
from crm_desktop.ui.record_list.stage_moves import StageMoves, has_stages
from crm_desktop.ui.refusals import activities_of, put_off
from crm_desktop.ui.repeating import repeating, template_of
from crm_desktop.ui.widgets.popover import Menu
from crm_desktop.ui.widgets.strips import ProgressStrip

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_MOST_COPIED = 100_000
_MOST_NAMED = 500
"""So many ticked records are exported alone; with more of them everything seen is."""
EXPORTS = ("xlsx", "csv", "json", "vcf", "ics")


class RowActions(QObject):
    """Actions on the rows of one list."""

    more_wanted = Signal(object, QWidget)
    """The menu of the list is made: others add their lines; and what it opens below."""

    def __init__(self, controller: ListController, many: Many) -> None:
        super().__init__(controller)
        self._c, self._many = controller, many
        self.marking, self.stages = Marking(controller, many), StageMoves(controller, many)
        self.inline = InlineEditing(controller, many.rights)
        self.cells = CellPaste(controller, self.inline)
        table, view = controller.view.table, controller.view
        table.row_opened.connect(self.open_row)
        table.menu_asked.connect(self._menu)
        table.copy_asked.connect(self.copy)
        table.delete_asked.connect(many.delete)
        table.edit_asked.connect(self.edit)
        table.range_wanted.connect(self._tick_range)
        table.typed_ahead.connect(self._typed_ahead)
        for keys in bilingual("Ctrl+V"):
            pasted = QShortcut(keys, table, context=Qt.ShortcutContext.WidgetShortcut)
            pasted.activated.connect(self.paste)
        view.filters.more_clicked.connect(self._more)
        view.import_clicked.connect(self.import_file)
        view.new_clicked.connect(self.new)
        for button in (view.import_button, view.new_button):
            controller.session.refusals.keep(button, words.CREATE, controller.key)

    # --- one row ----------------------------------------------------------------------------------

    def open_row(self, row: int, new_tab: bool = False) -> None:
        """Shows the full card."""
        record = self._c.view.model.id_of(row)
        if record is not None:
            self._c.navigator.open_record(Ref(self._c.key, record), new_tab)

    def new(self) -> None:
        """A new record; a typed text becomes its name."""
        text = self._c.state.query.text
        values = {self._c.entity.title_field: text} if text and not self._c.total else {}
        self._c.navigator.new_record(self._c.key, values)

    def import_file(self) -> None:
        """Opens the import wizard."""
        self._c.navigator.open_import(self._c.key)

    def edit(self) -> None:
        """F2: the cell of one record, a field of several."""
        ticked = self._c.view.model.ticks.count(self._c.total or 0)
        if ticked > 1:
            self._many.edit()
        elif not self._many.rights.stops(words.EDIT):
            self.inline.start()

    # --- ticks and keys ---------------------------------------------------------------------------

    def _tick_range(self, first: int, last: int) -> None:
        def work(job: Job, source: ListSource) -> Ids:
            return source.ids_between(job, first, last)

        self._c.ask("range", work, self._c.view.model.ticks.add)

    def _typed_ahead(self, column: int, letters: str) -> None:
        """To the next loaded row whose cell begins so; past those the base is asked."""
        model, table = self._c.view.model, self._c.view.table
        wanted = letters.casefold()
        start = max(0, table.current_row + (len(letters) == 1))
        for step in range(min(model.rowCount(), 5000)):
            row = (start + step) % max(1, model.rowCount())
            cell = model.cell(row, column)
            if cell is not None and cell.text.casefold().startswith(wanted):
                table.go_to(row)
                return
        choice = self._c.choice(self._c.path_at(column))
        if choice is not None and "starts" in choice.field.operators:
            path = choice.path

            def done(record: int | None) -> None:
                if record is not None:
                    self._c.pointer.go_to_record(record)

            self._c.ask("ahead", lambda job, s: s.first_beginning(job, path, letters), done)

    # --- copy and paste ---------------------------------------------------------------------------

    def copy(self) -> None:
        """The ticked rows, or the current one, as a table of text with headings."""
        columns = self._c.view.model.columns
        head = self._c.view.table.head
        order = [head.logicalIndex(place) for place in range(head.count())]
        headings = [columns[n].title for n in order]
        numbers = {n for n in order if columns[n].right}
        ticks = self._c.view.model.ticks
        wanted, everything, without = ticks.ids, ticks.everything, ticks.exceptions
        pointed = self._c.pointed()
        chosen = None if everything else wanted or ({pointed.id} if pointed else set())

        base, query = self._c.session.base, self._c.state.query
        if chosen is not None:
            query = query.narrowed(Condition("id", "in", tuple(sorted(chosen)[:_MOST_COPIED])))

        def work(job: Job, source: ListSource) -> tuple[str, int]:
            if base.login:
                from crm_desktop.services.rights import acts

                acts.copy(base, query, base.lists.open(query).count())
            rows = source.chosen_rows(job, chosen, without, most=_MOST_COPIED)
            texts = [_texts(row, order, numbers) for row in rows]
            return clipboard.to_tsv(headings, texts), len(texts)

        self._c.ask("copy", work, self._copied)

    def _copied(self, found: tuple[str, int]) -> None:
        text, count = found
        if not count:
            return
        QGuiApplication.clipboard().setText(text)
        said = ngettext("{count} row copied", "{count} rows copied", count)
        self._c.navigator.toast(said.format(count=count_text(count)), tone="info")

    def paste(self) -> None:
        """Into the cells while they are typed into; else a table goes to the import wizard."""
        if self.cells.on:
            self.cells.paste()
            return
        text = QGuiApplication.clipboard().text()
        if self._c.session.refusals.stops(words.CREATE, self._c.key):
            return
        if clipboard.is_table(text):
            self._c.navigator.open_import(self._c.key, text=text)
        else:
            said = _("There is no table on the clipboard. Copy rows of a sheet first.")
            self._c.navigator.toast(said, tone="info")

    # --- export -----------------------------------------------------------------------------------

    def export(self) -> None:
        """Asks where to, and writes exactly what is seen."""
        if self._c.session.refusals.stops(words.EXPORT, self._c.key):
            return
        name = f"{_(self._c.entity.plural)}.xlsx"
        filters = {
            _("Excel workbook (*.xlsx)"): "xlsx",
            _("Text with separators (*.csv)"): "csv",
            _("JSON (*.json)"): "json",
            _("Contacts, vCard (*.vcf)"): "vcf",
        }
        if self._is_scheduled():
            filters[_("Calendar, iCalendar (*.ics)")] = "ics"
        path, chosen = QFileDialog.getSaveFileName(
            self._c.view.window(), _("Export"), name, ";;".join(filters)
        )
        if path:
            suffix = Path(path).suffix.lower().lstrip(".")
            ending = "" if suffix in EXPORTS else f".{filters.get(chosen, 'xlsx')}"
            self.export_to(Path(path + ending))

    def export_to(self, path: Path) -> None:
        """Writes what is seen to a file: columns, conditions, order; a few ticked rows alone."""
        base, query, marks = self._c.session.base, self._exported(), self._c.state.marks
        strip = ProgressStrip(_("Export to {name}").format(name=path.name), cancel=_("Stop"))
        self._c.view.strips.addWidget(strip)

        left: list[Any] = []

        def work(job: Job) -> int:
            if path.suffix.lower() == ".ics":
                return _to_calendar(base, query, path, job, left)
            from crm_desktop.services.exporting.export import export_query

            return export_query(
                base, query, path, marks=marks, progress=job.progress, check=job.check
            )

        def end() -> None:
            strip.hide()
            strip.deleteLater()

        def done(count: Any) -> None:
            end()
            said = ngettext(
                "{count} record written to {name}", "{count} records written to {name}", count
            )
            said = said.format(count=count_text(count), name=path.name)
            if left:
                few = ngettext("{count} file had no room there", "{count} files had no room there",
                               len(left))  # fmt: skip
                said += ". " + few.format(count=len(left))
            self._c.navigator.toast(said)

        def failed(error: Any) -> None:
            end()
            self._c.navigator.refuse(error)

        job = self._c.session.operations.query(
            ("export", str(path)), work, owner=self, done=done, failed=failed
        )
        job.shows(strip, lambda p: _show(strip, p))
        job.after_cancel(end)
        strip.cancelled.connect(job.cancel)

    def _is_scheduled(self) -> bool:
        """Whether the records stand in calendars: files of these are written and brought in."""
        return self._c.entity.trait(Scheduled) is not None

    def _exported(self) -> Query:
        """What is seen; of it the ticked records, if there are a few."""
        query, ticks = self._c.state.query, self._c.view.model.ticks
        if ticks.ids and len(ticks.ids) <= _MOST_NAMED:
            return query.narrowed(Condition("id", "in", tuple(sorted(ticks.ids))))
        return query

    # --- menus ------------------------------------------------------------------------------------

    def _menu(self, row: int, place: QPoint) -> None:
        self._c.view.table.go_to(row)
        menu = Menu(self._c.view.table)
        count = self._many.count()
        if count <= 1:
            self._add(menu, _("Open"), "open", lambda: self.open_row(row), "Enter")
            self._add(menu, _("Open in a new tab"), "", lambda: self.open_row(row, True))
            self._add(
                menu, _("Edit in the list"), "edit", self.inline.start, "F2", right=words.EDIT
            )
            self._add_repeating(menu, row)
            menu.addSeparator()
        self._add_common(menu, count)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _add_repeating(self, menu: Menu, row: int) -> None:
        """A template that makes the record again, where its object knows such."""
        model = self._c.view.model
        record, cells = model.id_of(row), (model.cell(row, n) for n in range(len(model.columns)))
        if record is None:
            return
        name = next((cell.text for cell in cells if cell is not None and cell.kind == "title"), "")
        ref, catalogue = Ref(self._c.key, record), self._c.session.base.catalogue
        known = template_of(catalogue, self._c.key)
        for picture, text, act in repeating(self._c.navigator, catalogue, ref, name):
            need = (words.CREATE, known[0].key if known else self._c.key)
            self._add(menu, text, picture, act, right=need)

    def _add_common(self, menu: Menu, count: int) -> None:
        self._add(menu, _("Copy as a table"), "copy", self.copy, "Ctrl+C")
        self._add(menu, _("Edit a field…"), "bulk-edit", self._many.edit, right=words.MASS_EDIT)
        if self._many.colleague() is not None:
            self._add(menu, _("Reassign…"), "user", self._many.reassign, right=words.REASSIGN)
        if has_stages(self._c.entity):
            self._add(menu, _("Move to a stage…"), "funnel", self.stages.ask, right=words.EDIT)
        if self._c.entity.trait(Activities) is not None:
            need = (words.CREATE, activities_of(self._c.session.base.catalogue))
            self._add(menu, _("Plan a step…"), "add", self._plan, right=need)
            self._add(menu, _("Call one after another…"), "phone", self._call_round, right=need)
        self.marking.add_for_rows(menu)
        if self._many.can_merge():
            self._add(menu, _("Merge…"), "merge", self._many.merge, right=words.MERGE)
        self._add(menu, _("Export…"), "export", self.export, "Ctrl+E", right=words.EXPORT)
        menu.addSeparator()
        text = ngettext("Delete {count} record", "Delete {count} records", count)
        text = _("Delete") if count <= 1 else text.format(count=count_text(count))
        self._add(menu, text, "delete", self._many.delete, "Del", right=words.DELETE)

    def _plan(self) -> None:
        """One step is planned for all that is chosen."""
        navigator, key = self._c.navigator, self._c.key
        self._many.with_ids(lambda ids: navigator.plan_for(key, ids))

    def _call_round(self) -> None:
        """What is chosen is worked through, record by record."""
        navigator, key = self._c.navigator, self._c.key
        self._many.with_ids(lambda ids: navigator.open_call_round(key, ids))

    def _more(self, anchor: QWidget) -> None:
        menu = Menu(anchor)
        if not self._many.count():
            self._add(menu, _("Export…"), "export", self.export, "Ctrl+E", right=words.EXPORT)
        self._add(menu, _("Import…"), "import", self.import_file, right=words.CREATE)
        if self._is_scheduled():
            self._add(menu, _("Bring in a calendar…"), "import",
                      lambda: self._c.navigator.open_page("calendar-import"),
                      right=words.CREATE)  # fmt: skip
        self._add(menu, _("Paste a table"), "paste", self.paste, "Ctrl+V", right=words.CREATE)
        self._add(menu, _("Duplicates…"), "merge",
                  lambda: self._c.navigator.open_duplicates(self._c.key))  # fmt: skip
        menu.addSeparator()
        self._add_sorting(menu)
        self.more_wanted.emit(menu, anchor)
        self.marking.add_for_list(menu)
        ticks = self._c.view.model.ticks
        self._add(menu, _("Tick all"), "select-all", ticks.tick_all, "Ctrl+A")
        if self._many.count():
            menu.addSeparator()
            self._add_common(menu, self._many.count())
        menu.addSeparator()
        self._add(menu, _("Refresh"), "refresh", self._c.loader.reopen, "F5")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(anchor)

    def _add_sorting(self, menu: Menu) -> None:
        """The order by keyboard: headings are for the mouse."""
        inner = Menu(menu, title=_("Sort by"))
        order = {key.path: key.descending for key in self._c.state.query.sort}
        for path in self._c.state.query.columns:
            choice = self._c.choice(path)
            if choice is None or not choice.sortable:
                continue
            sign = ("  ↓" if order[path] else "  ↑") if path in order else ""
            action = inner.addAction(choice.label + sign)
            action.triggered.connect(lambda _on=False, p=path: self._c.sort_by(p))
        menu.addMenu(inner)

    def _add(
        self, menu: Menu, text: str, icon_name: str, run: Any, keys: str = "",
        right: str | tuple[str, str] = "",
    ) -> None:  # fmt: skip
        """`right`: the action that the person needs, on the object of the list or the one named
        with it; without it the line is grey and says why."""
        shown = f"{text}\t{keys}" if keys else text
        action = menu.addAction(icon(icon_name), shown) if icon_name else menu.addAction(shown)
        action.triggered.connect(lambda _on=False: run())
        if right:
            if isinstance(right, str):
                put_off(action, self._many.rights.why_chosen(right))
            else:
                put_off(action, self._c.session.refusals.why(*right))


def _to_calendar(base: Workspace, query: Query, path: Path, job: Job, left: list[Any]) -> int:
    """In the worker: writes the activities that are seen to a calendar file; `left` takes what had
    no room there."""
    from crm_desktop.services.ics.exporting import export_calendar

    if base.login:
        from crm_desktop.services.rights import acts

        acts.before_export(base, query)
    ids = list(base.lists.open(query).ids())
    count = export_calendar(base, ids, path, job.check, left)
    if base.login:
        acts.exported(base, query, path, count)
    return count


def _texts(row: Row, order: list[int], numbers: set[int]) -> list[str]:
    cells = row.cells
    return [clipboard.plain_number(cells[n].text) if n in numbers else cells[n].text for n in order]


def _show(strip: ProgressStrip, progress: Progress) -> None:
    detail = _("{done} of {total}").format(
        done=count_text(progress.done), total=count_text(progress.total)
    )
    strip.set_progress(progress.done, progress.total, detail)
