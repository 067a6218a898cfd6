"""Child processes of the program."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from crm_desktop.services.jobs import child_environment, module_command


def test_what_lies_beside_a_base_is_no_part_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crm_desktop").mkdir()
    for name in ("crm_desktop/__init__.py", "crm_desktop/__main__.py", "pickle.py", "json.py"):
        (tmp_path / name).write_text("print('stolen')\n")
    monkeypatch.chdir(tmp_path)

    said = subprocess.run(
        [*module_command("crm_desktop"), "--version"], env=child_environment(),
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip

    assert said.startswith("crm-desktop") and "stolen" not in said
