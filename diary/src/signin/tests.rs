//! The sign-in against a correct provider and a faulty one.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{Oid, cms, keys, secret, token::Level};
use serde_json::json;
use wiremock::{Mock, ResponseTemplate, matchers::path};

use crate::testing::{NOW, Rig, Script, mark, new_browser, person, read, vanya};

fn child() -> Script {
    Script { level: Level::Kd, person: vanya(), ..Script::default() }
}

#[tokio::test]
async fn the_browser_is_sent_away_with_a_signed_request() {
    let rig = Rig::start(Script::default()).await;
    let response = rig.get("/login/gosuslugi").await;
    let url = url::Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!((url.path(), response.status().as_u16()), ("/aas/oauth2/ac", 302));
    let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap();
    assert!(get("redirect_uri").ends_with("/callback"));
    insta::assert_snapshot!(
        ["client_id", "scope", "response_type", "state", "timestamp", "access_type"].map(get).join(" | "),
        @"RYAZAN-DIARY | openid fullname birthdate snils birth_cert_doc | code | 2cc59014-4248-4450-bda5-b96970c42c83 | 2024.09.02 09:00:00 +0300 | offline");
    let signed = secret::v1(get("scope"), get("timestamp"), get("client_id"), get("state"));
    let certificate = esia::Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap();
    let signature = URL_SAFE_NO_PAD.decode(get("client_secret")).unwrap();
    assert!(cms::verify(&signature, signed.as_bytes(), &[certificate]).is_ok());
}

#[tokio::test]
async fn a_parent_with_a_confirmed_account_sees_the_children() {
    let rig = Rig::start(Script::default()).await;
    assert_eq!(rig.sign_in().await, "diary");
    let page = rig.page("/diary").await;
    assert!(page.contains("Петров Иван Сергеевич") && page.contains("Петрова Мария Сергеевна"), "{page}");
    assert!(rig.page("/diary/%D0%B2%D0%B0%D0%BD%D1%8F").await.contains("<span class=\"badge\">5</span>"));
}

#[tokio::test]
async fn a_child_with_a_consent_gets_in() {
    let rig = Rig::start(child()).await;
    assert_eq!(rig.sign_in().await, "diary");
    let page = rig.page("/diary").await;
    for text in ["Петров Иван Сергеевич", "Математика", "понедельник", "опоздал"]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("Мария"));
}

