"""One stand for all workers of pytest-xdist: the process that started the workers starts it when the first one asks."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from multiprocessing.connection import Client, Listener
from threading import Lock, Thread
from typing import Any

from pytest_esia_stand.process import Program, ProgramError


class Shared:
    """Holds the stand of a run; answers workers on the loopback, to whoever knows the secret of this run."""

    def __init__(self, start: Callable[[], Program]) -> None:
        self._start = start
        self._secret = secrets.token_bytes(32)
        self._listener = Listener(("127.0.0.1", 0), authkey=self._secret)
        self._lock = Lock()
        self._program: Program | None = None
        self._stopped = False
        Thread(target=self._answer, daemon=True).start()

    @property
    def address(self) -> dict[str, Any]:
        """What a worker needs to ask."""
        host, port = self._listener.address
        return {"host": host, "port": port, "secret": self._secret.hex()}

    def program(self) -> Program:
        """The stand, started now if it was not before."""
        with self._lock:
            if self._stopped:
                raise ProgramError("the run is over, and so is its stand")
            if self._program is None:
                self._program = self._start()
            return self._program

    def stop(self) -> None:
        """Ends it, if it was started."""
        with self._lock:
            self._stopped = True
            if self._program is not None:
                self._program.stop()
            self._program = None
        self._listener.close()

    def _answer(self) -> None:
        while not self._stopped:
            try:
                with self._listener.accept() as worker:
                    worker.send(self._told())
            except Exception:
                continue

    def _told(self) -> dict[str, Any]:
        try:
            return {"ready": self.program().ready}
        except ProgramError as error:
            return {"error": str(error)}


def ask(address: dict[str, Any]) -> dict[str, str]:
    """In a worker: the ready line of the stand of this run."""
    with Client((address["host"], address["port"]), authkey=bytes.fromhex(address["secret"])) as connection:
        told = connection.recv()
    if "error" in told:
        raise ProgramError(told["error"])
    ready: dict[str, str] = told["ready"]
    return ready
