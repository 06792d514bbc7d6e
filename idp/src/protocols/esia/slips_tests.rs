//! Mistakes of client developers at ЕСИА's own endpoints and at `/rs`, each committed once after the same request has
//! succeeded without it: the verdict carries its stable name, and no other.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::testing::{Fields, Rp, escaped, with};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Answer, Rig, september};

impl Rig {
    /// The names of a verdict's mistakes, each once, in order; the rules that broke where none is known.
    pub(crate) async fn named(&self, answer: &Answer) -> String {
        let mut names: Vec<String> = Vec::new();
        for check in self.checks(answer).await.iter().filter(|check| check["outcome"] != "passed") {
            let mistakes = check["mistakes"].as_array().cloned().unwrap_or_else(|| vec![check["rule"].clone()]);
            for name in mistakes.iter().filter_map(Value::as_str) {
                assert!(answer.verdict_line().contains(name), "{name}: {}", answer.verdict_line());
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
        }
        names.join(" ")
    }
}

async fn rig() -> Rig {
    let mut section = super::testing::wide_section();
    section["clients"][0]["redirect-domains"] = json!(["127.0.0.1", "rp.example"]);
    Rig::new(section).await
}

#[tokio::test]
async fn values_of_an_authorization_request_that_are_written_wrongly_are_named() {
    let (rig, rp) = (rig().await, Rp::default());
    assert_eq!(rig.anyone().ac(&rp.ac()).await.verdict_line().split(';').next(), Some("ok"));
    for (name, value, expected) in [
        ("client_id", "diary", "client-near=DIARY"),
        ("client_id", "DIARY\n", "client-near=DIARY"),
        ("client_id", "\"DIARY\"", "client-near=DIARY"),
        ("client_id", "DAIRY", "client-near=DIARY"),
        ("client_id", "SOMEBODY", "client-unknown=SOMEBODY"),
        ("client_id", "undefined", "parameter-placeholder=client_id"),
        ("client_id", "", "parameter-empty=client_id"),
        ("redirect_uri", "https://evil.example/", "redirect-unregistered=evil.example"),
        ("redirect_uri", "http://localhost:9/callback", "redirect-host=localhost"),
        ("redirect_uri", "https://www.rp.example/cb", "redirect-host=www.rp.example"),
        ("redirect_uri", "/callback", "redirect-not-absolute"),
        ("redirect_uri", "ftp://127.0.0.1/callback", "redirect-scheme=ftp"),
        ("redirect_uri", "http://127.0.0.1:9/callback#top", "redirect-fragment"),
        ("redirect_uri", "http%3A%2F%2F127.0.0.1%3A9%2Fcallback", "parameter-encoded-twice=redirect_uri"),
        ("response_type", "Code", "parameter-case=response_type"),
        ("response_type", "code ", "parameter-blanks=response_type"),
        ("response_type", "token", "response-type"),
        ("access_type", "OFFLINE", "parameter-case=access_type"),
        ("access_type", "\"online\"", "parameter-quoted=access_type"),
        ("access_type", "null", "parameter-placeholder=access_type"),
        ("scope", "openid,fullname", "scope-separator=,"),
        ("scope", "openid+fullname", "scope-separator=+"),
        ("scope", "openid fulname", "scope-misspelt=fulname->fullname"),
        ("scope", "OpenID fullname", "scope-misspelt=OpenID->openid"),
        ("scope", "openid offline_access", "scope-of-openid=offline_access->access_type%3Doffline"),
        ("scope", "openid zodiac_sign", "scope-unknown=zodiac_sign"),
        ("scope", "openid inn", "scope-not-allowed=inn"),
        ("person_filter", "CONF_ACC", "parameter-case=person_filter"),
        ("code_challenge_method", "S256", "pkce-no-challenge"),
    ] {
        let answer = rig.anyone().ac(&with(rp.ac(), name, Some(value))).await;
        assert!(answer.verdict_line().starts_with("failed "), "{name}={value}: {}", answer.verdict_line());
        let expected = expected.replace("%3D", "=");
        assert_eq!(rig.named(&answer).await, expected, "{name}={value}");
    }
}

#[tokio::test]
async fn parameters_that_are_missing_misspelt_or_of_the_other_protocol_are_named() {
    let (rig, rp) = (rig().await, Rp::default());
    let good = rp.ac();
    let without = |name| with(good.clone(), name, None);
    let plus = |mut fields: Fields, name, value: &str| {
        fields.push((name, value.to_owned()));
        fields
    };
    for (fields, expected) in [
        (without("state"), "parameter-missing=state"),
        (
            plus(without("redirect_uri"), "redirectUri", "x"),
            "parameter-misspelt=redirectUri->redirect_uri parameter-missing=redirect_uri",
        ),
        (
            plus(without("access_type"), "accessType", "online"),
            "parameter-misspelt=accessType->access_type parameter-missing=access_type",
        ),
        (plus(good.clone(), "state", "again"), "parameter-repeated=state"),
        (
            plus(with(with(without("timestamp"), "access_type", None), "client_secret", None), "nonce", "n"),
            "parameter-missing=access_type request-of-openid=/oidc/authorize",
        ),
    ] {
        let answer = rig.anyone().ac(&fields).await;
        assert!(answer.verdict_line().starts_with("failed "), "{}", answer.verdict_line());
        assert_eq!(rig.named(&answer).await, expected);
    }
}

#[tokio::test]
async fn what_is_taken_though_no_document_has_it_is_tolerated_and_named() {
    let (rig, rp) = (rig().await, Rp::default());
    let changed = |change: fn(&mut Rp)| {
        let mut rp = rp.clone();
        change(&mut rp);
        rp.ac()
    };
    let blank = rp.timestamp.replace('+', " ");
    for (fields, expected) in [
        (changed(|rp| rp.scope = "openid  fullname"), "scope-blanks"),
        (changed(|rp| rp.scope = "openid fullname openid"), "scope-doubled=openid"),
        (changed(|rp| rp.state = "s-1"), "state-not-uuid"),
        (with(rp.ac(), "timestamp", Some(&blank)), "plus-as-blank=timestamp"),
    ] {
        let answer = rig.anyone().ac(&fields).await;
        assert!(answer.verdict_line().starts_with("tolerated "), "{expected}: {}", answer.verdict_line());
        assert_eq!(rig.named(&answer).await, expected);
    }
    let gost = Rp::gost();
    for nothing in ["null", "[]"] {
        let own = [("permissions", &*URL_SAFE_NO_PAD.encode(nothing))];
        let answer = rig.anyone().v2_ac(&gost.v2_ac(&own)).await;
        assert_eq!(rig.named(&answer).await, "permissions-nothing", "{nothing}: {}", answer.verdict_line());
        assert_eq!(answer.status, 302);
    }
}

#[tokio::test]
async fn times_are_told_in_words() {
    for (timestamp, expected) in [
        ("2024-09-02T09:00:00+03:00", "time-iso"),
        ("1725256800", "time-unix"),
        ("1725256800000", "time-milliseconds"),
        ("2024.09.02 09:00:00", "time-no-offset"),
        ("2024.09.02 09:00:00 +03:00", "time-offset-form"),
        ("2024.09.02 09:00:00 MSK", "time-offset-form"),
        ("2024.09.02 09:00:00.500 +0300", "time-fraction"),
        ("2024.9.2 9:00:00 +0300", "time-short"),
        ("02.09.2024 09:00:00 +0300", "time-reversed-date"),
        ("2024-09-02 09:00:00 +0300", "time-separators"),
        ("2024.00.02 09:00:00 +0300", "time-minutes-for-month"),
        ("2024.02.09 09:00:00 +0300", "time-day-month"),
        ("2024.09.02 09:00:00 +0000", "time-zone=+0300"),
        ("0001.01.01 00:00:00 +0000", "time-unset"),
        ("1970.01.01 03:00:00 +0300", "time-unset"),
        ("2024.09.02 09:00:00 AM +0300", "time-12-hour"),
        ("24.09.02 09:00:00 +0300", "time-short-year"),
        ("2024.09.02 06:00:00 +0300", "time-zone=+0000"),
        ("2024.09.02 09:20:00 +0300", "clock-ahead=20m"),
        ("2024.09.02 08:42:30 +0300", "clock-behind=17m30s"),
        ("2021.09.02 09:00:00 +0300", "clock-behind=3y1d"),
    ] {
        let rig = rig().await;
        let rp = Rp { timestamp: timestamp.to_owned(), ..Rp::default() };
        let answer = rig.anyone().ac(&rp.ac()).await;
        assert_eq!(rig.named(&answer).await, expected, "{timestamp}");
        assert!(!rig.verdict(&answer).await.contains(" с\n"), "words, not seconds");
    }
}

#[tokio::test]
async fn an_old_link_is_told_from_a_slow_clock() {
    let (rig, rp) = (rig().await, Rp::default());
    assert_eq!(rig.anyone().ac(&rp.ac()).await.status, 302);
    rig.wall.set(september() + TimeDelta::hours(26));
    let answer = rig.anyone().ac(&rp.ac()).await;
    assert_eq!(rig.named(&answer).await, "link-old=1d2h");
    assert!(rig.verdict(&answer).await.contains("1 день 2 часа назад; эта ссылка уже открывалась"));
}

#[tokio::test]
async fn bodies_of_token_requests_that_come_in_another_way_are_named() {
    let (rig, rp) = (rig().await, Rp::default());
    let body = |kind: &str| {
        let request = Request::post("/aas/oauth2/te").header("content-type", kind);
        request.body(Body::from("{\"client_id\":\"DIARY\"}")).unwrap()
    };
    for (kind, expected) in [
        ("application/json", "form-json"),
        ("multipart/form-data; boundary=x", "form-multipart"),
        ("text/plain", "form-content-type=text/plain"),
    ] {
        let answer = rig.send(body(kind)).await;
        assert_eq!((answer.status.as_u16(), rig.named(&answer).await.as_str()), (400, expected));
    }
    for (name, value, expected) in [
        ("grant_type", Some("Authorization_Code"), "parameter-case=grant_type"),
        ("grant_type", Some("password"), "grant-type-unknown=password"),
        ("grant_type", None, "parameter-missing=grant_type"),
        ("code", None, "parameter-missing=code"),
        ("code", Some(""), "parameter-empty=code"),
        ("code", Some("undefined"), "parameter-placeholder=code"),
    ] {
        let answer = rig.te(&with(rp.by_code("code"), name, value)).await;
        assert_eq!(rig.named(&answer).await, expected, "{name} {value:?}");
    }
    // What is not there says nothing of another protocol.
    let bare = rig.te(&vec![("client_id", "DIARY".to_owned())]).await;
    assert_eq!(rig.named(&bare).await, "parameter-missing=grant_type");
    for (query, expected) in
        [("", "parameter-missing=client_id"), ("?client_id=DIARY", "parameter-missing=redirect_uri")]
    {
        let answer = rig.anyone().page(&format!("/aas/oauth2/ac{query}")).await;
        assert_eq!(rig.named(&answer).await, expected);
    }
    let get = rig.anyone().get("/aas/oauth2/te").await;
    assert_eq!(rig.named(&get).await, "method-wrong=GET");
    for (fields, expected) in [
        (with(rp.by_itself("prm_req?oid=1000000000"), "token_type", Some("bearer")), "parameter-case=token_type"),
        (
            {
                let mut doubled = rp.by_itself("prm_req?oid=1000000000");
                doubled.push(("state", rp.state.to_owned()));
                doubled
            },
            "parameter-doubled=state",
        ),
    ] {
        let answer = rig.te(&fields).await;
        assert_eq!((answer.status.as_u16(), rig.named(&answer).await.as_str()), (200, expected), "{}", answer.body);
    }
    let query = rig.te_by_query(&rp.by_itself("prm_req?oid=1000000000")).await;
    assert_eq!((query.status.as_u16(), rig.named(&query).await.as_str()), (200, "form-in-url"));
}

/// A token whose header says that it needs no signature.
fn unsigned(token: &str) -> String {
    let header = json!({ "alg": "none", "typ": "JWT", "sbt": "access", "ver": 1 }).to_string();
    format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), token.split('.').nth(1).unwrap())
}

