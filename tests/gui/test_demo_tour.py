"""`--demo --screenshots`: the main job from spreadsheet to undo, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from crm_desktop.ui.tour.figures import figure_steps
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_main_job_is_done_and_every_screen_comes(own_home: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ, "CRM_DESKTOP_HOME": str(own_home), "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    pictures = tmp_path / "pictures"

    done = subprocess.run(
        [sys.executable, "-m", "crm_desktop", "--demo", "--language", "en",
         "--screenshots", str(pictures)],
        env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Pictures of" in done.stdout and str(pictures) in done.stdout
    names = {path.stem.split("-", 1)[1] for path in pictures.glob("*.png")}
    assert {"list", "search", "card", "import-4-done", "operations-undone", "settings"} <= names
    assert {"dark-list", "ru-list"} <= names


def test_figures_begin_with_the_funnel_whatever_tab_is_remembered(shell: Shell) -> None:
    pages = shell.window.pages
    shell.navigator.open_page("sales-figures")
    shell.wait(lambda: pages.page.shown_tab == "funnel")
    pages.page.show_tab("forecast")
    shell.wait(lambda: pages.page.shown_tab == "forecast")
    pages.close_current()

    for step in islice(figure_steps(shell.navigator, lambda: pages.page), 2):
        step.act()
        shell.wait(lambda ready=step.ready: bool(ready()))

    assert pages.page.shown_tab == "funnel"