#[tokio::test]
async fn a_child_whom_the_school_has_wrong_gets_in_once_it_is_corrected() {
    for (field, wrong) in [("snils", "001-000-033 00"), ("name", "Петров Иван Сергеевичь"), ("number", "000102")]
    {
        let rig = Rig::with(child(), |seed| {
            let pupil = &mut seed["diary"]["pupils"]["ваня"];
            if field == "number" {
                pupil["birth-certificate"]["number"] = json!(wrong);
            } else {
                pupil[field] = json!(wrong);
            }
        })
        .await;
        assert_eq!(rig.sign_in().await, "refusal-child-not-found", "{field}");
        let right = json!({ "name": "Петров Иван Сергеевич", "born": "2012-05-10", "snils": "001-000-003 00",
            "series": "I-ОО", "number": "000101" });
        let put = rig.person("ольга").put("/api/school/pupils/ваня", &right).await;
        assert_eq!(put.outcome(), "204", "{field}");
        assert_eq!(rig.sign_in().await, "diary", "{field}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_to_the_letter_and_the_difference_to_the_tester_alone() {
    let rig = Rig::with(child(), |seed| seed["diary"]["pupils"]["ваня"]["snils"] = json!("001-000-033 00")).await;
    assert_eq!(rig.sign_in().await, "refusal-child-not-found");
    let page = rig.page("/refusal").await;
    assert!(page.contains(
        "Ваш дневник не найден. Чтобы решить проблему, попросите родителей сообщить о ней через <a href=\"/feedback\">форму обратной связи</a></h1>"
    ));
    assert!(!page.contains("001-000-033"));
    insta::assert_snapshot!(rig.timeline().await.join("\n"), @r#"
    Начат вход через портал Госуслуг
    Посетитель вернулся с портала Госуслуг
    Петров Иван Сергеевич: вход не разрешён: в журнале нет человека с такими данными; snils: в журнале «001-000-033 00», на Госуслугах «001-000-003 00»
    "#);
    let requests = rig.control().get("/control/requests").await.ok();
    let callback = requests.as_array().unwrap().iter().find(|one| !one["verdict"].as_array().unwrap().is_empty());
    let failed = callback.unwrap()["verdict"].as_array().unwrap().iter().find(|check| check["outcome"] == "failed");
    insta::assert_snapshot!(failed.unwrap(), @r#"{"rule":"snils","source":"R000.2, R000.5, R001.2, R001.5, R001.7, R003.2, R004.3, R004.4","expected":"001-000-033 00","got":"001-000-003 00","outcome":"failed"}"#);
}

#[tokio::test]
async fn a_minor_without_a_consent_sets_the_requests_going() {
    let rig = Rig::start(Script { granted: "openid", ..child() }).await;
    assert_eq!(rig.sign_in().await, "refusal-consent-of-guardian-needed");
    let page = rig.page("/refusal").await;
    assert!(page.contains("Для входа в дневник нужно согласие одного из родителей</h1>"));
    assert!(page.contains("Согласия уже запрошены автоматически — родителям в их личные кабинеты"));
    let asked = rig.provider.received_requests().await.unwrap();
    let token = asked.iter().rfind(|request| request.url.path() == "/aas/oauth2/te").unwrap();
    let form = String::from_utf8_lossy(&token.body).into_owned();
    assert!(form.contains("grant_type=client_credentials") && form.contains("scope=prm_req%3Foid%3D1000"), "{form}");
    let consent = asked.last().unwrap();
    assert_eq!(consent.url.path(), "/rs/prns/1000/permissions/requests");
    insta::assert_snapshot!(String::from_utf8_lossy(&consent.body), @r#"{"purpose":"EDUCATION_DIARY","scopes":["fullname","birthdate","snils","birth_cert_doc"]}"#);
}

#[tokio::test]
async fn a_profile_may_leave_asking_for_consents_to_the_family() {
    let quiet = |seed: &mut serde_json::Value| {
        seed["diary"]["profile"] = json!({ "title": "Без запросов", "mnemonic": "RYAZAN-DIARY",
            "scopes": ["openid", "fullname", "birthdate", "snils", "birth_cert_doc"], "consent": { "ask-guardians": false } });
    };
    let rig = Rig::with(Script { granted: "openid", ..child() }, quiet).await;
    assert_eq!(rig.sign_in().await, "refusal-consent-of-guardian-needed");
    assert!(!rig.page("/refusal").await.contains("Согласия уже запрошены"));
    let asked = rig.provider.received_requests().await.unwrap();
    assert!(!asked.iter().any(|request| request.url.path().contains("permissions")), "nobody is asked");
}

#[tokio::test]
async fn each_refusal_has_its_own_page() {
    let openid = || Script { granted: "openid", ..child() };
    let named = |name, snils| Script { person: person(name, "01.01.1980", snils, true), ..Script::default() };
    let unconfirmed = |born| Script {
        level: Level::P,
        person: person("Петрова Анна Сергеевна", born, "001-000-001 00", false),
        ..Script::default()
    };
    let fifteen = Script {
        level: Level::Kd,
        person: person("Петров Иван Сергеевич", "10.05.2009", "001-000-003 00", false),
        ..Script::default()
    };
    for (script, expected) in [
        (Script { consent: json!({ "status": "no-guardian" }), ..openid() }, "refusal-no-guardian-bound"),
        (Script { level: Level::P, ..openid() }, "refusal-account-not-confirmed"),
        (unconfirmed("01.01.1980"), "refusal-account-not-confirmed"),
        (unconfirmed("01.01.2015"), "refusal-account-not-confirmed"),
        (fifteen, "refusal-account-not-confirmed"),
        (named("Петрова Анна Сергеевна", "001-000-009 00"), "refusal-adult-not-found"),
        (named("Петрова Анна Петровна", "001-000-001 00"), "refusal-adult-not-found"),
        (named("Серов Игорь Львович", "001-000-005 00"), "refusal-parent-not-on-card"),
        (named("Петров Пётр Ильич", "001-000-002 00"), "refusal-user-not-active"),
        (named("Орлов Николай Иванович", "001-000-004 00"), "diary"),
        (named("Зуева Ольга Павловна", "001-000-007 00"), "school"),
    ] {
        assert_eq!(Rig::start(script).await.sign_in().await, expected);
    }
}

#[tokio::test]
async fn an_error_of_the_provider_is_a_refusal_or_a_fault() {
    let rig = Rig::start(Script::default()).await;
    for (error, description, expected) in [
        ("access_denied", "ESIA-007004: The resource owner denied", "refusal-consent-needed"),
        ("access_denied", "ESIA-007055: A confirmed account is required.", "refusal-account-not-confirmed"),
        ("access_denied", "ESIA-007053: OAuthErrorEnum.clientSecretWrong", "error-provider-refused"),
        ("invalid_scope", "ESIA-007019: OAuthErrorEnum.noGrants", "error-provider-refused"),
    ] {
        let state = rig.leave().await;
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("error", error), ("error_description", description), ("state", &*state)])
            .finish();
        assert_eq!(mark(&rig.page(&format!("/callback?{query}")).await), expected, "{description}");
    }
    assert!(rig.page("/refusal").await.contains("Подтвердите учётную запись"));
}

#[tokio::test]
async fn a_state_is_good_once_in_its_own_browser_and_in_time() {
    let rig = Rig::start(Script::default()).await;
    let state = rig.leave().await;
    let back = format!("/callback?code=c&state={state}");
    let stranger = new_browser().get(format!("{}{back}", rig.url())).send().await.unwrap();
    assert_eq!(mark(&stranger.text().await.unwrap()), "error-bad-request", "another browser");
    assert_eq!(mark(&rig.page(&back).await), "diary");
    assert_eq!(mark(&rig.page(&back).await), "error-bad-request", "twice");
    let forged = "/callback?code=c&state=00000000-0000-4000-8000-000000000000";
    assert_eq!(mark(&rig.page(forged).await), "error-bad-request", "made up");
    assert_eq!(mark(&rig.page("/callback").await), "error-bad-request", "none");
    let state = rig.leave().await;
    rig.advance("10m").await;
    assert_eq!(mark(&rig.page(&format!("/callback?code=c&state={state}")).await), "error-bad-request", "late");
}

#[tokio::test]
async fn tokens_that_lie_let_nobody_in() {
    let good = Script::default();
    let stranger = (keys::STRANGER_KEY_PEM, keys::STRANGER_CERTIFICATE_PEM);
    let cases: [(&str, Script); 13] = [
        ("iss", Script { spoil: |access, _, _| access.iss = "https://evil.example/".to_owned(), ..good.clone() }),
        ("id iss", Script { spoil: |_, id, _| id.iss = "https://evil.example/".to_owned(), ..good.clone() }),
        ("client", Script { spoil: |access, _, _| access.client_id = "OTHER".parse().unwrap(), ..good.clone() }),
        ("aud", Script { spoil: |_, id, _| id.aud = "OTHER".parse().unwrap(), ..good.clone() }),
        ("expired", Script { spoil: |access, _, _| access.exp = NOW - 61, ..good.clone() }),
        ("issued later", Script { spoil: |_, id, _| id.iat = NOW + 61, ..good.clone() }),
        ("mac", Script { spoil: |_, _, answer| answer.token_type = "mac".to_owned(), ..good.clone() }),
        (
            "scope of another",
            Script { spoil: |access, _, _| access.scope = "openid fullname?oid=1001".to_owned(), ..good.clone() },
        ),
        ("not yet", Script { spoil: |_, id, _| id.nbf = NOW + 61, ..good.clone() }),
        ("sub", Script { spoil: |_, id, _| id.sub = Oid::new(1001), ..good.clone() }),
        ("sbj", Script { spoil: |_, id, _| id.subject.oid = Oid::new(1001), ..good.clone() }),
        ("no id", Script { spoil: |_, _, answer| answer.token_type = "none".to_owned(), ..good.clone() }),
        ("sid", Script { spoil: |_, id, _| id.session_id = "other".to_owned(), ..good.clone() }),
    ];
    let rig = Rig::start(good.clone()).await;
    for (name, script) in cases {
        rig.says(script).await;
        assert_eq!(rig.sign_in().await, "error-provider-not-believed", "{name}");
    }
    rig.says(Script { spoil: |_, _, answer| answer.state = "other".to_owned(), ..good.clone() }).await;
    assert_eq!(rig.sign_in().await, "error-provider-junk", "state");
    assert_eq!(mark(&rig.page("/diary").await), "sign-in", "no session");
    let pinned = |seed: &mut serde_json::Value| {
        seed["diary"]["provider"]["certificate"] = json!(keys::PROVIDER_CERTIFICATE_PEM);
    };
    let rig = Rig::with(Script { signer: stranger, ..good }, pinned).await;
    assert_eq!(rig.sign_in().await, "error-provider-not-believed", "signature");
}

#[tokio::test]
async fn a_new_certificate_of_the_provider_is_asked_for() {
    let rig = Rig::start(Script::default()).await;
    assert_eq!(rig.sign_in().await, "diary");
    rig.says(Script { signer: (keys::STRANGER_KEY_PEM, keys::STRANGER_CERTIFICATE_PEM), ..Script::default() }).await;
    assert_eq!(rig.sign_in().await, "diary");
}

#[tokio::test]
async fn a_provider_that_fails_leaves_no_session() {
    let rig = Rig::with(Script::default(), |seed| seed["diary"]["provider"]["timeout-ms"] = json!(100)).await;
    let at = |where_at: &str| where_at.to_owned();
    let broken = ResponseTemplate::new(500).set_body_string("oops");
    let moved = ResponseTemplate::new(302).insert_header("location", "https://evil.example/");
    let junk = ResponseTemplate::new(200).set_body_string("<html>");
    let huge = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 300 * 1024]);
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(5));
    for (place, answer, expected) in [
        (at("/aas/oauth2/te"), broken.clone(), "error-provider-refused"),
        (at("/aas/oauth2/te"), moved, "error-provider-refused"),
        (at("/aas/oauth2/te"), junk.clone(), "error-provider-junk"),
        (at("/aas/oauth2/te"), huge, "error-provider-junk"),
        (at("/aas/oauth2/te"), slow.clone(), "error-provider-silent"),
        (at("/rs/prns/1000"), broken, "error-provider-refused"),
        (at("/rs/prns/1000"), junk, "error-provider-junk"),
        (at("/rs/prns/1000"), slow, "error-provider-silent"),
    ] {
        rig.says(Script::default()).await;
        Mock::given(path(place.clone())).respond_with(answer).with_priority(1).mount(&rig.provider).await;
        assert_eq!(rig.sign_in().await, expected, "{place}");
        assert_eq!(mark(&rig.page("/diary").await), "sign-in", "{place}");
    }
    let rig = Rig::with(Script::default(), |seed| seed["diary"]["provider"]["url"] = json!("http://127.0.0.1:9")).await;
    assert_eq!(rig.sign_in().await, "error-provider-unreachable");
    assert!(rig.timeline().await.last().unwrap().starts_with("Вход не состоялся: обмен кода на маркеры: нет связи"));
}

