"""Drafts: what was typed into a form and not saved, kept in a file until it is."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from crm_desktop.i18n import _, language
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import BoolField, ChoiceField

_SAFE = re.compile(r"[^A-Za-z0-9_-]")
_NAME = re.compile(r"(.+?)-(new|-?\d+)")


@dataclass(frozen=True)
class Draft:
    """What stood in a form: raw input by field key, and the version that was being changed.
    `login`: who typed it; '' in a local base."""

    raw: dict[str, Any]
    version: int
    saved_at: datetime
    login: str = ""


class Typed(NamedTuple):
    """What stands in a form and is not saved: `text` as a person reads it, `drop` takes away the
    draft that this computer keeps."""

    ref: Ref
    title: str
    text: str
    drop: Callable[[], None]


def in_words(entity: EntityDef, raw: Mapping[str, Any]) -> str:
    """What was typed, a line a field; a link as its record is called."""
    lines = []
    for key, value in raw.items():
        f = entity.field(key) if entity.has(key) else None
        lines.append(f"{_(f.label) if f is not None else key}: {typed_words(f, value)}")
    return "\n".join(lines)


def typed_words(f: Field | None, raw: Any) -> str:
    """The same of one field, without its name."""
    shown = raw.get("text") or raw.get("ref") if isinstance(raw, dict) else raw
    if isinstance(f, BoolField | ChoiceField) and shown not in (None, "", []):
        shown = f.format(shown, language())  # the others stand as they were typed
    return "" if shown is None else str(shown)


def note_place(entity: str, record: Ref) -> Ref:
    """Where a new entry about a record is kept until it is saved: under a number that no record
    has, and not under -1, where the base keeps the drafts of the planner."""
    return Ref(entity, -1 - record.id)


def name_of(entity: EntityDef, ref: Ref, raw: Mapping[str, Any]) -> str:
    """What a draft is called where its record cannot be asked: an entry by what it is about."""
    about = [value["text"] for value in raw.values() if isinstance(value, dict) and "text" in value]
    if ref.id < 0 and about:
        return f"{_(entity.label)}: {about[0]}"
    return f"{_(entity.label)} {ref.id}" if ref.id > 0 else _(entity.label)


class Drafts:
    """The drafts of one base on this machine, a file each."""

    def __init__(self, home: Path, guid: str) -> None:
        self._folder = home / "drafts" / _SAFE.sub("", guid)
        self._lock = threading.Lock()

    def _path(self, entity: str, id_: int) -> Path:
        return self._folder / f"{_SAFE.sub('', entity)}-{id_ or 'new'}.json"

    def read(self, ref: Ref) -> Draft | None:
        """The draft of a record, of a new one for id 0; None if there is none to be read."""
        try:
            kept = json.loads(self._path(*ref).read_text(encoding="utf-8"))
            return Draft(
                dict(kept["raw"]), int(kept["version"]), datetime.fromisoformat(kept["saved_at"]),
                str(kept.get("login", "")),
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def of(self, login: str, catalogue: Catalogue) -> Iterator[tuple[Ref, Draft]]:
        """All that this person typed on this computer; several may share it."""
        keys = {_SAFE.sub("", entity.key): entity.key for entity in catalogue}
        for path in sorted(self._folder.glob("*.json")):
            named = _NAME.fullmatch(path.stem)
            if named is None or named[1] not in keys:
                continue
            ref = Ref(keys[named[1]], 0 if named[2] == "new" else int(named[2]))
            draft = self.read(ref)
            if draft is not None and draft.raw and draft.login == login:
                yield ref, draft

    def keep(self, ref: Ref, draft: Draft) -> None:
        """Writes a draft, whole or not at all. OSError if the folder cannot be written."""
        path = self._path(*ref)
        kept = {
            "raw": draft.raw, "version": draft.version, "saved_at": draft.saved_at.isoformat(),
            "login": draft.login,
        }  # fmt: skip
        fresh = path.with_suffix(f".{os.getpid()}.tmp")
        with self._lock:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            fresh.replace(path)

    def drop(self, ref: Ref) -> None:
        """The form was saved or given up."""
        with self._lock:
            self._path(*ref).unlink(missing_ok=True)
