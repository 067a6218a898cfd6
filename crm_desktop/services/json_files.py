"""JSON that a person has written: read, or refused with a sentence that says where it breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crm_desktop.errors import FileProblem, InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason


def parse_json(text: str, name: str) -> Any:
    """The value; `InvalidInput` names `name`, the line and the column of the mistake."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        said = _("{name} is not JSON: look at line {line}, column {column}")
        raise InvalidInput(said.format(name=name, line=error.lineno, column=error.colno)) from None
    except (ValueError, RecursionError):
        raise InvalidInput(_("{name} is not JSON that can be read").format(name=name)) from None


def read_json(path: Path, *, most: int) -> Any:
    """The value in a file of at most so many bytes; `FileProblem` if there is no such file."""
    try:
        if path.stat().st_size > most:
            raise FileProblem(_("{file} is too large for a description").format(file=path.name))
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        said = _("There is no file {file}. Check its name and its folder.")
        raise FileProblem(said.format(file=path.name)) from None
    except OSError as error:
        said, reason = _("{file} cannot be read: {reason}"), disk_reason(error)
        raise FileProblem(said.format(file=path.name, reason=reason)) from None
    except UnicodeDecodeError:
        said = _("{name} is not JSON that can be read")
        raise InvalidInput(said.format(name=path.name)) from None
    return parse_json(text, path.name)
