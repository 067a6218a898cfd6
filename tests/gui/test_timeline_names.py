"""The timeline calls a job by its person: without a job title it had only a number."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.timeline import TimelineTab
from crm_desktop.ui.record_card.timeline_names import called_by_others
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


def job_of(desk: Desk, client: Ref, **more: str) -> Ref:
    desk.make("person", name="Anna Petrova", client=client.id, **more)
    [job] = desk.base.reader.linked("employment", "client", [client.id])
    return Ref("employment", job)


def test_a_job_without_a_title_is_called_by_its_person(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    job = job_of(desk, client)
    page = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, page)

    tab = page.tabs.open_tab("timeline")

    assert isinstance(tab, TimelineTab)
    qtbot.waitUntil(lambda: job in tab._titles)
    assert tab._titles[job].text == "Anna Petrova"


def test_a_job_with_a_title_keeps_it(desk: Desk, client: Ref) -> None:
    job = job_of(desk, client)
    desk.base.records.update("employment", job.id, {"job_title": "Buyer"})

    assert called_by_others(desk.base, [job], client) == {}
