//! Faults of answers on the wire: what each changes of its answer, and that nothing else is changed.

use serde_json::{Value, json};

use super::{
    catalogue::faults,
    testing::{Party, difference, named, on, parts_of, set},
};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    protocols::{esia::testing as esia_rp, oidc::testing as oidc_rp},
    testing::{Answer, Rig},
};

/// Returns the change that each fault of a family makes to the response of `ask`, one per line, and checks that the
/// next response is unchanged.
async fn table(rig: &Rig, family: (&str, Party), more: &[Value], ask: impl AsyncFn() -> Answer) -> String {
    let (prefix, party) = family;
    let protocol = if party == Party::Oidc { "oidc" } else { "esia" };
    let without = parts_of(&ask().await);
    let is_own = |entry: &&super::catalogue::Entry| {
        entry.id.starts_with(prefix) && entry.is_of(protocol) && entry.can_be_set() && entry.parameter("p").is_none()
    };
    let plain = faults().filter(is_own).map(|entry| json!({ "fault": entry.id, "requests": 1 }));
    let mut lines = Vec::new();
    for fault in plain.chain(more.iter().cloned()) {
        set(rig, fault.clone()).await;
        let answer = ask().await;
        let changed = difference(&without, &parts_of(&answer));
        let is_met = named(&answer) == fault["fault"];
        assert_eq!(is_met, !changed.is_empty(), "{fault}: {changed}");
        let parameters = fault.get("parameters").map_or(String::new(), |parameters| format!(" {parameters}"));
        lines.push(format!("{}{parameters}: {changed}", fault["fault"].as_str().unwrap()));
        assert_eq!(on(rig).await.is_empty(), is_met, "{fault}");
        rig.control().delete("/control/faults").await;
        assert_eq!(difference(&without, &parts_of(&ask().await)), "", "after {fault}");
    }
    lines.join("\n")
}

fn with(fault: &str, name: &str, value: &str) -> Value {
    json!({ "fault": fault, "parameters": { name: value }, "requests": 1 })
}

