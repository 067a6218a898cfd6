"""Icons by meaning. The only module that knows the names of icon files.

The files are Fluent System Icons (MIT, see `resources/icons/LICENSE.txt`): 20 px for all, 16 px for
most, filled for what can be selected. They carry no colour: it is written in at run time, and the
picture is kept by name, colour, size and ratio of the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from crm_desktop.resources import resource
from crm_desktop.ui.theme import color, px, theme
from crm_desktop.ui.tokens import Tokens

if TYPE_CHECKING:
    from crm_desktop.ui.operations import Operations

ICONS: frozenset[str] = frozenset(
    """
    entity-client entity-person entity-activity entity-staff entity-channel entity-reference
    entity-deal entity-task entity-document entity-product entity-event entity-report
    entity-link entity-wish entity-annual entity-lead
    object-box object-tag object-board object-flag object-globe object-briefcase
    object-car object-book object-wrench object-heart object-trophy object-key home company
    person people-team person-add add edit delete restore undo redo import export search filter
    filter-clear sort sort-up sort-down columns save copy paste cut refresh sync settings
    options help bell close more more-vertical star pin back forward up down chevron-left
    chevron-right chevron-up chevron-down check success warning info error phone mail chat note
    meeting link unlink open history calendar calendar-add clock database database-ok
    database-warning folder folder-open new document table keyboard sun moon language lock
    unlock eye eye-off attach print palette drag expand collapse panel-collapse panel-expand
    panel-right tag flag location globe merge split bulk-edit select-all rows number text toggle
    money percent list play pause stop user users seats shield sign-out bug command plus-circle
    archive trash inbox funnel board queue rules campaign pipeline repeat gauge
    """.split()
)
"""Every meaning there is a picture for."""

FILLED: frozenset[str] = frozenset(
    """
    entity-client entity-person entity-activity entity-staff entity-channel entity-reference
    entity-deal entity-task entity-document entity-product entity-event entity-report
    entity-link entity-wish entity-annual entity-lead
    object-box object-tag object-board object-flag object-globe object-briefcase
    object-car object-book object-wrench object-heart object-trophy object-key home settings
    bell star pin success warning info error
    """.split()
)
"""Those that also have a filled form, for the selected item."""

NO_SMALL: frozenset[str] = frozenset(
    """
    object-box object-tag object-board object-flag object-globe object-briefcase object-car
    object-book object-wrench object-heart object-trophy object-key columns database-warning
    bulk-edit rows users command trash funnel queue
    """.split()
)
"""Those without a drawing of their own for 16 px."""

FALLBACK = "object-box"

_pictures: dict[tuple[str, str, int, float], QPixmap] = {}
_sources: dict[str, str] = {}
_drawn_for: list[Tokens | None] = [None]


def icon_file(name: str, size: int = 20) -> str:
    """The file of an icon; `name!` is the filled form. An unknown name gives a plain box."""
    plain = name.rstrip("!")
    if plain not in ICONS:
        return f"{FALLBACK}.svg"
    if name.endswith("!") and plain in FILLED:
        return f"{plain}-filled.svg"
    return f"{plain}.svg" if size > 16 or plain in NO_SMALL else f"{plain}-16.svg"


def pixmap(name: str, role: str = "text2", size: int = 20, *, ratio: float = 0.0) -> QPixmap:
    """The picture in the colour of the token `role` (or `#RRGGBB`), `size` px at 100 %."""
    tint = role if role.startswith("#") else color(role).name()
    scaled = px(size)
    dots = ratio or _ratio()
    key = (name, tint, scaled, dots)
    _forget_old_theme()
    if key not in _pictures:
        _pictures[key] = _draw(icon_file(name, scaled), tint, scaled, dots)
    return _pictures[key]


def icon(name: str, role: str = "text2", size: int = 20) -> QIcon:
    """A `QIcon` for menus and actions; greyed by itself when disabled."""
    made = QIcon(pixmap(name, role, size))
    made.addPixmap(pixmap(name, "disabled", size), QIcon.Mode.Disabled)
    return made


def read_ahead(operations: Operations, owner: QObject) -> None:
    """Reads every file in the worker: an idle disk takes half a second for the first of them, and
    a window that draws would wait for it."""
    operations.query(("icons",), lambda _job: _read_sources(), owner=owner, done=lambda _read: None)


def _read_sources() -> None:
    for file in sorted(resource("icons").glob("*.svg")):
        _source(file.name)


def _source(file: str) -> str:
    if file not in _sources:
        _sources[file] = resource("icons", file).read_text(encoding="utf-8")
    return _sources[file]


def _forget_old_theme() -> None:
    if _drawn_for[0] is not theme().tokens:
        _pictures.clear()
        _drawn_for[0] = theme().tokens


def _ratio() -> float:
    app = QApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QApplication) else 1.0


def _draw(file: str, tint: str, size: int, ratio: float) -> QPixmap:
    svg = _source(file).replace("<svg ", f'<svg fill="{tint}" ', 1)
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture
