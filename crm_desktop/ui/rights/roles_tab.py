"""The tab of roles: the matrix of one role, who has it, a new role, one that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.rights import words
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.messages import confirm
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.rights import matrix
from crm_desktop.ui.rights.line_box import Chosen, LineBox
from crm_desktop.ui.rights.name_box import NameBox
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.marks import Chip
from crm_desktop.ui.widgets.strips import ProgressStrip

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.rights.roles import Role
    from crm_desktop.ui.navigation import Navigator
    from crm_desktop.ui.operations import Job, Progress


class Seen(NamedTuple):
    """What the tab shows. `people`: (number, name) of everybody who works here."""

    roles: list[Role]
    people: list[tuple[int, str]]
    objects: list[tuple[EntityDef | None, tuple[str, ...]]]
    shared: frozenset[str]
    """Objects whose records are nobody's: all or nothing."""
    ways: dict[str, dict[str, tuple[str, ...]]]
    """How the fields of each object may be held back."""

    def scope(self, role: Role, entity: EntityDef | None, action: str) -> str:
        """What the role gives in the end."""
        scope = role.scope(entity.number if entity else words.EVERYTHING, action)
        if entity is None or entity.key not in self.shared:
            return scope
        from crm_desktop.services.rights.reach import shared_scope

        return shared_scope(action, scope)


