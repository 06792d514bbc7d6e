"""A site that signs people in with mozilla-django-oidc (PyPI), which knows them by their e-mail."""

import os
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings
from django.contrib.auth import logout
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import include, path
from page_text import PAGE

ISSUER = os.environ["ISSUER"]
settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "mozilla_django_oidc"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"],
    AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.db"}},
    SECRET_KEY="of this run",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    LOGIN_REDIRECT_URL="/",
    LOGIN_REDIRECT_URL_FAILURE="/refused",
    OIDC_RP_CLIENT_ID=os.environ["CLIENT_ID"],
    OIDC_RP_CLIENT_SECRET=os.environ["CLIENT_SECRET"],
    OIDC_RP_SCOPES="openid email",
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_OP_AUTHORIZATION_ENDPOINT=ISSUER + "/oidc/authorize",
    OIDC_OP_TOKEN_ENDPOINT=ISSUER + "/oidc/token",
    OIDC_OP_USER_ENDPOINT=ISSUER + "/oidc/userinfo",
    OIDC_OP_JWKS_ENDPOINT=ISSUER + "/oidc/jwks",
    OIDC_USE_PKCE=True,
    OIDC_TIMEOUT=10,
)
django.setup()


def home(request):
    user = request.user
    shown = f'<p id="who">{user.email}</p> <a href="/logout">Выйти</a>' if user.is_authenticated else "Никто не вошёл."
    return HttpResponse(PAGE.format(shown))


def leave(request):
    logout(request)
    return HttpResponseRedirect("/")


def refuse(_request, *_args, **_named):
    return HttpResponse(PAGE.format("Вход не выполнен."), status=403)


handler400 = handler403 = handler500 = refuse
to_login = path("login", lambda _request: HttpResponseRedirect("/oidc/authenticate/"))
urlpatterns = [path("", home), to_login, path("logout", leave), path("refused", refuse), path("oidc/", include("mozilla_django_oidc.urls"))]
call_command("migrate", verbosity=0)
server = type("Server", (ThreadingMixIn, WSGIServer), {"daemon_threads": True})
make_server("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application(), server).serve_forever()
