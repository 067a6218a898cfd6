"""Paste into cells of a list: a plan from the worker, a look at it, one operation with one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from crm_desktop.i18n import _, ngettext
from crm_desktop.services.rights import words
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list import clipboard
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.inline import InlineEditing
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.paste_preview import PastePreview
from crm_desktop.ui.record_list.source import ListSource

if TYPE_CHECKING:
    from crm_desktop.services.lists.paste import PastePlan

Block = list[list[str]]


class CellPaste(QObject):
    """Copies, empties and fills the chosen cells."""

    def __init__(self, controller: ListController, inline: InlineEditing) -> None:
        super().__init__(controller)
        self._c, self._cursor = controller, inline.cursor
        self._rights = inline.rights
        inline.keys.emptied.connect(self.empty)
        inline.keys.copied.connect(self.copy)

    @property
    def on(self) -> bool:
        """Whether what is pasted goes into cells."""
        return self._cursor.on

    def copy(self) -> None:
        """The chosen cells as a sheet takes them."""
        rows, columns = self._cursor.rows(), self._cursor.columns()
        right = {n for n in columns if self._c.view.model.columns[n].right}
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job, source: ListSource) -> str:
            found = source.rows(job, rows[0], len(rows))
            if base.login and len(found) > 1:
                from crm_desktop.services.rights import acts

                query = acts.of_records(entity, (row.id for row in found))
                acts.copy(base, query, len(found))
            texts = [
                [
                    clipboard.plain_number(row.cells[n].text) if n in right else row.cells[n].text
                    for n in columns
                ]
                for row in found
            ]
            return clipboard.to_tsv(texts[0], texts[1:]) if texts else ""

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._c.navigator.toast(_("The cells are copied"), tone="info")

        self._c.ask("copy cells", work, done)

    def empty(self) -> None:
        """The chosen cells hold nothing any more."""
        self._plan([[""]])

    def paste(self) -> None:
        """The clipboard goes into the chosen cells, from the first of them on."""
        from crm_desktop.services.lists.paste import read_block

        text = QGuiApplication.clipboard().text()
        if not text:
            self._c.navigator.toast(_("There is nothing on the clipboard"), tone="info")
            return
        self._plan(read_block(text))

    def _plan(self, block: Block) -> None:
        from crm_desktop.services.lists.paste import MOST_ROWS, plan_paste, spread

        if self._rights.stops(words.EDIT, self._c.view.model.id_of(self._cursor.rows()[0])):
            return
        rows, base, entity = self._cursor.rows(), self._c.session.base, self._c.entity
        cells = spread(block, len(rows), len(self._cursor.columns()))
        paths = [self._c.path_at(n) for n in self._cursor.onward(len(cells[0]) if cells else 0)]
        last = min(rows[0] + len(cells), self._c.view.model.rowCount()) - 1
        beyond = len(cells) - (last - rows[0] + 1)

        def work(job: Job, source: ListSource) -> tuple[PastePlan, int]:
            ids = source.ids_between(job, rows[0], min(last, rows[0] + MOST_ROWS))
            if base.rights is not None:
                base.rights.require_all(words.EDIT, entity, ids)
            return plan_paste(base, entity, ids, paths, cells), beyond

        self._c.loader.ask("paste", work, self._planned, self._c.navigator.refuse)

    def _planned(self, found: tuple[PastePlan, int]) -> None:
        plan, beyond = found
        if not plan.changes and not plan.errors:
            self._c.navigator.toast(self._nothing(plan), tone="info")
        elif len(plan.changes) == 1 and not (plan.errors or plan.missing or beyond or plan.skipped):
            self._write(plan, False)
        else:
            preview = PastePreview(plan, beyond, self._headings(), self._c.view)
            preview.agreed.connect(lambda create: self._write(plan, create))
            preview.finished.connect(preview.deleteLater)
            preview.open()

    @staticmethod
    def _nothing(plan: PastePlan) -> str:
        if plan.skipped:
            return _("The program keeps these columns; nothing can be pasted into them.")
        return _("Nothing changes: the cells hold these values already.")

    def _headings(self) -> dict[str, str]:
        return {column.key: column.title for column in self._c.view.model.columns}

    def _write(self, plan: PastePlan, create: bool) -> None:
        base = self._c.session.base

        def work(job: Job) -> int | None:
            from crm_desktop.services.lists.paste import apply_paste

            return apply_paste(base, plan, create=create, progress=job.progress, check=job.check)

        def done(operation: int | None) -> None:
            count = len(plan.records(create=create))
            text = ngettext("{count} record changed", "{count} records changed", count)
            said = text.format(count=count_text(count))
            self._c.navigator.toast(said, undo_operation=operation)

        self._c.session.operations.run(
            work, owner=self, done=done, failed=self._c.navigator.refuse, title=_("Pasting")
        )
