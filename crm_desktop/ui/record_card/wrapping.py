"""Text broken into lines of a width, the last one cut when there are more."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtGui import QTextLayout, QTextOption

from crm_desktop.ui.painting import elided
from crm_desktop.ui.theme import font, theme

_LONGEST = 4000
_JOINTS = re.compile(r"(?<=\S)(?=@)|(?<=[/?&])(?=\w)")
_MAY_BREAK = "\u200b"


def wrapped(text: str, kind: str, width: int, most: int) -> tuple[str, ...]:
    """At most `most` lines of `text` in that type, each at most `width` px wide."""
    return _wrapped(text[:_LONGEST], kind, max(20, width), most, theme().scale)


@lru_cache(maxsize=2000)
def _wrapped(text: str, kind: str, width: int, most: int, _scale: float) -> tuple[str, ...]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_broken(paragraph, kind, width, most + 1 - len(lines)))
        if len(lines) > most:
            break
    if len(lines) > most:
        rest = lines[most - 1] + " " + lines[most]
        lines = [*lines[: most - 1], elided(rest.strip() + " …", kind, width)]
    return tuple(lines)


def _broken(paragraph: str, kind: str, width: int, most: int) -> list[str]:
    """An address that is too long is broken at its joints before it is broken anywhere."""
    paragraph = _JOINTS.sub(_MAY_BREAK, paragraph)
    layout = QTextLayout(paragraph, font(kind))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while len(lines) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        words = paragraph[line.textStart() : line.textStart() + line.textLength()]
        lines.append(words.replace(_MAY_BREAK, "").rstrip())
    layout.endLayout()
    return lines or [""]