#[tokio::test]
async fn a_session_ends_by_its_term_or_by_leaving() {
    let rig = Rig::start(Script::default()).await;
    rig.sign_in().await;
    rig.advance("2h 59m").await;
    assert_eq!(mark(&rig.page("/diary").await), "diary");
    rig.advance("1m").await;
    assert_eq!(mark(&rig.page("/diary").await), "sign-in");
    let rig = Rig::start(Script::default()).await;
    rig.sign_in().await;
    let left = rig.post("/diary", "/logout", &[]).await;
    let to = left.headers()["location"].to_str().unwrap();
    assert!(to.starts_with(&format!("{}/idp/ext/Logout?client_id=RYAZAN-DIARY&redirect_url=", rig.provider.uri())));
    assert_eq!(mark(&rig.page("/diary").await), "sign-in");
}

#[tokio::test]
async fn a_password_works_until_the_date_and_then_no_more() {
    let rig = Rig::with(Script::default(), |seed| {
        seed["clock"] = json!({ "frozen": "2024-03-31T23:59:00+03:00" });
    })
    .await;
    let enter = [("login", "anna"), ("password", "старый-пароль")];
    let wrong = rig.post("/login", "/login", &[("login", "anna"), ("password", "x")]).await.text().await.unwrap();
    assert!(wrong.contains("Неверное имя пользователя или пароль"));
    assert_eq!(rig.post("/login", "/login", &enter).await.headers()["location"], "/diary");
    assert_eq!(mark(&rig.page("/diary").await), "diary");
    let left = rig.post("/diary", "/logout", &[]).await;
    assert_eq!(left.headers()["location"], "/login");
    assert!(rig.page("/login").await.contains("Имя пользователя"));
    rig.advance("1m").await;
    assert!(!rig.page("/").await.contains("старый-пароль"));
    let refused = rig.post("/feedback", "/login", &enter).await.text().await.unwrap();
    assert!(refused.contains("С 01.04.2024 войти в дневник можно только через портал Госуслуг"), "{refused}");
    assert!(!rig.page("/login").await.contains("Имя пользователя"));
}

