"""The jobs of examples/ci, run as a forge would: usage: ci.py PROGRAM FOLDER

FOLDER is a copy of examples/ci with its packages in `venv`. Each file fits the schema of its forge. Each service is started with
the command and variables that stand there, or with those of the image; then the lines of the job are run with the job's variables.
Only what comes from a registry is in place already: of `pip install`, the words are checked.
"""

import os
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from stand import PATIENCE_S, REPOSITORY, Container, Wrong, demand, image_command, read, told

#: What forges fill in; anything else that a file asks for is a mistake.
GITLAB = {"ESIA_STAND_IMAGE": "registry.example/esia-stand", "CI_PIPELINE_ID": "1001"}
GITHUB = {"vars.ESIA_STAND_IMAGE": "registry.example/esia-stand", "github.run_id": "1001"}
ADDRESSES = {"ESIA_STAND_URL": "idp", "ESIA_STAND_DIARY": "diary"}
PLUGIN = "pytest-esia-stand"


@dataclass
class Service:
    """The stand beside a job: under which name, and at which port of it each port of the container is found."""

    container: Container
    host: str
    published: dict[int, int]


@dataclass
class Job:
    """A job as both forges have it."""

    name: str
    environment: dict[str, str]
    lines: list[str]
    artifacts: list[str]
    service: Service | None


def filled(text: Any, pattern: str, known: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        demand(found[1] in known, f"nothing fills in {found[0]}")
        return known[found[1]]

    return re.sub(pattern, value, str(text))


def gitlab(file: Path) -> list[Job]:
    content = read(file, "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    first = content.pop("default")
    return [gitlab_job(name, first | job) for name, job in content.items() if not name.startswith(".")]


def gitlab_job(name: str, job: dict[str, Any]) -> Job:
    demand("image" in job, f"{name}: no image")
    known = {key: filled(value, r"\$(\w+)", GITLAB) for key, value in job.get("variables", {}).items()}
    service = None
    for one in job.get("services", []):
        demand(
            "esia-stand" in filled(one["name"], r"\$(\w+)", GITLAB), f"{name}: {one['name']} is no image of the stand"
        )
        container = Container(one.get("command") or image_command(), known)
        service = Service(container, one["alias"], {port: port for port in container.ports().values()})
    lines = [*job.get("before_script", []), *job["script"]]
    return Job(name, known, lines, [job["artifacts"]["reports"]["junit"]], service)


def github(file: Path) -> list[Job]:
    content = read(file, "vendor.github-workflows")
    demand({"push", "pull_request"} <= set(content["on"]), f"{file.name} is started by nothing")
    return [github_job(f"{file.stem}: {name}", job) for name, job in content["jobs"].items()]


def github_job(name: str, job: dict[str, Any]) -> Job:
    def values(of: dict[str, Any]) -> dict[str, str]:
        return {key: filled(value, r"\$\{\{ ([\w.]+) \}\}", GITHUB) for key, value in of.get("env", {}).items()}

    service = None
    for one in job.get("services", {}).values():
        demand("esia-stand" in filled(one["image"], r"\$\{\{ ([\w.]+) \}\}", GITHUB), f"{name}: {one['image']}")
        # A service of GitHub has no command: the image is run as it is.
        pairs = [tuple(map(int, port.split(":"))) for port in one["ports"]]
        service = Service(Container(image_command(), values(one)), "127.0.0.1", {inside: out for out, inside in pairs})
    steps = job["steps"]
    demand(any("actions/checkout" in step.get("uses", "") for step in steps), f"{name}: nothing checks the project out")
    kept = [step["with"]["path"] for step in steps if "upload-artifact" in step.get("uses", "")]
    return Job(name, values(job), [step["run"] for step in steps if "run" in step], kept, service)


def installs(job: Job, line: str, folder: Path) -> None:
    """The words of a `pip install`: a file that is there, or the fixtures, with the program where no service is."""
    words = [word for word in shlex.split(line)[2:] if word != "--quiet"]
    if words[0] == "-r":
        demand((folder / words[1]).is_file(), f"{job.name}: no file {words[1]}")
    else:
        wanted = PLUGIN if job.service else f"{PLUGIN}[program]"
        demand(words == [wanted], f"{job.name}: {line} installs something else than {wanted}")


def environment_of(job: Job, ports: dict[str, int]) -> dict[str, str]:
    """The job's variables, where the addresses of the service are those that it has here."""
    values = dict(job.environment)
    if not job.service:
        demand(not ADDRESSES.keys() & values.keys(), f"{job.name}: an address, and no service")
        return values
    inside = job.service.container.ports()
    for name, server in ADDRESSES.items():
        url = urlsplit(values[name])
        there = (job.service.host, job.service.published.get(inside[server]))
        demand((url.hostname, url.port) == there, f"{job.name}: {name} is {values[name]}, the service is at {there}")
        values[name] = f"http://127.0.0.1:{ports[server]}"
    return values


def play(job: Job, program: str, folder: Path) -> None:
    with ExitStack() as running:
        ports = running.enter_context(job.service.container.started(program, folder)) if job.service else {}
        own = environment_of(job, ports)
        # With a service the job has no program of its own.
        own |= {} if job.service else {"ESIA_STAND_BIN": program}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ESIA_STAND_")}
        path = f"{folder / 'venv/bin'}{os.pathsep}{os.environ['PATH']}"
        fixtures = {
            "PYTHONPATH": str(REPOSITORY / "clients/python/src"),
            "PYTEST_ADDOPTS": "-p pytest_esia_stand.plugin -p no:cacheprovider",
        }
        for kept in job.artifacts:
            (folder / kept).unlink(missing_ok=True)
        for line in job.lines:
            if line.startswith("pip install "):
                installs(job, line, folder)
                continue
            environment = inherited | own | fixtures | {"PATH": path}
            ended = subprocess.run(
                ["bash", "-e", "-c", line],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE_S * 2,
            )
            demand(ended.returncode == 0, f"{job.name}: {line}\n{ended.stdout}{ended.stderr}")
    reported(job, folder)


def reported(job: Job, folder: Path) -> None:
    """What the job keeps is there, and tells of both tests."""
    demand(job.artifacts, f"{job.name}: keeps no report")
    for kept in job.artifacts:
        demand((folder / kept).is_file(), f"{job.name}: writes no {kept}")
        suite = ElementTree.parse(folder / kept).getroot().find("testsuite")
        counts = suite is not None and (
            suite.get("tests"),
            suite.get("failures"),
            suite.get("errors"),
            suite.get("skipped"),
        )
        demand(counts == ("2", "0", "0", "0"), f"{job.name}: {kept} tells of {counts}")
    print(f"ok      {job.name}", flush=True)


def main(program: str, folder: Path) -> None:
    jobs = gitlab(folder / ".gitlab-ci.yml")
    for file in sorted((folder / ".github/workflows").iterdir()):
        jobs += github(file)
    # Of each forge a job with a service, and one without.
    if [bool(job.service) for job in jobs] != [True, False, False, True]:
        raise Wrong(f"other jobs than are documented: {[job.name for job in jobs]}")
    for job in jobs:
        play(job, program, folder)


if __name__ == "__main__":
    sys.exit(told(main, sys.argv[1], Path(sys.argv[2])))
