"""A person with a browser, as far as a sign-in needs one: follows redirects, keeps cookies, fills in forms that it is shown.

Standard library only, so that nothing of the clients under test is used to test them.
"""

import socket
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar

# Clients and the provider answer at once; whoever does not is broken.
PATIENCE_S = 30
# Sign-in page, consent page, and some to spare.
MAX_PAGES = 6


# Names under localhost are this machine (RFC 6761 §6.3), which not every resolver knows; browsers do.
resolve = socket.getaddrinfo


def resolve_localhost(host, *rest, **named):
    return resolve("127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **named)


socket.getaddrinfo = resolve_localhost


class Form:
    """A form of a page: where it goes, and what is filled in already."""

    def __init__(self, action):
        self.action = action
        self.fields = {}
        self.buttons = []


class Page(HTMLParser):
    """The `data-test` marks and the forms of a page."""

    def __init__(self, status, url, content_type, text):
        super().__init__()
        self.status, self.url, self.content_type, self.text = status, url, content_type, text
        self.marks, self.forms = [], []
        if content_type == "text/html":
            self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "data-test" in given:
            self.marks.append(given["data-test"])
        if tag == "form":
            self.forms.append(Form(given.get("action") or self.url))
        elif self.forms and tag in ("input", "button") and given.get("name"):
            form = self.forms[-1]
            if tag == "button" or given.get("type") == "submit":
                form.buttons.append((given["name"], given.get("value", "")))
            else:
                form.fields[given["name"]] = given.get("value", "")

    def __str__(self):
        return f"{self.status} {self.url}\n{self.text[:2000]}"


class Lost(Exception):
    """The person sees a page that they do not know what to do with."""


class Person:
    """Somebody with a browser of their own, a login and a password."""

    def __init__(self, login, password):
        self.login, self.password = login, password
        # No proxy: everything is on this machine.
        self.browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def visit(self, url, fields=None):
        """Opens an address, or submits a form to it; follows redirects to the page at their end."""
        body = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(url, body, {"Accept": "text/html,*/*;q=0.8"})
        try:
            answer = self.browser.open(request, timeout=PATIENCE_S)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode("utf-8", "replace")
            return Page(answer.status, answer.url, answer.headers.get_content_type(), text)

    def sign_in(self, start, home=None):
        """Presses «Войти через Госуслуги» at a client and does what the provider asks for, until back at the client, which
        is at the same host as `start` unless said otherwise."""
        page = self.visit(start)
        home = home or urllib.parse.urlsplit(start).netloc
        for _ in range(MAX_PAGES):
            if urllib.parse.urlsplit(page.url).netloc == home:
                return page
            if "login" in page.marks and "login-error" not in page.marks:
                page = self.submit(page, "login", {"login": self.login, "password": self.password})
            elif "consent" in page.marks:
                page = self.submit(page, "answer", {"answer": "grant"})
            else:
                raise Lost(f"no page of a sign-in:\n{page}")
        raise Lost(f"after {MAX_PAGES} pages still not back:\n{page}")

    def submit(self, page, marked_by, filled):
        """Submits the form that has this field or button."""
        fits = [f for f in page.forms if marked_by in f.fields or marked_by in dict(f.buttons)]
        if len(fits) != 1:
            raise Lost(f"{len(fits)} forms with «{marked_by}»:\n{page}")
        return self.visit(urllib.parse.urljoin(page.url, fits[0].action), {**fits[0].fields, **filled})
