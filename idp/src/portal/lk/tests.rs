//! Tests of «Профиль», the menu and the confirmation pages.

use serde_json::json;

use crate::protocols::esia::testing::AuthorizationAnswer as _;
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
    let page = rig.person(&anna).page("/lk/profile").await.body;
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
    let me = rig.person(&anna).get("/lk/api/me").await.ok();
    assert_eq!(me["vehicles"], json!([{ "kind": "Лада", "text": "А123АА00, СТС 0000 000001" }]));
    assert_eq!((me["documents"].as_array().unwrap().len(), me["addresses"].as_array().unwrap().len()), (3, 1));
    let petr = rig.session("пётр").await;
    let page = rig.person(&petr).page("/lk/profile").await.body;
    for mark in ["own-documents", "own-addresses", "own-vehicles"] {
        assert!(!page.contains(mark), "{mark}");
    }
}

/// The menu of a page: its entries, the current one in brackets.
fn menu(page: &str) -> String {
    let menu = page.split(r#"<nav class="menu""#).nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap();
    let entries = menu.split("<a href").skip(1).map(|entry| {
        let text = entry.split_once('>').unwrap().1.replace(r#"<span class="badge">"#, "").replace("</span>", "");
        let text = text.split("</a>").next().unwrap().to_owned();
        if entry.contains("aria-current") { format!("[{text}]") } else { text }
    });
    entries.collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn the_menu_counts_new_notifications_until_their_page_is_opened() {
    let rig = Rig::new(family()).await;
    let (anna, katya) = (rig.session("анна").await, rig.session("катя").await);
    let asked = rig.person(&anna).post("/lk/api/family/2/binding", &json!({ "email": "katya@family.test" })).await;
    let code = asked.json(201)["code"].clone();
    let bound = rig.person(&katya).post("/lk/api/binding/redeem", &json!({ "code": code })).await;
    assert_eq!(bound.outcome(), "200");
    let page = async |path: &str| rig.person(&anna).page(path).await.body;
    let rest = "Семья и дети, Школьное портфолио, Профиль";
    assert_eq!(menu(&page("/lk").await), format!("[Личный кабинет], Уведомления 1, {rest}"));
    let listed = rig.person(&anna).get("/lk/api/notifications").await.ok();
    assert_eq!(listed[0]["is_new"], json!(true), "to list is not to see: {listed}");
    let opened = page("/lk/notifications").await;
    assert_eq!(menu(&opened), format!("Личный кабинет, [Уведомления], {rest}"));
    assert!(opened.contains(r#"data-test="new""#), "what was new is marked once more: {opened}");
    let again = page("/lk/notifications").await;
    assert!(!again.contains(r#"data-test="new""#) && again.contains("Учётная запись ребёнка привязана"), "{again}");
    assert_eq!(
        menu(&page("/lk/consents/history").await),
        "Личный кабинет, Уведомления, Семья и дети, Школьное портфолио, [Профиль]"
    );
}

#[tokio::test]
async fn a_child_sees_no_cards_of_children_and_a_parent_under_age_does() {
    let mut section = family();
    section["families"].as_array_mut().unwrap().push(json!({ "guardian": "глеб", "child": "ваня" }));
    let rig = Rig::new(section).await;
    let (katya, gleb) = (rig.session("катя").await, rig.session("глеб").await);
    let home = rig.person(&katya).page("/lk").await.body;
    assert_eq!(menu(&home), "[Личный кабинет], Уведомления, Профиль");
    let list = rig.person(&katya).page("/lk/family").await.body;
    assert!(list.contains("ведут родители") && !list.contains("Добавить ребёнка"), "{list}");
    assert!(!list.contains("Автообновление"), "{list}");
    let new = rig.person(&katya).page("/lk/family/new").await;
    assert_eq!((new.status.as_u16(), new.location()), (303, "/lk/family"));
    let list = rig.person(&gleb).page("/lk/family").await.body;
    assert!(list.contains("Добавить ребёнка") && list.contains("Петров Иван Петрович"), "{list}");
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_asked_first_and_asking_changes_nothing() {
    let rig = Rig::new(family()).await;
    let anna = rig.session("анна").await;
    for path in ["/lk/family/1/certificate/delete", "/lk/family/1/papers/snils/delete", "/lk/family/3/manage/delete"] {
        let asked = rig.person(&anna).page(path).await;
        assert_eq!(asked.status.as_u16(), 200, "{path}");
        assert!(asked.body.contains(r#"class="danger sure""#) && asked.body.contains(r#"name="csrf""#), "{path}");
    }
    let card = rig.person(&anna).get("/lk/api/family/1").await.ok();
    assert_eq!((&card["certificate"], &card["snils"]), (&json!("I-ОО 000011"), &json!("001-000-011 00")));
    let stranger = rig.session("пётр").await;
    for path in ["/lk/family/1/certificate/delete", "/lk/family/1/papers/snils/delete", "/lk/consents/1/revoke"] {
        assert_eq!(rig.person(&stranger).page(path).await.status.as_u16(), 404, "{path} of somebody else");
    }
}
