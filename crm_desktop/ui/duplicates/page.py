"""The page "Duplicates": found groups at the left, the records of one side by side at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.query import Condition
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.models.text.numbers import format_number
from crm_desktop.services.duplicates.kept import KeptGroup
from crm_desktop.services.duplicates.wording import reasons_in_words
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.duplicates.limits import LimitsDialog
from crm_desktop.ui.duplicates.merge_pane import MergePane
from crm_desktop.ui.duplicates.reading import Groups, load_groups, percent_of, tone_of
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.operations import Job, Progress
from crm_desktop.ui.page import TablePage
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import ProgressStrip, Skeleton, StripMessage

_LEFT, _LEAST = 380, 240
_REFRESH_MS = 400


class DuplicatesPage(TablePage):
    """Groups of records that probably mean the same, and what is done about them."""

    def __init__(self, session: Session, navigator: Navigator, place: Place) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._found = Groups((), {}, 0)
        self._chosen: int | None = None
        self._job: Job | None = None
        self._busy = False
        self.objects = ComboBox(name=_("Object"))
        self.alone_button = Button("", "merge")
        self.check_button = Button("", "refresh")
        self.limits_button = ToolButton("options", "")
        self._title, self._count = Label("", "page"), Label("", "body", "text3")
        self._told = Label("", "small", "text3", wrap=True)
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Groups of duplicates"), least=120)
        self.table.setModel(self.model)
        self.table.begin_under_title()
        self.pane = MergePane(session, navigator)
        self.strip = ProgressStrip("", cancel="")
        self.only: tuple[int, ...] = ()
        """Only the groups around these records are shown; empty: all groups."""
        self.only_strip = StripMessage("")
        self.empty = EmptyState()
        self.bones = Skeleton(12, pad=24)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.read)
        self._fill_objects(place.entity)
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _fill_objects(self, wanted: str) -> None:
        base = self._session.base
        objects = base.duplicates.objects()
        choices: list[tuple[str, object]] = [(_(e.plural), e.key) for e in objects]
        keys = [e.key for e in objects]
        self.objects.set_choices(choices, wanted if wanted in keys else (keys or [""])[0])

    def _lay_out(self) -> None:
        head = row(self._title, self._count, None, self.objects, self.alone_button,
                   self.check_button, self.limits_button, gap=10,
                   margins=(24, 18, 24, 8))  # fmt: skip
        left = self._left = Surface("surface", "r")
        told = row(self._told, margins=(24, 0, 24, 10))
        left.setLayout(column(self.table, gap=0))
        self._body = Surface("surface", "t")
        body = row(left, self.pane, gap=0)
        body.setStretch(1, 1)
        self._body.setLayout(body)
        whole = column(head, told, self.only_strip, self.strip, self._body, self.empty,
                       self.bones, gap=0)  # fmt: skip
        for place in (4, 5, 6):
            whole.setStretch(place, 1)
        ground = Surface("surface")
        ground.setLayout(whole)
        self.setLayout(column(ground, gap=0))
        for part in (self.strip, self.only_strip, self._body, self.bones, self.alone_button):
            part.hide()

    def _connect(self) -> None:
        self.objects.currentIndexChanged.connect(lambda _at: self._switch())
        self.check_button.clicked.connect(self.sweep)
        self.alone_button.clicked.connect(self.merge_alone)
        self.limits_button.clicked.connect(self.ask_limits)
        refusals = self._session.refusals
        refusals.follow(self.alone_button, lambda: refusals.why(rights.MERGE, self.key()))
        refusals.keep(self.limits_button, WRITE)
        self.empty.primary.connect(self.sweep)
        self.strip.cancelled.connect(self._stop)
        self.table.current_row_changed.connect(self._pointed)
        self.table.row_opened.connect(lambda _row, _ctrl: self._into_pane())
        self.model.block_wanted.connect(self._give_block)
        self.pane.merged.connect(lambda _winner: self._next())
        self.pane.set_apart.connect(self._next)
        self.only_strip.acted.connect(self._show_all)
        self._session.changed.connect(self._changed)

    def _changed(self, _changes: object) -> None:
        self._soon.start(_REFRESH_MS)

    def _show_only(self, ids: tuple[int, ...]) -> None:
        """Narrows the page to the groups around some records; () shows all."""
        self.only = ids
        self.only_strip.setVisible(bool(ids))
        self._switch()

    def _show_all(self) -> None:
        self._show_only(())

    def _say_texts(self) -> None:
        self._title.setText(_("Duplicates"))
        self.check_button.setText(_("Check all"))
        self.alone_button.setText(_("Merge where nothing differs"))
        self.alone_button.setToolTip(_("Merges the groups of which no value has to be chosen"))
        self.check_button.setToolTip(_("Compare all records again"))
        self.limits_button.set_tip(_("From which likelihood on"))
        self.objects.setAccessibleName(_("Object"))
        self.strip.title.setText(_("Comparing all records"))
        self.strip.button.setText(_("Stop"))
        self.only_strip.set_text(_("Only what is like the records brought in just now"))
        self.only_strip.button.setText(_("Show all"))
        self.only_strip.button.show()
        self.title_changed.emit()
        self._open_table(0)
        self.read()

    def _open_table(self, count: int) -> None:
        columns = (
            Column("title", _("Records"), _LEFT - 138, sortable=False),
            Column("chance", _("Likely"), 104, sortable=False),
        )
        self.model.open(columns, count)
        self.table.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setFixedWidth(min(px(_LEFT), max(px(_LEAST), self.width() * 3 // 10)))

    # --- reading ----------------------------------------------------------------------------------

    def key(self) -> str:
        """The object whose duplicates are shown."""
        return str(self.objects.value() or "")

    def _switch(self) -> None:
        self._found, self._chosen = Groups((), {}, 0), None
        self._open_table(0)
        self.title_changed.emit()
        self.read()

    def read(self) -> None:
        """Asks for the groups that still hold."""
        base, key, only = self._session.workspace, self.key(), self.only
        if base is None or not key or not base.catalogue.has(key):
            return
        if not self._found.groups:
            self.bones.begin(self._body, self.empty)
        self._session.operations.query(
            ("duplicates", id(self)), lambda _job: load_groups(base, key, only), owner=self,
            done=self._take, failed=self._unread,
        )  # fmt: skip

    def _unread(self, error: UserError) -> None:
        self.bones.end()
        self._navigator.refuse(error)

    def _take(self, found: Groups) -> None:
        self.bones.end()
        fresh = not self._found.groups
        self._found = found
        self._count.setText(str(found.total) if found.total else "")
        self._body.setVisible(bool(found.groups))
        self.alone_button.setVisible(bool(found.groups) and not self.only)
        self.empty.setVisible(not found.groups)
        self._say_swept()
        if fresh:
            self._open_table(len(found.groups))
        else:
            self.model.refresh(len(found.groups))
        ids = [group.id for group in found.groups]
        if ids and self._chosen not in ids:
            self._choose(0)
        elif self._chosen in ids:
            self.table.go_to(ids.index(self._chosen))

    def _say_swept(self) -> None:
        swept = self._found.swept
        if self.only and not self._found.groups:
            self._told.setText("")
            self.empty.set_texts("success", _("No duplicates"), "")
            self.empty.set_actions((_("Look again"), "refresh"))
            return
        if swept is None:
            self._told.setText("")
            self.empty.set_texts(
                "merge", _("Not looked for yet"),
                _("All records are compared by telephone, e-mail, numbers, names and towns."),
            )  # fmt: skip
            self.empty.set_actions((_("Look for duplicates"), "search"))
            return
        language, zone = i18n.language(), self._session.base.clock.zone()
        when = format_datetime(swept.moment, language, zone=zone)
        compared = ngettext(
            "{count} record compared on {when}", "{count} records compared on {when}",
            swept.records,
        ).format(count=format_number(swept.records, 0, language), when=when)  # fmt: skip
        self._told.setText(compared)
        self.empty.set_texts("success", _("No duplicates"), compared)
        self.empty.set_actions((_("Look again"), "refresh"))

    def _give_block(self, start: int, count: int) -> None:
        groups = self._found.groups[start : start + count]
        self.model.set_block(start, [self._row(group) for group in groups])

    def _row(self, group: KeptGroup) -> Row:
        titles = self._found.titles
        names = list(dict.fromkeys(titles.get(id_, str(id_)) for id_ in group.ids))
        text = "  ·  ".join(names)
        if len(names) < len(group.ids):
            text = f"{text}  × {len(group.ids)}"
        chance = Cell(percent_of(group.likelihood), "pill", tone_of(group.likelihood))
        return Row(group.id, (Cell(text, "text"), chance))

    # --- the chosen group -------------------------------------------------------------------------

    def _pointed(self, number: int) -> None:
        groups = self._found.groups
        if 0 <= number < len(groups) and groups[number].id != self._chosen:
            self._show(groups[number])

    def _choose(self, number: int) -> None:
        groups = self._found.groups
        if not groups:
            return
        number = min(number, len(groups) - 1)
        self._show(groups[number])
        self.table.go_to(number)

    def _show(self, group: KeptGroup) -> None:
        self._chosen = group.id

        def said() -> tuple[str, str, str]:
            words = "  ·  ".join(reasons_in_words(group.reasons))
            return percent_of(group.likelihood), tone_of(group.likelihood), words

        self.pane.load(self.key(), group.ids, said)

    def _into_pane(self) -> None:
        where = self.pane.sheet.first_choice() or self.pane.merge_button
        where.setFocus(Qt.FocusReason.TabFocusReason)

    def _next(self) -> None:
        """The group is dealt with: the one that stands there next is shown."""
        ids = [group.id for group in self._found.groups]
        at = ids.index(self._chosen) if self._chosen in ids else 0
        after = [g for g in self._found.groups if g.id != self._chosen]
        self._chosen = after[min(at, len(after) - 1)].id if after else None
        if after:
            self._show(after[min(at, len(after) - 1)])
        self._soon.start(0)

    # --- the sweep --------------------------------------------------------------------------------

    def sweep(self) -> None:
        """Compares all records in a process of its own."""
        base, key, address = self._session.workspace, self.key(), self._session.address
        if base is None or self._busy:
            return
        self._busy = True

        def work(job: Job) -> int:
            entity = base.catalogue[key]
            if not address:
                return len(base.duplicates.sweep(entity, check=job.check).groups)
            from crm_desktop.services.duplicates.worker import sweep_apart

            return sweep_apart(base, address, entity, progress=job.progress, check=job.check)

        self.strip.set_progress(0, 0)
        self.strip.show()
        self.check_button.setEnabled(False)
        self._job = self._session.operations.query(
            ("sweep", id(self)), work, owner=self, done=self._swept, failed=self._failed
        )
        self._job.shows(self, self._far)
        self._job.after_cancel(self._end)

    def _far(self, progress: Progress) -> None:
        share = 100 * progress.done // max(1, progress.total)
        self.strip.set_progress(progress.done, progress.total, f"{share} %")

    def _swept(self, _groups: int) -> None:
        self._end()
        self._found, self._chosen = Groups((), {}, 0), None
        self.read()

    def _failed(self, error: UserError) -> None:
        self._end()
        self._navigator.refuse(error)

    def _stop(self) -> None:
        if self._job is not None and self._busy:
            self._job.cancel()

    def _end(self) -> None:
        self._busy = False
        self.strip.hide()
        self.check_button.setEnabled(True)
        self.alone_button.setEnabled(True)

    def merge_alone(self) -> None:
        """Merges the groups of which no value has to be chosen."""
        base, key = self._session.workspace, self.key()
        if base is None or self._busy:
            return
        self._busy = True

        def work(job: Job) -> Any:
            from crm_desktop.services.duplicates.automatic import merge_certain

            return merge_certain(base, base.catalogue[key], progress=job.progress, check=job.check)

        def done(found: Any) -> None:
            self._end()
            text = ngettext("{count} group merged", "{count} groups merged", found.groups)
            text = text.format(count=found.groups)
            if not found.groups:
                text = _("Nothing could be merged without a choice")
            tone = "ok" if found.groups else "info"
            self._navigator.toast(text, undo_operation=found.operation, tone=tone)
            self.read()

        self.alone_button.setEnabled(False)
        self._job = self._session.operations.run(
            work, owner=self, done=done, failed=self._failed, progress=self._far,
            title=_("Merging"),
        )  # fmt: skip
        self._job.after_cancel(self._end)

    def ask_limits(self) -> None:
        """The thresholds of the base."""
        base = self._session.base

        def ask(shown: float) -> None:
            dialog = LimitsDialog(self._session, shown, self)
            dialog.kept.connect(self._swept)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._session.operations.query(
            ("limits", id(self)), lambda _job: base.duplicates.limits().shown, owner=self, done=ask
        )

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Duplicates")

    def icon(self) -> str:
        return "merge"

    def place(self) -> Place:
        return Place(PAGE, name="duplicates")

    def show_place(self, place: Place) -> None:
        ids = tuple(place.where.value) if isinstance(place.where, Condition) else ()
        if place.entity and place.entity != self.key():
            self.only = ()
            self.objects.set_value(place.entity)
        if ids != self.only:
            self._show_only(ids)

    def leave(self) -> None:
        self._stop()
