"""`--demo --screenshots`: the main job from spreadsheet to undo, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
