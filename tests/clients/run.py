"""Real clients, as they come from their registries, sign a person in through the mock's pages.

usage: run.py PROGRAM PYTHON DJANGO NODE_FOLDER [NAME…]

Each client lives in a small site of its own (in the folders beside this file), around the ready settings that the provider
shows for it: they are run as they stand, with the files of key and certificate that they name. Each signs a person in, at
`main` and in a world under a path, and is refused when the provider has another certificate or secret for it.
"""

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from walk import Lost, Page, Person

HERE = Path(__file__).resolve().parent
PATIENCE_S = 30
SCOPES = ["openid", "fullname", "birthdate", "snils", "email", "mobile"]
SECRET = "test only, 1+1 & more: %"
# Worlds whose address has a path, as every test's own has. In one of them the clock stands, which no library forgives;
# whoever asks the provider for the time gets along.
WORLD, STANDING = "mine", "standing"


# «Петрова Анна Сергеевна» of the documented world.
ANNA = ("anna@example.test", "anna-2024")
EXPECTED = {
    "firstName": "Анна",
    "lastName": "Петрова",
    "middleName": "Сергеевна",
    "birthDate": "14.03.1985",
    "snils": "001-000-001 00",
}
EXPECTED_CLAIMS = {
    "given_name": "Анна",
    "family_name": "Петрова",
    "middle_name": "Сергеевна",
    "birthdate": "1985-03-14",
    "snils": "001-000-001 00",
    "email": "anna@example.test",
    "phone_number": "+70000000001",
    "trusted": True,
}
EXPECTED_CONTACTS = {"EML": "anna@example.test", "MBT": "+7(000)0000001"}


class Wrong(Exception):
    """A client did not end as it must."""


@contextmanager
def started(what, command, environment=None, folder=None):
    """A process whose first line of output is JSON with its `url`."""
    process = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
        cwd=folder,
    )
    try:
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
        line = process.stdout.readline() if ready else ""
        if not line:
            raise Wrong(f"{what} did not start (exit code {process.poll()})")
        yield json.loads(line)["url"].rstrip("/")
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Provider:
    """The control API of the mock, in one of its worlds."""

    def __init__(self, url, world=""):
        self.url = url + world
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with self.opener.open(request, timeout=PATIENCE_S) as answer:
            return answer.read()

    def register(self, client, stand):
        """Registers a client for a port of its own and prepares the folder that its settings speak of."""
        path = f"/control/clients/{client.mnemonic}"
        spec = {"mnemonic": client.mnemonic, "title": client.name, "organisation": client.origin, "scopes": SCOPES}
        oidc = {"redirect-uris": [f"http://127.0.0.1:{stand.port}{client.returns_to}"], **client.oidc}
        self.call("PUT", path, {**spec, "oidc": oidc, **client.registration})
        made = json.loads(self.call("POST", path + "/key", {"key": client.key}))
        (stand.folder / f"{client.mnemonic}.key.pem").write_text(made["key"])
        (stand.folder / f"{client.mnemonic}.cert.pem").write_text(made["certificate"])
        (stand.folder / "RSA_TESIA_PUBLIC.pem").write_bytes(self.call("GET", "/public/RSA_TESIA_PUBLIC.pem"))
        all_shown = [((one["library"], one["origin"], one["protocol"]), one["text"]) for one in made["settings"]]
        ready = [text for named, text in all_shown if named == client.shown_as]
        if len(ready) != 1 and client.shown_as:
            raise Wrong(f"{len(ready)} ready settings for {client.shown_as} among {[named for named, _ in all_shown]}")
        stand.settings.write_text(ready[0] if ready else "")

    def forget(self, client, certificate):
        """Registers another certificate and another secret: what the client has is no longer good."""
        path = f"/control/clients/{client.mnemonic}"
        spec = json.loads(self.call("GET", path))
        spec["certificates"] = [certificate.read_text()]
        if "secret" in spec["oidc"]:
            spec["oidc"]["secret"] = "another one since"
        self.call("PUT", path, spec)


class Stand:
    """Where one client is run: a port, and a folder with what its settings name."""

    def __init__(self, folder):
        self.port, self.folder = free_port(), folder
        folder.mkdir()
        self.settings = folder / "settings.txt"

    def environment(self, client, provider):
        return {
            "PORT": str(self.port),
            "SETTINGS": str(self.settings),
            "ESIA_URL": provider.url,
            # For the module of Apache, whose settings its own script writes.
            "CLIENT_ID": client.mnemonic,
            "CLIENT_SECRET": SECRET,
            "SCOPE": " ".join(SCOPES),
        }


