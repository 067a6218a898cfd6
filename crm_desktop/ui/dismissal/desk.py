"""The actions by which somebody's work here ends, or begins again, for the colleague in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from crm_desktop.errors import UserError
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.actions import Action
from crm_desktop.ui.drafts.on_server import here_in
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import RECORD
from crm_desktop.ui.operations import Job
from crm_desktop.ui.page import Page

if TYPE_CHECKING:
    from crm_desktop.services.server.dismissal import Dismissed, LeftText
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.dismissal.boxes import DismissBox, TextsBox

GROUP = N_("Records")
_LOOK_MS = 1000


class Asked:
    """What is known before the question: the name, whether there is an account, who may succeed."""

    def __init__(self, name: str, signs_in: bool, people: list[tuple[int, str]]) -> None:
        self.name, self.signs_in, self.people = name, signs_in, people


class DismissalDesk(QObject):
    """One a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self.box: DismissBox | None = None
        self.texts: TextsBox | None = None
        self._out: list[tuple[Workspace, str, int]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._see_out)
        window.session.opened.connect(self._opened)
        window.actions.add(
            Action("dismiss", N_("Dismiss…"), self.ask, "lock", "", group=GROUP,
                   enabled=lambda: self._pointed() is not None),
            Action("take-back", N_("Works here again"), self.take_back, "unlock", "",
                   group=GROUP, enabled=lambda: self._pointed() is not None),
            Action("stand-in", N_("Somebody stands in…"), self._stand_in, "users", "", group=GROUP,
                   enabled=lambda: self._on_server() and self._pointed() is not None),
            Action("left-texts", N_("What was left unsaved"), self.read, "note", "", group=GROUP,
                   enabled=self._on_server),
        )  # fmt: skip

    def _on_server(self) -> bool:
        base = self._w.session.workspace
        return base is not None and bool(base.login)

    def _pointed(self) -> Ref | None:
        """The colleague in front, for who may dismiss: the administrator, and in a local base
        whoever sits here."""
        from crm_desktop.models.catalogue.traits import Staff

        page, base, place = self._w.pages.page, self._w.session.workspace, self._w.pages.place
        if base is None or base.read_only or place is None:
            return None
        if base.login and not base.administers:
            return None
        if place.kind == RECORD and place.id:
            ref: Ref | None = Ref(place.entity, place.id)
        else:
            ref = page.pointed() if isinstance(page, Page) else None
        known = ref is not None and ref.id > 0 and base.catalogue.has(ref.entity)
        return ref if known and ref and base.catalogue[ref.entity].trait(Staff) else None

    def _stand_in(self) -> None:
        ref = self._pointed()
        if ref is not None:
            self._w.navigator.open_standing_in(ref.id)

    # --- the switch -------------------------------------------------------------------------------

    def ask(self) -> None:
        """The box about the colleague in front."""
        ref, base = self._pointed(), self._w.session.workspace
        if ref is None or base is None or self.box is not None:
            return
        self._w.session.operations.query(
            ("dismiss", "who"), lambda _job: _asked(base, ref), owner=self,
            done=lambda asked: self._show(ref, asked), failed=self._w.navigator.refuse,
        )  # fmt: skip

    def _show(self, ref: Ref, asked: Asked) -> None:
        from crm_desktop.ui.dismissal.boxes import DismissBox

        if self.box is not None or self._w.session.workspace is None:
            return
        self.box = box = DismissBox(
            asked.name, asked.people, self._w.view, signs_in=asked.signs_in
        )  # fmt: skip
        box.decided.connect(lambda heir: self._dismiss(ref, heir or None))
        box.finished.connect(self._forget)
        box.open()

    def _forget(self) -> None:
        box, self.box = self.box, None
        if box is not None:
            box.deleteLater()

    def _dismiss(self, ref: Ref, heir: int | None) -> None:
        box, base = self.box, self._w.session.base

        def work(_job: Job) -> Dismissed:
            from crm_desktop.services.server.dismissal import dismiss

            return dismiss(base, ref.id, heir)

        def done(dismissed: Dismissed) -> None:
            if box is not None:
                box.accept()
            said = _("{name} no longer works here").format(name=dismissed.name)
            self._w.navigator.toast(said)
            if dismissed.lines:
                self._out.append((base, dismissed.login, 0))
                self._timer.start()
            self._w.actions.run("hand-over")

        def failed(error: UserError) -> None:
            if box is not None:
                box.say(error.message)

        self._w.session.operations.run(work, owner=self, done=done, failed=failed)

    def _see_out(self) -> None:
        """Looks every second; windows that have not closed within the grace are ended."""
        if not self._out:
            self._timer.stop()
            return
        base, login, looks = self._out.pop(0)
        if base is not self._w.session.workspace:
            return

        def work(_job: Job) -> bool:
            from crm_desktop.services.server import dismissal

            left = dismissal.lines_left(base, login)
            if left and (looks + 1) * _LOOK_MS >= dismissal.GRACE_S * 1000:
                dismissal.end_lines(base, login)
                return False
            return bool(left)

        def done(is_there: bool) -> None:
            if is_there:
                self._out.append((base, login, looks + 1))
                self._timer.start()

        self._w.session.operations.query(("see out", login), work, owner=self, done=done)

    def take_back(self) -> None:
        """The colleague in front works here again."""
        ref, base = self._pointed(), self._w.session.workspace
        if ref is None or base is None:
            return

        def work(_job: Job) -> str:
            from crm_desktop.services.server.dismissal import take_back

            return take_back(base, ref.id)

        self._w.session.operations.run(
            work, owner=self, failed=self._w.navigator.refuse,
            done=lambda _login: self._w.navigator.toast(_("Works here again")),
        )  # fmt: skip

    # --- texts ------------------------------------------------------------------------------------

    def _opened(self) -> None:
        base = self._w.session.workspace
        if base is None or not base.login:
            return

        def done(found: list[tuple[LeftText, str]]) -> None:
            count = sum(one.login != base.login for one, _head in found)
            if count and base is self._w.session.workspace:
                said = ngettext("{count} unsaved text was left to you",
                                "{count} unsaved texts were left to you", count)  # fmt: skip
                self._w.navigator.toast(said.format(count=count))

        here = here_in(self._w.session)
        self._w.session.operations.query(
            ("left texts", "count"), lambda _job: _left(base, here), owner=self, done=done,
            failed=lambda _error: None,
        )  # fmt: skip

    def read(self) -> None:
        """The box with what was left to who sits here."""
        from crm_desktop.ui.dismissal.boxes import TextsBox

        if self.texts is None and self._on_server():
            self.texts = TextsBox(self._w.view)
            self.texts.done_with.connect(self._take_away)
            self.texts.finished.connect(self._closed)
            self._fill(None)

    def _fill(self, away: int | None) -> None:
        box, base, here = self.texts, self._w.session.base, here_in(self._w.session)
        if box is None:
            return

        def work(_job: Job) -> list[tuple[LeftText, str]]:
            from crm_desktop.services.server.dismissal import text_done

            if away is not None:
                text_done(base, away)
            return _left(base, here)

        def done(found: list[tuple[LeftText, str]]) -> None:
            box.show_texts(found)
            box.open()

        self._w.session.operations.run(work, owner=box, done=done, failed=self._w.navigator.refuse)

    def _take_away(self, id_: int) -> None:
        self._fill(id_)

    def _closed(self) -> None:
        box, self.texts = self.texts, None
        if box is not None:
            box.deleteLater()


def _asked(base: Workspace, ref: Ref) -> Asked:
    """Who it is and who may succeed; in the worker."""
    from crm_desktop.services.rights.working import working_people
    from crm_desktop.services.server.whose import login_field

    record = base.reader.get(ref.entity, ref.id)
    signs_in = bool(base.login and record and record.values.get(login_field(base)))
    people = [(id_, name) for id_, name in working_people(base) if id_ != ref.id]
    return Asked(base.titles.of([ref])[ref].text, signs_in, people)


def _left(base: Workspace, here: str) -> list[tuple[LeftText, str]]:
    """The texts, each with who left it, about what, and when; in the worker."""
    from crm_desktop.services.licensing.standing import colleagues
    from crm_desktop.services.server.dismissal import left_texts

    found = left_texts(base, here)
    names = colleagues(base) if found else {}
    zone = base.clock.zone()
    return [
        (one, f"{names.get(one.login, one.login)} · {one.title} · "
              f"{one.left_at.astimezone(zone):%d.%m.%Y %H:%M}")
        for one in found
    ]  # fmt: skip
