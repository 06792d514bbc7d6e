"""Makes fuzz/corpus: small right and nearly right inputs of each target, from the keys and recorded files of the repository.

usage: python3 fuzz/corpus.py

What a run has found and what was mended is beside them, under other names, and is left alone.
"""

import base64
import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz/corpus"
KEYS = ROOT / "esia/keys"
DATA = ROOT / "esia/tests-data"
NOW = 1725256800


def put(target, name, content):
    file = CORPUS / target / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def der(pem):
    return base64.b64decode("".join(line for line in pem.splitlines() if "-----" not in line))


def element(data, at=0):
    """Start of the contents and end of the DER element at a place."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    return start, start + length


def spki(certificate):
    """SubjectPublicKeyInfo: the seventh field of a certificate's first."""
    at = element(certificate, element(certificate)[0])[0]
    for _ in range(6):
        at = element(certificate, at)[1]
    return certificate[at : element(certificate, at)[1]]


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def token(header, claims, key="provider"):
    signed = b64url(json.dumps(header).encode()) + "." + b64url(json.dumps(claims).encode())
    command = ["openssl", "dgst", "-sha256", "-sign", KEYS / f"{key}.key.pem"]
    return signed + "." + b64url(subprocess.run(command, input=signed.encode(), capture_output=True, check=True).stdout)


def form(**fields):
    return "&".join(f"{name}={value}" for name, value in fields.items())


