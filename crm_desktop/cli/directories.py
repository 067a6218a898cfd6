"""People of a directory on a server as the FILE of `import`: `ldaps://host/base??scope?filter`."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.services.importing.directories.address import is_directory

VARIABLE = "CRM_DESKTOP_LDAP_PASSWORD"


def add_words(parser: argparse.ArgumentParser) -> None:
    """How the directory is asked."""
    parser.add_argument("--ldap-user", metavar="NAME", default="",
                        help=_("who signs in to the directory; nobody if not said"))  # fmt: skip
    parser.add_argument("--ldap-ca", metavar="FILE.pem", type=Path,
                        help=_("who signed the certificate of the directory"))  # fmt: skip
    parser.add_argument("--ldap-plain", action="store_true",
                        help=_("ask without TLS: anybody on the line can read along"))  # fmt: skip


@contextmanager
def fetched(given: Namespace) -> Iterator[Namespace]:
    """What was given, with people of a directory in a file of their own while the import runs."""
    if not is_directory(str(given.file)):
        yield given
        return
    from crm_desktop.services.importing.directories.fetching import DirectoryQuestion, fetch

    question = DirectoryQuestion(
        given.file, given.ldap_user, _password(given.ldap_user), given.ldap_ca, given.ldap_plain
    )
    with TemporaryDirectory(prefix="crm-import-") as folder:
        yield Namespace(**(vars(given) | {"file": str(fetch(question, Path(folder)))}))


def _password(name: str) -> str:
    if not name:
        return ""
    found = os.environ.get(VARIABLE, "")
    if not found and not sys.stdin.isatty():
        raise InvalidInput(_("Put the password of {name} into {variable}").format(
            name=name, variable=VARIABLE))  # fmt: skip
    return found or getpass.getpass(_("Password of {user}: ").format(user=name))
