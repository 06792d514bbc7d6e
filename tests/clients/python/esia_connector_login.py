"""A site that signs people in with esia-connector (PyPI)."""

from site_of_a_client import serve, shown

auth = shown()["auth"]


def start(_callback):
    return auth.get_auth_url()


def finish(query, _callback):
    esia = auth.complete_authorization(query["code"], query["state"])
    return {
        "oid": esia.oid,
        "person": esia.get_person_main_info("https://esia.gosuslugi.ru/rs/model/prn/Person-3"),
        "contacts": esia.get_person_contacts(),
    }


serve(start, finish)