def main():
    cms_of = {file.stem: file.read_bytes() for file in sorted(DATA.glob("*.der"))}
    for name, content in cms_of.items():
        put("cms", name, content)
    put("cms", "cut", cms_of["detached"][:-1])
    put("cms", "tail", cms_of["detached"] + b"\0\0")

    certificates = sorted(KEYS.glob("*.crt.pem")) + sorted(DATA.glob("gost/*.pem"))
    for file in certificates:
        content = der(file.read_text())
        put("certificate", file.name.split(".pem")[0], content)
        if "gost" in str(file):
            put("gost", "spki-" + file.name.split(".")[0], spki(content))
    put("certificate", "pem", (KEYS / "diary.crt.pem").read_bytes())
    for file in sorted(KEYS.glob("*.key.pem")):
        put("key", file.name.split(".pem")[0], file.read_bytes())
        if "gost" in file.name:
            put("gost", "pkcs8-" + file.name.split(".")[0], der(file.read_text()))
    for name in ("provider", "diary.gost"):
        body = base64.encodebytes(spki(der((KEYS / f"{name}.crt.pem").read_text()))).decode()
        put("key", f"{name}.public", f"-----BEGIN PUBLIC KEY-----\n{body}-----END PUBLIC KEY-----\n")

    plain = base64.b64encode(cms_of["detached"][:61]).decode()
    put("base64", "standard", plain)
    put("base64", "url", plain.translate(str.maketrans("+/", "-_")))
    put("base64", "one-pad", plain.replace("=", "", 1))
    put("base64", "url-token-encode", plain.rstrip("=") + str(plain.count("=")))
    put("base64", "lines", base64.encodebytes(cms_of["detached"][:61]))
    put("base64", "space", plain.replace("+", " "))

    put("scope", "person", "openid fullname birthdate gender snils inn id_doc mobile email contacts")
    put("scope", "narrowed", "fullname?oid=1000299654 openid prm_req?oid=1000299654")
    put("scope", "organisation", "http://esia.gosuslugi.ru/org_shortname?org_oid=1000000111")
    put("scope", "wrong", "openid  fullname?oid= ?oid=1")

    put("embed", "elements", "embed=(contacts.elements-1,documents.elements,kids)")
    put("embed", "encoded", "embed=%28addresses.elements%2Cvehicles%2Corganizations%29&x=1")
    put("embed", "itself", "embed=(elements)")
    put("embed", "empty", "embed=()")

    put("timestamp", "moscow", "2021.02.12 00:15:26 +0300")
    put("timestamp", "space", "2021.02.12 00:15:26  0300")
    put("timestamp", "midnight", "2021.02.12 24:15:26 -1200")

    texts = ["I-ОО 000123", "anna@example.test", "Петрова Анна Сергеевна", "RYAZAN-DIARY", "1000299654"]
    for number, text in enumerate([*texts, "+7(000)0000001", "001-000-001 00"]):
        put("ids", str(number), text)

    times = {"nbf": NOW, "iat": NOW, "exp": NOW + 3600, "iss": "http://esia.gosuslugi.ru/", "urn:esia:sid": "a" * 64}
    subject = {"lvl": "PR", "typ": "P", "is_tru": True, "oid": 1000299654, "nam": "OID.1000299654"}
    subject = {f"urn:esia:sbj:{name}": value for name, value in subject.items()}
    access = {**times, "scope": "fullname?oid=1000299654 openid", "urn:esia:sbj_id": 1000299654, "client_id": "DIARY"}
    own = {"aud": "DIARY", "sub": 1000299654, "amr": "PWD", "urn:esia:amd": "PWD", "auth_time": NOW}
    put("token", "access", token({"ver": 1, "typ": "JWT", "sbt": "access", "alg": "RS256"}, access))
    put("token", "id", token({"ver": 0, "typ": "JWT", "sbt": "id", "alg": "RS256"}, {**times, **own, "urn:esia:sbj": subject}))
    code = {**times, "scope": "openid", "auth_time": NOW, "urn:esia:client:state": "s", "auth_mthd": "PWD", "params": {}}
    head = {"ver": 1, "typ": "JWT", "x5t#St256": "A" * 64, "sbt": "authorization_code", "alg": "RS256"}
    put("token", "code", token(head, {**code, "urn:esia:sbj": subject, "client_id": "DIARY"}))
    put("token", "none", token({"ver": 1, "typ": "JWT", "sbt": "access", "alg": "none"}, access).rsplit(".", 1)[0] + ".")
    put("token", "stranger", token({"ver": 1, "typ": "JWT", "sbt": "access", "alg": "RS256"}, access, "stranger"))

    lines = ["DIARY", "openid", "", "2024.09.02 09:00:00 +0300", "0b7f3a52", "http://127.0.0.1:9/callback", "", ""]
    put("secret", "cms", "\n".join([*lines, "", b64url(cms_of["detached"])]))
    put("secret", "raw", "\n".join([*lines, "CD6EA358" * 8, b64url(bytes(range(64)))]))

    for file in sorted((ROOT / "scenarios/worlds").glob("*.yaml"), key=lambda file: file.stat().st_size)[:2]:
        put("seed", file.stem, file.read_bytes())
    put("seed", "alias", "title: &a x\nclock: real\ngosuslugi: {people: {анна: {name: *a}}}\n")

    form_type = "content-type: application/x-www-form-urlencoded"
    json_type = "content-type: application/json"
    client = form(client_id="DIARY", client_secret="{secret}", redirect_uri="http%3A%2F%2F127.0.0.1%3A9%2Fcallback",
                  scope="openid+fullname+snils+birthdate+email+mobile", state="0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11",
                  timestamp="2024.09.02+09%3A00%3A00+%2B0300")
    ask = client + "&response_type=code&access_type=offline"
    permissions = b64url(json.dumps([{"sysname": "CREDIT", "expire": 60, "actions": [{"sysname": "USE_DATA"}],
                                      "purposes": [{"sysname": "CREDIT"}], "scopes": [{"sysname": "fullname"}]}]).encode())
    put("permissions", "one", permissions)
    put("permissions", "padded", permissions + "=" * (-len(permissions) % 4))
    put("permissions", "bare", b64url(b'[{"sysname":"","expire":"x"}]'))
    put("permissions", "empty", b64url(b"[]"))
    bearer = "authorization: Bearer {token}"
    requests = {
        "ac": f"GET /aas/oauth2/ac?{ask}",
        "ac-post": f"POST /aas/oauth2/ac\n{form_type}\n\n{ask}",
        "ac-v2": f"GET /aas/oauth2/v2/ac?{ask}&client_certificate_hash={'A' * 64}&scope_org=&permissions={permissions}",
        "te": f"POST /aas/oauth2/te\n{form_type}\n\n{client}&grant_type=authorization_code&code={{code}}&token_type=Bearer",
        "te-query": f"POST /aas/oauth2/te?{client}&grant_type=refresh_token&refresh_token=0b7f3a52",
        "te-system": f"POST /aas/oauth2/v3/te\n{form_type}\n\n{client}&grant_type=client_credentials",
        "login": f"POST /login\n{form_type}\ncookie: idp_csrf_main={'0' * 32}\n\nlogin=anna%40family.test&password=x&csrf={'0' * 32}",
        "login-api": f'POST /aas/oauth2/api/login\n{json_type}\n\n{{"login":"anna@family.test","password":"x"}}',
        "logout": "GET /idp/ext/Logout?client_id=DIARY&redirect_url=http%3A%2F%2F127.0.0.1%3A9%2F",
        "person": f"GET /rs/prns/{{oid}}\n{bearer}",
        "contacts": f"GET /rs/prns/{{oid}}/ctts?embed=(elements)\n{bearer}",
        "embed": f"GET /rs/prns/{{oid}}//?embed=%28contacts.elements-1,documents.elements,kids%29\n{bearer}",
        "ask-consent": f'POST /rs/prns/{{oid}}/permissions/requests\n{bearer}\n{json_type}\n\n{{"scopes":["fullname"],"purpose":"x"}}',
        "keys": "GET /public/esia.zip",
        "bad-token": "GET /rs/prns/1\nauthorization: Bearer a.b.c",
    }
    for name, text in requests.items():
        put("request", name, text)


main()
