"""Small sites on real libraries, judged by `esia-stand conformance`.

usage: play.py PROGRAM PYTHON DJANGO NODE_FOLDER (--check | --keep | --all FOLDER) [NAME…]

--check plays a few faults against each, and compares with what `expected.json` says; --keep writes that file; --all plays the whole
catalogue, and writes a report NAME.json for each.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection
from threading import Thread

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
# Where cargo puts what it builds.
TARGET = (REPOSITORY / os.environ.get("CARGO_TARGET_DIR", "target")).resolve()
sys.path.insert(0, str(HERE.parent / "clients"))

from run import Provider, Wrong, free_port, started  # noqa: E402

PATIENCE_S = 30
# Several at a time: a fault that is slow leaves a processor idle.
AT_ONCE = 3
# A few faults that a right client refuses, accepts and tells people of.
FEW = [
    "hdr.alg-none",
    "sig.stranger",
    "claim.aud-other",
    "claim.iss-other",
    "claim.exp-past",
    "claim.nonce-other",
    "claim.aud-array-own",
    "ac.state-other",
    "ac.denied",
    "ac.extra-parameters",
    "te.500",
    "claim.skew-small",
    "te.token-type-case",
    "rs.500-after-token",
]


class Site:
    """A site: its script, what runs it, and where the provider sends people back to."""

    def __init__(self, name, script, runner, package, *, protocol="oidc", returns_to="/callback", registration=None):
        self.name, self.script, self.runner, self.package = name, script, runner, package
        self.protocol, self.returns_to, self.registration = protocol, returns_to, registration or {}
        self.mnemonic = "SITE-" + name.upper()


SITES = [
    Site("openid-client", "openid-client.mjs", "node", "openid-client"),
    Site("passport-openidconnect", "passport-openidconnect.cjs", "node", "passport-openidconnect"),
    Site("express-openid-connect", "express-openid-connect.cjs", "node", "express-openid-connect"),
    Site("openidconnect", "openidconnect-site", "rust", "openidconnect"),
    Site("authlib", "authlib_site.py", "python", "Authlib"),
    Site("mozilla-django-oidc", "django_site.py", "django", "mozilla-django-oidc", returns_to="/oidc/callback/"),
    Site("mod-auth-openidc", "apache_site.py", "python", "libapache2-mod-auth-openidc"),
    Site("esia-connector", "esia_connector_site.py", "python", "esia-connector", protocol="esia"),
    # Sends no client_secret to the token endpoint.
    Site(
        "passport-esia",
        "passport-esia.cjs",
        "node",
        "passport-esia",
        protocol="esia",
        registration={"esia": {"no-secret-at-token": True}},
    ),
]


class Runners:
    """What runs scripts of each kind."""

    def __init__(self, program, python, django, node_folder):
        self.program, self.python, self.django = program, python, django
        self.node = Path(node_folder).resolve()

    def command(self, site):
        if site.runner == "node":
            # Node looks for packages beside a script, so the scripts are beside the packages.
            return ["node", self.node / "relying_parties" / site.script]
        if site.runner == "rust":
            return [TARGET / "debug" / "examples" / site.script]
        return [self.python if site.runner == "python" else self.django, HERE / "python" / site.script]

    def version(self, site):
        """Of the library that the site lives by."""
        if site.runner == "node":
            return json.loads((self.node / "node_modules" / site.package / "package.json").read_text())["version"]
        if site.runner == "rust":
            locked = tomllib.loads((REPOSITORY / "Cargo.lock").read_text(encoding="utf-8"))
            return next(one["version"] for one in locked["package"] if one["name"] == site.package)
        if site.name == "mod-auth-openidc":
            asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", site.package], capture_output=True, text=True)
            return re.sub(r"[-+~].*", "", asked.stdout.strip())
        python = self.python if site.runner == "python" else self.django
        code = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
        return subprocess.run([python, "-c", code, site.package], capture_output=True, text=True, check=True).stdout.strip()


def register(provider, site, home, folder):
    """Registers a site, with a secret or with a key, whose files are written to its folder."""
    path = f"/control/clients/{site.mnemonic}"
    spec = {
        "mnemonic": site.mnemonic,
        "title": site.name,
        "organisation": "relying parties",
        "redirect-domains": ["127.0.0.1"],
        "scopes": ["openid", "fullname", "email"],
        **site.registration,
    }
    if site.protocol == "oidc":
        spec["oidc"] = {
            "redirect-uris": [home + site.returns_to],
            "post-logout-redirect-uris": [home + "/"],
            "secret": "test-only-secret",
        }
    provider.call("PUT", path, spec)
    if site.protocol == "esia":
        made = json.loads(provider.call("POST", path + "/key", {"key": "rsa"}))
        (folder / "key.pem").write_text(made["key"])
        (folder / "cert.pem").write_text(made["certificate"])
        (folder / "provider.pem").write_bytes(provider.call("GET", "/public/RSA_TESIA_PUBLIC.pem"))


class Process:
    """A site that runs, and can be started anew."""

    def __init__(self, command, environment, folder, port):
        self.command, self.environment, self.folder, self.port = command, environment, folder, port
        self.running = None

    def start(self):
        log = open(self.folder / "log.txt", "a", encoding="utf-8")
        self.running = subprocess.Popen(
            [str(part) for part in self.command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **self.environment},
            cwd=self.folder,
            # A group of its own: at its end Apache signals its whole group.
            start_new_session=True,
        )
        log.close()
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self.running.poll() is None:
            try:
                create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise Wrong(f"{self.command[-1]} does not listen:\n{(self.folder / 'log.txt').read_text()[-2000:]}")

    def stop(self):
        if self.running is not None:
            self.running.terminate()
            try:
                self.running.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.running.kill()
                self.running.wait()

    def restart(self):
        self.stop()
        self.start()


@contextmanager
def restarting(process):
    """The address that restarts a process when something is posted there."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            try:
                process.restart()
                self.send_response(204)
            except Wrong:
                self.send_response(500)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def judge(runners, site, folder, only):
    """Plays faults against a site; the report."""
    folder.mkdir()
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    with started("esia-stand", [runners.program, "idp", "--listen", "127.0.0.1:0", "--log", "error"]) as issuer:
        register(Provider(issuer), site, home, folder)
        environment = {
            "PORT": str(port),
            "SITE": home,
            "ISSUER": issuer,
            "CLIENT_ID": site.mnemonic,
            "CLIENT_SECRET": "test-only-secret",
            "KEY": str(folder / "key.pem"),
            "CERTIFICATE": str(folder / "cert.pem"),
            "PROVIDER_KEY": str(folder / "provider.pem"),
        }
        process = Process(runners.command(site), environment, folder, port)
        process.start()
        try:
            with restarting(process) as address:
                text = (HERE / "descriptions" / f"{site.name}.yaml").read_text(encoding="utf-8")
                text = text.replace("http://127.0.0.1:3000", home).replace("http://127.0.0.1:8081", issuer)
                description, report = folder / "client.yaml", folder / "report.json"
                description.write_text(text + f"restart: [curl, -fsS, -X, POST, '{address}']\n", encoding="utf-8")
                command = [runners.program, "conformance", description, "--json", report]
                command += ["--only", ",".join(only)] if only else []
                ended = subprocess.run([str(part) for part in command], capture_output=True, text=True)
                if not report.exists() or ended.returncode not in (0, 1, 3):
                    raise Wrong(f"no report ({ended.returncode}):\n{ended.stdout[-2000:]}\n{ended.stderr[-2000:]}")
                told = json.loads(report.read_text(encoding="utf-8"))
                if ended.stderr:
                    told["said"] = ended.stderr[-2000:]
                return {**told, "library": site.name, "of": runners.version(site)}
        finally:
            process.stop()


