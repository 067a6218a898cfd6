"""What a value of a condition is typed or picked with: by field type and comparison."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateField,
    IntegerField,
    LinkField,
    RecordField,
    TagsField,
)
from crm_desktop.models.catalogue.traits import Staff
from crm_desktop.models.query import PERIODS, WITHOUT_VALUE
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.operations import Job
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox, Segment
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import row
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

_SUGGESTED = 50
_TYPED = ("text", "long")


class ConditionInput(QWidget):
    """Gives the value of a condition as JSON holds it."""

    def __init__(self, *parts: QWidget) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in parts:
            layout.addWidget(part)
        if parts:
            self.setFocusProxy(parts[0])

    @abstractmethod
    def value(self) -> Any:
        """The value; `InvalidInput` with a sentence if there is none."""

    @abstractmethod
    def set_value(self, value: Any) -> None:
        """Shows the value of a condition that is edited."""


def _missing() -> InvalidInput:
    return InvalidInput(_("Enter a value to compare with"))


class TypedText(ConditionInput):
    """Any text; with `several` parted by commas."""

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self.line = LineEdit(name=_("Value"), placeholder=_("one, two, three") if several else "")
        super().__init__(self.line)

    def value(self) -> Any:
        text = self.line.text().strip()
        if not text:
            raise _missing()
        if not self._several:
            return text
        return tuple(part.strip() for part in text.split(",") if part.strip())

    def set_value(self, value: Any) -> None:
        several = isinstance(value, list | tuple)
        self.line.setText(", ".join(map(str, value)) if several else str(value or ""))


class EditedValue(ConditionInput):
    """One value, typed as on the card."""

    def __init__(self, f: Field, session: Session) -> None:
        self._field = f
        self.editor = _editor(f, session)
        super().__init__(self.editor)

    def value(self) -> Any:
        value = self.editor.value()
        if value is None:
            raise _missing()
        return _jsoned(self._field, value)

    def set_value(self, value: Any) -> None:
        _show(self.editor, self._field, value)


class ValuePair(ConditionInput):
    """From and to; one of them may stay empty."""

    def __init__(self, f: Field, session: Session) -> None:
        self._field = f
        self.first, self.last = _editor(f, session), _editor(f, session)
        both = QWidget()
        both.setLayout(row(self.first, Label("–", ink="text3"), self.last, gap=6))
        super().__init__(both)
        self.setFocusProxy(self.first)

    def value(self) -> Any:
        ends = [editor.value() for editor in (self.first, self.last)]
        if ends == [None, None]:
            raise _missing()
        return tuple(None if end is None else _jsoned(self._field, end) for end in ends)

    def set_value(self, value: Any) -> None:
        if isinstance(value, list | tuple) and len(value) == 2:
            _show(self.first, self._field, value[0])
            _show(self.last, self._field, value[1])


class PeriodInput(ConditionInput):
    """A period that moves with the calendar."""

    def __init__(self) -> None:
        self.combo = ComboBox(name=_("Period"))
        self.combo.set_choices([(_(text), key) for key, text in PERIODS.items()], "this_month")
        super().__init__(self.combo)

    def value(self) -> Any:
        return self.combo.value()

    def set_value(self, value: Any) -> None:
        self.combo.set_value(value)


class YesNo(ConditionInput):
    """Yes or no."""

    def __init__(self, f: Field) -> None:
        self.segment = Segment([(_("Yes"), True), (_("No"), False)], name=_(f.label))
        super().__init__(self.segment)

    def value(self) -> Any:
        return self.segment.value()

    def set_value(self, value: Any) -> None:
        self.segment.set_value(bool(value))


class TickedChoices(ConditionInput):
    """Some values of a fixed list."""

    def __init__(self, f: ChoiceField) -> None:
        self._field = f
        rows = min(9, max(2, len(f.choices)))
        self.list = PickList(name=_(f.label), search=_("Find a value"), rows=rows)
        self.list.line.setVisible(len(f.choices) > 8)
        super().__init__(self.list)
        self.setFocusProxy(self.list if len(f.choices) > 8 else self.list.view)
        self.set_value(())

    def value(self) -> Any:
        keys = tuple(self.list.ticked_keys())
        if not keys:
            raise InvalidInput(_("Tick at least one value"))
        return keys

    def set_value(self, value: Any) -> None:
        given = value if isinstance(value, list | tuple) else (value,)
        self.list.set_items(
            [
                PickItem(choice.key, _(choice.label), ticked=choice.key in given, tone=choice.tone)
                for choice in self._field.choices
            ]
        )


class TickedRecords(ConditionInput):
    """Some records of the object a link leads to: those ticked stand first, typing finds more."""

    def __init__(self, f: LinkField, session: Session) -> None:
        self._field, self._session = f, session
        self._ticked: dict[int, PickItem] = {}
        self.list = PickList(name=_(f.label), search=_("Type to search"), filters=False)
        self.list.searched.connect(self._search)
        self.list.ticked.connect(self._tick)
        super().__init__(self.list)
        self._found: list[PickItem] = []
        self._faces = portraits_of(session)
        self.list.show_faces(self._faces)
        self._search("")

    def value(self) -> Any:
        if not self._ticked:
            raise InvalidInput(_("Tick at least one value"))
        return tuple(self._ticked)

    def set_value(self, value: Any) -> None:
        ids = [v for v in (value if isinstance(value, list | tuple) else (value,)) if v is not None]
        if not ids:
            return
        titles, target = self._session.base.titles, self._field.target

        def done(found: dict[Ref, Any]) -> None:
            for id_ in ids:
                title = found.get(Ref(target, id_))
                if title is not None:
                    self._ticked[id_] = self._item(Ref(target, id_), title, ticked=True)
            self._show()

        refs = [Ref(target, id_) for id_ in ids]
        self._session.operations.query(
            ("condition titles", id(self)), lambda job: titles.of(refs), owner=self, done=done
        )

    def _search(self, text: str) -> None:
        base, f = self._session.base, self._field
        left = base.catalogue[f.target].trait(Staff) is not None  # history is looked for too

        def work(job: Job) -> list[tuple[Ref, Any]]:
            return base.titles.suggest(
                f.target, text.strip(), book=f.book or None, limit=_SUGGESTED, retired=left
            )

        self._session.operations.query(
            ("condition values", id(self)), work, owner=self, done=self._take
        )

    def _take(self, found: list[tuple[Ref, Any]]) -> None:
        self._found = [self._item(ref, title, ticked=False) for ref, title in found]
        self._show()

    def _item(self, ref: Ref, title: Any, *, ticked: bool) -> PickItem:
        face = ref if self._faces.takes(ref.entity) else None
        return PickItem(ref.id, title.text, ticked=ticked, tone=title.tone, face=face)

    def _show(self) -> None:
        rest = [item for item in self._found if item.key not in self._ticked]
        first = [] if self.list.line.text().strip() else list(self._ticked.values())
        typed = self.list.line.text().strip()
        shown = {item.key for item in first}
        again = [
            i for i in self._ticked.values() if typed and i.key in {f.key for f in self._found}
        ]
        self.list.set_items([*first, *(i for i in again if i.key not in shown), *rest])

    def _tick(self, key: Any, on: bool) -> None:
        if on:
            item = next(i for i in self._found if i.key == key)
            self._ticked[key] = replace(item, ticked=True)
        else:
            self._ticked.pop(key, None)


class OneRecord(ConditionInput):
    """One record of any of the objects a field may point to."""

    def __init__(self, f: RecordField, session: Session) -> None:
        self._field = f
        self.editor = _editor(f, session)
        super().__init__(self.editor)

    def value(self) -> Any:
        value = self.editor.value()
        if value is None:
            raise _missing()
        return tuple(value)

    def set_value(self, value: Any) -> None:
        if isinstance(value, list | tuple) and len(value) == 2:
            self.editor.set_value(Ref(str(value[0]), int(value[1])))


def input_for(f: Field, op: str, session: Session) -> ConditionInput | None:
    """The input for a comparison of a field; None where nothing has to be entered."""
    if op in WITHOUT_VALUE:
        return None
    if op == "period":
        return PeriodInput()
    if op == "comes":
        return EditedValue(IntegerField(f.key, N_("Days")), session)
    if f.storage in _TYPED:
        return _words_input(f, op, session)
    if isinstance(f, ChoiceField):
        return TickedChoices(f)
    if isinstance(f, LinkField):
        return TickedRecords(f, session)
    if isinstance(f, RecordField):
        return OneRecord(f, session)
    if f.storage == "bool":
        return YesNo(f)
    if f.storage == "datetime":  # people compare moments with days
        f = DateField(f.key, f.label)
    return ValuePair(f, session) if op == "between" else EditedValue(f, session)


def _words_input(f: Field, op: str, session: Session) -> ConditionInput:
    if isinstance(f, TagsField):
        from crm_desktop.ui.record_list.condition_tags import TickedTags

        return TickedTags(session)
    return TypedText(several=op in ("in", "not_in"))


def _editor(f: Field, session: Session) -> EditorBase:
    editor = editor_for(f, session.base.parse_context, session)
    editor.setMinimumWidth(px(120))
    return editor


def _jsoned(f: Field, value: Any) -> Any:
    plain = f.plain(value)
    return plain if isinstance(plain, str | int | float | bool) else str(plain)


def _show(editor: EditorBase, f: Field, value: Any) -> None:
    if value is None:
        return
    try:
        editor.set_value(f.unplain(value))
    except (ValueError, TypeError, ArithmeticError):  # written by hand, as people type it
        editor.set_raw(value)
