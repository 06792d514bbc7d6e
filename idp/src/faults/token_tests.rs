//! Faults of tokens on the wire: what each changes, as jsonwebtoken and OpenSSL read it, and that it changes nothing
//! else.

use serde_json::{Value, json};

use super::{
    catalogue::faults,
    place::Place,
    testing::{Party, difference, flat, named, on, set, taken_apart},
};

/// Returns the change that each fault of a family makes for a relying party, one per line, and checks that the next
/// response is unchanged.
async fn table(party: Party, family: &str, more: &[Value]) -> String {
    let rig = party.rig().await;
    let protocol = if party == Party::Oidc { "oidc" } else { "esia" };
    // The first sign-in asks for consent; the others do not.
    let without = taken_apart(&party.tokens(&rig).await);
    let of_family = faults()
        .filter(|entry| entry.id.starts_with(family) && entry.is_of(protocol) && entry.act.acts_at(Place::Token));
    let plain = of_family.map(|entry| json!({ "fault": entry.id, "requests": 1 }));
    let mut lines = Vec::new();
    for fault in plain.chain(more.iter().cloned()) {
        set(&rig, fault.clone()).await;
        let answer = party.tokens(&rig).await;
        let changed = difference(&without, &taken_apart(&answer));
        let is_met = named(&answer) == fault["fault"];
        assert_eq!(is_met, !changed.is_empty(), "{fault}: {changed}");
        let parameters = fault.get("parameters").map_or(String::new(), |parameters| format!(" {parameters}"));
        lines.push(format!("{}{parameters}: {changed}", fault["fault"].as_str().unwrap()));
        assert_eq!(on(&rig).await.is_empty(), is_met, "{fault}");
        rig.control().delete("/control/faults").await;
        assert_eq!(difference(&without, &taken_apart(&party.tokens(&rig).await)), "", "after {fault}");
    }
    lines.join("\n")
}

