"""The language in which `./start` and `./test` speak: the one of the program, which needs nothing
but the standard library to read its translations.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from crm_desktop.i18n import LANGUAGES, _, set_language, system_language  # noqa: E402

__all__ = ["ROOT", "_", "speak"]


def speak() -> None:
    """From now on everything is said in the language of the computer, or the one asked for."""
    asked = os.environ.get("CRM_DESKTOP_LANGUAGE", "")
    set_language(asked if asked in LANGUAGES else system_language())
    for stream in (sys.stdout, sys.stderr):  # a Windows of another alphabet would stumble over ours
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
