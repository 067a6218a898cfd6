"""Pictures of people out of a file: made small as those that a person chooses, kept with the rows.

A picture that cannot be taken is left out and told; its row comes in without it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import PictureField
from crm_desktop.models.catalogue.fieldtypes.common import refuse
from crm_desktop.services.files.contents import store_small
from crm_desktop.services.files.portrait_maker import PortraitMaker
from crm_desktop.services.importing.readers.base import Cell, CellPicture
from crm_desktop.services.writing.staging import Delete, Write

if TYPE_CHECKING:
    from crm_desktop.services.importing.places import Place
    from crm_desktop.services.writing.batch import Batch

PICTURES = "pictures"
"""Under which name the photos that are new are counted."""
_NO_PICTURE = N_(
    "{field}: {value} is no picture that can be shown: a PNG, JPEG or WebP of up to 25 MB is taken"
)
_ELSEWHERE = N_(
    "{field}: “{value}” lies outside the file and was not fetched; only pictures inside the file "
    "are taken"
)
_NOT_INSIDE = N_(
    "{field}: “{value}” is no picture. Photos come in only with a directory of people (LDIF, LDAP)"
)


class Portrait(NamedTuple):
    """A picture as it will be kept."""

    digest: str
    content: bytes

    def __str__(self) -> str:
        return self.digest[:12]


def picture(f: Field, _reading: object) -> Callable[[Any], Any]:
    """What makes portraits of the cells of a column."""
    maker = PortraitMaker()

    def convert(cell: Cell) -> Portrait:
        if not isinstance(cell, CellPicture):
            raise refuse(f, _(_NOT_INSIDE), cell)
        if cell.elsewhere:
            raise refuse(f, _(_ELSEWHERE), cell)
        made = maker.make(cell.content())
        if made is None:
            raise refuse(f, _(_NO_PICTURE), cell)
        return Portrait(hashlib.sha256(made).hexdigest(), made)

    return convert


def has_pictures(rows: Iterable[Sequence[Cell]]) -> bool:
    """Whether a picture stands in one of the rows."""
    return any(isinstance(cell, CellPicture) for row in rows for cell in row)


def picture_paths(places: Iterable[Place]) -> frozenset[str]:
    """The places into which pictures go, as problems name them."""
    return frozenset(one.path for one in places if isinstance(one.field, PictureField))


class BlockPictures:
    """The pictures of one block of rows, on their way into the base."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def name(self, values: dict[str, Any]) -> None:
        """Puts the digests of pictures in their place."""
        for key, value in values.items():
            if isinstance(value, Portrait):
                self._contents[value.digest] = value.content
                values[key] = value.digest

    def keep(
        self, batch: Batch, writes: Iterable[Write], counts: Counter[str], is_test: bool
    ) -> None:  # fmt: skip
        """Counts the pictures that the writes bring; keeps their contents, in the transaction of
        the writes, unless it is only a trial."""
        if not self._contents:
            return
        brought = [
            value
            for write in writes if not isinstance(write, Delete)
            for value in write.values.values()
            if isinstance(value, str) and value in self._contents
        ]  # fmt: skip
        counts[PICTURES] += len(brought)
        if brought and not is_test:
            contents = {digest: self._contents[digest] for digest in brought}
            store_small(batch.backend, batch.reader.tables, batch.connection, contents, batch.now)
