"""Wrong usage: words that have not the form a command asks for, whatever stands in the base."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crm_desktop.errors import InvalidInput


class WrongUsage(InvalidInput):
    """A word of the command is not written as it has to be: exit status 2."""


@contextmanager
def words_of(field: str | None = None) -> Iterator[None]:
    """What is wrong with the form of something typed is wrong usage. `field`: what it is about."""
    try:
        yield
    except InvalidInput as error:
        raise WrongUsage(error.message, field=error.field or field) from None
