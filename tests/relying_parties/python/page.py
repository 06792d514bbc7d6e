"""What each site shows: who is signed in, or that nobody is; and a page for a sign-in that did not succeed."""

import os

from flask import Flask, redirect, session
from page_text import PAGE


def site():
    """A site without a sign-in yet."""
    app = Flask(__name__)
    app.secret_key = "of this run"

    @app.get("/")
    def home():
        who = session.get("who")
        return PAGE.format(f'<p id="who">{who}</p> <a href="/logout">Выйти</a>' if who else "Никто не вошёл.")

    @app.get("/logout")
    def leave():
        session.clear()
        return redirect("/")

    @app.errorhandler(Exception)
    def refuse(error):
        app.logger.warning("refused: %r", error)
        return PAGE.format("Вход не выполнен."), 403

    return app


def serve(app):
    app.run("127.0.0.1", int(os.environ["PORT"]), threaded=True)
