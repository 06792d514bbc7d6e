"""The fixtures, and what a failed test tells."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_esia_stand.control import ControlError
from pytest_esia_stand.process import Program, ProgramError, stand_of
from pytest_esia_stand.stand import MAIN, Stand, new_name, running
from pytest_esia_stand.story import story
from pytest_esia_stand.world import World

if TYPE_CHECKING:
    from pytest_esia_stand.sharing import Shared

_WORLD = pytest.StashKey[World]()
_FAILED = pytest.StashKey[bool]()
_SHARED: pytest.StashKey[Shared] = pytest.StashKey()
#: Where workers of pytest-xdist find whom to ask, in what they are given.
_ADDRESS = "esia_stand_shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Settings of ``pyproject.toml`` and the command line."""
    group = parser.getgroup("esia-stand")
    group.addoption("--esia-stand-keep", action="store_true", help="leave the worlds of failed tests at the stand")
    parser.addini(
        "esia_stand_args", "more arguments of `esia-stand serve`, as --client my-system.yaml", type="args", default=[]
    )
    parser.addini("esia_stand_world", "the world that each test gets a copy of", default=MAIN)


def pytest_configure(config: pytest.Config) -> None:
    """Names the marker."""
    marker = "esia_world(seed): the test's world is made from a documented seed, as «петровы», or from a document"
    config.addinivalue_line("markers", marker)


def _started(config: pytest.Config) -> Program:
    return Program(config.getini("esia_stand_args"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Of pytest-xdist: each worker is told whom to ask for the stand of the run."""
    config: pytest.Config = node.config
    if _SHARED not in config.stash:
        # Here and not above: a run without workers begins sooner.
        from pytest_esia_stand.sharing import Shared

        config.stash[_SHARED] = Shared(lambda: _started(config))
    node.workerinput[_ADDRESS] = config.stash[_SHARED].address


def pytest_unconfigure(config: pytest.Config) -> None:
    """The stand of all workers ends with the run."""
    shared = config.stash.get(_SHARED, None)
    if shared is not None:
        shared.stop()


@pytest.fixture(scope="session")
def esia_stand(pytestconfig: pytest.Config) -> Iterator[Stand]:
    """The stand of this run: ``ESIA_STAND_URL``, or one that is started on free ports and shared by all workers."""
    stand = running()
    address = getattr(pytestconfig, "workerinput", {}).get(_ADDRESS)
    try:
        if stand is not None:
            yield stand
        elif address is not None:
            from pytest_esia_stand.sharing import ask

            yield stand_of(ask(address), os.environ.get("ESIA_STAND_CONTROL_TOKEN") or None)
        else:
            with _started(pytestconfig) as program:
                yield program.stand
    except ProgramError as error:
        pytest.fail(str(error), pytrace=False)


def _seed(marker: pytest.Mark) -> str | dict[str, Any]:
    match marker.args:
        case (str() | dict() as seed,) if not marker.kwargs:
            return seed
    raise pytest.UsageError(
        "@pytest.mark.esia_world takes one thing: the name of a documented world, or a seed document"
    )


@pytest.fixture
def world(request: pytest.FixtureRequest, esia_stand: Stand) -> Iterator[World]:
    """A world of this test's own, at both servers; it is gone after the test."""
    node: pytest.Item = request.node
    marker = node.get_closest_marker("esia_world")
    name = new_name(node.name)
    try:
        if marker is not None:
            made = esia_stand.make(_seed(marker), name)
        else:
            made = esia_stand.fork(request.config.getini("esia_stand_world"), name)
    except ControlError as error:
        pytest.fail(str(error), pytrace=False)
    node.stash[_WORLD] = made
    yield made
    del node.stash[_WORLD]
    if not (request.config.getoption("--esia-stand-keep") and node.stash.get(_FAILED, False)):
        made.drop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """A failed test tells what happened in its world, and which requests were refused."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    made = item.stash.get(_WORLD, None)
    if report.failed and made is not None:
        item.stash[_FAILED] = True
        report.sections.append((f"esia-stand: world {made.name}", story(made)))
