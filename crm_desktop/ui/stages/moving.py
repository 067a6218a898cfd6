"""Moves records to another stage: what its rules miss is asked for in a small form, then moved.

Used wherever a stage can be chosen: the board, the ribbon of a card, lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session
from crm_desktop.ui.stages.form import FILES, LINES, STEP, StageForm

if TYPE_CHECKING:
    from crm_desktop.services.pipelines.needs import Missing
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.records import Outcome
    from crm_desktop.services.writing.staging import Write

Done = Callable[[bool], None]
"""Told whether the records have moved; False: the person thought better of it, or it is refused."""


class StageMoving(QObject):
    """Asks, moves, and says so in a toast that offers to undo."""

    def __init__(self, session: Session, navigator: Navigator, parent: QWidget) -> None:
        """`parent`: over which the form stands; it dies with it."""
        super().__init__(parent)
        self._session, self._navigator, self._parent = session, navigator, parent
        self.form: StageForm | None = None

    def move(
        self, ids: Sequence[int], stage_id: int, done: Done | None = None,
        values: Mapping[str, Any] | None = None, *,
        beside: Mapping[int, Mapping[str, Any]] | None = None,
    ) -> None:  # fmt: skip
        """Moves the records to the stage, with these values; does not wait. `beside`: further
        values of each record, also of some that stay in their stage, in the same operation."""
        base, ids = self._session.base, tuple(ids)
        moving = _Moving(ids, stage_id, "", dict(values or {}), beside or {})
        given, told = moving.shared(), done or _untold

        def work(_job: Job) -> tuple[list[Missing], str, Mapping[int, str]]:
            missing = base.pipelines.missing(ids, stage_id, given)
            return missing, _stage_name(base, stage_id), _names(base, ids) if missing else {}

        def came(found: tuple[list[Missing], str, Mapping[int, str]]) -> None:
            missing, name, names = found
            moving.stage = name
            if missing:
                self._ask(moving, missing, names, told)
            else:
                self._write(moving, told, self._refuse(told))

        self._session.operations.run(work, owner=self, done=came, failed=self._refuse(told))

    def _refuse(self, told: Done) -> Callable[[UserError], None]:
        def refused(error: UserError) -> None:
            self._navigator.refuse(error)
            told(False)

        return refused

    # --- asking -----------------------------------------------------------------------------------

    def _ask(
        self, moving: _Moving, missing: Sequence[Missing], names: Mapping[int, str], told: Done
    ) -> None:
        entity, _trait = self._session.base.catalogue.with_trait(Funnel)
        form = StageForm(self._session, entity, moving.stage, missing, names)
        dialog = form.over(self._parent.window())
        self.form = form
        answered = False

        def go() -> None:
            asked = form.answers()
            if asked is None:
                return
            form.set_busy(True)
            self._write(moving.with_answers(asked), moved, refused)

        def moved(_there: bool) -> None:
            nonlocal answered
            answered = True
            dialog.accept()
            told(True)

        def refused(error: UserError) -> None:
            form.set_busy(False)
            form.show_error(error)

        def ended(_result: int) -> None:
            self.form = None
            if not answered:
                told(False)

        def open_card() -> None:
            dialog.reject()
            self._navigator.open_record(Ref(entity.key, form.without_lines()[0]))

        form.go.connect(go)
        form.card_wanted.connect(open_card)
        dialog.finished.connect(ended)
        dialog.open()
        form.focus_first()

    # --- writing ----------------------------------------------------------------------------------

    def _write(self, moving: _Moving, told: Done, refused: Callable[[UserError], None]) -> None:
        base = self._session.base

        def done(outcome: Outcome) -> None:
            self._navigator.toast(moving.said(), undo_operation=outcome.operation)
            told(True)

        self._session.operations.run(
            lambda _job: moving.carry_out(base), owner=self, done=done, failed=refused,
            title=moving.said(),
        )  # fmt: skip


class _Moving:
    """Which records go where, and what is given beside."""

    def __init__(
        self, ids: tuple[int, ...], stage_id: int, stage: str, values: Mapping[str, Any],
        beside: Mapping[int, Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self.ids, self.stage_id, self.stage, self.values = ids, stage_id, stage, dict(values)
        self.beside = beside
        self.answers: Mapping[str, tuple[tuple[int, ...], Any]] = {}
        """What the form was told, by key: (who missed it, value)."""

    def with_answers(self, answers: Mapping[str, tuple[tuple[int, ...], Any]]) -> _Moving:
        """The same with what the form was told."""
        made = _Moving(self.ids, self.stage_id, self.stage, self.values, self.beside)
        made.answers = answers
        return made

    def shared(self) -> dict[str, Any]:
        """What all of them get, so that nobody is asked for it."""
        several = [self.beside.get(id_, {}) for id_ in self.ids]
        common = set(several[0]).intersection(*several[1:]) if several else set()
        return {**{key: several[0][key] for key in common}, **self.values}

    def said(self) -> str:
        """What the toast says."""
        count = len(self.ids)
        text = ngettext(
            "{count} deal moved to “{name}”", "{count} deals moved to “{name}”", count
        )  # fmt: skip
        return text.format(count=count, name=self.stage)

    def carry_out(self, base: Workspace) -> Outcome:
        """In the worker: files and the planned step go with the move, and back with it."""
        from crm_desktop.services.files.sources import FileSource
        from crm_desktop.services.pipelines.beside import attachments, planned_steps

        first: list[Write] = []
        ids, paths = self._told(FILES)
        if ids:
            first += attachments(base, ids, [FileSource.of_path(path) for path in paths])
        ids, line = self._told(STEP)
        if ids:
            first += planned_steps(base, ids, line)
        return self._moved(base, first)

    def _told(self, key: str) -> tuple[tuple[int, ...], Any]:
        return self.answers.get(key, ((), None))

    def _moved(self, base: Workspace, first: Sequence[Write]) -> Outcome:
        from crm_desktop.services.board.moving import Given, move_with
        from crm_desktop.services.writing.staging import Update

        given = [Given(key, value, self.ids) for key, value in self.values.items()]
        given += [Given(key, value, (id_,)) for id_ in self.ids
                  for key, value in self.beside.get(id_, {}).items()]  # fmt: skip
        for key, (ids, value) in self.answers.items():
            if key not in (FILES, LINES, STEP):
                given.append(Given(key, value, ids))
        entity, _trait = base.catalogue.with_trait(Funnel)
        staying = [Update(entity.key, id_, values) for id_, values in self.beside.items()
                   if values and id_ not in self.ids]  # fmt: skip
        return move_with(base, self.ids, self.stage_id, given, [*first, *staying])


def _names(base: Workspace, ids: Sequence[int]) -> dict[int, str]:
    """What the records that are moved are called."""
    entity, _trait = base.catalogue.with_trait(Funnel)
    titles = base.titles.of([Ref(entity.key, id_) for id_ in ids])
    return {id_: titles[Ref(entity.key, id_)].text if Ref(entity.key, id_) in titles else "…"
            for id_ in ids}  # fmt: skip


def _stage_name(base: Workspace, stage_id: int) -> str:
    stages = (stage for pipeline in base.pipelines.all() for stage in pipeline.stages)
    return next((stage.name for stage in stages if stage.id == stage_id), _("Another stage"))


def _untold(_moved: bool) -> None:
    """Nobody waits for it."""
