//! `/idp/ext/Logout` with everything that clients put into it, and what strangers do (ESIA §5.1).

use super::testing::{Rp, escaped, rig};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Actor, Answer};

const BYE: &str = "http://127.0.0.1:9/bye?from=idp";

async fn out(who: Actor<'_>, query: &str) -> Answer {
    who.page(&format!("/idp/ext/Logout?{query}")).await
}

/// Asserts that the browser stays on the provider's page, which gives the reason.
fn stayed(answer: &Answer, why: &str) {
    assert_eq!((answer.status.as_u16(), answer.location()), (200, ""), "{}", answer.body);
    assert!(answer.body.contains(r#"data-test="signed-out""#) && answer.body.contains(why), "{why}: {}", answer.body);
}

#[tokio::test]
async fn whoever_is_signed_out_already_goes_back_all_the_same() {
    let rig = rig().await;
    let session = rig.session("анна").await;
    let query = format!("client_id=DIARY&redirect_url={}", escaped(BYE));
    for who in [rig.person(&session), rig.person(&session), rig.person("made-up"), rig.anyone()] {
        let back = out(who, &query).await;
        assert_eq!((back.status.as_u16(), back.location()), (302, BYE), "to the letter, nothing added");
        let taken: Vec<_> = back.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
        for name in ["idp_session_main=;", "u=;", "oid=;"] {
            assert!(taken.iter().any(|cookie| cookie.starts_with(name) && cookie.contains("Max-Age=0")), "{taken:?}");
        }
    }
    assert!(rig.person(&session).page("/lk").await.location().starts_with("/login"));
}

#[tokio::test]
async fn only_one_session_ends_and_the_tokens_of_systems_live_on() {
    let rig = rig().await;
    let (one, other) = (rig.session("анна").await, rig.session("анна").await);
    let tokens = rig.tokens(&Rp::default(), "анна").await;
    out(rig.person(&one), "client_id=DIARY").await;
    assert!(rig.person(&one).page("/lk").await.location().starts_with("/login"));
    assert_eq!(rig.person(&other).page("/lk").await.status, 200);
    let person = format!("/rs/prns/{}", rig.oid("анна").await);
    assert_eq!(rig.rs(&person, tokens["access_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn nothing_but_redirect_url_says_where_to_go() {
    let rig = rig().await;
    for name in ["redirect_uri", "post_logout_redirect_uri", "RelayState", "REDIRECT_URL", "next"] {
        stayed(&out(rig.anyone(), &format!("client_id=DIARY&{name}={}", escaped(BYE))).await, "");
    }
    let twice = format!("client_id=DIARY&redirect_url={0}&redirect_url={0}", escaped(BYE));
    stayed(&out(rig.anyone(), &twice).await, "несколько раз");
    stayed(&out(rig.anyone(), &format!("redirect_url={}", escaped(BYE))).await, "не зарегистрирована");
    stayed(
        &out(rig.anyone(), &format!("client_id=DIARY&client_id=GOST&redirect_url={}", escaped(BYE))).await,
        "не зарег",
    );
    stayed(&out(rig.anyone(), &format!("client_id=%FF&redirect_url={}", escaped(BYE))).await, "не зарегистрирована");
    for ignored in ["state=1", "x-client-SKU=ID_NET8_0", "id_token_hint=eyJ", "client_secret=x"] {
        let query = format!("client_id=DIARY&redirect_url={}&{ignored}", escaped(BYE));
        assert_eq!(out(rig.anyone(), &query).await.location(), BYE, "{ignored}");
    }
}

#[tokio::test]
async fn no_address_slips_past_the_registered_domain() {
    let rig = rig().await;
    for address in [
        "https://evil.example/",
        "//evil.example/",
        "/bye",
        "bye",
        "javascript:alert(1)//127.0.0.1",
        "data:text/html,127.0.0.1",
        "ftp://127.0.0.1/",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://evil.example/127.0.0.1",
        "http://evil.example#127.0.0.1",
        "http://evil.example\\@127.0.0.1/",
        "http://127.0.0.1/#part",
        "http://127.0.0.2/",
        "http:///",
        "не адрес",
    ] {
        let answer = out(rig.anyone(), &format!("client_id=DIARY&redirect_url={}", escaped(address))).await;
        stayed(&answer, "");
        let failed = rig.verdict(&answer).await;
        assert!(failed.contains("failed redirect-url"), "{address}: {failed}");
    }
    let split =
        out(rig.anyone(), "client_id=DIARY&redirect_url=http%3A%2F%2F127.0.0.1%2F%0D%0ASet-Cookie%3A%20x%3Dy").await;
    assert!(split.headers.get_all("set-cookie").iter().all(|cookie| !cookie.to_str().unwrap().starts_with("x=y")));
}
