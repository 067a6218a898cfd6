"""Rows of a list get tags, and are put into selections; a list is kept as a selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.traits import Selecting, Selections, Tags
from crm_desktop.models.query import Condition
from crm_desktop.ui.icons import icon
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.many import Ids, Many
from crm_desktop.ui.record_list.marking_forms import SelectionForm, TagsForm
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.services.bulk import BulkResult
    from crm_desktop.services.changes import ChangeSet
    from crm_desktop.services.selections import Selection

_MOST_OFFERED = 15
_AFTER_MS = 1500


class Marking(QObject):
    """The actions on tags and selections of one list."""

    def __init__(self, controller: ListController, many: Many) -> None:
        super().__init__(controller)
        self._c, self._many = controller, many
        self._known: list[Selection] = []
        controller.session.changed.connect(self._changed)
        later = QTimer(self)  # the menus need it, the first page does not
        later.setSingleShot(True)
        later.timeout.connect(self.read)
        later.start(_AFTER_MS)

    def _changed(self, changes: ChangeSet) -> None:
        base = self._c.session.workspace
        if base is not None and changes.touches(base.catalogue.with_trait(Selecting)[0].key):
            self.read()

    def read(self) -> None:
        """Asks which selections there are, for the menus."""
        base = self._c.session.workspace
        if base is None or not base.catalogue.has(self._c.key):
            return
        entity = base.catalogue[self._c.key]
        if entity.trait(Selections) is None:
            return

        def work(job: Job) -> list[Selection]:
            from crm_desktop.services.selections import selections

            return selections(base, entity.key)

        def take(found: list[Selection]) -> None:
            self._known = found

        self._c.session.operations.query(("selections", id(self)), work, owner=self, done=take)

    # --- menus ------------------------------------------------------------------------------------

    def add_for_rows(self, menu: Menu) -> None:
        """What can be done with the ticked rows."""
        if self._c.entity.trait(Tags) is not None:
            self._act(menu, _("Tags…"), "object-tag", self.ask_tags)
        if self._c.entity.trait(Selections) is None:
            return
        inner = Menu(menu, title=_("Put into a selection"))
        inner.setIcon(icon("list"))
        frozen = [one for one in self._known if not one.live]
        for one in frozen[:_MOST_OFFERED]:
            self._act(inner, one.name, "", lambda one=one: self.put_into(one))
        if frozen:
            inner.addSeparator()
        self._act(inner, _("New selection…"), "add", self.ask_new)
        menu.addMenu(inner)
        stands = [one for one in frozen if one.id in self._asked_for()]
        for one in stands:
            said = _("Take out of “{name}”").format(name=one.name)
            self._act(menu, said, "close", lambda one=one: self.take_out(one))

    def add_for_list(self, menu: Menu) -> None:
        """What can be done with the list as a whole."""
        if self._c.entity.trait(Selections) is None:
            return
        self._act(menu, _("Save this list as a selection…"), "save", self.ask_keep)
        if not self._known:
            return
        inner = Menu(menu, title=_("Open a selection"))
        inner.setIcon(icon("list"))
        for one in self._known[:_MOST_OFFERED]:
            self._act(inner, one.name, "", lambda one=one: self.open(one))
        menu.addMenu(inner)

    @staticmethod
    def _act(menu: Menu, text: str, picture: str, act: Any) -> None:
        action = menu.addAction(icon(picture), text) if picture else menu.addAction(text)
        action.triggered.connect(lambda _on=False: act())

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
        self._many.with_ids(self._ask_tags)

    def _ask_tags(self, ids: Ids) -> None:
        if not ids:
            return
        form = TagsForm(self._c.session, self._c.entity, len(ids), self._c.view)
        form.given.connect(lambda more, less: self._change_tags(ids, more, less))
        form.finished.connect(form.deleteLater)
        form.open()

    def _change_tags(self, ids: Ids, more: Sequence[str], less: Sequence[str]) -> None:
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job) -> BulkResult:
            from crm_desktop.services.tagging import TagChange, change_tags

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
            from crm_desktop.services.selections import add_members

            return add_members(base, one, ids, job.progress, job.check)

        self._many.run(work, len(ids), lambda n: _put_text(n, one.name), one.name)

    def take_out(self, one: Selection) -> None:
        """Takes the rows out of a frozen selection."""
        self._many.with_ids(lambda ids: self._take(one, ids))

    def _take(self, one: Selection, ids: Ids) -> None:
        base = self._c.session.base

        def work(job: Job) -> BulkResult:
            from crm_desktop.services.selections import remove_members

            return remove_members(base, one, ids, job.progress, job.check)

        def said(count: int) -> str:
            text = ngettext("{count} record taken out of “{name}”",
                            "{count} records taken out of “{name}”", count)  # fmt: skip
            return text.format(count=count_text(count), name=one.name)

        self._many.run(work, len(ids), said, one.name)

    def ask_new(self) -> None:
        """Asks for the name of a new selection of the rows."""
        self._many.with_ids(self._ask_new)

    def _ask_new(self, ids: Ids) -> None:
        if not ids:
            return
        form = SelectionForm(self._c.view, count=len(ids))
        form.given.connect(lambda name, _live: self._make(form, name, ids))
        form.finished.connect(form.deleteLater)
        form.open()

    def _make(self, form: SelectionForm, name: str, ids: Ids) -> None:
        base, entity = self._c.session.base, self._c.entity

        def work(job: Job) -> Selection:
            from crm_desktop.services.selections import make_selection

            return make_selection(base, name, entity, ids=ids)

        self._keep(form, work)

    def ask_keep(self) -> None:
        """Asks for the name under which the list is kept."""
        query = self._c.state.query
        form = SelectionForm(self._c.view, count=self._c.total or 0, whole=True,
                             live=not query.text.strip())  # fmt: skip
        form.given.connect(lambda name, live: self._save(form, name, live))
        form.finished.connect(form.deleteLater)
        form.open()

    def _save(self, form: SelectionForm, name: str, live: bool) -> None:
        base, query = self._c.session.base, self._c.state.query

        def work(job: Job) -> Selection:
            from crm_desktop.services.selections import save_selection

            return save_selection(base, name, query, live=live)

        self._keep(form, work)

    def _keep(self, form: SelectionForm, work: Any) -> None:
        def done(made: Selection) -> None:
            form.accept()
            self.read()
            said = _("Selection “{name}” saved").format(name=made.name)
            self._c.navigator.toast(said)

        self._c.session.operations.run(
            work, owner=self, done=done, failed=lambda error: form.refuse(error.message)
        )


def _put_text(count: int, name: str) -> str:
    text = ngettext("{count} record put into “{name}”", "{count} records put into “{name}”", count)
    return text.format(count=count_text(count), name=name)
