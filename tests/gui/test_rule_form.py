"""The form of a rule: values picked with the editors of their fields, conditions as chips."""

from __future__ import annotations

import json

from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.services.sales_setup import read_rules
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.sales_setup.rule_picks import RulePicks
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]

OMSK = Condition("city", "eq", "Omsk")


def form_of(desk: Desk, qtbot: QtBot, **values: object) -> RulePicks:
    """The strip of a form for a new rule."""
    made = CardPage(desk.session, desk.navigator, Ref("automation", 0), values=values,
                    parts=CARD_PARTS)  # fmt: skip
    desk.show(qtbot, made)
    picks = made.findChildren(RulePicks)[0]
    ready = picks._forms.form.editors["name"]
    qtbot.waitUntil(lambda: ready.value() == values["name"])
    return picks


def test_a_value_is_picked_with_the_editor_of_its_field(desk: Desk, qtbot: QtBot) -> None:
    active = desk.base.titles.find("reference", "Active")[0]
    picks = form_of(desk, qtbot, name="R", event="field", of="client", when="status",
                    deed="set_field", field="region", subject="Hi")  # fmt: skip
    form = picks._forms.form
    editor = picks.values.editors["becomes"]
    editor.set_value(active)
    editor.changed.emit()
    assert form.editors["becomes"].value() == str(active)
    assert not form.boxes["becomes"].isVisible()


def test_a_text_is_typed_for_it_may_hold_fields_in_braces(desk: Desk, qtbot: QtBot) -> None:
    picks = form_of(desk, qtbot, name="R", event="made", of="client", deed="set_field",
                    field="note", value="{name}")  # fmt: skip
    assert picks.values.editors == {}
    assert picks._forms.form.boxes["value"].isVisibleTo(picks._forms.form)


def test_a_condition_is_kept_with_the_rule_and_shown_as_a_chip(desk: Desk, qtbot: QtBot) -> None:
    picks = form_of(desk, qtbot, name="R", event="made", of="client", deed="activity", subject="Hi")
    picks.where.take(OMSK)
    assert [chip.accessibleName() != "" for chip in picks.where.chips] == [True]
    picks._forms.save()
    qtbot.waitUntil(lambda: desk.base.titles.find("automation", "R") != [])
    (id_,) = desk.base.titles.find("automation", "R")
    kept = json.loads(desk.values(Ref("automation", id_))["where"])
    assert kept == {"field": "city", "op": "eq", "value": "Omsk"}


def test_what_a_rule_cannot_compare_is_refused_at_once(desk: Desk, qtbot: QtBot) -> None:
    picks = form_of(desk, qtbot, name="R", event="made", of="client", deed="activity", subject="Hi")
    picks.where.take(Condition("city", "comes", 3))
    assert picks.where.error.isVisible()
    assert picks.where.where() is None


def test_a_rule_says_values_by_their_names(desk: Desk) -> None:
    active = desk.base.titles.find("reference", "Active")[0]
    make = desk.base.records.create
    make("automation", {"name": "A", "event": "field", "of": "client", "when": "Status",
                        "becomes": "Active", "deed": "set_field", "field": "Kind",
                        "value": "company"})  # fmt: skip
    (line,) = read_rules(desk.base)
    assert "“Active”" in line.sentence and str(active) not in line.sentence
    assert "“Company”" in line.sentence
