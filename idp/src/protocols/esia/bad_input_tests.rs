//! Foreign bytes in both protocols: each has its code and its verdict, and none is a failure.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::testing::{Rp, wide_section, with};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Answer, Rig};

async fn rig() -> Rig {
    Rig::new(wide_section()).await
}

/// The verdict's line without its last part.
fn line(answer: &Answer) -> String {
    let line = answer.verdict_line();
    line.rsplit_once("; see").unwrap_or_default().0.to_owned()
}

/// Returns the first version's verdict on these bytes instead of a CMS. They are sent in a form, because the length of
/// an address is limited.
async fn cms(rig: &Rig, bytes: &[u8]) -> String {
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let answer = rig.te_at("/aas/oauth2/ac", &with(Rp::default().ac(), "client_secret", Some(&secret))).await;
    assert_eq!(answer.status, 302, "{}", answer.body);
    assert!(answer.parameter("error_description").unwrap().starts_with("ESIA-0070"));
    line(&answer)
}

#[tokio::test]
async fn a_cms_that_is_cut_short_twisted_or_of_another_kind_is_refused() {
    let (rig, rp) = (rig().await, Rp::default());
    let good = URL_SAFE_NO_PAD.decode(rp.secret(rp.scope)).unwrap();
    for length in (1..good.len()).step_by(97) {
        let told = cms(&rig, &good[..length]).await;
        assert!(told.starts_with("failed client-"), "{length}: {told}");
    }
    // The signature is at the end of the CMS; a changed byte of the certificate before it may have no effect.
    for at in (good.len() - 256..good.len()).step_by(41) {
        let mut twisted = good.clone();
        twisted[at] ^= 0x15;
        assert_eq!(cms(&rig, &twisted).await, "failed client-signature; ESIA-007053; slip-wrong-key", "{at}");
    }
    let enveloped = replaced(&good, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2], 8, 3);
    assert_eq!(cms(&rig, &enveloped).await, "failed client-signature; ESIA-007053; cms-not-signed-data");
    // 2.16.840.1.101.3.4.2.1 is SHA-256, …4.2.9 a hash that nobody here knows.
    let unknown = replaced(&good, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01], 8, 9);
    assert_eq!(cms(&rig, &unknown).await, "failed client-signature; ESIA-007005; cms-unsupported-algorithm");
}

/// Every occurrence of `part` with one of its bytes changed.
fn replaced(bytes: &[u8], part: &[u8], at: usize, value: u8) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    for (start, _) in bytes.windows(part.len()).enumerate().filter(|(_, window)| *window == part) {
        changed[start + at] = value;
    }
    changed
}

#[tokio::test]
async fn a_cms_nested_without_end_or_longer_than_any_is_refused() {
    let rig = rig().await;
    let mut nested = vec![0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xa0, 0x80];
    nested.extend([0x30, 0x80].repeat(11_000));
    assert_eq!(cms(&rig, &nested).await, "failed client-signature; ESIA-007053; cms-malformed");
    let endless = cms(&rig, &[0x30, 0x80].repeat(11_000)).await;
    assert_eq!(endless, "failed client-secret-form; ESIA-007053; wrapping-unknown");
    let too_long = cms(&rig, &vec![0x30; 25_000]).await;
    assert_eq!(too_long, "failed client-secret-form; ESIA-007053; secret-too-long");
    let long = [0x30, 0x84, 0xff, 0xff, 0xff, 0xff];
    let long = cms(&rig, &long).await;
    assert!(long.starts_with("failed client-secret-form; ESIA-007053; wrapping-"), "{long}");
}

#[tokio::test]
async fn a_bare_signature_of_the_wrong_length_or_numbers_is_refused() {
    let (rig, rp) = (rig().await, Rp::gost());
    for (bytes, expected) in [
        (vec![], "failed parameters; ESIA-007014; parameter-empty=client_secret"),
        (vec![0; 64], "failed client-signature; ESIA-007053; raw-mismatch"),
        (vec![0xff; 64], "failed client-signature; ESIA-007053; raw-mismatch"),
        (vec![1; 63], "failed client-signature; ESIA-007053; raw-length"),
        (vec![1; 66], "failed client-signature; ESIA-007053; raw-length"),
        (vec![1; 128], "failed client-signature; ESIA-007053; slip-key-kind"),
        (vec![1; 20_000], "failed client-signature; ESIA-007053; raw-length"),
    ] {
        let secret = URL_SAFE_NO_PAD.encode(&bytes);
        let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", Some(&secret))).await;
        assert_eq!(line(&answer), expected, "{}", bytes.len());
    }
}

