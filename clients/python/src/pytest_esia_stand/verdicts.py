"""What the servers think of the requests that they got."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pytest_esia_stand import contract
from pytest_esia_stand.clock import sortable
from pytest_esia_stand.control import Control

#: The header by which an answer names its request.
REQUEST_HEADER = "X-Esia-Stand-Request"


@dataclass(frozen=True)
class Check:
    """One check of a request."""

    #: Stable name, as ``client-signature``.
    rule: str
    #: Where the rule stands.
    source: str
    #: ``passed``, ``failed`` or ``tolerated``.
    outcome: str
    #: What the rule wants, in Russian.
    expected: str
    #: What the request had.
    got: str
    #: Code that ЕСИА answers with.
    error: str | None
    #: Known mistakes that explain it: ``esia-stand mistakes NAME`` tells how to mend them.
    mistakes: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """A request with its checks."""

    #: Who got it: ``idp`` or ``diary``.
    server: str
    #: Number of the request, as ``X-Esia-Stand-Request`` carries it.
    id: int
    #: By the world's clock, RFC 3339.
    at: str
    method: str
    #: Path and query, inside the world.
    target: str
    #: HTTP status of the answer.
    status: int | None
    #: ``client_id``, where the request named one.
    client: str | None
    checks: tuple[Check, ...]
    #: The page that shows it in full.
    page: str

    @property
    def failed(self) -> tuple[Check, ...]:
        """Checks that refused the request."""
        return tuple(check for check in self.checks if check.outcome == "failed")

    @property
    def tolerated(self) -> tuple[Check, ...]:
        """Checks that a strict provider would have refused it by."""
        return tuple(check for check in self.checks if check.outcome == "tolerated")

    @property
    def ok(self) -> bool:
        """Whether nothing was wrong with it."""
        return not self.failed and not self.tolerated

    def __str__(self) -> str:
        lines = [f"{self.method} {self.target} → {self.status or 'no answer'} ({self.page})"]
        for check in (*self.failed, *self.tolerated):
            code = f" {check.error}" if check.error else ""
            lines.append(f"  {check.outcome} {check.rule}{code} ({check.source})")
            lines.append(f"    expected: {check.expected}")
            lines.append(f"    got:      {check.got}")
            lines += [f"    mistake:  {mistake}" for mistake in check.mistakes]
        return "\n".join(lines)


class Verdicts:
    """Verdicts of a world; of the diary's requests to Gosuslugi as well as of the client's under test."""

    def __init__(self, servers: list[Control]) -> None:
        self._servers = servers

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.all())

    def all(self, *, client: str | None = None, verdict: str | None = None, limit: int = 500) -> list[Verdict]:
        """Oldest first. ``verdict`` is ``failed``, ``tolerated``, ``ok``, ``none``, or names a rule or a mistake."""
        query = {"client": client, "verdict": verdict, "limit": limit}
        found = [
            _verdict(server, entry) for server in self._servers for entry in server.call(contract.REQUESTS, query=query)
        ]
        return sorted(found, key=lambda verdict: (sortable(verdict.at), verdict.id))

    def failed(self, *, client: str | None = None) -> list[Verdict]:
        """Requests that were refused."""
        return self.all(client=client, verdict="failed")

    def of(self, answer: Any) -> Verdict:
        """The verdict of an answer (of requests, httpx or anything else with ``headers``), by its number."""
        number, address = answer.headers.get(REQUEST_HEADER), str(getattr(answer, "url", ""))
        if number is None:
            raise LookupError(f"the answer has no header {REQUEST_HEADER}: it is not of a server of the stand")
        here = [server for server in self._servers if address.startswith(server.url + "/")]
        if not here and address:
            raise LookupError(f"{address} is not of this world: {', '.join(server.url for server in self._servers)}")
        server = (here or self._servers)[0]
        return _verdict(server, server.call(contract.REQUEST, id=number))


def _verdict(server: Control, entry: dict[str, Any]) -> Verdict:
    return Verdict(
        server=server.server,
        id=entry["id"],
        at=entry["at"],
        method=entry["method"],
        target=entry["target"],
        status=entry["status"],
        client=entry["client"],
        checks=tuple(_check(check) for check in entry["verdict"] or ()),
        page=f"{server.url}/control/console/requests/{entry['id']}",
    )


def _check(check: dict[str, Any]) -> Check:
    return Check(
        rule=check["rule"],
        source=check.get("source", ""),
        outcome=check["outcome"],
        expected=check.get("expected", ""),
        got=check.get("got", ""),
        error=check.get("error"),
        mistakes=tuple(check.get("mistakes") or ()),
    )
