//! Every resource of `/rs`, compared with its section of the documents, and the scopes that open it.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{Certificate, SigningKey, cms::sign_detached, keys};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::tests::{code, without_tags};
use crate::{
    protocols::esia::testing::{Rp, escaped, section},
    testing::{Rig, september},
};

/// Every scope of a natural person that opens something.
const ALL: &str = "openid fullname birthdate gender birthplace citizenship snils inn id_doc birth_cert_doc \
    drivers_licence_doc foreign_passport_doc military_doc medical_doc residence_doc temporary_residence_doc email mobile \
    contacts addresses vehicles usr_org self_employed kid_fullname kid_birthdate kid_gender kid_snils kid_inn \
    kid_birth_cert_doc kid_medical_doc kid_mobile kid_email";

const ORGANISATION: u64 = 1_000_000_111;
const API_KEY: &str = "11111111-2222-3333-4444-555555555555";

/// The family's world, in which Анна has everything that a profile can hold and heads an organisation.
fn rich() -> Value {
    let mut section = section();
    let scopes: Vec<_> =
        ALL.split_whitespace().chain(["marriage_cert_doc", "usr_inf", "org_fullname", "org_inn"]).collect();
    section["clients"][0]["scopes"] = json!(scopes);
    section["clients"][0]["esia"] = json!({ "api-key": API_KEY });
    section["people"]["анна"]["passport"]["office"] = json!("000001");
    section["people"]["анна"]["profile"] = json!({
        "birth-place": "г. Рязань", "inn": "000000000000", "self-employed": "2023-04-01",
        "home-phone": "+7(000)0000091", "work-email": "anna@school.test", "work-phone": "+7(000)0000092",
        "documents": [
            { "type": "RF_DRIVING_LICENSE", "series": "0000", "number": "000001", "issued": "2010-05-01", "issued-by": "ГИБДД", "expires": "2030-05-01" },
            { "type": "FRGN_PASS", "series": "00", "number": "0000001", "issued": "2020-02-01", "issued-by": "МВД", "expires": "2030-02-01",
              "last-name": "PETROVA", "first-name": "ANNA" },
            { "type": "MLTR_ID", "series": "ОО", "number": "0000001", "issued": "2003-06-01", "issued-by": "Военкомат" },
            { "type": "MDCL_PLCY", "number": "0000000000000001", "medical-org": "Страховая компания", "unverified": true },
        ],
        "addresses": [
            { "type": "PLV", "zip": "000001", "fias": "00000000-0000-0000-0000-000000000001", "region": "Рязанская обл",
              "city": "г Рязань", "street": "ул Первая", "house": "1", "frame": "2", "building": "3", "flat": "4" },
            { "type": "PRG", "zip": "000002", "region": "Рязанская обл", "settlement": "с Первое", "house": "5" },
            { "type": "PTA", "zip": "000003", "region": "Рязанская обл", "city": "г Рязань" },
        ],
        "vehicles": [{ "name": "Лада", "plate": "А123АА00", "series": "0000", "number": "000001" }],
    });
    section["organisations"] = json!({ "школа": {
        "oid": ORGANISATION, "full-name": "МБОУ «Школа № 43»", "short-name": "Школа № 43", "type": "LEGAL",
        "ogrn": "1000000000000", "inn": "0000000000", "kpp": "000001001", "leg": "75403", "oktmo": "61701000",
        "phone": "+7(000)0000093", "email": "school@school.test",
        "addresses": [{ "type": "OPS", "zip": "000001", "city": "г Рязань" }],
        "groups": { "ORG_ADMIN": { "name": "Администраторы" }, "DIARY_TEACHER": { "name": "Учителя", "client": "DIARY" } },
        "employees": {
            "анна": { "position": "Директор", "chief": true, "admin": true, "email": "anna@school.test", "groups": ["ORG_ADMIN"] },
            "пётр": { "position": "Учитель", "groups": ["DIARY_TEACHER"] },
        },
        "clients": ["DIARY"],
    } });
    section
}

struct Asking {
    rig: Rig,
    person: String,
    token: String,
}

impl Asking {
    async fn with(scope: &'static str) -> Self {
        Self::of(scope, "анна").await
    }

    async fn of(scope: &'static str, key: &str) -> Self {
        let rig = Rig::new(rich()).await;
        let tokens = rig.tokens(&Rp { scope, ..Rp::default() }, key).await;
        let person = format!("/rs/prns/{}", rig.oid(key).await);
        Self { rig, person, token: tokens["access_token"].as_str().unwrap().to_owned() }
    }

