"""The log helps somebody from afar, so it must hold what happened and no secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop import log


@pytest.fixture
def log_path(tmp_path: Path) -> Iterator[Path]:
    yield log.start_log(tmp_path / "logs")
    log.stop_log()


def test_a_line_tells_when_how_grave_and_where(log_path: Path) -> None:
    logging.getLogger("crm_desktop.test").warning("The base is %s", "slow")

    line = log_path.read_text(encoding="utf-8")
    assert line.rstrip().endswith("The base is slow")
    assert "Z WARNING crm_desktop.test [MainThread]" in line


@pytest.mark.parametrize(
    "text",
    [
        "firebird+fdb://anna:s3cret@server:3050/base.fdb",
        "connect(user='anna', password='s3cret')",
        '{"password": "s3cret", "user": "anna"}',
        "ISC_PASSWORD=s3cret",
        "token: s3cret; user: anna",
        "smtp_secret = s3cret, host = h",
    ],
)
def test_secrets_are_masked(log_path: Path, text: str) -> None:
    logging.getLogger("crm_desktop.test").error("Failed: %s", text)

    line = log_path.read_text(encoding="utf-8")
    assert "s3cret" not in line
    assert "***" in line


def test_secrets_are_masked_in_tracebacks(log_path: Path) -> None:
    try:
        raise OSError("no answer from firebird://anna:s3cret@server/base")
    except OSError:
        logging.getLogger("crm_desktop.test").exception("Failed")

    assert "s3cret" not in log_path.read_text(encoding="utf-8")
    assert "anna:***@server" in log_path.read_text(encoding="utf-8")


def test_ordinary_text_is_left_alone() -> None:
    text = "https://example.org/page?tab=2 opened at 12:30 by anna@example.org"

    assert log.masked(text) == text


def test_a_second_start_moves_to_the_other_folder(log_path: Path, tmp_path: Path) -> None:
    other = log.start_log(tmp_path / "other")

    logging.getLogger("crm_desktop.test").info("Moved")

    assert "Moved" in other.read_text(encoding="utf-8")
    assert "Moved" not in log_path.read_text(encoding="utf-8")


def test_the_files_do_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 1000)
    folder = log.start_log(tmp_path / "small").parent

    for n in range(200):
        logging.getLogger("crm_desktop.test").info("Line %s", n)
    log.stop_log()

    assert len(list(folder.iterdir())) == log.KEPT_FILES + 1
    assert all(file.stat().st_size <= 1000 for file in folder.iterdir())
