"""What panel and page do with a record: load it, follow its changes, save single values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.errors import (
    Conflict,
    DatabaseUnavailable,
    NotFound,
    Private,
    UserError,
)
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.ui.card_parts import CardParts
from crm_desktop.ui.dialling import dial_address
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.record_card.card_rights import CardRights
from crm_desktop.ui.record_card.facts import NEW, Fact
from crm_desktop.ui.record_card.loading import CardContents, load_card
from crm_desktop.ui.record_card.values import Surroundings, Titles, shown
from crm_desktop.ui.repeating import repeating
from crm_desktop.ui.series_question import SeriesQuestion, delete_date, save_date
from crm_desktop.ui.server_line.edit_mark import EditMark
from crm_desktop.ui.server_line.until_back import UntilBack
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.series.card import DateOfSeries
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.services.writing.records import Outcome

_SETTLE_MS = 120


class CardController(QObject):
    """One record at a time; the newest `show` wins."""

    loaded = Signal(object)
    """`CardContents`: another record, or the same after a change."""
    gone = Signal()
    """The record is not in the base any more."""
    value_saved = Signal(object)
    """The key of a fact, after `loaded` brought its new value."""
    value_refused = Signal(object, str)
    """(key of a fact, sentence)."""
    value_kept = Signal(object)
    """The key of a fact that is not to be saved after all."""
    moved = Signal(object)
    """The `Ref` of the record in which what was shown stands now."""

    def __init__(
        self,
        session: Session,
        navigator: Navigator,
        parent: QObject,
        parts: CardParts | None = None,
    ) -> None:
        super().__init__(parent)
        self._card = parent
        self.session, self.navigator = session, navigator
        self.parts = parts or CardParts()
        self.ref: Ref | None = None
        self.contents: CardContents | None = None
        self.rights, self._mark = CardRights(self), EditMark(session)
        self.at: datetime | None = None
        self.why_private = ""
        """Why the record is not shown although it is there."""
        self.dates = SeriesQuestion(parent if isinstance(parent, QWidget) else QWidget())
        self._written: dict[Ref, int] = {}
        self._saved: list[tuple[int, str]] = []
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._settled)
        self._missed = self._unseen = False
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._catch_up)
        self._notes: list[tuple[str, int]] = []
        self._unread = False
        self.until_back = UntilBack(session, self)
        session.changed.connect(self._changed)
        session.line.back.connect(self._line_back)
        session.closed.connect(self._forget)  # a lambda would outlive the card in the session

    # --- loading ----------------------------------------------------------------------------------

    def show_record(self, ref: Ref | None, at: datetime | None = None) -> None:
        """Loads a record; `loaded` follows. None: nothing is shown any more. `at`: for which date
        of a series."""
        self.ref, self.at, self._unseen = ref, at, False
        self._written.clear()
        self._saved.clear()
        if ref is None:
            self.contents = None
            self.session.operations.forget(("card", id(self)))
        else:
            self.reload()

    def _forget(self) -> None:
        self.show_record(None)

    def reload(self) -> None:
        """Reads the record anew."""
        ref = self.ref
        if ref is None or self.session.workspace is None:
            return
        base, parts, at = self.session.workspace, self.parts, self.at
        self.session.operations.query(
            ("card", id(self)), lambda job: load_card(base, ref, parts=parts, at=at), owner=self,
            done=self._take, failed=self._fail,
        )  # fmt: skip

    def _take(self, contents: CardContents) -> None:
        self._unread = False
        self.contents = contents
        self.ref = contents.ref  # another one where the record was merged into it
        if self.session.workspace is not None:
            self.session.workspace.seen.opened(contents.ref)
        saved, self._saved = self._saved, []
        self.loaded.emit(contents)
        for key in saved:
            self.value_saved.emit(key)

    def _fail(self, error: UserError) -> None:
        if isinstance(error, NotFound | Private):
            self.contents = None
            self.why_private = error.message if isinstance(error, Private) else ""
            self.gone.emit()
        elif not self.session.is_told(error):
            self.navigator.refuse(error)
        self._unread = isinstance(error, DatabaseUnavailable)

    def _line_back(self) -> None:
        """What could not be read while the server was away is read now."""
        if self._unread:
            self.reload()

    def _changed(self, changes: ChangeSet) -> None:
        if self.ref is None or not changes.touched:
            return
        entity, id_ = self.ref
        if changes.touches(entity, frozenset((id_,))):
            self.session.operations.after_paint(self._later)
        elif self.contents and self._shows(changes):
            self.follow()

    def repeating(self) -> list[tuple[str, str, Callable[[], Any]]]:
        """The line of the card's menu that makes the record again by a template."""
        if self.ref is None or self.ref.id == NEW:
            return []
        title = self.contents.title if self.contents is not None else ""
        return repeating(self.navigator, self.session.base.catalogue, self.ref, title)

    def _catch_up(self) -> None:
        """What a save leads to besides the row of the list."""
        notes, self._notes = self._notes, []
        self.reload()
        for sentence, operation in notes:
            self.navigator.toast(sentence, undo_operation=operation)

    def follow(self) -> None:
        """Reloads at once; while others write on and on, a few times a second.

        A card behind others waits until somebody looks at it: twenty open cards would be read
        and laid out anew at each save.
        """
        if isinstance(self._card, QWidget) and not self._card.isVisible():
            self._unseen = True
        elif self._soon.isActive():
            self._missed = True
        else:
            self._soon.start()
            self.reload()

    def wake(self) -> None:
        """The card is looked at again."""
        if self._unseen:
            self._unseen = False
            self.reload()

    def _settled(self) -> None:
        if self._missed:
            self._missed = False
            self.follow()

    def _shows(self, changes: ChangeSet) -> bool:
        """Whether something that the card counts or names was touched."""
        assert self.contents is not None
        counted = {tab.link.entity.key for tab in self.contents.tabs}
        if changes.touches_any(counted):
            return True
        return any(
            changes.touches(ref.entity, frozenset((ref.id,))) for ref in self.contents.titles
        )

    # --- words and editors ------------------------------------------------------------------------

    def around(self, titles: Titles | None = None) -> Surroundings:
        """What the words of values depend on, now."""
        base = self.session.base
        known = self.contents.titles if self.contents else {}
        return Surroundings(
            base.catalogue, known if titles is None else titles, i18n.language(),
            base.clock.local(), base.worktime.known_zone(),
        )  # fmt: skip

    def make_editor(self, f: Field) -> EditorBase:
        """An editor of a field of this card."""
        editor = editor_for(f, self.session.base.parse_context, self.session)
        if self.contents is not None:
            editor.set_titles(self.contents.titles)
        self._mark.follow(editor, self.ref)
        return editor

    # --- saving -----------------------------------------------------------------------------------

    def save_value(self, fact: Fact, value: Any) -> None:
        """Saves one value in an operation of its own; `value_saved` or `value_refused` follows.

        Of a series the person is asked which dates are meant; `value_kept` if none after all.
        """
        contents = self.contents
        date = contents.date if contents and contents.ref == fact.record else None
        self.dates.before_save(
            self.session.base.catalogue[fact.record.entity], date, {fact.field.key: value},
            lambda extent: self._save(fact, value, date if extent else None, extent),
            lambda: self.value_kept.emit(fact.key),
        )  # fmt: skip

    def _save(self, fact: Fact, value: Any, date: DateOfSeries | None, extent: str) -> None:
        if date is not None:
            self._save_date(fact, value, date, extent)
            return
        base, written, contents = self.session.base, self._written, self.contents
        record, key = fact.record, fact.field.key

        def work(job: Any) -> Outcome:
            if record.id == NEW and contents is not None and contents.channel_shape is not None:
                owner = contents.channel_shape.link.field.key
                return base.records.create(record.entity, {owner: contents.ref, key: value})
            version = max(fact.version, written.get(record, 0))
            outcome = self._update(fact, value, version)
            written[record] = outcome.versions.get(record, version)
            return outcome

        self.session.operations.run(
            work, owner=self, title=fact.label,
            done=lambda outcome: self._value_saved(fact, outcome),
            failed=lambda error: self._value_refused(fact, error),
        )  # fmt: skip

    def _save_date(self, fact: Fact, value: Any, date: DateOfSeries, extent: str) -> None:
        base, written, record = self.session.base, self._written, fact.record

        def work(job: Any) -> tuple[Outcome, Ref]:
            version = max(fact.version, written.get(record, 0))
            saved = save_date(base, record, date, {fact.field.key: value}, extent, version)
            written[record] = saved[0].versions.get(record, version)
            return saved

        def done(saved: tuple[Outcome, Ref]) -> None:
            outcome, holds = saved
            self._value_saved(fact, outcome)
            if holds != record:
                self.value_kept.emit(fact.key)
                self.show_record(holds)
                self.moved.emit(holds)

        self.session.operations.run(
            work, owner=self, title=fact.label, done=done,
            failed=lambda error: self._value_refused(fact, error),
        )  # fmt: skip

    def _update(self, fact: Fact, value: Any, version: int) -> Outcome:
        """In the worker. Another field changed by somebody else is no conflict."""
        records, (entity, id_) = self.session.base.records, fact.record
        values = {fact.field.key: value}
        try:
            return records.update(entity, id_, values, version)
        except Conflict as conflict:
            theirs = conflict.current.get(fact.field.key)
            if not conflict.current or (theirs or None) != (fact.value or None):
                raise
            return records.update(entity, id_, values, conflict.version)

    def _value_saved(self, fact: Fact, outcome: Outcome) -> None:
        sentence = _("{field}: saved").format(field=fact.label)
        self._notes.append((sentence, outcome.operation))
        self._saved.append(fact.key)
        self.session.operations.after_paint(self._later)

    def _value_refused(self, fact: Fact, error: UserError) -> None:
        sentence = self.until_back.said(error, fact.key)
        if isinstance(error, Conflict) and error.current:
            theirs = shown(fact.field, error.current.get(fact.field.key), self.around())
            words = theirs.text or ", ".join(word for word, _tone in theirs.pills) or "—"
            sentence = _(
                "Somebody else has changed it to “{value}” meanwhile. Enter keeps yours, Esc "
                "takes theirs."
            ).format(value=words)
            self._written.pop(fact.record, None)
            self.reload()
        if self.contents is None or self._card_of(fact) != self.ref:  # another record is looked at
            self.navigator.toast(sentence, tone="bad")
        self.value_refused.emit(fact.key, sentence)

    def _card_of(self, fact: Fact) -> Ref | None:
        """The record of this card, if the fact stands on it."""
        assert self.contents is not None
        own = {self.contents.ref, *(row.ref for row in self.contents.channels)}
        return self.ref if fact.record in own or fact.record.id == NEW else None

    def change(self, record: Ref, values: dict[str, Any], sentence: str) -> None:
        """Changes a record that hangs on this one, and says so."""
        base = self.session.base
        self.session.operations.run(
            lambda job: base.records.update(record.entity, record.id, values), owner=self,
            done=lambda outcome: self.navigator.toast(sentence, outcome.operation),
            failed=self.navigator.refuse,
        )  # fmt: skip

    def delete(self, records: list[Ref], done: Any = None) -> None:
        """Deletes records of one object; the toast offers to undo it. Of the series that is shown
        the person is asked which dates are meant."""
        date = self.contents.date if self.contents and [self.contents.ref] == records else None
        self.dates.before_delete(
            date, lambda extent: self._delete(records, done, date if extent else None, extent)
        )

    def _delete(
        self, records: list[Ref], done: Any, date: DateOfSeries | None, extent: str
    ) -> None:
        base, entity = self.session.base, records[0].entity
        label = _(base.catalogue[entity].label)

        def deleted(outcome: Outcome) -> None:
            said = _("{object} deleted").format(object=label)
            self.navigator.toast(said, undo_operation=outcome.operation)
            if done is not None:
                done()

        self.session.operations.run(
            lambda job: delete_date(base, date, extent) if date is not None
            else base.records.delete(entity, [record.id for record in records]),
            owner=self, done=deleted, failed=self.navigator.refuse, title=label,
        )  # fmt: skip

    def undo(self, operation: int) -> None:
        """Undoes an operation of the record's history."""
        base = self.session.base
        self.session.operations.run(
            lambda job: base.undo.undo(operation), owner=self,
            done=lambda result: self.navigator.toast(_("Undone"), result.operation),
            failed=self.navigator.refuse,
        )  # fmt: skip

    # --- going places -----------------------------------------------------------------------------

    def open_fact(self, target: Any) -> None:
        """Opens what a fact leads to: a record, a web address, a file, a telephone."""
        if isinstance(target, Ref):
            self.navigator.open_record(target)
        elif target.shown.ref is not None:
            self.navigator.open_record(target.shown.ref)
        elif target.shown.address.startswith("tel:"):
            self.call(target.shown.copy, target.shown.address)
        elif target.shown.address:
            self.open_address(target.shown.address)

    def open_address(self, address: str) -> None:
        """Hands an address to the program of the computer that knows it."""
        web = "://" in address or address.startswith(("mailto:", "tel:"))
        url = QUrl(address) if web else QUrl.fromLocalFile(address)
        hidden = dial_address(self.session, self.navigator, self, address)
        if not hidden and not QDesktopServices.openUrl(url):
            self.copy(address.partition(":")[2] if address.startswith("mailto:") else address)

    def call(self, number: str, address: str) -> None:
        """Copies a number and hands it to the telephone program; a hidden one is not copied."""
        if dial_address(self.session, self.navigator, self, address):
            return
        QDesktopServices.openUrl(QUrl(address))
        self.copy(number)

    def copy(self, text: str) -> None:
        """Puts a text into the clipboard and says so."""
        data = QMimeData()
        data.setText(text)
        QGuiApplication.clipboard().setMimeData(data)
        shown_text = text if len(text) <= 60 else text[:57] + "…"
        self.navigator.toast(_("Copied: {text}").format(text=shown_text), tone="info")
