"""The tab of relations: the picture, and below it the table with everything about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Joining
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_card.child_columns import fit_columns
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.table_tab import TableTab
from crm_desktop.ui.record_card.values import is_square
from crm_desktop.ui.relations.form import RelationForm
from crm_desktop.ui.relations.picture import RelationPicture
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.relations import KindName, Picture, Related, RelationShape

_MARGIN = 24
_COLUMNS = (
    ("kind", N_("Kind of relation"), 190), ("other", N_("Name"), 240), ("since", N_("From"), 110),
    ("until", N_("Until"), 110), ("note", N_("Note"), 220),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What the worker brings."""

    rows: list[Related]
    picture: Picture
    names: list[KindName]
    shape: RelationShape


class RelationsTab(TableTab):
    """Add, change, delete, open; the picture opens records too."""

    def __init__(self, controller: CardController) -> None:
        super().__init__(controller, _("Relations"))
        self._found: _Found | None = None
        self.picture = RelationPicture()
        self.picture.opened.connect(controller.navigator.open_record)
        self.picture.hide()
        below = column(self.picture, 8, self.table, gap=0, margins=(_MARGIN - 10, 0, _MARGIN, 0))
        below.setStretch(2, 1)
        self._stack = QStackedWidget()
        page = QWidget()
        page.setLayout(below)
        self._stack.addWidget(page)
        self._stack.addWidget(self.empty)
        whole = column(self.bar(_MARGIN), self._stack, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        keep_translated(self, self._say_texts)
        self.table.setModel(self.model)

    def _say_texts(self) -> None:
        self.table.setAccessibleName(_("Relations"))
        self.say_buttons(_("New relation"))
        text = _("Parent and subsidiary, partners, guarantors: who has to do with whom.")
        self.empty.set_texts("entity-link", _("Relations"), text)
        self.empty.set_actions((_("New relation"), "add"))
        self._show()

    # --- loading ----------------------------------------------------------------------------------

    def begin(self, contents: CardContents) -> None:
        self._found = None
        self.model.open(self._columns(), 0)
        self.say_enabled()

    def load(self, contents: CardContents) -> None:
        base, ref = self.controller.session.base, contents.ref

        def work(job: Job) -> _Found:
            from crm_desktop.services import relations

            return _Found(
                relations.relations_of(base, ref), relations.picture_of(base, ref),
                relations.kind_names(base), relations.shape_of(base),
            )  # fmt: skip

        self.controller.session.operations.query(
            ("relations", id(self)), work, owner=self, done=lambda found: self._take(ref, found)
        )

    def _take(self, ref: Ref, found: _Found) -> None:
        if self.contents is None or self.contents.ref != ref:
            return
        self._found = found
        self._show()

    def _show(self) -> None:
        found = self._found
        if found is None:
            return
        at = self.table.current_row
        self.picture.show_picture(found.picture)
        rows = [Row(one.id, self._cells(one)) for one in found.rows]
        columns = self._columns()
        self.model.open(columns, len(rows), rows)
        self.table.size_columns()
        fit_columns(self.table, columns, rows)
        self._stack.setCurrentIndex(0 if rows else 1)
        self.add_button.setVisible(bool(rows))  # the empty state offers it itself
        if 0 <= at < len(rows):
            self.table.go_to(at)
        self.say_enabled()

    def part(self) -> EntityDef:
        return self.controller.session.base.catalogue.with_trait(Joining)[0]

    @staticmethod
    def _columns() -> list[Column]:
        return [Column(key, _(label), wide, sortable=False) for key, label, wide in _COLUMNS]

    def _cells(self, one: Related) -> tuple[Cell, ...]:
        around = self.controller.around({})
        over = one.is_over(around.now.date())
        toned = one.name.tone != "neutral"
        ink = "muted" if over else "text"
        days = [format_date(day, around.language) if day else "" for day in (one.since, one.until)]
        avatar = "square" if is_square(one.title.text) else "round"
        kind = Cell(one.name.text, "pill" if toned else ink, "neutral" if over else one.name.tone)
        title = Cell(one.title.text, "muted" if over else "title", avatar=avatar)
        return (kind, title, Cell(days[0], "date"), Cell(days[1], "date"), Cell(one.note, "muted"))

    # --- what the person does ---------------------------------------------------------------------

    def current(self) -> Related | None:
        """The relation of the current row."""
        at, found = self.table.current_row, self._found
        return found.rows[at] if found is not None and 0 <= at < len(found.rows) else None

    def add(self) -> RelationForm | None:
        """Asks for a new relation."""
        contents = self.contents
        if contents is None:
            return None

        def write(name: KindName, values: dict[str, Any]) -> Any:
            from crm_desktop.services.relations import relate, shape_of

            given = dict(values)
            other = given.pop(shape_of(base).joining.other)
            return relate(base, contents.ref, name, other, given)

        base = self.controller.session.base
        form = self._form(write)
        if form is not None:
            form.open()
        return form

    def edit(self) -> RelationForm | None:
        """Asks for another state of the current relation."""
        related, contents = self.current(), self.contents
        if related is None or contents is None:
            return None
        base = self.controller.session.base

        def write(name: KindName, values: dict[str, Any]) -> Any:
            from crm_desktop.services.relations import change_relation

            return change_relation(base, contents.ref, related, name, values)

        form = self._form(write)
        if form is not None:
            form.edit(related)
            form.open()
        return form

    def _form(self, write: Any) -> RelationForm | None:
        found, contents = self._found, self.contents
        if found is None or contents is None:
            return None
        if not found.names:
            text = _("Name a kind of relation in the reference books first.")
            self.controller.navigator.toast(text, tone="info")
            return None
        session = self.controller.session
        form = RelationForm(session, found.shape, found.names, contents.title, self.window())

        def refused(error: UserError) -> None:
            form.refuse(error.message, error.field)

        def given(name: KindName, values: dict[str, Any]) -> None:
            session.operations.run(
                lambda job: write(name, values), owner=form, failed=refused,
                done=lambda _outcome: form.accept(),
            )  # fmt: skip

        form.given.connect(given)
        return form

    def open(self, *, new_tab: bool = False) -> None:
        """The card of the other record."""
        related = self.current()
        if related is not None:
            self.controller.navigator.open_record(related.other, new_tab)

    def delete(self) -> None:
        """Deletes the relation; the toast offers to undo it."""
        related, found = self.current(), self._found
        if related is not None and found is not None:
            self.controller.delete([Ref(found.shape.entity.key, related.id)])