def verdicts(report):
    return {one["fault"]: one["verdict"] for one in report["faults"]}


def check(runners, sites, folder):
    """Whether each site does with a few faults what it is known to do."""
    known = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    passed = failed = 0
    for site in sites:
        try:
            report = judge(runners, site, folder / site.name, FEW)
        except (Wrong, OSError, subprocess.SubprocessError) as error:
            failed += 1
            print(f"FAILED  {site.name}: {error}", flush=True)
            continue
        came, expected = verdicts(report), known.get(site.name, {})
        differ = [f"{fault}: {came.get(fault)}, expected {expected.get(fault)}" for fault in sorted({*came, *expected}) if came.get(fault) != expected.get(fault)]
        if differ:
            failed += 1
            print(f"FAILED  {site.name} {report['of']}: {'; '.join(differ)} {report.get('said', '')}", flush=True)
        else:
            passed += 1
            print(f"ok      {site.name} {report['of']} does with {len(came)} faults what it is known to do", flush=True)
    print(f"relying parties: {passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


def keep(runners, sites, folder):
    """Writes down what each site does with a few faults."""
    file = HERE / "expected.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    known |= {site.name: verdicts(judge(runners, site, folder / site.name, FEW)) for site in sites}
    file.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    return 0


def play_all(runners, sites, folder, reports):
    """Writes the whole report of each site."""
    reports.mkdir(parents=True, exist_ok=True)

    def one(site):
        try:
            report = judge(runners, site, folder / site.name, [])
        except (Wrong, OSError, subprocess.SubprocessError) as error:
            print(f"FAILED  {site.name}: {error}", flush=True)
            return 1
        (reports / f"{site.name}.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"{site.name} {report['of']}: {report['counts']}", flush=True)
        return 0

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return max(pool.map(one, sites))


def main(program, python, django, node_folder, how, *rest):
    runners = Runners(program, python, django, node_folder)
    reports, names = (Path(rest[0]), rest[1:]) if how == "--all" else (None, rest)
    sites = [site for site in SITES if not names or site.name in names]
    work = Path(tempfile.mkdtemp())
    # Apache becomes somebody else, who must be able to read its page.
    work.chmod(0o755)
    try:
        if reports:
            return play_all(runners, sites, work, reports)
        return keep(runners, sites, work) if how == "--keep" else check(runners, sites, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