    /// Returns the parts of the person, without tags.
    async fn get(&self, below: &str) -> String {
        let answer = self.rig.rs(&format!("{}{below}", self.person), &self.token).await;
        if answer.status == 200 { without_tags(answer.ok()) } else { code(&answer) }
    }
}

#[tokio::test]
async fn a_person_has_every_field_of_section_4_4() {
    let all = Asking::with(ALL).await;
    assert_snapshot!(all.get("").await, @r#"{"stateFacts":["EntityRoot"],"firstName":"Анна","lastName":"Петрова","middleName":"Сергеевна","birthDate":"14.03.1985","birthPlace":"г. Рязань","gender":"F","trusted":true,"citizenship":"RUS","snils":"001-000-001 00","inn":"000000000000","updatedOn":1725256800,"rfgUOperatorCheck":false,"status":"REGISTERED","verifying":false,"rIdDoc":100030000101,"containsUpCfmCode":false,"kidAccCreatedByParent":false,"selfEmployed":{"confirmed":true,"confirmDate":"01.04.2023"}}"#);
}

#[tokio::test]
async fn contacts_addresses_documents_and_vehicles_are_those_of_section_4_5() {
    let all = Asking::with(ALL).await;
    assert_snapshot!(all.get("/ctts?embed=(elements)").await, @r#"{"stateFacts":["hasSize"],"size":5,"elements":[{"stateFacts":["Identifiable"],"id":100030000101,"type":"EML","value":"anna@family.test","vrfStu":"VERIFIED"},{"stateFacts":["Identifiable"],"id":100030000102,"type":"MBT","value":"+7(000)0000001","vrfStu":"VERIFIED"},{"stateFacts":["Identifiable"],"id":100030000103,"type":"PHN","value":"+7(000)0000091","vrfStu":"NOT_VERIFIED"},{"stateFacts":["Identifiable"],"id":100030000104,"type":"CEM","value":"anna@school.test","vrfStu":"NOT_VERIFIED"},{"stateFacts":["Identifiable"],"id":100030000105,"type":"CPH","value":"+7(000)0000092","vrfStu":"NOT_VERIFIED"}]}"#);
    assert_snapshot!(all.get("/addrs?embed=(elements)").await, @r#"{"stateFacts":["hasSize"],"size":2,"elements":[{"stateFacts":["Identifiable"],"id":100030000101,"type":"PLV","addressStr":"Рязанская обл, г Рязань, ул Первая","fiasCode":"00000000-0000-0000-0000-000000000001","countryId":"RUS","zipCode":"000001","region":"Рязанская обл","city":"г Рязань","street":"ул Первая","house":"1","frame":"2","building":"3","flat":"4","vrfDdt":"0,0,0"},{"stateFacts":["Identifiable"],"id":100030000102,"type":"PRG","addressStr":"Рязанская обл, с Первое","countryId":"RUS","zipCode":"000002","region":"Рязанская обл","settlement":"с Первое","house":"5","vrfDdt":"0,0,0"}]}"#);
    assert_snapshot!(all.get("/docs?embed=(elements)").await, @r#"{"stateFacts":["hasSize"],"size":5,"elements":[{"stateFacts":["EntityRoot"],"id":100030000101,"type":"RF_PASSPORT","vrfStu":"VERIFIED","series":"0000","number":"000001","issueDate":"01.04.2005","issueId":"000001","issuedBy":"ОВД"},{"stateFacts":["EntityRoot"],"id":100030000110,"type":"RF_DRIVING_LICENSE","vrfStu":"VERIFIED","series":"0000","number":"000001","issueDate":"01.05.2010","issuedBy":"ГИБДД","expiryDate":"01.05.2030"},{"stateFacts":["EntityRoot"],"id":100030000111,"type":"FRGN_PASS","vrfStu":"VERIFIED","series":"00","number":"0000001","issueDate":"01.02.2020","issuedBy":"МВД","expiryDate":"01.02.2030","firstName":"ANNA","lastName":"PETROVA"},{"stateFacts":["EntityRoot"],"id":100030000112,"type":"MLTR_ID","vrfStu":"VERIFIED","series":"ОО","number":"0000001","issueDate":"01.06.2003","issuedBy":"Военкомат"},{"stateFacts":["EntityRoot"],"id":100030000113,"type":"MDCL_PLCY","vrfStu":"NOT_VERIFIED","number":"0000000000000001","unitedNumber":"0000000000000001","medicalOrg":"Страховая компания"}]}"#);
    assert_snapshot!(all.get("/vhls?embed=(elements)").await, @r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["Identifiable"],"id":100030000101,"name":"Лада","numberPlate":"А123АА00","regCertificate":{"series":"0000","number":"000001"}}]}"#);
}

#[tokio::test]
async fn kids_are_those_of_section_4_6() {
    let all = Asking::with(ALL).await;
    let oms = json!({ "value": "0000000000000002" });
    let anna = all.rig.session("анна").await;
    let entered = all.rig.person(&anna).put("/lk/api/family/1/papers/oms", &oms).await;
    assert!(entered.status.is_success(), "{} {}", entered.status, entered.body);
    assert_snapshot!(all.get("/kids/1").await, @r#"{"stateFacts":["Identifiable"],"id":1,"firstName":"Иван","lastName":"Петров","middleName":"Петрович","birthDate":"20.05.2013","gender":"M","snils":"001-000-011 00","trusted":true,"updatedOn":1725256800,"documents":{"stateFacts":["hasSize"],"size":2,"elements":[{"stateFacts":["EntityRoot"],"id":101,"type":"RF_BRTH_CERT","vrfStu":"VERIFIED","series":"I-ОО","number":"000011","issueDate":"20.05.2013","issuedBy":"Отдел ЗАГС","actNo":"11","actDate":"20.05.2013"},{"stateFacts":["EntityRoot"],"id":102,"type":"MDCL_PLCY","vrfStu":"NOT_VERIFIED","number":"0000000000000002","unitedNumber":"0000000000000002"}]},"contacts":{"stateFacts":["hasSize"],"size":0,"elements":[]}}"#);
    assert_snapshot!(all.get("/kids/3").await, @r#"{"stateFacts":["Identifiable"],"id":3,"oid":1000300002,"firstName":"Глеб","lastName":"Петров","middleName":"Петрович","birthDate":"01.10.2006","gender":"M","snils":"001-000-013 00","trusted":true,"updatedOn":1725256800,"documents":{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["EntityRoot"],"id":301,"type":"RF_BRTH_CERT","vrfStu":"VERIFIED","series":"I-ОО","number":"000013","issueDate":"01.10.2006","issuedBy":"Отдел ЗАГС","actNo":"13","actDate":"01.10.2006"}]},"contacts":{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["Identifiable"],"id":100030000201,"type":"EML","value":"gleb@family.test","vrfStu":"VERIFIED"}]}}"#);
    assert_snapshot!(all.get("/kids").await, @r#"{"stateFacts":["hasSize"],"size":3,"elements":["http://127.0.0.1:8001/rs/prns/1000300001/kids/1","http://127.0.0.1:8001/rs/prns/1000300001/kids/2","http://127.0.0.1:8001/rs/prns/1000300001/kids/3"]}"#);
    assert_snapshot!(all.get("/kids/1/docs").await, @r#"{"stateFacts":["hasSize"],"size":2,"elements":["http://127.0.0.1:8001/rs/prns/1000300001/kids/1/docs/101","http://127.0.0.1:8001/rs/prns/1000300001/kids/1/docs/102"]}"#);
    assert_snapshot!(all.get("/kids/1/docs/102").await, @r#"{"stateFacts":["EntityRoot"],"id":102,"type":"MDCL_PLCY","vrfStu":"NOT_VERIFIED","number":"0000000000000002","unitedNumber":"0000000000000002"}"#);
    for missing in ["/kids/99", "/kids/x", "/kids/99/docs", "/kids/1/docs/1", "/kids/1/docs/102/x"] {
        assert_eq!(all.get(missing).await, "404 ESIA-005404", "{missing}");
    }
    // A card of Пётр is not visible to others.
    assert_eq!(all.get("/kids/4").await, "404 ESIA-005404");
}

#[tokio::test]
async fn roles_organisations_context_and_subject_are_those_of_section_4_7() {
    let all = Asking::with(ALL).await;
    assert_snapshot!(all.get("/roles").await, @r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"oid":1000000111,"prnOid":1000300001,"fullName":"МБОУ «Школа № 43»","shortName":"Школа № 43","ogrn":"1000000000000","type":"LEGAL","chief":true,"admin":true,"email":"anna@school.test","active":true,"hasRightOfSubstitution":true,"hasApprovalTabAccess":false,"isLiquidated":false}]}"#);
    assert_snapshot!(all.get("/orgs").await, @r#"{"stateFacts":["hasSize"],"size":1,"elements":["http://127.0.0.1:8001/rs/orgs/1000000111"]}"#);
    assert_snapshot!(all.get("/ctx").await, @r#"{"stateFacts":["EntityRoot"],"regType":"SLF","regCtxCfmSte":"PT"}"#);
    assert_snapshot!(without_tags(all.rig.rs("/rs/sbjs", &all.token).await.ok()), @r#"{"stateFacts":["EntityRoot"],"oid":1000300001,"type":"P","level":"PR","trusted":true,"name":"OID.1000300001"}"#);
    assert_snapshot!(without_tags(all.rig.rs("/rs/dscl?ondate=1", "").await.ok()), @r#"{"stateFacts":["hasSize"],"size":0,"elements":[]}"#);
}

/// Fields of a person that every scope shows.
const ALWAYS: [&str; 10] = [
    "stateFacts",
    "trusted",
    "updatedOn",
    "rfgUOperatorCheck",
    "status",
    "verifying",
    "rIdDoc",
    "containsUpCfmCode",
    "kidAccCreatedByParent",
    "eTag",
];

/// Which resources each scope opens: those that are not 403, and of collections how many elements.
#[tokio::test]
async fn each_scope_opens_its_own_and_nothing_else() {
    let rig = Rig::new(rich()).await;
    let person = format!("/rs/prns/{}", rig.oid("анна").await);
    let mut table = Vec::new();
    for scope in ALL.split_whitespace().chain(["marriage_cert_doc", "usr_inf"]).filter(|scope| *scope != "openid") {
        let tokens = rig.tokens(&Rp { scope: scope.to_owned().leak(), ..Rp::default() }, "анна").await;
        let token = tokens["access_token"].as_str().unwrap();
        let body = rig.rs(&person, token).await.ok();
        let fields = body.as_object().unwrap().keys().filter(|name| !ALWAYS.contains(&name.as_str())).cloned();
        let mut opened: Vec<_> = fields.collect();
        for part in ["ctts", "addrs", "docs", "vhls", "kids", "roles", "orgs"] {
            let answer = rig.rs(&format!("{person}/{part}?embed=(elements)"), token).await;
            let opening = super::table::opening(&["prns", "1", part]);
            if answer.status == 200 {
                let is_known = opening.contains(&scope);
                assert!(is_known || scope == "usr_inf", "{scope} opens {part}, and nobody is told so");
                opened.push(format!("{part}={}", answer.ok()["size"]));
            } else {
                assert_eq!(code(&answer), "403 ESIA-005029", "{scope} {part}");
                assert!(answer.verdict_line().starts_with("failed token-scope; ESIA-005029; scope-"), "{scope} {part}");
                assert!(!opening.contains(&scope), "{scope} does not open {part}, and is said to");
            }
        }
        let kid = rig.rs(&format!("{person}/kids/1"), token).await;
        let kid = if kid.status == 200 { kid.ok() } else { kid.json(403) };
        let of_card = ["stateFacts", "id", "trusted", "updatedOn", "eTag", "code", "message"];
        let kid = kid.as_object().unwrap().keys().filter(|name| !of_card.contains(&name.as_str()));
        opened.extend(kid.map(|name| format!("kid.{name}")));
        table.push(format!("{scope}: {}", opened.join(" ")));
    }
    assert_snapshot!(table.join("\n"), @"
    fullname: firstName lastName middleName
    birthdate: birthDate
    gender: gender
    birthplace: birthPlace
    citizenship: citizenship
    snils: snils
    inn: inn
    id_doc: citizenship docs=1
    birth_cert_doc: docs=0
    drivers_licence_doc: docs=1
    foreign_passport_doc: docs=1
    military_doc: docs=1
    medical_doc: docs=1
    residence_doc: docs=0
    temporary_residence_doc: docs=0
    email: ctts=1
    mobile: ctts=1
    contacts: ctts=5 addrs=2
    addresses: addrs=2
    vehicles: vhls=1
    usr_org: roles=1 orgs=1
    self_employed: selfEmployed
    kid_fullname: kids=3 kid.firstName kid.lastName kid.middleName
    kid_birthdate: kids=3 kid.birthDate
    kid_gender: kids=3 kid.gender
    kid_snils: kids=3 kid.snils
    kid_inn: kids=3
    kid_birth_cert_doc: kids=3 kid.documents
    kid_medical_doc: kids=3 kid.documents
    kid_mobile: kids=3 kid.contacts
    kid_email: kids=3 kid.contacts
    marriage_cert_doc: 
    usr_inf: firstName lastName middleName birthDate birthPlace gender citizenship snils inn selfEmployed ctts=5 addrs=2 docs=5 vhls=1 roles=1 orgs=1
    ");
}

#[tokio::test]
async fn documents_are_opened_one_by_one() {
    let rig = Rig::new(rich()).await;
    let person = format!("/rs/prns/{}", rig.oid("анна").await);
    let mut table = Vec::new();
    for scope in [
        "id_doc",
        "drivers_licence_doc",
        "foreign_passport_doc",
        "military_doc",
        "medical_doc",
        "birth_cert_doc",
        "residence_doc",
        "id_doc medical_doc",
    ] {
        let tokens = rig.tokens(&Rp { scope, ..Rp::default() }, "анна").await;
        let token = tokens["access_token"].as_str().unwrap();
        let documents = rig.rs(&format!("{person}/docs?embed=(elements)"), token).await.ok();
        let kinds: Vec<_> =
            documents["elements"].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
        assert_eq!(documents["size"], kinds.len());
        table.push(format!("{scope}: {}", kinds.join(" ")));
    }
    assert_snapshot!(table.join("\n"), @r"
    id_doc: RF_PASSPORT
    drivers_licence_doc: RF_DRIVING_LICENSE
    foreign_passport_doc: FRGN_PASS
    military_doc: MLTR_ID
    medical_doc: MDCL_PLCY
    birth_cert_doc: 
    residence_doc: 
    id_doc medical_doc: RF_PASSPORT MDCL_PLCY
    ");
}

#[tokio::test]
async fn a_document_that_is_not_opened_is_not_there() {
    let some = Asking::with("openid medical_doc").await;
    let all = Asking::with(ALL).await;
    let documents = all.rig.rs(&format!("{}/docs?embed=(elements)", all.person), &all.token).await.ok();
    for document in documents["elements"].as_array().unwrap() {
        let expected = document["type"] == "MDCL_PLCY";
        let got = some.get(&format!("/docs/{}", document["id"])).await;
        assert_eq!(got != "404 ESIA-005404", expected, "{document}");
    }
    assert_eq!(some.get("/docs/").await.matches("/docs/").count(), 1);
}

#[tokio::test]
async fn every_collection_is_embedded_as_it_stands_alone() {
    let all = Asking::with(ALL).await;
    for (name, path) in [
        ("contacts", "ctts"),
        ("addresses", "addrs"),
        ("documents", "docs"),
        ("vehicles", "vhls"),
        ("kids", "kids"),
        ("organizations", "orgs"),
    ] {
        let rs = async |path: String| all.rig.rs(&path, &all.token).await.ok();
        let (person, list) = (&all.person, format!("{}/{path}", all.person));
        for (inside, alone) in [
            (format!("{person}?embed=({name}.elements)"), format!("{list}?embed=(elements)")),
            (format!("{person}?embed=({name}.elements-1)"), format!("{list}?embed=%28elements-2%29")),
            (format!("{person}?embed=%28{name}%29"), list.clone()),
        ] {
            assert_eq!(rs(inside.clone()).await[name], rs(alone).await, "{inside}");
        }
    }
    let whole = all.get("?embed=(contacts.elements,addresses.elements,documents.elements,vehicles.elements,organizations.elements,kids.elements)").await;
    let order =
        ["\"contacts\":", "\"addresses\":", "\"documents\":", "\"vehicles\":", "\"organizations\":", "\"kids\":"];
    assert!(order.windows(2).all(|two| whole.find(two[0]) < whole.find(two[1])), "{whole}");
}

#[tokio::test]
async fn every_address_in_a_collection_can_be_followed_in_its_own_world() {
    let all = Asking::with(ALL).await;
    for path in ["ctts", "addrs", "docs", "vhls", "kids", "orgs"] {
        let list = all.rig.rs(&format!("{}/{path}", all.person), &all.token).await.ok();
        for link in list["elements"].as_array().unwrap() {
            let inside = link.as_str().unwrap().strip_prefix("http://127.0.0.1:8001").unwrap();
            assert_eq!(all.rig.rs(inside, &all.token).await.status, 200, "{link}");
        }
    }
    let made = json!({ "name": "two", "seed": { "gosuslugi": rich() } });
    assert_eq!(all.rig.control().post("/control/worlds", &made).await.status, 201);
    let session = all.rig.control().post("/w/two/control/people/%D0%B0%D0%BD%D0%BD%D0%B0/session", &json!({})).await;
    assert_eq!(session.status, 201, "{}", session.body);
}

#[tokio::test]
async fn answers_have_the_headers_of_section_4_1() {
    let all = Asking::with("openid fullname email").await;
    let first = all.rig.rs(&all.person, &all.token).await;
    let e_tag = first.headers["etag"].to_str().unwrap().to_owned();
    assert!(e_tag.len() == 40 && e_tag.bytes().all(|c| matches!(c, b'0'..=b'9' | b'A'..=b'F')), "{e_tag}");
    assert_eq!(first.ok()["eTag"], e_tag.as_str());
    assert_eq!(first.headers["cache-control"], "no-store");
    assert_eq!(first.headers["content-type"], "application/json;charset=UTF-8");
    assert_eq!(first.headers["date"], "Mon, 02 Sep 2024 06:00:00 GMT");
    let links: Vec<_> = first.headers.get_all("link").iter().map(|link| link.to_str().unwrap()).collect();
    assert_eq!(links.len(), 14);
    assert_snapshot!(links[..3].join("\n"), @r#"
    <http://127.0.0.1:8001/rs/prns/>;rel=parent;schema="http://127.0.0.1:8001/rs/model/prns/Persons-1"
    <http://127.0.0.1:8001/rs/prns/1000300001/prmns>;rel=permissions;schema="http://127.0.0.1:8001/rs/model/prmns/PersonPermissions-1"
    <http://127.0.0.1:8001/rs/prns/1000300001/ctx>;rel=context;schema="http://127.0.0.1:8001/rs/model/ctx/RegContext-1"
    "#);
    assert_eq!(all.rig.rs(&all.person, &all.token).await.headers["etag"], e_tag.as_str(), "stable");
    let anna = all.rig.session("анна").await;
    all.rig.person(&anna).delete("/lk/api/consents/1").await;
    assert_ne!(all.rig.rs(&all.person, &all.token).await.headers["etag"], e_tag.as_str(), "other content, other tag");
    let odd = Request::get(&all.person)
        .header("authorization", format!("Bearer {}", all.token))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json; schema='http://esia.gosuslugi.ru/rs/model/prn/Person-3'");
    assert_eq!(all.rig.send(odd.body(Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn parts_that_are_for_the_portal_alone_are_forbidden_and_others_unknown() {
    let all = Asking::with(ALL).await;
    for part in ["/prmns", "/events", "/reqs", "/sec", "/trmnls", "/trmnls/1"] {
        assert_eq!(all.get(part).await, "403 ESIA-005029", "{part}");
        let refused = all.rig.rs(&format!("{}{part}", all.person), &all.token).await;
        assert!(all.rig.verdict(&refused).await.contains("failed token-scope: "), "{part}");
    }
    for part in ["/x", "/roles/1", "/ctx/1", "/vhls/1", "/addrs/x", "/ctts/1/2"] {
        assert_eq!(all.get(part).await, "404 ESIA-005404", "{part}");
    }
}

#[tokio::test]
async fn the_newer_addresses_answer_the_same_and_know_temporary_registration() {
    let all = Asking::with(ALL).await;
    let newer = |version: &str, rest: &str| {
        format!("/esia-rs/api/public/{version}{}{rest}", all.person.strip_prefix("/rs").unwrap())
    };
    let rs = async |path: String| all.rig.rs(&path, &all.token).await;
    assert_eq!(rs(newer("v1", "/roles")).await.body, rs(format!("{}/roles", all.person)).await.body);
    assert_eq!(
        rs(newer("v5", "?embed=(documents)")).await.ok()["documents"],
        rs(format!("{}?embed=(documents)", all.person)).await.ok()["documents"]
    );
    assert!(rs(newer("v2", "/addrs?embed=(elements)")).await.body.contains("PTA"));
    assert!(!rs(format!("{}/addrs?embed=(elements)", all.person)).await.body.contains("PTA"));
    assert_eq!(code(&rs(newer("v9", "/roles")).await), "404 ESIA-005404");
    assert_eq!(code(&all.rig.rs(&newer("v1", "/roles"), "x").await), "401 ESIA-005011");
}

fn sign(text: &str, key: &str, certificate: &str) -> String {
    let (key, certificate) = (SigningKey::from_pem(key).unwrap(), Certificate::from_pem(certificate).unwrap());
    URL_SAFE_NO_PAD.encode(sign_detached(text.as_bytes(), &key, &certificate, september()).unwrap())
}

async fn by_key(rig: &Rig, api_key: &str, signature: &str) -> crate::testing::Answer {
    let path = format!("/esia-rs/api/public/v1/orgs/ext-app/{}/tkn?signature={}", escaped(api_key), escaped(signature));
    rig.anyone().get(&path).await
}

#[tokio::test]
async fn an_api_key_gives_a_token_for_the_systems_own_organisation() {
    let rig = Rig::new(rich()).await;
    let signature = sign(API_KEY, keys::DIARY_KEY_PEM, keys::DIARY_CERTIFICATE_PEM);
    let answer = by_key(&rig, API_KEY, &signature).await;
    let token = answer.ok()["accessTkn"].as_str().unwrap().to_owned();
    let organisation = format!("/rs/orgs/{ORGANISATION}");
    assert_snapshot!(without_tags(rig.rs(&organisation, &token).await.ok()), @r#"{"stateFacts":["EntityRoot"],"oid":1000000111,"fullName":"МБОУ «Школа № 43»","inn":"0000000000","staffCount":2,"branchesCount":0,"isLiquidated":false}"#);
    for closed in ["/ctts", "/emps", "/grps", "/brhs", "/vhls", "/addrs", "/emps/1/grps"] {
        assert_eq!(code(&rig.rs(&format!("{organisation}{closed}"), &token).await), "403 ESIA-005029", "{closed}");
    }
    assert_eq!(code(&rig.rs("/rs/orgs/5", &token).await), "403 ESIA-005029");
    assert_eq!(code(&rig.rs(&format!("/rs/prns/{}", rig.oid("анна").await), &token).await), "403 ESIA-005029");
    assert_eq!(code(&rig.rs("/rs/sbjs", &token).await), "403 ESIA-005029");
    let made = json!({ "name": "two", "seed": { "gosuslugi": rich() } });
    rig.control().post("/control/worlds", &made).await;
    let answer = rig.rs(&format!("/w/two{organisation}"), &token).await;
    assert_eq!(code(&answer), "401 ESIA-005011", "another world");
    assert!(answer.verdict_line().contains("token-other-world=main"), "{}", answer.verdict_line());
    rig.wall.set(september() + chrono::TimeDelta::hours(1));
    assert_eq!(code(&rig.rs(&organisation, &token).await), "401 ESIA-005013");
}

#[tokio::test]
async fn an_organisation_has_every_field_and_part_of_section_4_7() {
    let mut section = rich();
    section["clients"][0]["scopes"] = json!(
        "org_shortname org_fullname org_type org_ogrn org_inn org_leg org_kpp org_agencyterrange org_agencytype org_oktmo org_ctts \
         org_addrs org_vhls org_grps org_emps org_brhs org_rcs org_stms org_invts org_ra".split_whitespace().collect::<Vec<_>>()
    );
    let rig = Rig::new(section).await;
    let signature = sign(API_KEY, keys::DIARY_KEY_PEM, keys::DIARY_CERTIFICATE_PEM);
    let token = by_key(&rig, API_KEY, &signature).await.ok()["accessTkn"].as_str().unwrap().to_owned();
    let get = async |below: &str| {
        let answer = rig.rs(&format!("/rs/orgs/{ORGANISATION}{below}"), &token).await;
        if answer.status == 200 { without_tags(answer.ok()) } else { code(&answer) }
    };
    assert_snapshot!(get("").await, @r#"{"stateFacts":["EntityRoot"],"oid":1000000111,"fullName":"МБОУ «Школа № 43»","shortName":"Школа № 43","type":"LEGAL","ogrn":"1000000000000","inn":"0000000000","kpp":"000001001","leg":"75403","oktmo":"61701000","staffCount":2,"branchesCount":0,"isLiquidated":false}"#);
    assert_snapshot!(get("/ctts?embed=(elements)").await, @r#"{"stateFacts":["hasSize"],"size":2,"elements":[{"stateFacts":["Identifiable"],"id":100000011101,"type":"OPH","value":"+7(000)0000093","vrfStu":"NOT_VERIFIED"},{"stateFacts":["Identifiable"],"id":100000011102,"type":"OEM","value":"school@school.test","vrfStu":"NOT_VERIFIED"}]}"#);
    assert_snapshot!(get("/addrs?embed=(elements)").await, @r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["Identifiable"],"id":100000011101,"type":"OPS","addressStr":"г Рязань","countryId":"RUS","zipCode":"000001","city":"г Рязань","vrfDdt":"0,0,0"}]}"#);
    assert_snapshot!(get("/emps?embed=(elements)").await, @r#"{"stateFacts":["hasSize"],"size":2,"elements":[{"stateFacts":["Identifiable"],"prnOid":1000300001,"orgOid":1000000111,"position":"Директор","chief":true,"admin":true,"email":"anna@school.test","active":true},{"stateFacts":["Identifiable"],"prnOid":1000300004,"orgOid":1000000111,"position":"Учитель","chief":false,"admin":false,"active":true}]}"#);
    assert_snapshot!(get("/grps?embed=(elements)").await, @r#"{"stateFacts":["hasSize"],"size":2,"elements":[{"stateFacts":["Identifiable"],"grp_id":"DIARY_TEACHER","name":"Учителя","itSystem":"DIARY","system":false},{"stateFacts":["Identifiable"],"grp_id":"ORG_ADMIN","name":"Администраторы","system":true}]}"#);
    let petr = rig.oid("пётр").await;
    assert_snapshot!(get(&format!("/emps/{petr}/grps?embed=(elements)")).await, @r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["Identifiable"],"grp_id":"DIARY_TEACHER","name":"Учителя","itSystem":"DIARY","system":false}]}"#);
    for empty in ["/vhls", "/brhs", "/invts", "/rcs", "/stms", "/ra"] {
        assert_eq!(get(empty).await, r#"{"stateFacts":["hasSize"],"size":0,"elements":[]}"#, "{empty}");
    }
    for missing in ["/emps/1", "/emps/x/grps", "/emps/1/grps", "/x", "/grps/NONE"] {
        assert_eq!(get(missing).await, "404 ESIA-005404", "{missing}");
    }
    assert!(get(&format!("/emps/{petr}")).await.contains("Учитель"));
}

#[tokio::test]
async fn an_api_key_is_worth_nothing_without_its_signature() {
    let rig = Rig::new(rich()).await;
    let good = sign(API_KEY, keys::DIARY_KEY_PEM, keys::DIARY_CERTIFICATE_PEM);
    let strangers = sign(API_KEY, keys::STRANGER_KEY_PEM, keys::STRANGER_CERTIFICATE_PEM);
    let of_other_text = sign("another", keys::DIARY_KEY_PEM, keys::DIARY_CERTIFICATE_PEM);
    for (api_key, signature) in [
        ("nobody", good.as_str()),
        (API_KEY, ""),
        (API_KEY, "%%%"),
        (API_KEY, "AAAA"),
        (API_KEY, &strangers),
        (API_KEY, &of_other_text),
    ] {
        let answer = by_key(&rig, api_key, signature).await;
        assert_eq!(answer.json(401).get("accessTkn"), None, "{api_key} {signature}");
    }
    let mut section = rich();
    section["organisations"]["школа"]["clients"] = json!([]);
    let of_nobody = Rig::new(section).await;
    let token = by_key(&of_nobody, API_KEY, &good).await.ok()["accessTkn"].as_str().unwrap().to_owned();
    assert_eq!(code(&of_nobody.rs(&format!("/rs/orgs/{ORGANISATION}"), &token).await), "403 ESIA-005029");
}

#[tokio::test]
async fn who_works_there_sees_of_an_organisation_what_roles_show() {
    let own = Asking::with("openid usr_org").await;
    let organisation = format!("/rs/orgs/{ORGANISATION}");
    let get = async |path: String| {
        let answer = own.rig.rs(&path, &own.token).await;
        if answer.status == 200 { without_tags(answer.ok()) } else { code(&answer) }
    };
    assert_snapshot!(get(organisation.clone()).await, @r#"{"stateFacts":["EntityRoot"],"oid":1000000111,"fullName":"МБОУ «Школа № 43»","shortName":"Школа № 43","type":"LEGAL","ogrn":"1000000000000","staffCount":2,"branchesCount":0,"isLiquidated":false}"#);
    let (anna, petr) = (own.rig.oid("анна").await, own.rig.oid("пётр").await);
    assert_snapshot!(get(format!("{organisation}/emps/{anna}/grps?embed=(elements)")).await, @r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["Identifiable"],"grp_id":"ORG_ADMIN","name":"Администраторы","system":true}]}"#);
    assert_eq!(get(format!("{organisation}/emps/{petr}/grps")).await, "403 ESIA-005029");
    assert_eq!(get(format!("{organisation}/emps")).await, "403 ESIA-005029");
    let stranger = Asking::of("openid usr_org", "соседка").await;
    assert_eq!(code(&stranger.rig.rs(&organisation, &stranger.token).await), "403 ESIA-005029");
    assert_eq!(stranger.get("/roles").await, r#"{"stateFacts":["hasSize"],"size":0,"elements":[]}"#);
    let nothing = Asking::with("openid fullname").await;
    assert_eq!(code(&nothing.rig.rs(&organisation, &nothing.token).await), "403 ESIA-005029");
}
