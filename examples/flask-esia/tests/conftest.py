"""The site on a free port, registered in the world of the test; and a person's browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from bs4 import BeautifulSoup
from pytest_esia_stand import Person, World
from werkzeug.serving import make_server

from app import Settings, create_app

CLIENT = "MY-SITE"


def write_keys(world: World, folder: Path) -> None:
    """A key and a certificate that the stand makes for the system, and the key of Gosuslugi."""
    made = world.idp.post(f"/control/clients/{CLIENT}/key", {"key": "rsa"})
    (folder / "client.key.pem").write_text(made["key"])
    (folder / "client.cert.pem").write_text(made["certificate"])
    (folder / "provider.pem").write_text(requests.get(f"{world.url}/public/RSA_TESIA_PUBLIC.pem", timeout=20).text)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def home(world: World, tmp_path: Path) -> Iterator[str]:
    """The address of the site."""
    world.register(CLIENT, title="Мой сайт", scopes=["openid", "fullname"], **{"redirect-domains": ["127.0.0.1"]})
    write_keys(world, tmp_path)
    with served(Settings(world.url, CLIENT, tmp_path)) as url:
        yield url


class Page:
    """A page as a person reads it."""

    def __init__(self, answer: requests.Response) -> None:
        self.url, self.status, self.content = answer.url, answer.status_code, BeautifulSoup(answer.text, "html.parser")
        self.text = " ".join(self.content.get_text(" ").split())

    @property
    def who(self) -> str | None:
        found = self.content.find(id="who")
        return found and found.get_text()


class Browser:
    """Cookies, redirects, and the form that asks for a consent."""

    def __init__(self) -> None:
        self.session = requests.Session()

    def open(self, url: str) -> Page:
        return Page(self.session.get(url, timeout=20))

    def press(self, page: Page, value: str) -> Page:
        """Presses the button that has this value; what its form holds already goes along."""
        button = page.content.find("button", value=value)
        assert button, f"no button {value} at {page.url}: {page.text}"
        form = button.find_parent("form")
        fields = {one["name"]: one.get("value", "") for one in form.find_all("input")} | {button["name"]: value}
        return Page(self.session.post(urljoin(page.url, form.get("action", "")), fields, timeout=20))

    def sign_in(self, person: Person, home: str) -> Page:
        """Presses «Войти через Госуслуги» as somebody who is signed in there, and consents where that is asked."""
        person.sign_in(self.session)
        page = self.open(f"{home}/login")
        return page if page.url.startswith(home) else self.press(page, "grant")


@pytest.fixture
def browser() -> Iterator[Browser]:
    browser = Browser()
    with browser.session:
        yield browser
