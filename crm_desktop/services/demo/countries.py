"""The languages of the demo company, and where its base lies; nothing heavy is imported here."""

from __future__ import annotations

from pathlib import Path

from crm_desktop.services.demo.country import Country
from crm_desktop.services.demo.english import UnitedStates
from crm_desktop.services.demo.russian import Russia

FOLDER = "demo"


def country_of(language: str) -> Country:
    """The words and rules of a base's language."""
    return Russia() if language == "ru" else UnitedStates()


def demo_path(home: Path, language: str) -> Path:
    """Where the demo base of a language lies, whether it was made yet or not."""
    name = country_of(language).company.replace("&", "and")
    return home / FOLDER / f"{name}.crm"
