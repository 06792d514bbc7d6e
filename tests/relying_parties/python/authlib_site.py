"""A site that signs people in with Authlib (PyPI) and Flask: discovery, PKCE, nonce."""

import os

from authlib.integrations.flask_client import OAuth
from flask import redirect, session
from page import serve, site

app = site()
issuer = os.environ["ISSUER"]
provider = OAuth(app).register(
    "gosuslugi",
    server_metadata_url=issuer + "/.well-known/openid-configuration",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    client_kwargs={"scope": "openid fullname", "code_challenge_method": "S256"},
)


@app.get("/login")
def login():
    return provider.authorize_redirect(os.environ["SITE"] + "/callback")


@app.get("/callback")
def callback():
    token = provider.authorize_access_token()
    person = provider.userinfo(token=token)
    if person["sub"] != token["userinfo"]["sub"]:
        raise ValueError("the data are another person's")
    session["who"] = person["sub"]
    return redirect("/")


serve(app)
