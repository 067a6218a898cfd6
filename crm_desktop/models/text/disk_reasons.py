"""What the operating system says of a file, in the language of the person and not in its own."""

from __future__ import annotations

import errno

from crm_desktop.i18n import N_, _

_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.ENOTDIR: N_("a part of its path is a file and no folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.EEXIST: N_("there is a file of this name already"),
    errno.EACCES: N_("you have no right to it, or another program holds it"),
    errno.EPERM: N_("you have no right to it, or another program holds it"),
    errno.EBUSY: N_("another program holds it"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk is full"),
    errno.EFBIG: N_("the disk takes no file of this size"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EINVAL: N_("the name holds signs that the disk does not take"),
}


def disk_reason(error: OSError) -> str:
    """The end of a sentence such as “a.pdf cannot be written: {reason}”, without a full stop."""
    known = _REASONS.get(error.errno or 0)
    return _(known) if known else _("the disk or the network reports an error")
