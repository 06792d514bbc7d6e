"""Letters and SMS of a world; nothing leaves the machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pytest_esia_stand import contract
from pytest_esia_stand.clock import instant
from pytest_esia_stand.control import Control

if TYPE_CHECKING:
    from pytest_esia_stand.people import Person


@dataclass(frozen=True)
class Message:
    """A letter or an SMS."""

    #: Who sent it: ``idp`` or ``diary``.
    server: str
    #: 1, 2, 3, … in the order of sending, at that server.
    seq: int
    #: When, by the world's clock.
    at: datetime
    #: ``email`` or ``sms``.
    channel: str
    #: An e-mail address or a phone.
    to: str
    #: Subject of a letter.
    subject: str | None
    #: The text without the link.
    text: str
    #: The link in it, as a whole URL.
    link: str | None


class Outbox:
    """What both servers have sent in a world."""

    def __init__(self, servers: list[Control]) -> None:
        self._servers = servers

    def __iter__(self) -> Iterator[Message]:
        return iter(self.all())

    def all(self, *, to: str | Person | None = None) -> list[Message]:
        """Newest first; to one address, or to all addresses of a person."""
        addresses = None if to is None else {to} if isinstance(to, str) else set(to.contacts)
        found = [message for server in self._servers for message in _of(server)]
        wanted = [message for message in found if addresses is None or message.to in addresses]
        return sorted(wanted, key=lambda message: message.at, reverse=True)

    def wait(self, *, to: str | Person | None = None, containing: str = "", timeout_s: float = 5.0) -> Message:
        """The newest message whose subject, text or link holds ``containing``; waits for it where it is not there yet."""
        ends_at = time.monotonic() + timeout_s
        while True:
            there = self.all(to=to)
            for message in there:
                if containing in f"{message.subject or ''}\n{message.text}\n{message.link or ''}":
                    return message
            if time.monotonic() >= ends_at:
                break
            time.sleep(0.05)
        whom = f" to {to if isinstance(to, str) else to.key}" if to is not None else ""
        known = "\n".join(f"  {message.to}: {message.subject or message.text}" for message in there) or "  nothing"
        raise TimeoutError(f"no message{whom} with {containing!r} within {timeout_s} s; there is:\n{known}")


def _of(server: Control) -> list[Message]:
    return [
        Message(
            server=server.server,
            seq=sent["seq"],
            at=instant(sent["at"]),
            channel=sent["channel"],
            to=sent["to"],
            subject=sent["subject"],
            text=sent["text"],
            link=sent["link"],
        )
        for sent in server.call(contract.OUTBOX)
    ]
