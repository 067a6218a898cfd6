"""Now, and the user's time zone; handed to services so that tests can move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from tzlocal import get_localzone_name, reload_localzone


class Clock:
    """The computer's clock."""

    def now(self) -> datetime:
        """This moment, aware, UTC, to the millisecond."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def zone(self) -> tzinfo:
        """The zone of the person at the computer, with its summer and its winter.

        Where the computer cannot name it (or has just moved to another one) it is what its clocks
        are ahead of UTC today.
        """
        today = datetime.now().astimezone().tzinfo or UTC
        for look in (get_localzone_name, _name_anew):
            zone = _named(look)
            if zone is not None and datetime.now(zone).utcoffset() == today.utcoffset(None):
                return zone
        return today

    def local(self) -> datetime:
        """This moment in the zone of the person at the computer."""
        return self.now().astimezone(self.zone())

    def today(self) -> date:
        """The day it is for the person at the computer."""
        return self.local().date()


def _name_anew() -> str | None:
    """The zone may have changed since it was asked first."""
    reload_localzone()
    return get_localzone_name()


def _named(look: Callable[[], str | None]) -> tzinfo | None:
    try:
        name = look()
        return ZoneInfo(name) if name else None
    except (KeyError, OSError, ValueError):  # a zone that only this computer knows
        return None


class MovedClock(Clock):
    """A clock that stands where it is put, for tests and for bases made from a seed."""

    def __init__(self, moment: datetime, zone: tzinfo = UTC) -> None:
        self.moment = moment.astimezone(UTC)
        self._zone = zone

    def now(self) -> datetime:
        return self.moment

    def zone(self) -> tzinfo:
        return self._zone

    def move(self, **step: float) -> None:
        """Moves by `timedelta(**step)`."""
        self.moment += timedelta(**step)
