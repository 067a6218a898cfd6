"""A form with what stands around it: the offer of a draft, a conflict, Save and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.conflict import ConflictBox
from crm_desktop.ui.record_card.form import RecordForm
from crm_desktop.ui.record_card.overview import ScrollPage
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import IconLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

WIDEST = 860


class DraftOffer(Surface):
    """You were editing this record: restore or discard."""

    restored = Signal()
    discarded = Signal()

    def __init__(self) -> None:
        super().__init__("accent_soft", "b")
        self._text = Label("", wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._restore = Button("", kind="primary")
        self._discard = Button("", kind="ghost")
        self._restore.clicked.connect(self.restored)
        self._discard.clicked.connect(self.discarded)
        self._when = ""
        parts = (IconLabel("history", "accent_text"), self._text, self._restore, self._discard)
        self.setLayout(row(*parts, margins=(16, 8, 12, 8)))
        self.hide()
        keep_translated(self, self._say_texts)

    def offer(self, when: str) -> None:
        """Offers a draft of that moment."""
        self._when = when
        self._say_texts()
        self.show()

    def _say_texts(self) -> None:
        said = _("You were editing this on {when} and it was not saved.").format(when=self._when)
        self._text.setText(said)
        self._restore.setText(_("Restore"))
        self._discard.setText(_("Discard the draft"))


class FormPanel(QWidget):
    """The form scrolls between the offers above and the buttons below."""

    save_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, form: RecordForm, *, margin: int = 20) -> None:
        super().__init__()
        self.form = form
        self.offer = DraftOffer()
        self.conflict = ConflictBox()
        self._error = Label("", "body", "bad", wrap=True)
        self._error.hide()
        form.setMaximumWidth(px(WIDEST))
        centre = row(form, None, gap=0)
        centre.setStretch(0, 1000)
        inside = column(
            self.conflict, self._error, centre, None, gap=12, margins=(margin, 16, margin, 20)
        )
        self.area = ScrollPage(inside)
        self.save = Button("", kind="primary")
        self.cancel = Button("")
        self._state, self._is_changed = Label("", "small", "text3"), False
        self.save.clicked.connect(self.save_asked)
        self.cancel.clicked.connect(self.cancel_asked)
        self._foot = foot = Surface("sunken", "t")
        foot.setLayout(
            row(self.save, self.cancel, 8, self._state, None, margins=(margin, 10, margin, 10))
        )
        self._strips = column(gap=0)
        whole = column(self.offer, self.area, self._strips, foot, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.save.setText(_("Save"))
        self.save.setToolTip("Ctrl+S")
        self.cancel.setText(_("Cancel"))
        self.cancel.setToolTip("Esc")
        self.set_changed(self._is_changed)

    def add_strip(self, widget: QWidget) -> None:
        """A feature's strip over the buttons: it does not scroll away, and no field moves from
        under the pointer when it comes and goes while somebody types."""
        self._strips.addWidget(widget)

    def hide_buttons(self) -> None:
        """A dialog brings its own."""
        self._foot.hide()

    def set_changed(self, changed: bool) -> None:
        """Says whether something is not saved yet."""
        self._is_changed = changed
        self._state.setText(_("Not saved yet") if changed else "")

    def set_busy(self, busy: bool) -> None:
        """It is being saved."""
        self.save.setEnabled(not busy)

    def show_error(self, key: str, sentence: str) -> None:
        """A refusal of the writer: under its field, or above the form if it has none."""
        self._error.hide()
        if not key or not self.form.show_error(key, sentence):
            self._error.setText(sentence)
            self._error.show()
            self.area.ensureWidgetVisible(self._error)

    def error_text(self) -> str:
        """The sentence above the form; '' if there is none."""
        return "" if self._error.isHidden() else self._error.text()

    def clear_error(self) -> None:
        """Takes the sentence above the form away."""
        self._error.hide()
