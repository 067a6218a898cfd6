"""Rows of a list get tags, and are put into selections; a list is kept as a selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Selections, Tags
from crm_desktop.models.query import Condition
from crm_desktop.services.rights import words
from crm_desktop.ui.icons import icon
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.many import Ids, Many
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.row_rights import changing
from crm_desktop.ui.record_list.selection_editing import SelectionEditing
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.services.bulk.preview import ChangePreview
    from crm_desktop.services.bulk.service import BulkResult
    from crm_desktop.services.selections.service import Selection
    from crm_desktop.ui.record_list.marking_forms import SelectionForm, TagsForm

_MOST_OFFERED = 15


class Marking(QObject):
    """The actions on tags and selections of one list."""

    def __init__(self, controller: ListController, many: Many) -> None:
        super().__init__(controller)
        self._c, self._many = controller, many
        self.editing = SelectionEditing(controller)

    # --- menus ------------------------------------------------------------------------------------

    def add_for_rows(self, menu: Menu) -> None:
        """What can be done with the ticked rows."""
        if self._c.entity.trait(Tags) is not None:
            tags = self._act(menu, _("Tags…"), "object-tag", self.ask_tags)
            self._c.session.refusals.follow(tags, lambda: self._many.rights.why_chosen(words.EDIT))
        if self._c.entity.trait(Selections) is None:
            return
        inner = Menu(menu, title=_("Put into a segment"))
        inner.setIcon(icon("list"))
        self._c.session.refusals.keep(inner.menuAction(), WRITE)
        self._act(inner, _("New segment…"), "add", self.ask_new)
        inner.aboutToShow.connect(lambda: self._offer(inner, self.put_into, live=False))
        menu.addMenu(inner)
        for id_ in sorted(self._asked_for()):
            said = _("Take out of the segment")
            line = self._act(menu, said, "close", lambda id_=id_: self.take_out(id_))
            self._c.session.refusals.keep(line, WRITE)

    def add_for_list(self, menu: Menu) -> None:
        """What can be done with the list as a whole."""
        if self._c.entity.trait(Selections) is None:
            return
        keep = self._act(menu, _("Save this list as a segment…"), "save", self.ask_keep)
        self._c.session.refusals.keep(keep, WRITE)
        inner = Menu(menu, title=_("Open a segment"))
        inner.setIcon(icon("list"))
        inner.aboutToShow.connect(lambda: self._offer(inner, self.open, live=True))
        inner.addSeparator()
        menu.addMenu(inner)
        change = Menu(menu, title=_("Change a segment"))
        change.setIcon(icon("edit"))
        self._c.session.refusals.keep(change.menuAction(), WRITE)
        change.aboutToShow.connect(lambda: self._offer(change, self.change, live=True))
        change.addSeparator()
        menu.addMenu(change)

    def change(self, one: Selection) -> None:
        """Shows the conditions of a live selection to be edited, the record of a frozen one."""
        if one.live:
            self.editing.begin(one)
        else:
            self._c.navigator.open_record(self._ref(one))

    def _ref(self, one: Selection) -> Ref:
        from crm_desktop.models.catalogue.traits import Selecting

        return Ref(self._c.session.base.catalogue.with_trait(Selecting)[0].key, one.id)

    def _offer(self, menu: Menu, act: Callable[[Selection], None], *, live: bool) -> None:
        """Asks for the selections when their menu opens, and puts them there."""
        base, key = self._c.session.base, self._c.key
        first = menu.actions()[0]
        if first.data() is not None:
            return
        first.setData(True)

        def work(job: Job) -> list[Selection]:
            from crm_desktop.services.selections.service import selections

            return [one for one in selections(base, key) if live or not one.live]

        def take(found: list[Selection]) -> None:
            for one in found[:_MOST_OFFERED]:
                made = QAction(one.name, menu)
                made.triggered.connect(lambda _on=False, one=one: act(one))
                menu.insertAction(first, made)

        self._c.session.operations.query(("selections", id(menu)), work, owner=menu, done=take)

    @staticmethod
    def _act(menu: Menu, text: str, picture: str, act: Any) -> QAction:
        action = menu.addAction(icon(picture), text) if picture else menu.addAction(text)
        action.triggered.connect(lambda _on=False: act())
        return action

    def _asked_for(self) -> set[int]:
        """The selections that the list is narrowed to."""
        from crm_desktop.ui.record_list.state import parts_of

        found: set[int] = set()
        for part in parts_of(self._c.state.query.where):
            if isinstance(part, Condition) and part.path == "in_segment" and part.op == "in":
                found.update(v for v in part.value or () if isinstance(v, int))
        return found

    # --- tags -------------------------------------------------------------------------------------

    def ask_tags(self) -> None:
        """Asks which tags the rows get and lose."""
        needed = changing() if self._many.count() > 1 else (words.EDIT,)
        self._many.with_ids(
            lambda ids: self._many.rights.permitted(ids, needed, self._ask_tags)
        )  # fmt: skip

    def _ask_tags(self, ids: Ids, left_out: str) -> None:
        if not ids:
            return
        from crm_desktop.ui.record_list.marking_forms import TagsForm

        form = TagsForm(self._c.session, self._c.entity, len(ids), self._c.view, left_out)
        form.preview_asked.connect(lambda more, less: self._preview_tags(form, ids, (more, less)))
        form.given.connect(lambda more, less: self._change_tags(ids, more, less))
        form.finished.connect(form.deleteLater)
        form.open()

    def _preview_tags(
        self, form: TagsForm, ids: Ids, wanted: tuple[Sequence[str], Sequence[str]]
    ) -> None:
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job) -> ChangePreview:
            from crm_desktop.services.tags.preview import preview_tags
            from crm_desktop.services.tags.service import TagChange

            change = TagChange(tuple(wanted[0]), tuple(wanted[1]))
            return preview_tags(base, entity, ids, change, job.check)

        self._c.session.operations.query(
            ("tags preview", id(form)), work, owner=form, done=form.show_preview
        )

    def _change_tags(self, ids: Ids, more: Sequence[str], less: Sequence[str]) -> None:
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job) -> BulkResult:
            from crm_desktop.services.tags.service import TagChange, change_tags

            change = TagChange(tuple(more), tuple(less))
            return change_tags(base, entity, ids, change, job.progress, job.check)

        def said(count: int) -> str:
            text = ngettext("Tags of {count} record changed", "Tags of {count} records changed",
                            count)  # fmt: skip
            return text.format(count=count_text(count))

        self._many.run(work, len(ids), said, _("Tags"))

    # --- selections -------------------------------------------------------------------------------

    def open(self, one: Selection) -> None:
        """Narrows the list to a selection."""
        self._c.set_part(None, Condition("in_segment", "in", (one.id,)))

    def put_into(self, one: Selection) -> None:
        """Puts the rows into a frozen selection."""
        self._many.with_ids(lambda ids: self._put(one, ids))

    def _put(self, one: Selection, ids: Ids) -> None:
        base = self._c.session.base

        def work(job: Job) -> BulkResult:
            from crm_desktop.services.selections.writes import add_members

            return add_members(base, one, ids, job.progress, job.check)

        self._many.run(work, len(ids), lambda n: _put_text(n, one.name), one.name)

    def take_out(self, selection: int) -> None:
        """Takes the rows out of a frozen selection."""
        self._many.with_ids(lambda ids: self._take(selection, ids))

    def _take(self, selection: int, ids: Ids) -> None:
        base = self._c.session.base

        def work(job: Job) -> BulkResult:
            from crm_desktop.services.selections.service import SelectionRows
            from crm_desktop.services.selections.writes import remove_members

            one = SelectionRows(base.reader, base.catalogue).get(selection)
            return remove_members(base, one, ids, job.progress, job.check)

        def said(count: int) -> str:
            text = ngettext("{count} record taken out", "{count} records taken out", count)
            return text.format(count=count_text(count))

        self._many.run(work, len(ids), said, _("Segments"))

    def ask_new(self) -> None:
        """Asks for the name of a new selection of the rows."""
        self._many.with_ids(self._ask_new)

    def _ask_new(self, ids: Ids) -> None:
        if not ids:
            return
        from crm_desktop.ui.record_list.marking_forms import SelectionForm

        form = SelectionForm(self._c.view, count=len(ids))
        form.given.connect(lambda name, _live: self._make(form, name, ids))
        form.finished.connect(form.deleteLater)
        form.open()

    def _make(self, form: SelectionForm, name: str, ids: Ids) -> None:
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job) -> Selection:
            from crm_desktop.services.selections.writes import make_selection

            return make_selection(base, name, entity, ids=ids)

        self._keep(form, work)

    def ask_keep(self) -> None:
        """Asks for the name under which the list is kept."""
        query = self._c.state.query
        from crm_desktop.ui.record_list.marking_forms import SelectionForm

        form = SelectionForm(self._c.view, count=self._c.total or 0, whole=True,
                             live=not query.text.strip())  # fmt: skip
        form.given.connect(lambda name, live: self._save(form, name, live))
        form.finished.connect(form.deleteLater)
        form.open()

    def _save(self, form: SelectionForm, name: str, live: bool) -> None:
        base, query = self._c.session.base, self._c.state.query

        def work(job: Job) -> Selection:
            from crm_desktop.services.selections.writes import save_selection

            return save_selection(base, name, query, live=live)

        self._keep(form, work)

    def _keep(self, form: SelectionForm, work: Any) -> None:
        def done(made: Selection) -> None:
            form.accept()
            said = _("Segment “{name}” saved").format(name=made.name)
            self._c.navigator.toast(said)

        self._c.session.operations.run(
            work, owner=self, done=done, failed=lambda error: form.refuse(error.message)
        )


def _put_text(count: int, name: str) -> str:
    text = ngettext("{count} record put into “{name}”", "{count} records put into “{name}”", count)
    return text.format(count=count_text(count), name=name)
