"""Two have changed the same record: what only one has changed is merged, the rest is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.money.currencies import in_own_currency
from crm_desktop.ui.record_card.conflict import Clash
from crm_desktop.ui.record_card.form import same
from crm_desktop.ui.record_card.loading import with_date
from crm_desktop.ui.record_card.values import refs_of, said_moment, shown

if TYPE_CHECKING:
    from crm_desktop.services.live.authors import Author
    from crm_desktop.ui.record_card.form_controller import FormController

Values = Mapping[str, Any]


class _Now(NamedTuple):
    """The record as it stands, and who has changed what."""

    version: int
    stood: Values
    titles: Mapping[Any, Any]
    authors: Mapping[str, Author]
    ref: Ref
    """Another one than the form's if the record was merged into it."""


class Settling(QObject):
    """The conflicts of one form."""

    def __init__(self, forms: FormController) -> None:
        super().__init__(forms)
        self._forms = forms
        self._asked: tuple[Values, _Now] | None = None

    def compare(self, values: Values) -> None:
        """Reads what stands in the base now, to show it beside what is to be saved."""
        forms = self._forms
        base, ref, entity = forms.session.base, forms.ref, forms.entity
        at, former = forms.date and forms.date.original, forms.stood

        def work(job: Any) -> _Now | Author | None:
            from crm_desktop.services.live.authors import last_author, last_authors

            winner = base.merging.lineage.winner(*ref)
            holds = ref._replace(id=winner or ref.id)
            record = base.reader.get(*holds)
            if record is None:
                return last_author(base, ref)
            stood = with_date(base, holds, record.values, at)[1]
            refs = [one for v in (stood, values, former) for one in refs_of(entity, v)]
            authors = last_authors(base, holds, values)
            return _Now(record.version, stood, base.titles.of([*refs, holds]), authors, holds)

        forms.session.operations.query(
            ("form", id(forms)), work, owner=forms, done=lambda now: self._compared(values, now),
            failed=lambda error: forms.panel.show_error("", error.message),
        )  # fmt: skip

    def _compared(self, values: Values, now: _Now | Author | None) -> None:
        forms = self._forms
        if not isinstance(now, _Now):
            said = _("The record was deleted meanwhile ({by}). Your text stays here: bring the "
                     "record back from the recycle bin, then save.")  # fmt: skip
            forms.panel.show_error("", said.format(by=self._by(now) or _("somebody")))
            return
        forms.titles = now.titles
        if now.ref != forms.ref:
            forms.become(now.ref)
        both = [
            key for key, mine in values.items()
            if not same(now.stood.get(key), forms.stood.get(key))
            and not same(now.stood.get(key), mine)
        ]  # fmt: skip
        self._asked = (values, now)
        if both:
            forms.panel.conflict.show_clashes([self._clash(key, values, now) for key in both])
            forms.panel.area.verticalScrollBar().setValue(0)
        else:
            self.settle({})

    def _clash(self, key: str, mine: Values, now: _Now) -> Clash:
        forms = self._forms
        f, around = forms.entity.field(key), forms.around()

        def words(value: Any) -> str:
            found = shown(f, value, around)
            return found.text or ", ".join(word for word, _tone in found.pills)

        whole = ({**forms.stood, **mine}, now.stood, forms.stood)
        sides = (words(in_own_currency(forms.entity, side).get(key)) for side in whole)
        return Clash(key, _(f.label), *sides, by=self._by(now.authors.get(key)))

    def _by(self, author: Author | None) -> str:
        """Who, and when."""
        if author is None:
            return ""
        parts = (author.name, said_moment(author.moment, self._forms.around()))
        return ", ".join(part for part in parts if part)

    def settle(self, mine: Mapping[str, bool]) -> None:
        """Saves on the version that was shown, with the person's choice; what others change even
        after that is asked for again."""
        if self._asked is None:
            return
        (values, now), self._asked = self._asked, None
        forms = self._forms
        kept = {key: value for key, value in values.items() if mine.get(key, True)}
        given_up = frozenset(values) - kept.keys()
        forms.follow(now.stood, now.version, now.titles, given_up)
        forms.stood, forms.version = now.stood, now.version
        forms.form.compare_with(now.stood)
        if kept:
            forms.write(kept, now.version)
        else:
            forms.panel.conflict.hide()
            forms.discard()
