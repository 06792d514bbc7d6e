"""Every address of the control API that this package asks, with the fields that it sends and reads.

:class:`pytest_esia_stand.control.Control` sends nothing else and hands on nothing else, and a test holds this against the
OpenAPI document of the program: what is said here is what is there.
"""

from dataclasses import dataclass

#: The mock Gosuslugi.
IDP = "idp"
#: The school diary.
DIARY = "diary"


@dataclass(frozen=True)
class Call:
    """One operation of the control API."""

    method: str
    #: As the OpenAPI document writes it, with parameters in braces.
    path: str
    #: Fields of the body.
    sends: frozenset[str] = frozenset()
    #: Parameters of the query.
    asks: frozenset[str] = frozenset()
    #: Fields of the answer, or of each of its items. Nothing: the answer is not read.
    reads: frozenset[str] = frozenset()
    #: Servers that have it.
    at: tuple[str, ...] = (IDP, DIARY)
    #: The document says no more than "an object" about the answer.
    opaque: bool = False


def _names(line: str) -> frozenset[str]:
    return frozenset(line.split())


FORK = Call("POST", "/control/worlds/{name}/fork", sends=_names("name"), reads=_names("name title url"))
MAKE = Call("POST", "/control/worlds", sends=_names("name seed"), reads=_names("name title url"))
SHOW = Call("GET", "/control/worlds/{name}", reads=_names("name title url"))
DROP = Call("DELETE", "/control/worlds/{name}")
RESET = Call("POST", "/control/worlds/{name}/reset", reads=_names("name title url"))

CLOCK = Call("GET", "/control/clock", reads=_names("now mode next_due"))
MOVE_CLOCK = Call(
    "POST", "/control/clock", sends=_names("advance advance-working-days to mode"), reads=_names("now mode next_due")
)

PEOPLE = Call("GET", "/control/people", reads=_names("key name about login password contacts oid"))
OPEN_SESSION = Call("POST", "/control/people/{key}/session", reads=_names("session link link_expires_at"))

OUTBOX = Call("GET", "/control/outbox", reads=_names("seq at channel to subject text link"))

FAULTS = Call("GET", "/control/faults", reads=_names("number fault parameters left client person"), at=(IDP,))
SET_FAULT = Call(
    "POST",
    "/control/faults",
    sends=_names("fault parameters requests client person until"),
    reads=_names("number fault parameters left client person"),
    at=(IDP,),
)
LIFT_FAULT = Call("DELETE", "/control/faults/{number}", at=(IDP,))
LIFT_FAULTS = Call("DELETE", "/control/faults", at=(IDP,))

TIMELINE = Call("GET", "/control/timeline", asks=_names("after limit"), reads=_names("seq at recorded_at text request"))

_JOURNAL = _names("id at method target status client verdict")
REQUESTS = Call("GET", "/control/requests", asks=_names("client verdict limit before"), reads=_JOURNAL, opaque=True)
REQUEST = Call("GET", "/control/requests/{id}", reads=_JOURNAL, opaque=True)

REGISTER = Call(
    "PUT",
    "/control/clients/{mnemonic}",
    sends=_names("mnemonic title organisation scopes redirect-domains certificates oidc esia"),
    reads=_names("mnemonic title"),
    at=(IDP,),
)

#: All of them.
CALLS = tuple(value for value in globals().values() if isinstance(value, Call))
