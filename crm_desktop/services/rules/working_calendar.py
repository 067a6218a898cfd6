"""Hours, country and zone of a working calendar are ones that can be reckoned with."""

from __future__ import annotations

from collections.abc import Callable, Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.working_calendar import WEEKDAYS
from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.models.worktime.holidays import check_country
from crm_desktop.models.worktime.hours import format_hours, parse_hours
from crm_desktop.services.writing.batch import Batch, Staged

NO_HOLIDAYS = "-"


def check_working_calendar(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Gives hours their one form; refuses what cannot be read, a calendar on itself among it."""
    for key, _label in WEEKDAYS:
        _read(staged, given, key, _one_form)
    _read(
        staged, given, "country", lambda text: text if text == NO_HOLIDAYS else check_country(text)
    )
    _read(staged, given, "zone", _known_zone)
    base = (staged.after or {}).get("base")
    if "base" in given and base is not None and base == staged.id:
        raise InvalidInput(_("A working calendar cannot be based on itself"), field="base")


def check_calendar_day(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Gives the hours of a special day their one form."""
    _read(staged, given, "hours", _one_form)


def _one_form(text: str) -> str:
    return format_hours(parse_hours(text))


def _known_zone(text: str) -> str:
    if zone_named(text.strip()) is None:
        raise InvalidInput(
            _("There is no time zone “{name}”: write it like Europe/Moscow").format(name=text[:60])
        )
    return text.strip()


def _read(staged: Staged, given: Collection[str], key: str, read: Callable[[str], str]) -> None:
    values = staged.after
    if values is None or key not in given or not values.get(key):
        return
    try:
        values[key] = read(str(values[key])) or None
    except InvalidInput as wrong:
        raise InvalidInput(wrong.message, field=key) from wrong
