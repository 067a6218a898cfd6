"""Now, and the user's time zone; handed to services so that tests can move it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo


class Clock:
    """The computer's clock."""

    def now(self) -> datetime:
        """This moment, aware, UTC, to the millisecond."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def zone(self) -> tzinfo:
        """The zone of the person at the computer."""
        zone = datetime.now().astimezone().tzinfo
        return zone or UTC

    def local(self) -> datetime:
        """This moment in the zone of the person at the computer."""
        return self.now().astimezone(self.zone())

    def today(self) -> date:
        """The day it is for the person at the computer."""
        return self.local().date()


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
