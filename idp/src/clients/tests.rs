//! Registering client systems: at the control API and on the console.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    protocols::esia::testing::{Fields, Rp, section, wide_section},
    testing::{Answer, Rig, september},
};

async fn put(rig: &Rig, spec: &Value) -> Answer {
    let mnemonic = spec["mnemonic"].as_str().unwrap_or("SITE");
    rig.control().put(&format!("/control/clients/{mnemonic}"), spec).await
}

async fn get(rig: &Rig, path: &str) -> Value {
    rig.control().get(path).await.ok()
}

async fn delete(rig: &Rig, mnemonic: &str) -> u16 {
    rig.control().delete(&format!("/control/clients/{mnemonic}")).await.status.as_u16()
}

async fn key(rig: &Rig, mnemonic: &str, new: &Value) -> Answer {
    rig.control().post(&format!("/control/clients/{mnemonic}/key"), new).await
}

fn site() -> Value {
    json!({ "mnemonic": "SITE", "title": "Сайт", "organisation": "Школа", "scopes": ["openid", "fullname"] })
}

/// Relying party that signs with the generated key.
fn rp_of(made: &Value) -> Rp {
    let text = |value: &Value| -> &'static str { Box::leak(value.as_str().unwrap().to_owned().into_boxed_str()) };
    Rp {
        client_id: text(&made["client"]["mnemonic"]),
        scope: "openid fullname",
        redirect_uri: "http://127.0.0.1:3000/callback",
        key: text(&made["key"]),
        certificate: text(&made["certificate"]),
        ..Rp::default()
    }
}

fn newcomer(key: &str) -> Value {
    json!({ "key": key, "title": "Мой сайт", "redirect-uri": "http://127.0.0.1:3000/callback" })
}

