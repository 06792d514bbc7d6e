"""Bugs that are put into the diary on purpose, one at a time, by the variable BUG."""

import os

BUGS = {
    "no-guardian": "lets a child in whose guardians have not consented",
    "careless-names": "compares names without regard to case and ё, so that a wrong person gets in",
    "deaf-session": "never asks whether the consent behind a session is still in force",
    "another-pupil": "shows the marks and lessons of another pupil of the family",
    "wrong-wall": "tells people whose account is not confirmed that nobody of that name is known",
    "believes-anything": "takes an id token without looking at its signature, audience and issuer",
}

CHOSEN = os.environ.get("BUG", "")
if CHOSEN and CHOSEN not in BUGS:
    raise SystemExit(f"there is no bug {CHOSEN}: {', '.join(BUGS)}")


def has(name):
    """Whether this bug is in."""
    return CHOSEN == name
