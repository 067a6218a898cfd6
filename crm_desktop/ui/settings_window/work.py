"""The settings of the work: who works here, phone numbers, the keyboard, copies of the base."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.actions import shown_keys
from crm_desktop.ui.copies import folder_of_copies, make_copy_now, said_last_copy
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session
from crm_desktop.ui.settings_window.accounts_row import AccountsRow
from crm_desktop.ui.settings_window.double_booking import DoubleBookingRow
from crm_desktop.ui.settings_window.file_limit import FileLimitRow
from crm_desktop.ui.settings_window.reminding import reminder_rows
from crm_desktop.ui.settings_window.rows import SettingRow, section
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox

_MOST_PEOPLE = 500


class WorkSettings(QWidget):
    """The colleague belongs to the open base, the rest to this computer."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session = session
        self.people = ComboBox(name=_("Who works here"))
        self.countries = ComboBox(name=_("Country of phone numbers"))
        self.keys = Button("", "keyboard")
        self.calendars = Button("", "calendar")
        self.copy, self.folder = Button("", "save"), Button("", "folder-open")
        for box in (self.people, self.countries):
            box.setFixedWidth(px(280))
        self._rows = tuple(SettingRow(c) for c in self._controls())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.file_limit = FileLimitRow(session, navigator)
        self.double_booking = DoubleBookingRow(session, navigator)
        self.accounts = AccountsRow(session, navigator)
        self.reminding = reminder_rows(session.settings)
        base_rows = (self.file_limit, self.double_booking, self.accounts)
        layout.addWidget(section(*self._rows, *base_rows, *self.reminding))
        self.people.activated.connect(self._work_as)
        self.countries.activated.connect(self._keep_country)
        self.keys.clicked.connect(navigator.show_keys)
        self.calendars.clicked.connect(lambda: navigator.open_page("working-time"))
        self.copy.clicked.connect(lambda: make_copy_now(session, navigator))
        self.folder.clicked.connect(self.choose_folder)
        session.copied.connect(self._say_copies)
        session.person_changed.connect(self._read_people)
        keep_translated(self, self._say_texts)

    def _controls(self) -> tuple[QWidget, ...]:
        return self.people, self.countries, self.keys, self.calendars, self.copy, self.folder

    def _say_texts(self) -> None:
        words = (
            (_("Who works here"), _("What you change in this base is noted under this name.")),
            (_("Country of phone numbers"), _("For numbers written without a country code.")),
            (_("Keyboard map"), _("Every shortcut of the program on one sheet.")),
            (_("Working time"), _("Working hours, holidays and special days of the base.")),
        )
        for line, (name, hint) in zip(self._rows[: len(words)], words, strict=True):
            line.set_texts(name, hint)
        self._say_copies()
        self.people.setAccessibleName(words[0][0])
        self.countries.setAccessibleName(words[1][0])
        self.keys.setText(f"{_('Show')}   {shown_keys('F1')}")
        self.keys.setAccessibleName(_("Keyboard map"))
        self.calendars.setText(_("Open"))
        self.calendars.setAccessibleName(_("Working time"))
        self._rows[3].setVisible(self._session.workspace is not None)
        self._rows[0].setVisible(self._session.workspace is not None)
        self._read_people()
        self._read_countries()

    # --- copies of the base -----------------------------------------------------------------------

    def _say_copies(self) -> None:
        base = self._session.workspace
        local = base is not None and base.backend.exclusive
        copy, folder = self._rows[-2:]
        copy.setVisible(base is not None)
        folder.setVisible(local)
        self.copy.setVisible(local)
        copy.set_texts(_("Copy of the base"), self._copy_hint(local=local))
        self.copy.setText(_("Make a copy now"))
        self.folder.setText(_("Choose…"))
        if local:
            folder.set_texts(_("Folder for copies"), str(folder_of_copies(self._session)))

    def _copy_hint(self, *, local: bool) -> str:
        if not local:
            return _("The base is on a server: copies are made there, by its administrator.")
        moment = said_last_copy(self._session, i18n.language())
        if not moment:
            return _("No copy was made on this computer yet. Keep copies on another disk, too.")
        return _("The last one: {moment}. Keep copies on another disk, too.").format(moment=moment)

    def choose_folder(self) -> QFileDialog:
        """Opens the box in which the folder for copies is chosen."""
        start = str(folder_of_copies(self._session))
        box = QFileDialog(self, _("Folder for copies"), start)
        box.setFileMode(QFileDialog.FileMode.Directory)
        box.setOption(QFileDialog.Option.ShowDirsOnly)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.fileSelected.connect(self.keep_folder)
        box.open()
        return box

    def keep_folder(self, folder: str) -> None:
        """Copies go there from now on."""
        self._session.settings.put(s.COPY_FOLDER, folder)
        self._say_copies()

    # --- the person -------------------------------------------------------------------------------

    def _read_people(self) -> None:
        base = self._session.workspace
        if base is None:
            return
        staff = base.catalogue.staff().key

        def work(_job: Job) -> list[tuple[Ref, Any]]:
            return list(base.titles.suggest(staff, "", limit=_MOST_PEOPLE))

        def done(found: list[tuple[Ref, Any]]) -> None:
            choices: list[tuple[str, object]] = [(_("Nobody"), None)]
            choices += [(title.text, ref.id) for ref, title in found]
            self.people.set_choices(choices, base.user_id)
            self.people.setEnabled(not base.is_known)  # the account says who works here

        self._session.operations.query(("settings-people",), work, owner=self, done=done)

    def _work_as(self, _place: int) -> None:
        value = self.people.value()
        if self._session.workspace is not None:
            self._session.work_as(value if isinstance(value, int) else None)

    # --- the country ------------------------------------------------------------------------------

    def _read_countries(self) -> None:
        language = i18n.language()
        if not self.countries.count():
            self.countries.set_choices([("…", "")], "")

        def work(_job: Job) -> list[Any]:
            from crm_desktop.models.text.regions import phone_regions

            return phone_regions(language)

        def done(regions: list[Any]) -> None:
            usual = {"ru": "RU"}.get(language, "US")
            names = {region.code: region for region in regions}
            first = _("As the language: {country}").format(country=names[usual].name)
            choices: list[tuple[str, object]] = [(first, "")]
            choices += [(f"{r.name}  {r.prefix}", r.code) for r in regions]
            kept = self._session.settings.get(s.DEFAULT_PHONE_REGION)
            self.countries.set_choices(choices, kept)

        self._session.operations.query(("settings-countries",), work, owner=self, done=done)

    def _keep_country(self, _place: int) -> None:
        settings = self._session.settings
        settings.put(s.DEFAULT_PHONE_REGION, str(self.countries.value() or ""))
        if self._session.workspace is not None:
            self._session.workspace.region = s.phone_region(settings)
