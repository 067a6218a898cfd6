"""What stood open when the window was closed, given back when the base is opened again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_desktop import settings as s
from crm_desktop.models.query import where_from_json, where_to_json
from crm_desktop.ui.navigation import LIST, PAGE, RECORD, Place
from crm_desktop.ui.session import Session

_MOST = 12
_LASTING_PAGES = (
    "operations",
    "recycle-bin",
    "annual-dates",
    "my-day",
    "planner",
    "promises",
    "sales-figures",
    "working-time",
    "sales-setup",
)


def keep(session: Session, places: Sequence[Place], current: Place | None) -> None:
    """Remembers the open places of the base."""
    if not session.address:
        return
    lasting = [p for p in places if p.kind != PAGE or p.name in _LASTING_PAGES][:_MOST]
    at = lasting.index(current) if current in lasting else 0
    rows = {"places": [to_json(place) for place in lasting], "current": at}
    session.settings.put_entry(s.OPEN_PLACES, session.address, rows)


def kept(session: Session) -> tuple[list[Place], int]:
    """The places to open and which of them is in front; places that are gone are left out."""
    rows = session.settings.get(s.OPEN_PLACES).get(session.address)
    if not isinstance(rows, dict) or not isinstance(rows.get("places"), list):
        return [], 0
    found = [from_json(row) for row in rows["places"]]
    catalogue = session.base.catalogue
    places = [p for p in found if p is not None and (not p.entity or catalogue.has(p.entity))]
    current = rows.get("current")
    return places, current if isinstance(current, int) and 0 <= current < len(places) else 0


def to_json(place: Place) -> dict[str, Any]:
    """A place as plain JSON."""
    row = {
        "kind": place.kind, "entity": place.entity, "id": place.id, "view": place.view,
        "name": place.name, "where": where_to_json(place.where),
    }  # fmt: skip
    return {key: value for key, value in row.items() if value not in (None, "")}


def from_json(row: Any) -> Place | None:
    """The inverse of `to_json`; None for anything else."""
    if not isinstance(row, dict) or row.get("kind") not in (LIST, RECORD, PAGE):
        return None
    id_, view = row.get("id"), row.get("view")
    if row["kind"] == RECORD and not isinstance(id_, int):
        return None
    return Place(
        row["kind"], str(row.get("entity", "")), id_ if isinstance(id_, int) else None,
        view if isinstance(view, int) else None, str(row.get("name", "")),
        where_from_json(row.get("where")),
    )  # fmt: skip
