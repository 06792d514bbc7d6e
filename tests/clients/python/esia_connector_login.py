"""A site that signs people in with esia-connector (PyPI)."""

import os

from esia_connector.client import EsiaAuth, EsiaSettings
from site_of_a_client import serve

settings = EsiaSettings(
    esia_client_id=os.environ["CLIENT_ID"],
    redirect_uri=None,
    certificate_file=os.environ["CERTIFICATE"],
    private_key_file=os.environ["KEY"],
    esia_service_url=os.environ["ESIA_URL"],
    esia_scope=os.environ["SCOPE"],
    esia_token_check_key=os.environ["ESIA_PUBLIC_KEY"],
)
auth = EsiaAuth(settings)


def start(callback):
    return auth.get_auth_url(redirect_uri=callback)


def finish(query, callback):
    esia = auth.complete_authorization(query["code"], query["state"], redirect_uri=callback)
    return {
        "oid": esia.oid,
        "person": esia.get_person_main_info("https://esia.gosuslugi.ru/rs/model/prn/Person-3"),
        "contacts": esia.get_person_contacts(),
    }


serve(start, finish)
