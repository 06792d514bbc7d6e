"""What stands in the report when a test fails: refused requests, and what happened."""

from __future__ import annotations

from datetime import timedelta, timezone

from pytest_esia_stand.contract import DIARY
from pytest_esia_stand.control import ControlError
from pytest_esia_stand.world import Line, World

#: The zone of the servers' texts.
_MOSCOW = timezone(timedelta(hours=3))
#: Of a long timeline the end is shown.
_LINES = 60
#: Of many refused requests the first ones are.
_VERDICTS = 10


def story(world: World) -> str:
    """The failed verdicts and the timeline of a world; where they cannot be had, why."""
    try:
        return "\n".join([f"Gosuslugi of this world: {world.url}/", "", *_verdicts(world), "", *_timeline(world)])
    except ControlError as error:
        return f"the story of the world cannot be had: {error}"


def _verdicts(world: World) -> list[str]:
    failed = world.verdicts.failed()
    told = [f"failed verdicts: {len(failed) or 'none'}"]
    for verdict in failed[:_VERDICTS]:
        told += [f"  {line}" for line in str(verdict).splitlines()]
    if len(failed) > _VERDICTS:
        told.append(f"  … {len(failed) - _VERDICTS} more")
    return told


def _timeline(world: World) -> list[str]:
    lines = world.timeline()
    shown = lines[-_LINES:]
    told = ["timeline (Moscow time):"]
    if len(lines) > len(shown):
        told.append(f"  … {len(lines) - len(shown)} before")
    return told + [f"  {_line(line)}" for line in shown]


def _line(line: Line) -> str:
    who = "diary    " if line.server == DIARY else "Gosuslugi"
    number = f"  [request {line.request}]" if line.request is not None else ""
    return f"{line.at.astimezone(_MOSCOW):%Y-%m-%d %H:%M:%S}  {who}  {line.text}{number}"
