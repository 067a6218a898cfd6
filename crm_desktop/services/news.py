"""What another process did to the base that is open here, as plain JSON from there to here.

A child process and a command that works beside the open window collect what they touch; whoever
shows records takes it over as if it had been done here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import ChangeSet

MOST_NAMED = 2000
"""Ids told of one object; where there are more it is said, and who shows records reads anew."""


class NewsCollector:
    """Remembers what a workspace touches from now on."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._catalogue = workspace.catalogue.version
        self._touched: dict[str, set[int]] = {}
        self._whole = False
        workspace.listen(self._hear)

    def _hear(self, changes: ChangeSet) -> None:
        self._whole |= changes.whole
        for entity, ids in changes.touched.items():
            known = self._touched.setdefault(entity, set())
            self._whole |= len(known) + len(ids) > MOST_NAMED
            known.update(list(ids)[: MOST_NAMED - len(known)])

    def to_json(self) -> dict[str, Any]:
        """What `take_news` reads on the other side."""
        return {
            "catalogue": self._workspace.catalogue.version != self._catalogue,
            "records": {entity: sorted(ids) for entity, ids in self._touched.items()},
            "whole": self._whole,
        }


def take_news(workspace: Workspace, news: Mapping[str, Any]) -> None:
    """Tells everybody who shows records of this workspace; what is no news is passed over."""
    if news.get("catalogue"):
        workspace.reload()
    records = news.get("records")
    touched = {
        entity: frozenset(id_ for id_ in ids if isinstance(id_, int))
        for entity, ids in (records.items() if isinstance(records, Mapping) else ())
        if isinstance(ids, list) and workspace.catalogue.has(entity)
    }
    workspace.backend.refresh_plans()
    workspace.titles.forget_all()
    workspace.publish(ChangeSet(0, touched, bool(news.get("whole"))))