#[tokio::test]
async fn what_is_not_utf_8_cannot_be_read() {
    let rig = rig().await;
    for query in ["client_id=%FF", "client_id=GOST&scope=%C0%80", "%E2%82=1"] {
        for path in ["/aas/oauth2/ac", "/aas/oauth2/v2/ac"] {
            let page = rig.anyone().page(&format!("{path}?{query}")).await;
            assert_eq!(page.ended(), "400 page ESIA-007038 Content-Type", "{query}");
            assert_eq!(line(&page), "failed form; ESIA-007038; form-not-utf8");
        }
    }
    for path in ["/aas/oauth2/te", "/aas/oauth2/v2/te", "/aas/oauth2/v3/te"] {
        let body = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let answer = rig.send(body.body(Body::from(b"client_id=\xff\xfe&grant_type=x".to_vec())).unwrap()).await;
        assert_eq!(answer.ended(), "400 invalid_request ESIA-007038");
    }
}

#[tokio::test]
async fn a_parameter_given_twice_is_refused_at_the_second_version_too() {
    let (rig, rp) = (rig().await, Rp::gost());
    for name in [
        "response_type",
        "access_type",
        "state",
        "timestamp",
        "scope",
        "scope_org",
        "client_secret",
        "permissions",
        "client_certificate_hash",
        "person_filter",
        "obj_type",
        "roles",
        "code_challenge",
        "code_challenge_method",
    ] {
        let mut twice = rp.v2_ac(&[]);
        twice.push((name, "again".to_owned()));
        if !rp.v2_ac(&[]).iter().any(|(known, _)| *known == name) {
            twice.push((name, "and again".to_owned()));
        }
        let answer = rig.anyone().v2_ac(&twice).await;
        assert_eq!(answer.ended(), "302 invalid_request ESIA-007003", "{name}");
        assert_eq!(line(&answer), format!("failed parameters; ESIA-007003; parameter-repeated={name}"));
    }
    for name in ["code", "code_verifier", "client_certificate_hash", "scope_org", "redirect_uri", "grant_type"] {
        let mut twice = rp.v3_by_code("code");
        twice.extend([(name, "again".to_owned()), (name, "and again".to_owned())]);
        let answer = rig.v3_te(&twice).await;
        let expected = if name == "code" || name == "redirect_uri" || name == "grant_type" {
            "400 invalid_request ESIA-007003"
        } else {
            "400 invalid_grant ESIA-007011"
        };
        assert_eq!(answer.ended(), expected, "{name}: {}", line(&answer));
    }
}

/// A token with another header, its claims and signature kept.
fn with_header(token: &str, header: &Value) -> String {
    let rest = token.split_once('.').unwrap().1;
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

#[tokio::test]
async fn a_code_with_another_algorithm_or_of_another_kind_is_none() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.code(&rp, "анна").await;
    let tokens = rig.tokens(&rp, "анна").await;
    let header = |alg: &str| json!({ "ver": 1, "typ": "JWT", "sbt": "authorization_code", "alg": alg });
    let unsigned = with_header(&code, &header("none")).rsplit_once('.').unwrap().0.to_owned() + ".";
    for (code, expected) in [
        (unsigned, "token-unsigned"),
        (with_header(&code, &header("none")), "token-unsigned"),
        (with_header(&code, &header("HS256")), "token-algorithm"),
        (with_header(&code, &header("GOST3410_2012_256")), "token-signature"),
        (with_header(&code, &header("RS256")), "token-signature"),
        (with_header(&code, &json!([])), "token-malformed"),
        (tokens["access_token"].as_str().unwrap().to_owned(), "token-kind=esia-access-token"),
        (tokens["id_token"].as_str().unwrap().to_owned(), "token-kind=esia-id-token"),
        ("..".to_owned(), "token-malformed"),
        ("x".repeat(40_000), "token-malformed"),
    ] {
        let answer = rig.te(&rp.by_code(&code)).await;
        assert_eq!(answer.ended(), "400 invalid_grant ESIA-007011");
        assert_eq!(line(&answer), format!("failed code; ESIA-007011; {expected}"), "{:.80}", code);
    }
    assert_eq!(rig.te(&rp.by_code(&code)).await.status, 200, "none of them has used the code up");
}