#[tokio::test]
async fn what_came_in_place_of_a_code_is_named() {
    let (rig, rp) = (rig().await, Rp { access_type: "offline", ..Rp::default() });
    let tokens = rig.tokens(&rp, "анна").await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let code = rig.code(&rp, "анна").await;
    let cut = &code[..code.len() - 100];
    let forged = format!("{}AAAA", &code[..code.len() - 4]);
    for (sent, expected) in [
        (format!("\"{code}\""), "token-quoted"),
        (format!("Bearer {code}"), "token-doubled-bearer"),
        (format!("{code}\n"), "token-line-end"),
        (code.replace('.', "%2E"), "token-encoded"),
        (json!({ "code": code }).to_string(), "token-json"),
        (cut.to_owned(), &*format!("grant-truncated={}", cut.len())),
        (text("access_token"), "token-kind=esia-access-token"),
        (text("id_token"), "token-kind=esia-id-token"),
        (text("refresh_token"), "token-kind=esia-refresh-token"),
        (unsigned(&code), "token-unsigned"),
        (forged, "token-signature"),
        ("no code at all".to_owned(), "token-line-end"),
        ("nothing".to_owned(), "token-malformed"),
    ] {
        let answer = rig.te(&rp.by_code(&sent)).await;
        assert_eq!(answer.oauth_error(400)["error"], "invalid_grant", "{expected}");
        assert_eq!(rig.named(&answer).await, expected, "{sent:.60}");
    }
    assert_eq!(rig.te(&rp.by_code(&code)).await.status, 200, "none of them has used the code up");
    let again = rig.te(&rp.by_code(&code)).await;
    assert_eq!(rig.named(&again).await, "grant-used");
    let checks = rig.checks(&again).await;
    let link = checks.last().unwrap()["details"][0]["text"].as_str().unwrap().to_owned();
    let used = rig.anyone().page(&link).await;
    assert!(used.status == 200 && used.body.contains("→ 200"), "the request that used it: {link}");
    let late = rig.code(&rp, "анна").await;
    rig.wall.set(september() + TimeDelta::minutes(5));
    let late = rig
        .te(&Rp { timestamp: esia::timestamp::print(september() + TimeDelta::minutes(5)), ..rp.clone() }.by_code(&late))
        .await;
    assert_eq!(rig.named(&late).await, "grant-expired=1m");
    for (sent, expected) in [
        (text("access_token"), "token-kind=esia-access-token"),
        (text("refresh_token")[..20].to_owned(), "grant-truncated=20"),
        (text("refresh_token").to_uppercase(), "parameter-case=refresh_token"),
        ("6ba7b810-9dad-11d1-80b4-00c04fd430c8".to_owned(), "grant-unknown"),
    ] {
        let answer = rig
            .te(&Rp { timestamp: esia::timestamp::print(september() + TimeDelta::minutes(5)), ..rp.clone() }
                .by_refresh(&sent))
            .await;
        assert_eq!(rig.named(&answer).await, expected, "{sent:.60}");
    }
}

