"""A record that is dragged from a list to somewhere else in the window."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from crm_desktop.models.catalogue.definitions import Ref

MIME = "application/x-crm-desktop-record"


def record_mime(ref: Ref) -> QMimeData:
    """What is dragged for a record."""
    data = QMimeData()
    data.setData(MIME, f"{ref.entity} {ref.id}".encode())
    return data


def record_of(data: QMimeData) -> Ref | None:
    """The record that is dragged; None for anything else, which may come from any program."""
    if not data.hasFormat(MIME):
        return None
    entity, _space, number = bytes(data.data(MIME).data()).decode("utf-8", "replace").partition(" ")
    return Ref(entity, int(number)) if entity and number.isascii() and number.isdigit() else None
