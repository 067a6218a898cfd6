"""A form made from the catalogue: sections in columns, labels, errors under their fields."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, LongTextField
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.services.bank_keys import partners, unsuited
from crm_desktop.services.customisation.layouts import EMPTY, CardLayout
from crm_desktop.ui.editors import ContextProvider, EditorBase, MoneyEditor, editor_for
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.facts import HIDDEN_SECTION
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

TWO_COLUMNS = 620


def is_empty(value: Any) -> bool:
    """Whether a value counts as not given, as the writer sees it."""
    return value is None or value is False or value in ("", ())


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, all kinds of emptiness being one."""
    return one == other or (is_empty(one) and is_empty(other))


def _asked(entity: EntityDef, without: frozenset[str]) -> list[Field]:
    """The fields in their order; what joins two records asks for the other one first."""
    fields = [f for f in entity.form_fields() if f.key not in without]
    if not without or entity.navigation:
        return fields
    return sorted(fields, key=lambda f: not (isinstance(f, LinkField) and f.parent))


class _Section(QWidget):
    """The fields of one section in one column or two."""

    def __init__(self, title: str, boxes: list[tuple[Field, FieldBox]]) -> None:
        super().__init__()
        self._title, self._boxes = title, boxes
        self._columns = 0
        self._gone: frozenset[str] = frozenset()
        self._label = Label("", "strong")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(24))
        self._grid.setVerticalSpacing(px(12))
        self.setLayout(column(self._label, self._grid, gap=8))
        # Only now: without a parent it would be a window. A lone field of that name says it itself.
        alone = len(boxes) == 1 and boxes[0][0].label == title
        self._label.setHidden(not title or alone)
        keep_translated(self, lambda: self._label.setText(_(title) if title else ""))

    def arrange(self, columns: int) -> None:
        """Places the fields anew; long texts take the whole width."""
        if columns == self._columns:
            return
        self._columns = columns
        self._place()

    def set_gone(self, gone: frozenset[str]) -> None:
        """Those of its fields that are not seen; the others close up."""
        gone &= {f.key for f, _box in self._boxes}
        if gone == self._gone:
            return
        self._gone = gone
        for f, box in self._boxes:
            box.setVisible(f.key not in gone)
        self.setVisible(len(gone) < len(self._boxes))
        self._place()

    def _place(self) -> None:
        place, columns = 0, self._columns
        for f, box in self._boxes:
            if f.key in self._gone:
                continue
            wide = columns > 1 and isinstance(f, LongTextField)
            if wide and place % columns:
                place += 1
            line, spot = divmod(place, columns)
            self._grid.addWidget(box, line, spot, 1, columns if wide else 1,
                                 Qt.AlignmentFlag.AlignTop)  # fmt: skip
            place += columns if wide else 1
        for spot in range(2):
            self._grid.setColumnStretch(spot, 1 if spot < columns else 0)


