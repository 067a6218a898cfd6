"""The language of the program: gettext catalogues read straight from `.po` text files.

English sentences are the keys. `resources/translations/<language>/*.po` are all read, one file an
area, so that no compiled file has to be built or kept. `_` translates at the call; `N_` only
marks, for definitions that are shown in whatever language is chosen later.
"""

from __future__ import annotations

import ast
import gettext
import locale
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from crm_desktop.resources import resource

LANGUAGES = {"ru": "Русский", "en": "English"}
_PLURALS = {
    "ru": "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)",
    "en": "(n != 1)",
}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAMED = re.compile(r"«[^«»]*\{[^«»]*»")
_PLACEHOLDER = re.compile(r"\{(\w+)")
_INNER = str.maketrans("«»", "„“")


class _Quoting(str):
    """A sentence that puts «…» around what is filled in.

    Marks within such marks are „…“: A. Milchin, L. Cheltsova, Handbook for publishers and authors.
    """

    __slots__ = ()

    def format(self, *args: object, **values: object) -> str:
        """Fills in the placeholders; the quotes of a quoted name become inner ones."""
        for quoted in _NAMED.findall(self):
            for name in _PLACEHOLDER.findall(quoted):
                value = values.get(name)
                if isinstance(value, str) and "«" in value:
                    values[name] = value.translate(_INNER)
        return super().format(*args, **values)


def _sentence(text: str) -> str:
    return _Quoting(text) if _NAMED.search(text) else text


class _Language:
    """The sentences of one language; a missing one is shown in English."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.one: dict[str, str] = {}
        self.many: dict[str, list[str]] = {}
        self.plural: Callable[[int], int] = gettext.c2py(_PLURALS[code])

    def read(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.po")):
            for entry in read_po(path):
                self._add(entry)

    def _add(self, entry: dict[str, str]) -> None:
        key = entry.get("msgid", "")
        if "msgid_plural" in entry:
            forms = [entry[f"msgstr[{i}]"] for i in range(4) if entry.get(f"msgstr[{i}]")]
            if forms:
                self.many[key] = [_sentence(form) for form in forms]
        elif key and entry.get("msgstr"):
            self.one[key] = _sentence(entry["msgstr"])


def read_po(path: Path) -> Iterator[dict[str, str]]:
    """The entries of a gettext text file as dictionaries of msgid, msgid_plural, msgstr...

    An entry with a line that cannot be read is left out: its sentence stays English.
    """
    entry: dict[str, str] = {}
    part, sound = "", True
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        goes_on = line.startswith('"')
        name, quoted = (part, line) if goes_on else _halves(line)
        if name in ("msgid", "msgctxt") and "msgid" in entry and not goes_on:
            if sound:
                yield entry
            entry, sound = {}, True
        part, text = name, _unquoted(quoted)
        sound = sound and text is not None
        entry[part] = entry.get(part, "") + (text or "")
    if entry and sound:
        yield entry


def _halves(line: str) -> tuple[str, str]:
    name, _space, quoted = line.partition(" ")
    return name, quoted.strip()


def _unquoted(quoted: str) -> str | None:
    """The text between quotation marks; None if it is none."""
    plain = quoted[1:-1]
    if "\\" not in quoted and '"' not in plain and quoted == f'"{plain}"':
        return plain  # most lines: the parser of Python takes thirty times as long
    if not _QUOTED.fullmatch(quoted):
        return None
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError):
        return None


_current = _Language("en")


def language() -> str:
    """The code of the language in use: `ru` or `en`."""
    return _current.code


def set_language(code: str) -> None:
    """Switches every later `_()`; an unknown code means English."""
    global _current
    _current = _known(code if code in LANGUAGES else "en")


@cache
def _known(code: str) -> _Language:
    """Read once: going back to a language takes no time."""
    made = _Language(code)
    made.read(resource("translations", code))
    return made


def system_language() -> str:
    """The language of the computer, as far as we speak it."""
    first = _system_locale("LC_ALL", "LC_MESSAGES", "LANG")
    return "ru" if first.lower().startswith(("ru", "be", "kk", "uk")) else "en"


_NOWHERE = ("C", "C.UTF-8", "C.utf8", "POSIX")
_COUNTRY = ("LC_ALL", "LC_TELEPHONE", "LANG")


def system_country() -> str:
    """The country of the computer (ISO 3166, two letters) by its locale; '' if that names none.

    Python takes the locale C.UTF-8 for American English: it is nobody's country.
    """
    said = next((one for name in _COUNTRY if (one := os.environ.get(name, ""))), "")
    if said in _NOWHERE:
        return ""
    found = re.match(r"[A-Za-z]{2,3}[_-]([A-Z]{2})\b", _system_locale(*_COUNTRY))
    return found[1] if found else ""


def _system_locale(*variables: str) -> str:
    names = [os.environ.get(name, "") for name in variables]
    try:
        names.append(locale.getlocale()[0] or "")
    except ValueError:  # an odd LANG must not stop the start
        names.append("")
    return next((name for name in names if name and name not in _NOWHERE), "")


def _(message: str) -> str:
    """The sentence in the chosen language."""
    return _current.one.get(message, message)


def said_in(code: str, message: str) -> str:
    """The sentence in one of `LANGUAGES`, whatever is chosen: files come in all of them."""
    return _known(code).one.get(message, message)


def in_quotes(text: str) -> str:
    """A name within the quotation marks of the language."""
    return _("“{text}”").format(text=text)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a mark
    """Marks a sentence for translation and leaves it as it is."""
    return message


def ngettext(one: str, many: str, n: int) -> str:
    """The form of the sentence that suits `n`; the caller fills in the placeholders."""
    forms = _current.many.get(one)
    if forms:
        return forms[min(_current.plural(n), len(forms) - 1)]
    return one if n == 1 else many
