"""“Move to a stage…” for rows of a list: what the stage misses is asked once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.rights import words
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.many import Ids, Many
from crm_desktop.ui.widgets.pick_list import PickItem, PickList
from crm_desktop.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from crm_desktop.services.pipelines.shape import Pipeline
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.stages.moving import StageMoving

MOST = 1_000
"""Records that are moved at once by the rules of a stage, each of which looks at all it needs."""


def has_stages(entity: EntityDef) -> bool:
    """Whether records of the object go through stages."""
    return entity.trait(Funnel) is not None


class StageMoves(QObject):
    """Asks for the stage, then moves what is chosen."""

    def __init__(self, controller: ListController, many: Many) -> None:
        super().__init__(controller)
        self._c, self._many = controller, many
        self.moving: StageMoving | None = None
        self.list: PickList | None = None

    def ask(self) -> None:
        """Shows the stages that the chosen records may go to."""
        self._many.with_ids(
            lambda ids: self._many.rights.permitted(ids, (words.EDIT,), self._look)
        )  # fmt: skip

    def _look(self, ids: Ids, left_out: str) -> None:
        if left_out:
            self._c.navigator.toast(left_out, tone="warn")
        if len(ids) > MOST:
            said = ngettext(
                "At most {most} record can be moved at once: choose fewer",
                "At most {most} records can be moved at once: choose fewer", MOST,
            )  # fmt: skip
            self._c.navigator.toast(said.format(most=MOST), tone="warn")
            return
        base, entity = self._c.session.base, self._c.entity

        def work(_job: Job) -> list[Pipeline]:
            return _ways(base, entity, ids)

        if ids:
            self._c.session.operations.query(
                ("stages of rows", id(self)), work, owner=self,
                done=lambda found: self._choose(ids, found),
            )  # fmt: skip

    def _choose(self, ids: Ids, ways: list[Pipeline]) -> None:
        items = list[PickItem]()
        for way in ways:
            items += [PickItem(("", way.id), way.name, heading=True)] if len(ways) > 1 else []
            items += [PickItem(stage.id, stage.name, tone=stage.tone) for stage in way.stages]
        title = _("Move to a stage")
        picks = self.list = PickList(name=title, search=_("Find a stage"))
        picks.set_items(items)
        table = self._c.view.table
        popover = Popover(picks, name=title, parent=table.window())

        def picked(key: object) -> None:
            popover.close_panel()
            if isinstance(key, int):
                self.move(ids, key)

        picks.picked.connect(picked)
        popover.open_below(self._c.view.filters)

    def move(self, ids: Ids, stage: int) -> None:
        """By the rules of the stage, as one operation."""
        if self.moving is None:
            from crm_desktop.ui.stages.moving import StageMoving  # its form brings the editors

            self.moving = StageMoving(self._c.session, self._c.navigator, self._c.view)
        self.moving.move(ids, stage)


def _ways(base: Workspace, entity: EntityDef, ids: Ids) -> list[Pipeline]:
    """The pipelines of the records; all of them where they are in several."""
    trait = entity.trait(Funnel)
    assert trait is not None
    rows = base.reader.many(entity.key, ids, (trait.pipeline,))
    here = {row[trait.pipeline] for row in rows.values()}
    known = base.pipelines.all()
    return [way for way in known if way.id in here] if len(here) == 1 else known
