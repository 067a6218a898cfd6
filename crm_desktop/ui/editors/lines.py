"""Editors of values that are typed in one line: texts, numbers, money, telephones, addresses."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.amounts import Amount, code_of
from crm_desktop.models.catalogue.fieldtypes import DecimalField, MoneyField
from crm_desktop.models.text.currencies import SYMBOLS
from crm_desktop.models.text.numbers import format_number
from crm_desktop.ui.editors.base import EditorBase
from crm_desktop.ui.editors.side_line import SideLine
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.labels import Label

_BREAKS = re.compile(r"[\s\u2028\u2029]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\x00]")


def one_line(text: str) -> str:
    """Pasted text as one line: breaks become blanks, invisible characters go."""
    return _BREAKS.sub(" ", _INVISIBLE.sub("", text))


class TextEditor(EditorBase):
    """One line of text, kept and shown as the field says."""

    def _build(self) -> QWidget:
        self._value: Any = None
        self._shown = ""
        self.line = SideLine(name=self.label)
        self.line.textEdited.connect(self._typed)
        self._only(self.line)
        return self.line

    def _for_typing(self, value: Any) -> str:
        """The value as it is typed, which may be plainer than as it is read."""
        return self.field.format(value, self.context().language)

    def _prepared(self, text: str) -> str:
        """Typed text before it is read."""
        return text

    def _typed(self, text: str) -> None:
        clean = one_line(text)
        if clean != text:
            behind = len(text) - self.line.cursorPosition()
            self.line.setText(clean)
            self.line.setCursorPosition(max(0, len(clean) - behind))
        self.changed.emit()

    def set_value(self, value: Any) -> None:
        self._value, self._shown = value, self._for_typing(value)
        self.line.setText(self._shown)
        self.line.setCursorPosition(0)
        self.set_bad(False)

    def value(self) -> Any:
        text = self.line.text()
        if text == self._shown:  # what was not touched is not read anew
            return self._value
        return self.field.parse(self._prepared(text.strip()), self.context())

    def normalise(self) -> None:
        if self.line.text() != self._shown:
            self.set_value(self.value())

    def raw(self) -> Any:
        return self.line.text()

    def set_raw(self, raw: Any) -> None:
        if raw != self.line.text():
            self.line.setText(str(raw))
            self.changed.emit()

    def set_bad(self, bad: bool) -> None:
        self.line.set_bad(bad)


class AddressEditor(TextEditor):
    """A postal address in one line."""

    def _build(self) -> QWidget:
        built = super()._build()
        self.line.setMaxLength(2000)
        return built


class NumberEditor(TextEditor):
    """A whole number, without the blanks between thousands while it is typed."""

    def _for_typing(self, value: Any) -> str:
        return "" if value is None else str(value)


class DecimalEditor(TextEditor):
    """An exact number, without marks between thousands: a comma there could be read as a point."""

    def _for_typing(self, value: Any) -> str:
        assert isinstance(self.field, DecimalField)
        if value is None:
            return ""
        places = 0 if value == value.to_integral_value() else self.field.places
        point = format_number(Decimal("0.5"), 1, self.context().language)[1]
        return f"{value:.{places}f}".replace(".", point)


class MoneyEditor(DecimalEditor):
    """An amount; the sign of its currency stands at the right, as far as it is known."""

    def _build(self) -> QWidget:
        built = super()._build()
        self._unit = Label("")
        self._unit.setContentsMargins(0, 0, px(6), 0)
        self.line.add_side(self._unit)
        self._unit.set_ink("text3")
        self.set_currency(None)
        return built

    def set_value(self, value: Any) -> None:
        super().set_value(value)
        if isinstance(value, Amount):
            self._say(value.currency)
        elif value is not None:
            self.set_currency(None)

    def set_currency(self, named: str | None) -> None:
        """The record names this currency; None: that of the base, unless another record says it."""
        assert isinstance(self.field, MoneyField)
        elsewhere = "." in self.field.currency_field and self._value is None
        own = "" if elsewhere else self.field.currency
        self._say(code_of(named) if named else own)

    def sign(self) -> str:
        """The sign that is seen; empty while the currency is not known."""
        return self._unit.text()

    def _say(self, currency: str) -> None:
        self._unit.setText(SYMBOLS.get(currency, currency))


class DurationEditor(TextEditor):
    """A length of time: `1:30`, `90 min`, `1 h 30 min`."""


class YearlyEditor(TextEditor):
    """A day of the year, with a year or without: `24 April`, `24.04.1988`."""


class PhoneEditor(TextEditor):
    """A telephone number, shown formatted as soon as it is left."""

    def _prepared(self, text: str) -> str:
        return re.sub(r"^(?:tel|callto|sms):/{0,2}", "", text, flags=re.IGNORECASE)


class EmailEditor(TextEditor):
    """An e-mail address; `mailto:` and the name before `<address>` are taken off."""

    def _prepared(self, text: str) -> str:
        bare = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
        inside = re.search(r"<([^<>\s]+@[^<>\s]+)>", bare)
        return inside[1] if inside else bare.rstrip(";,")


class ContactEditor(TextEditor):
    """A telephone, an e-mail address or a messenger name."""

    def _prepared(self, text: str) -> str:
        return re.sub(r"^(?:tel|mailto|callto):/{0,2}", "", text, flags=re.IGNORECASE)


class UrlEditor(TextEditor):
    """A web address with a button that opens it."""

    def _build(self) -> QWidget:
        built = super()._build()
        self._go = ToolButton("open", "", size=24)
        self._go.clicked.connect(self._open)
        self.line.add_side(self._go)
        keep_translated(self, lambda: self._go.set_tip(_("Open in the browser")))
        return built

    def _open(self) -> None:
        if not self.check() and self.value():
            QDesktopServices.openUrl(QUrl(self.value()))
