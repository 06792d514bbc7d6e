"""What Gosuslugi do wrong on purpose in a world."""

from __future__ import annotations

from typing import Any

from pytest_esia_stand import contract
from pytest_esia_stand.control import Control
from pytest_esia_stand.people import Person


class Fault:
    """A fault that is set. As a context manager it is lifted at the end."""

    def __init__(self, server: Control, view: dict[str, Any]) -> None:
        self._server = server
        #: Its number in the world.
        self.number: int = view["number"]
        #: Its name in the catalogue, as ``claim.aud-other``.
        self.fault: str = view["fault"]
        #: What was said more exactly.
        self.parameters: dict[str, Any] = view["parameters"] or {}
        #: How many answers it will still change; ``None`` where no number was said.
        self.left: int | None = view["left"]

    def __repr__(self) -> str:
        return f"Fault({self.number}, {self.fault!r})"

    def lift(self) -> None:
        """Takes it back; one that has played already is gone anyway."""
        if any(there.number == self.number for there in _there(self._server)):
            self._server.call(contract.LIFT_FAULT, number=self.number)

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, *_: object) -> None:
        self.lift()


def _there(server: Control) -> list[Fault]:
    return [Fault(server, view) for view in server.call(contract.FAULTS)]


class Faults:
    """The faults of a world; ``esia-stand faults`` prints the catalogue."""

    def __init__(self, server: Control) -> None:
        self._server = server

    def set(
        self,
        fault: str,
        *,
        requests: int | None = None,
        client: str | None = None,
        person: str | Person | None = None,
        until: str | None = None,
        **parameters: Any,
    ) -> Fault:
        """From now on answers are wrong in this one way.

        ``requests`` says how many answers, ``client`` and ``person`` who meets it, ``until`` (RFC 3339) how long. What
        else is named are the parameters of the fault; hyphens in their names are written as underscores.
        """
        body: dict[str, Any] = {"fault": fault, "requests": requests, "client": client, "until": until}
        body["person"] = person.key if isinstance(person, Person) else person
        body["parameters"] = {name.replace("_", "-"): value for name, value in parameters.items()} or None
        sent = {name: value for name, value in body.items() if value is not None}
        return Fault(self._server, self._server.call(contract.SET_FAULT, sent))

    def all(self) -> list[Fault]:
        """Those that are set, in the order in which they were."""
        return _there(self._server)

    def clear(self) -> None:
        """Lifts all of them."""
        self._server.call(contract.LIFT_FAULTS)
