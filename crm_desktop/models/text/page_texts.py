"""Texts as other programs write them out for a browser: `<br>`, `&quot;`. They become plain."""

from __future__ import annotations

import html
import re
from html.entities import html5

_TAG = re.compile(
    r"</?(?:br|p|div|span|b|i|u|s|strong|em|ul|ol|li|a|font|h[1-6]|table|thead|tbody|tr|td|th|hr|img"
    r"|blockquote|pre|sup|sub|small|center)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br|</(?:p|div|li|tr|h[1-6]|ul|ol|table|blockquote|pre)|<hr", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}[0-9]?);")
_SPACES = re.compile(r"[ \t\xa0]+")
_LINES = re.compile(r" ?\n ?(?:\n ?)*\n ?")


def is_page_text(text: str) -> bool:
    """Whether it holds tags or entities of HTML."""
    if "<" in text and _TAG.search(text):
        return True
    return "&" in text and any(_unescaped(e[0]) != e[0] for e in _ENTITY.finditer(text))


def plain_text(text: str) -> str:
    """The text as a browser would show it; any text without tags and entities as it is."""
    if not is_page_text(text):
        return text
    shown = _TAG.sub(lambda tag: "\n" if _BREAK.match(tag[0]) else "", text)
    shown = _ENTITY.sub(lambda entity: _unescaped(entity[0]), shown)
    return _LINES.sub("\n\n", _SPACES.sub(" ", shown)).replace(" \n", "\n").strip()


def _unescaped(entity: str) -> str:
    if entity[1] == "#":
        return html.unescape(entity)
    return html5.get(entity[1:], entity)
