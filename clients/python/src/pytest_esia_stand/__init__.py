"""A mock of ЕСИА/Госуслуги in your tests: one server a run, a world of its own for each test.

The fixtures are ``esia_stand`` and ``world``; the classes here are what they hand out, for annotations and for use without pytest.
"""

from pytest_esia_stand.clock import Clock
from pytest_esia_stand.control import Control, ControlError
from pytest_esia_stand.faults import Fault, Faults
from pytest_esia_stand.outbox import Message, Outbox
from pytest_esia_stand.people import Person, Session
from pytest_esia_stand.process import Program, ProgramError
from pytest_esia_stand.stand import Stand
from pytest_esia_stand.verdicts import Check, Verdict, Verdicts
from pytest_esia_stand.world import Line, World

__all__ = [
    "Check",
    "Clock",
    "Control",
    "ControlError",
    "Fault",
    "Faults",
    "Line",
    "Message",
    "Outbox",
    "Person",
    "Program",
    "ProgramError",
    "Session",
    "Stand",
    "Verdict",
    "Verdicts",
    "World",
]
