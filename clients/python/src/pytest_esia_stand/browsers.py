"""Where a session goes: browsers and HTTP clients of several libraries, none of which is imported here."""

from __future__ import annotations

import inspect
from http.cookiejar import CookieJar
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pytest_esia_stand.people import Session

_KNOWN = (
    "requests.Session, httpx.Client, httpx.AsyncClient, http.cookiejar.CookieJar, "
    "a page or context of Playwright, a driver of Selenium"
)


class Browser(Protocol):
    """Something that takes a session."""

    #: Whether taking it must be awaited.
    is_async: bool

    def take(self, session: Session, page: str | None) -> Any:
        """Takes the session, and opens a page where it can."""


def browser_of(thing: Any) -> Browser:
    """How a session is given to a browser, by what it can do."""
    if isinstance(thing, CookieJar):
        return _Jar(thing)
    cookies = getattr(thing, "cookies", None)
    for jar in (cookies, getattr(cookies, "jar", None)):
        if isinstance(jar, CookieJar):
            return _Jar(jar)
    if hasattr(thing, "add_cookies"):
        return _Playwright(thing, None)
    if hasattr(getattr(thing, "context", None), "add_cookies"):
        return _Playwright(thing.context, thing)
    if hasattr(thing, "add_cookie") and hasattr(thing, "get"):
        return _Selenium(thing)
    raise TypeError(f"a session cannot be given to {type(thing).__name__}; it can be to: {_KNOWN}")


class _Jar:
    is_async = False

    def __init__(self, jar: CookieJar) -> None:
        self._jar = jar

    def take(self, session: Session, page: str | None) -> None:
        if page:
            raise TypeError("an HTTP client opens no page by itself: request it after sign_in")
        session.reached.cookies_into(self._jar)


class _Selenium:
    is_async = False

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def take(self, session: Session, page: str | None) -> None:
        # A driver sets cookies of the page that it is at, and of no other: the link sets the same one.
        self._driver.get(session.link_to(page))


class _Playwright:
    def __init__(self, context: Any, page: Any) -> None:
        self._context, self._page = context, page
        self.is_async = inspect.iscoroutinefunction(context.add_cookies)

    def take(self, session: Session, page: str | None) -> Any:
        if page and self._page is None:
            raise TypeError("a context of Playwright opens no page by itself: give sign_in the page")
        cookies = cookies_of(session)
        if self.is_async:
            return self._take_async(cookies, session, page)
        self._context.add_cookies(cookies)
        return self._page.goto(session.link_to(page)) if page else None

    async def _take_async(self, cookies: list[dict[str, Any]], session: Session, page: str | None) -> None:
        await self._context.add_cookies(cookies)
        if page:
            await self._page.goto(session.link_to(page))


def cookies_of(session: Session) -> list[dict[str, Any]]:
    """The cookies of a session as Playwright takes them."""
    host = urlsplit(session.link).hostname
    found = []
    for header in session.reached.response.headers.get_all("set-cookie") or []:
        for morsel in SimpleCookie(header).values():
            cookie: dict[str, Any] = {"name": morsel.key, "value": morsel.value, "domain": host}
            cookie |= {"path": morsel["path"] or "/", "httpOnly": bool(morsel["httponly"])}
            cookie |= {"secure": bool(morsel["secure"]), "sameSite": morsel["samesite"] or "Lax"}
            found.append(cookie)
    return found
