"""What every test may use: an own home folder, English, an offscreen screen, empty bases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop import i18n

# Before anything imports Qt: a test run opens no window on the screen of the person.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The sentences a test expects do not depend on the computer it runs on.
os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"

pytest_plugins = ["tests.bases"]


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or changes the settings of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CRM_DESKTOP_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Every test starts and ends in English, whatever language it switches to."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")
