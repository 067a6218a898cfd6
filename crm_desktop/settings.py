"""The settings of this machine: declared once here, kept in one JSON file in the program's folder.

What belongs to a base (its fields, views, colleagues) is kept in the base, not here. The file may
be edited by hand, lost or broken: the program starts with the defaults and keeps the broken file
beside it. Keys that this version does not know are kept for the one that does.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from crm_desktop import i18n

T = TypeVar("T")

HOME_VARIABLE = "CRM_DESKTOP_HOME"
LANGUAGE_VARIABLE = "CRM_DESKTOP_LANGUAGE"
PORTABLE_FLAG = "portable.flag"
RECENT_LIMIT = 10


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting: its key in the file, its type, what it is when nobody chose.

    `accepts` tells values that make sense; anything else in the file counts as not chosen.
    """

    key: str
    type: type[T]
    default: T
    accepts: Callable[[T], bool] | None = None

    def valid(self, value: object) -> bool:
        """Whether the value has the type of the setting and makes sense."""
        if not isinstance(value, self.type) or (isinstance(value, bool) and self.type is not bool):
            return False
        return self.accepts is None or self.accepts(value)


def _texts(value: list[Any]) -> bool:
    return all(isinstance(item, str) for item in value)


LANGUAGE = Setting("language", str, "", lambda v: v in ("", *i18n.LANGUAGES))
"""The language of the program; empty: that of the computer."""

THEME = Setting("theme", str, "system", lambda v: v in ("system", "light", "dark", "contrast"))
ACCENT = Setting(
    "accent", str, "blue",
    lambda v: v in ("blue", "teal", "orange", "pink", "violet", "graphite"),
)  # fmt: skip
"""The colour of the selection and of the one primary action."""

SCALE = Setting("scale", int, 100, lambda v: 90 <= v <= 200)
"""Size of everything, in per cent of what the system asks for."""

FONT = Setting("font", str, "")
"""A family of this machine, or `SYSTEM_FONT`; empty: the font that comes with the program."""

SYSTEM_FONT = "system"
"""What `FONT` holds for the font that the desktop uses."""

DENSITY = Setting("density", str, "normal", lambda v: v in ("compact", "normal", "roomy"))
"""Height of the rows in lists."""

LAST_BASE = Setting("last_base", str, "")
"""Path or URL of the base that is opened at the start; empty: the welcome page."""

RECENT_BASES: Setting[list[str]] = Setting("recent_bases", list, [], _texts)
"""Paths and URLs, the latest first, at most `RECENT_LIMIT`."""

BASE_NAMES: Setting[dict[str, Any]] = Setting("base_names", dict, {})
"""What offices call their bases on servers, by the address without a password."""

RECENT_TABLES: Setting[list[str]] = Setting("recent_tables", list, [], _texts)
"""Paths of the files that were brought in, the latest first."""

WINDOW_GEOMETRY = Setting("window_geometry", str, "")
"""Size and place of the main window, as its own text form (base64)."""

OPEN_PLACES: Setting[dict[str, Any]] = Setting("open_places", dict, {})
"""What stood open in the window, by the address of the base."""

PANEL_WIDTH = Setting("panel_width", int, 432, lambda v: 300 <= v <= 900)
"""Width of the record panel, in px at 100 %."""

PANEL_SHOWN = Setting("panel_shown", bool, True)
"""Whether the record panel stands beside the lists."""

LIST_LAYOUTS: Setting[dict[str, Any]] = Setting("list_layouts", dict, {})
"""Columns, widths and order of each list, by the key of the list."""

PLANNER: Setting[dict[str, Any]] = Setting("planner", dict, {})
"""How the planner was left (order of rows, closed groups, horizon, colours), by the address of
the base."""

BOARD: Setting[dict[str, Any]] = Setting("board", dict, {})
"""How the board of deals was left (pipeline, columns, fields of cards), by the address of the
base."""

FIGURES: Setting[dict[str, Any]] = Setting("sales_figures", dict, {})
"""What was chosen on the page of sales figures (tab, pipeline, period), by the address of the
base."""

PLANNER_DRAFTS: Setting[dict[str, Any]] = Setting("planner_drafts", dict, {})
"""What is drafted in the planner and not applied yet, by the address of the base."""

