"""What the package asks of the control API is what the program's OpenAPI document says."""

from typing import Any

import pytest

from pytest_esia_stand import ControlError, Stand, contract
from pytest_esia_stand.contract import Call

Json = dict[str, Any]


@pytest.fixture(scope="session")
def documents(esia_stand: Stand) -> dict[str, Json]:
    return {server.server: server.get("/control/openapi.json") for server in esia_stand.servers}


def properties(document: Json, schema: Json) -> set[str]:
    """The names of the fields of an object, or of the items of a list."""
    if "$ref" in schema:
        return properties(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "items" in schema:
        return properties(document, schema["items"])
    return set(schema.get("properties", {})).union(*(properties(document, part) for part in schema.get("allOf", [])))


def content(document: Json, described: Json) -> Json:
    [media] = described["content"].values()
    schema: Json = media["schema"]
    return schema


def differences(document: Json, call: Call) -> list[str]:
    """What of a call the document does not have."""
    operation = document["paths"].get(call.path, {}).get(call.method.lower())
    if operation is None:
        return [f"{call.method} {call.path}"]
    missing = []
    if call.sends:
        missing += sorted(call.sends - properties(document, content(document, operation["requestBody"])))
    missing += sorted(call.asks - {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"})
    if call.reads and not call.opaque:
        done = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        missing += sorted(call.reads - properties(document, content(document, done)))
    return [f"{call.method} {call.path}: {name}" for name in missing]


def test_every_call_is_in_the_document_of_its_servers(documents: dict[str, Json]) -> None:
    assert len(contract.CALLS) > 15
    asked = [(call, documents[server]) for call in contract.CALLS for server in call.at]
    assert [line for call, document in asked for line in differences(document, call)] == []


def test_what_is_not_in_the_document_is_found(documents: dict[str, Json]) -> None:
    wrong = Call("POST", "/control/faults", sends=frozenset({"falt"}), asks=frozenset({"ask"}), reads=frozenset({"no"}))
    assert differences(documents["idp"], wrong) == [f"POST /control/faults: {name}" for name in ("falt", "ask", "no")]
    assert differences(documents["diary"], wrong) == ["POST /control/faults"]


def test_nothing_else_is_sent(esia_stand: Stand) -> None:
    with pytest.raises(ControlError, match="takes no seeed"):
        esia_stand.main.idp.call(contract.MAKE, {"name": "x", "seeed": {}})
    with pytest.raises(ControlError, match="the diary has no"):
        esia_stand.main.diary.call(contract.FAULTS)