#[tokio::test]
async fn a_refusal_ends_what_another_person_has_begun_in_the_same_browser() {
    let rig = Rig::start(Script::default()).await;
    assert_eq!(rig.sign_in().await, "diary");
    rig.says(Script { granted: "openid", ..child() }).await;
    assert_eq!(rig.sign_in().await, "refusal-consent-of-guardian-needed");
    assert_eq!(mark(&rig.page("/diary").await), "sign-in");
    rig.says(child()).await;
    assert_eq!(rig.sign_in().await, "diary");
    assert_eq!(mark(&rig.page("/refusal").await), "sign-in", "nothing is refused any more");
}

#[tokio::test]
async fn a_refused_renewal_ends_the_session_with_a_page() {
    let rig = Rig::start(Script::default()).await;
    assert_eq!(rig.sign_in().await, "diary");
    rig.advance("1h").await;
    assert_eq!(mark(&rig.page("/diary").await), "diary", "renewed");
    rig.advance("1h").await;
    let no = ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_grant" }));
    Mock::given(path("/aas/oauth2/te")).respond_with(no).with_priority(1).mount(&rig.provider).await;
    assert_eq!(mark(&rig.page("/diary").await), "refusal-session-over");
    assert!(rig.page("/refusal").await.contains("Сеанс завершён"));
    assert_eq!(mark(&rig.page("/diary").await), "sign-in");
    let over = "Петрова Анна Сергеевна: маркер доступа больше не действует, сеанс завершён";
    assert!(rig.timeline().await.iter().any(|line| line == over));
}

