"""What a form does: shows a record, keeps a draft, saves, settles conflicts. Loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.errors import Conflict, DatabaseUnavailable, NotFound, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.ui.card_parts import FormPart, InDraft
from crm_desktop.ui.drafts.local import Draft, Drafts, Typed, in_words
from crm_desktop.ui.drafts.on_server import Drafted
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.record_card.beside_others import BesideOthers
from crm_desktop.ui.record_card.facts import NEW
from crm_desktop.ui.record_card.form import RecordForm
from crm_desktop.ui.record_card.form_panel import FormPanel
from crm_desktop.ui.record_card.loading import on_its_days, with_date
from crm_desktop.ui.record_card.settling import Settling
from crm_desktop.ui.record_card.values import Surroundings, refs_of, said_moment
from crm_desktop.ui.record_card.wish_strip import WishGate
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.series_question import SeriesQuestion, save_date
from crm_desktop.ui.server_line.unheard import came_through
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.series.card import DateOfSeries
    from crm_desktop.services.writing.create_with import Along
    from crm_desktop.services.writing.records import Outcome

AUTOSAVE_MS = 10_000
Values = Mapping[str, Any]


class FormController(QObject):
    """One form for one object; `begin` gives it a record or makes it a form for a new one."""

    saved = Signal(object)
    """The `Ref` that was saved."""
    ended = Signal()
    """Given up by the person, or saved."""
    changed = Signal(bool)
    """Whether something is not saved yet."""
    ready = Signal()
    """The record stands in the form."""

    def __init__(
        self,
        session: Session,
        navigator: Navigator,
        entity: EntityDef,
        parent: QObject,
        *,
        given: Values | None = None,
        margin: int = 20,
    ) -> None:
        """`given`: values that are not asked for, such as the record a child belongs to."""
        super().__init__(parent)
        self.session, self.navigator, self.entity = session, navigator, entity
        self.given = dict(given or {})
        self.form = RecordForm(
            entity, session.base.parse_context, session, without=frozenset(self.given)
        )
        self.panel = FormPanel(self.form, margin=margin)
        session.refusals.keep(self.panel.save, WRITE)
        self.strips: dict[str, QWidget] = {}
        """The strips under the form by the key of their part."""
        self.along: list[Callable[[Values], Along | None]] = []
        """What strips write together with a new record; asked with its values when it is saved."""
        self.beside: list[InDraft] = []
        """Strips whose input is kept with the draft."""
        self._gate = WishGate(session, navigator, self.panel)
        self.ref = Ref(entity.key, NEW)
        self.at: datetime | None = None
        """Of a series: the date that the form was opened for."""
        self.date: DateOfSeries | None = None
        self.dates = SeriesQuestion(self.panel)
        self._extent = ""
        self.version = 0
        """Of the record as it was read; `stood` are its values."""
        self.stood: Values = {}
        self.titles: Mapping[Ref, Any] = {}
        self._drafts: Drafts | None = None
        self._offered: Draft | None = None
        self._changed = False
        self._typed_early = False
        """Something was typed before the record stood in the form."""
        self._unsure: tuple[int, Values] | None = None
        """An operation of which nobody knows whether it was kept, and what it was to write."""
        self._timer = QTimer(self)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.keep_draft)
        self._settling = Settling(self)
        self._beside = BesideOthers(self)
        self._connect()

    def add_strips(self, parts: Mapping[str, FormPart]) -> None:
        """Puts the strips of features under the form; to be called before `begin`."""
        for key, part in parts.items():
            if part.accepts(self.session.base.catalogue, self.entity):
                self.strips[key] = part.make(self)
                self.panel.add_strip(self.strips[key])

    def _connect(self) -> None:
        self.form.changed.connect(self._typed)
        self.form.open_wanted.connect(lambda ref: self.navigator.open_record(ref))
        self.session.texts_wanted.connect(self._leave_typed)
        self.panel.save_asked.connect(self.save)
        self.panel.cancel_asked.connect(self.discard)
        self.panel.offer.restored.connect(self.restore_draft)
        self.panel.offer.discarded.connect(self.drop_draft)
        self.panel.conflict.decided.connect(self._settling.settle)
        self.panel.conflict.put_off.connect(self.panel.conflict.hide)

    # --- beginning --------------------------------------------------------------------------------

    def begin(self, ref: Ref | None, values: Values | None = None) -> None:
        """Reads the record into the form; a form for a new one with `values` filled in for None."""
        self.ref = ref or Ref(self.entity.key, NEW)
        self._typed_early = False
        base, wanted, filled, at = self.session.base, self.ref, dict(values or {}), self.at

        def work(job: Any) -> tuple[Any, ...]:
            record = base.reader.get(*wanted) if wanted.id != NEW else None
            stood = dict(record.values) if record else {}
            date, stood = with_date(base, wanted, stood, at) if record else (None, stood)
            stood = dict(on_its_days(base, self.entity, stood))
            titles = base.titles.of([*refs_of(self.entity, stood), *refs_of(self.entity, filled)])
            drafts = Drafts(self.session.settings.path.parent, base.info("guid"))
            version = record.version if record else 0
            layout = base.layouts.of(wanted.entity, base.user_id)
            return stood, version, titles, drafts, (drafts.read(wanted), layout, date)

        self.session.operations.query(
            ("form", id(self)), work, owner=self,
            done=lambda found: self._begun(filled, *found),
        )  # fmt: skip

    def _begun(
        self, filled: Values, stood: Values, version: int, titles: Any, drafts: Any, kept: Any
    ) -> None:  # fmt: skip
        draft, layout, self.date = kept
        self.form.set_layout(layout)
        self.stood, self.version, self.titles = stood, version, titles
        self._drafts, self._offered = drafts, draft
        typed = self.form.raw() if self._typed_early else {}
        self.form.set_values(stood, titles)
        if self.ref.id == NEW:
            self.form.show_defaults()
        self.form.prefill(filled, titles)
        self.panel.clear_error()
        self.panel.conflict.hide()
        self._set_changed(False)
        self.form.set_raw(typed)
        self.panel.offer.setVisible(False)
        if draft is not None and draft.raw:
            self.panel.offer.offer(said_moment(draft.saved_at, self.around()))
        self.ready.emit()

    def around(self) -> Surroundings:
        """What the words of values depend on, now."""
        base = self.session.base
        return Surroundings(base.catalogue, self.titles, i18n.language(), base.clock.local())

    # --- drafts -----------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._typed_early = True
        first = not self._changed
        self._set_changed(True)
        if first:
            self.keep_draft()

    def _set_changed(self, changed: bool) -> None:
        self._changed = changed
        self.panel.set_changed(changed)
        if changed and not self._timer.isActive():
            self._timer.start()
        elif not changed:
            self._timer.stop()
        self.changed.emit(changed)

    def is_changed(self) -> bool:
        """Whether something typed is not saved yet."""
        beside = any(one.raw() is not None for one in self.beside)
        return self._changed and (beside or self.form.is_changed())

    def keep_draft(self) -> None:
        """Writes what stands in the form to its file."""
        drafts, ref = self._drafts, self.ref
        if drafts is None or self.session.workspace is None:
            return
        base, typed = self.session.base, self._typed_now()
        draft = Draft(self._raw(), self.version, base.clock.now(), base.login)
        if draft.raw:
            self.session.drafted.emit(Drafted(ref, lambda _base: typed()))
            self.session.operations.query(
                ("draft", ref), lambda job: drafts.keep(ref, draft), owner=self,
                done=lambda _nothing: None,
            )  # fmt: skip

    def _leave_typed(self, found: list[Typed]) -> None:
        """What is typed here goes to others in words; the draft of this computer is gone then."""
        if not self.is_changed():
            return
        drafts, ref = self._drafts, self.ref
        found.append(Typed(
            ref, *self._typed_now()(), lambda: drafts.drop(ref) if drafts is not None else None
        ))  # fmt: skip

    def _raw(self) -> dict[str, Any]:
        """What stands in the form and in the strips that are kept with it."""
        beside = {one.draft_key: text for one in self.beside if (text := one.raw()) is not None}
        return {**self.form.raw(), **beside}

    def _typed_now(self) -> Callable[[], tuple[str, str]]:
        """Title and text of what stands there now, for others to read."""
        raw, entity, kept = self._raw(), self.entity, self.titles.get(self.ref)
        label = _(entity.label)
        title = f"{label}: {kept.text}" if kept is not None else label
        return lambda: (title, in_words(entity, raw))

    def restore_draft(self) -> None:
        """Puts the offered draft into the form."""
        draft, self._offered = self._offered, None
        self.panel.offer.hide()
        if draft is not None:
            self.form.set_raw(draft.raw)
            for one in self.beside:
                if one.draft_key in draft.raw:
                    one.set_raw(str(draft.raw[one.draft_key]))

    def drop_draft(self) -> None:
        """The draft is not wanted any more."""
        self._offered = None
        self.panel.offer.hide()
        drafts, ref = self._drafts, self.ref
        self.session.drafted.emit(Drafted(ref, None))
        if drafts is not None:
            self.session.operations.query(
                ("draft", ref), lambda job: drafts.drop(ref), owner=self,
                done=lambda _nothing: None,
            )  # fmt: skip

    def discard(self) -> None:
        """Gives up what was typed; a draft that was offered and not answered stays."""
        if self._changed or self._offered is None:
            self.drop_draft()
        self._set_changed(False)
        self.ended.emit()

    # --- saving -----------------------------------------------------------------------------------

    def save(self) -> None:
        """Saves what differs; `saved` and `ended` follow, or the reason why not."""
        self.panel.clear_error()
        if why := self.panel.save.refused():
            self.session.refusals.said.emit(why)
            return
        values = self.form.checked()
        if values is None or not self.panel.save.isEnabled():
            return
        if not values and self.ref.id != NEW:
            self.discard()
            return
        whole = {**self.stood, **values, **self.given}
        self._gate.before(self.entity, whole, lambda: self._ask_dates(values))

    def _ask_dates(self, values: Values) -> None:
        def go(extent: str) -> None:
            self._extent = extent
            self.write(values, self.version)

        self.dates.before_save(self.entity, self.date, values, go)

    def write(self, values: Values, version: int) -> None:
        """Saves these values of the record as it stands at that version."""
        base, ref, given = self.session.base, self.ref, self.given
        date, extent, unsure = self.date, self._extent, self._unsure
        whole = {**values, **given}
        try:
            along = [found for ask in self.along if (found := ask(whole)) is not None]
        except UserError as error:
            self._refused(error, values)
            return
        self.panel.set_busy(True)

        def work(job: Any) -> tuple[Outcome, Ref]:
            from crm_desktop.services.writing.create_with import create_with

            if ref.id == NEW:
                kept = came_through(base, ref.entity, unsure, whole) if unsure else None
                if kept is not None:
                    return kept
                outcome = create_with(base, ref.entity, whole, along)
                return outcome, Ref(ref.entity, outcome.ids[0])
            if date is not None and extent:
                return save_date(base, ref, date, values, extent, version)
            return base.records.update(ref.entity, ref.id, values, version), ref

        self.session.operations.run(
            work, owner=self, title=_(self.entity.label), done=self._saved,
            failed=lambda error: self._refused(error, values),
        )  # fmt: skip

    def _saved(self, saved: tuple[Outcome, Ref]) -> None:
        outcome, ref = saved
        self.panel.set_busy(False)
        self.panel.conflict.hide()
        self._unsure = None
        self._set_changed(False)
        self.drop_draft()
        new = self.ref.id == NEW
        done = _("{object} created") if new else _("{object}: saved")
        if outcome.landed:
            done = _("{object}: it was here already, what is new was added to it")
        said = done.format(object=_(self.entity.label))
        self.navigator.toast(said, undo_operation=outcome.operation)
        self.saved.emit(ref)
        self.ended.emit()

    def _refused(self, error: UserError, values: Values) -> None:
        self.panel.set_busy(False)
        self.keep_draft()
        gone = isinstance(error, NotFound) and self.ref.id != NEW
        if gone or (isinstance(error, Conflict) and error.current):
            self._settling.compare(values)
        elif isinstance(error, DatabaseUnavailable):
            if error.operation is not None and self.ref.id == NEW:
                self._unsure = (error.operation, {**values, **self.given})
            self._beside.wait(error)
        else:
            self.panel.show_error(error.field or "", error.message)

    def become(self, ref: Ref) -> None:
        """The record was merged into another one: what is typed is saved there."""
        self.drop_draft()
        self.ref, kept = ref, self.titles.get(ref)
        self.keep_draft()
        said = _("The record was merged with “{name}” meanwhile; what you save goes there.")
        self.panel.show_error("", said.format(name=kept.text if kept is not None else ref.id))

    def write_again(self) -> None:
        """The server is back: what stands in the form is saved, or its conflict is shown."""
        values = self.form.checked()
        if values is not None and self.panel.save.isEnabled():
            self.panel.clear_error()
            self.write(values, self.version)

    # --- others -----------------------------------------------------------------------------------

    def follow(
        self, stood: Values, version: int, titles: Mapping[Ref, Any],
        given_up: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """Others have saved the record: fields in which nothing was typed show what stands now.

        Where somebody has changed a typed one too, the old version stays, so that saving asks.
        """
        self.titles = {**self.titles, **titles}
        if self.form.follow(stood, titles, given_up):
            self.stood, self.version = stood, version
