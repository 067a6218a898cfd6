"""What is done with the ticked records: edited in bulk, deleted; with progress and undo."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import UserField
from crm_desktop.models.catalogue.traits import Recurring
from crm_desktop.services.rights import words
from crm_desktop.ui.operations import Job, Progress
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.delete_preview import DeletePreview
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.row_rights import RowRights, changing
from crm_desktop.ui.record_list.source import ListSource
from crm_desktop.ui.series_question import SeriesQuestion, delete_date, shown_date
from crm_desktop.ui.widgets.strips import ProgressStrip

if TYPE_CHECKING:
    from crm_desktop.services.bulk.preview import ChangePreview
    from crm_desktop.services.bulk.service import BulkResult
    from crm_desktop.services.lists.deleting import DeletionPreview
    from crm_desktop.services.rights.many import Given
    from crm_desktop.services.series.card import DateOfSeries
    from crm_desktop.ui.record_list.bulk_edit import BulkEditDialog

_SHOWN_AFTER = 500
MOST_MERGED = 20
"""Records beside one another on one sheet."""
Ids = list[int]


class Many(QObject):
    """Actions on many records of one list."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller
        self.rights = RowRights(controller)
        self.dates = SeriesQuestion(controller.view)

    # --- which ------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many records an action would apply to: the ticked ones, else the current one."""
        ticked = self._c.view.model.ticks.count(self._c.total or 0)
        return ticked or int(self._c.pointed() is not None)

    def _in_order(self, ids: Collection[int]) -> Ids:
        """Down the list; those that are not loaded come last."""
        places = self._c.view.model.places()
        return sorted(ids, key=lambda id_: (id_ not in places, places.get(id_, 0), id_))

    def with_ids(self, act: Callable[[Ids], None]) -> None:
        """Finds out the ids, in the order of the list, and acts."""
        ticks = self._c.view.model.ticks
        if ticks.everything:
            without = ticks.exceptions

            def work(job: Job, source: ListSource) -> Ids:
                return source.ids(job, without)

            self._c.ask("ids", work, act)
        elif ticks.ids:
            act(self._in_order(ticks.ids))
        else:
            pointed = self._c.pointed()
            act([pointed.id] if pointed is not None else [])

    # --- deleting ---------------------------------------------------------------------------------

    def delete(self) -> None:
        """Deletes what is ticked; of several records it is said first what goes with them, of a
        series the person is asked which dates are meant."""
        if self.rights.stops_chosen(words.DELETE):
            return
        self.with_ids(self._delete_permitted)

    def _delete_permitted(self, ids: Ids) -> None:
        if len(ids) > 1:
            self.rights.permitted(ids, (words.MASS_EDIT, words.DELETE), self._look)
        else:
            self._delete_one(ids)

    def _delete_one(self, ids: Ids) -> None:
        base, entity = self._c.session.base, self._c.entity
        if not ids or entity.trait(Recurring) is None:
            self._delete(ids)
            return
        self._c.session.operations.query(
            ("date of a series", id(self)),
            lambda _job: shown_date(base, Ref(entity.key, ids[0])), owner=self._c.view,
            done=lambda date: self.dates.before_delete(
                date, lambda extent: self._delete_date(ids, date, extent)
            ),
        )  # fmt: skip

    def _delete_date(self, ids: Ids, date: DateOfSeries | None, extent: str) -> None:
        if date is None or not extent:
            self._delete(ids)
            return
        base, navigator = self._c.session.base, self._c.navigator
        said = _("{object} deleted").format(object=_(self._c.entity.label))
        self._c.session.operations.run(
            lambda _job: delete_date(base, date, extent), owner=self._c.view,
            done=lambda outcome: navigator.toast(said, undo_operation=outcome.operation),
            failed=navigator.refuse,
        )  # fmt: skip

    def _look(self, ids: Ids, left_out: str) -> None:
        base, entity = self._c.session.base, self._c.entity
        dialog = DeletePreview(len(ids), self._c.view, left_out)

        def work(job: Job) -> DeletionPreview:
            from crm_desktop.services.lists.deleting import preview_deletion

            return preview_deletion(base, entity, ids, job.check)

        self._c.session.operations.query(
            ("deletion", id(dialog)), work, owner=dialog, done=dialog.show_preview
        )
        dialog.agreed.connect(lambda: self._delete(ids))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _delete(self, ids: Ids) -> None:
        if not ids:
            return
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job) -> BulkResult:
            from crm_desktop.services.bulk.service import delete_all

            return delete_all(base.records, entity, ids, progress=job.progress, check=job.check)

        def said(count: int) -> str:
            text = ngettext("{count} record deleted", "{count} records deleted", count)
            return text.format(count=count_text(count))

        self._c.view.model.ticks.clear()
        self.run(work, len(ids), said, _("Deleting"))

    # --- merging ----------------------------------------------------------------------------------

    def merge(self) -> None:
        """Shows the ticked records side by side, to make them one."""
        self.with_ids(lambda ids: self._c.navigator.open_merge(self._c.key, ids))

    def can_merge(self) -> bool:
        """Whether there are two ticked at least, and not so many that nobody could compare them."""
        return 1 < self.count() <= MOST_MERGED

    # --- editing ----------------------------------------------------------------------------------

    def edit(self, field: str = "") -> None:
        """Asks for a field and its new value."""
        if self.rights.stops_chosen(words.REASSIGN if field else words.MASS_EDIT):
            return
        needed = changing(bool(field))
        self.with_ids(
            lambda ids: self.rights.permitted(
                ids, needed, lambda some, left_out: self._ask(some, field, left_out)
            )
        )  # fmt: skip

    def colleague(self) -> Field | None:
        """The field that says whose the records are; None if they are nobody's."""
        return next((f for f in self.editable() if isinstance(f, UserField)), None)

    def reassign(self) -> None:
        """Gives the records to another colleague."""
        f = self.colleague()
        if f is not None:
            self.edit(f.key)

    def editable(self) -> list[Field]:
        """The fields that can be given to many records at once."""
        return [f for f in self._c.entity.form_fields() if f.section != "-"]

    def _ask(self, ids: Ids, field: str, left_out: str) -> None:
        if not ids:
            return
        from crm_desktop.ui.record_list.bulk_edit import BulkEditDialog

        dialog = BulkEditDialog(
            self._c.session, self.editable(), len(ids), self._c.view, left_out
        )  # fmt: skip
        if field:
            dialog.choose(field)
        dialog.preview_asked.connect(
            lambda key, value: self._preview(dialog, dialog.meant(ids), key, value)
        )
        dialog.accepted_value.connect(
            lambda key, value: self._edit(dialog.meant(ids), key, value, due=dialog.means_due())
        )
        self._ask_what_may_be_given(dialog, ids)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_what_may_be_given(self, dialog: BulkEditDialog, ids: Ids) -> None:
        base, entity = self._c.session.base, self._c.entity
        if base.rights is None:
            return

        def work(_job: Job) -> Given:
            from crm_desktop.services.rights.many import may_give

            return may_give(base, entity, ids)

        self._c.session.operations.query(
            ("bulk rights", id(dialog)), work, owner=dialog, done=dialog.show_rights
        )

    def _preview(self, dialog: BulkEditDialog, ids: Ids, key: str, value: Any) -> None:
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job) -> ChangePreview:
            from crm_desktop.services.bulk.preview import preview_value

            return preview_value(base, entity, ids, (key, value), job.check)

        self._c.session.operations.query(
            ("bulk preview", id(dialog)), work, owner=dialog, done=dialog.show_preview
        )

    def _edit(self, ids: Ids, key: str, value: Any, *, due: bool = False) -> None:
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job) -> BulkResult:
            from crm_desktop.services.bulk.service import update_all, update_due

            if due:
                return update_due(
                    base, entity, ids, {key: value}, progress=job.progress, check=job.check
                )
            return update_all(
                base.records, entity, ids, {key: value}, progress=job.progress, check=job.check
            )

        def said(count: int) -> str:
            text = ngettext("{count} record changed", "{count} records changed", count)
            return text.format(count=count_text(count))

        self.run(work, len(ids), said, _("Changing"))

    # --- running ----------------------------------------------------------------------------------

    def run(
        self, work: Callable[[Job], Any], count: int, said: Callable[[int], str], title: str
    ) -> None:
        """Runs it with progress and a toast that offers to undo it."""
        strip = ProgressStrip(title, cancel=_("Stop"))
        strip.setVisible(count > _SHOWN_AFTER)
        self._c.view.strips.addWidget(strip)

        def show(progress: Progress) -> None:
            detail = _("{done} of {total}").format(
                done=count_text(progress.done), total=count_text(progress.total)
            )
            strip.set_progress(progress.done, progress.total, detail)

        def end() -> None:
            strip.hide()
            strip.deleteLater()

        def done(result: BulkResult) -> None:
            end()
            self._tell(result, said)

        def failed(error: Any) -> None:
            end()
            self._c.navigator.refuse(error)

        job = self._c.session.operations.run(
            work, owner=self, done=done, failed=failed, progress=show, title=title
        )
        strip.cancelled.connect(job.cancel)
        job.after_cancel(end)

    def _tell(self, result: BulkResult, said: Callable[[int], str]) -> None:
        text = said(result.written)
        if result.refused:
            text = _("{done}. Then it stopped: {reason}").format(done=text, reason=result.refused)
        elif result.stopped:
            text = _("Stopped. {done}").format(done=text)
        tone = "bad" if result.refused else "ok"
        self._c.navigator.toast(text, undo_operation=result.operation, tone=tone)
