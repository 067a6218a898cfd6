"""Who may bring a base that is older than the program up to it."""

from __future__ import annotations

from crm_desktop.errors import BaseTooOld, UpgradeOffered
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend


def refuse_to_upgrade(backend: Backend, *, upgrades: bool = True) -> None:
    """`BaseTooOld` for whoever may not change the shape of the base; `UpgradeOffered` to who may,
    unless it was asked for or the base is local: that is upgraded with a copy beside it."""
    if not backend.administers:
        raise BaseTooOld(
            _("The base {name} is older than this program. Its administrator has to open it once "
              "with the new version; until then use the old one.").format(name=backend.title)
        )  # fmt: skip
    if not (upgrades or backend.exclusive):
        said = _(
            "The base {name} is older than this program. You administer it: a copy is made and "
            "proved, then it is upgraded, in the window or by “crm-desktop server upgrade”. From "
            "then on everybody needs this version of the program."
        )
        raise UpgradeOffered(said.format(name=backend.title))
