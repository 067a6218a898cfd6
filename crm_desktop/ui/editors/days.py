"""A day of a box that stands for itself: typed as people say it, or chosen from a calendar."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes import DateField
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.calendar import DateEdit

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_DAY = DateField("day", "")
_WIDE = 160


def day_edit(base: Workspace, name: str) -> DateEdit:
    """A field for one day, read by the clock and the order of dates of the base; `name` is what
    screen readers say."""
    context = base.parse_context()

    def parse(text: str) -> date:
        try:
            day = _DAY.parse(text, context)
        except InvalidInput as error:
            raise ValueError(text) from error
        if not isinstance(day, date):
            raise ValueError(text)
        return day

    words = (_("Choose from the calendar"), _("Month before"), _("Next month"))
    edit = DateEdit(name=name, today=base.clock.today, parse=parse, words=words)
    edit.setFixedWidth(px(_WIDE))
    return edit
