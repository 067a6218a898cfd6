"""Moves records to another stage: what its rules miss is asked for in a small form, then moved.

Used wherever a stage can be chosen: the board, the ribbon of a card, lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
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
from crm_desktop.ui.stage_form import FILES, LINES, STEP, StageForm

if TYPE_CHECKING:
    from crm_desktop.services.pipelines.needs import Missing
    from crm_desktop.services.records import Outcome
    from crm_desktop.services.workspace import Workspace

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
        values: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Moves the records to the stage, with these values beside; does not wait."""
        base, ids = self._session.base, tuple(ids)
        given, told = dict(values or {}), done or _untold

        def work(_job: Job) -> tuple[list[Missing], str]:
            missing = base.pipelines.missing(ids, stage_id, given)
            return missing, _stage_name(base, stage_id)

        def came(found: tuple[list[Missing], str]) -> None:
            missing, name = found
            if missing:
                self._ask(_Moving(ids, stage_id, name, given), missing, told)
            else:
                self._write(_Moving(ids, stage_id, name, given), told, self._refuse(told))

        self._session.operations.run(work, owner=self, done=came, failed=self._refuse(told))

    def _refuse(self, told: Done) -> Callable[[UserError], None]:
        def refused(error: UserError) -> None:
            self._navigator.toast(error.message, tone="bad")
            told(False)

        return refused

    # --- asking -----------------------------------------------------------------------------------

    def _ask(self, moving: _Moving, missing: Sequence[Missing], told: Done) -> None:
        entity, _trait = self._session.base.catalogue.with_trait(Funnel)
        form = StageForm(self._session, entity, moving.stage, missing, len(moving.ids))
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
        self, ids: tuple[int, ...], stage_id: int, stage: str, values: Mapping[str, Any]
    ) -> None:
        self.ids, self.stage_id, self.stage, self.values = ids, stage_id, stage, dict(values)
        self.answers: Mapping[str, tuple[tuple[int, ...], Any]] = {}
        """What the form was told, by key: (who missed it, value)."""

    def with_answers(self, answers: Mapping[str, tuple[tuple[int, ...], Any]]) -> _Moving:
        """The same with what the form was told."""
        made = _Moving(self.ids, self.stage_id, self.stage, self.values)
        made.answers = answers
        return made

    def said(self) -> str:
        """What the toast says."""
        count = len(self.ids)
        text = ngettext(
            "{count} deal moved to “{name}”", "{count} deals moved to “{name}”", count
        )  # fmt: skip
        return text.format(count=count, name=self.stage)

    def carry_out(self, base: Workspace) -> Outcome:
        """In the worker: files and the planned step come first, for the rules look at them."""
        entity, _trait = base.catalogue.with_trait(Funnel)
        for id_ in self._told(FILES)[0]:
            _attach(base, Ref(entity.key, id_), self._told(FILES)[1])
        ids, line = self._told(STEP)
        if ids:
            from crm_desktop.services.next_steps import plan_for

            plan_for(base, entity, ids, line)
        return self._moved(base)

    def _told(self, key: str) -> tuple[tuple[int, ...], Any]:
        return self.answers.get(key, ((), None))

    def _moved(self, base: Workspace) -> Outcome:
        from crm_desktop.services.board.moving import Given, move_with

        given = [Given(key, value, self.ids) for key, value in self.values.items()]
        for key, (ids, value) in self.answers.items():
            if key not in (FILES, LINES, STEP):
                given.append(Given(key, value, ids))
        return move_with(base, self.ids, self.stage_id, given)


def _attach(base: Workspace, ref: Ref, paths: Sequence[Path]) -> None:
    from crm_desktop.services.files.files import Files
    from crm_desktop.services.files.sources import FileSource

    Files(base).add(ref, [FileSource.of_path(path) for path in paths])


def _stage_name(base: Workspace, stage_id: int) -> str:
    stages = (stage for pipeline in base.pipelines.all() for stage in pipeline.stages)
    return next((stage.name for stage in stages if stage.id == stage_id), _("Another stage"))


def _untold(_moved: bool) -> None:
    """Nobody waits for it."""
