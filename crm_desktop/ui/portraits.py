"""Pictures of records where their avatars are: read once, kept, and drawn wherever a name stands.

Nothing waits for them: `of` gives what is known and asks the base for the rest; `changed` tells
that there is more to draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPixmap

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import Ref
    from crm_desktop.services.changes import ChangeSet
    from crm_desktop.ui.operations import Job
    from crm_desktop.ui.session import Session

MOST_BYTES = 25_000_000
MOST_DOTS = 60_000_000
"""Width times height of what is decoded: a telephone makes as much."""
SIDE = 256
_READ = ("png", "jpg", "jpeg", "webp")
_QUALITY = 88
_AT_ONCE = 40


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
    """Of the base that is open; one a session (`portraits_of`)."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._digests: dict[str, dict[int, str]] = {}
        self._asked: set[str] = set()
        self._pictures: dict[str, QPixmap] = {}
        self._wanted: set[str] = set()
        self._busy = False
        session.opened.connect(self._forget)
        session.closed.connect(self._forget)
        session.changed.connect(self._changed)

    def of(self, ref: Ref) -> QPixmap | None:
        """The picture of a record; None as long as it is not known, and where there is none."""
        base = self._session.workspace
        if base is None or not base.catalogue.has(ref.entity):
            return None
        if ref.entity not in self._asked:
            self._ask_digests(ref.entity)
        digest = self._digests.get(ref.entity, {}).get(ref.id)
        if digest is None:
            return None
        if digest not in self._pictures:
            self._wanted.add(digest)
            self._read()
        found = self._pictures.get(digest)
        return None if found is None or found.isNull() else found

    def _forget(self) -> None:
        self._digests, self._asked, self._pictures = {}, set(), {}
        self._wanted, self._busy = set(), False

    def _changed(self, changes: ChangeSet) -> None:
        for entity in [key for key in self._asked if changes.touches(key)]:
            self._ask_digests(entity)

    def _ask_digests(self, entity: str) -> None:
        from crm_desktop.models.catalogue.shared_traits import Pictured

        base = self._session.base
        self._asked.add(entity)
        if base.catalogue[entity].trait(Pictured) is None:
            return

        def work(_job: Job) -> dict[int, str]:
            from crm_desktop.services.files.portraits import pictures

            return pictures(base, entity)

        def done(found: dict[int, str]) -> None:
            if base is self._session.workspace and found != self._digests.get(entity, {}):
                self._digests[entity] = found
                self.changed.emit()

        self._session.operations.query(("portraits", entity), work, owner=self, done=done)

    def _read(self) -> None:
        """What is wanted, some at a time."""
        if self._busy or not self._wanted:
            return
        base, some = self._session.base, sorted(self._wanted)[:_AT_ONCE]
        self._wanted.difference_update(some)
        self._busy = True

        def work(job: Job) -> dict[str, QImage]:
            from crm_desktop.errors import UserError
            from crm_desktop.services.files.portraits import read

            found = {}
            for digest in some:
                job.check()
                try:
                    found[digest] = QImage.fromData(read(base, digest), "JPEG")
                except UserError:  # removed by a clean-up: initials then
                    found[digest] = QImage()
            return found

        def done(found: dict[str, QImage]) -> None:
            self._busy = False
            for digest, image in found.items():
                self._pictures[digest] = QPixmap.fromImage(image)
            self.changed.emit()
            self._read()

        def failed(_error: object) -> None:
            self._busy = False

        self._session.operations.query(
            ("portraits read",), work, owner=self, done=done, failed=failed
        )


def portraits_of(session: Session) -> Portraits:
    """The pictures of the open base."""
    found = session.findChild(Portraits)
    return found if isinstance(found, Portraits) else Portraits(session)
