"""A tab that shows the records belonging to a card's record as blocks to be read and copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import Ref, Trait
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.services.blocks import Block, block_text, child_text, load_blocks
from crm_desktop.services.rights import words as rights
from crm_desktop.services.rules.first_values import first_values
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.legal_details.block_view import BlockView
from crm_desktop.ui.record_card.child_dialog import ChildDialog
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.overview import ScrollPage
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet

_MARGIN = 24


class BlocksTab(CardTab):
    """Reads all blocks at once: there are a few. Follows what belongs to them as well."""

    def __init__(self, controller: CardController, ability: type[Trait]) -> None:
        """`ability`: the trait by which the records of the blocks may belong to a card's."""
        super().__init__(controller)
        self.link = _link(controller, ability)
        self.blocks: tuple[Block, ...] = ()
        self.views: list[BlockView] = []
        self.add_button = Button("", "add")
        self.add_button.clicked.connect(self.add)
        self.copy_button = Button("", "copy", "ghost")
        self.copy_button.clicked.connect(self.copy_all)
        self._list = column(gap=12)
        bar = row(self.add_button, self.copy_button, None)
        inside = column(bar, self._list, None, gap=12, margins=(_MARGIN, 10, _MARGIN, 20))
        self._none = EmptyState()
        self._none.primary.connect(self.add)
        for button in (self.add_button, self._none.primary_button):
            controller.rights.keep(button, rights.CREATE, self.link.entity)
        self._stack = QStackedWidget()
        self._stack.addWidget(ScrollPage(inside))
        self._stack.addWidget(self._none)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        controller.session.changed.connect(self._changed)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        entity = self.link.entity
        word = _(entity.new_label) or _("Add")
        self.add_button.setText(word)
        self.copy_button.setText(_("Copy all as text"))
        sentence = _("Nothing is here yet. What you add appears here.")
        self._none.set_texts(entity.icon, _(self.link.label), sentence)
        self._none.set_actions((word, "add"))
        self._show()

    # --- loading ----------------------------------------------------------------------------------

    def begin(self, contents: CardContents) -> None:
        self.blocks = ()
        self._stack.setCurrentIndex(0)
        self._show()

    def load(self, contents: CardContents) -> None:
        base, link, owner = self.controller.session.workspace, self.link, contents.ref.id
        if base is None:
            return
        self.controller.session.operations.query(
            ("blocks", id(self)), lambda job: load_blocks(base, link, owner), owner=self,
            done=self._take,
        )  # fmt: skip

    def _take(self, blocks: tuple[Block, ...]) -> None:
        if blocks != self.blocks or not self.views:
            self.blocks = blocks
            self._show()
        self._stack.setCurrentIndex(0 if blocks else 1)

    def _changed(self, changes: ChangeSet) -> None:
        """The card itself is told of the blocks, not of what belongs to them."""
        base = self.controller.session.workspace
        if base is None or self.contents is None:
            return
        below = {child.entity.key for child in base.catalogue.children(self.link.entity)}
        if changes.touches_any(below):
            self._stale = True
            self.bring_up_to_date()

    def _show(self) -> None:
        for view in self.views:
            self._list.removeWidget(view)
            view.hide()
            view.deleteLater()
        self.views = [BlockView(block, self.link, self) for block in self.blocks]
        for view in self.views:
            self._list.addWidget(view)
        self.copy_button.setVisible(len(self.blocks) > 1)

    # --- what the person does ---------------------------------------------------------------------

    def add(self) -> None:
        """A new record, beginning with what is known of the owner if it is the first one."""
        contents = self.contents
        if contents is None:
            return
        known = {} if self.blocks else first_values(self.link, contents.entity, contents.values)
        ChildDialog.open_for(self.controller, self.link, None, self, values=known)

    def copy_all(self) -> None:
        """Every block as text."""
        language = i18n.language()
        self.controller.copy("\n\n".join(block_text(block, language) for block in self.blocks))

    def copy(self, block: Block, owner: Block | None) -> None:
        """One block as text."""
        language = i18n.language()
        self.controller.copy(child_text(block, language) if owner else block_text(block, language))

    def choose(self, block: Block) -> None:
        """The writer takes the mark from the one that had it."""
        if block.flag is not None:
            said = _("{object}: saved").format(object=_(block.entity.label))
            self.controller.change(block.ref, {block.flag.key: True}, said)

    def edit(self, block: Block, link: Link, owner: Block | None) -> None:
        """Opens the small form of a record."""
        of = owner.ref if owner is not None else None
        ChildDialog.open_for(self.controller, link, block.ref, self, owner=of)

    def add_child(self, link: Link, owner: Block) -> None:
        """A new record below a block."""
        ChildDialog.open_for(self.controller, link, None, self, owner=owner.ref)

    def delete(self, block: Block) -> None:
        """The toast offers to undo it."""
        self.controller.delete([Ref(block.entity.key, block.id)])


def _link(controller: CardController, ability: type[Trait]) -> Link:
    """The link by which records that the trait allows belong to others."""
    catalogue = controller.session.base.catalogue
    return next(
        Link(entity, f)
        for entity in catalogue
        for f in entity.fields
        if isinstance(f, RecordField) and f.ability == ability.__name__ and f.parent
    )
