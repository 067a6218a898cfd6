"""Tooltips that show what somebody wrote: Qt would take `<b>` or a picture's address in a name for
HTML, and look for the picture wherever it says, also on a stranger's server."""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """The text for a tooltip that shows it to the letter."""
    if "<" not in text:
        return text
    return f"<qt>{escape(text, quote=False)}</qt>".replace("\n", "<br>")