#[tokio::test]
async fn verifiers_that_do_not_fit_are_named() {
    let (rig, rp) = (rig().await, Rp::default());
    let session = rig.session("анна").await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = crate::slips::pkce::challenge_of(verifier);
    let asks = |challenge: &str, method: &'static str| {
        let mut fields = rp.ac();
        fields.extend([("code_challenge", challenge.to_owned()), ("code_challenge_method", method.to_owned())]);
        fields
    };
    for (challenge, method, expected) in [
        (challenge.clone(), "s256", "parameter-case=code_challenge_method"),
        (challenge.clone(), "plain", "pkce-method=plain"),
        (format!("{challenge}="), "S256", "pkce-padded"),
        (hex::encode(URL_SAFE_NO_PAD.decode(&challenge).unwrap()), "S256", "pkce-hex"),
        ("short".to_owned(), "S256", "pkce-challenge-form"),
    ] {
        let answer = rig.anyone().ac(&asks(&challenge, method)).await;
        assert_eq!(rig.named(&answer).await, expected, "{challenge}");
    }
    let sent = rig.person(&session).ac(&asks(&challenge, "S256")).await;
    let there = rig.person(&session).page(sent.location()).await;
    let code = if there.status == 302 { there.code() } else { rig.answer_page(&there, &session, "grant").await.code() };
    let other = "another-verifier-that-is-long-enough-to-be-one-0";
    rig.anyone().ac(&asks(&crate::slips::pkce::challenge_of(other), "S256")).await;
    for (verifier, expected) in [
        (challenge.as_str(), "pkce-challenge-sent"),
        (&*format!("{verifier}="), "pkce-padded"),
        (&*format!("{verifier} "), "parameter-blanks=code_verifier"),
        (&*hex::encode(verifier), "pkce-verifier-hex"),
        (other, "pkce-other-code"),
        ("nobody-has-ever-asked-with-this-one-0123456789", "pkce-mismatch"),
        ("", "pkce-missing"),
    ] {
        let answer = rig.te(&with(rp.by_code(&code), "code_verifier", Some(verifier))).await;
        assert_eq!(rig.named(&answer).await, expected, "{verifier}");
    }
    let plain = rig.code(&rp, "анна").await;
    let answer = rig.te(&with(rp.by_code(&plain), "code_verifier", Some(verifier))).await;
    assert_eq!(rig.named(&answer).await, "pkce-unexpected");
}

