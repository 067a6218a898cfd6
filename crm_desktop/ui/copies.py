"""Copies of the open base as the window makes them: on demand, and when the last one was made."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.i18n import _
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.models.text.file_sizes import size_text
from crm_desktop.services.clock import Clock
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.maintenance.copies import BaseCopy


def last_copy(session: Session) -> datetime | None:
    """When a copy of the open base was made here last, as far as this computer knows."""
    kept = session.settings.get(s.LAST_COPIES).get(session.address)
    try:
        moment = datetime.fromisoformat(str(kept))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def said_last_copy(session: Session, language: str) -> str:
    """`today, 10:40`; empty if there is none."""
    moment, now = last_copy(session), Clock().local()
    return format_datetime(moment, language, zone=now.tzinfo, now=now) if moment else ""


def folder_of_copies(session: Session) -> Path:
    """Where the next copy of the open base goes."""
    from crm_desktop.services.maintenance.copies import copies_folder

    return copies_folder(session.settings.get(s.COPY_FOLDER), session.address)


def make_copy_now(session: Session, navigator: Navigator) -> None:
    """Makes a copy in a worker and says where it lies, or why there is none."""
    base = session.workspace
    if base is None:
        return
    address, folder, language = session.address, folder_of_copies(session), i18n.language()

    def work(job: Job) -> BaseCopy:
        from crm_desktop.services.maintenance.copies import make_copy

        return make_copy(base.backend, folder, Clock().local(), progress=job.progress)

    def done(copy: BaseCopy) -> None:
        session.settings.put_entry(s.LAST_COPIES, address, copy.moment.isoformat())
        session.copied.emit()
        text = _("The copy is made and checked: {file}, {size}")
        navigator.toast(text.format(file=copy.path, size=size_text(copy.size, language)))

    session.operations.run(
        work,
        owner=session,
        done=done,
        failed=navigator.refuse,
        title=_("Making a copy of the base"),
    )
