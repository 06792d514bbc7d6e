//! Every code of ESIA §1.5 that the provider can cause, and bad input: each with its code and a verdict, none a
//! failure.

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{EsiaError, PermissionsError, keys};
use serde_json::{Value, json};

use super::{
    testing::{Rp, wide_section, with},
    wire_tests::{credit, permissions},
};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Answer, Rig};

async fn rig() -> Rig {
    Rig::new(wide_section()).await
}

/// Returns the code of an error response, in a redirect, a body or a page, and checks that its OAuth error is the one
/// of ESIA §1.5.
fn checked(answer: &Answer) -> String {
    let ended = answer.ended();
    let (code, error) = ended.split_once("ESIA-").map(|(error, code)| (code.to_owned(), error.to_owned())).unwrap();
    let code = format!("ESIA-{}", code.split(' ').next().unwrap());
    if !error.contains("page") {
        let known = all().into_iter().find(|known| known.code() == code).unwrap();
        assert!(error.contains(known.oauth_error()), "{ended}");
        let of_body = || answer.oauth_error(answer.status.as_u16())["error_description"].as_str().map(str::to_owned);
        let description = answer.parameter("error_description").or_else(of_body).unwrap();
        assert!(description.starts_with(&format!("{code}: ")), "{description}");
    }
    let line = answer.verdict_line();
    assert!(line.starts_with("failed ") && line.contains(&code) && line.is_ascii(), "{ended}: {line}");
    code
}

/// Codes of ESIA §1.5 that the provider can return. Tested elsewhere: 007046, 007055, 007062 and 007194, which depend
/// on the person, below; 007110, 008 to 910 and 005, which belong to pages and to `/rs`.
fn all() -> Vec<EsiaError> {
    use PermissionsError as P;
    let permissions = [
        P::NoType,
        P::UnknownType,
        P::MandatoryScope,
        P::ExcessScopes,
        P::ForbiddenScopes,
        P::NoAction,
        P::UnknownAction,
        P::NoPurpose,
        P::BadExpiry,
        P::UnknownPurpose,
        P::OnePurpose,
    ];
    let others = [
        EsiaError::CertificateNotOfClient,
        EsiaError::InvalidRequest,
        EsiaError::AccessDenied,
        EsiaError::UnauthorizedClient,
        EsiaError::InvalidScope,
        EsiaError::ServerError,
        EsiaError::TemporarilyUnavailable,
        EsiaError::UnsupportedResponseType,
        EsiaError::InvalidGrant,
        EsiaError::UnsupportedGrantType,
        EsiaError::NoScope,
        EsiaError::MissingParameter(String::new()),
        EsiaError::WrongTime,
        EsiaError::NoGrants,
        EsiaError::RedirectNotAllowed,
        EsiaError::UnreadableParameters,
        EsiaError::VerifierWithoutChallenge,
        EsiaError::VerifierMismatch,
        EsiaError::SecondFactorImpossible,
        EsiaError::ClientSecretWrong,
        EsiaError::AccountNotConfirmed,
        EsiaError::BadRoles,
        EsiaError::BadObjectType,
        EsiaError::BadSubjectType,
        EsiaError::NotEmployed,
        EsiaError::ClientNotAuthenticated,
    ];
    others.into_iter().chain(permissions.map(EsiaError::Permissions)).collect()
}

