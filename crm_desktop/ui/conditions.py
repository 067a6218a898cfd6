"""What a page asks of the kit of conditions, which is the list's (`record_list.condition_kit`) and
reaches other pages through `features`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.query import Where
from crm_desktop.ui.session import Session


class Conditions(Protocol):
    """Says and asks for conditions of one object."""

    named: SignalInstance

    def chips(self, where: Where | None) -> list[tuple[str, str]]:
        """(field, rest) of each."""

    def ask(
        self, anchor: QWidget, where: Where | None, place: int | None,
        taken: Callable[[Where | None], None],
    ) -> None:  # fmt: skip
        """Opens the form of a condition."""

    def without(self, where: Where | None, place: int) -> Where | None:
        """The conditions without one."""


MakeConditions = Callable[[Session, EntityDef, QObject], Conditions]