#[tokio::test]
async fn codes_and_refresh_tokens_of_another_world_are_unknown() {
    let (rig, rp) = (rig().await, Rp { access_type: "offline", ..Rp::default() });
    let made = json!({ "name": "two", "seed": { "gosuslugi": wide_section() } });
    assert_eq!(rig.control().post("/control/worlds", &made).await.status, 201);
    let code = rig.code(&rp, "анна").await;
    let answer = rig.te_at("/w/two/aas/oauth2/te", &rp.by_code(&code)).await;
    assert_eq!(answer.ended(), "400 invalid_grant ESIA-007011");
    assert_eq!(line(&answer), "failed code; ESIA-007011; grant-other-world=main");
    let see = answer.verdict_line();
    assert!(see.contains("; see http://127.0.0.1:8001/w/two/control/console/requests/"), "{see}");
    let tokens = rig.te(&rp.by_code(&code)).await.ok();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let answer = rig.te_at("/w/two/aas/oauth2/te", &rp.by_refresh(refresh)).await;
    assert_eq!(line(&answer), "failed refresh-token; ESIA-007011; grant-other-world=main");
    assert_eq!(rig.te(&rp.by_refresh(refresh)).await.status, 200);
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_how_much() {
    let (rig, rp) = (rig().await, Rp::gost());
    for (timestamp, expected) in [
        (
            "2024.09.02 10:00:00 +0300",
            "failed timestamp-window: 2024.09.02 10:00:00 +0300: часы системы спешат на 1 час",
        ),
        (
            "2024.09.02 08:00:00 +0300",
            "failed timestamp-window: 2024.09.02 08:00:00 +0300: часы системы отстают на 1 час",
        ),
    ] {
        let off = Rp { timestamp: timestamp.to_owned(), ..rp.clone() };
        let answer = rig.anyone().v2_ac(&off.v2_ac(&[])).await;
        assert_eq!(answer.ended(), "302 invalid_request ESIA-007015");
        assert!(rig.verdict(&answer).await.ends_with(expected));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn any_value_of_any_parameter_is_answered(
        name in proptest::sample::select(vec!["client_id", "client_secret", "client_certificate_hash", "redirect_uri", "scope",
            "scope_org", "state", "timestamp", "code", "code_verifier", "grant_type", "refresh_token", "permissions", "roles"]),
        value in ".{0,60}",
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            // Without optimization, the explanation of a wrong ГОСТ signature takes long.
            let (rig, rp) = (rig().await, Rp::default());
            for value in [value, URL_SAFE_NO_PAD.encode(&bytes)] {
                let sent = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), name, Some(&value))).await;
                assert!(sent.status.as_u16() < 500, "{}", sent.body);
                for fields in [rp.v3_by_code("code"), rp.v3_by_refresh("x"), rp.v3_by_itself("openid")] {
                    let answer = rig.v3_te(&with(fields, name, Some(&value))).await;
                    assert!(answer.oauth_error(400)["error_description"].as_str().unwrap().starts_with("ESIA-"));
                    assert!(line(&answer).starts_with("failed "), "{}", line(&answer));
                }
                let path = format!("/esia-rs/api/public/v1/orgs/ext-app/{}/tkn?signature={}",
                    super::testing::escaped(&value), super::testing::escaped(&value));
                assert!(rig.anyone().page(&path).await.status.as_u16() < 500);
            }
        });
    }
}

#[tokio::test]
async fn a_request_of_a_hundred_parameters_is_read_and_one_of_more_refused_at_once() {
    let (rig, rp) = (rig().await, Rp::default());
    let fields = |count: usize| {
        let mut fields = rp.ac();
        let more = (fields.len()..count).map(|at| (&*format!("x{at}").leak(), "1".to_owned()));
        fields.extend(more.collect::<Vec<_>>());
        fields
    };
    assert_eq!(rig.te_at("/aas/oauth2/ac", &fields(100)).await.status, 302);
    for count in [101, 5_000] {
        let answer = rig.te_at("/aas/oauth2/ac", &fields(count)).await;
        assert_eq!(
            (answer.status.as_u16(), line(&answer).as_str()),
            (400, "failed form; ESIA-007038; form-too-many"),
            "{count}"
        );
    }
    let many = fields(5_000);
    let answer = rig.te_at("/aas/oauth2/te", &many).await;
    assert_eq!((answer.status.as_u16(), line(&answer).as_str()), (400, "failed form; ESIA-007038; form-too-many"));
    let told = rig.verdict(&answer).await;
    assert!(told.contains("больше 100 параметров"), "{told}");
}

#[tokio::test]
async fn what_is_kept_of_a_request_is_bounded_in_bytes() {
    let (rig, rp) = (rig().await, Rp::default());
    let failed = async |name: &'static str, value: &str| {
        let answer = rig.te_at("/aas/oauth2/ac", &with(rp.ac(), name, Some(value))).await;
        line(&answer).split(';').next().unwrap_or_default().to_owned()
    };
    // The signature is checked last, so a request that gets there has passed all other checks.
    assert_eq!(failed("state", &"я".repeat(2048)).await, "failed client-signature");
    assert_eq!(failed("state", &format!("{}x", "я".repeat(2048))).await, "failed state");
    assert_eq!(failed("scope", &format!("openid{}", " ".repeat(4090))).await, "failed client-signature");
    assert_eq!(failed("scope", &format!("openid{}", " ".repeat(4091))).await, "failed length");
    let redirect = |length: usize| {
        let address = rp.redirect_uri.to_owned() + "&x=";
        address.clone() + &"y".repeat(length - address.len())
    };
    assert_eq!(failed("redirect_uri", &redirect(2048)).await, "ok", "the first version does not sign it");
    assert_eq!(failed("redirect_uri", &redirect(2049)).await, "failed length");
}
