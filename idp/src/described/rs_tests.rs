//! The description of `/rs` against its wire types and its table.

use esia::{
    error::RestErrorBody,
    person::{
        Address, Collection, Contact, Document, Employee, Group, Kid, Organisation, Person, RegContext, Role,
        SubjectInfo, Vehicle,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{checked::faults, document::document};
use crate::{
    protocols::rs,
    testing::{Rig, family},
};

/// Reads a value as a wire type and writes it again.
fn again<T: DeserializeOwned + Serialize>(value: &Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(value.clone()).unwrap()).unwrap()
}

/// Reads and writes an example as the type of its schema.
fn read(schema: &str, example: &Value) -> Value {
    match schema {
        "rs.Person" => again::<Person>(example),
        "rs.RegContext" => again::<RegContext>(example),
        "rs.SubjectInfo" => again::<SubjectInfo>(example),
        "rs.Organisation" => again::<Organisation>(example),
        "rs.RestErrorBody" => again::<RestErrorBody>(example),
        "rs.Contact" => again::<Contact>(example),
        "rs.Address" => again::<Address>(example),
        "rs.Document" => again::<Document>(example),
        "rs.Vehicle" => again::<Vehicle>(example),
        "rs.Kid" => again::<Kid>(example),
        "rs.Role" => again::<Role>(example),
        "rs.Employee" => again::<Employee>(example),
        "rs.Group" => again::<Group>(example),
        "rs.RoleList" => again::<Collection<Role>>(example),
        list if list.ends_with("List") => again::<Collection<Value>>(example),
        other => panic!("{other} is of no answer"),
    }
}

#[test]
fn nothing_of_a_schema_is_lost_on_its_way_into_the_document() {
    let document = serde_json::to_value(document()).unwrap();
    let schemas = rs::schemas();
    assert!(schemas.len() > 20, "{:?}", schemas.keys());
    for (name, schema) in schemas {
        assert_eq!(document["components"]["schemas"][&name], schema, "{name}");
    }
}

#[test]
fn every_answer_has_a_schema_and_an_example_that_its_wire_type_reads() {
    let document = serde_json::to_value(document()).unwrap();
    let mut count = 0;
    for (path, item) in
        document["paths"].as_object().unwrap().iter().filter(|(_, item)| item["get"]["tags"] == json!(["rs"]))
    {
        for (status, response) in item["get"]["responses"].as_object().unwrap() {
            let content = &response["content"]["application/json"];
            let schema = content["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
            let example = &content["example"];
            assert_eq!(faults(schema, example), [""; 0], "{path} {status}");
            assert_eq!(read(schema, example), *example, "{path} {status}");
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

#[tokio::test]
async fn every_address_is_served_to_those_who_have_a_token() {
    let rig = Rig::new(family()).await;
    for one in rs::described() {
        let path = one.path.replace("{oid}", "1000300001").replace("{version}", "v4").replace(['{', '}'], "");
        let answer = rig.anyone().get(&path).await;
        assert_eq!(answer.json(if one.by_token { 401 } else { 200 }).get("code").is_some(), one.by_token, "{path}");
    }
}

#[test]
fn what_is_not_described_is_found() {
    let good =
        json!({ "stateFacts": ["Identifiable"], "id": 1, "type": "EML", "value": "a@b.test", "vrfStu": "VERIFIED" });
    assert_eq!(faults("rs.Contact", &good), [""; 0]);
    for (name, value) in [
        ("more", json!(1)),
        ("id", json!("1")),
        ("type", json!("no-such-type")),
        ("stateFacts", json!(["EntityRoot"])),
        ("eTag", Value::Null),
    ] {
        let mut wrong = good.clone();
        wrong[name] = value;
        assert_eq!(faults("rs.Contact", &wrong).len(), 1, "{wrong}");
        let list = |element: &Value| json!({ "stateFacts": ["hasSize"], "size": 1, "elements": [element] });
        assert_eq!(faults("rs.ContactList", &list(&good)), [""; 0]);
        assert!(!faults("rs.ContactList", &list(&wrong)).is_empty(), "{wrong}");
    }
    let mut less = good;
    less.as_object_mut().unwrap().remove("vrfStu");
    assert_eq!(faults("rs.Contact", &less).len(), 1);
}
