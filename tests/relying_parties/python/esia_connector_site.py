"""A site that signs people in with esia-connector (PyPI) and Flask. The library leaves `state` to the site."""

import os
import uuid

from esia_connector.client import EsiaAuth, EsiaSettings
from flask import redirect, request, session
from page import serve, site

app = site()
auth = EsiaAuth(
    EsiaSettings(
        esia_client_id=os.environ["CLIENT_ID"],
        redirect_uri=os.environ["SITE"] + "/callback",
        certificate_file=os.environ["CERTIFICATE"],
        private_key_file=os.environ["KEY"],
        esia_service_url=os.environ["ISSUER"],
        esia_scope="openid fullname",
        esia_token_check_key=os.environ["PROVIDER_KEY"],
    )
)


@app.get("/login")
def login():
    session["state"] = str(uuid.uuid4())
    return redirect(auth.get_auth_url(state=session["state"]))


@app.get("/callback")
def callback():
    if "error" in request.args or request.args.get("state") != session.pop("state", None):
        raise ValueError(request.args.get("error", "state"))
    person = auth.complete_authorization(request.args["code"], request.args["state"])
    person.get_person_main_info()
    session["who"] = str(person.oid)
    return redirect("/")


serve(app)
