use proptest::prelude::*;
use serde_json::Value;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};

use super::{sign::encode, *};
use crate::{
    certificate::KeyError,
    ids::{Mnemonic, Oid},
    keys,
};

const NOW: i64 = 1_725_177_600;

fn signer() -> Signer {
    Signer::from_pem(keys::PROVIDER_KEY_PEM, keys::PROVIDER_CERTIFICATE_PEM).unwrap()
}

fn now(shift: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(NOW + shift, 0).unwrap()
}

fn client() -> Mnemonic {
    "EKAP01".parse().unwrap()
}

fn access() -> AccessClaims {
    AccessClaims {
        nbf: NOW,
        scope: "birthdate?oid=1000299681 openid".to_owned(),
        iss: DEFAULT_ISSUER.to_owned(),
        session_id: "48a06dde-0000-4000-8000-000000000000".to_owned(),
        subject: Oid::new(1_000_299_681),
        exp: NOW + 3600,
        iat: NOW,
        client_id: client(),
        org_oid: None,
        permissions: None,
        permissions_url: None,
    }
}

fn id(level: Level) -> IdClaims {
    IdClaims {
        aud: client(),
        sub: Oid::new(1_000_299_654),
        nbf: NOW,
        amr: AuthMethod::Pwd,
        amd: AuthMethod::Pwd,
        auth_time: NOW,
        iss: DEFAULT_ISSUER.to_owned(),
        session_id: "s".to_owned(),
        subject: Subject::person(Oid::new(1_000_299_654), level),
        exp: NOW + 10_800,
        iat: NOW,
    }
}

fn code() -> CodeClaims {
    CodeClaims {
        nbf: NOW,
        scope: "fullname?oid=1000299654 openid".to_owned(),
        auth_time: NOW,
        iss: DEFAULT_ISSUER.to_owned(),
        session_id: "s".to_owned(),
        state: "ac-state".to_owned(),
        auth_mthd: AuthMethod::Pwd,
        subject: Subject::person(Oid::new(1_000_299_654), Level::Pr),
        exp: NOW + 240,
        params: serde_json::Map::new(),
        iat: NOW,
        client_id: client(),
    }
}

fn check<T: Claims>(jwt: &str, shift: i64) -> Result<T, TokenVerifyError> {
    let certificate = signer().certificate().clone();
    verify(jwt, certificate.public_key().unwrap(), now(shift), TimeDelta::seconds(5))
}

/// Header and claims as they are on the wire.
fn wire(jwt: &str) -> String {
    let part = |at| String::from_utf8(URL_SAFE_NO_PAD.decode(jwt.split('.').nth(at).unwrap()).unwrap()).unwrap();
    format!("{}\n{}", part(0), part(1))
}

