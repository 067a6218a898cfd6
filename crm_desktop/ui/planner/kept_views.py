"""The saved views of the planner: a menu to choose, keep and remove them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.services.planner.saved import planner_views, save_planner_view
from crm_desktop.ui.icons import icon
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.controller import PlannerController
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import Switch
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu, Popover

if TYPE_CHECKING:
    from crm_desktop.services.views import SavedView


class NameForm(QWidget):
    """What a view is called and who sees it."""

    saved = Signal(str, bool)
    """(name, whether everybody sees it)"""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = LineEdit(name, name=_("Name of the view"))
        self.shared = Switch(_("Everybody sees it"))
        self.box = FieldBox(_("Name of the view"), self.name, required=True)
        save = Button(_("Save"), kind="primary")
        save.clicked.connect(self._tell)
        self.name.returnPressed.connect(self._tell)
        self.name.textChanged.connect(lambda _text: self.box.set_error(""))
        self.setLayout(column(self.box, self.shared, row(None, save), gap=10))
        self.setFixedWidth(px(280))
        self.setFocusProxy(self.name)

    def _tell(self) -> None:
        self.saved.emit(self.name.text().strip(), self.shared.isChecked())


class KeptViews(QObject):
    """The button and what hangs on it."""

    def __init__(self, controller: PlannerController) -> None:
        super().__init__(controller)
        self._controller = controller
        self.button = Button("", "save", "ghost")
        self.button.clicked.connect(self.open)
        self.current: SavedView | None = None
        self.form: NameForm | None = None
        keep_translated(self.button, self._say_texts)

    def _say_texts(self) -> None:
        name = self.current.name if self.current is not None else ""
        self.button.setText(name or _("Saved views"))

    @property
    def _event(self) -> str:
        return self._controller.planner.schedule.event.key

    def open(self) -> None:
        """Asks which views there are and shows them."""
        base, event = self._controller.session.base, self._event
        self._controller.session.operations.query(
            ("planner views", id(self)), lambda _job: planner_views(base, event),
            owner=self, done=self._show,
        )  # fmt: skip

    def _show(self, views: list[SavedView]) -> None:
        menu = self.menu(views)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(self.button)

    def menu(self, views: list[SavedView]) -> Menu:
        """The views, then what can be done with them."""
        menu, keep = Menu(self.button), self._controller.session.refusals.keep
        for view in views:
            words = _("{name} (everybody's)").format(name=view.name) if view.shared else view.name
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(self.current is not None and view.id == self.current.id)
            action.triggered.connect(lambda _on=False, v=view: self.choose(v))
        if views:
            menu.addSeparator()
        save = menu.addAction(icon("save"), _("Save this view…"))
        save.triggered.connect(self.ask_name)
        keep(save, WRITE)
        known = next((v for v in views if self.current and v.id == self.current.id), None)
        if known is not None:
            words = _("Delete “{name}”").format(name=known.name)
            gone = menu.addAction(icon("delete"), words)
            gone.triggered.connect(lambda: self.remove(known))
            keep(gone, WRITE)
        return menu

    def choose(self, view: SavedView) -> None:
        """Shows what the view holds."""
        self.current = view
        self._say_texts()
        self._controller.show_kept(view.layout)

    # --- keeping ----------------------------------------------------------------------------------

    def ask_name(self) -> None:
        """The form under the button."""
        form = self.form = NameForm(self.current.name if self.current is not None else "")
        popover = Popover(form, name=_("Save this view…"), parent=self.button)

        def kept(view: SavedView) -> None:
            popover.close_panel()
            self.current = view
            self._say_texts()
            self._controller.navigator.toast(_("View “{name}” saved").format(name=view.name))

        def refused(error: UserError) -> None:
            form.box.set_error(error.message)
            popover.fit()

        form.saved.connect(lambda name, shared: self.save(name, shared, (kept, refused)))
        popover.open_below(self.button)

    def save(
        self, name: str, shared: bool,
        after: tuple[Callable[[SavedView], None], Callable[[UserError], None]],
    ) -> None:  # fmt: skip
        """Keeps what is shown under a name."""
        base, event = self._controller.session.base, self._event
        kept = self._controller.arrangement.to_view()

        def work(_job: Job) -> SavedView:
            return save_planner_view(base, event, name, kept, shared=shared)

        self._run(work, after[0], after[1])

    def remove(self, view: SavedView) -> None:
        """Forgets a view; the toast brings it back."""
        base, navigator = self._controller.session.base, self._controller.navigator

        def back() -> None:
            self._run(lambda _job: base.views.restore(view), lambda _view: None, None)

        def gone(_nothing: Any) -> None:
            self.current = None
            self._say_texts()
            navigator.toast(_("View “{name}” deleted").format(name=view.name), undo=back)

        self._run(lambda _job: base.views.remove(view.id), gone, None)

    def _run(
        self, work: Callable[[Job], Any], done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None,
    ) -> None:  # fmt: skip
        operations = self._controller.session.operations
        operations.run(work, owner=self, done=done, failed=failed, title=_("Saved views"))
