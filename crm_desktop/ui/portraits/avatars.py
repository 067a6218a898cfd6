"""Pictures of records where their avatars are: read once, kept, and drawn wherever a name stands.

Nothing waits for them: `of` gives what is known and notes the rest, which is asked for a moment
later in one question for all that is in sight; `changed` tells that there is more to draw. A
content is kept once, however many places show it.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QObject,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QImageReader, QPainter, QPixmap

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import Ref
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.ui.operations import Job
    from crm_desktop.ui.session import Session

MOST_BYTES = 25_000_000
MOST_DOTS = 60_000_000
"""Width times height of what is decoded: a telephone makes as much."""
SIDE = 256
_READ = ("png", "jpg", "jpeg", "webp")
_QUALITY = 88
_DENSITY = 2835  # dots a metre: 72 an inch
_SHOWN = 128
"""Dots of a picture as it is kept to be drawn: the largest avatar, on a fine screen."""
_AT_ONCE = 8  # so few that they keep nobody waiting on a slow line
_KEPT = 400  # pictures; 64 KB each
_MOST_WANTED = 100  # of more, those that were looked at first are out of sight by now
_PAUSE_MS, _FIRST_MS = 25, 300  # texts are painted first; a base that was just opened is busy


def portrait(content: bytes) -> bytes | None:
    """A square JPEG of `SIDE` dots out of anybody's bytes; None if they are no picture that is
    taken (png, jpeg, webp) or one far too large. Nothing of the file itself is left in it."""
    if not content or len(content) > MOST_BYTES:
        return None
    source = QBuffer()
    source.setData(QByteArray(content))
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(source)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    kind = bytes(reader.format().data()).decode("ascii", "replace")
    if kind not in _READ or not size.isValid() or size.width() * size.height() > MOST_DOTS:
        return None
    if min(size.width(), size.height()) > 2 * SIDE:
        least = QSize(2 * SIDE, 2 * SIDE)
        reader.setScaledSize(size.scaled(least, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    reader.setAutoTransform(True)  # EXIF says how the telephone was held
    image = reader.read()
    return None if image.isNull() else _square(image)


def _square(image: QImage) -> bytes:
    """The middle of the picture on white, small, as JPEG."""
    side = min(image.width(), image.height())
    top = (image.height() - side) // 3 if image.height() > side else 0  # faces are above the middle
    part = QRect((image.width() - side) // 2, top, side, side)
    made = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.white)
    made.setDotsPerMeterX(_DENSITY)  # the same bytes on every screen, and where there is none
    made.setDotsPerMeterY(_DENSITY)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRect(0, 0, SIDE, SIDE), image, part)
    painter.end()
    content = QByteArray()
    target = QBuffer(content)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    made.save(target, "JPEG", _QUALITY)  # type: ignore[call-overload]  # PySide takes the text only
    return bytes(content.data())


class Portraits(QObject):
    """Of the base that is open, or waits for a seat; one a session (`portraits_of`)."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._takes: dict[str, bool] = {}
        self._digests: dict[Ref, str] = {}
        """Of each record that was asked about; '' for one without a picture."""
        self._unknown: dict[Ref, None] = {}
        self._pictures: OrderedDict[str, QPixmap] = OrderedDict()
        self._wanted: dict[str, None] = {}
        self._asking = self._reading = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_FIRST_MS)
        self._pause.timeout.connect(self._ask)
        session.opened.connect(self._forget)
        session.no_seat.connect(self._forget)
        session.closed.connect(self._forget)
        session.changed.connect(self._changed)

    def of(self, ref: Ref) -> QPixmap | None:
        """The picture of a record; None as long as it is not known, and where there is none."""
        if not self.takes(ref.entity):
            return None
        digest = self._digests.get(ref)
        if digest is None:
            self._unknown[ref] = None
            self._soon()
        if not digest:
            return None
        found = self._pictures.get(digest)
        if found is None:
            self._wanted.pop(digest, None)
            self._wanted[digest] = None
            self._soon()
            return None
        self._pictures.move_to_end(digest)
        return None if found.isNull() else found

    def takes(self, entity: str) -> bool:
        """Whether records of the object may have pictures in the base that is open."""
        base = self._session.in_sight
        if base is None:
            return False
        known = self._takes.get(entity)
        if known is None:
            from crm_desktop.models.catalogue.shared_traits import Pictured

            there = base.catalogue.has(entity)
            known = there and base.catalogue[entity].trait(Pictured) is not None
            self._takes[entity] = known
        return known

    def _forget(self) -> None:
        self._takes, self._digests, self._unknown, self._wanted = {}, {}, {}, {}
        self._pictures.clear()
        self._asking = self._reading = False
        self._pause.setInterval(_FIRST_MS)

    def _changed(self, changes: ChangeSet) -> None:
        """Whose picture may be another one by now is asked about anew; it stays until then."""
        for ref in self._digests:
            if changes.whole or ref.id in changes.touched.get(ref.entity, ()):
                self._unknown[ref] = None
        if self._unknown:
            self._soon()

    def _soon(self) -> None:
        if not self._pause.isActive():
            self._pause.start()

    def _ask(self) -> None:
        """One question for all records that were looked at; then what they show."""
        self._pause.setInterval(_PAUSE_MS)
        base = self._session.in_sight
        if base is None:
            return
        if self._wanted and not self._reading:
            self._read(base)
        if not self._unknown or self._asking:
            return
        some, self._unknown, self._asking = list(self._unknown), {}, True

        def work(_job: Job) -> dict[Ref, str]:
            return _digests(base, some)

        def done(found: dict[Ref, str]) -> None:
            if base is not self._session.in_sight:
                return
            self._asking = False
            before = {ref: self._digests.get(ref, "") for ref in some}
            self._digests.update(found)
            if found != before:
                self.changed.emit()
            self._soon()

        def failed(_error: object) -> None:  # who looks again asks again
            self._asking = False

        self._session.operations.query(("portraits",), work, owner=self, done=done, failed=failed)

    def _read(self, base: Workspace) -> None:
        """Some contents, first those that were looked at last."""
        latest = list(reversed(self._wanted))[:_MOST_WANTED]
        some, rest = latest[:_AT_ONCE], latest[_AT_ONCE:]
        self._wanted = dict.fromkeys(reversed(rest))
        self._reading = True

        def work(_job: Job) -> dict[str, QImage]:
            from crm_desktop.services.files.portraits import read_many

            found = read_many(base, some)
            return {digest: _decoded(found.get(digest, b"")) for digest in some}

        def done(found: dict[str, QImage]) -> None:
            if base is not self._session.in_sight:
                return
            self._reading = False
            for digest, image in found.items():
                self._pictures[digest] = QPixmap.fromImage(image)
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
            self.changed.emit()
            self._soon()

        def failed(_error: object) -> None:
            self._reading = False

        self._session.operations.query(
            ("portraits read",), work, owner=self, done=done, failed=failed
        )


