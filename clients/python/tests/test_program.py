"""The program is found, started, and ends with whoever started it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pytest_esia_stand import Program, ProgramError
from pytest_esia_stand.control import ControlError
from pytest_esia_stand.process import find, stand_of
from pytest_esia_stand.stand import Stand, running


def program_at(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "esia-stand"
    program.write_text("#!/bin/sh\necho 'no such seed' >&2\nexit 2\n")
    program.chmod(0o755)
    return program


def test_the_named_program_is_taken_before_the_installed_one_and_that_before_path(tmp_path: Path) -> None:
    named, installed, on_path = (program_at(tmp_path / name) for name in ("named", "scripts", "path"))
    environment = {"ESIA_STAND_BIN": str(named), "PATH": str(on_path.parent)}
    assert find(environment, installed.parent) == named
    del environment["ESIA_STAND_BIN"]
    assert find(environment, installed.parent) == installed
    installed.unlink()
    assert find(environment, installed.parent) == on_path


def test_without_a_program_the_ways_out_are_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramError) as told:
        find({"PATH": ""}, tmp_path)
    for way in ("pip install esia-stand", "ESIA_STAND_BIN=", "ESIA_STAND_URL="):
        assert way in str(told.value)


def test_a_wrong_name_of_the_program_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"ESIA_STAND_BIN=.*is no program"):
        find({"ESIA_STAND_BIN": str(tmp_path)}, tmp_path)


def test_a_program_that_does_not_start_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="does not start:\nno such seed"):
        Program(environment={**os.environ, "ESIA_STAND_BIN": str(program_at(tmp_path))})


def is_silent(stand: Stand) -> bool:
    try:
        stand.main.idp.get("/health")
    except ControlError:
        return True
    return False


def test_a_stand_ends_with_a_process_that_is_killed() -> None:
    code = (
        "import json, sys; from pytest_esia_stand import Program as P; p = P(); print(json.dumps(p.ready), flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"{code}; sys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        stand = stand_of(json.loads(parent.stdout.readline()))
        assert not is_silent(stand)
        parent.send_signal(signal.SIGKILL)
    ends_at = time.monotonic() + 10
    while not is_silent(stand):
        assert time.monotonic() < ends_at, "the servers outlive the process that started them"
        time.sleep(0.05)


def test_a_stand_that_runs_already_is_named_by_variables() -> None:
    assert running({}) is None
    named = running({"ESIA_STAND_URL": "http://127.0.0.1:1/", "ESIA_STAND_DIARY": "http://127.0.0.1:2"})
    assert named is not None
    assert [server.url for server in named.servers] == ["http://127.0.0.1:1", "http://127.0.0.1:2"]
    alone = running({"ESIA_STAND_URL": "http://127.0.0.1:1"})
    assert alone is not None
    with pytest.raises(LookupError, match="ESIA_STAND_DIARY"):
        _ = alone.main.diary
    with pytest.raises(ControlError, match="does not answer"):
        alone.fork()
