"""Names to sign in with are proposed from people's names; passwords are judged."""

from __future__ import annotations

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.server.names import (
    checked_login,
    checked_password,
    first_password,
    proposed_login,
)


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Иванова Анна Петровна", "ivanova_a"),
        ("Щукин Юрий", "shchukin_yu"),
        ("Anna Smith", "anna_s"),
        ("O'Brien", "o_b"),
        ("Женя", "zhenya"),
        ("李", "user"),
        ("3M", "u3m"),
        ("", "user"),
        ("Sysdba", "sysdba2"),
    ],
)
def test_a_name_is_proposed_in_latin_letters(name: str, login: str) -> None:
    proposed = proposed_login(name)

    assert proposed.startswith(login[:9]) and checked_login(proposed) == proposed


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert proposed_login("Иванов Олег", {"ivanov_o", "ivanov_o2"}) == "ivanov_o3"
    assert len(proposed_login("a" * 90, {"a" * 28})) <= 31


@pytest.mark.parametrize("text", ["", " ", "Анна", "a b", "1a", "a'b", 'a"b', "a" * 32, "SYSDBA"])
def test_a_name_that_the_server_does_not_take_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as error:
        checked_login(text)

    assert error.value.field == "login"


def test_a_name_is_kept_in_small_letters() -> None:
    assert checked_login(" Anna_K2 ") == "anna_k2"


@pytest.mark.parametrize("password", ["", "short", "a" * 61, "line\nbreak", "Ivanova_A"])
def test_a_password_that_is_too_easy_or_odd_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as error:
        checked_password(password, "ivanova_a")

    assert error.value.field == "password"


def test_first_passwords_differ_and_can_be_read_aloud() -> None:
    made = {first_password() for _n in range(50)}

    assert len(made) == 50
    assert all(checked_password(one) and not set(one) & set("0O1lI") for one in made)
