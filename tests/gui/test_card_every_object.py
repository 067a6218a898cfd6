"""Every object has a card, a form and tabs, a user-made one on the day it is made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.builtin import BUILTIN
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui import theme
from crm_desktop.ui.record_card.abilities import shown_elsewhere
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.facts import GENERAL, HIDDEN_SECTION, fact_sections
from tests.bases import ready_base
from tests.catalogue.samples import add_tender, full, make
from tests.gui.card_desk import NOON, Desk

KEYS = [*(entity.key for entity in BUILTIN), "x_tender", "x_bid"]
KEPT = {e.key for e in BUILTIN if any(f.required and f.readonly for f in e.fields)}
"""What the program notes by itself: nobody types one."""
ONCE = {"queue_member"}
"""Of which a second one like the first is refused: a colleague has a place in a queue once."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("cards")
    made = ready_base(folder / "base.crm", language="en", clock=MovedClock(NOON), more=add_tender)
    yield made
    made.close()


@pytest.fixture
def desk(base: Workspace, own_home: Path, qapp: QApplication) -> Iterator[Desk]:
    theme.apply(qapp, "light")
    made = Desk(base, own_home)
    yield made
    made._end()
    made.session.workspace = None
    made.session.closed.emit()


@pytest.fixture
def page(desk: Desk, request: pytest.FixtureRequest, qtbot: QtBot) -> CardPage:
    entity = desk.base.catalogue[request.param]
    ref = Ref(entity.key, desk.base.records.create(entity.key, full(desk.base, entity, 0)).ids[0])
    made = CardPage(desk.session, desk.navigator, ref)
    desk.show(qtbot, made)
    return made


@pytest.mark.parametrize("page", KEYS, indirect=True)
def test_every_filled_field_is_seen(page: CardPage) -> None:
    contents = page.controller.contents
    assert contents is not None
    sections = fact_sections(contents, page.controller.around(), editing=lambda fact: False)

    seen = {fact.field.key for section in sections for fact in section.facts}

    expected = {f.key for f in contents.entity.fields if contents.values.get(f.key)}
    hidden = {m.field for m in contents.entity.traits if hasattr(m, "child")}
    hidden |= shown_elsewhere(contents.entity, contents.channel_shape)
    hidden |= {f.key for f in contents.entity.fields if f.section == HIDDEN_SECTION}
    assert expected - hidden - {contents.entity.title_field} <= seen
    assert GENERAL in {section.key for section in sections}


@pytest.mark.parametrize("page", KEYS, indirect=True)
def test_every_tab_opens(page: CardPage, qtbot: QtBot) -> None:
    for tab in page.tabs.bar._tabs:
        page.tabs.open_tab(tab.key)
        QApplication.processEvents()

        assert page.tabs.bar.current() == tab.key
        assert page.tabs.stack.currentWidget().isVisible()


@pytest.mark.parametrize("page", KEYS, indirect=True)
def test_the_form_takes_and_gives_back_every_value(page: CardPage, desk: Desk) -> None:
    before = desk.values(page.ref())
    page.edit()
    forms = page._forms
    assert forms is not None

    assert forms.form.changed_values() == {}
    assert not page.is_changed()
    page.run("save")

    assert desk.values(page.ref()) == before


@pytest.mark.parametrize("key", [key for key in KEYS if key not in KEPT | ONCE])
def test_a_new_one_is_typed_and_saved(desk: Desk, key: str, qtbot: QtBot) -> None:
    entity = desk.base.catalogue[key]
    model = Ref(key, make(desk.base, entity, 1))
    page = CardPage(desk.session, desk.navigator, Ref(key, 0))
    desk.show(qtbot, page)
    other = CardPage(desk.session, desk.navigator, model)
    desk.show(qtbot, other)
    other.edit()
    assert page._forms is not None and other._forms is not None

    for f in entity.form_fields():
        wanted = f.required or f.key == entity.title_field or bool(desk.values(model).get(f.key))
        if wanted and f.key in page._forms.form.editors:  # else the program itself fills it
            page._forms.form.editors[f.key].set_raw(other._forms.form.editors[f.key].raw())
    page.run("save")

    assert page.ref().id > 0
    if entity.title_field in {f.key for f in entity.form_fields() if f.section != HIDDEN_SECTION}:
        assert page.header.title.text() == other.header.title.text()
