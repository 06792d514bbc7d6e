"""A Django site that signs people in with mozilla-django-oidc (PyPI), around the ready settings."""

import json
import os
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import include, path, reverse

# What a new project has before the settings are added to it.
BEFORE = {
    "INSTALLED_APPS": ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    "MIDDLEWARE": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    "SECRET_KEY": "of this run",
    "ALLOWED_HOSTS": ["127.0.0.1"],
    "ROOT_URLCONF": __name__,
    "DEBUG": True,
    "USE_TZ": True,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path.cwd() / "site.db")}},
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
}


def start(_request):
    return HttpResponseRedirect(reverse("oidc_authentication_init"))


def home(request):
    if not request.user.is_authenticated:
        return JsonResponse({"error": "nobody is signed in"}, status=403)
    return JsonResponse({"email": request.user.email})


urlpatterns = [path("start", start), path("", home)]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def main():
    shown = dict(BEFORE)
    exec(compile(Path(os.environ["SETTINGS"]).read_text(encoding="utf-8"), "the ready settings", "exec"), shown)
    settings.configure(**{name: value for name, value in shown.items() if name.isupper()})
    django.setup()
    # The library's own addresses look at the settings.
    urlpatterns.append(path("oidc/", include("mozilla_django_oidc.urls")))
    call_command("migrate", verbosity=0)
    from django.core.wsgi import get_wsgi_application

    port = int(os.environ["PORT"])
    server = make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet)
    print(json.dumps({"url": f"http://127.0.0.1:{port}/start"}), flush=True)
    server.serve_forever()


main()