def make_key(folder, name):
    """An RSA-2048 key and a self-signed certificate for it."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "30"]
    command += ["-subj", f"/CN={name}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate


def check_person(page, told):
    if page.status != 200:
        raise Wrong(f"not signed in:\n{page}")
    for field, value in EXPECTED.items():
        if told["person"].get(field) != value:
            raise Wrong(f"{field}: expected {value!r}, came {told['person'].get(field)!r}")
    contacts = {one["type"]: one["value"] for one in told["contacts"]["elements"]}
    if contacts != EXPECTED_CONTACTS:
        raise Wrong(f"contacts: expected {EXPECTED_CONTACTS}, came {contacts}")
    if not isinstance(told["oid"], int):
        raise Wrong(f"oid is no number: {told['oid']!r}")


def check_claims(page, told):
    """What an OpenID Connect client has to show at the end."""
    if page.status != 200:
        raise Wrong(f"not signed in:\n{page}")
    for name, value in EXPECTED_CLAIMS.items():
        if told["userinfo"].get(name) != value:
            raise Wrong(f"{name}: expected {value!r}, came {told['userinfo'].get(name)!r}")
    if not isinstance(told["claims"]["sub"], str) or told["claims"]["sub"] != told["userinfo"]["sub"]:
        raise Wrong(f"sub is no text, or not the same everywhere: {told['claims']}")
    if told["active"] != [True, False]:
        raise Wrong(f"a token does not end when it is revoked: {told['active']}")


def check_shown(page, told):
    """The same of a site that has no use for its tokens but to show the person."""
    if page.status != 200 or not told or "userinfo" not in told:
        raise Wrong(f"not signed in:\n{page}")
    check_claims(page, {**told, "active": [True, False]})


def check_error_page(page, told):
    """The module's own page for errors; its status is 200."""
    if "error" not in told or "userinfo" in told:
        raise Wrong(f"not refused:\n{page}")


def check_foreign_client(page, told):
    if page.status != 502 or "invalid_client" not in json.dumps(told):
        raise Wrong(f"not refused, or not for what it proves itself by:\n{page}")


def check_foreign_key(page, told):
    if page.status != 403 or not told.get("error_description", "").startswith("ESIA-007053: "):
        raise Wrong(f"not refused, or not for its signature:\n{page}")


def check_no_secret(page, told):
    if page.status != 502 or "ESIA-007014: " not in told["error"] or "[client_secret]" not in told["error"]:
        raise Wrong(f"not refused, or not for the missing signature:\n{page}")


def check_printed_person(page, told):
    """What a script prints of somebody at /rs."""
    if page.status != 200 or not told:
        raise Wrong(f"not signed in:\n{page}")
    for field, value in EXPECTED.items():
        if told.get(field) != value:
            raise Wrong(f"{field}: expected {value!r}, came {told.get(field)!r}")


def check_printed_claims(page, told):
    """What a script prints of somebody's userinfo."""
    if page.status != 200 or not told:
        raise Wrong(f"not signed in:\n{page}")
    for name, value in EXPECTED_CLAIMS.items():
        if told.get(name) != value:
            raise Wrong(f"{name}: expected {value!r}, came {told.get(name)!r}")


def check_email(page, told):
    """What Django knows of a user."""
    if page.status != 200 or told != {"email": EXPECTED_CLAIMS["email"]}:
        raise Wrong(f"not signed in:\n{page}")


def check_no_site(page, told):
    """A framework's own page for errors."""
    if page.status < 400:
        raise Wrong(f"not refused:\n{page}")


class Client:
    """A client, what is registered for it, where it is shown, and what ends its walks: by its own keys, and by others'."""

    # Where it sends people back to.
    returns_to = "/callback"
    # Which protocol it speaks, and which kind of key it has.
    protocol, key = "esia", "rsa"
    # Whether the site says where to begin, rather than beginning at its root.
    starts_at_page = False
    foreign = staticmethod(check_foreign_key)

    def __init__(self, name, origin, script, *, signs_in=check_person, registration=None, oidc=None):
        self.name, self.origin, self.script = name, origin, script
        self.mnemonic = "CLIENT-" + name.upper()
        self.registration, self.oidc = registration or {}, oidc or {}
        # What follows a comma tells two ways of running one client apart.
        self.shown_as = (name, f"{origin.split(',')[0]}: {name}", self.protocol)
        self.own = signs_in

    def run(self, runners, provider, stand):
        """The page that the person ends at, and what it says."""
        kind = self.script.split("/")[0]
        environment = stand.environment(self, provider)
        if self.script.endswith(".mjs"):
            # A module is found beside the packages that it imports.
            module = runners["node"](self.script)[-1].parent / f"shown-{self.name}.mjs"
            module.write_text(stand.settings.read_text() + "\nexport { config, parameters };\n")
            environment["SETTINGS_MODULE"] = str(module)
        with started(self.name, runners[kind](self.script), environment, stand.folder) as site:
            page = Person(*ANNA).sign_in(site if self.starts_at_page else site + "/")
            try:
                return page, json.loads(page.text)
            except ValueError:
                return page, None


