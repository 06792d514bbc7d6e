//! Input that OpenID Connect must refuse (other algorithms, keys, worlds and clocks), and input that it must accept
//! (behind a proxy, and with keys that a client has registered).

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{Certificate, keys};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::testing::{ISSUER, Rp, claims, encode_fields, rig, section};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Answer, Rig, september};

const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn rsa(pem: &str) -> EncodingKey {
    EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()
}

fn header(algorithm: Algorithm, kid: Option<&str>) -> Header {
    Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) }
}

fn asserted(changes: &Value) -> Value {
    let mut claims = json!({ "iss": "KEYED", "sub": "KEYED", "aud": ISSUER, "exp": september().timestamp() + 60 });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// Returns an unsigned token with `alg` `none`.
fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims))
}

/// Returns the claims as tokens that an attacker can make: unsigned, or with public values used as a shared secret.
fn confused(claims: &Value, public_pem: &str, modulus: &str) -> Vec<String> {
    let mut forged = vec![unsigned(claims), format!("{}AAAA", unsigned(claims))];
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        for secret in [public_pem.as_bytes(), public_pem.trim().as_bytes(), modulus.as_bytes(), b""] {
            forged.push(encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret)).unwrap());
        }
    }
    forged
}

async fn introspect(rig: &Rig, assertion: &str) -> Answer {
    let fields = vec![
        ("token", "x".to_owned()),
        ("client_assertion", assertion.to_owned()),
        ("client_assertion_type", KIND.to_owned()),
    ];
    rig.post("/oidc/introspect", &fields).await
}

#[tokio::test]
async fn a_system_signs_with_a_key_of_the_set_that_it_has_registered() {
    let stranger = Certificate::from_pem(keys::STRANGER_CERTIFICATE_PEM).unwrap();
    let key = stranger.public_key().unwrap();
    let mut seed = section();
    seed["clients"][3]["oidc"]["jwks"] =
        json!({ "keys": [{ "kty": "RSA", "use": "sig", "kid": "new", "n": key.jwk_n(), "e": key.jwk_e() }] });
    let rig = Rig::new(seed).await;
    for (pem, kid, jti, status) in [
        (keys::STRANGER_KEY_PEM, Some("new"), "1", 200),
        (keys::STRANGER_KEY_PEM, None, "2", 200),
        (keys::DIARY_KEY_PEM, None, "3", 200),
        (keys::STRANGER_KEY_PEM, Some("old"), "4", 401),
        (keys::PROVIDER_KEY_PEM, Some("new"), "5", 401),
    ] {
        let token = encode(&header(Algorithm::RS256, kid), &asserted(&json!({ "jti": jti })), &rsa(pem)).unwrap();
        let answer = introspect(&rig, &token).await;
        assert_eq!(answer.status, status, "{kid:?} {jti}: {}", rig.verdict(&answer).await);
    }
    for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
        let token =
            encode(&header(algorithm, Some("new")), &asserted(&json!({ "jti": "6" })), &rsa(keys::STRANGER_KEY_PEM));
        assert_eq!(introspect(&rig, &token.unwrap()).await.status, 401, "{algorithm:?}");
    }
}

#[tokio::test]
async fn a_public_key_is_no_secret_and_no_signature_is_none() {
    let (rig, rp) = (rig().await, Rp { scope: "openid", ..Rp::default() });
    let diary = Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap();
    let key = diary.public_key().unwrap();
    for forged in confused(&asserted(&json!({ "jti": "1" })), &key.pem(), &key.jwk_n().unwrap()) {
        let answer = introspect(&rig, &forged).await;
        assert_eq!(answer.oauth_error(401)["error"], "invalid_client", "{forged}");
    }
    let session = rig.session("анна").await;
    let code = rig.person(&session).authorize(&rp.asks()).await.code();
    let tokens = rig.post("/oidc/token", &rp.by_code(&code)).await.ok();
    let jwks = rig.jwks().await;
    let pem = Certificate::from_pem(keys::PROVIDER_CERTIFICATE_PEM).unwrap().public_key_pem();
    let modulus = jwks["keys"][0]["n"].as_str().unwrap();
    for forged in confused(&claims(&jwks, tokens["access_token"].as_str().unwrap()), &pem, modulus) {
        assert_eq!(rig.rs("/oidc/userinfo", &forged).await.status, 401, "{forged}");
        let asked = rp.authenticated(vec![("token", forged.clone())]);
        assert_eq!(rig.post("/oidc/introspect", &asked).await.ok(), json!({ "active": false }), "{forged}");
    }
    for forged in confused(&claims(&jwks, tokens["id_token"].as_str().unwrap()), &pem, modulus) {
        let query = encode_fields(&vec![("id_token_hint", forged)]);
        assert_eq!(rig.person(&session).page(&format!("/oidc/logout?{query}")).await.status, 400);
    }
    assert_eq!(rig.person(&session).page("/lk").await.status, 200, "nobody was signed out");
}

