"""Real clients, as they come from their registries, sign a person in through the mock's pages.

usage: run.py PROGRAM PYTHON NODE_FOLDER [NAME…]

Each client lives in a small site of its own (in the folders beside this file). It is told an address, a mnemonic, a key, a
certificate and the provider's public key, and nothing else. Each signs in with the certificate that is registered for it,
and must be refused with another.
"""

import json
import os
import re
import select
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from walk import Lost, Person

HERE = Path(__file__).resolve().parent
PATIENCE_S = 30
SCOPE = "openid fullname birthdate snils email mobile"
SECRET = "test only, 1+1 & more: %"


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
# An Apache module is set up by its own script; the provider shows no ready settings for it.
WITHOUT_SETTINGS = {"mod-auth-openidc"}
EXPECTED_CONTACTS = {"EML": "anna@example.test", "MBT": "+7(000)0000001"}


class Wrong(Exception):
    """A client did not end as it must."""


@contextmanager
def started(what, command, environment=None):
    """A process whose first line of output is JSON with its `url`."""
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
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


class Provider:
    """The control door of the mock."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with self.opener.open(request, timeout=PATIENCE_S) as answer:
            return answer.read()

    def register(self, client, folder):
        """Registers a client; the provider makes its key and its certificate."""
        spec = {
            "mnemonic": client.mnemonic,
            "title": client.name,
            "organisation": client.origin,
            "scopes": SCOPE.split(),
            **client.registration,
        }
        self.call("PUT", f"/control/clients/{client.mnemonic}", spec)
        made = json.loads(self.call("POST", f"/control/clients/{client.mnemonic}/key", {"key": "rsa"}))
        key, certificate = folder / f"{client.name}.key", folder / f"{client.name}.pem"
        key.write_text(made["key"])
        certificate.write_text(made["certificate"])
        check_settings(client, made["settings"])
        return key, certificate


def make_key(folder, name):
    """An RSA-2048 key and a self-signed certificate for it."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "30"]
    command += ["-subj", f"/CN={name}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


def check_settings(client, settings):
    """The provider's ready settings name the very options that this client is run with here."""
    # What follows a comma tells two ways of running one client apart.
    origin = f"{client.origin.split(',')[0]}: {client.name}".lower()
    ready = [one["text"] for one in settings if one["origin"].lower() == origin]
    if not ready and client.name in WITHOUT_SETTINGS:
        return
    if len(ready) != 1:
        raise Wrong(f"{len(ready)} ready settings for {client.name}")
    run_with = (HERE / client.script).read_text()
    for option in re.findall(r"^ +(\w+) ?[=:]", ready[0], re.MULTILINE):
        if not re.search(rf"\b{option}\b", run_with):
            raise Wrong(f"the ready settings name {option}, with which {client.name} is not run here")


def sign_in(client, runner, provider, key, certificate, public_key):
    """The page that the person ends at, and what it says."""
    environment = {
        "ESIA_URL": provider.url,
        "CLIENT_ID": client.mnemonic,
        "SCOPE": SCOPE,
        "KEY": str(key),
        "CERTIFICATE": str(certificate),
        "ESIA_PUBLIC_KEY": str(public_key),
        # The secret that is registered goes with the key that is registered.
        "CLIENT_SECRET": SECRET if key.stem == client.name else "of somebody else",
    }
    with started(client.name, runner(client.script), environment) as site:
        page = Person(*ANNA).sign_in(site if client.starts_at_page else site + "/")
        try:
            return page, json.loads(page.text)
        except ValueError:
            raise Wrong(f"the client's site says no JSON:\n{page}") from None


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


def check_guarded_page(page, told):
    """The same of a page that a module of Apache guards, which has no tokens to give back."""
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


class Client:
    """A client, what is registered for it besides its certificate, and what its walks are: name, whose key, what ends them."""

    # Whether the site says where to begin, rather than beginning at its root.
    starts_at_page = False

    def __init__(self, name, origin, script, *, registration=None, signs_in=check_person):
        self.name, self.origin, self.script = name, origin, script
        self.mnemonic = "CLIENT-" + name.upper()
        self.registration = registration or {}
        first = "signs in" if signs_in is check_person else "is refused for what it leaves out"
        self.walks = [(first, "own", signs_in), ("is refused with a foreign key", "foreign", check_foreign_key)]


class OpenIdClient(Client):
    """The same for a client of the OpenID Connect door, which knows nothing of ЕСИА."""

    def __init__(self, name, origin, script, **registered):
        redirect = {"redirect-uris": ["http://127.0.0.1/callback"]}
        super().__init__(name, origin, script, registration={"oidc": {**redirect, **registered}})
        self.walks = [("signs in", "own", check_claims), ("is refused as somebody else", "foreign", check_foreign_client)]


class ApacheModule(OpenIdClient):
    """mod_auth_openidc, which fetches userinfo and gives it to the page that it guards."""

    starts_at_page = True

    def __init__(self, name, origin, script, **registered):
        super().__init__(name, origin, script, **registered)
        self.walks = [("signs in", "own", check_guarded_page), ("is refused as somebody else", "foreign", check_error_page)]


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
    OpenIdClient("authlib", "PyPI", "python/authlib_login.py", secret=SECRET),
    ApacheModule("mod-auth-openidc", "Debian", "python/mod_auth_openidc_login.py", secret=SECRET),
]


def main(program, python, node_folder, *names):
    runners = {"python": lambda script: [python, HERE / script]}
    # Node looks for packages beside a script, so the scripts are beside the packages.
    runners["node"] = lambda script: ["node", Path(node_folder) / Path(script).name]
    clients = [client for client in CLIENTS if not names or client.name in names]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        with started("esia-stand", [program, "idp", "--listen", "127.0.0.1:0", "--log", "error"]) as url:
            provider = Provider(url)
            public_key = folder / "provider.pem"
            public_key.write_bytes(provider.call("GET", "/public/RSA_TESIA_PUBLIC.pem"))
            keys = {"foreign": make_key(folder, "foreign")}
            for client in clients:
                runner = runners[client.script.split("/")[0]]
                keys["own"] = provider.register(client, folder)
                for what, whose, check in client.walks:
                    try:
                        check(*sign_in(client, runner, provider, *keys[whose], public_key))
                        passed += 1
                        print(f"ok      {client.name} ({client.origin}) {what}", flush=True)
                    except (Wrong, Lost, OSError) as error:
                        failed += 1
                        print(f"FAILED  {client.name} ({client.origin}) {what}: {error}", flush=True)
    print(f"real clients: {passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
