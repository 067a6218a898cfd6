"""A rule of recurrence in words: “every second Tuesday”, «по последним рабочим дням месяца».

The grammar of ordinals and cases is written out for each language; a rule that these words cannot
say is shown as it stands.
"""

from __future__ import annotations

from datetime import UTC, date

from crm_desktop.errors import InvalidInput
from crm_desktop.models.recurrence.rule import DAYS, WORKING_WEEK, Recurrence, parse_recurrence

_SAID = frozenset("FREQ INTERVAL COUNT UNTIL WKST BYDAY BYMONTHDAY BYMONTH BYSETPOS".split())

_EN_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_EN_UNITS = {"SECONDLY": "second", "MINUTELY": "minute", "HOURLY": "hour", "DAILY": "day",
             "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}  # fmt: skip
_EN_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_EN_MONTHS = (
    "January February March April May June July August September October November December"
).split()

# day: nominative, accusative, dative plural, gender
_RU_DAYS = (
    ("понедельник", "понедельник", "понедельникам", "m"), ("вторник", "вторник", "вторникам", "m"),
    ("среда", "среду", "средам", "f"), ("четверг", "четверг", "четвергам", "m"),
    ("пятница", "пятницу", "пятницам", "f"), ("суббота", "субботу", "субботам", "f"),
    ("воскресенье", "воскресенье", "воскресеньям", "n"),
)  # fmt: skip
_RU_EVERY = {"m": "каждый", "f": "каждую", "n": "каждое"}
_RU_PLACES = {
    1: {"m": "первый", "f": "первую", "n": "первое"},
    2: {"m": "второй", "f": "вторую", "n": "второе"},
    3: {"m": "третий", "f": "третью", "n": "третье"},
    4: {"m": "четвёртый", "f": "четвёртую", "n": "четвёртое"},
    5: {"m": "пятый", "f": "пятую", "n": "пятое"},
    -1: {"m": "последний", "f": "последнюю", "n": "последнее"},
}
# one, few, many; the word with "every"
_RU_UNITS = {
    "SECONDLY": ("секунду", "секунды", "секунд", "каждую"),
    "MINUTELY": ("минуту", "минуты", "минут", "каждую"),
    "HOURLY": ("час", "часа", "часов", "каждый"),
    "DAILY": ("день", "дня", "дней", "каждый"),
    "WEEKLY": ("неделю", "недели", "недель", "каждую"),
    "MONTHLY": ("месяц", "месяца", "месяцев", "каждый"),
    "YEARLY": ("год", "года", "лет", "каждый"),
}
_RU_MONTHS = (
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
).split()


def rule_in_words(text: str, language: str) -> str:
    """The rule as people say it, without a capital; the text itself where words fail."""
    try:
        known = parse_recurrence(text, UTC)
    except InvalidInput:
        return text
    parts = known.parts()
    russian = language == "ru"
    if not parts:
        return "по отдельным датам" if russian else "on single dates"
    said = _russian(parts) if russian else _english(parts)
    if not said or parts.keys() - _SAID:
        return known.rule
    return said + _end(parts, russian) + _without(known, russian)


def _days(parts: dict[str, str]) -> list[tuple[int, int]]:
    """(place in the month or 0, number of the weekday) of BYDAY."""
    named = filter(None, parts.get("BYDAY", "").split(","))
    return [(int(day[:-2] or 0), DAYS.index(day[-2:])) for day in named]


def _is_working(parts: dict[str, str]) -> bool:
    return frozenset(parts.get("BYDAY", "").split(",")) == WORKING_WEEK


def _numbers(parts: dict[str, str], name: str) -> list[int]:
    return [int(one) for one in parts.get(name, "").split(",") if one]


# --- English --------------------------------------------------------------------------------------


def _english(parts: dict[str, str]) -> str:
    freq, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    unit = _EN_UNITS[freq]
    every = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    if freq == "WEEKLY" and not {"BYMONTHDAY", "BYSETPOS", "BYMONTH"} & parts.keys():
        return _english_week(parts, interval, every)
    if freq == "MONTHLY" and "BYMONTH" not in parts:
        return _english_month(parts, interval, every)
    if freq == "YEARLY":
        on = _year_day(parts)
        if on:
            return f"{every} on {on[0]} {_EN_MONTHS[on[1] - 1]}"
    plain = not {"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"} & parts.keys()
    return every if plain else ""


def _english_week(parts: dict[str, str], interval: int, every: str) -> str:
    days = sorted(day for _place, day in _days(parts))
    if not days:
        return every
    if len(days) == 1 and interval <= 2:
        return f"every {'second ' if interval == 2 else ''}{_EN_DAYS[days[0]]}"
    named = _listed([f"{_EN_DAYS[day]}s" for day in days], "and")
    on = "on weekdays" if _is_working(parts) else f"on {named}"
    return on if interval == 1 else f"{on}, {every}"


def _english_month(parts: dict[str, str], interval: int, every: str) -> str:
    month = "the month"
    more = "" if interval == 1 else f", {every}"
    places, dates = _numbers(parts, "BYSETPOS"), _numbers(parts, "BYMONTHDAY")
    days = _days(parts)
    if places and _is_working(parts) and not dates:
        place = _EN_PLACES.get(places[0], "") if len(places) == 1 else ""
        return f"on the {place} working day of {month}{more}" if place else ""
    if places:
        return ""
    if dates and not days:
        if dates == [-1]:
            return f"on the last day of {month}{more}"
        if min(dates) < 0:
            return ""
        return f"on the {_listed([_ordinal(one) for one in dates], 'and')} of {month}{more}"
    if days and not dates:
        named = [(_EN_PLACES.get(place), _EN_DAYS[day]) for place, day in days]
        if all(place for place, _day in named):
            return f"on the {_listed([f'{p} {d}' for p, d in named], 'and')} of {month}{more}"
        return ""
    return every if not dates and not days else ""


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


# --- Russian --------------------------------------------------------------------------------------


def _russian(parts: dict[str, str]) -> str:
    freq, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    one, few, many, each = _RU_UNITS[freq]
    once = f"раз в {interval} {_form(interval, one, few, many)}"
    every = f"{each} {one}" if interval == 1 else once
    if freq == "WEEKLY" and not {"BYMONTHDAY", "BYSETPOS", "BYMONTH"} & parts.keys():
        return _russian_week(parts, interval, every)
    if freq == "MONTHLY" and "BYMONTH" not in parts:
        return _russian_month(parts, interval, every)
    if freq == "YEARLY":
        on = _year_day(parts)
        if on:
            return f"{every}, {on[0]} {_RU_MONTHS[on[1] - 1]}"
    plain = not {"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"} & parts.keys()
    return every if plain else ""


def _russian_week(parts: dict[str, str], interval: int, every: str) -> str:
    days = sorted(day for _place, day in _days(parts))
    if not days:
        return every
    if len(days) == 1 and interval <= 2:
        _name, whom, _plural, gender = _RU_DAYS[days[0]]
        second = _RU_PLACES[2][gender] + " " if interval == 2 else ""
        return f"{_RU_EVERY[gender]} {second}{whom}"
    named = "будням" if _is_working(parts) else _listed([_RU_DAYS[d][2] for d in days], "и")
    return f"по {named}" if interval == 1 else f"по {named}, {every}"


def _russian_month(parts: dict[str, str], interval: int, every: str) -> str:
    more = "" if interval == 1 else f", {every}"
    places, dates = _numbers(parts, "BYSETPOS"), _numbers(parts, "BYMONTHDAY")
    days = _days(parts)
    if places and _is_working(parts) and not dates:
        said = {1: "по первым рабочим дням месяца", -1: "по последним рабочим дням месяца"}
        if len(places) > 1 or places[0] < -1:
            return ""
        return said.get(places[0], f"в {places[0]}-й рабочий день месяца") + more
    if places:
        return ""
    if dates and not days:
        if dates == [-1]:
            return f"в последний день месяца{more}"
        named = _listed([f"{one}-го" for one in dates], "и")
        return "" if min(dates) < 0 else f"{named} числа{more or ' каждого месяца'}"
    if days and not dates:
        if any(place not in _RU_PLACES for place, _day in days):
            return ""
        said_days = [f"{_RU_PLACES[p][_RU_DAYS[d][3]]} {_RU_DAYS[d][1]}" for p, d in days]
        into = "во" if said_days[0].startswith("вт") else "в"
        return f"{into} {_listed(said_days, 'и')} месяца{more}"
    return every if not dates and not days else ""


def _form(number: int, one: str, few: str, many: str) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return one
    return few if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else many


# --- both -----------------------------------------------------------------------------------------


def _year_day(parts: dict[str, str]) -> tuple[int, int] | None:
    """The day and month of a yearly rule that names one of each."""
    dates, months = _numbers(parts, "BYMONTHDAY"), _numbers(parts, "BYMONTH")
    single = len(dates) == len(months) == 1 and dates[0] > 0
    return (dates[0], months[0]) if single and not {"BYDAY", "BYSETPOS"} & parts.keys() else None


def _listed(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _end(parts: dict[str, str], russian: bool) -> str:
    if "COUNT" in parts:
        count = int(parts["COUNT"])
        if russian:
            return f", {count} {_form(count, 'раз', 'раза', 'раз')}"
        return ", once" if count == 1 else f", {count} times"
    if "UNTIL" in parts:
        given = parts["UNTIL"]
        day = date(int(given[:4]), int(given[4:6]), int(given[6:8]))
        if russian:
            return f", до {day:%d.%m.%Y}"
        return f", until {day.day} {_EN_MONTHS[day.month - 1]} {day.year}"
    return ""


def _without(known: Recurrence, russian: bool) -> str:
    count = len(known.exdates)
    if not count:
        return ""
    if russian:
        return f", кроме {count} {_form(count, 'даты', 'дат', 'дат')}"
    return f", except {count} {'date' if count == 1 else 'dates'}"