class OpenIdClient(Client):
    """The same for a client of OpenID Connect, which knows nothing of ЕСИА."""

    protocol = "openid-connect"
    foreign = staticmethod(check_foreign_client)

    def __init__(self, name, origin, script, *, signs_in=check_claims, **oidc):
        super().__init__(name, origin, script, signs_in=signs_in, oidc=oidc)


class Site(OpenIdClient):
    """A framework that signs in and shows the person, and does nothing with its tokens."""

    def __init__(self, name, origin, script, **oidc):
        super().__init__(name, origin, script, signs_in=check_shown, **oidc)


class DjangoSite(OpenIdClient):
    """mozilla-django-oidc."""

    returns_to, starts_at_page = "/oidc/callback/", True
    foreign = staticmethod(check_no_site)

    def __init__(self, name, origin, script, **oidc):
        super().__init__(name, origin, script, signs_in=check_email, **oidc)


class ApacheModule(OpenIdClient):
    """mod_auth_openidc, which fetches userinfo and gives it to the page that it guards."""

    starts_at_page = True
    foreign = staticmethod(check_error_page)

    def __init__(self, name, origin, script, **oidc):
        super().__init__(name, origin, script, signs_in=check_shown, **oidc)
        # It is set up by its own script; the provider shows no ready settings for it.
        self.shown_as = None


class Application(Site):
    """A single-page application: a public client in Chromium, on another origin than the provider."""

    # It has neither key nor secret.
    foreign = None

    def __init__(self, name, glue, *, returns_to="/callback", **oidc):
        super().__init__(name, "npm", "node/in-browser.mjs", **{"auth-method": "none", **oidc})
        self.glue, self.returns_to = HERE / "browser" / glue, returns_to

    def run(self, runners, provider, stand):
        login, password = ANNA
        environment = {
            **stand.environment(self, provider),
            "GLUE": str(self.glue),
            "LOGIN": login,
            "PASSWORD": password,
        }
        command = [str(part) for part in runners["node"](self.script)]
        ended = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}, timeout=4 * PATIENCE_S
        )
        told = json.loads(ended.stdout or '{"error": "no word from the browser"}')
        return Page(200 if "userinfo" in told else 502, "in Chromium", "application/json", ended.stdout), told


class ByHand(Client):
    """No library: the script that is shown, run by bash; somebody opens the address that it prints."""

    def __init__(self, name, *, protocol="esia", key="rsa", oidc=None):
        super().__init__(name, "bash", "settings", oidc=oidc)
        self.protocol, self.key = protocol, key
        self.shown_as = ("openssl и curl", "без библиотек", protocol)
        self.own = check_printed_person if protocol == "esia" else check_printed_claims
        self.foreign = None

    def run(self, runners, provider, stand):
        with Nobody(stand.port), subprocess.Popen(
            ["bash", stand.settings], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=stand.folder
        ) as script:
            printed = []
            for line in script.stdout:
                printed.append(line)
                if line.startswith("Откройте в браузере: http"):
                    page = Person(*ANNA).sign_in(line.split(": ", 1)[1].strip(), f"127.0.0.1:{stand.port}")
                    rest, _ = script.communicate(page.url + "\n", timeout=PATIENCE_S)
                    printed.append(rest)
                    break
            else:
                script.communicate(timeout=PATIENCE_S)
            text = "".join(printed)
            return Page(200 if script.returncode == 0 else 502, "of bash", "text/plain", text), last_json(text)


class Nobody:
    """Stands where a script has people sent back to, so that their browser ends somewhere."""

    def __init__(self, port):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)

    def __enter__(self):
        Thread(target=self.server.serve_forever, daemon=True).start()

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def last_json(text):
    """The last object that a script has printed."""
    try:
        return json.loads(text[text.rindex("\n{") + 1 :])
    except ValueError:
        return None


BY_HAND = [
    ByHand("openssl-rsa"),
    ByHand("openssl-gost", key="gost"),
    ByHand("curl-secret", protocol="openid-connect", oidc={"secret": "it's a \\ \"secret\" & $more"}),
    ByHand("curl-basic", protocol="openid-connect", oidc={"secret": SECRET, "auth-method": "client_secret_basic"}),
    ByHand("curl-public", protocol="openid-connect", oidc={"auth-method": "none"}),
    ByHand("curl-key", protocol="openid-connect"),
]

