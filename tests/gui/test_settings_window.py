"""The settings: each one is in force at once and kept; what the program says about itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from crm_desktop import settings as s
from crm_desktop.services.workspace import open_base
from crm_desktop.ui import theme
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.settings_window.about import LicenceBox
from crm_desktop.ui.settings_window.facts import Fact, support_text
from crm_desktop.ui.settings_window.page import ABOUT, SettingsPage
from crm_desktop.ui.welcome.page import WelcomePage
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from tests.bases import ready_base
from tests.gui.office_desk import Office, office, small_base

__all__ = ["office", "small_base"]


def _settings(office: Office, base: Path | str = "") -> SettingsPage:
    program = office.start(base)
    office.page(RecordListPage if base else WelcomePage)
    program.navigator.open_settings()
    return office.page(SettingsPage)


def test_gear_opens_the_settings(office: Office, small_base: Path) -> None:
    program = office.start(small_base)
    office.page(RecordListPage)

    program.window.view.navigation.settings_asked.emit()

    assert office.page(SettingsPage).title() == "Settings"


def test_keys_open_the_settings_without_a_base(office: Office) -> None:
    program = office.start()
    office.page(WelcomePage)

    program.window.actions.run("settings")

    assert office.page(SettingsPage).place().name == "settings"


def test_language_is_in_force_at_once(office: Office, small_base: Path) -> None:
    page = _settings(office, small_base)

    QTest.keyClick(page.look.languages, Qt.Key.Key_Left)

    office.wait(lambda: page.title() == "Настройки")
    office.wait(lambda: page.look.themes._choices[1][0] == "Светлая")
    assert office.settings.get(s.LANGUAGE) == "ru"


@pytest.mark.parametrize(("mode", "dark"), [("dark", True), ("light", False)])
def test_theme_is_in_force_at_once(office: Office, mode: str, dark: bool) -> None:
    office.settings.put(s.THEME, "light" if dark else "dark")
    page = _settings(office)

    page.look.themes.chosen.emit(mode)

    office.wait(lambda: theme.theme().dark is dark)
    assert office.settings.get(s.THEME) == mode


def test_high_contrast_is_kept(office: Office) -> None:
    page = _settings(office)

    page.look.themes.chosen.emit("contrast")

    office.wait(lambda: theme.theme().mode == "contrast")
    assert office.settings.get(s.THEME) == "contrast"


def test_accent_is_chosen_by_the_keyboard(office: Office) -> None:
    page = _settings(office)

    QTest.keyClick(page.look.accents, Qt.Key.Key_Right)

    office.wait(lambda: theme.theme().accent == "teal")
    assert office.settings.get(s.ACCENT) == "teal"
    assert page.look.accents.accessibleName() == "Accent colour: Teal"


def test_size_makes_the_window_anew_and_comes_back_here(office: Office, small_base: Path) -> None:
    page = _settings(office, small_base)
    assert office.program is not None
    old = office.program.window

    page.look.sizes.set_value(120)
    page.look.sizes.activated.emit(0)

    office.wait(lambda: office.program is not None and office.program.window is not old)
    again = office.page(SettingsPage)
    assert again.look.sizes.currentText() == "120 %"
    assert theme.px(100) == 120


def test_rows_of_open_lists_take_the_density(office: Office, small_base: Path) -> None:
    page = _settings(office, small_base)
    assert office.program is not None
    old = office.program.window

    page.look.densities.chosen.emit("compact")
    office.wait(lambda: office.program is not None and office.program.window is not old)
    office.program.navigator.show_list("client")

    table = office.page(RecordListPage).view.table
    assert table.verticalHeader().defaultSectionSize() == 30


def test_font_of_the_system_is_kept(office: Office) -> None:
    page = _settings(office)

    page.look.fonts.chosen.emit(s.SYSTEM_FONT)

    office.wait(lambda: theme.theme().family == "")
    assert office.page(SettingsPage).look.fonts.value() == s.SYSTEM_FONT


def test_colleague_is_chosen_and_remembered(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "staff.crm"
    base = ready_base(path, language="en")
    olga = base.records.create("staff", {"name": "Olga"}).ids[0]
    base.close()
    page = _settings(office, path)
    people = page.work.people
    office.wait(lambda: people.findText("Olga") >= 0)

    people.set_value(olga)
    people.activated.emit(0)

    assert office.program is not None
    assert office.program.session.base.user_id == olga
    assert office.settings.get(s.WORKS_AS) == {str(path): olga}
    panel = office.program.window.view.navigation
    office.wait(lambda: "Olga" in panel._user.accessibleName())


def test_country_of_phone_numbers_is_in_force(office: Office, small_base: Path) -> None:
    page = _settings(office, small_base)
    countries = page.work.countries
    office.wait(lambda: countries.count() > 100)
    first = countries.currentText()

    countries.set_value("DE")
    countries.activated.emit(0)

    assert office.program is not None
    assert first == "As the language: United States"
    assert office.program.session.base.region == "DE"
    assert office.settings.get(s.DEFAULT_PHONE_REGION) == "DE"


def test_keyboard_map_opens_from_here(office: Office, small_base: Path) -> None:
    page = _settings(office, small_base)

    page.work.keys.click()

    assert office.program is not None
    boxes = office.program.window.view.findChildren(Dialog)
    assert [box.windowTitle() for box in boxes] == ["Keyboard map"]
    said = {label.text() for label in boxes[0].findChildren(Label)}
    assert {"ON THE BOARD", "Move to the next lane"} <= said
    boxes[0].close()


def test_about_tells_of_program_and_base(office: Office, small_base: Path) -> None:
    page = _settings(office, small_base)
    page.show_section(ABOUT)
    office.wait(lambda: len(page.about.facts) > 6)

    page.about.copy.click()

    copied = QGuiApplication.clipboard().text()
    assert f"Base: {small_base}" in copied
    assert "Python: 3." in copied and "sqlite" in copied and "Version of its tables: " in copied


def test_support_text_holds_no_password() -> None:
    text = support_text([Fact("Base", "firebird+fdb://olga:secret@office:3050/crm")])

    assert "secret" not in text


def test_size_of_a_base_on_either_back_end(base_url: str) -> None:
    from crm_desktop.ui.settings_window.facts import base_facts

    ready_base(base_url, language="en").close()
    base = open_base(base_url)

    facts = {fact.name: fact.text for fact in base_facts(base, "en")}
    base.close()

    assert facts["Size of the base"].endswith("MB")
    assert any(word in facts["Database"] for word in ("sqlite 3", "firebird 3", "firebird 4"))


def test_licence_texts_can_be_read(office: Office) -> None:
    page = _settings(office)

    box = page.about.show_licences()

    assert isinstance(box, LicenceBox)
    first = box.text.text()
    box.parts.setCurrentIndex(box.parts.findText("sqlalchemy"))
    assert "MIT License" in first
    assert "SQLAlchemy authors" in box.text.text()
    box.close()


def test_every_control_has_a_name(office: Office, small_base: Path) -> None:
    page = _settings(office, small_base)

    found = [w for w in page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]

    nameless = [w for w in found if w.isVisible() and not w.accessibleName() and not _text(w)]
    assert found and not nameless


def _text(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""
