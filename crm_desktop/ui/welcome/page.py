"""The first page: the language, a new base, an existing one, an example; what was open lately."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import LANGUAGES, _
from crm_desktop.models.backend.connect import is_server_address
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.operations import Job, Progress
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.upgrade_words import upgrade_words
from crm_desktop.ui.welcome.brand import BrandMark
from crm_desktop.ui.welcome.choice_card import ChoiceCard
from crm_desktop.ui.welcome.new_base import NewBaseForm
from crm_desktop.ui.welcome.open_base import OpenBaseForm
from crm_desktop.ui.welcome.progress import ProgressTile
from crm_desktop.ui.welcome.recent import RecentBase, RecentBases, look_up
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.labels import Label, Surface, Tile
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import StripMessage

_WIDEST = 820
NEW, OPEN, DEMO = "new", "open", "demo"


class WelcomePage(Page):
    """Stands alone in the window until a base is open."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._made = self._remembered = self._opens = ""
        self._job: Job | None = None
        self.languages = Segment([(n, c) for c, n in LANGUAGES.items()], name=_("Language"))
        self.languages.set_value(i18n.language())
        self.settings_button = Button("", "settings", "ghost")
        self.back = Button("", "back", "ghost")
        self._title, self._text = Label("", "figure"), Label("", "body", "text2", wrap=True)
        self.cards = {
            NEW: ChoiceCard("plus-circle"), OPEN: ChoiceCard("folder-open"),
            DEMO: ChoiceCard("eye"),
        }  # fmt: skip
        self.error = StripMessage("", tone="bad")
        self.error.hide()
        self.progress = ProgressTile()
        self.new_form, self.open_form = NewBaseForm(), OpenBaseForm()
        self.tiles = {NEW: _tile(self.new_form), OPEN: _tile(self.open_form)}
        self.recent = RecentBases()
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)
        self._look()
        if session.failed_address and session.workspace is None:
            self._ask_again()

    def _lay_out(self) -> None:
        mark = BrandMark()
        head = row(mark, column(self._title, self._text, gap=2), gap=14)
        head.setStretch(1, 1)
        inner = QWidget()
        inner.setMaximumWidth(px(_WIDEST))
        parts = (
            head, 10, row(*self.cards.values(), gap=12), self.error, self.progress,
            *self.tiles.values(), 6, self.recent, None,
        )  # fmt: skip
        inner.setLayout(column(*parts, gap=14))
        top = row(self.back, None, self.settings_button, self.languages, gap=8)
        middle = row(inner, margins=(24, 20, 24, 24))
        middle.setAlignment(inner, Qt.AlignmentFlag.AlignTop)
        ground = Surface("surface")
        ground.setLayout(column(row(top, margins=(24, 16, 24, 0)), 24, middle, None, gap=0))
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(ground)
        self.setLayout(column(self._area, gap=0))

    def _connect(self) -> None:
        session = self._session
        self.languages.chosen.connect(lambda code: self._navigator.speak(str(code)))
        self.settings_button.clicked.connect(self._navigator.open_settings)
        self.back.clicked.connect(session.come_back)
        for key, card in self.cards.items():
            card.clicked.connect(lambda _on=False, k=key: self.choose(k))
        self.new_form.wanted.connect(self.make)
        self.open_form.wanted.connect(self._open_typed)
        self.recent.chosen.connect(self.open)
        self.recent.removed.connect(self._forget)
        self.progress.stopped.connect(self._stop)
        session.opening.connect(self._opening)
        session.upgrading.connect(self._upgrading)
        session.opened.connect(self._opened)
        session.failed.connect(self._failed)

    def _say_texts(self) -> None:
        self.languages.set_value(i18n.language())
        self._title.setText(_("CRM Desktop"))
        self._text.setText(_("Your clients, people and all you agree with them, on your computer."))
        self.settings_button.setText(_("Settings"))
        self.cards[NEW].set_texts(_("New base"), _("Start empty, or bring your Excel table in."))
        self.cards[OPEN].set_texts(_("Open a base"), _("From a file or from a server."))
        self.cards[DEMO].set_texts(
            _("Look at an example"), _("A made-up company with two years behind it.")
        )
        base = self._session.workspace
        self.back.setVisible(base is not None)
        if base is not None:
            self.back.setText(_("Back to “{name}”").format(name=base.backend.title))
        if self._session.busy:
            self._opening(self._session.address)
        self.title_changed.emit()
        if self.recent.rows:
            self.recent.set_bases([made.base for made in self.recent.rows])

    # --- the three choices ------------------------------------------------------------------------

    def choose(self, key: str) -> None:
        """Opens what belongs to a card: a form, or the example."""
        self._tell("")
        for name, card in self.cards.items():
            card.setChecked(name == key)
        for name, tile in self.tiles.items():
            tile.setVisible(name == key)
        if key == DEMO:
            self.show_demo()
        elif key == NEW:
            self.new_form.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.new_form.name.selectAll()
        else:
            self.open_form.file.setFocus(Qt.FocusReason.OtherFocusReason)
            self._ask_for_safe_place()

    def make(self, path: str) -> None:
        """Makes a new base there and opens it."""
        self._made = path
        self._session.create(path, i18n.language())

    def open(self, address: str) -> None:
        """Opens a base."""
        self._made = ""
        self._session.open(address)

    def _open_typed(self, address: str) -> None:
        """Opens what the form says; its password is kept once the server has taken it."""
        self.open(address)
        self._remembered = address if self.open_form.remembers() else ""

    def _ask_for_safe_place(self) -> None:
        def work(_job: Job) -> bool:
            from crm_desktop.services.os_integration.passwords import can_keep

            return can_keep()

        self._session.operations.query(
            ("safe-place",), work, owner=self, done=self.open_form.set_can_remember
        )

    def _keep_password(self, address: str) -> None:
        def work(_job: Job) -> bool:
            from crm_desktop.services.os_integration.passwords import keep

            return keep(address)

        def done(kept: bool) -> None:
            if not kept:
                text = _("The password was not kept: the system refused to. It is asked next time.")
                self._navigator.toast(text, tone="warn")

        self._session.operations.run(work, owner=self._session, done=done)

    def show_demo(self) -> None:
        """Makes the example if it is not there yet, and opens it."""
        home, language = self._session.settings.path.parent, i18n.language()

        def work(job: Job) -> Path:
            from crm_desktop.services.demo.home import ensure_demo

            return ensure_demo(home, language, job.progress, check=job.check)

        self._tell("")
        self._set_busy(True)
        self.progress.begin(_("The example is being made: it takes a minute."), can_stop=True)
        title = _("Making the example")
        self._job = self._session.operations.run(
            work, owner=self, done=self._demo_ready, failed=self._failed, title=title,
            progress=self._demo_goes_on,
        )  # fmt: skip
        self._job.after_cancel(self._stopped)

    def _demo_goes_on(self, progress: Progress) -> None:
        self.progress.set_progress(progress.done, progress.total)

    def _demo_ready(self, path: Path) -> None:
        self._job = None
        self.open(str(path))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _stopped(self) -> None:
        self._job = None
        self._end()

    # --- the recent ones --------------------------------------------------------------------------

    def _look(self) -> None:
        settings = self._session.settings

        def work(_job: Job) -> list[RecentBase]:
            return look_up(settings)

        self._session.operations.query(
            ("recent-bases",), work, owner=self, done=self.recent.set_bases
        )

    def _forget(self, address: str) -> None:
        s.forget_base(self._session.settings, address)
        self._look()

    # --- how it goes ------------------------------------------------------------------------------

    def _opening(self, address: str) -> None:
        name = self._opens = RecentBase(address).name
        text = _("The base “{name}” is being made…") if self._made else _("Opening “{name}”…")
        self._tell("")
        self._set_busy(True)
        self.progress.begin(text.format(name=name))

    def _upgrading(self, state: Progress) -> None:
        self.progress.text.setText(upgrade_words(self._opens, state))
        self.progress.set_progress(state.done, state.total)

    def _opened(self) -> None:
        made, self._made = self._made, ""
        remembered, self._remembered = self._remembered, ""
        self._end()
        if remembered and remembered == s.without_code(self._session.whole_address):
            self._keep_password(remembered)
        if made and made == self._session.address:
            self._navigator.open_page("first-steps")

    def _failed(self, error: UserError) -> None:
        self._job = None
        self._end()
        if self._session.signing_in:
            return
        self._tell(error.message)
        self.back.setVisible(self._session.workspace is not None)
        self._look()
        self._ask_again()

    def _ask_again(self) -> None:
        """A server that is known by its address alone: only the password is to be typed."""
        address = self._session.failed_address
        if not is_server_address(address) or self.open_form.password.text():
            return
        told = self.error.label.text()
        self.choose(OPEN)
        self._tell(told)
        self.open_form.ask_password(address)

    def _end(self) -> None:
        self.progress.end()
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        parts: tuple[Any, ...] = (*self.cards.values(), *self.tiles.values(), self.recent)
        for part in (*parts, self.languages, self.settings_button, self.back):
            part.setEnabled(not busy)

    def _tell(self, sentence: str) -> None:
        self.error.set_text(sentence)
        self.error.setVisible(bool(sentence))

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Start")

    def icon(self) -> str:
        return "home"

    def place(self) -> Place:
        return Place(PAGE, name="welcome")

    def tells_opening(self) -> bool:
        return True

    def take_focus(self) -> None:
        if not any(card.isChecked() for card in self.cards.values()):
            self.cards[NEW].setFocus(Qt.FocusReason.OtherFocusReason)


def _tile(form: QWidget) -> Tile:
    tile = Tile()
    tile.setLayout(column(form, margins=(16, 14, 16, 16)))
    tile.hide()
    return tile
