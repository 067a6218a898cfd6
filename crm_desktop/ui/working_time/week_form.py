"""The fields of a working calendar: the hours of each weekday, holidays, zone. Saved when left."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import WorkHours
from crm_desktop.ui.editors.saved_fields import SavedFields
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column


class WeekForm(SavedFields):
    """The name, the hours of the week, what days off go by."""

    def __init__(self, session: Session, entity: EntityDef, trait: WorkHours) -> None:
        super().__init__(session, entity)
        for key in (entity.title_field, *trait.week, trait.country, trait.zone):
            self._add(key)
        self._title, self._hint = Label("", "strong"), Label("", "small", "text2", wrap=True)
        self._hint_zone = Label("", "small", "text2", wrap=True)
        week = [self.boxes[key] for key in trait.week]
        rest = [self.boxes[key] for key in (trait.country, trait.zone)]
        name = self.boxes[entity.title_field]
        self.setLayout(
            column(name, 8, self._title, *week, self._hint, 8, *rest, self._hint_zone, None, gap=8)
        )
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("Working hours"))
        self._hint.setText(
            _("Like 09:00-13:00 14:00-18:00. An empty line is a day off; if the whole week is "
              "empty, it is that of the calendar below.")
        )  # fmt: skip
        self._hint_zone.setText(
            _("RU or US: the holidays of that country; a dash: none. A zone like Europe/Moscow.")
        )
        for key, box in self.boxes.items():
            box.set_label(_(self._entity.field(key).label))
