"""A tag is one word or phrase without the signs that part tags; a mark bears its tag's name."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.services.writing.batch import Batch, Staged


def check_tag(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Refuses a name that would be read as several tags."""
    values = staged.after
    if values is None or "name" not in given or not values.get("name"):
        return
    if split_tags(values["name"]) != [values["name"]]:
        raise InvalidInput(_("A tag holds no comma, semicolon or “#”"), field="name")


def complete_tagging(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Copies the name of the tag."""
    values = staged.after
    if values is None or "tag" not in given or values.get("tag") is None:
        return
    tag = batch.row(batch.catalogue["tag"], values["tag"])
    values["name"] = (tag.after or {})["name"]