#[tokio::test]
async fn codes_and_tokens_of_another_world_are_nothing_here() {
    let (rig, rp) = (rig().await, Rp::default());
    let made = json!({ "name": "two", "seed": { "gosuslugi": section() } });
    assert_eq!(rig.control().post("/control/worlds", &made).await.status, 201);
    let code = rig.oidc_code(&rp, "анна").await;
    let there = rig.post("/w/two/oidc/token", &rp.by_code(&code)).await;
    assert_eq!(there.oauth_error(400)["error"], "invalid_grant");
    assert!(there.verdict_line().contains("grant-other-world=main"), "{}", there.verdict_line());
    let tokens = rig.post("/oidc/token", &rp.by_code(&code)).await.ok();
    let [access, refresh, id] =
        ["access_token", "refresh_token", "id_token"].map(|name| tokens[name].as_str().unwrap().to_owned());
    let there = rig.post("/w/two/oidc/token", &rp.by_refresh(&refresh)).await;
    assert_eq!(there.oauth_error(400)["error"], "invalid_grant");
    for token in [&access, &refresh] {
        let asked = rp.authenticated(vec![("token", token.clone())]);
        assert_eq!(rig.post("/w/two/oidc/introspect", &asked).await.ok(), json!({ "active": false }));
        assert_eq!(rig.post("/w/two/oidc/revoke", &asked).await.status, 200, "RFC 7009 §2.2");
        assert_eq!(rig.post("/oidc/introspect", &asked).await.ok()["active"], true, "and revokes nothing here");
    }
    let session = rig.session("анна").await;
    let hint = encode_fields(&vec![("id_token_hint", id)]);
    rig.anyone().page(&format!("/w/two/oidc/logout?{hint}")).await;
    assert_eq!(rig.person(&session).page("/lk").await.status, 200);
    assert_eq!(rig.post("/oidc/token", &rp.by_refresh(&refresh)).await.status, 200);
}

#[tokio::test]
async fn a_clock_may_be_off_by_a_minute_and_no_more() {
    let rig = rig().await;
    let now = september().timestamp();
    for (index, (times, status)) in [
        (json!({ "exp": now - 59 }), 200),
        (json!({ "exp": now - 60 }), 401),
        (json!({ "exp": now + 3660 }), 200),
        (json!({ "exp": now + 3661 }), 401),
        (json!({ "nbf": now + 60 }), 200),
        (json!({ "nbf": now + 61 }), 401),
        (json!({ "exp": i64::MAX }), 401),
        (json!({ "exp": i64::MIN }), 401),
        (json!({ "nbf": i64::MAX }), 401),
        (json!({ "exp": "soon" }), 401),
        (json!({ "exp": 1e300 }), 401),
    ]
    .into_iter()
    .enumerate()
    {
        let mut changes = times;
        changes["jti"] = json!(index.to_string());
        let token = encode(&Header::new(Algorithm::RS256), &asserted(&changes), &rsa(keys::DIARY_KEY_PEM)).unwrap();
        assert_eq!(introspect(&rig, &token).await.status, status, "{changes}");
    }
}

