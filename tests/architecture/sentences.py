"""The sentences of the program: what the code asks to be translated, what the translators wrote."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from crm_desktop.i18n import read_po
from tests.architecture.source import ROOT, Source

_MARKS = {"_": 1, "N_": 1, "ngettext": 2}
RUSSIAN = ROOT / "resources" / "translations" / "ru"


@dataclass(frozen=True)
class Sentence:
    """English text as it stands in the code; `many` is its plural, if it counts something."""

    where: str
    text: str
    many: str | None = None


def marked(source: Source) -> Iterator[tuple[ast.Call, str, list[ast.expr]]]:
    """Each call of `_`, `N_`, `ngettext` with the arguments that hold sentences."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            func = node.func
            name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
            if name in _MARKS:
                yield node, name, node.args[: _MARKS[name]]


def sentences(source: Source) -> Iterator[Sentence]:
    """All sentences of one file."""
    for call, name, arguments in marked(source):
        texts = [text for argument in arguments for text in _texts(argument)]
        if name == "ngettext" and len(texts) == 2:
            yield Sentence(source.at(call), *texts)
        else:
            yield from (Sentence(source.at(call), text) for text in texts)


def _texts(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.IfExp):
        yield from _texts(argument.body)
        yield from _texts(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value


def glued(source: Source) -> Iterator[str]:
    """Calls whose sentence is put together before it is translated: no translator can see it."""
    for call, name, arguments in marked(source):
        for argument in arguments:
            if isinstance(argument, ast.JoinedStr | ast.BinOp) or _formats(argument):
                yield f"{source.at(call)} glues inside {name}()"


def _formats(argument: ast.expr) -> bool:
    return (
        isinstance(argument, ast.Call)
        and isinstance(argument.func, ast.Attribute)
        and argument.func.attr in ("format", "join", "replace")
    )


@dataclass(frozen=True)
class Translation:
    """One entry of a translator's file."""

    file: str
    text: str
    many: str | None
    forms: tuple[str, ...]


@cache
def translations() -> tuple[Translation, ...]:
    """Everything in Russian, in the order of the files."""
    return tuple(
        Translation(path.name, entry["msgid"], entry.get("msgid_plural"), _forms(entry))
        for path in sorted(RUSSIAN.glob("*.po"))
        for entry in read_po(path)
        if entry.get("msgid")
    )


def _forms(entry: dict[str, str]) -> tuple[str, ...]:
    return tuple(text for name, text in entry.items() if name.startswith("msgstr"))


def placeholders(text: str) -> set[str]:
    """Names in braces; a ValueError for braces that `.format` would stumble over."""
    return {name for _text, name, _spec, _how in string.Formatter().parse(text) if name is not None}
