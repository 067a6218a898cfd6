"""The strip of critical wishes, and the question that comes before a visit or a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import AfterWishes
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.painting import tone_colors
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.record_card.wish_part import ShownWishes, load_wishes
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import color, px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.wishes import Wish

_SIGNS = {"bad": "error", "warn": "warning"}
_FIRST = 3
"""Wishes that are seen without unfolding the strip."""


class WishLine(QWidget):
    """One wish: how serious, what, of which kind, until when, and the tick that it was read."""

    ticked = Signal(object)
    """The `Ref` of the wish that was read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wish: Wish | None = None
        self._sign = IconLabel("warning", "warn", 20)
        self.text = Label("", "strong", wrap=True, selectable=True)
        self.detail = Label("", "small", "text2", wrap=True)
        self.tick = CheckBox("")
        self.tick.toggled.connect(self._ticked)
        words = column(self.text, self.detail, gap=0)
        self._sign.setFixedHeight(self.tick.sizeHint().height())  # both beside the first line
        line = row(self._sign, words, self.tick, gap=10)
        line.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        line.setAlignment(self.tick, Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_wish(self, wish: Wish, kind: str, language: str) -> None:
        """Shows another wish."""
        self._wish = None
        self._sign.set_icon_name(_SIGNS.get(wish.tone, "info"), wish.tone)
        self.text.setText(wish.text)
        until = ""
        if wish.until is not None:
            until = _("until {day}").format(day=format_date(wish.until, language))
        self.detail.setText(" · ".join(part for part in (kind, until) if part))
        self.detail.setVisible(bool(self.detail.text()))
        self.tick.setText(_("Read") if wish.read else _("I have read this"))
        self.tick.setAccessibleName(f"{self.tick.text()}: {wish.text}")
        self.tick.setChecked(wish.read)
        self.tick.setEnabled(not wish.read)
        self._wish = wish

    def _ticked(self, on: bool) -> None:
        if on and self._wish is not None and not self._wish.read:
            self.tick.setEnabled(False)
            self.ticked.emit(self._wish.ref)


class WishStrip(PartWidget):
    """Under the header, over the whole width; it does not scroll away."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card = card
        self._tone = "warn"
        self._shown: ShownWishes | None = None
        self._whole = False
        self.lines: list[WishLine] = []
        self._list = column(gap=8)
        self.more = Button("", kind="link")
        self.more.clicked.connect(self._unfold)
        inside = column(self._list, self.more, gap=2, margins=(20, 10, 16, 10))
        inside.setAlignment(self.more, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(inside)

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        """Shows the wishes of a record."""
        if self._shown is None or {w.ref for w in self._shown.wishes} != {
            w.ref for w in value.wishes
        }:
            self._whole = False
        self._shown = value
        self._fill(around.language)

    def _fill(self, language: str) -> None:
        shown = self._shown
        assert shown is not None
        seen = shown.wishes if self._whole else shown.wishes[:_FIRST]
        while len(self.lines) < len(seen):
            line = WishLine(self)
            line.ticked.connect(self._read)
            self._card.session.refusals.keep(line.tick, WRITE)
            self._list.addWidget(line)
            self.lines.append(line)
        for line, wish in zip(self.lines, seen, strict=False):
            line.show_wish(wish, shown.kinds.get(wish.kind or 0, ""), language)
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(seen))
        rest = len(shown.wishes) - len(seen)
        said = ngettext("{count} more critical wish", "{count} more critical wishes", rest)
        self.more.setText(said.format(count=rest))
        self.more.setVisible(rest > 0)
        self._tone = shown.wishes[0].tone
        self.setAccessibleName(_("Critical wishes"))
        self.update()

    def _unfold(self) -> None:
        self._whole = True
        self._fill(self._card.around().language)

    def _read(self, wish: Ref) -> None:
        base = self._card.session.base
        self._card.session.operations.run(
            lambda job: base.wishes.acknowledge([wish]), owner=self, title=_("Critical wishes"),
            done=lambda _outcome: None, failed=self._refused,
        )  # fmt: skip

    def _refused(self, error: UserError) -> None:
        self._card.navigator.refuse(error)
        self._card.reload()

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, ground = tone_colors(self._tone)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.fillRect(QRect(0, 0, px(3), self.height()), ink)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), color("line"))
        painter.end()


class WishDialog(Dialog):
    """What must be read before something is made; the verb waits until all is ticked."""

    def __init__(self, shown: ShownWishes, language: str, parent: QWidget) -> None:
        body = QWidget()
        self.lines = []
        for wish in shown.wishes:
            line = WishLine()
            line.show_wish(wish, shown.kinds.get(wish.kind or 0, ""), language)
            line.tick.toggled.connect(self._say_enabled)
            self.lines.append(line)
        said = Label(_("Tick each of them off; it stays in the history who read it and when."),
                     "body", "text2", wrap=True)  # fmt: skip
        body.setLayout(column(said, 4, *self.lines, None, gap=10))
        super().__init__(_("Read first what must not be forgotten"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(px(560))
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Go on"), kind="primary", result=1)
        self._say_enabled()

    def _say_enabled(self) -> None:
        if hasattr(self, "go"):
            self.go.setEnabled(all(line.tick.isChecked() for line in self.lines))


class WishGate:
    """Stands before whatever the wishes of a record have to be read for."""

    def __init__(self, session: Session, navigator: Navigator, widget: QWidget) -> None:
        self._session, self._navigator, self._widget = session, navigator, widget
        self.dialog: WishDialog | None = None

    def before(
        self, entity: EntityDef, values: Mapping[str, Any], go: Callable[[], None],
        stopped: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Calls `go` once nothing is left unread; at once for objects that ask for nothing.

        `stopped` is called instead when the person does not want to read now.
        """
        if entity.trait(AfterWishes) is None:
            go()
            return
        base, asked = self._session.base, dict(values)

        def work(job: Any) -> ShownWishes:
            return load_wishes(base, base.wishes.due(entity.key, asked))

        self._session.operations.query(
            ("wishes", id(self)), work, owner=self._widget,
            done=lambda shown: self._ask(shown, go, stopped) if shown.wishes else go(),
        )  # fmt: skip

    def _ask(
        self, shown: ShownWishes, go: Callable[[], None], stopped: Callable[[], None] | None
    ) -> None:
        language = self._session.base.parse_context().language
        dialog = WishDialog(shown, language, self._widget.window())
        refs = [wish.ref for wish in shown.wishes]
        dialog.accepted.connect(lambda: self._acknowledge(refs, go))
        if stopped is not None:
            dialog.rejected.connect(stopped)
        dialog.finished.connect(lambda _result: setattr(self, "dialog", None))
        self.dialog = dialog
        dialog.open()

    def _acknowledge(self, refs: Sequence[Ref], go: Callable[[], None]) -> None:
        base = self._session.base
        self._session.operations.run(
            lambda job: base.wishes.acknowledge(refs), owner=self._widget,
            title=_("Critical wishes"), done=lambda _outcome: go(),
            failed=self._navigator.refuse,
        )  # fmt: skip
