"""People of a directory as an LDIF file, so that they come in as one would: same columns, test run,
undo."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crm_desktop.i18n import _
from crm_desktop.services.importing.directories.address import directory_address
from crm_desktop.services.importing.directories.client import Directory, DirectoryProblem

WANTED = tuple(
    """objectClass cn displayName givenName sn title department manager mail telephoneNumber
    mobile uid sAMAccountName o ou l streetAddress postalCode description jpegPhoto
    thumbnailPhoto""".split()
)
"""What is asked for: no passwords, no keys."""
FILE = "people.ldif"
Seen = Callable[[int], None]


@dataclass(frozen=True)
class DirectoryQuestion:
    """Whom to ask, as whom, and how the line is kept from others."""

    address: str
    name: str = ""
    password: str = field(default="", repr=False)
    authority: Path | None = None
    plain: bool = False


def fetch(question: DirectoryQuestion, folder: Path, seen: Seen = lambda _count: None) -> Path:
    """Writes everybody who suits into a file in `folder`. `DirectoryProblem`: nobody does, or the
    directory was not to be asked; `seen` is told how many have come."""
    address, path, count = directory_address(question.address), folder / FILE, 0
    with (
        Directory(address, authority=question.authority, plain=question.plain) as directory,
        path.open("w", encoding="ascii") as file,
    ):
        directory.sign_in(question.name, question.password)
        file.write("version: 1\n")
        for entry in directory.search(WANTED):
            file.write("\n")
            file.writelines(
                f"{key}:: {base64.b64encode(one).decode()}\n"
                for key, given in entry.items() if key.replace("-", "").replace(";", "").isalnum()
                for one in given
            )  # fmt: skip
            count += 1
            if count % 100 == 0:
                seen(count)
    if not count:
        said = _("Nobody in “{base}” suits the filter {filter}")
        raise DirectoryProblem(said.format(base=address.base, filter=address.filter))
    return path
