"""The tab that shows what a person may do in the end, and which role gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.rights import words
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.rights import matrix
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.rights.result import Line, Result


class PersonTab(QWidget):
    """An administrator chooses whom; everybody else sees themselves."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.seen: Result | None = None
        self.person = ComboBox(name=_("Colleague"))
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("What the person may do"), least=matrix.LEAST,
                                  narrowest=matrix.NARROWEST)  # fmt: skip
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self.roles, self.why = Label("", "strong"), Label("", "body", "text2", wrap=True)
        head = row(self.person, self.roles, None, gap=12)
        layout = column(head, self.table, self.why, gap=12, margins=(24, 16, 24, 20))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.person.activated.connect(lambda _place: self.read())
        self.table.current_row_changed.connect(lambda _place: self._say_why())

    def say_texts(self) -> None:
        """In the language of now."""
        self._say()

    def choose(self, who: int) -> None:
        """Shows this colleague."""
        self.person.set_value(who)
        self.read(who)

    # --- reading ----------------------------------------------------------------------------------

    def read(self, who: int | None = None) -> None:
        """Asks the base."""
        base = self._session.workspace
        if base is None or not base.login:
            return
        wanted = who if who is not None else self.person.value()

        def work(_job: Any) -> tuple[list[tuple[int, str]], Result | None]:
            from crm_desktop.services.rights.result import result
            from crm_desktop.services.rights.working import working_people

            people = working_people(base)
            if not base.administers:
                people = [one for one in people if one[0] == base.user_id]
            ids = [id_ for id_, _name in people]
            chosen = wanted if wanted in ids else base.user_id if base.user_id in ids else None
            chosen = chosen if chosen is not None else next(iter(ids), None)
            return people, None if chosen is None else result(base, chosen)

        def done(found: tuple[list[tuple[int, str]], Result | None]) -> None:
            people, self.seen = found
            chosen = self.seen.who if self.seen is not None else None
            self.person.set_choices([(name, id_) for id_, name in people], chosen)
            self._say()

        self._session.operations.query(("rights of", id(self)), work, owner=self, done=done)

    # --- what is said -----------------------------------------------------------------------------

    def _say(self) -> None:
        seen = self.seen
        if seen is None:
            return
        self.roles.setText(_("Roles: {roles}").format(roles=", ".join(seen.roles)))
        rows = [
            matrix.line(
                line.entity.number, _(line.entity.plural), tuple(line.given),
                lambda action, line=line: line.given[action].scope, line.fields,
            )
            for line in seen.lines
        ]  # fmt: skip
        place = max(self.table.current_row, 0)
        self.model.open(matrix.columns(_("Object")), len(rows), rows)
        self.table.fit()
        if rows:
            self.table.go_to(min(place, len(rows) - 1))
        self._say_why()

    def _say_why(self) -> None:
        place = self.table.current_row
        if self.seen is None or not 0 <= place < len(self.seen.lines):
            self.why.setText("")
            return
        self.why.setText(_explained(self.seen.lines[place]))


def _explained(line: Line) -> str:
    """Each action with its scope and the roles that give it, then what is held back."""
    parts = []
    for key, given in line.given.items():
        scope = _(words.SCOPE_TITLES[given.scope])
        roles = f" ({', '.join(given.roles)})" if given.roles else ""
        parts.append(f"{_(words.TITLES[key])}: {scope}{roles}")
    said = f"{_(line.entity.plural)}." + (f" {'; '.join(parts)}." if parts else "")
    held = matrix.fields_line(line.entity, line.fields)
    return f"{said} {_('Held back: {fields}').format(fields=held)}" if held else said
