"""What a call came to, from the office's own list."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.widgets.choices import ComboBox

_MOST = 50


class ResultBox(ComboBox):
    """Its choices are read when it is first needed."""

    def __init__(self, field: LinkField | None, controller: CardController) -> None:
        super().__init__(name="")
        self._field, self._controller = field, controller
        self._asked = False

    def ask(self) -> None:
        """Reads the choices, once."""
        field, base = self._field, self._controller.session.base
        if field is None or self._asked:
            return
        self._asked = True

        def done(found: list[tuple[str, object]]) -> None:
            self.set_choices([(_("No result yet"), None), *found], None)
            self.setCurrentIndex(0)
            self.updateGeometry()

        self._controller.session.operations.query(
            ("call-results", id(self)),
            lambda _job: [
                (title.text, ref.id)
                for ref, title in base.titles.suggest(field.target, "", field.book, _MOST)
            ],
            owner=self, done=done,
        )  # fmt: skip