/// Authorization requests of the second version that are refused before anybody signs in.
async fn refused_at_ac(rig: &Rig) -> BTreeSet<String> {
    let rp = Rp::gost();
    let mut codes = BTreeSet::new();
    for (name, value, expected) in [
        ("client_id", Some("NOBODY"), "ESIA-008010"),
        ("redirect_uri", Some("https://evil.example/"), "ESIA-007023"),
        ("response_type", Some("token"), "ESIA-007009"),
        ("access_type", Some("forever"), "ESIA-007003"),
        ("client_certificate_hash", None, "ESIA-007014"),
        ("timestamp", Some("2024.09.02 10:00:00 +0300"), "ESIA-007015"),
        ("scope", None, "ESIA-007013"),
        ("scope", Some("openid no_such_scope"), "ESIA-007006"),
        ("scope", Some("openid inn"), "ESIA-007019"),
        ("scope_org", Some("fullname"), "ESIA-007006"),
        ("scope_org", Some("org_ogrn"), "ESIA-007019"),
        ("state", Some("unsigned"), "ESIA-007053"),
        ("obj_type", Some("X"), "ESIA-007061"),
        ("roles", Some("KING"), "ESIA-007060"),
        ("person_filter", Some("everybody"), "ESIA-007003"),
    ] {
        let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), name, value)).await;
        assert_eq!(checked(&answer), expected, "{name}={value:?}");
        codes.insert(expected.to_owned());
    }
    let diary = esia::Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap().streebog256_hex();
    codes.insert(checked(&rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_certificate_hash", Some(&diary))).await));
    let weak = with(Rp::default().ac(), "client_secret", Some(&weakly_signed()));
    codes.insert(checked(&rig.anyone().ac(&weak).await));
    codes
}

/// The diary's good CMS with something in place of SHA-256 that is no digest.
fn weakly_signed() -> String {
    let rp = Rp::default();
    let mut cms = URL_SAFE_NO_PAD.decode(rp.secret(rp.scope)).unwrap();
    let sha256 = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    let other = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05];
    let at: Vec<_> = cms.windows(11).enumerate().filter(|(_, part)| *part == sha256).map(|(at, _)| at).collect();
    for at in at {
        cms[at..at + 11].copy_from_slice(&other);
    }
    URL_SAFE_NO_PAD.encode(cms)
}

/// Requests with `permissions` that the types of consent do not allow.
async fn refused_permissions(rig: &Rig) -> BTreeSet<String> {
    let rp = Rp { client_id: "DIGITAL", scope: "openid", ..Rp::default() };
    let credit_with = |name: &str, value: Value| {
        let mut item = credit();
        item[name] = value;
        item
    };
    let named = |names: &[&str]| names.iter().map(|name| json!({ "sysname": name })).collect::<Value>();
    let many = json!({ "sysname": "MANY", "actions": named(&["USE_DATA"]), "purposes": named(&["ONE", "TWO"]),
        "scopes": named(&["fullname"]) });
    let mut codes = BTreeSet::new();
    for (item, expected) in [
        (credit_with("sysname", json!("")), "ESIA-036700"),
        (credit_with("sysname", json!("KING")), "ESIA-036701"),
        (credit_with("scopes", named(&["snils"])), "ESIA-036702"),
        (credit_with("scopes", named(&["fullname", "openid"])), "ESIA-036703"),
        (credit_with("scopes", named(&["fullname", "org_inn"])), "ESIA-036704"),
        (credit_with("actions", json!([])), "ESIA-036705"),
        (credit_with("actions", named(&["BURN"])), "ESIA-036706"),
        (credit_with("purposes", json!([])), "ESIA-036707"),
        (credit_with("expire", json!(600_000)), "ESIA-036716"),
        (credit_with("expire", json!("soon")), "ESIA-036716"),
        (credit_with("purposes", named(&["FUN"])), "ESIA-036726"),
        (credit_with("purposes", named(&["CREDIT", "CREDIT"])), "ESIA-036727"),
    ] {
        let asked = permissions(&json!([item]));
        let answer = rig.anyone().v2_ac(&rp.v2_ac(&[("permissions", &asked)])).await;
        assert_eq!(checked(&answer), expected, "{item}");
        codes.insert(expected.to_owned());
    }
    let good = permissions(&json!([many]));
    assert!(rig.anyone().v2_ac(&rp.v2_ac(&[("permissions", &good)])).await.location().starts_with("/login"));
    for junk in ["не base64", "e30", &URL_SAFE_NO_PAD.encode("[{]")] {
        checked(&rig.anyone().v2_ac(&rp.v2_ac(&[("permissions", junk)])).await);
    }
    let without_openid = Rp { scope: "fullname", ..rp };
    let answer = rig.anyone().v2_ac(&without_openid.v2_ac(&[("permissions", &good)])).await;
    assert_eq!(checked(&answer), "ESIA-007006");
    codes
}