#[tokio::test]
async fn keys_are_published_wrongly() {
    let rig = Party::Oidc.rig().await;
    let more = [json!({ "fault": "hdr.kid-duplicate", "requests": 1 })];
    let provider = rig.jwks().await["keys"][0]["n"].clone();
    let told = table(&rig, ("keys.", Party::Oidc), &more, async || {
        let mut answer = rig.anyone().get("/oidc/jwks").await;
        // The fault's own key differs in every run. Some faults leave a body that is not JSON.
        let document: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        for key in document["keys"].as_array().cloned().unwrap_or_default() {
            let is_own = key["kty"] == "RSA" && key["n"] != provider;
            for name in ["n", "kid"].into_iter().filter(|_| is_own) {
                answer.body = answer.body.replace(key[name].as_str().unwrap(), "of another key");
            }
        }
        answer
    });
    insta::assert_snapshot!(told.await, @r#"
    keys.rotated-after-login: /keys/1/alg "RS256"; /keys/1/e "AQAB"; /keys/1/kid "of another key"; /keys/1/kty "RSA"; /keys/1/n "of another key"; /keys/1/use "sig"; cache-control public, max-age=5
    keys.rotated-before-signing: /keys/0/kid "of another key"; /keys/0/n "of another key"; /keys/1/alg "RS256"; /keys/1/e "AQAB"; /keys/1/kid "Cgv75KLckLuVDPmiIbONYgfA3POUPkqMymwndJlKaxk"; /keys/1/kty "RSA"; /keys/1/n "oZSIC0AqVLwKutSVKf1YJXv04HruReqDQu7H96eZCAPZP8iLFFd6-L1APRu…; /keys/1/use "sig"; cache-control public, max-age=5
    keys.no-overlap: /keys/0/kid "of another key"; /keys/0/n "of another key"; cache-control public, max-age=5
    keys.published-not-used: /keys/1/alg "RS256"; /keys/1/e "AQAB"; /keys/1/kid "of another key"; /keys/1/kty "RSA"; /keys/1/n "of another key"; /keys/1/use "sig"; cache-control public, max-age=5
    keys.withdrawn: /keys/0/kid "of another key"; /keys/0/n "of another key"; cache-control public, max-age=5
    keys.fetch-500-cold: /keys/0/alg -; /keys/0/e -; /keys/0/kid -; /keys/0/kty -; /keys/0/n -; /keys/0/use -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 500
    keys.fetch-500-warm: /keys/0/alg -; /keys/0/e -; /keys/0/kid -; /keys/0/kty -; /keys/0/n -; /keys/0/use -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 500
    keys.empty-set: /keys/0/alg -; /keys/0/e -; /keys/0/kid -; /keys/0/kty -; /keys/0/n -; /keys/0/use -
    keys.slow: wire Late(60s)
    keys.huge: /padding "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    keys.jwk-without-alg: /keys/0/alg -; /keys/0/use -
    keys.jwk-use-enc: /keys/0/use "enc"
    hdr.kid-duplicate: /keys/1/crv "P-256"; /keys/1/kid "Cgv75KLckLuVDPmiIbONYgfA3POUPkqMymwndJlKaxk"; /keys/1/kty "EC"; /keys/1/use "sig"; /keys/1/x "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"; /keys/1/y "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
    "#);
}

#[tokio::test]
async fn a_new_key_signs_and_is_found_where_it_is_published() {
    let rig = Party::Oidc.rig().await;
    let old = rig.jwks().await["keys"][0]["kid"].clone();
    for (fault, published, is_new) in [
        ("keys.rotated-after-login", 2, true),
        ("keys.rotated-before-signing", 2, true),
        ("keys.no-overlap", 1, true),
        ("keys.published-not-used", 2, false),
    ] {
        set(&rig, json!({ "fault": fault })).await;
        let (answer, jwks) = (Party::Oidc.tokens(&rig).await.ok(), rig.jwks().await);
        assert_eq!(jwks["keys"].as_array().unwrap().len(), published, "{fault}");
        // The library finds the key by its name among those that are published.
        let claims = oidc_rp::claims(&jwks, answer["id_token"].as_str().unwrap());
        assert_eq!(claims["nonce"], "n-1");
        let header = jsonwebtoken::decode_header(answer["id_token"].as_str().unwrap()).unwrap();
        assert_eq!(json!(header.kid) != old, is_new, "{fault}");
        assert_eq!(rig.userinfo(&answer).await.status, 200, "{fault}");
        rig.control().delete("/control/faults").await;
    }
    set(&rig, json!({ "fault": "keys.withdrawn" })).await;
    let (answer, jwks) = (Party::Oidc.tokens(&rig).await.ok(), rig.jwks().await);
    let header = jsonwebtoken::decode_header(answer["id_token"].as_str().unwrap()).unwrap();
    assert!(json!(header.kid) == old && jwks["keys"].as_array().unwrap().iter().all(|key| key["kid"] != old));
}

#[tokio::test]
async fn files_of_keys_are_wrong() {
    let rig = Party::Esia.rig().await;
    let good = rig.bytes("/public/RSA_TESIA.cer").await;
    let mut told = Vec::new();
    for (fault, parameters) in [
        ("keys.no-overlap", json!({})),
        ("keys.certificate-over", json!({})),
        ("keys.archive-changed", json!({})),
        ("keys.archive-changed", json!({ "how": "cut" })),
    ] {
        set(&rig, json!({ "fault": fault, "parameters": parameters })).await;
        let certificate = rig.bytes("/public/RSA_TESIA.cer").await;
        let read = esia::Certificate::from_der(&certificate).unwrap();
        let same = read.public_key_pem() == esia::Certificate::from_der(&good).unwrap().public_key_pem();
        let pem = String::from_utf8(rig.bytes("/public/RSA_TESIA_PUBLIC.pem").await).unwrap();
        let until = openssl_end(&certificate);
        let archive = zip::ZipArchive::new(std::io::Cursor::new(rig.bytes("/public/esia.zip").await));
        let members = archive
            .map_or_else(|_| "unreadable".to_owned(), |zip| zip.file_names().next().unwrap().unwrap().into_owned());
        let key = if same { "the same key" } else { "another key" };
        assert_eq!(pem, read.public_key_pem(), "{fault}");
        let gost = rig.bytes("/public/GOST_TESIA_2012.cer").await;
        assert!(esia::Certificate::from_der(&gost).is_ok(), "{fault}");
        told.push(format!("{fault} {parameters}: {key}, until {until}, {members}"));
        rig.control().delete("/control/faults").await;
        assert_eq!(rig.bytes("/public/RSA_TESIA.cer").await, good);
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    keys.no-overlap {}: another key, until Sep  2 06:00:00 2025 GMT, RSA_TESIA.cer
    keys.certificate-over {}: the same key, until Sep  1 06:00:00 2024 GMT, RSA_TESIA.cer
    keys.archive-changed {}: the same key, until Jan  1 00:00:00 2100 GMT, keys/RSA_TESIA.cer.new
    keys.archive-changed {"how":"cut"}: the same key, until Jan  1 00:00:00 2100 GMT, unreadable
    "#);
}

/// When a certificate ends, as OpenSSL reads it.
fn openssl_end(certificate: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), certificate).unwrap();
    let mut openssl = std::process::Command::new("openssl");
    let output = openssl.args(["x509", "-inform", "der", "-noout", "-enddate", "-in"]).arg(file.path()).output();
    String::from_utf8(output.unwrap().stdout).unwrap().trim().trim_start_matches("notAfter=").to_owned()
}

