"""The form of a call: what came of it, a few words, and the next step in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.date_formats import format_date, format_datetime
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.choices import CheckBox, ComboBox
from crm_desktop.ui.widgets.inputs import LineEdit, TextEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.models.text.phrases import Phrase
    from crm_desktop.services.activities.next_steps import PlannedCall, Said

_WIDE = 420


def said_moment(session: Session, phrase: Phrase) -> str:
    """How the date of a line is understood; '' without one."""
    if phrase.moment is None:
        return ""
    now, language = session.base.clock.local(), i18n.language()
    if phrase.timed:
        return format_datetime(phrase.moment, language, zone=now.tzinfo, now=now)
    return format_date(phrase.moment.date(), language, now.date())


class StepLine(QWidget):
    """A line that says what and when; below it stands how it is understood."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.line = LineEdit(name="", icon="add")
        self._preview = Label("", "small", "text3")
        self.setLayout(column(self.line, self._preview, gap=4))
        self.line.textChanged.connect(lambda _text: self._typed())
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.line.setAccessibleName(_("Next step"))
        self.line.setPlaceholderText(_("Send the offer tomorrow at 10"))
        self._typed()

    def understood(self) -> bool:
        """Whether it can be planned as it stands: it says what is to be done, or at least when."""
        text = self.line.text().strip()
        return not text or self._read(text) is not None

    def _read(self, text: str) -> Phrase | None:
        from crm_desktop.services.activities.service import read_line

        if self._session.workspace is None:
            return None
        phrase = read_line(self._session.base, text)
        return phrase if phrase.subject or phrase.moment is not None else None

    def _typed(self) -> None:
        text = self.line.text().strip()
        phrase = self._read(text) if text else None
        if phrase is None:
            self._preview.setText(_("A day and a time are found in the line by themselves"))
            return
        what = phrase.subject or _("Call again")
        when = said_moment(self._session, phrase) or _("Without date")
        self._preview.setText(_("{what}: {when}").format(what=what, when=when))


class CallForm(QWidget):
    """Three fields; none of them has to be filled in. A planned call that this one was is finished
    with it, unless the tick is taken away."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.result = ComboBox(name="")
        self.note = TextEdit(name="", lines=3, most=6)
        self.step = StepLine(session)
        self.finishes = CheckBox()
        self._planned: PlannedCall | None = None
        self._trouble = Label("", "small", "bad", wrap=True)
        self._trouble.hide()
        self._captions = [Label("", "small", "text2") for _n in range(3)]
        self.setMinimumWidth(px(_WIDE))
        one, two, three = self._captions
        self.setLayout(column(
            one, self.result, self._trouble, 6, two, self.note, 6, three, self.step, 6,
            self.finishes, gap=4,
        ))  # fmt: skip
        self.offer(None)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        words = (_("What came of it"), _("In a few words"), _("Next step"))
        for label, word in zip(self._captions, words, strict=True):
            label.setText(word)
        self.result.setAccessibleName(words[0])
        self.note.edit.setAccessibleName(words[1])
        self._say_planned()
        base = self._session.workspace
        if base is None:
            return
        self._session.operations.query(
            ("call results", id(self)), lambda _job: _results(base), owner=self,
            done=self._fill,
        )  # fmt: skip

    def _fill(self, found: list[tuple[str, int]]) -> None:
        choices: list[tuple[str, object]] = [(_("No result"), None), *found]
        self.result.renew(choices)

    def offer(self, planned: PlannedCall | None) -> None:
        """The planned call that is finished with this one."""
        self._planned = planned
        self.finishes.setVisible(planned is not None)
        self.finishes.setChecked(planned is not None)
        self._say_planned()

    def _say_planned(self) -> None:
        one = self._planned
        if one is None or self._session.workspace is None:
            return
        now, language = self._session.base.clock.local(), i18n.language()
        when = format_datetime(one.due, language, zone=now.tzinfo, now=now)
        text = _("Finishes: {subject}, {when}")
        wide = px(_WIDE - 40) - metrics().horizontalAdvance(text.format(subject="", when=when))
        subject = metrics().elidedText(one.subject, Qt.TextElideMode.ElideRight, max(wide, px(80)))
        self.finishes.setText(text.format(subject=subject, when=when))
        self.finishes.setToolTip(plain_tip(text.format(subject=one.subject, when=when)))

    def refuse(self, sentence: str) -> None:
        """Says under the result why it can't be saved; what was typed stays."""
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))
        self.take_focus()

    def said(self) -> Said:
        """What was filled in."""
        from crm_desktop.services.activities.next_steps import Said

        result = self.result.value()
        finishes = self._planned.id if self._planned and self.finishes.isChecked() else None
        return Said(
            result if isinstance(result, int) else None, self.note.text(), self.step.line.text(),
            finishes,
        )  # fmt: skip

    def clear(self) -> None:
        """Empty, for the next call."""
        self.result.setCurrentIndex(0)
        self.note.set_text("")
        self.step.line.clear()
        self.offer(None)
        self.refuse("")

    def take_focus(self) -> None:
        """The keyboard goes to the result."""
        self.result.setFocus()


def _results(base: object) -> list[tuple[str, int]]:
    from crm_desktop.services.activities.next_steps import results
    from crm_desktop.services.workspace import Workspace

    assert isinstance(base, Workspace)
    return results(base)
