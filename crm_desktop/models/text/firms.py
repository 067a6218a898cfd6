"""Names of firms: the legal form apart from the name, and what kind of client a name may be."""

from __future__ import annotations

import re
from typing import Literal

from crm_desktop.models.text.first_names import ENGLISH, RUSSIAN
from crm_desktop.models.text.normalise import norm, tidy
from crm_desktop.models.text.persons import is_patronymic

ClientKind = Literal["company", "sole_trader", "person"]

_SHORT_FORMS = """
    ООО ЗАО ОАО АО ПАО НАО ИП НКО АНО ГУП МУП ФГУП ГБУ МБУ ГКУ МКУ ФГБУ ФГАУ ГАУ МАУ НП ТСЖ ТСН
    СНТ ГСК ЖСК КФХ ТОО ЧП ЧУП ОДУ РУП ОДО УП LLC Ltd Limited LLP PLC Inc Corp Corporation GmbH AG
    KG KGaA OHG UG EOOD OOD EAD SIA OU OÜ UAB OY Oyj ApS BV NV Sarl Srl SpA Sro Pte Pty
""".split()
_LONG_FORMS = {
    "общество с ограниченной ответственностью": "ООО",
    "публичное акционерное общество": "ПАО",
    "закрытое акционерное общество": "ЗАО",
    "открытое акционерное общество": "ОАО",
    "непубличное акционерное общество": "НАО",
    "акционерное общество": "АО",
    "индивидуальный предприниматель": "ИП",
    "автономная некоммерческая организация": "АНО",
    "муниципальное унитарное предприятие": "МУП",
    "федеральное государственное унитарное предприятие": "ФГУП",
    "государственное унитарное предприятие": "ГУП",
    "товарищество с ограниченной ответственностью": "ТОО",
    "частное предприятие": "ЧП",
    "крестьянское (фермерское) хозяйство": "КФХ",
    "limited liability company": "LLC",
    "sole trader": "Sole trader",
}
# Full stops and Latin look-alikes of what people type.
_ODD_FORMS = {
    "o.o.o.": "ООО", "о.о.о.": "ООО", "ooo": "ООО", "oao": "ОАО", "zao": "ЗАО", "pao": "ПАО",
    "ltd.": "Ltd", "inc.": "Inc", "corp.": "Corp", "l.l.c.": "LLC", "s.r.o.": "s.r.o.",
    "b.v.": "BV", "n.v.": "NV", "s.a.": "S.A.", "s.p.a.": "SpA", "gmbh & co. kg": "GmbH & Co. KG",
}  # fmt: skip
_FORMS = {norm(form): form for form in _SHORT_FORMS} | _LONG_FORMS | _ODD_FORMS
_AFTER, _BEFORE = " \"'«“„,", " \"'»”“,"


def _lengths(end: slice) -> dict[str, list[int]]:
    """How long the forms with these two letters at one end are, the longest first.

    A pattern of all forms does the same; compiling it would cost every start 20 ms.
    """
    found: dict[str, list[int]] = {}
    for length, two in sorted({(len(form), form[end]) for form in _FORMS}, reverse=True):
        found.setdefault(two, []).append(length)
    return found


_LEADING, _TRAILING = _lengths(slice(0, 2)), _lengths(slice(-2, None))
_QUOTED = re.compile(r"[«\"“„']([^«»\"“”„]+)[»\"”“']")
SOLE_TRADERS = frozenset({"ИП", "ЧП", "КФХ", "Sole trader"})
_INITIALS = re.compile(r"\b[^\W\d_]\.\s?(?:[^\W\d_]\.)?")


def legal_form(text: str) -> tuple[str, str]:
    """The legal form in its usual spelling and the name without it and without its quotes.

    The form may stand before or after the name; without one the first part is empty.
    """
    text = tidy(text)
    folded = text.lower().replace("ё", "е")
    if len(folded) != len(text):  # a few Turkish and Greek letters: places would not agree
        return "", text
    for length in _LEADING.get(folded[:2], ()):
        if folded[:length] in _FORMS and folded[length : length + 1] in _AFTER:
            return _FORMS[folded[:length]], _unquoted(text[length:].lstrip(" ,"))
    for length in _TRAILING.get(folded[-2:], ()):
        begin = len(folded) - length
        if begin > 0 and folded[begin:] in _FORMS and folded[begin - 1] in _BEFORE:
            return _FORMS[folded[begin:]], _unquoted(text[:begin].rstrip(" ,"))
    return "", text


def short_legal_name(name: str) -> str:
    """The name with its legal form in short where it is written out in Russian."""
    form, rest = legal_form(name)
    if not form or not rest or form.isascii() or name.startswith(form):
        return name
    return f"{form} {rest}" if form in SOLE_TRADERS else f"{form} «{rest}»"


def _unquoted(name: str) -> str:
    match = _QUOTED.fullmatch(name)
    return match[1].strip() if match else name


def client_kind(text: str) -> ClientKind:
    """A guess from the name alone: by legal form, patronymic, initials and first names."""
    form, rest = legal_form(text)
    if form:
        return "sole_trader" if form in SOLE_TRADERS else "company"
    parts = rest.replace(",", " ").split()
    if not 1 <= len(parts) <= 5 or re.search(r"[\d«»\"“”&@]", rest):
        return "company"
    folded = [norm(part) for part in parts]
    if any(is_patronymic(word) for word in folded[1:]) or _INITIALS.search(rest):
        return "person"
    known = any(word in RUSSIAN or word in ENGLISH for word in folded)
    return "person" if known and len(parts) <= 3 else "company"
