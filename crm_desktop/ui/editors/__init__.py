"""One editor for each field type: what a person types a value with, wherever that is.

To add a field type: an editor class in a module here and a line in `EDITORS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.ui.editors.base import ContextProvider, EditorBase
from crm_desktop.ui.editors.choices import BoolEditor, ChoiceEditor, MultiChoiceEditor
from crm_desktop.ui.editors.files import FileEditor
from crm_desktop.ui.editors.lines import (
    AddressEditor,
    ContactEditor,
    DecimalEditor,
    DurationEditor,
    EmailEditor,
    MoneyEditor,
    NumberEditor,
    PhoneEditor,
    TextEditor,
    UrlEditor,
    YearlyEditor,
)
from crm_desktop.ui.editors.links import LinkEditor, RecordEditor, UserEditor
from crm_desktop.ui.editors.moments import DateEditor, DateTimeEditor
from crm_desktop.ui.editors.recurrence import RecurrenceEditor
from crm_desktop.ui.editors.tags import TagsEditor
from crm_desktop.ui.editors.texts import LongTextEditor

if TYPE_CHECKING:
    from crm_desktop.ui.session import Session

EDITORS: dict[str, type[EditorBase]] = {
    "text": TextEditor,
    "long_text": LongTextEditor,
    "recurrence": RecurrenceEditor,
    "url": UrlEditor,
    "address": AddressEditor,
    "file": FileEditor,
    "tags": TagsEditor,
    "phone": PhoneEditor,
    "email": EmailEditor,
    "contact": ContactEditor,
    "integer": NumberEditor,
    "decimal": DecimalEditor,
    "money": MoneyEditor,
    "bool": BoolEditor,
    "date": DateEditor,
    "yearly": YearlyEditor,
    "datetime": DateTimeEditor,
    "duration": DurationEditor,
    "choice": ChoiceEditor,
    "multi_choice": MultiChoiceEditor,
    "link": LinkEditor,
    "user": UserEditor,
    "record": RecordEditor,
}
"""The editor of each field type, by `Field.type_name`."""


def editor_for(
    field: Field,
    context: ContextProvider,
    session: Session | None = None,
    parent: QWidget | None = None,
) -> EditorBase:
    """A new editor of a field."""
    return EDITORS[field.type_name](field, context, session, parent)


__all__ = ["EDITORS", "ContextProvider", "EditorBase", "editor_for"]
