"""What a list says when it has no rows: nothing there yet, or nothing found."""

from __future__ import annotations

from PySide6.QtCore import QObject

from crm_desktop.i18n import _
from crm_desktop.services.rights import words
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.row_actions import RowActions


class Emptiness(QObject):
    """Shows the empty state instead of the table, with what can be done."""

    def __init__(self, controller: ListController, rows: RowActions) -> None:
        super().__init__(controller)
        self._c, self._rows = controller, rows
        controller.loader.counted.connect(self._counted)
        controller.view.empty.primary.connect(self._primary)
        controller.view.empty.secondary.connect(self._secondary)
        refusals, empty = controller.session.refusals, controller.view.empty
        refusals.follow(empty.primary_button, self._why_no_import)
        refusals.keep(empty.secondary_button, words.CREATE, controller.key)

    def _why_no_import(self) -> str:
        """The first button clears the filters where there are some."""
        if self._narrowed():
            return ""
        return self._c.session.refusals.why(words.CREATE, self._c.key)

    def _narrowed(self) -> bool:
        query = self._c.state.query
        return bool(query.where or query.text)

    def _counted(self, total: int) -> None:
        view = self._c.view
        if total:
            if view.is_empty:
                view.show_table()
            return
        self._c.session.refusals.look()
        if self._narrowed():
            self._say_not_found()
        else:
            self._say_nothing_yet()
        typing = view.filters.search.hasFocus()
        view.show_empty(furniture=self._narrowed())
        if typing:
            view.filters.search.setFocus()

    def _say_nothing_yet(self) -> None:
        entity, empty = self._c.entity, self._c.view.empty
        title = _("No {objects} here yet").format(objects=_lower(_(entity.plural)))
        text = _("Bring them in from a spreadsheet in a few minutes, or make the first one here.")
        empty.set_texts(entity.icon, title, self._also_unseen(text))
        new = _(entity.new_label) or _("New record")
        empty.set_actions((_("Import from Excel"), "import"), (new, "add"))

    def _also_unseen(self, text: str) -> str:
        """With what is not looked through, where not everybody's records are the person's to see:
        the same whether there are such records or not."""
        unseen = self._c.session.refusals.why(words.UNFOUND, self._c.key)
        return f"{text} {unseen}" if unseen else text

    def _say_not_found(self) -> None:
        entity, empty = self._c.entity, self._c.view.empty
        typed = self._c.state.query.text
        title = _("Nothing found for “{text}”").format(text=typed) if typed else _("Nothing found")
        text = _("No record fulfils all the conditions. Take some away, or clear them all.")
        if typed:
            text = _("Check the spelling, clear the filter, or make a record with this name.")
        empty.set_texts("search", title, self._also_unseen(text))
        new = _(entity.new_label) or _("New record")
        create = _("{new} “{text}”").format(new=new, text=_short(typed)) if typed else ""
        empty.set_actions((_("Clear the filters"), "filter-clear"), (create, "add"))

    def _primary(self) -> None:
        if self._narrowed():
            self._c.clear_filters()
            self._c.view.filters.search.setFocus()
        else:
            self._rows.import_file()

    def _secondary(self) -> None:
        self._rows.new()


def _lower(text: str) -> str:
    """With a small first letter, for the middle of a sentence."""
    return text[:1].lower() + text[1:]


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
