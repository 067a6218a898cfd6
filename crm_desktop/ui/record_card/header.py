"""The head of a card: avatar, title, state, key facts."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, UserField
from crm_desktop.ui.painting import LEFT, elided, pill, pill_width
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.values import Surroundings, is_square, shown
from crm_desktop.ui.theme import color, font, line_height, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.labels import ElidedLabel
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Avatar

_MOST_WORDS = 3
_BETWEEN = " · "


class KeyFacts(NamedTuple):
    """What stands below the title: (word, tone) pills, then plain words."""

    pills: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


def key_facts(contents: CardContents, around: Surroundings) -> KeyFacts:
    """The first state in colour, and up to three of the other short choices in words."""
    pills: list[tuple[str, str]] = []
    words: list[str] = []
    for f in contents.entity.fields:
        if not isinstance(f, ChoiceField | LinkField) or isinstance(f, UserField):
            continue
        found = shown(f, contents.values.get(f.key), around)
        for word, tone in found.pills:
            if pills or tone == "neutral":
                words.append(word)
            else:
                pills.append((word, tone))
        words += [found.text] if found.text else []
    since = contents.created_at
    if not words and since is not None:
        words.append(_("in the base since {year}").format(year=since.astimezone().year))
    said = {word for word, _tone in pills}  # a deal's state and its last stage are one word
    return KeyFacts(tuple(pills), tuple(w for w in words[:_MOST_WORDS] if w not in said))


class StateLine(QWidget):
    """Pills and words in one line, painted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = KeyFacts((), ())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(px(24))

    def set_facts(self, facts: KeyFacts) -> None:
        """Shows another record's state."""
        self._facts = facts
        said = ", ".join([*(word for word, _tone in facts.pills), *facts.words])
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        wide = sum(pill_width(word) + px(6) for word, _tone in self._facts.pills)
        return QSize(
            wide + metrics("small").horizontalAdvance(_BETWEEN.join(self._facts.words)), px(24)
        )

    def minimumSizeHint(self) -> QSize:
        first = self._facts.pills[:1]
        return QSize(px(80) if not first else pill_width(first[0][0]) + px(6), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0
        for word, tone in self._facts.pills:
            wide = min(pill_width(word), self.width() - left)
            if wide > px(34):
                text = elided(word, "small", wide - px(26))
                pill(painter, QRectF(left, px(1), wide, px(22)), text, tone=tone)
            left += wide + px(8)
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        room = QRectF(left, 0, max(0, self.width() - left), self.height())
        if room.width() > px(40):
            painter.drawText(room, LEFT, elided(self._fitting(room.width()), "small", room.width()))
        painter.end()

    def _fitting(self, room: float) -> str:
        """The words that are seen whole; one of them at least."""
        words = list(self._facts.words)
        while len(words) > 1 and metrics("small").horizontalAdvance(_BETWEEN.join(words)) > room:
            words.pop()
        return _BETWEEN.join(words)


class CardHeader(QWidget):
    """Avatar, title and state at the left; whatever buttons the owner gives at the right."""

    def __init__(
        self, *buttons: QWidget, size: int = 44, kind: str = "title", narrow: bool = False
    ) -> None:
        """`size` is the side of the avatar; `kind` the type step of the title; `narrow`: the
        buttons stand beside the title alone, so that the state has the whole width."""
        super().__init__()
        self.avatar = Avatar("", size)
        self.title = ElidedLabel("", kind)
        self.state = StateLine()
        self.title.setMinimumHeight(line_height(kind))
        self._chips = row(None, gap=6)
        first = row(self.title, *buttons, gap=2) if narrow else self.title
        self._beside = row(self.state, gap=8)
        self._beside.setStretch(0, 1)
        words = column(None, first, self._beside, self._chips, None, gap=2)
        line = row(self.avatar, 4, words, *(() if narrow else buttons), gap=8)
        line.setStretch(2, 1)
        if narrow:
            first.setStretch(0, 1)
            line.setAlignment(self.avatar, Qt.AlignmentFlag.AlignTop)
            self.setLayout(line)
            return
        for button in buttons:
            line.setAlignment(button, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(line)

    def add_chips(self, widget: QWidget) -> None:
        """A feature's chips, in the line below the state."""
        self._chips.insertWidget(self._chips.count() - 1, widget)

    def add_beside_state(self, widget: QWidget) -> None:
        """What comes and goes while somebody works here, and may move nothing."""
        self._beside.addWidget(widget)

    def show_contents(self, contents: CardContents, around: Surroundings) -> None:
        """Shows another record."""
        self.avatar.set_name(contents.title, square=is_square(contents.title))
        self.title.setText(contents.title)
        self.state.set_facts(key_facts(contents, around))
