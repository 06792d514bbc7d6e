"""A small school diary that knows nothing of esia-stand: Flask, SQLite, and Gosuslugi through Authlib.

It is told PORT (0 for any free one), CLIENT_SECRET and DATABASE (a file; in memory where nothing is said), and says where it listens in
one line, {"url": …}. Each world is a school under its own path. The addresses under /stand/ fill a school and move its clock: a diary
in use would not have them.
"""

import json
import os
from datetime import date, datetime, timedelta, timezone

from authlib.common.security import generate_token
from flask import Flask, make_response, redirect, request
from werkzeug.serving import make_server

import bugs
import pages
from provider import SCOPES, Distrusted, Failed, Provider, Refused
from register import Register

SESSION_S = 3 * 3600
CHECK_S = 60
MOSCOW = timezone(timedelta(hours=3))

app = Flask(__name__)
register = Register(os.environ.get("DATABASE", ":memory:"))


def provider(world):
    school = register.school(world)
    return Provider(school["provider"], school["client"])


def own(world, page):
    """The address of a page as people see it."""
    return f"{request.host_url}{world}/{page}"


def cookie(name):
    return request.cookies.get(name, "")


def with_cookie(world, answer, name, value):
    answer = make_response(answer)
    answer.set_cookie(name, value, path=f"/{world}/", httponly=True, samesite="Lax")
    return answer


def refuse(world, name):
    return with_cookie(world, make_response(pages.wall(name), 403), "notebook", "")


def age(world, born):
    """Whole years at the world's time; somebody born on 29 February is a year older on 1 March."""
    today, born = datetime.fromtimestamp(register.now(world), MOSCOW).date(), date.fromisoformat(born)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


# What fills a school and moves its clock.


@app.post("/stand/prepare")
def prepare():
    told = request.get_json()
    register.fill(told["world"], told["provider"], told["client"], told["register"])
    return "", 204


@app.post("/stand/clock")
def clock():
    told = request.get_json()
    register.set_clock(told["world"], told["now"], told["clock"] == "frozen")
    return "", 204


@app.post("/stand/correct")
def correct():
    told = request.get_json()
    done = register.correct(told["world"], told["pupil"], told["parent"], told["field"], told["value"])
    return ("", 204) if done else ("no such person or field", 404)


@app.post("/stand/forget")
def forget():
    register.forget(request.get_json()["world"])
    return "", 204


# Coming in.


@app.get("/<world>/enter")
def enter(world):
    return pages.enter()


@app.get("/<world>/away")
def away(world):
    try:
        url, kept = provider(world).way_out(own(world, "back"))
    except (Failed, Distrusted) as error:
        return broken(error)
    browser = generate_token(32)
    with register.change() as base:
        base.execute("insert into leaving values(?, ?, ?, ?, ?)", (world, kept["state"], kept["nonce"], kept["verifier"], browser))
    return with_cookie(world, redirect(url), "leaving", browser)


def broken(error):
    app.logger.warning("a sign-in failed: %r", error)
    distrusted = isinstance(error, Distrusted)
    return pages.broken(distrusted), 403 if distrusted else 200


@app.get("/<world>/back")
def back(world):
    kept = register.one("select * from leaving where world = ? and state = ?", world, request.args.get("state", ""))
    if kept is None or kept["browser"] != cookie("leaving"):
        return broken(Distrusted("this browser has not begun this sign-in"))
    with register.change() as base:
        base.execute("delete from leaving where world = ? and state = ?", (world, kept["state"]))
    error = request.args.get("error")
    if error == "access_denied":
        unconfirmed = "ESIA-007055" in request.args.get("error_description", "")
        return refuse(world, "confirm-yourself" if unconfirmed else "you-must-agree")
    try:
        if error:
            raise Failed(error)
        if request.args.get("iss", register.school(world)["provider"]) != register.school(world)["provider"]:
            raise Distrusted("the code is another issuer's")
        return arrive(world, *provider(world).redeem(request.args["code"], own(world, "back"), dict(kept), register.now(world)))
    except (Failed, Distrusted) as error:
        return broken(error)


def arrive(world, tokens, identity, person):
    """Lets somebody in whom Gosuslugi have named, or tells why not."""
    granted = set((tokens.get("scope") or "").split()) or set(SCOPES)
    if not granted.issuperset(SCOPES):
        return without_data(world, tokens, identity, person)
    years = age(world, person["birthdate"])
    if not person.get("trusted") and not (person.get("child_account") and years < 14):
        return refuse(world, "adult-unknown" if bugs.has("wrong-wall") else "confirm-yourself")
    found = register.recognise(world, person)
    who = next((one for one in found if one["kind"] == "pupils"), None) or admitted_parent(world, found)
    if who is None:
        who = next((one for one in found if one["kind"] == "staff"), None)
    if who is not None:
        return open_notebook(world, who, tokens, identity)
    parent = next((one for one in found if one["kind"] == "parents"), None)
    if parent is None:
        return refuse(world, "pupil-unknown" if years < 18 else "adult-unknown")
    if register.children(world, parent["key"]):
        return refuse(world, "not-switched-on")
    return refuse(world, "no-child-of-yours")


