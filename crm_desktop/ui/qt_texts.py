"""The sentences of Qt's own dialogs that its translations lack, in the language in use.

They are handed to Qt as a file of messages, since the file dialog asks for some of them in a
thread of its own, where no function of Python may be waited for. Format: `qtranslator.cpp` of Qt 6.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTranslator

from crm_desktop.i18n import N_, _

LACKING = (
    N_("&Look in:"), N_("Files of &type:"), N_("Page &Set:"), N_("Drive"), N_("%1 File"),
    N_("File Folder"), N_("Folder"), N_("Alias"), N_("Shortcut"), N_("Unknown"), N_("File"),
)  # fmt: skip
_MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
_HASHES, _MESSAGES = 0x42, 0x69
_END, _TRANSLATION, _SOURCE = 1, 3, 6


class LackingTexts(QTranslator):
    """What Qt asks for after its own translator had no answer: install it before that one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._data = messages({text: _(text) for text in LACKING})  # Qt reads it where it is
        self.load(self._data)


def messages(texts: Mapping[str, str]) -> bytes:
    """A file of messages for Qt, without contexts: {English: translation}."""
    hashes, found = [], b""
    for source, said in texts.items():
        hashes.append((_elf_hash(source.encode()), len(found)))
        found += _part(_TRANSLATION, said.encode("utf-16-be")) + _part(_SOURCE, source.encode())
        found += bytes((_END,))
    table = b"".join(struct.pack(">II", *pair) for pair in sorted(hashes))
    return _MAGIC + _part(_HASHES, table) + _part(_MESSAGES, found)


def _part(tag: int, content: bytes) -> bytes:
    return struct.pack(">BI", tag, len(content)) + content


def _elf_hash(text: bytes) -> int:
    """The hash of object files in the System V ABI; Qt makes 1 of 0."""
    number = 0
    for letter in text:
        number = (number << 4) + letter
        high = number & 0xF0000000
        number = (number ^ high >> 24) & ~high
    return number or 1
