"""What is said to whoever would do what administrators alone do: change rights, read the audit."""

from __future__ import annotations

from crm_desktop.errors import InvalidInput, NotAllowed, UserError
from crm_desktop.i18n import _


def only_administrators(*, shared: bool) -> UserError:
    """`shared`: the base is on a server; a local one has no rights at all."""
    if shared:
        return NotAllowed(
            _("Only the administrator of the base changes rights. Nothing was changed.")
        )
    return InvalidInput(
        _("This base is a file: one person works in it and may do everything. Roles belong to a"
          " base on a server.")
    )  # fmt: skip


def only_they_read() -> NotAllowed:
    """The audit is read by administrators alone."""
    return NotAllowed(_("Only the administrator of the base reads the audit."))
