"""The history of a record: who changed what and when; any change is undone from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import N_, _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.painting import LEFT, RIGHT
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.overview import ScrollPage
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.record_card.values import said_moment
from crm_desktop.ui.record_card.wrapping import wrapped
from crm_desktop.ui.theme import color, font, line_height, metrics, px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.history import HistoryEntry

_PAGE = 30
_KINDS = {"c": N_("Created"), "u": N_("Changed"), "d": N_("Deleted")}
_LABEL = 132


class HistoryRow(QWidget):
    """One change: who and when, below it each field with its old and new value."""

    undo_asked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entry: HistoryEntry | None = None
        self._when = ""
        self.undo = ToolButton("undo", "", size=28)
        self.undo.setParent(self)
        self.undo.clicked.connect(
            lambda: self._entry is not None and self.undo_asked.emit(self._entry.operation)
        )
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_entry(self, entry: HistoryEntry, when: str) -> None:
        """Shows another change."""
        self._entry, self._when = entry, when
        said = [f"{_(f.field.label)}: {f.old or '—'} → {f.new or '—'}" for f in entry.fields]
        self.setAccessibleName(". ".join([self._head(), when, *said]))
        self.undo.set_tip(_("Undo this change"))
        self.updateGeometry()
        self.update()

    def _head(self) -> str:
        assert self._entry is not None
        done = _(_KINDS.get(self._entry.kind, _KINDS["u"]))
        return f"{done} · {self._entry.author_name}" if self._entry.author_name else done

    def _lines(self, width: int) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """(field, lines of the old value, lines of the new one)."""
        assert self._entry is not None
        half = max(px(60), (width - px(_LABEL) - px(24)) // 2)
        created = self._entry.kind == "c"
        lines = []
        for change in self._entry.fields:
            old = () if created else wrapped(change.old or "—", "body", half, 3)
            wide = width - px(_LABEL) - px(8) if created else half
            new = wrapped(change.new or "—", "body", wide, 3)
            if not created or change.new:
                lines.append((_(change.field.label), old, new))
        return lines

    def heightForWidth(self, width: int) -> int:
        if self._entry is None:
            return 0
        rows = sum(max(len(old), len(new)) for _label, old, new in self._lines(width))
        return px(32) + rows * line_height("body") + px(14)

    def sizeHint(self) -> QSize:
        return QSize(px(320), self.heightForWidth(max(px(320), self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.undo.move(self.width() - self.undo.width(), px(2))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._entry is None:
            return
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
        painter.setFont(font("strong"))
        painter.setPen(color("text"))
        painter.drawText(QRectF(0, px(4), self.width(), px(24)), LEFT, self._head())
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        painter.drawText(QRectF(0, px(4), self.width() - px(36), px(24)), RIGHT, self._when)
        self._paint_fields(painter)
        painter.end()

    def _paint_fields(self, painter: QPainter) -> None:
        top, step, left = float(px(32)), line_height("body"), px(_LABEL)
        half = max(px(60), (self.width() - left - px(24)) // 2)
        painter.setFont(font("body"))
        for label, old, new in self._lines(self.width()):
            self._write(painter, (label,), 0, top, "text2")
            self._write(painter, old, left, top, "text3")
            if old:
                wide = max(metrics().horizontalAdvance(line) for line in old) + px(8)
                self._write(painter, ("→",), left + min(wide, half), top, "text3")
                self._write(painter, new, left + min(wide, half) + px(24), top, "text")
            else:
                self._write(painter, new, left, top, "text")
            top += max(len(old), len(new)) * step

    def _write(
        self, painter: QPainter, lines: tuple[str, ...], left: float, top: float, ink: str
    ) -> None:
        painter.setPen(color(ink))
        for number, line in enumerate(lines):
            place = top + number * line_height("body")
            painter.drawText(QRectF(left, place, self.width(), line_height("body")), LEFT, line)


class HistoryTab(CardTab):
    """Changes, the newest first."""

    def __init__(self, controller: CardController, margin: int) -> None:
        super().__init__(controller)
        self._wanted = _PAGE
        self._rows: list[HistoryRow] = []
        self._entries: list[HistoryEntry] = []
        self._more = Button("")
        self._more.clicked.connect(self._show_more)
        self._none = Label("", "body", "text3", wrap=True)
        self._list = column(gap=0)
        inside = (
            column(self._none, self._list, row(self._more, None), None, gap=8,
                   margins=(margin, 12, margin, 20))
        )  # fmt: skip
        self._scroll = ScrollPage(inside)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._scroll.setAccessibleName(_("History"))
        self._more.setText(_("Show earlier changes"))
        self._none.setText(_("No changes are on record."))
        if self.contents is not None and self.isVisible():
            self.load(self.contents)

    def begin(self, contents: CardContents) -> None:
        self._wanted = _PAGE
        self._take([])
        self._none.hide()

    def load(self, contents: CardContents) -> None:
        base, wanted, language = self.controller.session.base, self._wanted, i18n.language()
        entity = base.catalogue[contents.ref.entity]

        def work(job: Any) -> list[HistoryEntry]:
            return base.history.of(entity, contents.ref.id, limit=wanted, language=language)

        self.controller.session.operations.query(
            ("history", id(self)), work, owner=self, done=self._take
        )

    def _take(self, entries: list[HistoryEntry]) -> None:
        self._entries = entries
        self._none.setVisible(not entries)
        self._more.setVisible(len(entries) >= self._wanted)
        while len(self._rows) < len(entries):
            made = HistoryRow(self)
            made.undo_asked.connect(self.controller.undo)
            self._list.addWidget(made)
            self._rows.append(made)
        around = self.controller.around() if entries else None
        for made, entry in zip(self._rows, entries, strict=False):
            assert around is not None
            made.set_entry(entry, said_moment(entry.moment, around))
            made.show()
        for made in self._rows[len(entries) :]:
            made.hide()

    def _show_more(self) -> None:
        self._wanted += 2 * _PAGE
        if self.contents is not None:
            self.load(self.contents)
