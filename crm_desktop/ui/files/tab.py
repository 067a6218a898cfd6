"""The tab of a card with the files of its record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedWidget, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.traits import Files as FilesTrait
from crm_desktop.models.text.file_sizes import size_text
from crm_desktop.services.files.rows import FileShape
from crm_desktop.settings import LIST_LAYOUTS
from crm_desktop.ui.files import going_out
from crm_desktop.ui.files.asking import FileAsking
from crm_desktop.ui.files.bringing import bring, bring_paths
from crm_desktop.ui.files.list_view import FileView
from crm_desktop.ui.files.model import FileModel
from crm_desktop.ui.files.note_box import NoteBox
from crm_desktop.ui.files.open_files import OpenFiles
from crm_desktop.ui.files.preview_pane import PreviewPane
from crm_desktop.ui.files.versions_box import VersionsBox
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.operations import Job, Progress
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.record_card.values import said_moment
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu
from crm_desktop.ui.widgets.strips import ProgressStrip

if TYPE_CHECKING:
    from crm_desktop.services.files.rows import FileRow, FileVersion

_MARGIN = 24
_ROOM_FOR_PREVIEW = 720  # px; in a narrower card the list has the whole width
_LAYOUT = "card_files"


class FilesTab(CardTab):
    """List or tiles at the left, the chosen file at the right."""

    def __init__(self, controller: CardController) -> None:
        super().__init__(controller)
        self._asking = FileAsking(controller, self)
        self._shown: FileRow | None = None
        self._job: Job | None = None
        self.model = FileModel(self)
        self.view = FileView(self.model, name=_("Files"))
        self.preview = PreviewPane()
        self.add_button = Button("", "add")
        self.tiles_button = ToolButton("columns", "", checkable=True)
        self._total = Label("", "small", "text3")
        self.none = EmptyState()
        self.strip = ProgressStrip(cancel=_("Stop"))
        self._build()
        self._connect()
        keep_translated(self, self._say_texts)
        self._set_tiles(self._remembered())

    def _build(self) -> None:
        self.open_button = ToolButton("open", "")
        self.save_button = ToolButton("save", "")
        self.more = ToolButton("more", "")
        self._narrow = (self.open_button, self.save_button, self.more)
        bar = row(self.add_button, 4, self._total, None, *self._narrow, self.tiles_button, gap=4,
                  margins=(_MARGIN, 10, _MARGIN, 8))  # fmt: skip
        self._list = QWidget()
        self._list.setLayout(column(self.view, gap=0, margins=(_MARGIN - 10, 0, 8, 8)))
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        both = row(self._list, self.preview, gap=0)
        both.setStretch(0, 5)
        both.setStretch(1, 6)
        full = QWidget()
        whole = column(bar, both, gap=0)
        whole.setStretch(1, 1)
        full.setLayout(whole)
        self._full = full
        self.stack = QStackedWidget()
        self.stack.addWidget(full)
        self.stack.addWidget(self.none)
        self.strip.hide()
        outer = column(self.stack, self.strip, gap=0)
        outer.setStretch(0, 1)
        self.setLayout(outer)

    def _connect(self) -> None:
        for button in (self.add_button, self.none.primary_button, self.none.secondary_button):
            self.controller.rights.keep(button)
        self.add_button.clicked.connect(self.add)
        self.none.primary.connect(self.add)
        self.none.secondary.connect(self.paste)
        self.tiles_button.clicked.connect(self._toggle_tiles)
        self.strip.cancelled.connect(self._stop)
        self.model.thumb_wanted.connect(self._ask_thumbs, Qt.ConnectionType.QueuedConnection)
        self.model.renamed.connect(self._asking.rename)
        view = self.view
        view.opened.connect(self.open)
        view.delete_asked.connect(self.delete)
        view.copy_asked.connect(lambda: going_out.copy(self.controller, view.selected()))
        view.drag_wanted.connect(lambda: going_out.drag(self.controller, view.selected(), view))
        view.chosen.connect(self._show_chosen)
        view.menu_asked.connect(self._open_menu)
        self.open_button.clicked.connect(self._open_chosen)
        self.save_button.clicked.connect(self.save)
        self.more.clicked.connect(lambda: self._open_menu_below(self.more))
        self.preview.open_asked.connect(self._open_shown)
        self.preview.save_asked.connect(self.save)
        self.preview.more_asked.connect(self._open_menu_below)

    def _say_texts(self) -> None:
        self.view.setAccessibleName(_("Files"))
        self.add_button.setText(_("Add files"))
        self.tiles_button.set_tip(_("Large pictures"))
        self.open_button.set_tip(_("Open"))
        self.save_button.set_tip(_("Save as…"))
        self.more.set_tip(_("More"))
        self.none.set_texts(
            "attach", _("No files yet"),
            _("Drop files here, paste a screenshot with Ctrl+V, or choose them. They are kept in "
              "the base and go where it goes."),
        )  # fmt: skip
        self.none.set_actions((_("Add files"), "add"), (_("Paste"), "copy"))
        if self.contents is not None and self.isVisible():
            self.load(self.contents)

    # --- loading ----------------------------------------------------------------------------------

    def begin(self, contents: CardContents) -> None:
        self._take([])
        self.add_button.setVisible(contents.entity.trait(FilesTrait) is not None)
        self.stack.setCurrentWidget(self._full)

    def load(self, contents: CardContents) -> None:
        self._asking.rows(contents.ref, self._loaded)

    def _loaded(self, rows: list[FileRow]) -> None:
        before = {row.ref.id for row in self.model.rows}
        fresh = [row.ref.id for row in rows if row.ref.id not in before]
        kept = [row.ref.id for row in self.view.selected()]
        self._take(rows)
        self.stack.setCurrentWidget(self._full if rows else self.none)
        present = {row.ref.id for row in rows}
        wanted = (
            [id_ for id_ in kept if id_ in present] or fresh[:1] or [r.ref.id for r in rows][:1]
        )
        self.view.choose(wanted)
        self._show_chosen()

    def _take(self, rows: list[FileRow]) -> None:
        around = self.controller.around()
        language = i18n.language()
        details = {}
        for file in rows:
            when = said_moment(file.changed_at, around)
            said = (size_text(file.size, language), file.changed_by, when)
            details[file.ref.id] = " · ".join(filter(None, said))
        self.model.set_rows(rows, details)
        whole = size_text(sum(file.size for file in rows), language)
        said_count = ngettext("{count} file, {size}", "{count} files, {size}", len(rows))
        self._total.setText(said_count.format(count=len(rows), size=whole) if rows else "")

    def _ask_thumbs(self) -> None:
        wanted = self.model.wanted_thumbs()
        if wanted:
            self._asking.thumbs(wanted, self._take_thumbs)

    def _take_thumbs(self, found: Any) -> None:
        self.model.set_thumbs(found)
        self._ask_thumbs()

    def _show_chosen(self) -> None:
        chosen = self.view.current() or next(iter(self.view.selected()), None)
        self.preview.setVisible(chosen is not None and self.width() >= px(_ROOM_FOR_PREVIEW))
        for button in self._narrow:  # what the preview would offer
            button.setVisible(chosen is not None and self.preview.isHidden())
        known = self._shown
        if chosen is None or self.preview.isHidden():
            self._shown = None
            return
        if known is not None and known == chosen:
            return
        self.preview.show_file(chosen, self._said_kind(chosen))
        self._shown = chosen
        self._asking.preview(chosen, self.preview.show_preview)

    def _said_kind(self, file: FileRow) -> str:
        """What it is, how large, and the note about it."""
        shape = FileShape.of(self.controller.session.base.catalogue)
        choice = shape.kind_field.choice(file.kind)
        words = (
            _(choice.label) if choice else "",
            size_text(file.size, i18n.language()),
            file.note,
        )
        return " · ".join(filter(None, words))

    # --- what the person does ---------------------------------------------------------------------

    def add(self) -> None:
        """Chooses files of this computer."""
        paths, _filter = QFileDialog.getOpenFileNames(self, _("Add files"))
        if paths:
            self.bring_paths([Path(path) for path in paths])

    def bring_paths(self, paths: list[Path]) -> None:
        """Keeps files of this computer with the record."""
        self._job = bring_paths(self.controller, paths, self._progress, self.strip.hide)

    def paste(self) -> None:
        """Takes files or a picture out of the clipboard."""
        if self.controller.rights.stops():
            return
        mime = QGuiApplication.clipboard().mimeData()
        self._job = bring(self.controller, mime, self._progress, self.strip.hide)
        if self._job is None:
            said = _("The clipboard holds neither files nor a picture.")
            self.controller.navigator.toast(said, tone="info")

    def _progress(self, state: Progress) -> None:
        self.strip.show()
        self.strip.title.setText(_("Adding files"))
        sizes = (size_text(n, i18n.language()) for n in (state.done, state.total))
        self.strip.set_progress(state.done, state.total, " / ".join(sizes))

    def open(self, file: FileRow) -> None:
        """Hands a copy to the program that knows such files; its changes come back."""
        session, navigator = self.controller.session, self.controller.navigator
        OpenFiles.of(session, navigator).open(file, self.window())

    def _open_shown(self) -> None:
        if self._shown is not None:
            self.open(self._shown)

    def _open_chosen(self) -> None:
        for file in self.view.selected()[:1]:
            self.open(file)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def save(self) -> None:
        """Writes the chosen files somewhere."""
        chosen = self.view.selected()
        if chosen:
            going_out.save_as(self.controller, chosen, self)

    def delete(self) -> None:
        """Deletes the chosen files; the toast offers to undo it."""
        if self.controller.rights.stops():
            return
        self.controller.delete([file.ref for file in self.view.selected()])

    def edit_note(self, file: FileRow) -> None:
        """A note about the file."""
        NoteBox.open_for(
            file.name, file.note, lambda text: self._asking.set_note(file, text), self.window()
        )

    def show_versions(self, file: FileRow) -> None:
        """Lists the versions of a file."""
        self._asking.versions(file, lambda found: self._open_versions(file, found))

    def _open_versions(self, file: FileRow, found: list[FileVersion]) -> None:
        around = self.controller.around()
        box = VersionsBox(file.name, found, lambda m: said_moment(m, around), self.window())
        box.on_restore(lambda version: self._asking.restore(file, version.digest))
        box.open()

    def _open_menu_below(self, button: QWidget) -> None:
        self._open_menu(button.mapToGlobal(QPoint(0, button.height())))

    def _open_menu(self, place: QPoint) -> None:
        chosen = self.view.selected()
        if not chosen:
            return
        first, one = chosen[0], len(chosen) == 1
        acts: list[tuple[str, str, Callable[[], Any]]] = [
            ("save", _("Save as…"), self.save),
            ("copy", _("Copy"), lambda: going_out.copy(self.controller, chosen)),
            ("delete", _("Delete"), self.delete),
        ]
        if one:
            acts[:0] = [("open", _("Open"), lambda: self.open(first))]
            acts[3:3] = [
                ("edit", _("Rename"), lambda: self.view.edit(self.view.currentIndex())),
                ("note", _("Note…"), lambda: self.edit_note(first)),
                ("history", _("Versions…"), lambda: self.show_versions(first)),
            ]
        why = self.controller.rights.why()
        Menu.of(self, acts, dict.fromkeys(("delete", "edit", "note"), why)).popup(place)

    # --- looks ------------------------------------------------------------------------------------

    def _toggle_tiles(self) -> None:
        on = self.tiles_button.isChecked()
        self.controller.session.settings.put_entry(LIST_LAYOUTS, _LAYOUT, {"tiles": on})
        self._set_tiles(on)

    def _set_tiles(self, on: bool) -> None:
        self.tiles_button.setChecked(on)
        self.view.set_tiles(on)

    def _remembered(self) -> bool:
        kept = self.controller.session.settings.get(LIST_LAYOUTS).get(_LAYOUT)
        return bool(kept.get("tiles")) if isinstance(kept, dict) else False

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(160))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_chosen()