def admitted_parent(world, found):
    """A parent who is on a card, and switched on."""
    parents = [one for one in found if one["kind"] == "parents" and one["active"]]
    return next((one for one in parents if register.children(world, one["key"])), None)


def without_data(world, tokens, identity, person):
    """A minor for whom nobody has consented, or somebody whose account is not confirmed."""
    if not person.get("trusted") and not person.get("child_account"):
        return refuse(world, "confirm-yourself")
    if bugs.has("no-guardian"):
        return open_notebook(world, {"kind": "pupils", "key": "", "name": "Ученик"}, tokens, identity)
    status = provider(world).ask_consent(identity["sub"])
    return refuse(world, "nobody-is-bound" if status == "no-guardian" else "parent-must-agree")


def open_notebook(world, who, tokens, identity):
    opened, now = generate_token(32), register.now(world)
    kept = {"access_token": tokens["access_token"], "refresh_token": tokens.get("refresh_token"), "ends": now + tokens.get("expires_in", 300)}
    session = {"kind": who["kind"], "key": who["key"], "name": who["name"], "sub": identity["sub"]}
    register.open_session(world, id=opened, tokens=kept, began=now, checked=now, **session)
    return with_cookie(world, redirect(f"/{world}/notebook"), "notebook", opened)


# Inside.


def visitor(world):
    """The session of the browser and, where there is none, what is shown instead."""
    session, now = register.session(world, cookie("notebook")), register.now(world)
    if session is None:
        return None, redirect(f"/{world}/enter")
    if now - session["began"] >= SESSION_S:
        register.end_session(world, session["id"])
        return None, make_response(pages.enter("Тетрадь закрылась сама. Откройте её снова."))
    gone = None if bugs.has("deaf-session") or now - session["checked"] < CHECK_S else is_gone(world, session, now)
    if gone:
        register.end_session(world, session["id"])
        return None, refuse(world, gone)
    return session, None


def is_gone(world, session, now):
    """The wall for a session whose consent or token is not in force; nothing while Gosuslugi do not answer."""
    tokens, gosuslugi = json.loads(session["tokens"]), provider(world)
    try:
        if now >= tokens["ends"] - 30:
            fresh = gosuslugi.renew(tokens, session["sub"], now)
            tokens = {**tokens, **fresh, "ends": now + fresh.get("expires_in", 300)}
        scopes = gosuslugi.in_force(tokens)
    except Refused:
        return "gosuslugi-forgot"
    except Distrusted:
        return "gosuslugi-forgot"
    except Failed:
        return None
    register.update_session(world, session["id"], tokens=json.dumps(tokens), checked=now)
    if scopes is None:
        return "gosuslugi-forgot"
    return None if scopes.issuperset(SCOPES) else "permission-is-gone"


def chosen(world, session):
    """The pupils of a session, and the one whose notebook is open."""
    if session["kind"] == "pupils":
        own = register.person(world, "pupils", session["key"])
        return [], own
    pupils = register.children(world, session["key"]) if session["kind"] == "parents" else []
    by_key = {pupil["key"]: pupil for pupil in pupils}
    first = pupils[0] if pupils else None
    return pupils, first if bugs.has("another-pupil") else by_key.get(session["pupil"], first)


@app.get("/<world>/notebook")
def notebook(world):
    session, instead = visitor(world)
    if instead is not None:
        return instead
    return pages.notebook(session, *chosen(world, session))


@app.get("/<world>/turn/<pupil>")
def turn(world, pupil):
    session, instead = visitor(world)
    if instead is not None:
        return instead
    if pupil in {one["key"] for one in chosen(world, session)[0]}:
        register.update_session(world, session["id"], pupil=pupil)
    return redirect(f"/{world}/notebook")


@app.get("/<world>/<any(lessons, points, gaps, tasks):name>")
def section(world, name):
    session, instead = visitor(world)
    if instead is not None:
        return instead
    _, pupil = chosen(world, session)
    if pupil is None:
        return redirect(f"/{world}/notebook")
    return getattr(pages, name)(register, world, pupil)


@app.post("/<world>/leave")
def leave(world):
    register.end_session(world, cookie("notebook"))
    try:
        way = provider(world).way_off(own(world, "enter"))
    except (Failed, Distrusted):
        way = f"/{world}/enter"
    return with_cookie(world, redirect(way), "notebook", "")


@app.get("/")
def home():
    return pages.page("porch", "Школьная тетрадь", pages.text("h1", "Школьная тетрадь"))


def main():
    server = make_server("127.0.0.1", int(os.environ.get("PORT", "9000")), app, threaded=True)
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