class RolesTab(QWidget):
    """For administrators; it asks the base whenever it is shown."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.seen: Seen | None = None
        self.role = ComboBox(name=_("Role"))
        self.new, self.drop = Button("", "add"), Button("", "delete")
        self.person = ComboBox(name=_("Colleague"))
        self.give = Button("", "add")
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Rights of the role"), least=matrix.LEAST,
                                  narrowest=matrix.NARROWEST)  # fmt: skip
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self._note, self._hint = Label("", "body", "text2", wrap=True), Label("", "small", "text2")
        self._has = Label("", "strong")
        self.strip = ProgressStrip("", cancel="")
        self.strip.hide()
        self._stop: Callable[[], None] = lambda: None
        self._holders = QWidget()
        self.chips = FlowLayout(gap=6)
        self._holders.setLayout(self.chips)
        head = row(self.role, self.new, self.drop, None, gap=8)
        holding = row(self._has, None, self.person, self.give, gap=8)
        layout = column(head, self._note, holding, self._holders, self.strip, self.table,
                        self._hint, gap=10, margins=(24, 16, 24, 20))  # fmt: skip
        layout.setStretch(5, 1)
        self.setLayout(layout)
        self._connect()

    def _connect(self) -> None:
        self.role.activated.connect(lambda _place: self._say())
        self.new.clicked.connect(self.ask_name)
        self.drop.clicked.connect(self._ask_drop)
        self.give.clicked.connect(self._give)
        self.strip.cancelled.connect(lambda: self._stop())
        self.table.clicked.connect(self._cell_clicked)
        self.table.row_opened.connect(lambda place, _ctrl: self.open_line(place))

    # --- what is said -----------------------------------------------------------------------------

    def say_texts(self) -> None:
        """In the language of now."""
        self.new.setText(_("New role"))
        self.drop.setText(_("Delete"))
        self.give.setText(_("Give the role"))
        self._has.setText(_("Who has it"))
        self.strip.title.setText(_("Setting the words of the field apart in the search"))
        self.strip.button.setText(_("Stop"))
        self._hint.setText(_("Click an object, or press Enter on it, to change what is allowed."
                             " * some fields are held back."))  # fmt: skip
        self._say()

    def chosen(self) -> Role | None:
        """The role that is shown."""
        if self.seen is None:
            return None
        return next((one for one in self.seen.roles if one.id == self.role.value()), None)

    def _say(self) -> None:
        seen, role = self.seen, self.chosen()
        if seen is None or role is None:
            return
        self._note.setText(role.note)
        self._note.setVisible(bool(role.note))
        self.drop.setEnabled(not role.built_in)
        rows = [
            matrix.line(
                entity.number if entity else words.EVERYTHING,
                _(entity.plural) if entity else _("All other objects"), possible,
                lambda action, entity=entity: seen.scope(role, entity, action),
                self._held(role, entity),
            )
            for entity, possible in seen.objects
        ]  # fmt: skip
        place = max(self.table.current_row, 0)
        self.model.open(matrix.columns(_("Object")), len(rows), rows)
        self.table.fit()
        self.table.go_to(min(place, len(rows) - 1))
        self._say_holders(role, seen)

    @staticmethod
    def _held(role: Role, entity: EntityDef | None) -> dict[str, str]:
        number = entity.number if entity else words.EVERYTHING
        return {key: how for (ent, key), how in role.fields.items() if ent == number}

    def _say_holders(self, role: Role, seen: Seen) -> None:
        self.chips.clear()
        names = dict(seen.people)
        for place, who in enumerate(role.holders):
            chip = Chip("", names.get(who, str(who)), remove_tip=_("Take the role away"))
            chip.removed.connect(lambda who=who: self.take(who))
            self.chips.insert_widget(place, chip)
        self._holders.setVisible(bool(role.holders))
        rest = [(name, id_) for id_, name in seen.people if id_ not in role.holders]
        self.person.set_choices(rest, rest[0][1] if rest else None)
        self.give.setEnabled(bool(rest))

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks the base."""
        base = self._session.workspace
        if base is None or not base.administers or not base.login:
            return
        kept = self.role.value()

        def work(_job: Any) -> Seen:
            from crm_desktop.models.catalogue.ownership import is_shared
            from crm_desktop.services.rights.hidden_fields import ways
            from crm_desktop.services.rights.result import judged_actions, judged_objects
            from crm_desktop.services.rights.roles import Roles
            from crm_desktop.services.rights.working import working_people

            every = tuple(action.key for action in words.ACTIONS)
            objects: list[tuple[EntityDef | None, tuple[str, ...]]] = [(None, every)]
            objects += [(e, judged_actions(base, e)) for e in judged_objects(base)]
            shared = frozenset(
                one.key for one, _a in objects if one and is_shared(base.catalogue, one)
            )
            held = {
                one.key: {f.key: ways(base.catalogue, one, f) for f in one.fields}
                for one, _a in objects if one
            }  # fmt: skip
            return Seen(Roles(base).all(), working_people(base), objects, shared, held)

        def done(seen: Seen) -> None:
            self.seen = seen
            ids = [one.id for one in seen.roles]
            choices = [(one.name, one.id) for one in seen.roles]
            self.role.set_choices(choices, kept if kept in ids else next(iter(ids), None))
            self._say()

        self._session.operations.query(("roles", id(self)), work, owner=self, done=done)

    # --- what is done -----------------------------------------------------------------------------

    def _cell_clicked(self, index: QModelIndex) -> None:
        self.open_line(index.row(), index.column())

    def open_line(self, place: int, column_: int = 0) -> LineBox | None:
        """The box of one object; the action of a column has the keyboard."""
        role, seen = self.chosen(), self.seen
        if role is None or seen is None or not 0 <= place < len(seen.objects):
            return None
        entity, possible = seen.objects[place]
        number = entity.number if entity else words.EVERYTHING
        stands = Chosen({key: role.scope(number, key) for key in possible},
                        self._held(role, entity))  # fmt: skip
        name = _(entity.plural) if entity else _("All other objects")
        title = _("{role}: {objects}").format(role=role.name, objects=name)
        box = LineBox(title, entity, possible, stands, self,
                      seen.ways[entity.key] if entity else None)  # fmt: skip
        key = words.ACTIONS[column_ - 1].key if column_ else ""
        if key in box.scopes:
            box.scopes[key].setFocus()
        return box.then(lambda chosen: self._keep(role, entity, chosen))

    def _keep(self, role: Role, entity: EntityDef | None, chosen: Chosen) -> None:
        if not chosen.scopes and not chosen.fields:
            return
        base = self._session.base

        def work(job: Any) -> None:
            from crm_desktop.services.rights.roles import Roles

            def far(done: int, total: int) -> None:
                job.progress(done, total)
                job.check()

            roles = Roles(base)
            if chosen.scopes:
                roles.set(role, entity, chosen.scopes)
            if entity is not None:
                roles.show_all(role, entity, chosen.fields, far)

        job = self._run(work, _("The role “{role}” was changed").format(role=role.name))
        self._stop = job.cancel
        job.after_cancel(self._stopped)

    def _far(self, progress: Progress) -> None:
        self.strip.show()
        detail = _("{done} of {total}").format(
            done=count_text(progress.done), total=count_text(progress.total)
        )
        self.strip.set_progress(progress.done, progress.total, detail)

    def _stopped(self) -> None:
        self.strip.hide()
        said = _("Stopped: the field is seen as before. Whoever hides it goes on from there.")
        self._navigator.toast(said, tone="info")
        self.read()

    def _give(self) -> None:
        role, who = self.chosen(), self.person.value()
        if role is not None and who is not None:
            self._hold(role, who, gives=True)

    def take(self, who: int) -> None:
        """The role away from a colleague."""
        role = self.chosen()
        if role is not None:
            self._hold(role, who, gives=False)

    def _hold(self, role: Role, who: int, *, gives: bool) -> None:
        base = self._session.base

        def work(_job: Any) -> None:
            from crm_desktop.services.rights.roles import Roles

            (Roles(base).give if gives else Roles(base).take)(role, who)

        said = _("{name} has the role “{role}” now") if gives else (
            _("{name} no longer has the role “{role}”"))  # fmt: skip
        names = dict(self.seen.people) if self.seen else {}
        self._run(work, said.format(name=names.get(who, ""), role=role.name))

    def ask_name(self) -> NameBox | None:
        """The box for a new role, like the one that is shown."""
        role, base = self.chosen(), self._session.base
        if role is None:
            return None

        def go(name: str) -> None:
            def work(_job: Any) -> None:
                from crm_desktop.services.rights.roles import Roles

                Roles(base).add(name, like=role)

            self._run(work, _("The role “{role}” is there").format(role=name))

        return NameBox(role.name, go, self).shown()

    def _ask_drop(self) -> None:
        role, base = self.chosen(), self._session.base
        if role is None or role.built_in:
            return
        text = _("Whoever has only this role will have that of the staff.")
        if not confirm(self, _("Delete the role “{role}”?").format(role=role.name), text,
                       _("Delete")):  # fmt: skip
            return

        def work(_job: Any) -> None:
            from crm_desktop.services.rights.roles import Roles

            Roles(base).drop(role)

        self._run(work, _("The role “{role}” is gone").format(role=role.name))

    def _run(self, work: Callable[[Any], None], said: str) -> Job:
        def done(_nothing: Any) -> None:
            self.strip.hide()
            self._navigator.toast(said)
            self.read()

        def failed(error: Any) -> None:
            self.strip.hide()
            self._navigator.refuse(error)
            self.read()

        title = _("Changing rights")
        return self._session.operations.run(
            work, owner=self, done=done, failed=failed, progress=self._far, title=title
        )
