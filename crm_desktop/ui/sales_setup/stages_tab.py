"""Pipelines and their stages: the order at the left, the chosen stage at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.sales_traits import StageTable
from crm_desktop.services.rights import words as rights
from crm_desktop.services.sales_setup import (
    PipelineSetup,
    add_stage,
    order_stages,
    read_pipeline,
)
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.sales_setup.stage_form import StageForm
from crm_desktop.ui.sales_setup.stages_view import StagesView
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

_LIST_WIDTH = 420


class StagesTab(QWidget):
    """Every change is saved at once; the toast offers to undo it."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.stages_object, trait = session.base.catalogue.with_trait(StageTable)
        self.pipelines_object = _pipelines(session.base.catalogue, self.stages_object, trait)
        self._pipeline: int | None = None
        self._stage = 0
        self.pipelines = ComboBox(name="")
        self.card, self.new_pipeline = ToolButton("edit", ""), Button("", "add", "ghost")
        self.view = StagesView()
        self.new_stage = Button("", "add")
        self.delete = Button("", "delete", "ghost")
        self.hint = Label("", "small", "text3", wrap=True)
        self.form = StageForm(session, self.stages_object)
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        self.pipelines.setMinimumWidth(px(200))
        head = row(self.pipelines, self.card, self.new_pipeline, None, gap=8)
        below = row(self.new_stage, self.delete, None, gap=8)
        left = QWidget()
        inner = column(head, 8, self.view, below, self.hint, gap=8)
        inner.setStretch(2, 1)
        left.setLayout(inner)
        left.setFixedWidth(px(_LIST_WIDTH))
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        self.form.setMaximumWidth(px(560))
        ground = Surface("surface")
        ground.setLayout(column(self.form, None, gap=0))
        area.setWidget(ground)
        body = row(left, area, gap=32, margins=(24, 14, 24, 16))
        body.setStretch(1, 1)
        self.setLayout(body)

    def _connect(self) -> None:
        self.pipelines.activated.connect(self._choose)
        self.card.clicked.connect(self._open_card)
        self.new_pipeline.clicked.connect(
            lambda: self._navigator.new_record(self.pipelines_object.key)
        )
        self.new_stage.clicked.connect(self.add_stage)
        self.delete.clicked.connect(self.delete_stage)
        self.view.delete_asked.connect(self.delete_stage)
        keep, stages = self._session.refusals.keep, self.stages_object.key
        keep(self.new_pipeline, rights.CREATE, self.pipelines_object.key)
        keep(self.new_stage, rights.CREATE, stages)
        keep(self.delete, rights.DELETE, stages)
        keep(self.form, rights.EDIT, stages)
        self.view.chosen.connect(self._show_stage)
        self.view.ordered.connect(self._order)
        self.form.changed.connect(self._save)

    def _say_texts(self) -> None:
        self.pipelines.setAccessibleName(_(self.pipelines_object.label))
        self.card.set_tip(_("Open the whole card"))
        self.new_pipeline.setText(_(self.pipelines_object.new_label))
        self.new_stage.setText(_(self.stages_object.new_label))
        self.delete.setText(_("Delete"))
        self.view.setAccessibleName(_(self.stages_object.plural))
        self.hint.setText(_("Drag a stage or press Alt with an arrow to move it."))

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks for the chosen pipeline."""
        base, chosen = self._session.workspace, self._pipeline
        if base is not None:
            self._session.operations.query(
                ("sales-setup", "stages"), lambda _job: read_pipeline(base, chosen), owner=self,
                done=self._show,
            )  # fmt: skip

    def _show(self, found: PipelineSetup | None) -> None:
        self._pipeline = found.id if found is not None else None
        self.pipelines.set_choices(list(found.others) if found else [], self._pipeline)
        self.view.show_stages(found.stages if found is not None else ())
        for part in (self.pipelines, self.card, self.new_stage):
            part.setVisible(found is not None)

    def _show_stage(self) -> None:
        line = self.view.current()
        self.form.setVisible(line is not None)
        self.delete.setVisible(line is not None)
        if line is not None:
            self.form.show_values(line.values, other=line.id != self._stage)
            self._stage = line.id

    def _choose(self, _place: int) -> None:
        chosen = self.pipelines.value()
        self._pipeline = chosen if isinstance(chosen, int) else None
        self.read()

    def _open_card(self) -> None:
        if self._pipeline is not None:
            self._navigator.open_record(Ref(self.pipelines_object.key, self._pipeline))

    # --- writing ----------------------------------------------------------------------------------

    def _run(self, work: Any, said: str, key: str = "") -> None:
        def done(operation: int) -> None:
            self.read()
            self._navigator.toast(said, undo_operation=operation)

        def failed(error: UserError) -> None:
            if key:
                self.form.refuse(key, error.message)
            else:
                self._navigator.refuse(error)
            self.read()

        self._session.operations.run(lambda _job: work(), owner=self, done=done, failed=failed)

    def _save(self, key: str, value: Any) -> None:
        base, stage, entity = self._session.base, self._stage, self.stages_object.key
        self._run(
            lambda: base.records.update(entity, stage, {key: value}).operation,
            _("The stage is changed"), key,
        )  # fmt: skip

    def _order(self, ids: list[int]) -> None:
        base = self._session.base
        self._run(lambda: order_stages(base, ids), _("The order of stages is changed"))

    def add_stage(self) -> None:
        """A new stage before the first one that ends the way."""
        base, pipeline = self._session.base, self._pipeline
        if pipeline is not None:
            self._run(lambda: add_stage(base, pipeline), _("The stage is added"))

    def delete_stage(self) -> None:
        """The chosen stage goes; the base refuses while deals stand in it."""
        base, line, entity = self._session.base, self.view.current(), self.stages_object.key
        if line is not None:
            id_ = line.id
            self._run(
                lambda: base.records.delete(entity, [id_]).operation, _("The stage is deleted")
            )


def _pipelines(catalogue: Catalogue, stages: EntityDef, trait: StageTable) -> EntityDef:
    link = stages.field(trait.pipeline)
    assert isinstance(link, LinkField)
    return catalogue[link.target]
