"""The program ``esia-stand`` as a process: where it is, and how it is started and stopped."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Thread
from typing import IO

from pytest_esia_stand.stand import Stand

#: How long the servers may take until they are ready, and until they have stopped, seconds.
PATIENCE_S = 30.0

# The program runs until the standard input of this shell closes: that of a test run which is gone, in whatever way, too.
_GUARD = '"$@" </dev/null & program=$!; exec >/dev/null 2>&1; cat; kill -TERM "$program"; wait "$program"'
#: Variables that are meant for these fixtures, not for the program.
_OURS = ("ESIA_STAND_BIN", "ESIA_STAND_URL", "ESIA_STAND_DIARY")


class ProgramError(Exception):
    """The program is not there, or does not start. The text says the way out."""


def find(environment: Mapping[str, str] = os.environ, scripts: Path | None = None) -> Path:
    """The program: ``ESIA_STAND_BIN``, else the one that the wheel ``esia-stand`` has installed, else the one on ``PATH``."""
    named = environment.get("ESIA_STAND_BIN")
    if named:
        if os.access(named, os.X_OK) and Path(named).is_file():
            return Path(named)
        raise ProgramError(
            f"ESIA_STAND_BIN={named} is no program: name the file esia-stand itself, or unset the variable"
        )
    installed = (scripts or Path(sysconfig.get_path("scripts"))) / "esia-stand"
    if os.access(installed, os.X_OK):
        return installed
    found = shutil.which("esia-stand", path=environment.get("PATH", ""))
    if found:
        return Path(found)
    raise ProgramError(
        f"the program esia-stand is not found: ESIA_STAND_BIN is not set, there is no {installed}, and PATH has none.\n"
        "One of these helps:\n"
        "  pip install esia-stand                       the program, into this environment\n"
        "  export ESIA_STAND_BIN=…/esia-stand           a program that was built or unpacked elsewhere\n"
        "  export ESIA_STAND_URL=http://127.0.0.1:8081  a stand that runs already (ESIA_STAND_DIARY: its diary)"
    )


class Program:
    """A stand that this process has started, on free ports of the loopback. It ends with the process at the latest."""

    def __init__(self, arguments: Iterable[str] = (), *, environment: Mapping[str, str] = os.environ) -> None:
        program = find(environment)
        command = [str(program), "serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0", *arguments]
        inherited = {name: value for name, value in environment.items() if name not in _OURS}
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
        # In a session of its own: Ctrl+C is for the tests, which then tell of what has failed.
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=inherited,
            start_new_session=True,
        )
        self._token = inherited.get("ESIA_STAND_CONTROL_TOKEN") or None
        try:
            #: Its first line: ``idp`` and ``diary``, and ``ca_file`` where it speaks https.
            self.ready = self._wait_ready()
        except BaseException:
            self.stop()
            raise

    @property
    def stand(self) -> Stand:
        """Its servers."""
        return stand_of(self.ready, self._token)

    def stop(self) -> None:
        """Ends it, and waits until it has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()
        self._process.stdout.close()
        self._complaints.close()

    def _wait_ready(self) -> dict[str, str]:
        assert self._process.stdout is not None
        lines: queue.Queue[bytes] = queue.Queue()
        Thread(target=_read, args=(self._process.stdout, lines), daemon=True).start()
        try:
            line = lines.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise ProgramError(f"esia-stand serve says nothing for {PATIENCE_S:.0f} s{self._complained()}") from None
        try:
            ready = json.loads(line)
        except ValueError:
            raise ProgramError(f"esia-stand serve does not start{self._complained()}") from None
        return {name: str(value) for name, value in ready.items()}

    def _complained(self) -> str:
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").strip()
        return f":\n{said}" if said else ""

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def stand_of(ready: Mapping[str, str], token: str | None = None) -> Stand:
    """The servers that a ready line names."""
    return Stand(ready["idp"], ready["diary"], token=token, ca=ready.get("ca_file"))


def _read(out: IO[bytes], lines: queue.Queue[bytes]) -> None:
    """The first line for whoever waits; the rest is read so that the program is not held up."""
    try:
        lines.put(out.readline())
        while out.read(65536):
            pass
    except ValueError:
        # Closed meanwhile.
        pass
