"""The clock of a world, the same at both servers."""

from __future__ import annotations

from datetime import datetime, timedelta

from pytest_esia_stand import contract
from pytest_esia_stand.control import Control


def instant(text: str) -> datetime:
    """An instant as the servers write it, nanoseconds cut."""
    whole, dot, rest = text.partition(".")
    digits = rest.rstrip("Z") if dot else ""
    return datetime.fromisoformat(f"{whole.rstrip('Z')}.{digits[:6]:0<6}+00:00")


def sortable(text: str) -> str:
    """An instant of the servers so that the order of texts is the order of time: nine digits after the second."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return f"{whole}.{fraction:0<9}"


class Clock:
    """Moves the time of both servers of a world together; what falls due on the way happens before the answer."""

    def __init__(self, servers: list[Control]) -> None:
        self._servers = servers

    @property
    def now(self) -> datetime:
        """Now, by the world's clock (UTC)."""
        return instant(self._servers[0].call(contract.CLOCK)["now"])

    @property
    def next_due(self) -> datetime | None:
        """When something happens by itself next at Gosuslugi: an agency answers, a card is updated."""
        due = self._servers[0].call(contract.CLOCK)["next_due"]
        return instant(due) if due else None

    def advance(self, by: str | timedelta) -> datetime:
        """Lets time pass: ``"15m"``, ``"5days"``, ``"1h 30m"`` or a ``timedelta``. Answers with the new time."""
        if isinstance(by, timedelta):
            by = f"{round(by.total_seconds() * 1000)}ms"
        return self._move({"advance": by})

    def advance_working_days(self, days: int) -> datetime:
        """Lets so many working days of the Russian production calendar pass, to the same time of day in Moscow."""
        return self._move({"advance-working-days": days})

    def to(self, when: str | datetime) -> datetime:
        """Goes on to an instant: RFC 3339, a day that begins in Moscow (``"02.09.2024"``), or a ``datetime`` with a zone."""
        if isinstance(when, datetime):
            if when.tzinfo is None:
                raise ValueError(f"{when!r} has no time zone: Clock.to needs one")
            when = when.isoformat()
        return self._move({"to": when})

    def freeze(self) -> datetime:
        """Stops it, at both servers at one instant: the next whole second."""
        stopped = [server.call(contract.MOVE_CLOCK, {"mode": "frozen"}) for server in self._servers]
        latest = max(instant(clock["now"]) for clock in stopped)
        return self._move({"to": (latest.replace(microsecond=0) + timedelta(seconds=1)).isoformat()})

    def run(self) -> datetime:
        """Lets it run on from where it stands."""
        return self._move({"mode": "running"})

    def _move(self, order: dict[str, object]) -> datetime:
        moved = [server.call(contract.MOVE_CLOCK, dict(order)) for server in self._servers]
        return instant(moved[0]["now"])