#[tokio::test]
async fn tokens_at_rs_that_open_nothing_are_named() {
    let (rig, rp) = (rig().await, Rp::default());
    let tokens = rig.tokens(&rp, "анна").await;
    let (access, id) = (tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap());
    let oid = rig.oid("анна").await;
    let person = format!("/rs/prns/{oid}");
    let ask = async |authorization: &str| {
        let request = Request::get(&person).header("authorization", authorization);
        rig.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(ask(&format!("Bearer {access}")).await.status, 200);
    let foreign = {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let (header, claims) =
            (json!({ "alg": "ES256", "typ": "JWT" }), json!({ "iss": "https://sso.example", "sub": "1" }));
        format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode([7; 64]))
    };
    for (sent, expected) in [
        (format!("Bearer Bearer {access}"), "token-doubled-bearer"),
        (format!("Bearer \"{access}\""), "token-quoted"),
        (format!("Basic {access}"), "token-in-basic"),
        (format!("Token {access}"), "token-scheme=Token"),
        (access.to_owned(), "token-no-scheme"),
        ("Bearer ".to_owned(), "token-missing"),
        (format!("Bearer {tokens}"), "token-json"),
        (format!("Bearer {}", &access[..500]), "token-truncated=500"),
        (format!("Bearer {id}"), "token-kind=esia-id-token"),
        (format!("Bearer {}", unsigned(access)), "token-unsigned"),
        (format!("Bearer {foreign}"), "token-other-issuer=https://sso.example"),
        (format!("Bearer {}", access.replace('.', "%2E")), "token-encoded"),
    ] {
        let answer = ask(&sent).await;
        assert_eq!(answer.status, 401, "{expected}");
        assert_eq!(rig.named(&answer).await, expected, "{sent:.60}");
    }
    let lower = ask(&format!("bearer {access}")).await;
    assert_eq!((lower.status.as_u16(), rig.named(&lower).await.as_str()), (200, "token-scheme-case=bearer"));
    let query = rig.anyone().page(&format!("{person}?access_token={}", escaped(access))).await;
    assert_eq!(rig.named(&query).await, "token-in-query");
    let other = rig.rs(&format!("/rs/prns/{}", rig.oid("пётр").await), access).await;
    assert_eq!(rig.named(&other).await, format!("token-other-person={oid}"));
    let closed = rig.rs(&format!("{person}/ctts"), access).await;
    assert_eq!(rig.named(&closed).await, "scope-hidden=contacts,email,mobile");
    let told = rig.verdict(&rig.rs(&person, access).await).await;
    assert!(told.contains("не запрошено: birthdate — Дата рождения"), "{told}");
    let system = rig.te(&rp.by_itself(&format!("prm_req?oid={oid}"))).await.ok();
    let by_system = rig.rs(&person, system["access_token"].as_str().unwrap()).await;
    assert_eq!(rig.named(&by_system).await, "token-of-client");
    rig.wall.set(september() + TimeDelta::hours(3));
    assert_eq!(rig.named(&rig.rs(&person, access).await).await, "token-expired=2h");
}

