"""A site that signs people in with Authlib (PyPI): PKCE, nonce, a secret; then all that it can do with its tokens."""

import os

import requests
from authlib.common.security import generate_token
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet
from site_of_a_client import serve, shown

settings = shown()
found, session = settings["found"], settings["session"]
session.scope += " offline_access"
issuer = found["issuer"]
keys = KeySet.import_key_set(requests.get(found["jwks_uri"], timeout=30).json())
started = {"verifier": generate_token(48), "nonce": generate_token(20)}


def start(_callback):
    url, started["state"] = session.create_authorization_url(
        found["authorization_endpoint"], code_verifier=started["verifier"], nonce=started["nonce"]
    )
    return url


def finish(query, _callback):
    assert query["iss"] == issuer, query
    token = session.fetch_token(
        found["token_endpoint"],
        grant_type="authorization_code",
        code=query["code"],
        state=started["state"],
        code_verifier=started["verifier"],
    )
    read = jwt.decode(token["id_token"], keys)
    expected = {"iss": {"value": issuer}, "aud": {"value": os.environ["CLIENT_ID"]}}
    known = {"nonce": started["nonce"], "client_id": os.environ["CLIENT_ID"], "access_token": token["access_token"]}
    claims = CodeIDToken(read.claims, read.header, expected, known)
    claims.validate()
    userinfo = session.get(found["userinfo_endpoint"]).json()
    renewed = session.refresh_token(found["token_endpoint"])
    introspect = lambda: session.introspect_token(found["introspection_endpoint"], renewed["access_token"]).json()
    before = introspect()
    session.revoke_token(found["revocation_endpoint"], renewed["refresh_token"], token_type_hint="refresh_token")
    return {
        "claims": dict(claims),
        "userinfo": userinfo,
        "active": [before["active"], introspect()["active"]],
        "logout": found["end_session_endpoint"] + "?id_token_hint=" + token["id_token"],
    }


serve(start, finish)
