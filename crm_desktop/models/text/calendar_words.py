"""Days, months and units of time as they are typed and shown, by language.

Keys are in normal form (`norm`): small letters, ye for yo.
"""

from __future__ import annotations

DAYS_FROM_TODAY = {
    "сегодня": 0, "сег": 0, "завтра": 1, "завт": 1, "послезавтра": 2, "вчера": -1, "позавчера": -2,
    "today": 0, "tod": 0, "tomorrow": 1, "tom": 1, "yesterday": -1, "day after tomorrow": 2,
    "day before yesterday": -2,
}  # fmt: skip

_WEEKDAYS = (
    "пн пон понедельник понедельника mon monday",
    "вт вто вторник вторника tue tues tuesday",
    "ср сре среда среду среды wed wednesday",
    "чт чет четверг четверга thu thur thurs thursday",
    "пт пят пятница пятницу пятницы fri friday",
    "сб суб суббота субботу субботы sat saturday",
    "вс вос воскресенье воскресенья sun sunday",
)
WEEKDAYS = {name: day for day, names in enumerate(_WEEKDAYS) for name in names.split()}

_MONTHS = (
    "янв январь января jan january",
    "фев февр февраль февраля feb february",
    "мар март марта mar march",
    "апр апрель апреля apr april",
    "май мая may",
    "июн июнь июня jun june",
    "июл июль июля jul july",
    "авг август августа aug august",
    "сен сент сентябрь сентября sep sept september",
    "окт октябрь октября oct october",
    "ноя нояб ноябрь ноября nov november",
    "дек декабрь декабря dec december",
)
MONTHS = {name: month for month, names in enumerate(_MONTHS, 1) for name in names.split()}

# Units of whole days, in the forms of days, months.
UNITS_OF_DAYS = {
    "д": (1, 0), "дн": (1, 0), "день": (1, 0), "дня": (1, 0), "дней": (1, 0), "d": (1, 0),
    "day": (1, 0), "days": (1, 0), "н": (7, 0), "нед": (7, 0), "неделя": (7, 0), "недели": (7, 0),
    "неделю": (7, 0), "недель": (7, 0), "w": (7, 0), "week": (7, 0), "weeks": (7, 0),
    "мес": (0, 1), "месяц": (0, 1), "месяца": (0, 1), "месяцев": (0, 1), "month": (0, 1),
    "months": (0, 1), "г": (0, 12), "год": (0, 12), "года": (0, 12), "лет": (0, 12), "y": (0, 12),
    "year": (0, 12), "years": (0, 12),
}  # fmt: skip

SECONDS = {
    "с": 1, "сек": 1, "секунда": 1, "секунды": 1, "секунд": 1, "секунду": 1, "s": 1, "sec": 1,
    "secs": 1, "second": 1, "seconds": 1, "м": 60, "мин": 60, "минута": 60, "минуты": 60,
    "минут": 60, "минуту": 60, "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "ч": 3600, "час": 3600, "часа": 3600, "часов": 3600, "h": 3600, "hr": 3600, "hrs": 3600,
    "hour": 3600, "hours": 3600, "д": 86400, "дн": 86400, "день": 86400, "дня": 86400,
    "дней": 86400, "d": 86400, "day": 86400, "days": 86400,
}  # fmt: skip

SHORT_MONTHS = {
    "ru": tuple("янв фев мар апр мая июн июл авг сен окт ноя дек".split()),
    "en": tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()),
}
LONG_MONTHS = {
    "ru": tuple(
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
    ),
    "en": tuple(names.split()[-1].capitalize() for names in _MONTHS),
}
NEAR_DAYS = {
    "ru": {0: "сегодня", 1: "завтра", -1: "вчера"},
    "en": {0: "today", 1: "tomorrow", -1: "yesterday"},
}
SPAN_UNITS = {"ru": ("ч", "мин", "с"), "en": ("h", "min", "s")}