#[tokio::test]
async fn a_session_whose_term_is_over_says_so_on_the_sign_in_page_once() {
    let rig = Rig::start(Script::default()).await;
    assert!(!rig.page("/diary").await.contains("session-ended"), "there was none");
    rig.sign_in().await;
    rig.advance("3h").await;
    assert!(rig.page("/diary").await.contains("Сеанс завершён. Войдите ещё раз."));
    assert!(!rig.page("/diary").await.contains("session-ended"), "told already");
}

/// Tokens appear in no URL that the browser is sent to, on no page, and in no stored state of the world.
#[tokio::test]
async fn no_token_is_told_to_anybody() {
    let rig = Rig::start(Script::default()).await;
    assert_eq!(rig.sign_in().await, "diary");
    rig.advance("1h").await;
    let mut told = String::new();
    for page in ["/diary", "/diary/%D0%B2%D0%B0%D0%BD%D1%8F", "/", "/login"] {
        told += &rig.page(page).await;
    }
    told += rig.post("/diary", "/logout", &[]).await.headers()["location"].to_str().unwrap();
    for kept in ["/worlds/main/export", "/timeline?limit=1000", "/requests"] {
        told += &rig.control().get(&format!("/control{kept}")).await.ok().to_string();
    }
    assert!(told.contains("Петрова"));
    assert!(!told.contains("eyJ"), "a JWT");
}

/// The diary alone decides where a person goes after signing in or out, whatever the request says.
#[tokio::test]
async fn no_address_of_a_request_leads_to_another_server() {
    let rig = Rig::start(Script::default()).await;
    let evil = "next=https://evil.example/&redirect_url=//evil.example/&return_to=https://evil.example/";
    for path in [format!("/login/gosuslugi?{evil}"), format!("/login?{evil}"), format!("/refusal?{evil}")] {
        let away = rig.get(&path).await;
        let to = away.headers().get("location").map(|to| to.to_str().unwrap()).unwrap_or_default();
        assert!(!to.contains("evil.example"), "{path}: {to}");
        assert!(!away.text().await.unwrap().contains("evil.example"), "{path}");
    }
    let state = rig.leave().await;
    let back = rig.get(&format!("/callback?code=c&state={state}&{evil}")).await;
    assert_eq!(back.headers()["location"], "/diary");
    let left = rig.post("/diary", &format!("/logout?{evil}"), &[]).await;
    assert!(!left.headers()["location"].to_str().unwrap().contains("evil"));
}

