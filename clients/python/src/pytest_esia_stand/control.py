"""The control API of one server, or of one world at it, asked over HTTP."""

from __future__ import annotations

import ipaddress
import json
import ssl
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from pytest_esia_stand.contract import DIARY, Call

#: How long an answer may take, seconds.
PATIENCE_S = 15.0


class ControlError(Exception):
    """The control API refuses, or does not answer. The text says who, what and, where known, the way out."""

    def __init__(self, message: str, *, status: int | None = None, code: str | None = None) -> None:
        super().__init__(message)
        #: HTTP status of a refusal.
        self.status = status
        #: Stable name of a refusal.
        self.code = code


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def is_loopback(url: str) -> bool:
    """Whether an address is of this machine alone, so that no proxy of the environment is asked."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _opener(url: str, ca: str | None) -> OpenerDirector:
    """What sends requests to a server. Reading whom the machine trusts takes a while: only where there is TLS."""
    handlers: list[BaseHandler] = [HTTPHandler(), HTTPDefaultErrorHandler(), HTTPErrorProcessor(), _NoRedirects()]
    if url.startswith("https:"):
        context = ssl.create_default_context()
        if ca:
            context.load_verify_locations(cafile=ca)
        handlers.append(HTTPSHandler(context=context))
    if not is_loopback(url):
        handlers.append(ProxyHandler())
    opener = OpenerDirector()
    for handler in handlers:
        opener.add_handler(handler)
    return opener


@dataclass(frozen=True)
class Reached:
    """An answer that was not refused."""

    status: int
    body: bytes
    request: Request
    response: Any

    def cookies_into(self, jar: CookieJar) -> None:
        """Puts the cookies of the answer where a browser of this kind keeps them."""
        jar.extract_cookies(self.response, self.request)


class Control:
    """The control API at one address: of a server, or of one world at it."""

    def __init__(
        self,
        server: str,
        url: str,
        *,
        token: str | None = None,
        ca: str | None = None,
        opener: OpenerDirector | None = None,
    ) -> None:
        #: ``idp`` or ``diary``.
        self.server = server
        #: Base address, without a slash at the end.
        self.url = url.rstrip("/")
        self._token = token
        self._opener = opener or _opener(self.url, ca)

    def __repr__(self) -> str:
        return f"Control({self.server!r}, {self.url!r})"

    def within(self, url: str) -> Control:
        """The same server at another base address: one of its worlds."""
        return Control(self.server, url, token=self._token, opener=self._opener)

    def name(self) -> str:
        """The server as texts name it."""
        return "the diary" if self.server == DIARY else "Gosuslugi"

    def call(
        self, call: Call, body: dict[str, Any] | None = None, *, query: dict[str, Any] | None = None, **parts: Any
    ) -> Any:
        """Does one operation of the contract; answers with those fields of its JSON that the contract names."""
        if self.server not in call.at:
            raise ControlError(f"{self.name()} has no {call.method} {call.path}")
        unknown = sorted((set(body or {}) - call.sends) | (set(query or {}) - call.asks))
        if unknown:
            raise ControlError(f"{call.method} {call.path} takes no {', '.join(unknown)}")
        path = call.path.format_map({name: quote(str(part), safe="") for name, part in parts.items()})
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        reached = self.reach(call.method, f"{path}?{urlencode(asked)}" if asked else path, body)
        return self.read(call, reached)

    def read(self, call: Call, reached: Reached) -> Any:
        """Those fields of an answer that the contract names."""
        return _picked(self._json(reached), call.reads) if call.reads else None

    def get(self, path: str) -> Any:
        """``GET`` of any address below this one, as ``/control/keys``: its JSON."""
        return self._json(self.reach("GET", path))

    def post(self, path: str, body: Any = None) -> Any:
        """``POST`` of JSON to any address below this one: the JSON of its answer."""
        return self._json(self.reach("POST", path, body))

    def reach(self, method: str, path: str, body: Any = None) -> Reached:
        """Sends one request; a refusal is a :class:`ControlError`."""
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None
        if body is not None:
            headers["Content-Type"], data = "application/json", json.dumps(body).encode()
        elif method == "POST":
            data = b""
        request = Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as response:
                return Reached(response.status, response.read(), request, response)
        except HTTPError as refused:
            with refused:
                raise self._refused(method, path, refused.code, refused.read()) from None
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise ControlError(f"{self.name()} at {self.url} does not answer {method} {path}: {reason}") from error

    def _refused(self, method: str, path: str, status: int, body: bytes) -> ControlError:
        try:
            problem = json.loads(body)
        except ValueError:
            problem = {}
        if not isinstance(problem, dict):
            problem = {}
        said = [str(problem[part]) for part in ("title", "way_out") if problem.get(part)]
        if status in (401, 403) and not self._token:
            said.append("set ESIA_STAND_CONTROL_TOKEN to the token that the stand was started with")
        told = f": {'. '.join(said)}" if said else ""
        message = f"{self.name()} at {self.url} refuses {method} {path} with {status}{told}"
        return ControlError(message, status=status, code=problem.get("code"))

    def _json(self, reached: Reached) -> Any:
        if not reached.body:
            return None
        try:
            return json.loads(reached.body)
        except ValueError as error:
            asked = f"{reached.request.get_method()} {reached.request.full_url}"
            raise ControlError(f"{self.name()} answers {asked} with what is no JSON") from error


def _picked(answer: Any, reads: frozenset[str]) -> Any:
    """What the contract names of an answer, and nothing else."""
    if isinstance(answer, list):
        return [_picked(item, reads) for item in answer]
    return {name: answer.get(name) for name in reads}
