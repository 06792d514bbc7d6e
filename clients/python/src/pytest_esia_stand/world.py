"""A world: its people, its clock, its letters, at both servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pytest_esia_stand import contract
from pytest_esia_stand.clock import Clock, instant, sortable
from pytest_esia_stand.contract import DIARY, IDP
from pytest_esia_stand.control import Control, ControlError
from pytest_esia_stand.faults import Faults
from pytest_esia_stand.outbox import Outbox
from pytest_esia_stand.people import Person
from pytest_esia_stand.verdicts import Verdicts


@dataclass(frozen=True)
class Line:
    """One thing that has happened."""

    #: Where: ``idp`` or ``diary``.
    server: str
    #: When, by the world's clock.
    at: datetime
    #: 1, 2, 3, … at that server.
    seq: int
    #: One Russian sentence.
    text: str
    #: The request that it was decided for.
    request: int | None


class World:
    """A world of the stand. What is done in it is seen in no other."""

    def __init__(self, name: str, servers: list[Control]) -> None:
        #: Its name in addresses.
        self.name = name
        #: Its control API, at Gosuslugi and in the diary.
        self.servers = servers
        self.clock = Clock(servers)
        self.outbox = Outbox(servers)
        self.verdicts = Verdicts(servers)
        self.faults = Faults(self.server(IDP))

    def __repr__(self) -> str:
        return f"World({self.name!r}, {self.url!r})"

    def server(self, name: str) -> Control:
        """The control API at ``idp`` or ``diary``."""
        for server in self.servers:
            if server.server == name:
                return server
        if name in (IDP, DIARY):
            raise LookupError(f"the stand was named without its {name}: set ESIA_STAND_DIARY beside ESIA_STAND_URL")
        raise ValueError(f"there is no server {name!r}: it is {IDP!r} or {DIARY!r}")

    @property
    def idp(self) -> Control:
        """Gosuslugi: ``.url`` for a client under test, ``.get`` and ``.post`` for the rest of the control API."""
        return self.server(IDP)

    @property
    def diary(self) -> Control:
        """The diary, in the same way."""
        return self.server(DIARY)

    @property
    def url(self) -> str:
        """The address of Gosuslugi in this world: base URL of ЕСИА's protocol, issuer of OpenID Connect."""
        return self.idp.url

    def person(self, key: str) -> Person:
        """Somebody of the world by the key in its seed, as ``анна``, or by the login."""
        return Person(self, key)

    @property
    def people(self) -> list[Person]:
        """Everybody whom Gosuslugi know."""
        return [Person(self, one["key"]) for one in self.idp.call(contract.PEOPLE)]

    def register(self, mnemonic: str, **registration: Any) -> str:
        """Registers a client system; answers with its ``client_id``.

        Fields are those of ``PUT /control/clients/{mnemonic}``, hyphens written as underscores: ``title``, ``scopes``,
        ``redirect_domains``, ``certificates``, ``oidc={"redirect-uris": […], "secret": …}``.
        """
        body = {name.replace("_", "-"): value for name, value in registration.items()}
        body = {"mnemonic": mnemonic, "title": mnemonic, "organisation": mnemonic, **body}
        self.idp.call(contract.REGISTER, body, mnemonic=mnemonic)
        return mnemonic

    def timeline(self) -> list[Line]:
        """What has happened at both servers, oldest first."""
        found = [line for server in self.servers for line in _timeline(server)]
        return [line for _, line in sorted(found, key=lambda pair: pair[0])]

    def reset(self) -> None:
        """Begins it anew from its seed."""
        for server in self.servers:
            _of_server(server, self.name).call(contract.RESET, name=self.name)

    def drop(self) -> None:
        """Deletes it at both servers; one that is gone already is none to complain of."""
        for server in self.servers:
            try:
                _of_server(server, self.name).call(contract.DROP, name=self.name)
            except ControlError as error:
                if error.status != 404:
                    raise


def _of_server(server: Control, name: str) -> Control:
    return server.within(server.url.removesuffix(f"/w/{name}"))


def _timeline(server: Control) -> list[tuple[tuple[str, str], Line]]:
    """The lines of one server with what they are ordered by: the world's time, then the machine's."""
    found, after = [], 0
    while True:
        page = server.call(contract.TIMELINE, query={"after": after, "limit": 1000})
        for said in page:
            line = Line(server.server, instant(said["at"]), said["seq"], said["text"], said["request"])
            found.append(((sortable(said["at"]), sortable(said["recorded_at"] or "")), line))
        if len(page) < 1000:
            return found
        after = page[-1]["seq"]
