"""A vendor of the tests: keys of his own, licences signed with them, files on disk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from crm_desktop.services.licensing.licence import (
    Licence,
    PublicKeys,
    issue,
    make_keys,
    read_keys,
)


class Vendor:
    """Signs whatever a test asks for."""

    def __init__(self, folder: Path) -> None:
        self.private, self.public = make_keys(folder)

    @property
    def keys(self) -> PublicKeys:
        return read_keys(self.public)

    def licence(self, **facts: Any) -> Licence:
        """A signed licence for five seats, or what `facts` say."""
        drawn: dict[str, Any] = {
            "id": "L-7", "customer": "Chamomile", "seats": 5, "edition": "office",
            "issued": date(2026, 1, 10), **facts,
        }  # fmt: skip
        return issue(Licence(**drawn), self.private)

    def file(self, path: Path, **facts: Any) -> Path:
        """The same as a file."""
        path.write_text(self.licence(**facts).text(), encoding="utf-8")
        return path
