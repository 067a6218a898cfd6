"""Pages (HTML) from outside, made harmless for the parser of the library."""

from __future__ import annotations

_CLOSED_BY = (("<!--", "-->"), ("<![", "]>"), ("<", ">"))


def closed_page(page: str) -> str:
    """The page, in which what is opened behind the last end of its kind is plain text.

    WORKAROUND for `html.parser` before Python 3.11.14 (python/cpython#135462): for each such tag
    it looks through all that follows, for minutes in 200,000 letters.
    """
    for opening, closing in _CLOSED_BY:
        end = page.rfind(closing) + 1
        page = page[:end] + page[end:].replace(opening, "&lt;" + opening[1:])
    return page