CLIENTS = [
    Client("esia-connector", "PyPI", "python/esia_connector_login.py"),
    Client("esia", "npm", "node/esia.cjs"),
    # Sends no client_secret to the token endpoint: refused, unless it is registered as one that need not.
    Client("passport-esia", "npm", "node/passport-esia.cjs", signs_in=check_no_secret),
    Client(
        "passport-esia",
        "npm, no-secret-at-token",
        "node/passport-esia.cjs",
        registration={"esia": {"no-secret-at-token": True}},
    ),
    OpenIdClient("openid-client", "npm", "node/openid-client.mjs"),
    OpenIdClient("Authlib", "PyPI", "python/authlib_login.py", secret=SECRET),
    ApacheModule("mod-auth-openidc", "Debian", "python/mod_auth_openidc_login.py", secret=SECRET),
    Site("express-openid-connect", "npm", "node/express-openid-connect.cjs", secret=SECRET),
    Site("passport-openidconnect", "npm", "node/passport-openidconnect.cjs", secret=SECRET),
    DjangoSite("mozilla-django-oidc", "PyPI", "django/mozilla_django_oidc_login.py", secret=SECRET),
    Application("oidc-client-ts", "oidc-client-ts.js"),
    Application("react-oidc-context", "react-oidc-context.jsx"),
    # Never asks userinfo.
    Application("oidc-spa", "oidc-spa.js", returns_to="/", **{"id-token-claims": True}),
    *BY_HAND,
]

# Those that sign in over https as well: a language each, and both protocols.
OVER_HTTPS = ["esia-connector", "Authlib", "openid-client", "curl-secret"]


def walk(client, runners, provider, stand, foreign):
    """Walks a client through its sign-ins; says what each one shows."""
    provider.register(client, stand)
    client.own(*client.run(runners, provider, stand))
    yield "signs in" if client.own is not check_no_secret else "is refused for what it leaves out"
    if client.foreign:
        provider.forget(client, foreign)
        client.foreign(*client.run(runners, provider, stand))
        yield "is refused once the provider has another key or secret for it"


class Tools:
    """How scripts are run, where, and a certificate that no client has the key of."""

    def __init__(self, runners, folder):
        self.runners, self.folder, self.foreign = runners, folder, make_key(folder, "foreign")


class Count:
    """What came of all clients."""

    passed = failed = 0

    def tell(self, client, provider, tools):
        """Walks a client through its sign-ins, prints what each one shows, and counts."""
        at = provider.url.split("://")
        named = f"{client.name} ({client.origin}) at {at[0]} /{'/'.join(at[1].split('/')[1:])}"
        stand = Stand(tools.folder / "stand")
        try:
            for shown in walk(client, tools.runners, provider, stand, tools.foreign):
                self.passed += 1
                print(f"ok      {named} {shown}", flush=True)
        except (Wrong, Lost, OSError, ValueError, subprocess.SubprocessError) as error:
            self.failed += 1
            print(f"FAILED  {named}: {error}", flush=True)
        shutil.rmtree(stand.folder)


def main(program, python, django, node_folder, *names):
    # Node looks for packages beside a script, so the scripts are beside the packages.
    node = Path(node_folder).resolve()
    runners = {
        "python": lambda script: [python, HERE / script],
        "django": lambda script: [django, HERE / script],
        "node": lambda script: ["node", "--require", node / "localhost.cjs", node / Path(script).name],
    }
    clients = [client for client in CLIENTS if not names or client.name.lower() in map(str.lower, names)]
    count = Count()
    with tempfile.TemporaryDirectory() as folder:
        tools = Tools(runners, Path(folder))
        provider = [program, "idp", "--listen", "127.0.0.1:0", "--log", "error"]
        with started("esia-stand", provider) as url:
            for world in [WORLD, STANDING]:
                Provider(url).call("POST", "/control/worlds/main/fork", {"name": world})
            Provider(url, f"/w/{STANDING}").call("POST", "/control/clock", {"advance": "40days", "mode": "frozen"})
            for world in ["", f"/w/{WORLD}", f"/w/{STANDING}"]:
                for client in clients:
                    if not world.endswith(STANDING) or client in BY_HAND:
                        count.tell(client, Provider(url, world), tools)
        tls = tools.folder / "tls"
        with started("esia-stand over https", [*provider, "--tls-dir", tls]) as url:
            # Whom each is to trust: this script and OpenSSL, requests, Node, curl.
            for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"]:
                os.environ[variable] = str(tls / "ca.pem")
            for client in clients:
                if client.name in OVER_HTTPS:
                    count.tell(client, Provider(url), tools)
    print(f"real clients: {count.passed} passed, {count.failed} failed")
    return 0 if count.passed and not count.failed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