class RecordForm(QWidget):
    """All fields of an object to be filled in. Built once for an object, refilled for records.

    Fields that do not apply (`Field.only_if`) and those of `set_hidden` are not seen; what they
    hold stays and is saved as it is.
    """

    changed = Signal()
    open_wanted = Signal(object)

    def __init__(
        self,
        entity: EntityDef,
        context: ContextProvider,
        session: Session,
        *,
        without: frozenset[str] = frozenset(),
    ) -> None:
        """`without`: fields that are given from elsewhere and not asked for."""
        super().__init__()
        self.entity = entity
        self._quiet = False
        self._hidden: frozenset[str] = frozenset()
        self._held: frozenset[str] = frozenset()
        """Fields of which a role shows a mask: they are not typed in and not saved."""
        self._base: dict[str, Any] = {}
        self.editors: dict[str, EditorBase] = {}
        self.boxes: dict[str, FieldBox] = {}
        self._sections: list[_Section] = []
        fields = _asked(entity, without)
        for f in fields:
            if f.section != HIDDEN_SECTION:
                self._add(f, context, session)
        self._fields = [f for f in fields if f.key in self.editors]
        self._layout_of_card = EMPTY
        self._columns = 1
        self._whole = column(gap=20)
        self.setLayout(self._whole)
        self._lay_out()
        self._conditional = [f for f in fields if f.only_if and f.key in self.editors]
        known = {key: path for key, path in entity.currencies.items() if path in self.editors}
        self._currencies = {key: path for key, path in known.items() if key in self.editors}
        for path in set(self._currencies.values()):
            self.editors[path].changed.connect(self._say_currencies)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        keep_translated(self, self._say_labels)

    def _add(self, f: Field, context: ContextProvider, session: Session) -> None:
        editor = editor_for(f, context, session)
        editor.changed.connect(self._changed)
        editor.open_wanted.connect(self.open_wanted)
        box = FieldBox(_(f.label), editor, required=f.required, hint=_(f.help) if f.help else "")
        editor.checked.connect(functools.partial(self._checked, f.key))
        self.editors[f.key], self.boxes[f.key] = editor, box

    def keep_unseen(self, f: Field, context: ContextProvider, session: Session) -> None:
        """A field that is no line of the form: a strip shows it, and sets it by `prefill`."""
        self._add(f, context, session)
        self.boxes[f.key].setParent(self)
        self.boxes[f.key].hide()

    def _checked(self, key: str, sentence: str) -> None:
        """A field was left: says what is wrong with it, also beside the other fields."""
        self.boxes[key].set_error(sentence)
        together = partners(self.entity, key)
        if not together:
            return
        values = {**self._base, **self.typed()}
        wrong = unsuited(self.entity, values)
        for other in together & self.boxes.keys():
            said = self.editors[other].text_error() or wrong.get(other, "")
            self.boxes[other].set_error(said)
            self.editors[other].set_bad(bool(said))

    def set_layout(self, layout: CardLayout) -> None:
        """Lays the fields out as the person has arranged cards; what must be filled in is seen."""
        if layout != self._layout_of_card:
            self._layout_of_card = layout
            self._lay_out()
            self._say_hidden()

    def _lay_out(self) -> None:
        layout = self._layout_of_card
        needed = frozenset(f.key for f in self._fields if f.required)
        layout = dataclasses.replace(layout, hidden_fields=layout.hidden_fields - needed)
        old, groups = self._sections, layout.grouped(self._fields)
        self._sections = [
            _Section(title, [(f, self.boxes[f.key]) for f in fields]) for title, fields in groups
        ]
        seen = {f.key for _title, fields in groups for f in fields}
        for key, box in self.boxes.items():
            if key not in seen:  # kept with what it holds, for it is saved as it is
                box.setParent(self)
                box.hide()
        for section in old:
            self._whole.removeWidget(section)
            section.hide()
            section.deleteLater()
        for section in self._sections:
            self._whole.addWidget(section)
            section.setHidden(False)
        self._arrange(self._columns)
        for key in seen:  # one that was hidden until now; by now it has a parent again
            self.boxes[key].setHidden(False)
        ordered = [self.editors[f.key] for _title, fields in groups for f in fields]
        for first, second in zip(ordered, ordered[1:], strict=False):
            QWidget.setTabOrder(first, second)

    def _say_labels(self) -> None:
        for key, box in self.boxes.items():
            box.set_label(_(self.entity.field(key).label))

    def _arrange(self, columns: int) -> None:
        self._columns = columns
        for section in self._sections:
            section.arrange(columns)

    # --- values -----------------------------------------------------------------------------------

    def set_values(self, values: Mapping[str, Any], titles: Mapping[Ref, Any]) -> None:
        """Shows a record; that is what `changed_values` compares with."""
        self._quiet = True
        self._base = dict(values)
        self._hold_back(values)
        for key, editor in self.editors.items():
            editor.set_value(values.get(key))
            editor.set_titles(titles)
            self.boxes[key].set_error("")
        self._quiet = False
        self._say_hidden()

    def follow(
        self, values: Mapping[str, Any], titles: Mapping[Ref, Any], given_up: frozenset[str]
    ) -> bool:
        """Takes over what stands in the base now, but for fields in which something was typed;
        `given_up` are followed all the same. False if others have changed a typed one, too."""
        agreed, self._quiet = True, True
        self._hold_back(values)
        for key, editor in self.editors.items():
            theirs = values.get(key)
            if key in given_up or not self._is_typed(key):
                editor.set_value(theirs)
                editor.set_titles(titles)
                self._base[key] = theirs
            elif not same(theirs, self._base.get(key)):
                agreed = False
        self._quiet = False
        self._say_hidden()
        return agreed

    def _hold_back(self, values: Mapping[str, Any]) -> None:
        held = frozenset(key for key in self.editors if is_held(values.get(key)))
        for key in held ^ self._held:
            self.editors[key].setEnabled(key not in held)
        self._held = held

    def compare_with(self, values: Mapping[str, Any]) -> None:
        """What counts as typed differs from these; the fields stay as they are."""
        self._base = dict(values)

    def _is_typed(self, key: str) -> bool:
        if key in self._held:
            return False
        try:
            return not same(self.editors[key].value(), self._base.get(key))
        except InvalidInput:
            return True

    def set_hidden(self, keys: frozenset[str]) -> None:
        """Fields that are not asked for at the moment, beside those that do not apply."""
        self._hidden = keys
        self._say_hidden()

    def _say_hidden(self) -> None:
        """Only conditional fields read the form: typing in any other costs nothing."""
        values = self.typed() if self._conditional else {}
        gone = self._hidden | {f.key for f in self._conditional if not f.applies(values)}
        for section in self._sections:
            section.set_gone(gone)
        self._say_currencies()

    def _say_currencies(self) -> None:
        """Amounts have the sign of the currency that is chosen."""
        for key, path in self._currencies.items():
            amount = self.editors[key]
            with contextlib.suppress(InvalidInput):
                named = self.editors[path].value()
                assert isinstance(amount, MoneyEditor)
                amount.set_currency(named)

    def typed(self) -> dict[str, Any]:
        """What stands in the fields now, by key; those that cannot be read are left out."""
        found = {}
        for key, editor in self.editors.items():
            with contextlib.suppress(InvalidInput):
                found[key] = editor.value()
        return found

    def show_defaults(self) -> None:
        """What the writer would put into empty choices of a new record."""
        for f in self.entity.fields:
            default = getattr(f, "default", "")
            if default and f.key in self.editors:
                self.editors[f.key].set_value(default)
        self._say_hidden()

    def prefill(self, values: Mapping[str, Any], titles: Mapping[Ref, Any]) -> None:
        """Fills in some fields of a new record, as if they had been typed."""
        for key, value in values.items():
            if key in self.editors:
                self.editors[key].set_value(value)
                self.editors[key].set_titles(titles)
        self._say_hidden()

    def changed_values(self) -> dict[str, Any]:
        """What differs from the record, by field key. `InvalidInput` for what cannot be read."""
        found = {}
        for key, editor in self.editors.items():
            if key in self._held:
                continue
            value = editor.value()
            if not same(value, self._base.get(key)):
                found[key] = value
        return found

    def is_changed(self) -> bool:
        """Whether anything differs from the record, readable or not."""
        return any(self._is_typed(key) for key in self.editors)

    def checked(self) -> dict[str, Any] | None:
        """`changed_values`, or None: the errors are shown and the first bad field has the focus.

        Whether all required fields are filled in the writer says: rules may fill some of them.
        """
        errors = {
            key: editor.text_error() for key, editor in self.editors.items()
            if key not in self._held
        }  # fmt: skip
        for key, sentence in errors.items():
            self.boxes[key].set_error(sentence)
        bad = next((key for key, sentence in errors.items() if sentence), None)
        if bad is not None:
            self.focus(bad)
            return None
        return self.changed_values()

    def show_error(self, key: str, sentence: str) -> bool:
        """Puts a refusal of the writer under its field; False if the field is not here."""
        if key not in self.boxes:
            return False
        self.boxes[key].set_error(sentence)
        self.focus(key)
        return True

    def focus(self, key: str) -> None:
        """Takes the keyboard to a field."""
        self.editors[key].start()
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea):  # once the error below the field has its place
            box, view = self.boxes[key], area
            QTimer.singleShot(0, self, lambda: view.ensureWidgetVisible(box, 0, px(24)))

    def focus_first(self) -> None:
        """Takes the keyboard to the first field."""
        first = next(iter(self.editors), None)
        if first is not None:
            self.editors[first].start()

    # --- drafts -----------------------------------------------------------------------------------

    def raw(self) -> dict[str, Any]:
        """What stands in the fields that differ from the record, as JSON holds it."""
        return {key: editor.raw() for key, editor in self.editors.items() if self._is_typed(key)}

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Puts back what `raw` gave."""
        for key, value in raw.items():
            if key in self.editors:
                self.editors[key].set_raw(value)

    def _changed(self) -> None:
        if not self._quiet:
            if self._conditional:
                self._say_hidden()
            self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= px(TWO_COLUMNS) else 1)
