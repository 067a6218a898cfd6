"""Dials a telephone that a role hides, or writes to a hidden e-mail address or messenger: the base
tells it for that and notes who asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.normalise import digits

if TYPE_CHECKING:
    from crm_desktop.ui.navigation import Navigator
    from crm_desktop.ui.session import Session

HELD, MAIL_HELD = "tel:held/", "mailto:held/"
"""How the address of such a telephone, of such an e-mail address begins: behind it stand object,
record and field."""
_LINK = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/\S*")
"""A messenger's page of somebody: `t.me/ann`."""


def dial_hidden(
    session: Session, navigator: Navigator, owner: QObject, ref: Ref, key: str = ""
) -> None:
    """The number goes to the telephone program, an address to that of letters, and neither to the
    window nor to the clipboard. Without a field the first telephone of the record is meant."""
    base = session.base

    def work(_job: Any) -> str:
        from crm_desktop.services.rights.hidden_fields import number_to_call

        return number_to_call(base, base.catalogue[ref.entity], key, ref.id)

    def done(told: str) -> None:
        if _address(told):
            QDesktopServices.openUrl(QUrl(_address(told)))
        navigator.toast(_said(told), tone="info")

    session.operations.run(work, owner=owner, done=done, failed=navigator.refuse)


def dial_address(session: Session, navigator: Navigator, owner: QObject, address: str) -> bool:
    """Dials what such an address names, or writes to it; False for any other address."""
    begins = next((one for one in (HELD, MAIL_HELD) if address.startswith(one)), "")
    if not begins:
        return False
    entity, id_, key = address.removeprefix(begins).split("/")
    dial_hidden(session, navigator, owner, Ref(entity, int(id_)), key)
    return True


def _is_mail(told: str) -> bool:
    return "@" in told[1:]


def _address(told: str) -> str:
    if _is_mail(told):
        return f"mailto:{told}"
    if _LINK.fullmatch(told):
        return told if told.startswith("http") else f"https://{told}"
    if not digits(told):
        return ""
    return f"tel:{'+' if told.startswith('+') else ''}{digits(told.partition(';')[0])}"


def _said(told: str) -> str:
    if not _address(told):
        return _("Nothing to call or to write to is known here")
    if not _address(told).startswith("tel:"):
        return _("Writing: the address is hidden, the letter is noted")
    return _("Calling: the number is hidden, the call is noted")
