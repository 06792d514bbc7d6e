"""A site behind mod_auth_openidc (Debian): an Apache of its own, whose one page shows whom the module let through."""

import os
import sys
from pathlib import Path

from page_text import PAGE

MODULES = Path("/usr/lib/apache2/modules")
NAMES = ["mpm_prefork", "authn_core", "authz_core", "authz_user", "alias", "cgi", "auth_openidc"]

SCRIPT = """#!/bin/sh
printf 'Content-Type: text/html; charset=utf-8\\n\\n'
shown="Никто не вошёл."
[ -z "$OIDC_CLAIM_sub" ] || shown="<p id=\\"who\\">$OIDC_CLAIM_sub</p> <a href=\\"/logout\\">Выйти</a>"
printf '%s' '{before}' "$shown" '{after}'
"""

CONFIGURATION = """
ServerRoot "{folder}"
ServerName 127.0.0.1
Listen 127.0.0.1:{PORT}
PidFile "{folder}/pid"
ErrorLog "{folder}/log"
DefaultRuntimeDir "{folder}"
{user}
{modules}
StartServers 2
OIDCProviderMetadataURL {ISSUER}/.well-known/openid-configuration
OIDCClientID {CLIENT_ID}
OIDCClientSecret "{CLIENT_SECRET}"
OIDCRedirectURI {SITE}/callback
OIDCCryptoPassphrase "of this run"
OIDCScope "openid fullname"
OIDCPKCEMethod S256
OIDCHTMLErrorTemplate "{folder}/error.html"
ErrorDocument 400 "{refusal}"
ErrorDocument 500 "{refusal}"
Redirect temp /logout {SITE}/callback?logout={SITE}/
ScriptAlias / "{folder}/page/show/"
<Location />
  AuthType openid-connect
  Require valid-user
  OIDCUnAuthAction pass
</Location>
<Location /login>
  OIDCUnAuthAction auth
</Location>
"""


def main():
    folder = Path.cwd()
    (folder / "page").mkdir(exist_ok=True)
    script = folder / "page" / "show"
    before, after = PAGE.split("{}")
    script.write_text(SCRIPT.format(before=before, after=after))
    script.chmod(0o755)
    # The module puts an error and its description into it.
    refusal = PAGE.format("Вход не выполнен.")
    (folder / "error.html").write_text(refusal + "<!-- %s %s -->")
    # Apache declares this one as Latin-1, whatever the page says itself.
    quoted = refusal.encode("ascii", "xmlcharrefreplace").decode().replace('"', '\\"')
    for part in [folder, *folder.parents][:3]:
        part.chmod(0o755)
    # Whoever is root becomes somebody else, who must be able to read the page.
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    modules = "\n".join(f'LoadModule {name}_module "{MODULES}/mod_{name}.so"' for name in NAMES)
    text = CONFIGURATION.format(folder=folder, user=user, modules=modules, refusal=quoted, **os.environ)
    (folder / "apache.conf").write_text(text)
    if not (MODULES / "mod_auth_openidc.so").exists():
        sys.exit("needs the packages apache2-bin and libapache2-mod-auth-openidc of Debian")
    os.execv("/usr/sbin/apache2", ["apache2", "-f", str(folder / "apache.conf"), "-DFOREGROUND"])


main()
