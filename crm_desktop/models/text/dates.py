"""Days, moments and lengths of time, read and shown: the front of `days`, `moments`..."""

from crm_desktop.models.text.date_formats import DateStyle, format_date, format_datetime
from crm_desktop.models.text.days import ORDERS, add_months, excel_date, parse_date
from crm_desktop.models.text.durations import format_duration, parse_duration
from crm_desktop.models.text.moments import parse_datetime, parse_time

__all__ = [
    "ORDERS",
    "DateStyle",
    "add_months",
    "excel_date",
    "format_date",
    "format_datetime",
    "format_duration",
    "parse_date",
    "parse_datetime",
    "parse_duration",
    "parse_time",
]
