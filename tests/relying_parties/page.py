"""The reports of `play.py --all` and of the diary as one page: page.py FOLDER."""

import json
import os
import sys
import tomllib
from datetime import datetime, timezone
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SIGNS = {"passed": "✔", "failed": "✘", "not-applicable": "–", "not-judged": "?"}
ORDER = [
    "openid-client",
    "openidconnect",
    "express-openid-connect",
    "passport-openidconnect",
    "authlib",
    "mozilla-django-oidc",
    "mod-auth-openidc",
    "esia-connector",
    "passport-esia",
]
HEAD = """# Relying parties

What small sites on public libraries do when the provider answers wrongly on purpose. Each site is what the documentation of its
library asks for, and stands in `tests/relying_parties`; the diary is the relying party of this repository, on the crate `openidconnect`
in OpenID Connect. These are facts about those versions, in those sites. `scripts/report-cards` plays all of it and writes this page.

What each fault is, and what a right client does then: [faults.md](faults.md).

| sign | means |
|---|---|
| ✔ | does what a right client does |
| ✘ | does not |
| – | cannot meet this fault: it never asks for what the fault changes, or lacks the capability |
| ? | cannot be judged from outside: nobody can move its clock |

Where a column believes any signature of an id token that came straight from the token endpoint: OpenID Connect Core §3.1.3.7 (6) allows
a client to rely on TLS there instead, so some libraries look at it only when told to. A stand without TLS, and everything in front of
the token endpoint that ends TLS, is where that shows.

Faults follow one another within seconds, and all in one world. A client that fetches keys once a minute at most therefore shows ✘ where
keys have changed just after it fetched them (`keys.rotated-…`, `keys.no-overlap`), and where wrong ones were fetched just before the
next sign-in (`keys.empty-set`, `keys.withdrawn`, `disc.…`): that is what people see meanwhile.
"""


def read(folder, name):
    file = folder / f"{name}.json"
    return (json.loads(file.read_text(encoding="utf-8")), file) if file.exists() else (None, None)


def openidconnect():
    """The version of the crate that the diary uses."""
    locked = tomllib.loads((REPOSITORY / "Cargo.lock").read_text(encoding="utf-8"))
    return next(one["version"] for one in locked["package"] if one["name"] == "openidconnect")


def played_on(file):
    return datetime.fromtimestamp(os.path.getmtime(file), timezone.utc).strftime("%Y-%m-%d")


def columns(folder):
    """A heading, a day and the verdicts by fault, for each column."""
    diary, file = read(folder, "diary")
    for protocol in ["oidc", "esia"] if diary else []:
        of_protocol = {one["fault"]: one for one in diary["faults"] if one["protocol"] == protocol}
        heading = f"the diary, openidconnect {openidconnect()}" if protocol == "oidc" else "the diary, ЕСИА"
        yield heading, played_on(file), of_protocol
    for name in ORDER:
        report, file = read(folder, name)
        if report:
            yield f"{name} {report['of']}", played_on(file), {one["fault"]: one for one in report["faults"]}


def table(all_columns):
    faults = list(dict.fromkeys(fault for _, _, verdicts in all_columns for fault in verdicts))
    order = [line.split("`")[1] for line in (REPOSITORY / "docs" / "src" / "en" / "faults.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    faults.sort(key=order.index)
    yield "| fault | " + " | ".join(heading for heading, _, _ in all_columns) + " |"
    yield "|---|" + ":-:|" * len(all_columns)
    yield "| played on | " + " | ".join(day for _, day, _ in all_columns) + " |"
    for sign in SIGNS:
        counts = [sum(one["verdict"] == sign for one in verdicts.values()) for _, _, verdicts in all_columns]
        yield f"| {SIGNS[sign]} | " + " | ".join(str(count) for count in counts) + " |"
    for fault in faults:
        signs = [SIGNS[verdicts[fault]["verdict"]] if fault in verdicts else "" for _, _, verdicts in all_columns]
        yield f"| `{fault}` | " + " | ".join(signs) + " |"


def main(folder):
    print(HEAD)
    print("\n".join(table(list(columns(Path(folder))))))


main(*sys.argv[1:])
