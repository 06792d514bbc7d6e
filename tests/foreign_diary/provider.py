"""Gosuslugi as this diary asks them: OpenID Connect with Authlib, in each world its own issuer."""

import os
from urllib.parse import urlencode

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.integrations.requests_client import OAuthError
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

import bugs

SCOPES = ["fullname", "birthdate", "snils", "birth_cert_doc"]
SECRET = os.environ.get("CLIENT_SECRET", "test-only-secret")
PATIENCE_S = 10
LEEWAY_S = 60


class Distrusted(Exception):
    """The answer cannot be believed."""


class Failed(Exception):
    """Gosuslugi did not answer, or not as they must."""


class Refused(Failed):
    """Gosuslugi refused a token request."""


class Provider:
    """The provider of one world."""

    known = {}

    def __init__(self, issuer, client):
        self.issuer, self.client = issuer, client
        self.http = requests.Session()
        self.http.trust_env = False

    def ask(self, method, url, **options):
        try:
            answer = self.http.request(method, url, timeout=PATIENCE_S, allow_redirects=False, **options)
        except requests.RequestException as error:
            raise Failed(str(error)) from error
        if answer.status_code in (400, 401, 403):
            raise Refused(answer.text[:200])
        if not answer.ok or answer.is_redirect:
            raise Failed(f"{url}: {answer.status_code}")
        try:
            return answer.json()
        except ValueError as error:
            raise Failed(f"{url}: {error}") from error

    def about(self):
        """The discovery document, fetched once."""
        if self.issuer not in self.known:
            document = self.ask("GET", self.issuer + "/.well-known/openid-configuration")
            if document.get("issuer") != self.issuer:
                raise Distrusted(f"the document is of {document.get('issuer')}")
            self.known[self.issuer] = document
        return self.known[self.issuer]

    def library(self, **more):
        session = OAuth2Session(
            self.client,
            SECRET,
            scope=" ".join(["openid", *SCOPES, "offline_access"]),
            token_endpoint_auth_method="client_secret_basic",
            code_challenge_method="S256",
            **more,
        )
        session.trust_env = False
        return session

    def way_out(self, back):
        """The address to go to, and what must be remembered meanwhile."""
        nonce, verifier = generate_token(32), generate_token(64)
        url, state = self.library(redirect_uri=back).create_authorization_url(
            self.about()["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
        return url, {"state": state, "nonce": nonce, "verifier": verifier}

    def token(self, ask):
        try:
            return ask(self.about()["token_endpoint"])
        except OAuthError as error:
            raise Refused(str(error)) from error
        except (requests.RequestException, ValueError) as error:
            raise Failed(str(error)) from error

    def redeem(self, code, back, kept, now):
        """Who has signed in: tokens, claims of the id token, claims of userinfo."""
        library = self.library(redirect_uri=back)
        tokens = self.token(lambda url: library.fetch_token(url, code=code, code_verifier=kept["verifier"], timeout=PATIENCE_S))
        identity = self.identity(tokens, now, kept["nonce"])
        person = self.ask("GET", self.about()["userinfo_endpoint"], headers={"Authorization": f"Bearer {tokens['access_token']}"})
        if person.get("sub") != identity["sub"]:
            raise Distrusted("the data are another person's")
        return tokens, identity, person

    def identity(self, tokens, now, nonce=None):
        """Claims of the id token, all of it verified."""
        token = tokens.get("id_token")
        if not token:
            raise Distrusted("there is no id token")
        if bugs.has("believes-anything"):
            return jwt.json.loads(jws.extract_compact(token.encode()).payload)
        must = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        if nonce:
            must["nonce"] = {"essential": True, "value": nonce}
        try:
            claims = self.verified(token).claims
            jwt.JWTClaimsRegistry(now=int(now), leeway=LEEWAY_S, **must).validate(claims)
        except (JoseError, ValueError, KeyError) as error:
            raise Distrusted(str(error)) from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1:
            raise Distrusted("the token is for others too")
        return claims

    def verified(self, token):
        """The token with a signature that holds; keys are fetched again where none of those known fits."""
        url = self.about()["jwks_uri"]
        if url in self.known:
            try:
                return jwt.decode(token, self.known[url], algorithms=["RS256"])
            except (JoseError, ValueError, KeyError):
                pass
        self.known[url] = KeySet.import_key_set({"keys": [key for key in self.ask("GET", url)["keys"] if key.get("kty") == "RSA"]})
        return jwt.decode(token, self.known[url], algorithms=["RS256"])

    def renew(self, tokens, sub, now):
        """New tokens for the refresh token, about the same person."""
        library = self.library()
        fresh = self.token(lambda url: library.refresh_token(url, refresh_token=tokens["refresh_token"], timeout=PATIENCE_S))
        if fresh.get("id_token") and self.identity(fresh, now)["sub"] != sub:
            raise Distrusted("the tokens are another person's")
        return dict(fresh)

    def in_force(self, tokens):
        """The scopes that the person still consents to; None where the token is not in force at all."""
        said = self.ask("POST", self.about()["introspection_endpoint"], data={"token": tokens["access_token"]}, auth=(self.client, SECRET))
        return set((said.get("scope") or "").split()) if said.get("active") else None

    def ask_consent(self, sub):
        """Asks the guardians of somebody: granted, requested or no-guardian."""
        library = self.library()
        own = self.token(lambda url: library.fetch_token(url, grant_type="client_credentials", scope="consent_request", timeout=PATIENCE_S))
        asked = {"sub": sub, "scope": " ".join(SCOPES), "purpose": "Вход в электронный дневник"}
        answer = self.ask("POST", self.issuer + "/oidc/consent-requests", json=asked, headers={"Authorization": f"Bearer {own['access_token']}"})
        return answer["status"]

    def way_off(self, back):
        """The address where the session at Gosuslugi is ended."""
        query = urlencode({"client_id": self.client, "post_logout_redirect_uri": back})
        return f"{self.about()['end_session_endpoint']}?{query}"
