"""The box for one kind of activity: its look, its length, its reminders, what its end asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Choice
from crm_desktop.ui.editors.choices import ToneCombo
from crm_desktop.ui.icons import icon
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import CheckBox, ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.activities.kinds import KindHabits

_TONES = (
    ("accent", N_("Blue")), ("info", N_("Violet")), ("ok", N_("Green")), ("warn", N_("Orange")),
    ("bad", N_("Red")), ("neutral", N_("Grey")),
)  # fmt: skip
_ICONS = (
    ("phone", N_("Telephone")), ("mail", N_("Letter")), ("chat", N_("Chat")),
    ("meeting", N_("People")), ("entity-task", N_("Tick")), ("location", N_("Place")),
    ("bell", N_("Bell")), ("sun", N_("Sun")), ("note", N_("Note")),
    ("object-flag", N_("Flag")), ("object-wrench", N_("Wrench")), ("object-car", N_("Car")),
    ("object-box", N_("Box")), ("document", N_("Sheet of paper")), ("money", N_("Money")),
    ("star", N_("Star")),
)  # fmt: skip


class KindForm(Dialog):
    """Stays open until what it asked for is kept."""

    given = Signal(object, object)
    """(look: label, tone, icon; `KindHabits`)"""

    def __init__(self, parent: QWidget, kind: Choice | None, habits: KindHabits) -> None:
        from crm_desktop.services.reminders.lines import reminders_line

        self.name = LineEdit(_(kind.label) if kind else "", name=_("Name"))
        self.tone, self.icon = ToneCombo(name=_("Colour")), ComboBox(name=_("Picture"))
        self.tone.set_toned([(_(word), key, key) for key, word in _TONES],
                            kind.tone if kind else "accent")  # fmt: skip
        self._offer_icons(kind.icon if kind else "object-flag")
        self.minutes = LineEdit(str(habits.minutes or ""), name=_("Usual length, minutes"))
        self.reminders = LineEdit(reminders_line(habits.reminders), name=_("Reminders"))
        self.asks = CheckBox(_("Done only with a result"))
        self.rolls = CheckBox(_("What was not done rolls over to the next day"))
        self.asks.setChecked(habits.result)
        self.rolls.setChecked(habits.rolls)
        body = QWidget()
        body.setMinimumWidth(px(460))
        super().__init__(_("Kind of activity") if kind else _("New kind of activity"), body, parent)
        self.boxes = {
            "label": FieldBox(_("Name"), self.name, required=True),
            "minutes": FieldBox(_("Usual length, minutes"), self.minutes,
                                hint=_("Empty: no usual length")),
            "reminders": FieldBox(_("Reminders"), self.reminders,
                                  hint=_("15 min before, window; 1 day before, e-mail. "
                                         "Empty: none by itself")),
        }  # fmt: skip
        look = row(FieldBox(_("Colour"), self.tone), FieldBox(_("Picture"), self.icon), gap=12)
        lines = (self.boxes["label"], look, self.boxes["minutes"], self.boxes["reminders"])
        body.setLayout(column(*lines, self.asks, self.rolls, gap=12))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Save"), kind="primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.save)

    def _offer_icons(self, current: str) -> None:
        self.icon.set_choices([(_(word), key) for key, word in _ICONS], current)
        for place, (key, _word) in enumerate(_ICONS):
            self.icon.setItemIcon(place, icon(key))

    def save(self) -> None:
        """Gives what is filled in; what cannot be read is said at its field."""
        try:
            habits = self._habits()
        except InvalidInput as error:
            self.refuse(error)
            return
        look = {"label": " ".join(self.name.text().split()), "tone": str(self.tone.value())}
        chosen = self.icon.value()
        self.given.emit(look | ({"icon": str(chosen)} if chosen else {}), habits)

    def _habits(self) -> KindHabits:
        from crm_desktop.services.activities.kinds import KindHabits
        from crm_desktop.services.reminders.lines import read_reminders

        text = self.minutes.text().strip()
        if text and not (text.isascii() and text.isdigit()):
            raise InvalidInput(_("A number of minutes"), field="minutes")
        return KindHabits(
            int(text[:9]) if text else None, read_reminders(self.reminders.text()),
            self.asks.isChecked(), self.rolls.isChecked(),
        )  # fmt: skip

    def refuse(self, error: UserError) -> None:
        """It could not be kept: says why at the field it is about."""
        for box in self.boxes.values():
            box.set_error("")
        self.boxes.get(error.field or "", self.boxes["label"]).set_error(error.message)