def _digests(base: Workspace, refs: list[Ref]) -> dict[Ref, str]:
    """What each record shows, '' for nothing; one question an object, in the worker."""
    from crm_desktop.models.catalogue.holding import is_held
    from crm_desktop.services.files.portraits import pictures_of

    ids: dict[str, list[int]] = defaultdict(list)
    for ref in refs:
        ids[ref.entity].append(ref.id)
    found = {key: pictures_of(base, key, some) for key, some in ids.items()}
    told = {ref: found[ref.entity].get(ref.id, "") for ref in refs}
    return {ref: "" if is_held(digest) else digest for ref, digest in told.items()}


def _decoded(content: bytes) -> QImage:
    """A picture as it is drawn, in the worker; an empty one where the base has none, or what no
    program of ours has put there."""
    source = QBuffer()
    source.setData(QByteArray(content))
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(source, QByteArray(b"jpeg"))
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > 4 * SIDE:
        return QImage()
    mode = Qt.TransformationMode.SmoothTransformation
    return reader.read().scaled(_SHOWN, _SHOWN, Qt.AspectRatioMode.IgnoreAspectRatio, mode)


def portraits_of(session: Session) -> Portraits:
    """The pictures of the open base."""
    found = session.findChild(Portraits)
    return found if isinstance(found, Portraits) else Portraits(session)
