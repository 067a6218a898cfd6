"""What every editor of a value has in common: the protocol that forms and cards rely on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field, ParseContext, Ref
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.widgets.layouts import row

if TYPE_CHECKING:
    from crm_desktop.ui.session import Session

ContextProvider = Callable[[], ParseContext]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_NOT_LEFT = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class EditorBase(QWidget):
    """Edits one value of one field. Subclasses build the input in `_build`.

    What was typed is checked when the person leaves, never at a key, and stays as it is when it
    cannot be read. `raw` is what stands in the input, readable or not: drafts keep it.
    """

    changed = Signal()
    """The person changed what stands in the input."""
    committed = Signal()
    """Enter, or left while in place."""
    cancelled = Signal()
    """Esc while in place."""
    stepped = Signal(bool)
    """Tab while in place; whether forward."""
    checked = Signal(str)
    """Left: the sentence that says what is wrong, or ''."""
    understood = Signal(str)
    """While typing: how words such as “in two days” are taken; '' where nothing needs saying."""
    open_wanted = Signal(object)
    """The `Ref` of a linked record that the person wants to see."""

    def __init__(
        self,
        field: Field,
        context: ContextProvider,
        session: Session | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`context` says how typed text is read now; `session` is what links ask."""
        super().__init__(parent)
        self.field, self.context, self.session = field, context, session
        self.in_place = False
        """Enter, Esc and Tab end the editing instead of going to the form."""
        self._input = self._build()
        self._input.installEventFilter(self)
        self.setFocusProxy(self._input)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        keep_translated(self, self._say_name)

    # --- what subclasses say ----------------------------------------------------------------------

    @abstractmethod
    def _build(self) -> QWidget:
        """Makes the input, lays it out, and returns the widget that takes the keyboard."""

    @abstractmethod
    def set_value(self, value: Any) -> None:
        """Shows a value of the field; tells nobody."""

    @abstractmethod
    def value(self) -> Any:
        """The value of what was typed; `InvalidInput` with a sentence if it is none."""

    @abstractmethod
    def raw(self) -> Any:
        """What stands in the input, as JSON holds it."""

    @abstractmethod
    def set_raw(self, raw: Any) -> None:
        """Puts back what `raw` gave."""

    def set_bad(self, bad: bool) -> None:
        """Shows or takes away the red frame."""

    def set_titles(self, titles: Mapping[Ref, Any]) -> None:
        """The titles of linked records that are known already."""

    def normalise(self) -> None:
        """Shows what was typed in its usual form."""

    def blocks_enter(self) -> bool:
        """Whether Enter belongs to the input: a new line, an open list."""
        return False

    # --- for forms --------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        """The name of the field in the language in use."""
        return _(self.field.label)

    def text_error(self) -> str:
        """What is wrong with what was typed, as a sentence; '' if nothing is."""
        try:
            self.value()
        except InvalidInput as error:
            return error.message
        return ""

    def check(self) -> str:
        """Shows whether the value can be kept, and tells `checked`; what `text_error` says."""
        error = self.text_error()
        self.set_bad(bool(error))
        if not error:
            self.normalise()
        self.checked.emit(error)
        return error

    def start(self) -> None:
        """Takes the keyboard with everything selected."""
        self._input.setFocus(Qt.FocusReason.OtherFocusReason)
        select = getattr(self._input, "selectAll", None)
        if select is not None:
            select()

    def _only(self, widget: QWidget) -> None:
        """Lays out a single input."""
        self.setLayout(row(widget, gap=0))

    def _say_name(self) -> None:
        self._input.setAccessibleName(self.label)

    # --- keys and leaving -------------------------------------------------------------------------

    def _left(self, event: QFocusEvent) -> None:
        if event.reason() in _NOT_LEFT or self._holds_focus():
            return
        if not self.check() and self.in_place:
            self.committed.emit()

    def _holds_focus(self) -> bool:
        now = QApplication.focusWidget()
        return now is not None and now is not self._input and self.isAncestorOf(now)

    def _key(self, event: QKeyEvent) -> bool:
        """Acts on the keys that end the editing; False leaves the key to the input."""
        key = event.key()
        if not self.in_place:
            return False
        if key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in _ENTER and not self._keeps_enter(event):
            if not self.check():
                self.committed.emit()
        elif key in _TABS:
            self.stepped.emit(key == Qt.Key.Key_Tab)
        else:
            return False
        return True

    def _keeps_enter(self, event: QKeyEvent) -> bool:
        with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return self.blocks_enter() and not with_ctrl

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget) and self.isAncestorOf(watched):
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._key(event)
            if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
                self._left(event)
        return False
