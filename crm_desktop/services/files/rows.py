"""What is known of a file and of its versions, as plain values; and which object holds files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_desktop.errors import NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.traits import FileContent


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a record as it stands in the base; `name` is safe to be written anywhere, whatever
    another program has put into the base."""

    ref: Ref
    version: int
    owner: Ref | None
    name: str
    kind: str
    media: str
    size: int
    digest: str
    note: str
    added_at: datetime
    added_by: str
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A content that the file has, or had: since when, by whom, whether it can be had again."""

    digest: str
    size: int
    moment: datetime
    author: str
    current: bool
    there: bool


@dataclass(frozen=True)
class FileShape:
    """The object whose records are files, and which of its fields say what."""

    entity: EntityDef
    trait: FileContent

    @staticmethod
    def of(catalogue: Catalogue) -> FileShape:
        """The one of a catalogue."""
        for entity in catalogue:
            trait = entity.trait(FileContent)
            if trait is not None:
                return FileShape(entity, trait)
        raise NotFound(_("This base keeps no files"))

    @property
    def name(self) -> str:
        """The field of the file's name."""
        return self.entity.title_field

    @property
    def kind_field(self) -> ChoiceField:
        """The field that says what kind of file it is."""
        found = self.entity.field(self.trait.kind)
        assert isinstance(found, ChoiceField)
        return found

    def link(self, catalogue: Catalogue, owner: EntityDef) -> Link:
        """The link by which files belong to records of `owner`; `NotFound` if they cannot."""
        for link in catalogue.links_to(owner):
            if link.entity.key == self.entity.key and link.parent:
                return link
        raise NotFound(_("{object}: no files can be kept here").format(object=_(owner.label)))

    def owner_of(self, values: dict[str, Any]) -> Ref | None:
        """The record that a file belongs to, from the file's values."""
        return next((v for v in values.values() if isinstance(v, Ref)), None)