#[tokio::test]
async fn behind_a_proxy_every_address_is_the_public_one() {
    let public = "https://stand.example/sso";
    let (rig, rp) = (Rig::behind(public, section()).await, Rp::default());
    let found = rig.anyone().get("/.well-known/openid-configuration").await.ok();
    assert_eq!(found["issuer"], public);
    for (name, value) in found.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            assert!(value.as_str().unwrap().starts_with(&format!("{public}/oidc/")), "{name}: {value}");
        }
    }
    let back = {
        let session = rig.session("анна").await;
        let page = rig.person(&session).authorize(&rp.asks()).await;
        rig.agree(page, &session, "grant").await
    };
    assert_eq!(back.parameter("iss").unwrap(), public);
    let tokens = rig.post("/oidc/token", &rp.by_code(&back.code())).await.ok();
    let id = claims(&rig.jwks().await, tokens["id_token"].as_str().unwrap());
    assert_eq!((&id["iss"], &id["aud"]), (&json!(public), &json!("DIARY")));
    assert_eq!(rig.userinfo(&tokens).await.status, 200);
    for (aud, status) in [(public.to_owned(), 200), (format!("{public}/oidc/token"), 200), (ISSUER.to_owned(), 401)] {
        let claims = asserted(&json!({ "jti": aud, "aud": aud }));
        let token = encode(&Header::new(Algorithm::RS256), &claims, &rsa(keys::DIARY_KEY_PEM)).unwrap();
        assert_eq!(introspect(&rig, &token).await.status, status, "{aud}");
    }
    // The login page's API takes the public origin for its own.
    for (origin, status) in [("https://stand.example", 200), ("http://127.0.0.1:8001", 403)] {
        let request = Request::post("/aas/oauth2/api/login")
            .header("content-type", "application/json")
            .header("origin", origin)
            .body(Body::from(json!({ "login": "anna@family.test", "password": "anna-secret" }).to_string()));
        let answer = rig.send(request.unwrap()).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        for cookie in answer.headers.get_all("set-cookie") {
            assert!(cookie.to_str().unwrap().contains("; Secure"), "{cookie:?}");
        }
    }
}

#[tokio::test]
async fn an_address_is_the_standard_claim_of_it() {
    let mut seed = section();
    let scopes = seed["clients"][0]["scopes"].as_array_mut().unwrap();
    scopes.push(json!("addresses"));
    seed["people"]["анна"]["profile"] = json!({ "addresses": [
        { "type": "PRG", "zip": "000002", "region": "Рязанская обл", "settlement": "с Первое", "house": "5" },
        { "type": "PLV", "zip": "000001", "region": "Рязанская обл", "city": "г Рязань", "street": "ул Первая",
          "house": "1", "flat": "4" },
    ] });
    seed["people"]["пётр"]["profile"] =
        json!({ "addresses": [{ "type": "PRG", "settlement": "с Первое", "house": "5" }] });
    let rig = Rig::new(seed).await;
    let told = async |scope: &'static str, who| {
        let tokens = rig.oidc_tokens(&Rp { scope, ..Rp::default() }, who).await;
        rig.userinfo(&tokens).await.ok()["address"].clone()
    };
    let home = json!({
        "formatted": "000001, Рязанская обл, г Рязань, ул Первая, д. 1, кв. 4",
        "street_address": "ул Первая, д. 1, кв. 4",
        "locality": "г Рязань", "region": "Рязанская обл", "postal_code": "000001", "country": "Россия",
    });
    assert_eq!(told("openid address", "анна").await, home);
    assert_eq!(told("openid addresses", "анна").await, home, "by ЕСИА's own name too");
    assert_eq!(told("openid profile", "анна").await, Value::Null);
    let little =
        json!({ "formatted": "с Первое, д. 5", "street_address": "д. 5", "locality": "с Первое", "country": "Россия" });
    assert_eq!(told("openid address", "пётр").await, little);
    let found = rig.anyone().get("/.well-known/openid-configuration").await.ok();
    assert!(found["scopes_supported"].as_array().unwrap().contains(&json!("address")));
    assert!(found["claims_supported"].as_array().unwrap().contains(&json!("address")));
}

#[tokio::test]
async fn what_is_kept_of_a_request_is_bounded_in_bytes() {
    let (rig, rp) = (rig().await, Rp::default());
    for name in ["state", "nonce", "login_hint"] {
        for (value, fits) in [("я".repeat(1024), true), ("я".repeat(1024) + "x", false)] {
            let mut fields = rp.asks();
            fields.retain(|(known, _)| *known != name);
            fields.push((name, value));
            let answer = rig.anyone().authorize(&fields).await;
            assert_eq!(!answer.location().contains("error="), fits, "{name}: {}", answer.location());
            if !fits {
                assert!(rig.verdict(&answer).await.contains("2049 байт"));
            }
        }
    }
}
