"""A site behind mod_auth_openidc (Debian): an Apache of its own, whose one page tells what the module knows of the person."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MODULES = Path("/usr/lib/apache2/modules")
PATIENCE_S = 20

PAGE = """#!/usr/bin/env python3
import json, os
given = {name: json.loads(os.environ.get(name) or "null") for name in ("OIDC_userinfo_json", "OIDC_id_token_payload")}
print("Content-Type: application/json\\n")
print(json.dumps({"userinfo": given["OIDC_userinfo_json"], "claims": given["OIDC_id_token_payload"]}))
"""

CONFIGURATION = """
ServerRoot "{folder}"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile "{folder}/pid"
ErrorLog "{folder}/log"
DefaultRuntimeDir "{folder}"
{user}
{modules}
StartServers 1
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret "{secret}"
OIDCRedirectURI http://127.0.0.1:{port}/callback
OIDCCryptoPassphrase "of this run"
OIDCScope "{scope}"
OIDCPKCEMethod S256
OIDCPassUserInfoAs json
OIDCPassIDTokenAs payload
OIDCHTMLErrorTemplate "{folder}/error.json"
ScriptAlias / "{folder}/page/"
<Location />
  AuthType openid-connect
  Require valid-user
</Location>
<Location /callback>
  AuthType openid-connect
  Require valid-user
</Location>
"""


def configure(folder, port):
    page = folder / "page"
    page.mkdir()
    script = page / "me"
    script.write_text(PAGE)
    script.chmod(0o755)
    (folder / "error.json").write_text('{"error": "%s: %s"}')
    names = ["mpm_prefork", "authn_core", "authz_core", "authz_user", "alias", "cgi", "auth_openidc"]
    text = CONFIGURATION.format(
        folder=folder,
        port=port,
        # Whoever is root becomes somebody else, who must be able to read the page.
        user="User www-data\nGroup www-data" if os.geteuid() == 0 else "",
        modules="\n".join(f'LoadModule {name}_module "{MODULES}/mod_{name}.so"' for name in names),
        issuer=os.environ["ESIA_URL"],
        client_id=os.environ["CLIENT_ID"],
        secret=os.environ["CLIENT_SECRET"],
        scope=os.environ["SCOPE"],
    )
    (folder / "apache.conf").write_text(text)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main():
    if not (MODULES / "mod_auth_openidc.so").exists():
        sys.exit("needs the packages apache2-bin and libapache2-mod-auth-openidc of Debian")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        folder.chmod(0o755)
        port = int(os.environ["PORT"])
        configure(folder, port)
        # A group of its own: at its end Apache signals its whole group.
        command = ["/usr/sbin/apache2", "-f", folder / "apache.conf", "-DFOREGROUND"]
        apache = subprocess.Popen(command, stdout=sys.stderr, start_new_session=True)
        signal.signal(signal.SIGTERM, lambda *_: apache.terminate())
        until = time.monotonic() + PATIENCE_S
        while not listens(port) and apache.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        print(json.dumps({"url": f"http://127.0.0.1:{port}/me"}), flush=True)
        apache.wait()
        if apache.returncode:
            sys.stderr.write((folder / "log").read_text())


main()
