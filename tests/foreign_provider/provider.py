"""A small provider of sign-ins that knows nothing of esia-stand: Flask, and OpenID Connect with PKCE through joserfc.

It is told PORT (0 for any free one), CLIENT_ID, CLIENT_SECRET, RETURN (the path of the diary's address of return) and DIFFER (names of
differences, see differences.py), and says where it listens in one line, {"url": …}. It has the accounts of people.py, keeps the machine's time, forgets everything when it ends, and has no
address that would prepare or move anything: a stand that many share.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from urllib.parse import urlencode, urlsplit

from flask import Flask, jsonify, make_response, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

import pages
from differences import differs
from people import PEOPLE

CLIENT = os.environ.get("CLIENT_ID", "KEYSTONE-DIARY")
SECRET = os.environ.get("CLIENT_SECRET", "test-only-secret")
RETURN = os.environ.get("RETURN", "/w/stand/callback")
SCOPES = {"openid", "fullname", "birthdate", "snils", "birth_cert_doc", "offline_access"}
CODE_S = 60
TOKEN_S = 900 if differs("lifetime") else 3600
ID_TOKEN_S = 300

app = Flask(__name__)
key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
requests_begun, codes, tokens, refreshes, sessions = {}, {}, {}, {}, {}
# Who has agreed to what in which browser.
agreed = set()


def base():
    return f"{request.host_url.rstrip('/')}/sso"


def issuer():
    """One address, by whatever name somebody comes."""
    return f"http://127.0.0.1:{urlsplit(request.host_url).port}/sso"


def elsewhere(url):
    """The same server under a name that nobody has allowed."""
    return url.replace("127.0.0.1", "localhost") if differs("elsewhere") else url


def session():
    return sessions.get(request.cookies.get("keystone", ""))


def is_registered(uri):
    """The diary listens on any port of loopback (RFC 8252 §7.3), at this path alone."""
    parts = urlsplit(uri)
    return (parts.scheme, parts.hostname, parts.path) == ("http", "127.0.0.1", RETURN)


@app.get("/sso/.well-known/openid-configuration")
def discovery():
    own = issuer()
    return jsonify(
        issuer=own,
        authorization_endpoint=f"{own}/authorize",
        token_endpoint=f"{own}/token",
        userinfo_endpoint=f"{own}/userinfo",
        introspection_endpoint=f"{own}/introspect",
        end_session_endpoint=f"{own}/leave",
        jwks_uri=elsewhere(f"{own}/keys"),
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        code_challenge_methods_supported=["S256"],
        scopes_supported=sorted(SCOPES),
    )


@app.get("/sso/keys")
def keys():
    return jsonify(KeySet([key]).as_dict(private=False))


@app.get("/sso/authorize")
def authorize():
    asked = request.args
    if asked.get("client_id") != CLIENT or not is_registered(asked.get("redirect_uri", "")):
        return pages.wrong("Система не зарегистрирована"), 400
    if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
        return back(asked, error="invalid_request", error_description="code and S256 are needed")
    if not set(asked.get("scope", "").split()) <= SCOPES:
        return back(asked, error="invalid_scope")
    ticket = secrets.token_urlsafe(16)
    requests_begun[ticket] = asked.to_dict()
    page = "agree" if session() else "who"
    return redirect(elsewhere(f"{base()}/{page}?ticket={ticket}"), 303 if differs("status") else 302)


def back(asked, **answer):
    if not differs("issuer"):
        answer["iss"] = issuer()
    return redirect(f"{asked['redirect_uri']}?{urlencode({'state': asked.get('state', ''), **answer})}", 302)


@app.get("/sso/who")
def who():
    return pages.who(request.args.get("ticket", ""))


@app.post("/sso/who")
def enter():
    person = PEOPLE.get(request.form.get("name", ""))
    ticket = request.form.get("ticket", "")
    if person is None or not hmac.compare_digest(person["password"], request.form.get("pass", "")):
        return pages.who(ticket, "Имя или пароль не подошли"), 200
    own = secrets.token_urlsafe(24)
    browser = request.cookies.get("browser") or secrets.token_urlsafe(24)
    sessions[own] = {"person": person, "browser": browser, "id": secrets.token_urlsafe(8)}
    answer = make_response(redirect(f"/sso/agree?ticket={ticket}" if ticket else "/sso/me", 303))
    answer.set_cookie("keystone", own, path="/sso", httponly=True, samesite="Lax")
    answer.set_cookie("browser", browser, path="/sso", httponly=True, samesite="Lax")
    return answer


def agreement(asked, own):
    return own["browser"], own["person"]["sub"], asked["client_id"]


@app.get("/sso/agree")
def agree():
    asked, own = requests_begun.get(request.args.get("ticket", "")), session()
    if asked is None or own is None:
        return pages.wrong("Запрос устарел"), 400
    if agreement(asked, own) in agreed:
        return granted(asked, own)
    return pages.agree(request.args["ticket"], own["person"])


@app.post("/sso/agree")
def decide():
    asked, own = requests_begun.get(request.form.get("ticket", "")), session()
    if asked is None or own is None:
        return pages.wrong("Запрос устарел"), 400
    if request.form.get("decision") != "yes":
        return back(asked, error="access_denied", error_description="the person has refused")
    agreed.add(agreement(asked, own))
    return granted(asked, own)


def granted(asked, own):
    code = secrets.token_urlsafe(24)
    codes[code] = {"asked": asked, "session": own, "ends": time.time() + CODE_S}
    return back(asked, code=code)


def is_client():
    held = request.authorization
    name, secret = (held.username, held.password) if held and held.type == "basic" else (request.form.get("client_id"), request.form.get("client_secret"))
    return name == CLIENT and hmac.compare_digest(secret or "", SECRET)


def no_store(answer, status=200):
    answer = make_response(answer, status)
    answer.headers["Cache-Control"] = "private" if differs("caching") else "no-store"
    return answer


def refused(error, status=400):
    return no_store(jsonify(error=error), status)


@app.post("/sso/token")
def token():
    if not is_client():
        return refused("invalid_client", 401)
    if request.form.get("grant_type") == "refresh_token":
        kept = refreshes.pop(request.form.get("refresh_token", ""), None)
        return issued(kept["asked"], kept["session"], None) if kept else refused("invalid_grant")
    if request.form.get("grant_type") != "authorization_code":
        return refused("unsupported_grant_type")
    kept = codes.pop(request.form.get("code", ""), None)
    if kept is None or kept["ends"] < time.time() or request.form.get("redirect_uri") != kept["asked"]["redirect_uri"]:
        return refused("invalid_grant")
    verifier = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
    if base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() != kept["asked"]["code_challenge"]:
        return refused("invalid_grant")
    return issued(kept["asked"], kept["session"], kept["asked"].get("nonce"))


def issued(asked, own, nonce):
    now, access, refresh = int(time.time()), secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    person = own["person"]
    tokens[access] = {"person": person, "scope": asked["scope"], "ends": now + TOKEN_S}
    refreshes[refresh] = {"asked": asked, "session": own}
    claims = {"iss": issuer(), "sub": person["sub"], "aud": asked["client_id"], "iat": now, "exp": now + ID_TOKEN_S, "auth_time": now, "sid": own["id"]}
    if nonce is not None:
        claims["nonce"] = nonce
    id_token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
    return no_store(jsonify(access_token=access, token_type="Bearer", expires_in=TOKEN_S, id_token=id_token, refresh_token=refresh, scope=asked["scope"]))


@app.get("/sso/userinfo")
def userinfo():
    held = tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if held is None or held["ends"] < time.time():
        answer = refused("invalid_token", 401)
        answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return answer
    claims = dict(held["person"]["claims"], sub=held["person"]["sub"])
    if differs("claim-type"):
        claims["account_level"] = {"name": claims["account_level"]}
    if differs("claim-missing"):
        claims.pop("gender")
    return no_store(jsonify(claims))


@app.post("/sso/introspect")
def introspect():
    if not is_client():
        return refused("invalid_client", 401)
    held = tokens.get(request.form.get("token", ""))
    if held is None or held["ends"] < time.time():
        return no_store(jsonify(active=False))
    return no_store(jsonify(active=True, sub=held["person"]["sub"], scope=held["scope"], client_id=CLIENT, exp=held["ends"]))


@app.get("/sso/leave")
def leave():
    sessions.pop(request.cookies.get("keystone", ""), None)
    to = request.args.get("post_logout_redirect_uri", "")
    if urlsplit(to).hostname == "127.0.0.1" and urlsplit(to).path.startswith(RETURN.rsplit("/", 1)[0] + "/"):
        return redirect(to, 302)
    return redirect("/sso/who", 302)


@app.get("/sso/me")
def me():
    own = session()
    return pages.me(own["person"]) if own else redirect("/sso/who", 302)


@app.post("/sso/me")
def go():
    sessions.pop(request.cookies.get("keystone", ""), None)
    return redirect("/sso/who", 303)


if __name__ == "__main__":
    server = make_server("127.0.0.1", int(os.environ.get("PORT", "9100")), app, threaded=True)
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever()