RECENT_USES: Setting[list[str]] = Setting("recent_uses", list, [], _texts)
"""Actions and records used from the search box, the latest first."""

WORKS_AS: Setting[dict[str, Any]] = Setting("works_as", dict, {})
"""The colleague who works here, as a record id, by the address of the base."""

MOVES_UNDER_WAY: Setting[dict[str, Any]] = Setting("moves_under_way", dict, {})
"""By the base that is being moved, what was typed of the place, never the password: a move that
was cut off is offered again."""

DEFAULT_PHONE_REGION = Setting(
    "default_phone_region", str, "", lambda v: v == "" or (len(v) == 2 and v.isupper())
)
"""Country of phone numbers typed without a country code (`RU`, `US`); empty: by the language."""

COPY_FOLDER = Setting("copy_folder", str, "")
"""Where copies of bases go; empty: a folder beside each base."""

LAST_COPIES: Setting[dict[str, Any]] = Setting("last_copies", dict, {})
"""When a copy was made last (ISO, with its zone), by the address of the base."""

PLACE = Setting("place", str, "", lambda v: len(v) <= 40)
"""What this computer and person are called where bases note what was shown where; see
`this_place`."""

REMINDER_SOUND = Setting("reminder_sound", bool, False)
"""Whether a reminder that comes up is also heard."""

SYSTEM_NOTIFICATIONS = Setting("system_notifications", bool, True)
"""Whether a reminder is also told by the desktop's own notifications."""

STAY_IN_TRAY = Setting("stay_in_tray", str, "", lambda v: v in ("", "yes", "no"))
"""Whether the program goes on in the tray when its window is closed; empty: it was not asked."""

LOG_STALLS = Setting("log_stalls", bool, False)
"""Whether the log says what held the window up; set in the file, for whoever helps from afar."""

SETTINGS: tuple[Setting[Any], ...] = (
    LANGUAGE,
    THEME,
    ACCENT,
    SCALE,
    FONT,
    DENSITY,
    LAST_BASE,
    RECENT_BASES,
    BASE_NAMES,
    RECENT_TABLES,
    WINDOW_GEOMETRY,
    OPEN_PLACES,
    PANEL_WIDTH,
    PANEL_SHOWN,
    LIST_LAYOUTS,
    RECENT_USES,
    WORKS_AS,
    MOVES_UNDER_WAY,
    DEFAULT_PHONE_REGION,
    COPY_FOLDER,
    LAST_COPIES,
    PLACE,
    REMINDER_SOUND,
    SYSTEM_NOTIFICATIONS,
    STAY_IN_TRAY,
    LOG_STALLS,
)


class Settings:
    """What was chosen on this machine, read once and written at every change.

    Two running copies may share the file: a change writes its own key over what stands there.
    Safe to use from several threads.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept_aside: Path | None = None
        """Where the file went that could not be read, if that happened."""
        self._lock = threading.Lock()
        self._values = self._read()

    def get(self, setting: Setting[T]) -> T:
        """The value chosen, or the default; lists and dictionaries are copies."""
        value = self._values.get(setting.key, setting.default)
        if not setting.valid(value):
            value = setting.default
        if isinstance(value, (list, dict)):
            value = json.loads(json.dumps(value))
        return value  # type: ignore[no-any-return]

    def put(self, setting: Setting[T], value: T) -> None:
        """Keeps a choice.

        ValueError for a value that makes no sense, OSError if the file cannot be written.
        """
        if not setting.valid(value):
            raise ValueError(f"{setting.key} cannot be {value!r}")
        self._change(lambda values: {**values, setting.key: value})

    def put_entry(self, setting: Setting[dict[str, Any]], key: str, value: object) -> None:
        """Keeps one entry of a dictionary setting and leaves the others; None takes it out."""

        def entered(values: dict[str, Any]) -> dict[str, Any]:
            found = values.get(setting.key, {})
            entries = {**(found if setting.valid(found) else setting.default), key: value}
            return {**values, setting.key: {k: v for k, v in entries.items() if v is not None}}

        self._change(entered)

    def forget(self, setting: Setting[Any]) -> None:
        """Back to the default."""
        self._change(lambda values: {k: v for k, v in values.items() if k != setting.key})

    def _change(self, changed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        with self._lock:
            values = changed(self._read())
            self._write(values)
            self._values = values

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:  # not JSON, or not UTF-8
            self._keep_aside()
            return {}
        except OSError:  # unreadable just now: what was read before stays true
            return dict(getattr(self, "_values", {}))
        if isinstance(values, dict):
            return values
        self._keep_aside()
        return {}

    def _keep_aside(self) -> None:
        aside = self.path.with_name(f"{self.path.stem}.broken{self.path.suffix}")
        with contextlib.suppress(OSError):  # a read-only folder: the defaults serve all the same
            self.path.replace(aside)
            self.kept_aside = aside

    def _write(self, values: dict[str, Any]) -> None:
        """Whole or not at all, by a rename; no wait for the disk, for the window waits here."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
        try:
            fresh.write_text(text + "\n", encoding="utf-8")
            fresh.replace(self.path)
        finally:
            fresh.unlink(missing_ok=True)


