"""The services of examples/compose, started as processes: usage: compose.py PROGRAM FOLDER SITE

FOLDER is a copy of examples/compose, SITE one of examples/express-oidc with its packages. The file fits the schema of Compose; what
it publishes is listened to, its files are there; the stand is started with the command, variables and files of its service, the
site with those of its own, and a person signs in.
"""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from stand import REPOSITORY, Container, demand, first_line, read, stop, told

sys.path.insert(0, str(REPOSITORY / "tests/clients"))
from walk import Person

TOKEN = "a token of this test alone"
#: What `.env` holds; anything else that the file asks for is a mistake.
GIVEN = {"ESIA_STAND_IMAGE": "registry.example/esia-stand", "ESIA_STAND_CONTROL_TOKEN": TOKEN}
ANNA = ("anna@example.test", "anna-2024", "Петрова Анна Сергеевна")


def filled(text: Any) -> str:
    def value(found: re.Match[str]) -> str:
        demand(found[1] in GIVEN, f"nothing fills in {found[0]}")
        return GIVEN[found[1]]

    return re.sub(r"\$\{(\w+):\?[^}]*\}", value, str(text))


@dataclass
class Image:
    """How the image of one's own service is made."""

    copied: list[str]
    command: list[str]

    @classmethod
    def of(cls, dockerfile: str) -> "Image":
        copies = re.findall(r"^COPY (.*) \./$", dockerfile, re.MULTILINE)
        commands = re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)
        demand(
            len(commands) == 1 and re.search(r"^USER (?!root)", dockerfile, re.MULTILINE), "no CMD, or nobody to run as"
        )
        return cls([name for line in copies for name in line.split()], json.loads(commands[0]))


def stand_of(service: dict[str, Any], compose: dict[str, Any], folder: Path) -> Container:
    """The stand, with files in place of what Compose mounts."""
    demand("esia-stand" in filled(service["image"]), f"{service['image']} is no image of the stand")
    arguments = list(service["command"])
    for mount in service["configs"]:
        file = folder / compose["configs"][mount["source"]]["file"]
        demand(file.is_file() and mount["target"] in arguments, f"{mount}: no such file, or nobody reads it")
        arguments[arguments.index(mount["target"])] = str(file)
    demand(service["read_only"] is not True or "/tmp" in service["tmpfs"], "the registration is handed over in /tmp")
    return Container(arguments, {name: filled(value) for name, value in service["environment"].items()})


def check_network(services: dict[str, Any], listening: dict[str, int]) -> None:
    stand, site = services["stand"], services["site"]
    demand(site["network_mode"] == "service:stand", "the site does not live in the network of the stand")
    demand(site["depends_on"] == {"stand": {"condition": "service_healthy"}}, "the site does not wait for the stand")
    demand("\nHEALTHCHECK " in (REPOSITORY / "Dockerfile").read_text(), "the image of the stand has no health check")
    wanted = {f"127.0.0.1:{port}:{port}" for port in [*listening.values(), int(site["environment"]["PORT"])]}
    demand(set(stand["ports"]) == wanted, f"published are {stand['ports']}, listened to {sorted(wanted)}")
    issuer = urlsplit(site["environment"]["ISSUER"])
    demand((issuer.hostname, issuer.port) == ("127.0.0.1", listening["idp"]), f"nobody is at {issuer.geturl()}")
    # Docker leads a published port to the container's address, not to its loopback.
    demand(site["environment"]["HOST"] == "0.0.0.0", "the site would not be reached from outside of its container")


@contextmanager
def site_started(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(command, cwd=folder, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    try:
        line = first_line(process).strip()
        demand(line, f"{command} does not start (exit code {process.poll()})")
        yield line.rstrip("/")
    finally:
        stop(process)


def check_closed(url: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(f"{url}/control/worlds", timeout=20)
        demand(False, "the control API is open")
    except HTTPError as refused:
        demand(refused.code == 401, f"the control API answers with {refused.code}")


def main(program: str, folder: Path, site_folder: Path) -> None:
    compose = read(folder / "compose.yml", "vendor.compose-spec")
    services = compose["services"]
    demand(services.keys() == {"stand", "site"}, f"other services than are documented: {list(services)}")
    stand, site = stand_of(services["stand"], compose, folder), services["site"]
    check_network(services, stand.ports())
    image = Image.of(site["build"]["dockerfile_inline"])
    context = REPOSITORY / "examples/compose" / site["build"]["context"]
    absent = [name for name in image.copied if not (context / name).is_file()]
    demand(not absent, f"copied, but not there: {absent}")

    with stand.started(program, folder) as ports:
        provider = f"http://127.0.0.1:{ports['idp']}"
        check_closed(provider)
        environment = site["environment"] | {"ISSUER": provider, "PORT": "0"}
        with site_started(image.command, site_folder, environment) as home:
            login, password, name = ANNA
            page = Person(login, password).sign_in(f"{home}/login")
            demand(page.status == 200 and name in page.text, f"not signed in: {page}")
    print("ok      compose: the site signs Anna in at the stand")


if __name__ == "__main__":
    sys.exit(told(main, sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
