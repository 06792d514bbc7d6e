"""People of a world, and how a test acts as one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pytest_esia_stand import contract
from pytest_esia_stand.browsers import browser_of
from pytest_esia_stand.clock import instant
from pytest_esia_stand.contract import IDP
from pytest_esia_stand.control import Reached

if TYPE_CHECKING:
    from pytest_esia_stand.outbox import Message
    from pytest_esia_stand.world import World


@dataclass(frozen=True)
class Session:
    """A session that was opened without a password."""

    #: For ``Authorization: Bearer`` at the JSON endpoints of the person.
    token: str
    #: Signs in whatever browser opens it, once.
    link: str
    #: Until when the link works, by the world's clock.
    link_expires_at: datetime
    #: The answer that carries the cookie of the pages.
    reached: Reached

    def link_to(self, page: str | None) -> str:
        """The link, leading on to a page of the same world, as ``/lk/family``."""
        return f"{self.link}?next={quote(page, safe='/?=&')}" if page else self.link


class Person:
    """Somebody of a world."""

    def __init__(self, world: World, key: str) -> None:
        self._world = world
        #: Key in the seed, as ``анна``.
        self.key = key

    def __repr__(self) -> str:
        return f"Person({self.key!r})"

    def _told(self) -> dict[str, Any]:
        for server in self._world.servers:
            for one in server.call(contract.PEOPLE):
                if self.key in (one["key"], one["login"]):
                    told: dict[str, Any] = one
                    return told
        known = ", ".join(
            sorted({one["key"] for server in self._world.servers for one in server.call(contract.PEOPLE)})
        )
        raise LookupError(f"nobody in the world {self._world.name} is called {self.key!r}; there are: {known}")

    @property
    def name(self) -> str:
        """«Фамилия Имя Отчество»."""
        return str(self._told()["name"])

    @property
    def about(self) -> str:
        """What the person is in the story, in Russian."""
        return str(self._told()["about"])

    @property
    def login(self) -> str | None:
        """What is typed as the login, while passwords work."""
        login: str | None = self._told()["login"]
        return login

    @property
    def password(self) -> str | None:
        """The password that works now."""
        password: str | None = self._told()["password"]
        return password

    @property
    def oid(self) -> int | None:
        """Number of the account at Gosuslugi."""
        oid: int | None = self._told()["oid"]
        return oid

    @property
    def contacts(self) -> list[str]:
        """E-mail addresses and phones, of both servers."""
        found: list[str] = []
        for server in self._world.servers:
            for one in server.call(contract.PEOPLE):
                if self.key in (one["key"], one["login"]):
                    found += [contact for contact in one["contacts"] or [] if contact not in found]
        return found

    @property
    def outbox(self) -> list[Message]:
        """Letters and SMS to this person, newest first."""
        return self._world.outbox.all(to=self)

    def open_session(self, *, at: str = IDP) -> Session:
        """Opens a session at Gosuslugi (``idp``) or in the diary (``diary``) and leaves it to the caller what to do with it."""
        server = self._world.server(at)
        path = contract.OPEN_SESSION.path.format(key=quote(self.key, safe=""))
        reached = server.reach(contract.OPEN_SESSION.method, path)
        opened = server.read(contract.OPEN_SESSION, reached)
        return Session(opened["session"], opened["link"], instant(opened["link_expires_at"]), reached)

    def sign_in(self, browser: Any, *, at: str = IDP, page: str | None = None) -> Session:
        """Signs a browser in as this person, without a password.

        ``browser`` is a ``requests.Session``, an ``httpx.Client`` or ``httpx.AsyncClient``, a ``http.cookiejar.CookieJar``, a
        Playwright page or context, or a Selenium driver; it gets the cookie of the session. A Playwright page and a
        Selenium driver go to ``page`` where one is named (Selenium always opens a page: the person's first one).
        """
        into = browser_of(browser)
        if into.is_async:
            raise TypeError(f"{type(browser).__name__} is asynchronous: await person.sign_in_async(…) instead")
        session = self.open_session(at=at)
        into.take(session, page)
        return session

    async def sign_in_async(self, browser: Any, *, at: str = IDP, page: str | None = None) -> Session:
        """The same in an asynchronous test, for asynchronous Playwright as well; the loop is not held up."""
        # Here and not above: most test runs do without it, and begin sooner.
        import asyncio

        into = browser_of(browser)
        session = await asyncio.to_thread(self.open_session, at=at)
        taken = into.take(session, page)
        if into.is_async:
            await taken
        return session
