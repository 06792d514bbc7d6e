"""The school's register of each world, its clock and its sessions, in SQLite."""

import json
import sqlite3
import unicodedata
from contextlib import contextmanager
from datetime import datetime, timezone
from threading import Lock

import bugs

TABLES = """
create table if not exists school(world text primary key, provider text, client text, at real, told real, stands integer);
create table if not exists person(world text, kind text, key text, name text, snils text, born text, series text, number text,
                                  class text, school text, active integer, primary key(world, kind, key));
create table if not exists card(world text, pupil text, parent text);
create table if not exists lesson(world text, school text, class text, day text, place integer, subject text);
create table if not exists mark(world text, pupil text, subject text, date text, mark text);
create table if not exists absence(world text, pupil text, subject text, date text, status text);
create table if not exists homework(world text, school text, class text, subject text, date text, task text);
create table if not exists leaving(world text, state text, nonce text, verifier text, browser text);
create table if not exists session(world text, id text, kind text, key text, sub text, name text, tokens text, began real,
                                   checked real, pupil text);
"""
OF_A_WORLD = ("school", "person", "card", "lesson", "mark", "absence", "homework", "leaving", "session")
# Fields of the register as the school names them.
FIELDS = {
    "СНИЛС": "snils",
    "Фамилия Имя Отчество": "name",
    "Дата рождения": "born",
    "Серия свидетельства о рождении": "series",
    "Номер свидетельства о рождении": "number",
    "Номер свидетельства": "number",
    "Класс": "class",
}
# Cyrillic letters for the Latin ones that look alike, as they stand in series of certificates.
ALIKE = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")


def digits(text):
    return "".join(sign for sign in text or "" if sign.isdigit())


def plain(text):
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def series(text):
    return plain(text).upper().translate(ALIKE)


def same_name(one, other):
    one, other = plain(one), plain(other)
    if bugs.has("careless-names"):
        one, other = (name.casefold().replace("ё", "е") for name in (one, other))
    return one == other


class Register:
    """All worlds of one file."""

    def __init__(self, file):
        self.lock = Lock()
        self.base = sqlite3.connect(file, check_same_thread=False)
        self.base.row_factory = sqlite3.Row
        self.base.execute("pragma synchronous=off")
        self.base.executescript(TABLES)

    @contextmanager
    def change(self):
        with self.lock, self.base:
            yield self.base

    def all(self, query, *values):
        with self.lock:
            return self.base.execute(query, values).fetchall()

    def one(self, query, *values):
        return next(iter(self.all(query, *values)), None)

    def forget(self, world):
        with self.change() as base:
            for table in OF_A_WORLD:
                base.execute(f"delete from {table} where world = ?", (world,))

    def fill(self, world, provider, client, register):
        """Begins a world anew from the `diary` part of a seed."""
        self.forget(world)
        with self.change() as base:
            base.execute("insert into school values(?, ?, ?, null, null, 0)", (world, provider, client))
            schools = {"": register.get("school") or {}, **(register.get("schools") or {})}
            titles = {key: school.get("name", "") for key, school in schools.items()}
            people = [(kind, key, person) for kind in ("pupils", "parents", "staff") for key, person in (register.get(kind) or {}).items()]
            for kind, key, person in people:
                paper = person.get("birth-certificate") or {}
                row = (kind, key, person["name"], person["snils"], person.get("born"), paper.get("series"), paper.get("number"))
                row += (person.get("class"), titles.get(person.get("school", ""), ""), int(bool(person.get("active"))))
                base.execute("insert into person values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (world, *row))
                for parent in person.get("parents") or []:
                    base.execute("insert into card values(?, ?, ?)", (world, key, parent))
            for key, school in schools.items():
                classes = (register if key == "" else school).get("classes") or {}
                for name, day, subjects in ((name, *of_day) for name, own in classes.items() for of_day in (own.get("timetable") or {}).items()):
                    for place, subject in enumerate(subjects):
                        base.execute("insert into lesson values(?, ?, ?, ?, ?, ?)", (world, titles[key], name, day, place, subject))
            for own in register.get("marks") or []:
                row = (world, own["pupil"], own["subject"], str(own["date"]), str(own["mark"]))
                base.execute("insert into mark values(?, ?, ?, ?, ?)", row)
            for own in register.get("attendance") or []:
                row = (world, own["pupil"], own.get("subject"), str(own["date"]), own["status"])
                base.execute("insert into absence values(?, ?, ?, ?, ?)", row)
            for own in register.get("homework") or []:
                row = (world, titles[own.get("school", "")], own["class"], own["subject"], str(own["date"]), own["text"])
                base.execute("insert into homework values(?, ?, ?, ?, ?, ?)", row)

    def set_clock(self, world, now, stands):
        at = datetime.fromisoformat(now).timestamp()
        with self.change() as base:
            row = (at, datetime.now(timezone.utc).timestamp(), int(stands), world)
            base.execute("update school set at = ?, told = ?, stands = ? where world = ?", row)

    def now(self, world):
        """Seconds since 1970 by the world's clock."""
        school, real = self.school(world), datetime.now(timezone.utc).timestamp()
        if school is None or school["at"] is None:
            return real
        return school["at"] if school["stands"] else school["at"] + real - school["told"]

    def school(self, world):
        return self.one("select * from school where world = ?", world)

    def correct(self, world, pupil, parent, field, value):
        """One value of a pupil, or of one of a pupil's parents. Whether there is such a person and such a field."""
        column = FIELDS.get(field)
        kind, name = ("parents", parent) if parent else ("pupils", pupil)
        if column is None:
            return False
        with self.change() as base:
            done = base.execute(f"update person set {column} = ? where world = ? and kind = ? and name = ?", (value, world, kind, name))
            return done.rowcount == 1

    def person(self, world, kind, key):
        return self.one("select * from person where world = ? and kind = ? and key = ?", world, kind, key)

    def children(self, world, parent):
        query = "select person.* from person join card on card.world = person.world and card.pupil = person.key"
        query += " where card.world = ? and card.parent = ? and person.kind = 'pupils' order by person.born, person.name"
        return self.all(query, world, parent)

    def recognise(self, world, claims):
        """Everybody of the register who is this person: СНИЛС, name, and a pupil's birth certificate must be the same."""
        name = " ".join(claims.get(part) or "" for part in ("family_name", "given_name", "middle_name"))
        snils, paper = digits(claims.get("snils")), claims.get("birth_certificate") or {}
        found = []
        for person in self.all("select * from person where world = ?", world):
            same = snils and digits(person["snils"]) == snils and same_name(person["name"], name)
            if same and person["kind"] == "pupils" and person["number"]:
                same = plain(paper.get("number")) == plain(person["number"]) and series(paper.get("series")) == series(person["series"])
            if same:
                found.append(person)
        return found

    def open_session(self, world, **session):
        columns = ("id", "kind", "key", "sub", "name", "tokens", "began", "checked")
        values = [json.dumps(session[name]) if name == "tokens" else session[name] for name in columns]
        with self.change() as base:
            base.execute("insert into session values(?, ?, ?, ?, ?, ?, ?, ?, ?, null)", (world, *values))

    def session(self, world, identifier):
        return self.one("select * from session where world = ? and id = ?", world, identifier or "")

    def end_session(self, world, identifier):
        with self.change() as base:
            base.execute("delete from session where world = ? and id = ?", (world, identifier or ""))

    def update_session(self, world, identifier, **values):
        with self.change() as base:
            for name, value in values.items():
                base.execute(f"update session set {name} = ? where world = ? and id = ?", (value, world, identifier))