#[tokio::test]
async fn the_discovery_document_is_wrong() {
    let rig = Party::Oidc.rig().await;
    let more = [with("disc.junk", "answer", "404"), with("disc.junk", "answer", "500")];
    let ask = async || rig.anyone().get("/.well-known/openid-configuration").await;
    insta::assert_snapshot!(table(&rig, ("disc.", Party::Oidc), &more, ask).await, @r#"
    disc.issuer-other: /issuer "https://issuer.example"
    disc.token-endpoint-foreign: /token_endpoint "http://127.0.0.1:9/token"
    disc.moved: /jwks_uri "http://127.0.0.1:8001/oidc/jwks?moved=1"; /userinfo_endpoint "http://127.0.0.1:8001/oidc/userinfo?moved=1"
    disc.junk: /acr_values_supported/0 -; /acr_values_supported/1 -; /acr_values_supported/2 -; /authorization_endpoint -; /authorization_response_iss_parameter_supported -; /backchannel_logout_session_supported -; /backchannel_logout_supported -; /claim_types_supported/0 -; /claims_parameter_supported -; /claims_supported/0 -; /claims_supported/1 -; /claims_supported/10 -; /claims_supported/11 -; /claims_supported/12 -; /claims_supported/13 -; /claims_supported/14 -; /claims_supported/15 -; /claims_supported/16 -; /claims_supported/17 -; /claims_supported/18 -; /claims_supported/19 -; /claims_supported/2 -; /claims_supported/20 -; /claims_supported/21 -; /claims_supported/22 -; /claims_supported/23 -; /claims_supported/24 -; /claims_supported/25 -; /claims_supported/26 -; /claims_supported/27 -; /claims_supported/28 -; /claims_supported/29 -; /claims_supported/3 -; /claims_supported/4 -; /claims_supported/5 -; /claims_supported/6 -; /claims_supported/7 -; /claims_supported/8 -; /claims_supported/9 -; /code_challenge_methods_supported/0 -; /end_session_endpoint -; /grant_types_supported/0 -; /grant_types_supported/1 -; /grant_types_supported/2 -; /id_token_signing_alg_values_supported/0 -; /introspection_endpoint -; /introspection_endpoint_auth_methods_supported/0 -; /introspection_endpoint_auth_methods_supported/1 -; /introspection_endpoint_auth_methods_supported/2 -; /introspection_endpoint_auth_signing_alg_values_supported/0 -; /issuer -; /jwks_uri -; /prompt_values_supported/0 -; /prompt_values_supported/1 -; /prompt_values_supported/2 -; /prompt_values_supported/3 -; /request_parameter_supported -; /request_uri_parameter_supported -; /require_request_uri_registration -; /response_modes_supported/0 -; /response_modes_supported/1 -; /response_types_supported/0 -; /revocation_endpoint -; /revocation_endpoint_auth_methods_supported/0 -; /revocation_endpoint_auth_methods_supported/1 -; /revocation_endpoint_auth_methods_supported/2 -; /revocation_endpoint_auth_methods_supported/3 -; /revocation_endpoint_auth_signing_alg_values_supported/0 -; /scopes_supported/0 -; /scopes_supported/1 -; /scopes_supported/10 -; /scopes_supported/11 -; /scopes_supported/12 -; /scopes_supported/13 -; /scopes_supported/14 -; /scopes_supported/15 -; /scopes_supported/16 -; /scopes_supported/17 -; /scopes_supported/18 -; /scopes_supported/19 -; /scopes_supported/2 -; /scopes_supported/20 -; /scopes_supported/3 -; /scopes_supported/4 -; /scopes_supported/5 -; /scopes_supported/6 -; /scopes_supported/7 -; /scopes_supported/8 -; /scopes_supported/9 -; /subject_types_supported/0 -; /token_endpoint -; /token_endpoint_auth_methods_supported/0 -; /token_endpoint_auth_methods_supported/1 -; /token_endpoint_auth_methods_supported/2 -; /token_endpoint_auth_methods_supported/3 -; /token_endpoint_auth_signing_alg_values_supported/0 -; /ui_locales_supported/0 -; /userinfo_endpoint -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8
    disc.junk {"answer":"404"}: /acr_values_supported/0 -; /acr_values_supported/1 -; /acr_values_supported/2 -; /authorization_endpoint -; /authorization_response_iss_parameter_supported -; /backchannel_logout_session_supported -; /backchannel_logout_supported -; /claim_types_supported/0 -; /claims_parameter_supported -; /claims_supported/0 -; /claims_supported/1 -; /claims_supported/10 -; /claims_supported/11 -; /claims_supported/12 -; /claims_supported/13 -; /claims_supported/14 -; /claims_supported/15 -; /claims_supported/16 -; /claims_supported/17 -; /claims_supported/18 -; /claims_supported/19 -; /claims_supported/2 -; /claims_supported/20 -; /claims_supported/21 -; /claims_supported/22 -; /claims_supported/23 -; /claims_supported/24 -; /claims_supported/25 -; /claims_supported/26 -; /claims_supported/27 -; /claims_supported/28 -; /claims_supported/29 -; /claims_supported/3 -; /claims_supported/4 -; /claims_supported/5 -; /claims_supported/6 -; /claims_supported/7 -; /claims_supported/8 -; /claims_supported/9 -; /code_challenge_methods_supported/0 -; /end_session_endpoint -; /grant_types_supported/0 -; /grant_types_supported/1 -; /grant_types_supported/2 -; /id_token_signing_alg_values_supported/0 -; /introspection_endpoint -; /introspection_endpoint_auth_methods_supported/0 -; /introspection_endpoint_auth_methods_supported/1 -; /introspection_endpoint_auth_methods_supported/2 -; /introspection_endpoint_auth_signing_alg_values_supported/0 -; /issuer -; /jwks_uri -; /prompt_values_supported/0 -; /prompt_values_supported/1 -; /prompt_values_supported/2 -; /prompt_values_supported/3 -; /request_parameter_supported -; /request_uri_parameter_supported -; /require_request_uri_registration -; /response_modes_supported/0 -; /response_modes_supported/1 -; /response_types_supported/0 -; /revocation_endpoint -; /revocation_endpoint_auth_methods_supported/0 -; /revocation_endpoint_auth_methods_supported/1 -; /revocation_endpoint_auth_methods_supported/2 -; /revocation_endpoint_auth_methods_supported/3 -; /revocation_endpoint_auth_signing_alg_values_supported/0 -; /scopes_supported/0 -; /scopes_supported/1 -; /scopes_supported/10 -; /scopes_supported/11 -; /scopes_supported/12 -; /scopes_supported/13 -; /scopes_supported/14 -; /scopes_supported/15 -; /scopes_supported/16 -; /scopes_supported/17 -; /scopes_supported/18 -; /scopes_supported/19 -; /scopes_supported/2 -; /scopes_supported/20 -; /scopes_supported/3 -; /scopes_supported/4 -; /scopes_supported/5 -; /scopes_supported/6 -; /scopes_supported/7 -; /scopes_supported/8 -; /scopes_supported/9 -; /subject_types_supported/0 -; /token_endpoint -; /token_endpoint_auth_methods_supported/0 -; /token_endpoint_auth_methods_supported/1 -; /token_endpoint_auth_methods_supported/2 -; /token_endpoint_auth_methods_supported/3 -; /token_endpoint_auth_signing_alg_values_supported/0 -; /ui_locales_supported/0 -; /userinfo_endpoint -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 404
    disc.junk {"answer":"500"}: /acr_values_supported/0 -; /acr_values_supported/1 -; /acr_values_supported/2 -; /authorization_endpoint -; /authorization_response_iss_parameter_supported -; /backchannel_logout_session_supported -; /backchannel_logout_supported -; /claim_types_supported/0 -; /claims_parameter_supported -; /claims_supported/0 -; /claims_supported/1 -; /claims_supported/10 -; /claims_supported/11 -; /claims_supported/12 -; /claims_supported/13 -; /claims_supported/14 -; /claims_supported/15 -; /claims_supported/16 -; /claims_supported/17 -; /claims_supported/18 -; /claims_supported/19 -; /claims_supported/2 -; /claims_supported/20 -; /claims_supported/21 -; /claims_supported/22 -; /claims_supported/23 -; /claims_supported/24 -; /claims_supported/25 -; /claims_supported/26 -; /claims_supported/27 -; /claims_supported/28 -; /claims_supported/29 -; /claims_supported/3 -; /claims_supported/4 -; /claims_supported/5 -; /claims_supported/6 -; /claims_supported/7 -; /claims_supported/8 -; /claims_supported/9 -; /code_challenge_methods_supported/0 -; /end_session_endpoint -; /grant_types_supported/0 -; /grant_types_supported/1 -; /grant_types_supported/2 -; /id_token_signing_alg_values_supported/0 -; /introspection_endpoint -; /introspection_endpoint_auth_methods_supported/0 -; /introspection_endpoint_auth_methods_supported/1 -; /introspection_endpoint_auth_methods_supported/2 -; /introspection_endpoint_auth_signing_alg_values_supported/0 -; /issuer -; /jwks_uri -; /prompt_values_supported/0 -; /prompt_values_supported/1 -; /prompt_values_supported/2 -; /prompt_values_supported/3 -; /request_parameter_supported -; /request_uri_parameter_supported -; /require_request_uri_registration -; /response_modes_supported/0 -; /response_modes_supported/1 -; /response_types_supported/0 -; /revocation_endpoint -; /revocation_endpoint_auth_methods_supported/0 -; /revocation_endpoint_auth_methods_supported/1 -; /revocation_endpoint_auth_methods_supported/2 -; /revocation_endpoint_auth_methods_supported/3 -; /revocation_endpoint_auth_signing_alg_values_supported/0 -; /scopes_supported/0 -; /scopes_supported/1 -; /scopes_supported/10 -; /scopes_supported/11 -; /scopes_supported/12 -; /scopes_supported/13 -; /scopes_supported/14 -; /scopes_supported/15 -; /scopes_supported/16 -; /scopes_supported/17 -; /scopes_supported/18 -; /scopes_supported/19 -; /scopes_supported/2 -; /scopes_supported/20 -; /scopes_supported/3 -; /scopes_supported/4 -; /scopes_supported/5 -; /scopes_supported/6 -; /scopes_supported/7 -; /scopes_supported/8 -; /scopes_supported/9 -; /subject_types_supported/0 -; /token_endpoint -; /token_endpoint_auth_methods_supported/0 -; /token_endpoint_auth_methods_supported/1 -; /token_endpoint_auth_methods_supported/2 -; /token_endpoint_auth_methods_supported/3 -; /token_endpoint_auth_signing_alg_values_supported/0 -; /ui_locales_supported/0 -; /userinfo_endpoint -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 500
    "#);
    set(&rig, json!({ "fault": "disc.moved" })).await;
    let moved = ask().await.ok();
    let path = moved["jwks_uri"].as_str().unwrap().strip_prefix("http://127.0.0.1:8001").unwrap();
    assert_eq!(rig.anyone().get(path).await.ok(), rig.jwks().await);
}

#[tokio::test]
async fn answers_to_authorization_requests_are_wrong_in_openid_connect() {
    let rig = Party::Oidc.rig().await;
    Party::Oidc.tokens(&rig).await;
    let session = rig.session("анна").await;
    let ask = async || {
        let rp = oidc_rp::Rp::default();
        rig.person(&session).authorize(&esia_rp::with(rp.asks(), "state", Some("s-2"))).await
    };
    let more = [with("ac.description-hostile", "text", "crlf"), with("ac.description-hostile", "text", "long")];
    insta::assert_snapshot!(table(&rig, ("ac.", Party::Oidc), &more, ask).await, @r#"
    ac.state-missing: ?state -
    ac.state-other: ?state 00000000-0000-4000-8000-000000000000
    ac.back-button: ?state s-1
    ac.iss-wrong: ?iss https://issuer.example
    ac.iss-dropped: ?iss -
    ac.denied: ?code -; ?error access_denied; ?error_description the person has refused
    ac.overloaded: ?code -; ?error temporarily_unavailable; ?error_description come again later
    ac.unknown-error: ?code -; ?error x_unknown; ?error_description nobody knows
    ac.error-and-code: ?error access_denied; ?error_description the person has refused
    ac.description-hostile: ?code -; ?error access_denied; ?error_description <script>document.title='stolen'</script>
    ac.extra-parameters: ?session_state 8d2f5c.1; ?x_unknown да
    ac.code-of-another: 
    ac.description-hostile {"text":"crlf"}: ?code -; ?error access_denied; ?error_description denied
    Set-Cookie: session=stolen

    <html>
    ac.description-hostile {"text":"long"}: ?code -; ?error access_denied; ?error_description xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    "#);
    insta::assert_snapshot!(table(&rig, ("user.", Party::Oidc), &[], ask).await, @"
    user.cancel: ?code -; ?error access_denied; ?error_description the person has refused
    user.locked: ?code -; ?error access_denied; ?error_description the account is locked
    user.no-factor: ?code -; ?error interaction_required; ?error_description the person has no second factor
    user.timeout: ?code -; ?error login_required; ?error_description the person did not sign in in time
    user.weak-factor: ?code -; ?error interaction_required; ?error_description the person has signed in by weaker means than was asked for
    ");
}

#[tokio::test]
async fn answers_that_a_form_posts_are_wrong_as_those_in_an_address_are() {
    let rig = Party::Oidc.rig().await;
    Party::Oidc.tokens(&rig).await;
    let session = rig.session("анна").await;
    let ask = async || {
        let asks = esia_rp::with(oidc_rp::Rp::default().asks(), "state", Some("s-2"));
        rig.person(&session).authorize(&esia_rp::with(asks, "response_mode", Some("form_post"))).await
    };
    insta::assert_snapshot!(table(&rig, ("ac.", Party::Oidc), &[], ask).await, @"
    ac.state-missing: [state] -
    ac.state-other: [state] 00000000-0000-4000-8000-000000000000
    ac.back-button: [state] s-1
    ac.iss-wrong: [iss] https://issuer.example
    ac.iss-dropped: [iss] -
    ac.denied: [code] -; [error] access_denied; [error_description] the person has refused
    ac.overloaded: [code] -; [error] temporarily_unavailable; [error_description] come again later
    ac.unknown-error: [code] -; [error] x_unknown; [error_description] nobody knows
    ac.error-and-code: [error] access_denied; [error_description] the person has refused
    ac.description-hostile: [code] -; [error] access_denied; [error_description] &#60;script&#62;document.title=&#39;stolen&#39;&#60;/script&…
    ac.extra-parameters: [session_state] 8d2f5c.1; [x_unknown] да
    ac.code-of-another: 
    ");
    set(&rig, json!({ "fault": "ac.state-other" })).await;
    set(&rig, json!({ "fault": "ac.iss-dropped" })).await;
    let both = parts_of(&ask().await);
    assert_eq!(both.get("[state]").map(String::as_str), Some("00000000-0000-4000-8000-000000000000"));
    assert!(!both.contains_key("[iss]") && both.contains_key("[code]"), "{both:?}");
}

#[tokio::test]
async fn a_code_of_another_person_is_given_where_one_waits() {
    let rig = Party::Oidc.rig().await;
    let other = rig.oidc_code(&oidc_rp::Rp::default(), "пётр").await;
    set(&rig, json!({ "fault": "ac.code-of-another", "person": "анна" })).await;
    assert_eq!(rig.oidc_code(&oidc_rp::Rp::default(), "анна").await, other);
}

#[tokio::test]
async fn answers_to_authorization_requests_are_wrong_in_esia() {
    let rig = Party::Esia.rig().await;
    Party::Esia.tokens(&rig).await;
    let session = rig.session("анна").await;
    let rp = esia_rp::Rp { state: "1b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11", ..esia_rp::Rp::default() };
    let ask = async || rig.arrive(&rp, &session).await;
    let more = ["007005", "007002", "007019"].map(|code| with("ac.our-own-fault", "code", code));
    insta::assert_snapshot!(table(&rig, ("ac.", Party::Esia), &more, ask).await, @r#"
    ac.state-missing: ?state -
    ac.state-other: ?state 00000000-0000-4000-8000-000000000000
    ac.back-button: ?state 0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    ac.denied: ?code -; ?error access_denied; ?error_description ESIA-007004: The resource owner or authorization server deni…
    ac.not-confirmed: ?code -; ?error access_denied; ?error_description ESIA-007055: A confirmed account is required.
    ac.our-own-fault: ?code -; ?error access_denied; ?error_description ESIA-007053: OAuthErrorEnum.clientSecretWrong
    ac.overloaded: ?code -; ?error temporarily_unavailable; ?error_description ESIA-007008: The authorization server is currently unable to…
    ac.unknown-error: ?code -; ?error x_unknown; ?error_description ESIA-099999: OAuthErrorEnum.unknown
    ac.error-and-code: ?error access_denied; ?error_description the person has refused
    ac.description-hostile: ?code -; ?error access_denied; ?error_description <script>document.title='stolen'</script>
    ac.code-4k: ?code ~4600 signs
    ac.extra-parameters: ?session_state 8d2f5c.1; ?x_unknown да
    ac.our-own-fault {"code":"007005"}: ?code -; ?error unauthorized_client; ?error_description ESIA-007005: The client is not authorized to request an acce…
    ac.our-own-fault {"code":"007002"}: ?code -; ?error unauthorized_client; ?error_description ESIA-007002: The certificate does not belong to the client s…
    ac.our-own-fault {"code":"007019"}: ?code -; ?error invalid_scope; ?error_description ESIA-007019: OAuthErrorEnum.noGrants
    "#);
    insta::assert_snapshot!(table(&rig, ("user.", Party::Esia), &[], ask).await, @"
    user.cancel: ?code -; ?error access_denied; ?error_description ESIA-007004: The resource owner or authorization server deni…
    user.no-factor: ?code -; ?error access_denied; ?error_description ESIA-007046: The scope demands two-factor authentication, wh…
    ");
    set(&rig, json!({ "fault": "ac.code-4k" })).await;
    let code = ask().await.code();
    assert!(code.len() > 4000);
    assert_eq!(rig.te(&rp.by_code(&code)).await.status, 200);
}

#[tokio::test]
async fn answers_of_the_token_endpoint_are_wrong() {
    let mut told = Vec::new();
    for party in [Party::Oidc, Party::Esia] {
        let rig = party.rig().await;
        party.tokens(&rig).await;
        let ask = async || party.tokens(&rig).await;
        for family in ["te.", "time.code", "time.token"] {
            told.push(table(&rig, (family, party), &[], ask).await);
        }
        told.push(table(&rig, ("net.", party), &[with("net.reset", "at", "rs")], ask).await);
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    te.invalid-grant: /access_token -; /error "invalid_grant"; /error_description "expired"; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; status 400
    te.500: /access_token -; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 500
    te.503-retry-after: /access_token -; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; retry-after 5; status 503
    te.html-200: /access_token -; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8
    te.empty-200: /access_token -; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; body 0 bytes 
    te.cut-json: /access_token -; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; body 933 bytes {"access_token":"eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJSU…
    te.slow: wire Late(65s)
    te.reset-after-request: wire Reset
    te.no-id-token: /id_token -
    te.no-refresh: /refresh_token -
    te.no-expires-in: /expires_in -
    te.token-type-case: /token_type "bearer"
    te.expires-in-string: /expires_in "3600"
    te.token-type-unknown: /token_type "mac"
    te.redirect: /access_token -; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; status 307; to http://127.0.0.1:9/token
    te.refresh-other-person: 
    te.refresh-other-issuer: 
    te.refresh-revoked: 
    time.code-late: /access_token -; /error "invalid_grant"; /error_description "expired"; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; status 400
    time.token-ends-in-use: /expires_in 5
    net.refused: /access_token -; /expires_in -; /id_token -; /refresh_token -; /scope -; /token_type -; body 0 bytes ; content-type -; status 503; wire Reset
    net.reset: wire Reset
    net.empty: wire Raw(b"")
    net.garbage: wire Raw(b"\x16\x03\x01\0\xa5\x01\0\0\xa1 this is not HTTP \xff\x…
    net.broken-chunk: wire Raw(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nt…
    net.drip: wire Drip(1s)
    net.cut: wire Cut(100)
    net.slow: wire Late(65s)
    net.reset {"at":"rs"}: 
    te.invalid-grant: /access_token -; /error "invalid_grant"; /error_description "ESIA-007011: The provided authorization grant or refresh to…; /expires_in -; /id_token -; /refresh_token -; /token_type -; status 400
    te.500: /access_token -; /expires_in -; /id_token -; /refresh_token -; /state -; /token_type -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 500
    te.503-retry-after: /access_token -; /expires_in -; /id_token -; /refresh_token -; /state -; /token_type -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; retry-after 5; status 503
    te.html-200: /access_token -; /expires_in -; /id_token -; /refresh_token -; /state -; /token_type -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8
    te.empty-200: /access_token -; /expires_in -; /id_token -; /refresh_token -; /state -; /token_type -; body 0 bytes 
    te.cut-json: /access_token -; /expires_in -; /id_token -; /refresh_token -; /state -; /token_type -; body 919 bytes {"access_token":"eyJ2ZXIiOjEsInR5cCI6IkpXVCIsInNid…
    te.slow: wire Late(65s)
    te.reset-after-request: wire Reset
    te.no-refresh: /refresh_token -
    te.no-expires-in: /expires_in -
    te.token-type-case: /token_type "bearer"
    te.expires-in-string: /expires_in "3600"
    te.token-type-unknown: /token_type "mac"
    te.state-other: /state "00000000-0000-4000-8000-000000000000"
    te.redirect: /access_token -; /expires_in -; /id_token -; /refresh_token -; /state -; /token_type -; status 307; to http://127.0.0.1:9/token
    te.refresh-other-person: 
    te.refresh-other-issuer: 
    te.refresh-revoked: 
    time.code-late: /access_token -; /error "invalid_grant"; /error_description "ESIA-007011: The provided authorization grant or refresh to…; /expires_in -; /id_token -; /refresh_token -; /token_type -; status 400
    time.token-ends-in-use: /expires_in 5
    net.refused: /access_token -; /expires_in -; /id_token -; /refresh_token -; /state -; /token_type -; body 0 bytes ; content-type -; status 503; wire Reset
    net.reset: wire Reset
    net.empty: wire Raw(b"")
    net.garbage: wire Raw(b"\x16\x03\x01\0\xa5\x01\0\0\xa1 this is not HTTP \xff\x…
    net.broken-chunk: wire Raw(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nt…
    net.drip: wire Drip(1s)
    net.cut: wire Cut(100)
    net.slow: wire Late(65s)
    net.reset {"at":"rs"}:
    "#);
}

#[tokio::test]
async fn renewed_tokens_are_wrong() {
    let rig = Party::Oidc.rig().await;
    let rp = oidc_rp::Rp::default();
    let mut told = Vec::new();
    for fault in ["te.refresh-other-person", "te.refresh-other-issuer", "te.refresh-revoked"] {
        let tokens = rig.oidc_tokens(&rp, "анна").await;
        set(&rig, json!({ "fault": fault, "requests": 1 })).await;
        let answer = rig.post("/oidc/token", &rp.by_refresh(tokens["refresh_token"].as_str().unwrap())).await;
        let renewed = if answer.status == 200 { answer.ok() } else { answer.oauth_error(400) };
        let claims = renewed["id_token"].as_str().map(claims_of);
        told.push(format!(
            "{fault} {}: {:?}",
            named(&answer),
            claims.map(|claims| (claims["iss"].clone(), claims["sub"].clone()))
        ));
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    te.refresh-other-person te.refresh-other-person: Some((String("http://127.0.0.1:8001"), String("1000300002")))
    te.refresh-other-issuer te.refresh-other-issuer: Some((String("https://issuer.example"), String("1000300001")))
    te.refresh-revoked te.refresh-revoked: None
    "#);
}

/// The claims of a token, unchecked.
fn claims_of(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap().claims
}

#[tokio::test]
async fn personal_data_are_wrong() {
    let mut told = Vec::new();
    let rig = Party::Oidc.rig().await;
    let rp = oidc_rp::Rp { scope: "openid email profile phone", ..oidc_rp::Rp::default() };
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    told.push(table(&rig, ("rs.", Party::Oidc), &[], async || rig.userinfo(&tokens).await).await);
    let rig = Party::Esia.rig().await;
    let rp = esia_rp::Rp { scope: "openid fullname birthdate email mobile id_doc", ..esia_rp::Rp::default() };
    let tokens = rig.tokens(&rp, "анна").await;
    let token = tokens["access_token"].as_str().unwrap();
    let oid = rig.oid("анна").await;
    let person = format!("/rs/prns/{oid}");
    told.push(
        table(&rig, ("rs.", Party::Esia), &[with("time.birthday", "age", "14")], async || rig.rs(&person, token).await)
            .await,
    );
    told.push(table(&rig, ("time.birthday", Party::Esia), &[], async || rig.rs(&person, token).await).await);
    let contacts = format!("/rs/prns/{oid}/ctts");
    let more = [with("rs.part-fails", "part", "ctts")];
    let lists = async || rig.rs(&contacts, token).await;
    told.push(table(&rig, ("rs.l", Party::Esia), &more, lists).await);
    told.push(table(&rig, ("rs.e", Party::Esia), &[], lists).await);
    insta::assert_snapshot!(told.join("\n"), @r#"
    rs.401-expired: /account_level -; /birthdate -; /child_account -; /email -; /email_verified -; /family_name -; /gender -; /given_name -; /middle_name -; /name -; /phone_number -; /phone_number_verified -; /sub -; /trusted -; /updated_at -; body 0 bytes ; status 401; www-authenticate Bearer error="invalid_token"
    rs.403-scope: /account_level -; /birthdate -; /child_account -; /email -; /email_verified -; /family_name -; /gender -; /given_name -; /middle_name -; /name -; /phone_number -; /phone_number_verified -; /sub -; /trusted -; /updated_at -; body 0 bytes ; status 403; www-authenticate Bearer error="insufficient_scope"
    rs.sub-other: /sub "1000300002"
    rs.500-after-token: /account_level -; /birthdate -; /child_account -; /email -; /email_verified -; /family_name -; /gender -; /given_name -; /middle_name -; /name -; /phone_number -; /phone_number_verified -; /sub -; /trusted -; /updated_at -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 500
    rs.slow: wire Late(65s)
    rs.fields-missing: /middle_name -
    rs.person-changed: /email "new-address@family.test"; /family_name "Новофамильная"; /name "Новофамильная Анна Сергеевна"; /phone_number "+70000000999"
    rs.consent-withdrawn: /account_level -; /birthdate -; /child_account -; /email -; /email_verified -; /family_name -; /gender -; /given_name -; /middle_name -; /name -; /phone_number -; /phone_number_verified -; /sub -; /trusted -; /updated_at -; body 0 bytes ; status 401; www-authenticate Bearer error="invalid_token"
    rs.401-expired: /birthDate -; /citizenship -; /code "ESIA-005013"; /containsUpCfmCode -; /eTag -; /firstName -; /kidAccCreatedByParent -; /lastName -; /message "SecurityErrorEnum.expiredToken"; /middleName -; /rIdDoc -; /rfgUOperatorCheck -; /stateFacts/0 -; /status -; /trusted -; /updatedOn -; /verifying -; status 401
    rs.error-in-array: /0/code "ESIA-005013"; /0/message "SecurityErrorEnum.expiredToken"; /birthDate -; /citizenship -; /containsUpCfmCode -; /eTag -; /firstName -; /kidAccCreatedByParent -; /lastName -; /middleName -; /rIdDoc -; /rfgUOperatorCheck -; /stateFacts/0 -; /status -; /trusted -; /updatedOn -; /verifying -; status 401
    rs.403-scope: /birthDate -; /citizenship -; /code "ESIA-005029"; /containsUpCfmCode -; /eTag -; /firstName -; /kidAccCreatedByParent -; /lastName -; /message "SecurityErrorEnum.scopeNotAllowed"; /middleName -; /rIdDoc -; /rfgUOperatorCheck -; /stateFacts/0 -; /status -; /trusted -; /updatedOn -; /verifying -; status 403
    rs.500-after-token: /birthDate -; /citizenship -; /containsUpCfmCode -; /eTag -; /firstName -; /kidAccCreatedByParent -; /lastName -; /middleName -; /rIdDoc -; /rfgUOperatorCheck -; /stateFacts/0 -; /status -; /trusted -; /updatedOn -; /verifying -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 500
    rs.slow: wire Late(65s)
    rs.part-fails: 
    rs.links-foreign: 
    rs.empty: 
    rs.fields-missing: /middleName -
    rs.person-changed: /lastName "Новофамильная"
    rs.consent-withdrawn: /birthDate -; /citizenship -; /code "ESIA-005029"; /containsUpCfmCode -; /eTag -; /firstName -; /kidAccCreatedByParent -; /lastName -; /message "SecurityErrorEnum.scopeNotAllowed"; /middleName -; /rIdDoc -; /rfgUOperatorCheck -; /stateFacts/0 -; /status -; /trusted -; /updatedOn -; /verifying -; status 403
    rs.charset: /birthDate -; /citizenship -; /containsUpCfmCode -; /eTag -; /firstName -; /kidAccCreatedByParent -; /lastName -; /middleName -; /rIdDoc -; /rfgUOperatorCheck -; /stateFacts/0 -; /status -; /trusted -; /updatedOn -; /verifying -; body 394 bytes ﻿{"stateFacts":["EntityRoot"],"firstName":"Анна","…; content-type application/json;charset=windows-1251
    time.birthday {"age":"14"}: /birthDate "02.09.2010"
    time.birthday: /birthDate "02.09.2006"
    rs.links-foreign: /elements/0 "http://127.0.0.1:9/rs/prns/1000300001/ctts/100030000101"; /elements/1 "http://127.0.0.1:9/rs/prns/1000300001/ctts/100030000102"
    rs.part-fails {"part":"ctts"}: /eTag -; /elements/0 -; /elements/1 -; /size -; /stateFacts/0 -; body 125 bytes <!doctype html><html><head><title>502 Bad Gateway<…; content-type text/html; charset=utf-8; status 500
    rs.error-in-array: /0/code "ESIA-005013"; /0/message "SecurityErrorEnum.expiredToken"; /eTag -; /elements/0 -; /elements/1 -; /size -; /stateFacts/0 -; status 401
    rs.empty: /elements/0 -; /elements/1 -; /size 0
    "#);
}

#[tokio::test]
async fn a_client_whose_clock_is_off_is_told_and_may_correct_it() {
    let rig = Party::Esia.rig().await;
    let session = rig.session("анна").await;
    set(&rig, json!({ "fault": "time.client-behind", "client": "DIARY" })).await;
    let refused = rig.person(&session).ac(&esia_rp::Rp::default().ac()).await;
    assert_eq!(
        (refused.parameter("error_description").unwrap().get(..11), named(&refused)),
        (Some("ESIA-007015"), "time.client-behind")
    );
    assert_eq!(refused.headers["date"], "Mon, 02 Sep 2024 06:10:00 GMT");
    let at = crate::testing::september() + chrono::TimeDelta::minutes(10);
    let corrected = esia_rp::Rp { timestamp: esia::timestamp::print(at), ..esia_rp::Rp::default() };
    assert!(rig.person(&session).ac(&corrected.ac()).await.location().starts_with("/aas/oauth2/continue"));
}
