"""What goes wrong inside calamine, which is written in Rust, as errors of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import CalamineError, PasswordError

from crm_desktop.services.importing.readers import problems

T = TypeVar("T")


class NotForCalamine(Exception):
    """Calamine does not read this file or sheet; another reader may."""


def guarded(path: Path, work: Callable[[], T]) -> T:
    """Does the work; what goes wrong inside calamine becomes FileProblem or NotForCalamine."""
    try:
        return work()
    except PasswordError as error:
        raise problems.problem(problems.PASSWORD, path) from error
    except OSError as error:
        raise problems.reading_failed(path, error) from error
    except CalamineError as error:
        raise NotForCalamine(str(error)) from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise NotForCalamine(str(error)) from error


def values_of(
    path: Path, sheet: str, rows: Iterable[list[Any]], reached: int = 0
) -> Iterator[list[Any]]:
    """The rows as Python values; FileProblem names the one that has none. `reached`: the number
    of the row before them."""
    try:
        for values in rows:
            reached += 1
            yield values
    except BaseException as error:
        if not is_panic(error):
            raise
        raise problems.problem(problems.BAD_ROW, path, row=reached + 1, sheet=sheet) from error


def is_panic(error: BaseException) -> bool:
    """A panic in Rust comes as an exception that is no Exception; it cannot be imported."""
    return type(error).__name__ == "PanicException"