#[test]
fn tokens_are_written_as_recorded() {
    let signer = signer();
    insta::assert_snapshot!(wire(&signer.sign(&access()).unwrap()), @r#"
    {"ver":1,"typ":"JWT","sbt":"access","alg":"RS256"}
    {"nbf":1725177600,"scope":"birthdate?oid=1000299681 openid","iss":"http://esia.gosuslugi.ru/","urn:esia:sid":"48a06dde-0000-4000-8000-000000000000","urn:esia:sbj_id":1000299681,"exp":1725181200,"iat":1725177600,"client_id":"EKAP01"}
    "#);
    insta::assert_snapshot!(wire(&signer.sign(&id(Level::Pr)).unwrap()), @r#"
    {"ver":0,"typ":"JWT","sbt":"id","alg":"RS256"}
    {"aud":"EKAP01","sub":1000299654,"nbf":1725177600,"amr":"PWD","urn:esia:amd":"PWD","auth_time":1725177600,"iss":"http://esia.gosuslugi.ru/","urn:esia:sid":"s","urn:esia:sbj":{"urn:esia:sbj:lvl":"PR","urn:esia:sbj:typ":"P","urn:esia:sbj:is_tru":true,"urn:esia:sbj:oid":1000299654,"urn:esia:sbj:nam":"OID.1000299654"},"exp":1725188400,"iat":1725177600}
    "#);
    insta::assert_snapshot!(wire(&signer.sign(&id(Level::Kd)).unwrap()), @r#"
    {"ver":0,"typ":"JWT","sbt":"id","alg":"RS256"}
    {"aud":"EKAP01","sub":1000299654,"nbf":1725177600,"amr":"PWD","urn:esia:amd":"PWD","auth_time":1725177600,"iss":"http://esia.gosuslugi.ru/","urn:esia:sid":"s","urn:esia:sbj":{"urn:esia:sbj:lvl":"KD","urn:esia:sbj:typ":"P","urn:esia:sbj:oid":1000299654,"urn:esia:sbj:nam":"OID.1000299654"},"exp":1725188400,"iat":1725177600}
    "#);
    let code = wire(&signer.sign(&code()).unwrap());
    insta::assert_snapshot!(code.replace(&signer.certificate().streebog256_hex(), "<64 HEX>"), @r#"
    {"ver":1,"typ":"JWT","x5t#St256":"<64 HEX>","sbt":"authorization_code","alg":"RS256"}
    {"nbf":1725177600,"scope":"fullname?oid=1000299654 openid","auth_time":1725177600,"iss":"http://esia.gosuslugi.ru/","urn:esia:sid":"s","urn:esia:client:state":"ac-state","auth_mthd":"PWD","urn:esia:sbj":{"urn:esia:sbj:lvl":"PR","urn:esia:sbj:typ":"P","urn:esia:sbj:is_tru":true,"urn:esia:sbj:oid":1000299654,"urn:esia:sbj:nam":"OID.1000299654"},"exp":1725177840,"params":{},"iat":1725177600,"client_id":"EKAP01"}
    "#);
    assert_eq!(signer.certificate().streebog256_hex().len(), 64);
}

#[test]
fn the_recorded_claims_are_read_and_written_the_same() {
    let recorded = r#"{"nbf":1525754049,"scope":"birthdate?oid=1000299681 openid id_doc?oid=1000299681 snils?oid=1000299681","iss":"http://esia.gosuslugi.ru/","urn:esia:sid":"48a06dde","urn:esia:sbj_id":1000299681,"exp":1525757649,"iat":1525754049,"client_id":"EKAP01"}"#;
    assert_eq!(serde_json::to_string(&serde_json::from_str::<AccessClaims>(recorded).unwrap()).unwrap(), recorded);
    let recorded = r#"{"nbf":1,"scope":"fullname?oid=1000328686 openid id_doc?oid=1000328686","auth_time":1,"iss":"http://esia-portal1.test.gosuslugi.ru/","urn:esia:sid":"<uuid>","urn:esia:client:state":"<ac state>","auth_mthd":"PWD","urn:esia:sbj":{"urn:esia:sbj:lvl":"PR","urn:esia:sbj:typ":"P","urn:esia:sbj:is_tru":true,"urn:esia:sbj:oid":1000328686,"urn:esia:sbj:nam":"OID.1000328686"},"exp":241,"params":{},"iat":1,"client_id":"230A03"}"#;
    assert_eq!(serde_json::to_string(&serde_json::from_str::<CodeClaims>(recorded).unwrap()).unwrap(), recorded);
}

#[test]
fn a_token_reads_back_while_it_lasts() {
    let jwt = signer().sign(&access()).unwrap();
    assert_eq!(check(&jwt, 0), Ok(access()));
    assert_eq!(check(&jwt, -5), Ok(access()));
    assert_eq!(check(&jwt, 3604), Ok(access()));
    insta::assert_snapshot!(check::<AccessClaims>(&jwt, -6).unwrap_err(), @"маркер ещё не действует: он действует с 1725177600, сейчас 1725177594");
    insta::assert_snapshot!(check::<AccessClaims>(&jwt, 3605).unwrap_err(), @"срок маркера истёк: он действовал до 1725181200, сейчас 1725181205");
}

#[test]
fn a_token_is_good_for_its_own_use_only() {
    let signer = signer();
    let code = signer.sign(&code()).unwrap();
    insta::assert_snapshot!(check::<AccessClaims>(&code, 0).unwrap_err(), @"маркер не того вида: ожидался Access, получен AuthorizationCode");
    let access = signer.sign(&access()).unwrap();
    assert_eq!(check::<IdClaims>(&access, 0).unwrap_err().code(), "token-kind");
    assert_eq!(check::<SystemClaims>(&access, 0).unwrap_err().code(), "token-claims");
}

#[test]
fn a_token_of_another_key_or_algorithm_is_refused() {
    let stranger = Signer::from_pem(keys::STRANGER_KEY_PEM, keys::STRANGER_CERTIFICATE_PEM).unwrap();
    assert_eq!(check::<AccessClaims>(&stranger.sign(&access()).unwrap(), 0), Err(TokenVerifyError::Signature));
    assert_eq!(
        Signer::from_pem(keys::PROVIDER_KEY_PEM, keys::STRANGER_CERTIFICATE_PEM).unwrap_err(),
        KeyError::Mismatch
    );
    let with_header = |header: &str| format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), encode(&access()).unwrap());
    for header in [r#"{"alg":"none"}"#, r#"{"ver":1,"typ":"JWT","sbt":"access","alg":"none"}"#] {
        assert_eq!(check::<AccessClaims>(&with_header(header), 0), Err(TokenVerifyError::Algorithm("none".to_owned())));
    }
    for jwt in ["", "a.b", "a.b.c", "..", &with_header("{}")] {
        assert_eq!(check::<AccessClaims>(jwt, 0), Err(TokenVerifyError::Malformed), "{jwt}");
    }
}

#[test]
fn gost_tokens_are_signed_bare_and_held_to_their_algorithm() {
    let gost = |key, certificate| Signer::from_pem(key, certificate).unwrap();
    let signer_gost = gost(keys::PROVIDER_GOST_KEY_PEM, keys::PROVIDER_GOST_CERTIFICATE_PEM);
    let stranger = gost(keys::STRANGER_GOST_KEY_PEM, keys::STRANGER_GOST_CERTIFICATE_PEM);
    let key = signer_gost.certificate().public_key().unwrap();
    let verify = |jwt: &str| verify::<AccessClaims>(jwt, key, now(0), TimeDelta::zero());
    let jwt = signer_gost.sign(&access()).unwrap();
    assert_eq!(verify(&jwt), Ok(access()));
    insta::assert_snapshot!(wire(&jwt).lines().next().unwrap(), @r#"{"ver":1,"typ":"JWT","sbt":"access","alg":"GOST3410_2012_256"}"#);
    let signature = URL_SAFE_NO_PAD.decode(jwt.rsplit('.').next().unwrap()).unwrap();
    assert_eq!(signature.len(), 64);
    // The code names the signer by Streebog of its certificate.
    let code = wire(&signer_gost.sign(&code()).unwrap());
    assert!(code.contains(&format!(r#""x5t#St256":"{}""#, signer_gost.certificate().streebog256_hex())));

    assert_eq!(verify(&stranger.sign(&access()).unwrap()), Err(TokenVerifyError::Signature));
    let rsa = signer().sign(&access()).unwrap();
    assert_eq!(verify(&rsa), Err(TokenVerifyError::Algorithm("RS256".to_owned())));
    assert_eq!(check::<AccessClaims>(&jwt, 0), Err(TokenVerifyError::Algorithm("GOST3410_2012_256".to_owned())));
    // The header of the other algorithm over the same signature.
    let (header, rest) = rsa.split_once('.').unwrap();
    let confused = format!("{}.{rest}", jwt.split_once('.').unwrap().0);
    assert_eq!(verify(&confused), Err(TokenVerifyError::Signature));
    assert_eq!(
        verify(&format!("{header}.{}", jwt.split_once('.').unwrap().1)),
        Err(TokenVerifyError::Algorithm("RS256".to_owned()))
    );
}

#[test]
fn an_independent_library_accepts_our_signature() {
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};

    let signer = signer();
    let key = DecodingKey::from_rsa_pem(signer.certificate().public_key_pem().as_bytes()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.set_audience(&["EKAP01"]);
    let claims = decode::<Value>(signer.sign(&id(Level::Pr)).unwrap(), &key, &validation).unwrap().claims;
    assert_eq!(claims["urn:esia:sbj"]["urn:esia:sbj:oid"], 1_000_299_654);
}

#[test]
fn answers_of_the_token_endpoint_have_the_recorded_keys() {
    let answer = TokenResponse {
        access_token: "a".to_owned(),
        id_token: None,
        state: "s".to_owned(),
        token_type: "Bearer".to_owned(),
        expires_in: 3600,
        refresh_token: Some("r".to_owned()),
    };
    insta::assert_snapshot!(serde_json::to_string(&answer).unwrap(), @r#"{"access_token":"a","state":"s","token_type":"Bearer","expires_in":3600,"refresh_token":"r"}"#);
}

proptest! {
    #[test]
    fn any_text_is_refused(text in ".*", parts in proptest::collection::vec("[A-Za-z0-9_-]{0,40}", 3)) {
        prop_assert!(check::<AccessClaims>(&text, 0).is_err());
        prop_assert!(check::<AccessClaims>(&parts.join("."), 0).is_err());
        prop_assert!(decode_unverified::<Value>(&text).is_err());
    }

    #[test]
    fn a_changed_token_is_refused(at in any::<prop::sample::Index>(), sign in "[A-Za-z0-9_-]") {
        let jwt = signer().sign(&access()).unwrap();
        let at = at.index(jwt.len());
        let changed = format!("{}{sign}{}", &jwt[..at], &jwt[at + 1..]);
        prop_assume!(changed != jwt);
        prop_assert!(check::<AccessClaims>(&changed, 0).is_err());
    }
}
