"""The bank directory as the Bank of Russia publishes it: the electronic message ED807.

Album of formats UFEBS, message ED807: one entry a bank (`BICDirectoryEntry`), who it is
(`ParticipantInfo`), its SWIFT codes (`SWBICS`) and accounts (`Accounts`). Columns are called as in
the tables made of it elsewhere: bic, namep, nnp, account ...
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.importing.readers.cells import text_cell
from crm_desktop.services.importing.readers.markup import Budget, ListedSheet, XmlSource

_ABOUT = ("NameP", "EnglName", "RegN", "CntrCd", "Rgn", "Ind", "Tnp", "Nnp", "Adr", "PrntBIC",
          "DateIn", "DateOut", "PtType", "UID", "ParticipantStatus")  # fmt: skip
_ACCOUNT = ("Account", "RegulationAccountType", "AccountStatus")
_HEAD = ("bic", *(name.lower() for name in _ABOUT), "swbic", *(name.lower() for name in _ACCOUNT))
_PAYING = ("CRSA", "UTRA")
"""Correspondent account, single treasury account: what a payment names beside the BIK."""
_OPEN = "ACAC"


class BankDirectorySource(XmlSource):
    """One table with one row a bank; of several accounts the open one that payments name."""

    kind = "ed807"

    def tables_in(self, root: ElementTree.Element) -> list[ListedSheet]:
        budget = Budget()
        sheet = ListedSheet(self.path.stem, budget)
        sheet.lines.append((1, list(_HEAD)))
        for number, entry in enumerate(_named(root, "BICDirectoryEntry"), 2):
            budget.spend(len(_HEAD))
            sheet.lines.append((number, _cells(entry)))
        return [sheet]


def _named(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """The children of that name, in whatever namespace the edition of the format has."""
    return (child for child in element if child.tag.rpartition("}")[2] == name)


def _cells(entry: ElementTree.Element) -> list[Cell]:
    about = next(_named(entry, "ParticipantInfo"), entry)
    swift = sorted(_named(entry, "SWBICS"), key=lambda s: s.get("DefaultSWBIC") != "1")
    account = min(_named(entry, "Accounts"), key=_rank, default=None)
    if account is not None and account.get("AccountStatus", _OPEN) != _OPEN:
        account = None
    texts = [entry.get("BIC"), *(about.get(name) for name in _ABOUT)]
    texts.append(swift[0].get("SWBIC") if swift else None)
    texts += [account.get(name) if account is not None else None for name in _ACCOUNT]
    return [None if text is None else text_cell(text) for text in texts]


def _rank(account: ElementTree.Element) -> tuple[bool, bool]:
    is_open = account.get("AccountStatus", _OPEN) == _OPEN
    return not is_open, account.get("RegulationAccountType") not in _PAYING
