"""Editors of choices and of yes and no."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyleOptionViewItem, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Choice
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.ui.editors.base import EditorBase
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.painting import AA, LEFT, NO_PEN, box, focus_ring, tone_colors
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.widgets.buttons import focus_by_key
from crm_desktop.ui.widgets.choices import CheckBox, ChoiceDelegate, ComboBox
from crm_desktop.ui.widgets.layouts import FlowLayout

_TONE = Qt.ItemDataRole.UserRole + 5


def _dot(painter: QPainter, middle: QPointF, tone: str) -> None:
    painter.setRenderHint(AA)
    painter.setPen(NO_PEN)
    painter.setBrush(tone_colors(tone)[0])
    painter.drawEllipse(middle, px(3.5), px(3.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)


class _ToneDelegate(ChoiceDelegate):
    """A row with the dot of its tone."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        super().paint(painter, option, index)
        tone = index.data(_TONE)
        if tone:
            wide = metrics("body").horizontalAdvance(str(index.data() or ""))
            left = option.rect.left() + px(14) + wide + px(14)
            _dot(painter, QPointF(left, option.rect.center().y() + 1), str(tone))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return super().sizeHint(option, index) + QSize(px(24), 0)


class ToneCombo(ComboBox):
    """A combo whose rows carry the dot of a tone when the tones differ."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name=name, parent=parent)
        self.view().setItemDelegate(_ToneDelegate(self))

    def set_toned(self, choices: list[tuple[str, object, str]], current: object) -> None:
        """Replaces the list by (text, value, tone); a tone of '' shows no dot."""
        self.set_choices([(text, value) for text, value, _tone in choices], current)
        for place, (_text, _value, tone) in enumerate(choices):
            self.setItemData(place, tone, _TONE)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        tone = self.currentData(_TONE)
        if tone:
            painter = QPainter(self)
            wide = metrics("body").horizontalAdvance(self.currentText())
            left = min(px(10) + wide + px(14), self.width() - px(38))
            _dot(painter, QPointF(left, self.height() / 2), str(tone))
            painter.end()


class ChoiceEditor(EditorBase):
    """One of the field's choices, or none where the field may stay empty."""

    _shown: Any = None
    """The value that came with the record: offered even if it is retired."""

    def _build(self) -> QWidget:
        self.combo = ToneCombo(name=self.label)
        self.combo.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self._only(self.combo)
        keep_translated(self, self._fill)
        return self.combo

    def _fill(self) -> None:
        assert isinstance(self.field, ChoiceField)
        tones = {choice.tone for choice in self.field.choices}
        shown: list[tuple[str, object, str]] = [
            (_(choice.label), choice.key, choice.tone if len(tones) > 1 else "")
            for choice in self.field.choices
            if not choice.retired or choice.key == self._shown
        ]
        if not self.field.required:
            shown.insert(0, (_("— none —"), None, ""))
        self.combo.set_toned(shown, self.combo.value())

    def set_value(self, value: Any) -> None:
        self.combo.blockSignals(True)
        if value != self._shown:
            self._shown = value
            self._fill()
        self.combo.set_value(value)
        self.combo.blockSignals(False)
        self.set_bad(False)
        self.combo.update()

    def value(self) -> Any:
        return self.combo.value()

    def raw(self) -> Any:
        return self.combo.value()

    def set_raw(self, raw: Any) -> None:
        self.combo.set_value(raw)

    def set_bad(self, bad: bool) -> None:
        self.combo.set_bad(bad)


class ChoiceChip(QAbstractButton):
    """A choice that can be switched on and off."""

    def __init__(self, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self._ring = False
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        keep_translated(self, self._say_text)

    def _say_text(self) -> None:
        self.setText(_(self.choice.label))
        self.setAccessibleName(self.text())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(metrics("small").horizontalAdvance(self.text()) + px(30), px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ink, soft = tone_colors(self.choice.tone)
        if self.isChecked():
            box(painter, rect, radius=rect.height() / 2, fill=soft, border=ink)
        else:
            ground = "hover" if self.underMouse() else "surface"
            box(painter, rect, radius=rect.height() / 2, fill=ground, border="line2")
        _dot(painter, QPointF(px(13), rect.center().y()), self.choice.tone)
        painter.setFont(font("small"))
        painter.setPen(ink if self.isChecked() else color("text2"))
        painter.drawText(rect.adjusted(px(21), 0, 0, 0), LEFT, self.text())
        if self._ring and self.hasFocus():
            focus_ring(painter, rect, rect.height() / 2)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event)
        super().focusInEvent(event)


class MultiChoiceEditor(EditorBase):
    """Any of the field's choices, as chips that are switched on and off."""

    def _build(self) -> QWidget:
        assert isinstance(self.field, ChoiceField)
        self._flow = FlowLayout(self)
        self.chips = [ChoiceChip(choice, self) for choice in self.field.choices]
        for chip in self.chips:
            chip.toggled.connect(lambda _on: self.changed.emit())
            chip.installEventFilter(self)
            self._flow.addWidget(chip)
        return self.chips[0] if self.chips else QWidget(self)

    def _say_name(self) -> None:
        self.setAccessibleName(self.label)

    def set_value(self, value: Any) -> None:
        for chip in self.chips:
            chip.blockSignals(True)
            chip.setChecked(chip.choice.key in (value or ()))
            chip.blockSignals(False)

    def value(self) -> Any:
        return self.field.check([chip.choice.key for chip in self.chips if chip.isChecked()])

    def raw(self) -> Any:
        return list(self.value() or ())

    def set_raw(self, raw: Any) -> None:
        for chip in self.chips:
            chip.setChecked(chip.choice.key in raw)

    def heightForWidth(self, width: int) -> int:
        return self._flow.heightForWidth(width)

    def hasHeightForWidth(self) -> bool:
        return True


class BoolEditor(EditorBase):
    """Yes or no: a tick."""

    def _build(self) -> QWidget:
        self.tick = CheckBox(name=self.label)
        self.tick.toggled.connect(lambda _on: self.changed.emit())
        self._only(self.tick)
        keep_translated(self, lambda: self.tick.setText(_("Yes")))
        return self.tick

    def set_value(self, value: Any) -> None:
        self.tick.blockSignals(True)
        self.tick.setChecked(bool(value))
        self.tick.blockSignals(False)

    def value(self) -> Any:
        return self.tick.isChecked()

    def raw(self) -> Any:
        return self.tick.isChecked()

    def set_raw(self, raw: Any) -> None:
        self.tick.setChecked(bool(raw))
