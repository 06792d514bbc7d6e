"""What the checks of examples/ have in common: files read by their schemas, and containers started as processes."""

import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_S = 30
#: A port that was free may be taken by the time that the program opens it: then it ends with this code, and is started anew.
ATTEMPTS, COULD_NOT_RUN = 3, 3
#: Where the image listens, by the flag that says so.
LISTEN = {"--idp-listen": "idp", "--diary-listen": "diary"}


class Wrong(Exception):
    """A file of an example would not do what it says."""


def demand(is_so: Any, otherwise: str) -> None:
    if not is_so:
        raise Wrong(otherwise)


def read(file: Path, schema: str, *more: str) -> dict[str, Any]:
    """A YAML file that fits the schema its reader publishes; check-jsonschema has it built in."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more, str(file)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    demand(checked.returncode == 0, f"{file.name}: {checked.stdout}{checked.stderr}")
    # YAML 1.1 reads the key `on` as a truth.
    return {str(key).replace("True", "on"): value for key, value in yaml.safe_load(file.read_text()).items()}


def image_command() -> list[str]:
    """What the image runs when nobody says a command."""
    found = re.findall(r"^CMD (\[.*\])$", (REPOSITORY / "Dockerfile").read_text(), re.MULTILINE)
    demand(len(found) == 1, "the Dockerfile has no CMD of its own line")
    return json.loads(found[0])


@dataclass
class Container:
    """A container of the stand: the arguments of the program, and its environment."""

    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def ports(self) -> dict[str, int]:
        """Port inside the container, by server."""
        pairs = zip(self.arguments, self.arguments[1:], strict=False)
        return {LISTEN[flag]: int(value.rpartition(":")[2]) for flag, value in pairs if flag in LISTEN}

    @contextmanager
    def started(self, program: str, folder: Path) -> Iterator[dict[str, int]]:
        """Runs it here, at free ports of the addresses it names; gives the port, by server."""
        for flag in (word for word in self.arguments if word.startswith("--")):
            asked = subprocess.run(
                [program, self.arguments[0], "--help", "--lang", "en"], capture_output=True, text=True
            )
            demand(re.search(rf"{flag}\b", asked.stdout), f"esia-stand {self.arguments[0]} has no {flag}")
        for _ in range(ATTEMPTS):
            process = self._start(program, folder)
            try:
                line = first_line(process)
                if not line and process.wait(PATIENCE_S) == COULD_NOT_RUN:
                    continue
                demand(line, f"{self.arguments} does not start (exit code {process.poll()})")
                told = json.loads(line)
                yield {server: int(told[server].rpartition(":")[2]) for server in LISTEN.values()}
                return
            finally:
                stop(process)
        raise Wrong(f"{self.arguments} does not start")

    def _start(self, program: str, folder: Path) -> subprocess.Popen[str]:
        arguments = [re.sub(r"^(0\.0\.0\.0|127\.0\.0\.1):\d+$", r"\1:0", word) for word in self.arguments]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ESIA_STAND_")}
        environment = inherited | self.environment
        command = [program, *arguments, "--log", "error"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder)


def first_line(process: subprocess.Popen[str]) -> str:
    """The first line that a process says, in time."""
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
    return process.stdout.readline() if ready else ""


def stop(process: subprocess.Popen[str]) -> None:
    """Ends a process, and waits until it has ended."""
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


def told(check: Any, *arguments: Any) -> int:
    """Runs a check; says what is wrong."""
    try:
        check(*arguments)
    except Wrong as error:
        print(f"FAILED  {error}", file=sys.stderr)
        return 1
    return 0