def program_folder() -> Path:
    """Where the program lies: the folder of the executable, or of the checkout."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parent.parent


def home_folder() -> Path:
    """Where settings, logs and drafts of this person are kept; it may not exist yet.

    `CRM_DESKTOP_HOME` comes first, then `data` beside a program that has a `portable.flag` (a USB
    stick leaves nothing on the machine), then the usual place of the system.
    """
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen)
    if (program_folder() / PORTABLE_FLAG).exists():
        return program_folder() / "data"
    import platformdirs

    return Path(platformdirs.user_data_dir("crm-desktop", appauthor=False, roaming=True))


def open_settings(home: Path | None = None) -> Settings:
    """The settings of this machine, in `home` or in `home_folder()`."""
    return Settings((home or home_folder()) / "settings.json")


def chosen_language(settings: Settings) -> str:
    """`ru` or `en`: what `CRM_DESKTOP_LANGUAGE` says, what was chosen, what the computer speaks."""
    asked = os.environ.get(LANGUAGE_VARIABLE, "")
    if asked in i18n.LANGUAGES:
        return asked
    return settings.get(LANGUAGE) or i18n.system_language()


def phone_region(settings: Settings) -> str:
    """The country of numbers without a country code: what was chosen, else by the language, else
    by the computer. One that names no country is taken for Russia, whose holidays hold as well."""
    chosen = settings.get(DEFAULT_PHONE_REGION)
    if not chosen and chosen_language(settings) != "ru":
        chosen = i18n.system_country()
    return chosen or "RU"


def this_place(settings: Settings) -> str:
    """A name for this person at this computer, by chance, kept from the first time on."""
    place = settings.get(PLACE)
    if not place:
        place = uuid.uuid4().hex
        with contextlib.suppress(OSError):  # a read-only folder: as long as the program runs
            settings.put(PLACE, place)
    return place


def without_password(address: str) -> str:
    """The address of a base as it may be kept in a file: `user:secret@` becomes `user@`, and
    what was shown to the server beside the password is left out."""
    return re.sub(r"^(\w[\w+.-]*://[^:/@]*):[^/]*@", r"\1@", without_code(address))


def without_code(address: str) -> str:
    """The address of a base without what was shown to the server beside the password."""
    return re.sub(r"[?&]secret_\w+=[^&]*", "", address)


def remember_base(settings: Settings, address: str, name: str = "") -> None:
    """Puts a base first in the recent ones and makes it the one to open at the next start.

    `name`: what the office calls it. A password in the address of a server is not kept: the file
    of settings lies in clear.
    """
    address = without_password(address)
    others = [base for base in settings.get(RECENT_BASES) if base != address]
    settings.put(RECENT_BASES, [address, *others][:RECENT_LIMIT])
    settings.put(LAST_BASE, address)
    if name != name_of_base(settings, address):
        settings.put_entry(BASE_NAMES, address, name or None)


def name_of_base(settings: Settings, address: str) -> str:
    """What the office calls the base of an address; '' where that is not known."""
    return str(settings.get(BASE_NAMES).get(without_password(address), ""))


def forget_base(settings: Settings, address: str) -> None:
    """Takes a base out of the recent ones; the file itself is not touched."""
    settings.put(RECENT_BASES, [base for base in settings.get(RECENT_BASES) if base != address])
    if settings.get(LAST_BASE) == address:
        settings.forget(LAST_BASE)