/// Login CSRF: another person's code does not sign this browser in as them, neither over a pending sign-in nor twice.
#[tokio::test]
async fn nobody_can_be_signed_in_as_another_by_a_link() {
    let rig = Rig::start(Script::default()).await;
    let attacker = new_browser();
    let away = attacker.get(format!("{}/login/gosuslugi", rig.url())).send().await.unwrap();
    let location: url::Url = away.headers()["location"].to_str().unwrap().parse().unwrap();
    let state = location.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    rig.leave().await;
    assert_eq!(mark(&rig.page(&format!("/callback?code=attackers&state={state}")).await), "error-bad-request");
    assert_eq!(mark(&rig.page("/diary").await), "sign-in");
    let asked = rig.provider.received_requests().await.unwrap();
    assert!(asked.iter().all(|request| request.url.path() != "/aas/oauth2/te"), "the code is not even exchanged");
}

/// R003.2 in full: removes data that no account of a scenario can lack.
#[tokio::test]
async fn each_thing_that_the_profile_requires_is_named_when_it_is_missing_or_unverified() {
    let passport = |verified: &str| {
        json!({ "stateFacts": ["EntityRoot"], "id": 1, "type": "RF_PASSPORT", "vrfStu": verified, "series": "0000",
            "number": "000001" })
    };
    let whole = |documents: Vec<serde_json::Value>| {
        let mut person = person("Петрова Анна Сергеевна", "14.03.1985", "001-000-001 00", true);
        person["documents"] = json!({ "stateFacts": ["hasSize"], "size": documents.len(), "elements": documents });
        person
    };
    let without = |field: &str| {
        let mut person = whole(vec![passport("VERIFIED")]);
        person.as_object_mut().unwrap().remove(field);
        person
    };
    let kuzbass = |seed: &mut serde_json::Value| seed["diary"]["profile"] = json!("kuzbass");
    let granted = "openid fullname birthdate snils id_doc birth_cert_doc";
    let rig = Rig::with(Script::default(), kuzbass).await;
    for (person, named) in [
        (without("lastName"), "<li>фамилия: не указано</li>"),
        (without("firstName"), "<li>имя: не указано</li>"),
        (without("middleName"), "<li>отчество: не указано</li>"),
        (without("birthDate"), "<li>дата рождения: не указано</li>"),
        (without("snils"), "<li>СНИЛС: не указано</li>"),
        (whole(vec![]), "<li>реквизиты документа, удостоверяющего личность: не указано</li>"),
        (
            whole(vec![passport("NOT_VERIFIED")]),
            "<li>реквизиты документа, удостоверяющего личность: не подтверждено</li>",
        ),
    ] {
        rig.says(Script { granted, person, ..Script::default() }).await;
        assert_eq!(rig.sign_in().await, "refusal-data-missing", "{named}");
        let page = rig.page("/refusal").await;
        assert!(page.contains(named), "{named} in {page}");
        assert_eq!(rig.page("/diary").await.matches("data-test=\"diary\"").count(), 0, "{named}");
    }
    rig.says(Script { person: whole(vec![passport("VERIFIED")]), granted, ..Script::default() }).await;
    assert_eq!(rig.sign_in().await, "diary");
}

#[tokio::test]
async fn somebody_under_way_gets_in_whatever_strangers_begin_meanwhile() {
    let rig = Rig::start(Script::default()).await;
    let state = rig.leave().await;
    let stranger = new_browser();
    for _ in 0..30 {
        stranger.get(format!("{}/login/gosuslugi", rig.url())).send().await.unwrap();
    }
    assert_eq!(mark(&rig.page(&format!("/callback?code=c&state={state}")).await), "diary");
    let older = rig.leave().await;
    for _ in 0..4 {
        rig.leave().await;
    }
    assert_eq!(mark(&rig.page(&format!("/callback?code=c&state={older}")).await), "diary", "five at once");
    let oldest = rig.leave().await;
    for _ in 0..5 {
        rig.leave().await;
    }
    assert_eq!(mark(&rig.page(&format!("/callback?code=c&state={oldest}")).await), "error-bad-request", "a sixth");
}

