"""What the field types share."""

from __future__ import annotations

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field

COMPARE = ("eq", "ne", "lt", "le", "gt", "ge", "between", "empty", "filled")
TEXT = ("contains", "starts", "eq", "ne", "in", "empty", "filled")
SUMS = ("count", "sum", "average", "min", "max")
LONGEST_SHOWN = 60


def refuse(field: Field, sentence: str, value: object, **more: object) -> InvalidInput:
    """The error for a value that does not suit: the field's label, what is wrong, the value."""
    text = str(value)
    shown = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
    return InvalidInput(sentence.format(field=_(field.label), value=shown, **more), field=field.key)


_NO_WIDTH = "\u200b\u200e\u200f\u2060\ufeff"


def clean(text: str) -> str:
    """Text without NULs, lone surrogates and other things no base can keep, and without the
    letters of no width that web pages leave at its ends."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii() or text.isprintable():
        return text
    return text.encode("utf-8", "ignore").decode("utf-8").strip(_NO_WIDTH)
