"""What was typed and not saved when the program ended is told at the next start."""

from __future__ import annotations

from pathlib import Path

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.drafts.left_over import DraftsLeft
from crm_desktop.ui.drafts.local import Draft, Drafts
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.office_desk import Office, office, small_base

__all__ = ["office", "small_base"]


def _keep(office: Office, base: Workspace, ref: Ref) -> None:
    drafts = Drafts(office.settings.path.parent, base.info("guid"))
    drafts.keep(ref, Draft({"city": "Tomsk"}, 1, base.clock.now(), base.login))


def _look(office: Office) -> list[str]:
    assert office.program is not None
    said: list[str] = []
    office.program.navigator.noted.connect(lambda note: said.append(note.text))
    left = office.program.window.findChild(DraftsLeft)
    assert isinstance(left, DraftsLeft)
    left.look()
    return said


def test_unsaved_records_are_named(office: Office, small_base: Path) -> None:
    base = office.start(small_base).session.base
    office.page(RecordListPage)
    client = base.records.create("client", {"name": "Lotus"}).ids[0]
    _keep(office, base, Ref("client", client))
    _keep(office, base, Ref("client", 0))
    _keep(office, base, Ref("client", 987_654_321))  # deleted meanwhile

    said = _look(office)

    office.wait(lambda: bool(said))
    assert said == ["Left unsaved: Lotus, New client. Open the form to restore what was typed."]