#[tokio::test]
async fn headers_are_wrong_in_openid_connect() {
    let more = [
        json!({ "fault": "hdr.alg-none", "parameters": { "token": "access" }, "requests": 1 }),
        json!({ "fault": "hdr.kid-hostile", "parameters": { "kid": "sql" }, "requests": 1 }),
        json!({ "fault": "hdr.kid-hostile", "parameters": { "kid": "long" }, "requests": 1 }),
        json!({ "fault": "hdr.kind-swapped", "parameters": { "token": "access" }, "requests": 1 }),
    ];
    insta::assert_snapshot!(table(Party::Oidc, "hdr.", &more).await, @r#"
    hdr.alg-none: id alg "none"; id signature empty
    hdr.alg-none-mixed-case: id alg "nOnE"; id signature empty
    hdr.hs256-with-public-key: id alg "HS256"; id signature HMAC by the public key
    hdr.hs256-empty-key: id alg "HS256"; id signature HMAC by nothing
    hdr.alg-unadvertised: id alg "PS256"; id signature PSS of the provider
    hdr.kid-unknown: id kid "a-key-that-is-nowhere"
    hdr.kid-absent-one-key: id kid -
    hdr.kid-absent-many-keys: id kid -
    hdr.kid-hostile: id kid "../../../../dev/null"
    hdr.jwk-embedded: id jwk {"kty":"RSA","alg":"RS256","use":"sig","n":"jRSWVJkGagp3M2vx…; id kid -; id signature RSA of a stranger
    hdr.jku-foreign: id jku "http://127.0.0.1:9/keys"; id signature RSA of a stranger; id x5u "http://127.0.0.1:9/keys"
    hdr.crit-unknown: id crit ["x-unknown"]; id x-unknown true
    hdr.kind-swapped: id /aud "http://127.0.0.1:8001"; id /client_id "DIARY"; id /exp 1725260400; id /nonce -; id /scope "openid profile snils offline_access"; id at_hash -; id typ "at+jwt"
    hdr.base64-odd: id spelling Base64
    hdr.alg-none {"token":"access"}: access alg "none"; access signature empty
    hdr.kid-hostile {"kid":"sql"}: id kid "' or 1=1 --"
    hdr.kid-hostile {"kid":"long"}: id kid "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…
    hdr.kind-swapped {"token":"access"}: access /aud "DIARY"; access /client_id -; access /exp 1725267600; access /nonce "n-1"; access /scope -; access typ "JWT"; id at_hash false
    "#);
}

#[tokio::test]
async fn headers_are_wrong_in_esia() {
    insta::assert_snapshot!(table(Party::Esia, "hdr.", &[]).await, @r#"
    hdr.alg-none: id alg "none"; id signature empty
    hdr.alg-none-mixed-case: id alg "nOnE"; id signature empty
    hdr.hs256-with-public-key: id alg "HS256"; id signature HMAC by the public key
    hdr.hs256-empty-key: id alg "HS256"; id signature HMAC by nothing
    hdr.alg-mislabelled: id signature ГОСТ of the provider
    hdr.alg-switched: access alg "GOST3410_2012_256"; access signature ГОСТ of the provider; id alg "GOST3410_2012_256"; id signature ГОСТ of the provider
    hdr.jwk-embedded: id jwk {"kty":"RSA","alg":"RS256","use":"sig","n":"jRSWVJkGagp3M2vx…; id signature RSA of a stranger
    hdr.jku-foreign: id jku "http://127.0.0.1:9/keys"; id signature RSA of a stranger; id x5u "http://127.0.0.1:9/keys"
    hdr.crit-unknown: id crit ["x-unknown"]; id x-unknown true
    hdr.kind-swapped: id /amr -; id /aud -; id /auth_time -; id /client_id "DIARY"; id /exp 1725260400; id /scope "openid fullname?oid=1000300001 snils?oid=1000300001"; id /sub -; id /urn:esia:amd -; id /urn:esia:sbj -; id /urn:esia:sbj_id 1000300001; id sbt "access"; id ver 1
    hdr.base64-odd: id spelling Base64
    "#);
}

#[tokio::test]
async fn headers_are_wrong_in_esia_with_gost() {
    insta::assert_snapshot!(table(Party::Gost, "hdr.alg-", &[]).await, @r#"
    hdr.alg-none: id alg "none"; id signature empty
    hdr.alg-none-mixed-case: id alg "nOnE"; id signature empty
    hdr.alg-mislabelled: id signature RSA of the provider
    hdr.alg-switched: access alg "RS256"; access signature RSA of the provider; id alg "RS256"; id signature RSA of the provider
    "#);
}

#[tokio::test]
async fn signatures_are_wrong_in_openid_connect() {
    let more = [json!({ "fault": "sig.parts", "parameters": { "parts": 5 }, "requests": 1 })];
    insta::assert_snapshot!(table(Party::Oidc, "sig.", &more).await, @r#"
    sig.bit-flipped: id signature nobody's
    sig.payload-edited: id /exp 1725267601; id signature nobody's
    sig.stripped: id signature empty
    sig.stranger: id signature RSA of a stranger
    sig.parts: id signature RSA of the provider, 4 parts
    sig.parts {"parts":5}: id signature RSA of the provider, 5 parts
    "#);
}

#[tokio::test]
async fn signatures_are_wrong_in_esia() {
    insta::assert_snapshot!(table(Party::Esia, "sig.", &[]).await, @"
    sig.bit-flipped: id signature nobody's
    sig.payload-edited: id /exp 1725267601; id signature nobody's
    sig.stripped: id signature empty
    sig.stranger: id signature RSA of a stranger
    sig.gost-reversed: 
    sig.gost-zero: 
    sig.parts: id signature RSA of the provider, 4 parts
    ");
}

#[tokio::test]
async fn signatures_are_wrong_in_esia_with_gost() {
    let more = [json!({ "fault": "sig.gost-reversed", "parameters": { "how": "bytes" }, "requests": 1 })];
    insta::assert_snapshot!(table(Party::Gost, "sig.", &more).await, @r#"
    sig.bit-flipped: id signature nobody's
    sig.payload-edited: id /exp 1725267601; id signature nobody's
    sig.stripped: id signature empty
    sig.stranger: id signature ГОСТ of a stranger
    sig.gost-reversed: id signature ГОСТ of the provider, turned
    sig.gost-zero: id signature zero
    sig.parts: id signature ГОСТ of the provider, 4 parts
    sig.gost-reversed {"how":"bytes"}: id signature ГОСТ of the provider, turned
    "#);
}

#[tokio::test]
async fn claims_are_wrong_in_openid_connect() {
    let more = [
        json!({ "fault": "claim.aud-array-foreign", "parameters": { "azp": "other" }, "requests": 1 }),
        json!({ "fault": "claim.exp-past", "parameters": { "token": "both" }, "requests": 1 }),
    ];
    insta::assert_snapshot!(table(Party::Oidc, "claim.", &more).await, @r#"
    claim.iss-other: id /iss "https://issuer.example"
    claim.iss-missing: id /iss -
    claim.aud-other: id /aud "OTHER-SYSTEM"
    claim.aud-missing: id /aud -
    claim.aud-array-own: id /aud ["DIARY"]
    claim.aud-array-foreign: id /aud ["DIARY","OTHER-SYSTEM"]
    claim.exp-past: id /exp 1725253200
    claim.exp-missing: id /exp -
    claim.exp-milliseconds: id /exp 1725267600000
    claim.exp-as-string: id /exp "1725267600"
    claim.iat-future: id /iat 1725260400
    claim.nbf-future: id /nbf 1725260400
    claim.iat-missing: id /iat -
    claim.skew-small: id /auth_time 1725256830; id /exp 1725267630; id /iat 1725256830
    claim.skew-large: id /auth_time 1725257160; id /exp 1725267960; id /iat 1725257160
    claim.sub-missing: id /sub -
    claim.sub-type: id /sub 1000300001
    claim.nonce-other: id /nonce "of-another-login"
    claim.nonce-absent: id /nonce -
    claim.nonce-unsupported-flag: id /nonce -; id /nonce_supported false
    claim.at-hash-wrong: id at_hash false
    claim.acr-lower: id /acr "urn:esia-stand:level:simplified"
    claim.auth-time-old: id /auth_time 1725253200
    claim.bool-as-string: 
    claim.scope-narrowed: access /scope "openid"; scope "openid"
    claim.duplicate-key: id sub 2 times
    claim.bomb: id /acr -; id /amr -; id /aud -; id /auth_time -; id /exp -; id /iat -; id /iss -; id /nonce -; id /sub -; id at_hash -
    claim.aud-array-foreign {"azp":"other"}: id /aud ["DIARY","OTHER-SYSTEM"]; id /azp "OTHER-SYSTEM"
    claim.exp-past {"token":"both"}: access /exp 1725253200; id /exp 1725253200
    "#);
}

#[tokio::test]
async fn claims_are_wrong_in_esia() {
    let more = [
        json!({ "fault": "claim.iss-of-other-stand", "parameters": { "iss": "https" }, "requests": 1 }),
        json!({ "fault": "claim.iss-of-other-stand", "parameters": { "iss": "no-slash" }, "requests": 1 }),
        json!({ "fault": "claim.sub-missing", "parameters": { "token": "access" }, "requests": 1 }),
    ];
    insta::assert_snapshot!(table(Party::Esia, "claim.", &more).await, @r#"
    claim.iss-other: id /iss "https://issuer.example"
    claim.iss-missing: id /iss -
    claim.iss-of-other-stand: id /iss "http://esia-portal1.test.gosuslugi.ru/"
    claim.aud-other: id /aud "OTHER-SYSTEM"
    claim.aud-missing: id /aud -
    claim.client-id-other: access /client_id "OTHER-SYSTEM"
    claim.exp-past: id /exp 1725253200
    claim.exp-missing: id /exp -
    claim.exp-milliseconds: id /exp 1725267600000
    claim.exp-as-string: id /exp "1725267600"
    claim.iat-future: id /iat 1725260400
    claim.nbf-future: id /nbf 1725260400
    claim.skew-small: id /auth_time 1725256830; id /exp 1725267630; id /iat 1725256830; id /nbf 1725256830
    claim.skew-large: id /auth_time 1725257160; id /exp 1725267960; id /iat 1725257160; id /nbf 1725257160
    claim.sub-missing: id /sub -
    claim.sub-type: id /sub "1000300001"
    claim.sub-above-2^53: access /scope "openid fullname?oid=9007199254740993 snils?oid=900719925474…; access /urn:esia:sbj_id 9007199254740993; id /sub 9007199254740993; id /urn:esia:sbj {"urn:esia:sbj:lvl":"PR","urn:esia:sbj:typ":"P","urn:esia:sb…
    claim.sbj-disagree: id /sub 1000300002; id /urn:esia:sbj {"urn:esia:sbj:lvl":"PR","urn:esia:sbj:typ":"P","urn:esia:sb…
    claim.is-tru-absent: id /urn:esia:sbj {"urn:esia:sbj:lvl":"P","urn:esia:sbj:typ":"P","urn:esia:sbj…
    claim.bool-as-string: id /urn:esia:sbj {"urn:esia:sbj:lvl":"PR","urn:esia:sbj:typ":"P","urn:esia:sb…
    claim.level-child: id /urn:esia:sbj {"urn:esia:sbj:lvl":"KD","urn:esia:sbj:typ":"P","urn:esia:sb…
    claim.scope-narrowed: access /scope "openid"
    claim.scope-foreign-oid: access /scope "openid fullname?oid=1000300002 snils?oid=1000300002"
    claim.duplicate-key: id sub 2 times
    claim.bomb: id /amr -; id /aud -; id /auth_time -; id /exp -; id /iat -; id /iss -; id /nbf -; id /sub -; id /urn:esia:amd -; id /urn:esia:sbj -
    claim.iss-of-other-stand {"iss":"https"}: id /iss "https://esia.gosuslugi.ru/"
    claim.iss-of-other-stand {"iss":"no-slash"}: id /iss "http://esia.gosuslugi.ru"
    claim.sub-missing {"token":"access"}: access /urn:esia:sbj_id -
    "#);
}

#[tokio::test]
async fn data_about_a_person_are_wrong_in_both_protocols() {
    let mut told = Vec::new();
    for (party, path) in [
        (Party::Oidc, "/oidc/userinfo"),
        (Party::Esia, "/rs/prns/OID/ctts?embed=(elements)"),
        (Party::Esia, "/rs/prns/OID"),
    ] {
        let rig = party.rig().await;
        let rp = crate::protocols::oidc::testing::Rp { scope: "openid email profile", ..Default::default() };
        let tokens = if party == Party::Oidc {
            rig.oidc_tokens(&rp, "анна").await
        } else {
            let scope = "openid fullname email mobile";
            rig.tokens(&crate::protocols::esia::testing::Rp { scope, ..Default::default() }, "анна").await
        };
        let token = tokens["access_token"].as_str().unwrap();
        let path = path.replace("OID", &rig.oid("анна").await.to_string());
        let good = rig.rs(&path, token).await;
        for fault in ["claim.contact-unverified", "claim.bool-as-string"] {
            set(&rig, json!({ "fault": fault, "requests": 1 })).await;
            let answer = rig.rs(&path, token).await;
            let (before, after) = (flat(&good.ok()), flat(&answer.ok()));
            told.push(format!("{path} {fault} {}: {}", named(&answer), difference(&before, &after)));
            assert_eq!(on(&rig).await.is_empty(), named(&answer) == fault);
            rig.control().delete("/control/faults").await;
            assert_eq!(rig.rs(&path, token).await.body, good.body);
        }
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    /oidc/userinfo claim.contact-unverified claim.contact-unverified: /email "somebody-else@family.test"; /email_verified false
    /oidc/userinfo claim.bool-as-string claim.bool-as-string: /email_verified "false"; /trusted "false"
    /rs/prns/1000300001/ctts?embed=(elements) claim.contact-unverified claim.contact-unverified: /elements/0/value "somebody-else@family.test"; /elements/0/vrfStu "NOT_VERIFIED"
    /rs/prns/1000300001/ctts?embed=(elements) claim.bool-as-string : 
    /rs/prns/1000300001 claim.contact-unverified : 
    /rs/prns/1000300001 claim.bool-as-string claim.bool-as-string: /trusted "false"
    "#);
}