/// What is refused once somebody has signed in.
async fn refused_to_people(rig: &Rig) -> BTreeSet<String> {
    let gost = Rp::gost();
    let bare = Rp { client_id: "BARE", scope: "openid snils", ..Rp::default() };
    let mut codes = BTreeSet::new();
    let kid = [("person_filter", "acc_kid")];
    for (who, rp, own, expected) in [
        ("соседка", &bare, &[][..], "ESIA-007055"),
        ("соседка", &gost, &[("person_filter", "conf_acc")][..], "ESIA-007055"),
        ("анна", &bare, &[][..], "ESIA-007046"),
        ("анна", &gost, &kid[..], "ESIA-007062"),
        ("анна", &gost, &[("obj_type", "L")][..], "ESIA-007062"),
        ("анна", &gost, &[("roles", "AGENCY,BUSINESS")][..], "ESIA-007062"),
        ("анна", &gost, &[("scope_org", "org_inn?org_oid=1000000111")][..], "ESIA-007194"),
    ] {
        let session = rig.session(who).await;
        let sent = rig.person(&session).v2_ac(&rp.v2_ac(own)).await;
        assert!(sent.location().starts_with("/aas/oauth2/continue"), "{}", sent.location());
        let answer = rig.person(&session).page(sent.location()).await;
        assert_eq!(checked(&answer), expected, "{who} {own:?}");
        assert_eq!(answer.parameter("state").unwrap(), rp.state);
        codes.insert(expected.to_owned());
    }
    let session = rig.session("анна").await;
    let page = rig.person(&session).v2_ac(&gost.v2_ac(&[("person_filter", "acc_not_kid"), ("obj_type", "P")])).await;
    let page = rig.person(&session).page(page.location()).await;
    let refused = rig.answer_page(&page, &session, "refuse").await;
    assert_eq!(refused.ended(), "302 access_denied ESIA-007004");
    codes.insert("ESIA-007004".to_owned());
    codes
}

/// Token requests that are refused.
async fn refused_at_te(rig: &Rig) -> BTreeSet<String> {
    let rp = Rp::gost();
    let session = rig.session("анна").await;
    let verifier = "v".repeat(43);
    let challenge = crate::slips::pkce::challenge_of(&verifier);
    let own = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let bound = rig.v2_code(&rp.v2_ac(&own), &session).await.code();
    let free = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let bare = Rp { client_id: "BARE", ..Rp::default() };
    let mut codes = BTreeSet::new();
    for (fields, expected) in [
        (with(rp.v3_by_code(&bound), "code_verifier", Some("wrong")), "ESIA-007040"),
        (with(rp.v3_by_code(&free), "code_verifier", Some(&verifier)), "ESIA-007039"),
        (rp.v3_by_code("code"), "ESIA-007011"),
        (with(rp.v3_by_code(&free), "grant_type", Some("password")), "ESIA-007012"),
        (bare.v3_by_itself("openid"), "ESIA-007005"),
    ] {
        let answer = rig.v3_te(&fields).await;
        assert_eq!((answer.status.as_u16(), checked(&answer).as_str()), (400, expected));
        assert_eq!(answer.headers["content-type"], "application/json;charset=UTF-8");
        assert_eq!(answer.oauth_error(400)["state"], rp.state);
        codes.insert(expected.to_owned());
    }
    let json = Request::post("/aas/oauth2/v3/te").header("content-type", "application/json").body(Body::from("{}"));
    codes.insert(checked(&rig.send(json.unwrap()).await));
    codes
}

#[tokio::test]
async fn every_code_that_the_provider_can_cause_is_caused() {
    let rig = rig().await;
    let mut codes = refused_at_ac(&rig).await;
    codes.extend(refused_permissions(&rig).await);
    codes.extend(refused_to_people(&rig).await);
    codes.extend(refused_at_te(&rig).await);
    let mut section = wide_section();
    section["settings"] = json!({ "maintenance": true });
    let closed = Rig::new(section).await;
    let rp = Rp::gost();
    codes.insert(checked(&closed.anyone().v2_ac(&rp.v2_ac(&[])).await));
    let answer = closed.v3_te(&rp.v3_by_code("code")).await;
    assert_eq!((answer.status.as_u16(), checked(&answer)), (503, "ESIA-007008".to_owned()));
    codes.insert("ESIA-007007".to_owned());
    let all: BTreeSet<_> = all().iter().map(|error| error.code().to_owned()).collect();
    assert_eq!(codes, all, "007007 is of the test below");
}

#[tokio::test]
async fn a_store_that_fails_is_told_in_their_own_words() {
    let rig = rig().await;
    let rp = Rp::gost();
    rig.break_store();
    let answer = rig.anyone().v2_ac(&rp.v2_ac(&[])).await;
    assert_eq!(answer.ended(), "302 server_error ESIA-007007");
    let answer = rig.v3_te(&rp.v3_by_itself("http://lk.gosuslugi.ru/api-order")).await;
    assert_eq!(answer.ended(), "500 server_error ESIA-007007");
    assert_eq!(answer.headers["content-type"], "application/json;charset=UTF-8");
}
