"""The page of accounts: who may sign in, and everything an administrator does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.accounts import words
from crm_desktop.ui.accounts.colleague_box import ColleagueBox
from crm_desktop.ui.accounts.password_form import PasswordForm
from crm_desktop.ui.accounts.sign_in_form import SignInForm
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import TablePage
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.sign_in.let_in import LetInBox, Standing
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row

if TYPE_CHECKING:
    from crm_desktop.services.server.password_rules import PasswordRules
    from crm_desktop.services.server.roster import Entry, Roster
    from crm_desktop.services.server.sign_in_rules import SignInRules

NAME = "accounts"


class AccountsPage(TablePage):
    """For the administrator of a base on a server; everybody else is told whose it is."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.seen: Roster | None = None
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Accounts"), least=words.LEAST, going=(2, 4))
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self.table.show_faces(portraits_of(session))
        self.add, self.account = Button("", "person-add", kind="primary"), Button("", "lock")
        self.block, self.tie = Button("", "pause"), Button("", "link")
        self.demand, self.rules = Button("", "object-key"), PasswordForm()
        self.unlock, self.take_off = Button("", "unlock"), Button("", "phone")
        self.sign_in = SignInForm()
        self.rights, self.card = Button("", "shield"), Button("", "open")
        self.stand_in = Button("", "users")
        self._title, self._said = Label("", "page"), Label("", "body", "text2", wrap=True)
        self.none = EmptyState()
        self._whole = self._laid_out()
        self.setLayout(column(self._whole, self.none, gap=0))
        self._connect()
        keep_translated(self, self._say_texts)

    def _laid_out(self) -> QWidget:
        head = row(column(self._title, self._said, gap=2), self.add, gap=16)
        head.setStretch(0, 1)
        acts = FlowLayout(gap=8)
        for button in (self.account, self.unlock, self.take_off, self.demand, self.block, self.tie,
                       self.stand_in, self.rights, self.card):  # fmt: skip
            acts.addWidget(button)  # one that goes would leave the keys to its neighbour
            button.clicked.connect(lambda _on: self.table.setFocus())
        ground = Surface("surface")
        layout = column(
            head, acts, self.table, self.rules, self.sign_in, gap=14, margins=(24, 18, 24, 20)
        )
        layout.setStretch(2, 1)
        ground.setLayout(layout)
        return ground

    def _connect(self) -> None:
        self.add.clicked.connect(self.ask_whom)
        self.account.clicked.connect(self.open_account)
        self.block.clicked.connect(self.change_block)
        self.demand.clicked.connect(self.demand_change)
        self.rules.settled.connect(self._settle)
        self.sign_in.settled.connect(self._settle_sign_in)
        self.unlock.clicked.connect(self.unlock_account)
        self.take_off.clicked.connect(self.take_app_off)
        self.tie.clicked.connect(self.ask_whose)
        self.stand_in.clicked.connect(self.open_standing_in)
        self.rights.clicked.connect(self.open_rights)
        self.card.clicked.connect(self.open_card)
        self.table.current_row_changed.connect(lambda _row: self._say_buttons())
        self.table.row_opened.connect(lambda _row, _beside: self.open_account())
        self._session.opened.connect(self._say_texts)

    # --- what is said -----------------------------------------------------------------------------

    def _say_texts(self) -> None:
        base = self._session.workspace
        shared = base is not None and bool(base.login)
        mine = base is not None and shared and base.administers
        self._title.setText(_("Accounts"))
        self.add.setText(_("Let somebody sign in"))
        self.account.setText(_("New password…"))
        self.demand.setText(_("Ask for another one"))
        self.rules.say_texts()
        self.sign_in.say_texts()
        self.unlock.setText(_("Unlock"))
        self.unlock.setToolTip(_("Locked after failed sign-ins: may sign in at once"))
        self.take_off.setText(_("Take the app off"))
        self.take_off.setToolTip(_("The telephone is lost: no codes, until another app is set up"))
        self.tie.setText(_("Whose account…"))
        self.stand_in.setText(_("Somebody stands in…"))
        self.rights.setText(_("Rights"))
        self.card.setText(_("Open the card"))
        if shared:
            self.none.set_texts(
                "lock", _("Accounts are the administrator’s"),
                _("Only the administrator of the base lets others in. Your own password is "
                  "changed in the command box: Change my password."),
            )  # fmt: skip
        else:
            self.none.set_texts(
                "lock", _("Nobody signs in here"),
                _("This base is a file of this computer. Accounts belong to a base on a server, "
                  "where several people work."),
            )  # fmt: skip
        self.none.set_actions()
        self.none.setVisible(not mine)
        self._whole.setVisible(mine)
        self._say()
        self.title_changed.emit()
        self.read()

    def _say(self) -> None:
        seen, base = self.seen, self._session.workspace
        if seen is None or base is None:
            self._say_buttons()
            return
        here = sum(bool(one.seats) for one in seen.entries)
        said = _("May sign in: {count}, here now: {here}. Colleagues without an account: {others}.")
        active = sum(one.person.is_active for one in seen.entries)
        self.rules.show_rules(seen.rules)
        self.sign_in.show_rules(seen.sign_in, seen.roles)
        self._said.setText(said.format(count=active, here=here, others=len(seen.without)))
        place = max(self.table.current_row, 0)
        found = words.rows(seen.entries, base.clock.local().tzinfo, base.catalogue.staff().key)
        self.model.open(words.columns(), len(found), found)
        self.table.fit()
        if found:
            self.table.go_to(min(place, len(found) - 1))
        self._say_buttons()

    def _say_buttons(self) -> None:
        entry, base = self.chosen(), self._session.workspace
        active = entry is None or entry.person.is_active
        self.block.setText(_("Block") if active else _("Let sign in again"))
        own = entry is not None and base is not None and entry.person.login == base.login
        self.account.setEnabled(entry is not None and not own)
        self.block.setEnabled(entry is not None and not own)
        self.unlock.setVisible(entry is not None and entry.locked_s is not None)
        self.take_off.setVisible(entry is not None and entry.has_second)
        self.demand.setEnabled(entry is not None and not entry.person.is_first_password)
        self.tie.setEnabled(entry is not None and bool(self._untied()))
        tied = entry is not None and entry.person.colleague is not None
        for button in (self.stand_in, self.rights, self.card):
            button.setEnabled(tied)
        self.add.setEnabled(bool(self._untied()))
        said = words.reasons(entry, own=own, all_have=not self._untied())
        self.account.setToolTip(plain_tip(said["account"]))
        self.block.setToolTip(plain_tip(said["block"]))
        self.demand.setToolTip(plain_tip(said["demand"]))
        for button in (self.tie, self.add):
            button.setToolTip(plain_tip(said["tie"]))
        for button in (self.stand_in, self.rights, self.card):
            button.setToolTip(plain_tip(said["card"]))

    def _untied(self) -> list[tuple[int, str]]:
        return self.seen.without if self.seen is not None else []

    def chosen(self) -> Entry | None:
        """The account in hand."""
        place = self.table.current_row
        if self.seen is None or not 0 <= place < len(self.seen.entries):
            return None
        return self.seen.entries[place]

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks the base."""
        base = self._session.workspace
        if base is None or not base.login or not base.administers:
            return

        def work(_job: Any) -> Roster:
            from crm_desktop.services.server.roster import roster

            return roster(base)

        def done(seen: Roster) -> None:
            self.seen = seen
            self._say()

        self._session.operations.query(
            (NAME,), work, owner=self, done=done, failed=self._navigator.refuse
        )

    # --- what is done -----------------------------------------------------------------------------

    def ask_whom(self) -> ColleagueBox | None:
        """The box that asks whom to let in; the next one proposes a name to sign in with."""
        if not self._untied():
            return None
        said = _("The colleague gets an account of the server. The first password is shown once.")
        box = ColleagueBox(
            _("Let somebody sign in"), said, _("Go on"), self._untied(), self.let_in, self
        )
        box.open()
        return box

    def let_in(self, colleague: int, name: str) -> None:
        """Proposes a name to sign in with for a colleague."""
        base = self._session.base

        def work(_job: Any) -> str:
            from crm_desktop.services.server.accounts import proposal

            return proposal(base, colleague)

        self._session.operations.query(
            ("proposed login",), work, owner=self, failed=self._navigator.refuse,
            done=lambda proposed: self._box(colleague, Standing(name, None, proposed)),
        )  # fmt: skip

    def open_account(self) -> LetInBox | None:
        """The box of one account: a new password, blocking."""
        entry = self.chosen()
        if entry is None or not self.account.isEnabled():
            return None
        person = entry.person
        return self._box(person.colleague or 0, Standing(person.name or person.login, person, ""))

    def _box(self, colleague: int, stands: Standing) -> LetInBox:
        ref = Ref(self._session.base.catalogue.staff().key, colleague)
        box = LetInBox(self._session, self._navigator, ref, stands, self)
        box.finished.connect(box.deleteLater)
        box.finished.connect(lambda _result: self.read())
        box.open()
        return box

    def change_block(self) -> None:
        """Blocks the account in hand, or lets it sign in again."""
        entry, base = self.chosen(), self._session.base
        if entry is None:
            return
        login, active = entry.person.login, entry.person.is_active

        def work(_job: Any) -> None:
            from crm_desktop.services.server.accounts import block, unblock

            (block if active else unblock)(base, login)

        said = _("{login} is blocked") if active else _("{login} may sign in now")
        self._run(work, said.format(login=login))

    def demand_change(self) -> None:
        """The owner of the account in hand has to choose another password."""
        entry, base = self.chosen(), self._session.base
        if entry is None:
            return
        login = entry.person.login

        def work(_job: Any) -> None:
            from crm_desktop.services.server import accounts

            accounts.demand_change(base, login)

        said = _("At the next sign-in {login} has to choose another password")
        self._run(work, said.format(login=login))

    def unlock_account(self) -> None:
        """The account in hand was locked after failures: its owner may sign in at once."""
        entry, base = self.chosen(), self._session.base
        if entry is None:
            return
        login = entry.person.login

        def work(_job: Any) -> None:
            from crm_desktop.services.server.second_factor import unlock

            unlock(base, login)

        self._run(work, _("{login} may sign in now").format(login=login))

    def take_app_off(self) -> None:
        """The owner of the account in hand has lost the telephone."""
        entry, base = self.chosen(), self._session.base
        if entry is None:
            return
        login = entry.person.login

        def work(_job: Any) -> None:
            from crm_desktop.services.server.second_factor import reset

            reset(base, login)

        said = _("The app of {login} was taken off; what it had opened is closed")
        self._run(work, said.format(login=login))

    def _settle_sign_in(self, rules: SignInRules) -> None:
        base = self._session.base

        def work(_job: Any) -> None:
            from crm_desktop.services.server.sign_in_rules import settle_sign_in

            settle_sign_in(base, rules)

        self._run(work, _("The rules are kept"))

    def _settle(self, rules: PasswordRules) -> None:
        base = self._session.base

        def work(_job: Any) -> None:
            from crm_desktop.services.server.password_rules import settle_passwords

            settle_passwords(base, rules)

        self._run(work, _("The rules are kept"))

    def ask_whose(self) -> ColleagueBox | None:
        """The box that asks whose the account in hand is."""
        entry = self.chosen()
        if entry is None or not self._untied():
            return None
        login, base = entry.person.login, self._session.base

        def tie(colleague: int, name: str) -> None:
            def work(_job: Any) -> int:
                from crm_desktop.services.server import accounts

                return accounts.tie(base, login, colleague)

            said = _("{login} is the account of {name} now").format(login=login, name=name)
            self._run(work, said)

        said = _("From the next sign-in on the account works in the name, and with the rights, of "
                 "the colleague you choose.")  # fmt: skip
        title = _("Whose account is {login}?").format(login=login)
        box = ColleagueBox(title, said, _("Tie the account"), self._untied(), tie, self)
        box.open()
        return box

    def open_standing_in(self) -> None:
        """Asks who is to stand in for the owner of the account."""
        entry = self.chosen()
        if entry is not None and entry.person.colleague is not None:
            self._navigator.open_standing_in(entry.person.colleague)

    def open_rights(self) -> None:
        """What the owner of the account may do, and by which role."""
        entry = self.chosen()
        if entry is not None and entry.person.colleague is not None:
            self._navigator.open_rights(entry.person.colleague)

    def open_card(self) -> None:
        """The card of the colleague."""
        entry = self.chosen()
        if entry is not None and entry.person.colleague is not None:
            staff = self._session.base.catalogue.staff().key
            self._navigator.open_record(Ref(staff, entry.person.colleague))

    def _run(self, work: Any, said: str) -> None:
        def done(_done: Any) -> None:
            self._navigator.toast(said)
            self.read()

        self._session.operations.run(work, owner=self, done=done, failed=self._navigator.refuse)

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Accounts")

    def icon(self) -> str:
        return "users"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)