#[tokio::test]
async fn a_removed_system_leaves_no_request_code_or_token_that_works() {
    let rig = Rig::new(section()).await;
    let rp = Rp { access_type: "offline", ..Rp::default() };
    let (anna, oid) = (rig.session("анна").await, rig.oid("анна").await);
    let tokens = rig.tokens(&rp, "анна").await;
    let access = tokens["access_token"].as_str().unwrap();
    let person = format!("/rs/prns/{oid}");
    assert_eq!(rig.rs(&person, access).await.status, 200);
    let code = rig.code(&rp, "анна").await;
    let waiting = rig.person(&anna).ac(&rp.ac()).await.location().to_owned();
    let system = rig.te(&rp.by_itself(&format!("prm_req?oid={oid}"))).await.ok();
    let ask = json!({ "scopes": ["fullname"], "purpose": "EDUCATION_DIARY" });
    let ask_with = async |token: &Value| {
        let token = token["access_token"].as_str().unwrap();
        rig.person(token).post(&format!("{person}/permissions/requests"), &ask).await.status.as_u16()
    };
    assert_eq!(ask_with(&system).await, 200);

    let spec = get(&rig, "/control/clients/DIARY").await;
    assert_eq!(delete(&rig, "DIARY").await, 204);
    let none_works = async || {
        assert_eq!(rig.rs(&person, access).await.status, 401);
        assert_eq!(ask_with(&system).await, 401);
        let by_code = rig.te(&rp.by_code(&code)).await.ended();
        let by_refresh = rig.te(&rp.by_refresh(tokens["refresh_token"].as_str().unwrap())).await.ended();
        let waiting = rig.person(&anna).page(&waiting).await.status.as_u16();
        (by_code, by_refresh, waiting)
    };
    assert_snapshot!(format!("{:?}", none_works().await), @r#"("400 unauthorized_client ESIA-008010", "400 unauthorized_client ESIA-008010", 400)"#);
    // The registration as it was shown is accepted again, and revives no earlier request, code or token.
    assert_eq!(put(&rig, &spec).await.status, 201);
    assert_snapshot!(format!("{:?}", none_works().await), @r#"("400 invalid_grant ESIA-007011", "400 invalid_grant ESIA-007011", 400)"#);
    let late = rig.rs(&person, access).await;
    assert!(rig.verdict(&late).await.ends_with("failed access-token: выдан до того, как систему удалили"));

    rig.wall.set(september() + TimeDelta::seconds(2));
    let rp = Rp { timestamp: esia::timestamp::print(september() + TimeDelta::seconds(2)), ..rp };
    let tokens = rig.tokens(&rp, "анна").await;
    assert_eq!(rig.rs(&person, tokens["access_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(rig.rs(&person, access).await.status, 401, "the old one stays dead beside the new one");
}

#[tokio::test]
async fn a_field_that_cannot_be_used_is_named_and_nothing_changes() {
    let rig = Rig::new(section()).await;
    let wrong = |field: &str, value: Value| {
        let mut spec = site();
        spec[field] = value;
        spec
    };
    let cases = [
        wrong("mnemonic", json!("сайт")),
        wrong("redirect-domains", json!(["127.0.0.1", "https://app.example:8443/cb"])),
        wrong("redirect-domains", json!(["app.example:8443"])),
        wrong("redirect-domains", json!(["не домен"])),
        wrong("scopes", json!(["openid", "full name"])),
        wrong("scopes", json!("openid")),
        wrong("certificates", json!(["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])),
        wrong("certificates", json!([esia::keys::DIARY_CERTIFICATE_PEM, "чепуха"])),
        wrong("esia", json!({ "token-algorithm": "HS256" })),
        wrong("esia", json!({ "consent-types": [{ "sysname": "" }] })),
        wrong("esia", json!({ "consent-types": [{ "sysname": "CREDIT", "scopes": ["full name"] }] })),
        wrong("esia", json!({ "consent-types": [{ "sysname": "CREDIT", "purpose": "X" }] })),
        wrong("oidc", json!({ "redirect-uris": ["/cb"] })),
        wrong("tittle", json!("Сайт")),
    ];
    let mut told = Vec::new();
    for spec in &cases {
        let answer = rig.control().put("/control/clients/SITE", spec).await;
        told.push(format!("{}: {}", answer.outcome(), answer.problem(400)["title"].as_str().unwrap()));
    }
    assert_snapshot!(told.join("\n"), @r#"
    400 bad-request mnemonic: Поле «mnemonic»: в мнемонике допустимы заглавные латинские буквы, цифры, дефис и подчёркивание, а не «с»
    400 bad-request redirect-domains[1]: нужен один домен, без схемы, порта и пути: «app.example» вместо «https://app.example:8443/cb»
    400 bad-request redirect-domains[0]: нужен один домен, без схемы, порта и пути: «app.example» вместо «app.example:8443»
    400 bad-request redirect-domains[0]: «не домен» — не домен; нужен, например, app.example.test или 127.0.0.1
    400 bad-request scopes[1]: область доступа «full name» записана неверно
    400 bad-request scopes: Поле «scopes»: нужно: список, а пришло: строка
    400 bad-request certificates[0]: сертификат не читается: первый байт 00, а DER сертификата начинается с 30
    400 bad-request certificates[1]: ожидался блок PEM «CERTIFICATE»
    400 bad-request esia.token-algorithm: Поле «esia.token-algorithm»: «HS256» здесь не бывает; бывает: RS256, GOST3410_2012_256
    400 bad-request esia.consent-types[0].sysname: нужна мнемоника, у каждого типа своя
    400 bad-request esia.consent-types[0].scopes: область доступа «full name» записана неверно
    400 bad-request esia.consent-types[0].purpose: Поле «esia.consent-types[0].purpose»: такого здесь нет; есть: sysname, title, mandatory-scopes, scopes, forbidden-scopes, purposes, several-purposes, max-expire-min
    400 bad-request oidc.redirect-uris[0]: «/cb» — не полный адрес
    400 bad-request tittle: Поле «tittle»: такого здесь нет; есть: mnemonic, title, organisation, redirect-domains, scopes, certificates, school-portfolio, oidc, esia, tokens
    "#);
    assert_eq!(rig.control().get("/control/clients/SITE").await.outcome(), "404 not-found");
}

#[tokio::test]
async fn what_is_accepted_and_will_surprise_is_told() {
    let mut section = section();
    section["clients-of-settings"] = json!([site(), { "mnemonic": "DIARY", "title": "Другой", "organisation": "-" }]);
    let rig = Rig::new(section).await;
    let mut spec = site();
    spec["scopes"] = json!(["openid", "fulname", "own_thing"]);
    spec["certificates"] = json!([esia::keys::DIARY_CERTIFICATE_PEM]);
    rig.wall.set(september() + TimeDelta::days(365 * 80));
    let answer = put(&rig, &spec).await;
    // The settings have registered it before.
    let about = &answer.ok()["about"];
    let notes = |about: &Value| serde_json::to_string_pretty(&about["notes"]).unwrap();
    assert_snapshot!(notes(about), @r#"
    [
      {
        "field": "certificates[0]",
        "text": "срок сертификата истёк 01.01.2100, 03:00, подпись им не примут: выпустите новый"
      },
      {
        "field": "scopes[1]",
        "text": "области «fulname» нет в справочнике, данных по ней не будет; может быть, «fullname»"
      },
      {
        "field": "scopes[2]",
        "text": "области «own_thing» нет в справочнике, данных по ней не будет"
      }
    ]
    "#);
    let all = get(&rig, "/control/clients").await;
    let one = |mnemonic: &str| all.as_array().unwrap().iter().find(|one| one["mnemonic"] == mnemonic).unwrap();
    assert_eq!((&one("DIARY")["title"], &one("DIARY")["about"]["origin"]), (&json!("Дневник"), &json!("seed")));
    assert!(notes(&one("DIARY")["about"]).contains("программа запущена с другой регистрацией"));
    assert_eq!(one("SITE")["about"]["origin"], "control");
}

#[tokio::test]
async fn the_list_shows_how_each_system_s_last_request_ended() {
    let rig = Rig::new(section()).await;
    let last = async |mnemonic: &str| {
        let last = get(&rig, &format!("/control/clients/{mnemonic}")).await["about"]["last-request"].clone();
        let text = |name: &str| last[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", text("request"), last["status"], text("verdict"), last["broken"])
    };
    assert_snapshot!(last("DIARY").await, @"- null - null");
    let rp = Rp::default();
    rig.tokens(&rp, "анна").await;
    assert_snapshot!(last("DIARY").await, @"POST /aas/oauth2/te 200 passed []");
    rig.anyone()
        .ac(&Rp { key: esia::keys::STRANGER_KEY_PEM, certificate: esia::keys::STRANGER_CERTIFICATE_PEM, ..rp.clone() }
            .ac())
        .await;
    assert_snapshot!(last("DIARY").await, @r#"GET /aas/oauth2/ac 302 failed ["client-signature: ESIA-007053"]"#);
    assert_snapshot!(last("MINOBR").await, @"- null - null");
    let page = rig.anyone().page("/control/console/clients").await.body;
    let row = |mnemonic: &str| {
        page.split(&format!("client-{mnemonic}")).nth(1).unwrap().split("</li>").next().unwrap().to_owned()
    };
    assert!(row("DIARY").contains("отказ") && row("DIARY").contains("/control/console/requests/"), "{}", row("DIARY"));
    assert!(row("MINOBR").contains("ещё не обращалась"));
}

#[tokio::test]
async fn whoever_gets_a_key_signs_in_with_it_at_once() {
    let rig = Rig::new(section()).await;
    for (mnemonic, kind) in [("RSA-SITE", "rsa"), ("GOST-SITE", "gost")] {
        let made = key(&rig, mnemonic, &newcomer(kind)).await.json(201);
        let rp = rp_of(&made);
        assert!(rig.tokens(&rp, "анна").await["access_token"].is_string());
        let session = rig.session("анна").await;
        let code = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
        assert_eq!(rig.v3_te(&rp.v3_by_code(&code)).await.status, 200, "the raw signature of the second version");
        let certificate = &made["client"]["about"]["certificates"][0];
        assert_eq!(certificate["hash"], rp.hash());
        // A second key: the first one is stale from then on, and the verdict says so.
        assert_eq!(key(&rig, mnemonic, &newcomer(kind)).await.outcome(), "409 client-exists mnemonic");
        let second = key(&rig, mnemonic, &json!({ "key": kind })).await.json(201);
        assert_eq!(second["client"]["title"], "Мой сайт");
        let refused = rig.anyone().ac(&rp.ac()).await;
        assert_eq!(refused.ended(), "302 access_denied ESIA-007053");
        assert!(rig.verdict(&refused).await.contains("прежний сертификат системы"), "{}", rig.verdict(&refused).await);
        assert!(rig.tokens(&rp_of(&second), "анна").await["access_token"].is_string());
    }
    let kept = rig.control().get("/control/worlds/main/export").await.body;
    assert!(kept.contains("BEGIN CERTIFICATE") && !kept.contains("PRIVATE KEY"), "the key is kept nowhere");
    assert!(!get(&rig, "/control/requests").await.to_string().contains("PRIVATE KEY"));
}

#[tokio::test]
async fn a_key_is_refused_by_field_where_the_registration_is_no_good() {
    let rig = Rig::new(section()).await;
    let with = |field: &str, value: Value| {
        let mut new = newcomer("gost");
        new[field] = value;
        new
    };
    let cases = [
        with("title", json!(" ")),
        with("redirect-uri", json!("")),
        with("redirect-uri", json!("ftp://site.test/cb")),
        with("redirect-uri", json!("http://site.test/#part")),
        with("redirect-uri", json!("http://")),
        with("redirect-uri", json!("два слова")),
        with("scopes", json!([])),
        with("scopes", json!(["full name"])),
        with("key", json!("dsa")),
        with("certificates", json!([])),
        json!({ "key": "gost" }),
    ];
    let mut told = Vec::new();
    for new in &cases {
        told.push(key(&rig, "SITE", new).await.outcome());
    }
    told.push(key(&rig, "сайт", &newcomer("gost")).await.outcome());
    assert_snapshot!(told.join("\n"), @r#"
    400 bad-request title
    400 bad-request redirect-uri
    400 bad-request redirect-uri
    400 bad-request redirect-uri
    400 bad-request redirect-uri
    400 bad-request redirect-uri
    400 bad-request scopes
    400 bad-request scopes[0]
    400 bad-request key
    400 bad-request certificates
    404 not-found
    400 bad-request mnemonic
    "#);
    assert_eq!(get(&rig, "/control/clients").await.as_array().unwrap().len(), 2);
}

fn form(fields: &[(&'static str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

#[tokio::test]
async fn a_newcomer_connects_a_system_on_the_console() {
    let rig = Rig::new(section()).await;
    let session = rig.session("анна").await;
    let page = rig.anyone().page("/control/console/clients/new").await;
    assert!(page.body.contains(r#"data-test="connect""#));
    let mut fields = form(&[
        ("mnemonic", "my-site"),
        ("title", "Мой <сайт>"),
        ("redirect-uri", "http://127.0.0.1:3000/callback"),
        ("key", "gost"),
        ("tokens", "RS256"),
        ("scope", "openid"),
        ("scope", "snils"),
        ("more", "mobile,  email"),
    ]);
    let refused = rig.person(&session).form("/control/console/clients/new", &fields).await;
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains(r#"data-test="fault-mnemonic""#) && refused.body.contains("Мой &#60;сайт&#62;"));
    assert!(refused.body.contains(r#"value="gost" checked"#), "what was entered stays");
    fields[0].1 = "MY-SITE".to_owned();
    let made = rig.person(&session).form("/control/console/clients/new", &fields).await;
    assert_eq!((made.status.as_u16(), made.headers["cache-control"].to_str().unwrap()), (201, "no-store"));
    for mark in [
        r#"data-test="key""#,
        r#"download="MY-SITE.key.pem""#,
        r#"download="MY-SITE.cert.pem""#,
        "-----BEGIN PRIVATE KEY-----",
    ] {
        assert!(made.body.contains(mark), "{mark}");
    }
    assert_eq!(get(&rig, "/control/clients/MY-SITE").await["scopes"], json!(["openid", "snils", "mobile", "email"]));
    let again = rig.person(&session).form("/control/console/clients/new", &fields).await;
    assert_eq!(again.status, 409);
    assert!(again.body.contains("уже есть"));
    let page = rig.anyone().page("/control/console/clients/MY-SITE").await.body;
    assert!(page.contains("Мой &#60;сайт&#62;") && !page.contains("PRIVATE KEY"));
    let renewed = rig.person(&session).form("/control/console/clients/MY-SITE/key", &form(&[("key", "rsa")])).await;
    assert!(renewed.body.contains("-----BEGIN PRIVATE KEY-----"));
    let gone = rig.person(&session).form("/control/console/clients/MY-SITE/delete", &form(&[])).await;
    assert_eq!((gone.status.as_u16(), gone.location()), (303, "/control/console/clients"));
    assert_eq!(rig.anyone().page("/control/console/clients/MY-SITE").await.status, 404);
}

#[tokio::test]
async fn a_form_from_elsewhere_makes_no_key() {
    let rig = Rig::new(section()).await;
    for path in ["new", "DIARY/key", "DIARY/delete"] {
        let refused = rig.te_at(&format!("/control/console/clients/{path}"), &form(&[("key", "rsa")])).await;
        assert_eq!(refused.status, 403, "{path}");
    }
    assert_eq!(get(&rig, "/control/clients").await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn settings_are_filled_with_what_is_registered_and_fit_the_key() {
    let rig = Rig::new(section()).await;
    let names = |settings: &Value| {
        let name =
            |one: &Value| format!("{} ({})", one["library"].as_str().unwrap(), one["language"].as_str().unwrap());
        settings.as_array().unwrap().iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let rsa = key(&rig, "RSA-SITE", &newcomer("rsa")).await.json(201);
    let gost = key(&rig, "GOST-SITE", &newcomer("gost")).await.json(201);
    assert_snapshot!(names(&rsa["settings"]), @"esia-connector (Python), esia (Python), esia (JavaScript), passport-esia (JavaScript), ekapusta/oauth2-esia (PHP), fr05t1k/esia (PHP), ilimurzin/esia (PHP), omniauth-esia (Ruby), AISGorod.AspNetCore.Authentication.Esia (C#), openssl и curl (bash), openid-client (JavaScript), express-openid-connect (JavaScript, Express), passport-openidconnect (JavaScript, Express), Authlib (Python), mozilla-django-oidc (Python, Django), go-oidc (Go), Socialite (PHP, Laravel), Spring Security (Java), Keycloak (посредник), openssl и curl (bash)");
    assert_snapshot!(names(&gost["settings"]), @"ekapusta/oauth2-esia (PHP), fr05t1k/esia (PHP), ilimurzin/esia (PHP), AISGorod.AspNetCore.Authentication.Esia (C#), esia-auth-code (Java), openssl и curl (bash), openid-client (JavaScript), express-openid-connect (JavaScript, Express), passport-openidconnect (JavaScript, Express), Authlib (Python), mozilla-django-oidc (Python, Django), go-oidc (Go), Socialite (PHP, Laravel), Spring Security (Java), Keycloak (посредник), openssl и curl (bash)");
    for made in [&rsa, &gost] {
        let mnemonic = made["client"]["mnemonic"].as_str().unwrap();
        for one in made["settings"].as_array().unwrap() {
            let text = one["text"].as_str().unwrap();
            assert!(text.contains(mnemonic) && text.contains("http://127.0.0.1:8001"), "{text}");
        }
        assert_eq!(get(&rig, &format!("/control/clients/{mnemonic}/settings")).await, made["settings"]);
    }
    let text = |made: &Value, library: &str| {
        let all = made["settings"].as_array().unwrap();
        all.iter().find(|one| one["library"] == library).unwrap()["text"].as_str().unwrap().to_owned()
    };
    assert_snapshot!(text(&rsa, "esia-connector"), @r#"
    from esia_connector.client import EsiaAuth, EsiaSettings

    settings = EsiaSettings(
        esia_client_id="RSA-SITE",
        redirect_uri="http://127.0.0.1:3000/callback",
        certificate_file="RSA-SITE.cert.pem",
        private_key_file="RSA-SITE.key.pem",
        esia_service_url="http://127.0.0.1:8001",
        esia_scope="openid fullname",
        esia_token_check_key="RSA_TESIA_PUBLIC.pem",
    )
    auth = EsiaAuth(settings)
    "#);
    assert_snapshot!(text(&gost, "fr05t1k/esia"), @r#"
    $config = new \Esia\Config([
        'clientId'       => 'GOST-SITE',
        'redirectUrl'    => 'http://127.0.0.1:3000/callback',
        'portalUrl'      => 'http://127.0.0.1:8001/',
        'codeUrlPath'    => 'aas/oauth2/ac',
        'tokenUrlPath'   => 'aas/oauth2/te',
        'scope'          => ['openid', 'fullname'],
        'privateKeyPath' => 'GOST-SITE.key.pem',
        'certPath'       => 'GOST-SITE.cert.pem',
    ]);
    $esia = new \Esia\OpenId($config);
    $esia->setSigner(new \Esia\Signer\CliSignerPKCS7('GOST-SITE.cert.pem', 'GOST-SITE.key.pem', '', '/tmp'));
    "#);
    let hash = gost["client"]["about"]["certificates"][0]["hash"].as_str().unwrap();
    assert!(text(&gost, "ilimurzin/esia").contains(hash), "client_certificate_hash is told");
    assert!(!text(&gost, "ekapusta/oauth2-esia").contains("remoteSigner"), "its tokens are RS256");
    let own_tokens = json!({ "key": "gost", "title": "Сайт", "redirect-uri": "http://127.0.0.1:3000/callback",
        "token-algorithm": "GOST3410_2012_256" });
    let own_tokens = key(&rig, "TOKENS", &own_tokens).await.json(201);
    assert!(text(&own_tokens, "ekapusta/oauth2-esia").contains("OpenSslCliJwtSigner"));
    let secret = gost["client"]["oidc"]["secret"].as_str().unwrap();
    assert!(secret.len() == 32 && text(&gost, "Spring Security").contains(secret));
    assert_ne!(rsa["client"]["oidc"]["secret"], gost["client"]["oidc"]["secret"]);
}

#[tokio::test]
async fn what_stands_in_an_address_cannot_leave_its_quotation_marks() {
    let rig = Rig::new(section()).await;
    let mut new = newcomer("rsa");
    new["redirect-uri"] = json!(r#"http://127.0.0.1:3000/cb?a='+evil+"$x`\"#);
    let made = key(&rig, "SITE", &new).await.json(201);
    for one in made["settings"].as_array().unwrap() {
        assert!(!one["text"].as_str().unwrap().contains("evil+\""), "{one}");
        assert!(!one["text"].as_str().unwrap().contains("'+evil"), "{one}");
    }
}

#[tokio::test]
async fn a_system_asks_only_for_the_types_of_consent_that_are_registered() {
    let rig = Rig::new(wide_section()).await;
    let rp = Rp { client_id: "DIGITAL", scope: "openid", ..Rp::default() };
    let credit = json!([{ "sysname": "CREDIT", "actions": [{ "sysname": "ALL_ACTIONS_TO_DATA" }],
        "purposes": [{ "sysname": "CREDIT" }], "scopes": [{ "sysname": "fullname" }] }]);
    let asked = URL_SAFE_NO_PAD.encode(credit.to_string());
    let ask = async || rig.anyone().v2_ac(&rp.v2_ac(&[("permissions", &asked)])).await;
    assert_eq!(ask().await.ended(), "302 /login");
    let mut spec = get(&rig, "/control/clients/DIGITAL").await;
    spec["esia"]["consent-types"].as_array_mut().unwrap().remove(0);
    assert_eq!(put(&rig, &spec).await.status, 200);
    let refused = ask().await;
    assert_eq!(refused.ended(), "302 invalid_request ESIA-036701");
    assert!(rig.verdict(&refused).await.ends_with("failed permissions: CREDIT: такого типа у системы нет"));
}

#[tokio::test]
async fn a_system_of_short_terms_sees_its_codes_and_tokens_end() {
    let mut section = section();
    section["clients"][0]["tokens"] = json!({ "code-ttl-s": 2, "access-ttl-s": 4, "id-ttl-s": 3, "refresh-ttl-s": 7 });
    let rig = Rig::new(section).await;
    let session = rig.session("анна").await;
    let at = |seconds: i64| {
        rig.wall.set(september() + TimeDelta::seconds(seconds));
        Rp {
            access_type: "offline",
            timestamp: esia::timestamp::print(september() + TimeDelta::seconds(seconds)),
            ..Rp::default()
        }
    };
    let code = async |rp: &Rp| rig.consent(rp, &session, "grant").await.code();
    let late = code(&at(600)).await;
    assert_eq!(rig.te(&at(602).by_code(&late)).await.ended(), "400 invalid_grant ESIA-007011", "the code");
    let rp = at(603);
    let answer = rig.arrive(&rp, &session).await;
    let tokens = rig.te(&rp.by_code(&answer.code())).await.ok();
    assert_eq!(tokens["expires_in"], 4, "{tokens}");
    let claims = |token: &Value| -> Value {
        let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
    };
    let id = claims(&tokens["id_token"]);
    assert_eq!(id["exp"].as_i64().unwrap() - id["iat"].as_i64().unwrap(), 3);
    let person = format!("/rs/prns/{}", rig.oid("анна").await);
    let read = async |tokens: &Value| rig.rs(&person, tokens["access_token"].as_str().unwrap()).await.status.as_u16();
    at(606);
    assert_eq!(read(&tokens).await, 200);
    let rp = at(607);
    assert_eq!(read(&tokens).await, 401, "the access token");
    let renewed = rig.te(&rp.by_refresh(tokens["refresh_token"].as_str().unwrap())).await.ok();
    assert_eq!(read(&renewed).await, 200);
    let over = rig.te(&at(610).by_refresh(renewed["refresh_token"].as_str().unwrap())).await;
    assert_eq!(
        over.ended(),
        "400 invalid_grant ESIA-007011",
        "the refresh token, seven seconds after the first tokens"
    );
    // A system of the same world without terms of its own keeps the world's.
    let other = Rp { client_id: "MINOBR", scope: "openid", ..at(700) };
    assert_eq!(rig.tokens(&other, "анна").await["expires_in"], 3600);
}

#[tokio::test]
async fn terms_are_registered_with_the_rest_and_a_wrong_one_is_named() {
    let rig = Rig::new(section()).await;
    let mut spec = site();
    spec["tokens"] = json!({ "code-ttl-s": 0 });
    assert_eq!(put(&rig, &spec).await.outcome(), "400 bad-request tokens.code-ttl-s");
    let mut new = newcomer("rsa");
    (new["tokens"], new["id-token-claims"]) = (json!({ "access-ttl-s": 10 }), json!(true));
    let made = key(&rig, "SHORT", &new).await.json(201);
    assert_eq!(made["client"]["tokens"], json!({ "access-ttl-s": 10 }));
    assert_eq!(made["client"]["oidc"]["id-token-claims"], true);
    let session = rig.session("анна").await;
    let mut fields = form(&[
        ("mnemonic", "PAGE"),
        ("title", "Сайт"),
        ("redirect-uri", "http://127.0.0.1:3000/callback"),
        ("scope", "openid"),
        ("access-ttl-s", "минута"),
        ("id-token-claims", "on"),
    ]);
    let refused = rig.person(&session).form("/control/console/clients/new", &fields).await;
    assert!(refused.body.contains(r#"data-test="fault-access-ttl-s""#), "{}", refused.body);
    fields[4].1 = "10".to_owned();
    assert_eq!(rig.person(&session).form("/control/console/clients/new", &fields).await.status, 201);
    let spec = get(&rig, "/control/clients/PAGE").await;
    assert_eq!((&spec["tokens"]["access-ttl-s"], &spec["oidc"]["id-token-claims"]), (&json!(10), &json!(true)));
}

/// Each set of settings for a system: library and text.
async fn texts(rig: &Rig, world: &str, mnemonic: &str) -> Vec<(String, String)> {
    let all = get(rig, &format!("{world}/control/clients/{mnemonic}/settings")).await;
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let all = all.as_array().unwrap_or_else(|| panic!("{all}"));
    all.iter().map(|one| (format!("{} {}", text(one, "protocol"), text(one, "library")), text(one, "text"))).collect()
}

#[tokio::test]
async fn settings_ask_for_what_is_registered_and_known_at_their_protocol() {
    let rig = Rig::new(section()).await;
    let mut spec = site();
    spec["scopes"] = json!(["openid", "fullname", "vehicles", "profile", "children", "own_thing"]);
    assert_eq!(put(&rig, &spec).await.status, 201);
    let told = texts(&rig, "", "SITE").await;
    let is_openid = |name: &str| name.starts_with("openid-connect");
    assert!(!told.iter().any(|(name, _)| is_openid(name)), "nothing is registered for OpenID Connect");
    assert!(!told.iter().any(|(_, text)| text.contains(esia::keys::DIARY_SECRET)), "and the diary's secret is its own");
    let esia = &told.iter().find(|(name, _)| name == "esia esia-connector").unwrap().1;
    assert!(esia.contains(r#"esia_scope="openid fullname vehicles own_thing""#), "{esia}");

    spec["oidc"] = json!({ "redirect-uris": ["http://127.0.0.1:3000/callback"], "secret": "it's \\ \"\n$x" });
    spec["redirect-domains"] = json!(["app.example.test"]);
    assert_eq!(put(&rig, &spec).await.status, 200);
    let told = texts(&rig, "", "SITE").await;
    let text = |name: &str| told.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}")).1.clone();
    assert!(text("openid-connect Authlib").contains(r#"scope="openid fullname profile children""#));
    assert!(text("openid-connect Authlib").contains(r#""it's \\ \"\n$x""#), "{}", text("openid-connect Authlib"));
    assert!(text("openid-connect Socialite").contains(r"'it\'s \\ "), "{}", text("openid-connect Socialite"));
    assert!(
        text("esia esia-connector").contains(r#"redirect_uri="http://app.example.test/callback""#),
        "by its domain"
    );
    assert!(
        text("openid-connect Authlib").contains(r#"redirect_uri="http://127.0.0.1:3000/callback""#),
        "to the letter"
    );
    // A public client has no secret and runs in a browser; for a client with a key, libraries that need a secret are of
    // no use.
    spec["oidc"] = json!({ "redirect-uris": ["http://127.0.0.1:3000/"], "auth-method": "none" });
    assert_eq!(put(&rig, &spec).await.status, 200);
    let names = texts(&rig, "", "SITE").await.into_iter().map(|(name, _)| name).filter(|name| is_openid(name));
    assert_snapshot!(names.collect::<Vec<_>>().join(", "), @"openid-connect oidc-client-ts, openid-connect react-oidc-context, openid-connect oidc-spa, openid-connect angular-oauth2-oidc, openid-connect openssl и curl");
    spec["oidc"] =
        json!({ "redirect-uris": ["http://127.0.0.1:3000/"], "secret": "x", "auth-method": "private_key_jwt" });
    assert_eq!(put(&rig, &spec).await.status, 200);
    let names = texts(&rig, "", "SITE").await.into_iter().map(|(name, _)| name).filter(|name| is_openid(name));
    assert_snapshot!(names.collect::<Vec<_>>().join(", "), @"openid-connect openid-client, openid-connect openssl и curl");
}

#[tokio::test]
async fn over_https_no_library_is_told_to_do_without() {
    let mut spec = site();
    spec["oidc"] = json!({ "redirect-uris": ["http://127.0.0.1:3000/callback"], "secret": "x" });
    for (base, is_told) in [("http://stand.example", true), ("https://stand.example", false)] {
        let rig = Rig::behind(base, section()).await;
        assert_eq!(put(&rig, &spec).await.status, 201);
        let all = texts(&rig, "", "SITE").await;
        let (_, text) = all.iter().find(|(name, _)| name == "openid-connect openid-client").unwrap();
        assert_eq!(text.contains("allowInsecureRequests"), is_told, "{text}");
        assert!(text.contains(&format!("new URL('{base}')")), "{text}");
    }
}

#[tokio::test]
async fn a_library_that_insists_on_a_path_gets_the_registered_address_that_has_it() {
    let rig = Rig::new(section()).await;
    let mut spec = site();
    let uris = ["http://127.0.0.1:3000/callback", "http://127.0.0.1:8080/login/oauth2/code/esia"];
    spec["oidc"] = json!({ "redirect-uris": uris, "secret": "x" });
    put(&rig, &spec).await;
    let all = get(&rig, "/control/clients/SITE/settings").await;
    let of = |all: &Value, library: &str| {
        all.as_array().unwrap().iter().find(|one| one["library"] == library).cloned().unwrap_or_default()
    };
    let spring = of(&all, "Spring Security");
    assert!(spring["text"].as_str().unwrap().contains(uris[1]) && spring["note"].is_null(), "{spring}");
    let django = of(&all, "mozilla-django-oidc");
    assert!(django["note"].as_str().unwrap().contains("/oidc/callback/"), "{django}");
}

#[tokio::test]
async fn a_library_that_loses_the_path_of_its_base_gets_one_without() {
    let rig = Rig::new(section()).await;
    rig.control().post("/control/worlds", &json!({ "name": "mine", "seed": { "gosuslugi": section() } })).await;
    rig.control().put("/w/mine/control/clients/SITE", &site()).await;
    let text = async |rig: &Rig, world: &str, library: &str| {
        let told = texts(rig, world, "SITE").await;
        told.into_iter().find(|(name, _)| name == library).unwrap().1
    };
    let gem = text(&rig, "/w/mine", "esia omniauth-esia").await;
    assert!(gem.contains("site: 'http://mine.localhost:8001',"), "{gem}");
    let npm = text(&rig, "/w/mine", "esia esia").await;
    let all = get(&rig, "/w/mine/control/clients/SITE/settings").await.to_string();
    assert!(npm.contains("SERVICE_URL: http://127.0.0.1:8001/w/mine"), "the one of Python keeps it: {npm}");
    assert!(all.contains("esiaUrl: 'http://mine.localhost:8001'") && all.contains("127.0.0.1 mine.localhost"), "{all}");
    assert!(text(&rig, "/w/mine", "esia esia-connector").await.contains(r#""http://127.0.0.1:8001/w/mine""#));
    put(&rig, &site()).await;
    for world in ["", "/w/main"] {
        let gem = text(&rig, world, "esia omniauth-esia").await;
        assert!(gem.contains("site: 'http://127.0.0.1:8001',"), "{world}: {gem}");
    }
    let behind = Rig::behind("https://mock.example.test/idp", section()).await;
    behind.control().post("/control/worlds", &json!({ "name": "mine", "seed": { "gosuslugi": section() } })).await;
    behind.control().put("/w/mine/control/clients/SITE", &site()).await;
    let gem = text(&behind, "/w/mine", "esia omniauth-esia").await;
    assert!(gem.contains("site: 'https://mock.example.test/idp/w/mine',"), "a proxy knows no other name: {gem}");
}

/// Addresses of this server in a text.
fn addresses(text: &str) -> Vec<String> {
    let is_end = |sign: char| "\"' \n,;)\\".contains(sign);
    let found = text.split("http://127.0.0.1:8001").skip(1).map(|rest| rest.split(is_end).next().unwrap_or_default());
    found.map(str::to_owned).collect()
}

#[tokio::test]
async fn every_address_and_scope_of_the_settings_is_served_and_known() {
    let rig = Rig::new(section()).await;
    let discovery = get(&rig, "/.well-known/openid-configuration").await;
    let mut checked = 0;
    for oidc in [json!({ "secret": "x" }), json!({ "auth-method": "none" }), json!({})] {
        for kind in ["rsa", "gost"] {
            let mut spec = site();
            spec["scopes"] = json!(["openid", "fullname", "snils", "email"]);
            spec["oidc"] = oidc.clone();
            spec["oidc"]["redirect-uris"] = json!(["http://127.0.0.1:3000/callback"]);
            put(&rig, &spec).await;
            assert_eq!(key(&rig, "SITE", &json!({ "key": kind })).await.status, 201);
            for (name, text) in texts(&rig, "", "SITE").await {
                for path in addresses(&text) {
                    // A base URL alone is not an endpoint; every other address in the text must exist.
                    let path = if matches!(&*path, "" | "/") { "/.well-known/openid-configuration" } else { &path };
                    let answer =
                        rig.send(axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap()).await;
                    assert_ne!(answer.status, 404, "{name}: {path}");
                    checked += 1;
                }
                let scope = text.contains("openid") && text.contains("fullname");
                assert!(scope || name.contains("esia-auth-code"), "{name}: {text}");
            }
        }
    }
    for scope in ["openid", "fullname", "snils", "email"] {
        assert!(discovery["scopes_supported"].as_array().unwrap().contains(&json!(scope)), "{scope}");
    }
    assert!(checked > 100, "{checked}");
}

#[tokio::test]
async fn a_world_whose_clock_stands_says_so_where_a_client_is_set_up() {
    let rig = Rig::new(section()).await;
    put(&rig, &site()).await;
    let page = async || rig.anyone().page("/control/console/clients/SITE").await.body;
    assert!(!page().await.contains(r#"data-test="other-clock""#), "the clock is the machine's");
    assert!(get(&rig, "/control/clients/SITE").await["about"]["clock"].is_null());
    rig.control().post("/control/clock", &json!({ "mode": "frozen" })).await;
    let about = get(&rig, "/control/clients/SITE").await["about"]["clock"].clone();
    assert!(about["text"].as_str().unwrap().starts_with("Часы этого мира стоят: 02.09.2024"), "{about}");
    let command = about["command"].as_str().unwrap();
    assert!(command.contains("http://127.0.0.1:8001/control/worlds/main/fork"), "{command}");
    assert!(page().await.contains(r#"data-test="other-clock""#));
    rig.control().post("/control/clock", &json!({ "advance": "1day", "mode": "running" })).await;
    assert!(get(&rig, "/control/clients/SITE").await["about"]["clock"]["text"].as_str().unwrap().contains("спешат"));
}
