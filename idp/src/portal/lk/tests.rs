//! «Профиль» shows what the seed has put into it, and nothing of what it has not.

use serde_json::json;

use crate::testing::{Rig, family};

#[tokio::test]
async fn a_profile_shows_documents_addresses_and_vehicles() {
    let mut section = family();
    section["people"]["анна"]["passport"] =
        json!({ "series": "0000", "number": "000001", "issued": "2005-04-01", "issued-by": "ОВД" });
    section["people"]["анна"]["profile"] = json!({
        "birth-place": "г. Рязань", "inn": "000000000000",
        "documents": [
            { "type": "FRGN_PASS", "series": "00", "number": "0000001", "issued": "2020-02-01", "issued-by": "<b>МВД</b>",
              "expires": "2030-02-01", "last-name": "PETROVA", "first-name": "ANNA" },
            { "type": "MDCL_PLCY", "number": "0000000000000001", "medical-org": "Страховая компания", "unverified": true },
        ],
        "addresses": [{ "type": "PLV", "zip": "000001", "region": "Рязанская обл", "city": "г Рязань",
            "street": "ул Первая", "house": "1", "flat": "4" }],
        "vehicles": [{ "name": "Лада", "plate": "А123АА00", "series": "0000", "number": "000001" }],
    });
    let rig = Rig::new(section).await;
    let anna = rig.session("анна").await;
    let page = rig.get("/lk/profile", Some(&anna)).await.body;
    for text in [
        r#"data-test="own-documents""#,
        "0000 000001, выдан 01.04.2005 ОВД",
        "Заграничный паспорт",
        "00 0000001, PETROVA ANNA, выдан 01.02.2020 &#60;b&#62;МВД&#60;/b&#62;, действует до 01.02.2030",
        "0000000000000001, Страховая компания, не проверен",
        r#"data-test="own-addresses""#,
        "Место жительства",
        "000001, Рязанская обл, г Рязань, ул Первая, д. 1, кв. 4",
        r#"data-test="own-vehicles""#,
        "А123АА00, СТС 0000 000001",
        "г. Рязань",
        "000000000000",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let me = rig.call("GET", "/lk/api/me", Some(&anna), &json!({})).await.json();
    assert_eq!(me["vehicles"], json!([{ "kind": "Лада", "text": "А123АА00, СТС 0000 000001" }]));
    assert_eq!((me["documents"].as_array().unwrap().len(), me["addresses"].as_array().unwrap().len()), (3, 1));
    let petr = rig.session("пётр").await;
    let page = rig.get("/lk/profile", Some(&petr)).await.body;
    for mark in ["own-documents", "own-addresses", "own-vehicles"] {
        assert!(!page.contains(mark), "{mark}");
    }
}
