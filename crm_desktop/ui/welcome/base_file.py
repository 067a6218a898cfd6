"""Where a new base is put: a name a person types becomes a file that can be made."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.connect import SUFFIX
from crm_desktop.models.text.disk_reasons import disk_reason

_FORBIDDEN = set('<>:"/\\|?*')
_LONGEST = 100
NAME, FOLDER = "name", "folder"


def base_file(folder: str, name: str) -> Path:
    """The file of a new base; its folder is made if it is not there.

    `InvalidInput` whose `field` is `NAME` or `FOLDER` if such a file cannot be.
    """
    clean = name.strip().removesuffix(SUFFIX).rstrip(". ")
    _check_name(clean)
    place = Path(folder.strip()).expanduser()
    if not folder.strip() or not place.is_absolute():
        raise InvalidInput(_("Choose the folder in which the base is to lie."), field=FOLDER)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = _("The folder cannot be made: {reason}. Choose another one.")
        raise InvalidInput(text.format(reason=disk_reason(error)), field=FOLDER) from error
    path = place / f"{clean}{SUFFIX}"
    if path.exists():
        text = _("There is a base of this name already. Open it, or choose another name.")
        raise InvalidInput(text, field=NAME)
    return path


def _check_name(name: str) -> None:
    if not name:
        raise InvalidInput(_("Give the base a name, for example that of your company."), field=NAME)
    wrong = sorted({letter for letter in name if letter in _FORBIDDEN or ord(letter) < 32})
    if wrong:
        text = _("A file name cannot hold these signs: {signs}")
        raise InvalidInput(text.format(signs=" ".join(wrong)), field=NAME)
    if PureWindowsPath(name).is_reserved() or len(name) > _LONGEST:
        raise InvalidInput(_("A file cannot be called that. Choose another name."), field=NAME)


def free_name(folder: Path, wish: str) -> str:
    """`wish`, or `wish 2`, `wish 3` ...: the first of which there is no file yet."""
    taken, number = folder / f"{wish}{SUFFIX}", 1
    while taken.exists():
        number += 1
        taken = folder / f"{wish} {number}{SUFFIX}"
    return taken.stem
