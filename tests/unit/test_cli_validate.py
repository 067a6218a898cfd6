"""`crm-desktop validate`: a verdict for programs and for people, without any base."""

from __future__ import annotations

import json

import pytest

from crm_desktop.cli.main import run


def test_a_right_value_comes_back_normalised(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "inn", "7707 083 893", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told == {"valid": True, "normalised": "7707083893", "reason": ""}


def test_a_wrong_value_is_refused_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "account", "40702810900000000001", "--bik", "044525225", "--json"]) == 1

    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["valid"], told["normalised"]) == (False, None)
    assert "key" in told["reason"] and told["reason"] in err


def test_words_of_a_number_need_no_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("validate iban GB29 NWBK 6016 1331 9268 19".split()) == 0
    assert capsys.readouterr().out == "GB29NWBK60161331926819\n"


def test_a_telephone_is_of_the_country_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "phone", "030 123456", "--country", "DE"]) == 0
    assert capsys.readouterr().out == "+4930123456\n"


def test_an_unknown_kind_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "shoe", "1"]) == 2
    assert "inn, inn10" in capsys.readouterr().err


def test_reasons_are_told_in_russian(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "inn", "770708389", "--language", "ru"]) == 1
    assert "10 или 12" in capsys.readouterr().err
