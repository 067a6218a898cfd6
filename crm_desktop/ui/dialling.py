"""Dials a telephone that a role hides: the base tells it for the call and notes who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.normalise import digits

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.ui.navigation import Navigator
    from crm_desktop.ui.session import Session

HELD = "tel:held/"
"""How the address of such a telephone begins: behind it stand object, record and field."""


def dial_hidden(
    session: Session, navigator: Navigator, owner: QObject, ref: Ref, key: str = ""
) -> None:
    """The number goes to the telephone program, and neither to the window nor to the clipboard.
    Without a field the first telephone of the record is meant."""
    base = session.base

    def work(_job: Any) -> str:
        from crm_desktop.services.rights.held_back import number_to_call

        return number_to_call(base, base.catalogue[ref.entity], key, ref.id)

    def done(number: str) -> None:
        if number:
            plus = "+" if number.startswith("+") else ""
            QDesktopServices.openUrl(QUrl(f"tel:{plus}{digits(number.partition(';')[0])}"))
        said = _("Calling: the number is hidden, the call is noted")
        navigator.toast(said if number else _("No telephone is known here"), tone="info")

    def failed(error: UserError) -> None:
        navigator.toast(error.message, tone="bad")

    session.operations.run(work, owner=owner, done=done, failed=failed)


def dial_address(session: Session, navigator: Navigator, owner: QObject, address: str) -> bool:
    """Dials what such an address names; False for any other address."""
    if not address.startswith(HELD):
        return False
    entity, id_, key = address.removeprefix(HELD).split("/")
    dial_hidden(session, navigator, owner, Ref(entity, int(id_)), key)
    return True