#[tokio::test]
async fn parameters_of_the_other_protocols_logout_are_named() {
    let rig = rig().await;
    for (query, expected) in [
        ("post_logout_redirect_uri=https://rp.example/", "logout-parameter-of-openid=post_logout_redirect_uri"),
        ("client_id=DIARY&redirect_uri=https://rp.example/", "parameter-misspelt=redirect_uri->redirect_url"),
        ("redirect_url=https://rp.example/", "redirect-without-client"),
        ("client_id=NOBODY-HERE&redirect_url=https://rp.example/", "client-unknown=NOBODY-HERE"),
        ("client_id=DIARY&redirect_url=https://evil.example/", "redirect-unregistered=evil.example"),
    ] {
        let answer = rig.anyone().page(&format!("/idp/ext/Logout?{query}")).await;
        assert_eq!(rig.named(&answer).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_page_that_a_person_sees_carries_the_verdict_for_testers() {
    let (rig, rp) = (rig().await, Rp::default());
    let page = rig.anyone().ac(&with(rp.ac(), "redirect_uri", Some("https://evil.example/"))).await;
    let id = page.headers["x-esia-stand-request"].to_str().unwrap();
    let strip = page.body.split("data-test=\"tester\"").nth(1).unwrap();
    for text in ["Адрес возврата не зарегистрирован: evil.example", "Как исправить", &format!("/requests/{id}\"")]
    {
        assert!(strip.contains(text), "{text}: {strip}");
    }
    let verdict = rig.anyone().page(&format!("/control/console/requests/{id}?lang=en")).await.body;
    assert!(verdict.contains("The callback is not registered: evil.example") && verdict.contains("How to mend it"));
    assert!(verdict.contains("href=\"/control/console/clients/DIARY\""), "the client's registration is linked");
}

/// Rules that a lenient world or client may break, as the documents list them. All others always hold: without them the
/// client or its request would be unknown.
const LENIENT: [&str; 14] = [
    "certificate-hash",
    "client-certificate-active",
    "client-secret-container",
    "client-secret-form",
    "client-signature",
    "organisation",
    "person-filter of who enters",
    "scope-allowed",
    "scope-form",
    "scope-known",
    "second-factor",
    "subject-type of who enters",
    "timestamp-form",
    "timestamp-window",
];

#[tokio::test]
async fn a_lenient_client_is_let_break_exactly_the_rules_that_the_documents_list() {
    let (rig, rp) = (rig().await, Rp { client_id: "SOFT", ..Rp::gost() });
    let pages = [
        ("en", include_str!("../../../../docs/src/en/verdicts.md")),
        ("ru", include_str!("../../../../docs/src/ru/verdicts.md")),
    ];
    for (rule, (language, page)) in LENIENT.iter().flat_map(|rule| pages.iter().map(move |page| (rule, page))) {
        assert!(page.contains(&format!("`{rule}`")), "verdicts.md in {language} does not list {rule}");
    }
    let other = Rp { key: esia::keys::STRANGER_GOST_KEY_PEM, ..rp.clone() };
    let junk = URL_SAFE_NO_PAD.encode([1; 64]);
    let foreign = other.raw("another string");
    for (name, value) in [
        ("timestamp", Some("2024-09-02T09:00:00+03:00")),
        ("timestamp", Some("2024.09.02 19:20:00 +0300")),
        ("scope", Some("openid zodiac_sign")),
        ("scope", Some("openid inn")),
        ("scope", Some("openid,fullname fullname")),
        ("client_certificate_hash", None),
        ("client_certificate_hash", Some("00")),
        ("client_secret", Some("***")),
        ("client_secret", Some(&junk)),
        ("client_secret", Some(&foreign)),
        ("response_type", Some("token")),
        ("access_type", Some("forever")),
        ("person_filter", Some("everybody")),
        ("obj_type", Some("X")),
        ("permissions", Some("***")),
        ("code_challenge_method", Some("S256")),
        ("redirect_uri", Some("https://evil.example/")),
        ("state", None),
    ] {
        let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), name, value)).await;
        for check in rig.checks(&answer).await.iter().filter(|check| !check["error"].is_null()) {
            let rule = check["rule"].as_str().unwrap();
            let is_listed = LENIENT.contains(&rule);
            assert_eq!(check["outcome"] == "tolerated", is_listed, "{name}={value:?}: {check}");
        }
    }
}
