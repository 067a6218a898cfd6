"""The kit of conditions for features that are no list; it is imported when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.ui.record_list.condition_kit import ConditionKit
    from crm_desktop.ui.session import Session


def condition_kit(session: Session, entity: EntityDef, parent: QObject) -> ConditionKit:
    """What says and asks for conditions on the records of an object."""
    from crm_desktop.ui.record_list.condition_kit import ConditionKit

    return ConditionKit(session, entity, parent)
