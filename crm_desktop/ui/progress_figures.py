"""Next step and last contact as figures of the header, for every object that keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import _
from crm_desktop.models.whole_days import overdue_after, shown_in
from crm_desktop.ui.card_parts import Figure

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.values import Surroundings

_TIMELINE = "timeline"


class ProgressFigures:
    """What is planned first, red when it is late; the moment of the last contact."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        from crm_desktop.models.catalogue.traits import Latest

        return entity.trait(Latest) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        from crm_desktop.models.catalogue.traits import Latest

        keys = sorted(entity.kept)
        found = workspace.reader.many(entity.key, [record], keys).get(record, {})
        traits = [t for t in entity.traits_of(Latest) if found.get(t.field)]
        if not traits:
            return None
        here, office = workspace.clock.zone(), workspace.worktime.usual_zone()
        return {t.field: (entity.field(t.field).label,
                          shown_in(found[t.field], here, office) if t.earliest else found[t.field],
                          [found.get(own) for own, _key in t.copies],
                          overdue_after(found[t.field], here, office) if t.earliest else None)
                for t in traits}  # fmt: skip

    def say(self, value: Any, around: Surroundings) -> Sequence[Figure]:
        from crm_desktop.ui.record_card.values import said_day, said_moment

        figures = []
        for label, moment, copies, turns in sorted(value.values(), key=lambda row: row[3] is None):
            said = said_day(moment, around) if turns is not None else said_moment(moment, around)
            late = turns is not None and turns < around.now
            words = [said, *(str(text) for text in copies if text)]
            caption = _("Next step") if turns is not None else _(label)
            figures.append(Figure(
                caption, " · ".join(words), "bad" if late else "", _TIMELINE,
                _("It is overdue") if late else "", turns,
            ))  # fmt: skip
        return figures
