"""A site in Flask that signs people in at Gosuslugi by ЕСИА's own protocol, with esia-connector."""

import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from esia_connector.client import EsiaAuth, EsiaInformationConnector, EsiaSettings
from esia_connector.exceptions import EsiaError, HttpError
from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

PAGE = '<!doctype html><html lang="ru"><head><title>Сайт</title></head><body><main>{}</main></body></html>'
LOGIN = '<a href="/login">Войти через Госуслуги</a>'


class Refused(Exception):
    """A sign-in that did not succeed."""


@dataclass(frozen=True)
class Settings:
    """What tells one provider from another."""

    esia_url: str
    client_id: str
    #: `client.key.pem` and `client.cert.pem` of the system, `provider.pem` of Gosuslugi.
    keys: Path

    @classmethod
    def of_environment(cls) -> "Settings":
        read = os.environ.get
        return cls(read("ESIA_URL", "http://127.0.0.1:8081"), read("CLIENT_ID", "MY-SITE"), Path(read("KEYS", "keys")))


def status_of(error: HttpError) -> int | None:
    """What the provider answered; the library wraps the error of requests."""
    return getattr(error.args[0].response, "status_code", None)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.of_environment()
    app = Flask(__name__)
    app.secret_key = os.environ.get("SESSION_SECRET") or os.urandom(32)
    # The cookie holds a number alone; tokens stay here. One process is enough for this site.
    signed_in: dict[str, EsiaInformationConnector] = {}
    esia = EsiaAuth(
        EsiaSettings(
            esia_client_id=settings.client_id,
            redirect_uri=None,
            certificate_file=str(settings.keys / "client.cert.pem"),
            private_key_file=str(settings.keys / "client.key.pem"),
            esia_service_url=settings.esia_url,
            esia_scope="openid fullname",
            esia_token_check_key=str(settings.keys / "provider.pem"),
        )
    )

    @app.get("/")
    def home():
        who = signed_in.get(session.get("number", ""))
        if who is None:
            return PAGE.format(f"<p>Вы не вошли. {LOGIN}</p>")
        try:
            person = who.get_person_main_info()
        except HttpError as error:
            if status_of(error) != 401:
                raise
            # Gosuslugi decide when a session is over, not the clock of this machine.
            del signed_in[session.pop("number")]
            return PAGE.format(f"<p>Сессия закончилась. {LOGIN}</p>"), 401
        if "lastName" not in person:
            # A minor is never asked: without a guardian's consent the token opens nothing about them.
            return PAGE.format('<p>Нужно согласие одного из родителей.</p> <a href="/logout">Выйти</a>'), 403
        name = escape(" ".join(person[part] for part in ("lastName", "firstName", "middleName") if part in person))
        return PAGE.format(f'<p id="who">{name}</p> <a href="/logout">Выйти</a>')

    @app.get("/login")
    def login():
        session["state"] = str(uuid.uuid4())
        return redirect(esia.get_auth_url(session["state"], url_for("callback", _external=True)))

    @app.get("/callback")
    def callback():
        # The library leaves `state` to the site.
        if request.args.get("state") != session.pop("state", None):
            raise Refused("another state than was sent")
        if "error" in request.args:
            raise Refused(request.args.get("error_description", request.args["error"]))
        who = esia.complete_authorization(
            request.args["code"], request.args["state"], redirect_uri=url_for("callback", _external=True)
        )
        session["number"] = str(uuid.uuid4())
        signed_in[session["number"]] = who
        return redirect("/")

    @app.get("/logout")
    def logout():
        signed_in.pop(session.pop("number", ""), None)
        return redirect("/")

    @app.errorhandler(Refused)
    @app.errorhandler(EsiaError)
    def refuse(error):
        app.logger.warning("refused: %s", error)
        return PAGE.format(f"<p>Вход не выполнен. {LOGIN}</p>"), 403

    return app
