"""The one error of the readers in this package."""

from __future__ import annotations


class Unreadable(ValueError):
    """A text that means nothing to the reader; `code` is a short reason such as `empty`.

    The sentence for people is made where the text was typed: only there the field is known.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
