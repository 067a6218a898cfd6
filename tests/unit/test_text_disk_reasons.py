"""What the operating system says of a file is said in the language of the person."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import pytest

from crm_desktop import i18n
from crm_desktop.models.text.disk_reasons import disk_reason


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    kept = i18n.language()
    yield
    i18n.set_language(kept)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "на диске нет места"),
        (errno.EACCES, "нет прав, или файл занят другой программой"),
        (errno.EIO, "диск или сеть сообщает об ошибке"),
    ],
)
def test_a_reason_is_said_in_russian(number: int, said: str) -> None:
    i18n.set_language("ru")

    assert disk_reason(OSError(number, "The system's own words")) == said


def test_an_error_without_a_number_has_a_reason_too() -> None:
    i18n.set_language("en")

    assert disk_reason(OSError("odd")) == "the disk or the network reports an error"
