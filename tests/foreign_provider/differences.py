"""Differences that are put in on purpose: DIFFER names some of them, with commas between them.

lifetime       an access token lives 15 minutes and not an hour
status         the authorization request is answered with 303 and not 302
caching        answers with tokens and data are Cache-Control: private and not no-store
claim-type     account_level is an object and not a string
claim-missing  gender is not told
issuer         the code comes back without iss (RFC 9207)
elsewhere      pages and keys are at another host
"""

import os

NAMES = ["lifetime", "status", "caching", "claim-type", "claim-missing", "issuer", "elsewhere"]
CHOSEN = {name for name in os.environ.get("DIFFER", "").split(",") if name}
assert CHOSEN <= set(NAMES), CHOSEN - set(NAMES)


def differs(name):
    assert name in NAMES, name
    return name in CHOSEN
