"""The saved views of a page: a button, and under it a menu to choose, keep and remove them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.icons import icon
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.theme import px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import Switch
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu, Popover

if TYPE_CHECKING:
    from crm_desktop.services.views import SavedView
    from crm_desktop.ui.navigation import Navigator
    from crm_desktop.ui.session import Session


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


class Showing(Protocol):
    """What a page shows, and by whom."""

    session: Session
    navigator: Navigator


class KeptViews(QObject):
    """The button and what hangs on it. Each page says which views it has and what they hold."""

    def __init__(self, controller: Showing, owner: QObject) -> None:
        super().__init__(owner)
        self._controller = controller
        self.button = Button("", "save", "ghost")
        self._tight = False
        self.button.clicked.connect(self.open)
        self.current: SavedView | None = None
        self.form: NameForm | None = None
        keep_translated(self.button, self._say_texts)

    def views(self) -> list[SavedView]:
        """Those of the page; asked in a worker."""
        raise NotImplementedError

    def show_view(self, view: SavedView) -> None:
        """Shows what the view holds."""
        raise NotImplementedError

    def keeping(self, name: str, *, shared: bool) -> Callable[[Job], SavedView]:
        """The work that keeps what is shown now under a name."""
        raise NotImplementedError

    def _say_texts(self) -> None:
        name = self.current.title if self.current is not None else ""
        said = name or _("Saved views")
        self.button.setText("" if self._tight else said)
        self.button.setAccessibleName(said)
        self.button.setToolTip(plain_tip(said if self._tight else ""))

    def fit(self, *, tight: bool) -> None:
        """Without its words where there is no room for them."""
        self._tight = tight
        self._say_texts()

    def open(self) -> None:
        """Asks which views there are and shows them."""
        self._controller.session.operations.query(
            ("kept views", id(self)), lambda _job: self.views(), owner=self, done=self._show
        )

    def _show(self, views: list[SavedView]) -> None:
        menu = self.menu(views)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(self.button)

    def menu(self, views: list[SavedView]) -> Menu:
        """The views, then what can be done with them."""
        menu, keep = Menu(self.button), self._controller.session.refusals.keep
        for view in views:
            words = _("{name} (everybody's)").format(name=view.title) if view.shared else view.title
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
            words = _("Delete “{name}”").format(name=known.title)
            gone = menu.addAction(icon("delete"), words)
            gone.triggered.connect(lambda: self.remove(known))
            keep(gone, WRITE)
        return menu

    def choose(self, view: SavedView) -> None:
        """Shows what the view holds; the button has its name."""
        self.current = view
        self._say_texts()
        self.show_view(view)

    def ask_name(self) -> None:
        """The form under the button."""
        form = self.form = NameForm(self.current.title if self.current is not None else "")
        popover = Popover(form, name=_("Save this view…"), parent=self.button)

        def kept(view: SavedView) -> None:
            popover.close_panel()
            self.current = view
            self._say_texts()
            self._controller.navigator.toast(_("View “{name}” saved").format(name=view.title))

        def refused(error: UserError) -> None:
            form.box.set_error(error.message)
            popover.fit()

        form.saved.connect(
            lambda name, shared: self._run(self.keeping(name, shared=shared), kept, refused)
        )
        popover.open_below(self.button)

    def remove(self, view: SavedView) -> None:
        """Forgets a view; the toast brings it back."""
        base, navigator = self._controller.session.base, self._controller.navigator

        def back() -> None:
            self._run(lambda _job: base.views.restore(view), lambda _view: None, None)

        def gone(_nothing: Any) -> None:
            self.current = None
            self._say_texts()
            navigator.toast(_("View “{name}” deleted").format(name=view.title), undo=back)

        self._run(lambda _job: base.views.remove(view.id), gone, None)

    def _run(
        self, work: Callable[[Job], Any], done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None,
    ) -> None:  # fmt: skip
        operations = self._controller.session.operations
        operations.run(work, owner=self, done=done, failed=failed, title=_("Saved views"))