/// After a restart there are no tokens with which to notice withdrawn consents.
#[tokio::test]
async fn a_session_whose_tokens_are_gone_ends_at_its_first_check_and_says_why() {
    let rig = Rig::start(Script::default()).await;
    assert_eq!(rig.sign_in().await, "diary");
    let export = rig.control().get("/control/worlds/main/export").await.ok();
    let session = export.to_string().split("\"session\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (again, _running) = rig.started_again().await;
    let look = async |path: &str| {
        let request = new_browser().get(format!("{again}{path}")).bearer_auth(&session);
        read(request.send().await.unwrap()).await
    };
    assert_eq!(look("/api/me").await.outcome(), "200", "checked not long ago");
    let advance = new_browser().post(format!("{again}/control/clock")).json(&json!({ "advance": "10m" }));
    advance.send().await.unwrap();
    let lost = look("/api/me").await;
    assert_eq!(lost.outcome(), "401 session-lost");
    assert!(lost.body.contains("Войдите ещё раз"), "{}", lost.body);
    assert_eq!(look("/api/me").await.outcome(), "401 not-signed-in");
    let rig = Rig::start(Script::default()).await;
    assert_eq!(rig.sign_in().await, "diary");
    rig.advance("10m").await;
    assert_eq!(mark(&rig.page("/diary").await), "diary", "where the tokens are, they are asked with");
}

#[tokio::test]
async fn ten_wrong_passwords_lock_a_login_for_a_quarter_of_an_hour_and_nine_do_not() {
    let rig =
        Rig::with(Script::default(), |seed| seed["clock"] = json!({ "frozen": "2024-03-01T09:00:00+03:00" })).await;
    let enter = async |login: &str, password: &str| {
        rig.anyone().post("/api/login", &json!({ "login": login, "password": password })).await.told()
    };
    for _ in 0..9 {
        assert!(enter("anna", "x").await.starts_with("401 "));
    }
    assert!(!enter("anna", "старый-пароль").await.starts_with('4'), "nine do not");
    for _ in 0..10 {
        assert!(enter("anna", "x").await.starts_with("401 "));
    }
    insta::assert_snapshot!(enter("anna", "старый-пароль").await, @r#"403 {"status":403,"title":"Вход временно заблокирован: слишком много неверных паролей. Повторите после 01.03.2024, 09:15","code":"locked","way_out":"Или нажмите «Забыли пароль?»"}"#);
    let events = rig.timeline().await.len();
    for _ in 0..50 {
        assert!(enter("anna", "x").await.starts_with("403 "));
        assert!(enter("nobody", "x").await.starts_with("401 "));
    }
    assert_eq!(rig.timeline().await.len(), events, "guesses while it is locked leave nothing");
    let page = rig.post("/login", "/login", &[("login", "anna"), ("password", "старый-пароль")]).await;
    assert_eq!(page.status().as_u16(), 403);
    assert!(page.text().await.unwrap().contains("временно заблокирован"));
    rig.advance("15m").await;
    assert!(!enter("anna", "старый-пароль").await.starts_with('4'));
}

#[tokio::test]
async fn clocks_that_have_parted_are_named_as_the_cause() {
    let rig = Rig::start(Script::default()).await;
    let state = rig.leave().await;
    let query = format!("/callback?error=invalid_request&error_description=ESIA-007015%3A+time&state={state}");
    let page = rig.page(&query).await;
    assert!(
        mark(&page) == "error-provider-refused" && page.contains("Переведите и те и другие на одно время"),
        "{page}"
    );
    let state = rig.leave().await;
    let page = rig.page(&format!("/callback?error=server_error&error_description=ESIA-007007&state={state}")).await;
    assert!(mark(&page) == "error-provider-refused" && page.contains("Подождите немного"), "{page}");
}

#[tokio::test]
async fn a_name_that_differs_by_one_letter_is_told_to_the_tester() {
    for (name, told) in
        [("Пётров Иван Сергеевич", "буквами ё и е"), ("Петров Ивaн Сергеевич", "русская «а» — латинская «a»")]
    {
        let rig = Rig::with(child(), |seed| seed["diary"]["pupils"]["ваня"]["name"] = json!(name)).await;
        assert_eq!(rig.sign_in().await, "refusal-child-not-found");
        let timeline = rig.timeline().await;
        assert!(timeline.last().unwrap().contains(told), "{timeline:?}");
    }
}

#[tokio::test]
async fn a_form_that_is_sent_empty_says_what_to_write_and_sends_nothing() {
    let rig = Rig::start(Script::default()).await;
    let answer = rig.post("/login/forgotten", "/login/forgotten", &[("login", " ")]).await;
    assert_eq!(answer.status().as_u16(), 400);
    let page = answer.text().await.unwrap();
    assert!(page.contains("Укажите имя пользователя") && !page.contains("password-letter"), "{page}");
}
