//! Keys that change while a client runs, as the client's own libraries see it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto, decode_header};
use serde_json::{Value, json};

use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    faults::testing::{Party, gost},
    protocols::{esia::testing as esia_rp, oidc::testing as oidc_rp},
    testing::{Answer, Rig},
};

async fn keys(rig: &Rig, order: Value) -> Vec<Value> {
    let answer = rig.control().post("/control/keys", &order).await;
    answer.ok().as_array().unwrap().clone()
}

async fn advance(rig: &Rig, by: &str) {
    assert_eq!(rig.control().post("/control/clock", &json!({ "advance": by })).await.status, 200);
}

/// Which keys sign and which everybody sees: `1 signs published; …`.
async fn held(rig: &Rig) -> String {
    let list = rig.control().get("/control/keys").await.ok();
    let line = |key: &Value| {
        let is = |name: &str| if key[name] == true { format!(" {name}") } else { String::new() };
        format!("{}{}{}", key["number"], is("signs"), is("published"))
    };
    list.as_array().unwrap().iter().map(line).collect::<Vec<_>>().join("; ")
}

fn kids(jwks: &Value) -> Vec<&str> {
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect()
}

fn kid_of(token: &str) -> String {
    decode_header(token).unwrap().kid.unwrap()
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

/// Whether a published file of the keys checks a token of ЕСИА, as OpenSSL or jsonwebtoken find.
async fn checked_by_file(rig: &Rig, party: Party, token: &str) -> bool {
    let (message, signature) = token.rsplit_once('.').unwrap();
    if party == Party::Gost {
        let certificate = rig.anyone().get("/public/GOST_TESIA_2012.pem").await.body;
        return gost(&certificate, message, &URL_SAFE_NO_PAD.decode(signature).unwrap());
    }
    let pem = rig.anyone().get("/public/RSA_TESIA_PUBLIC.pem").await.body;
    let key = DecodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    crypto::verify(signature, message.as_bytes(), &key, Algorithm::RS256).unwrap()
}

#[tokio::test]
async fn a_key_replaced_at_once_leaves_only_the_new_one_to_see_and_old_tokens_stay_good_here() {
    let rig = Party::Oidc.rig().await;
    let before = rig.jwks().await;
    let old = rig.oidc_tokens(&oidc_rp::Rp::default(), "анна").await;
    keys(&rig, json!({ "do": "replace", "algorithm": "RS256" })).await;
    assert_eq!(held(&rig).await, "1; 2 signs published; 3 signs published");
    let after = rig.jwks().await;
    let new = rig.oidc_tokens(&oidc_rp::Rp::default(), "анна").await;
    assert_eq!((kids(&before).len(), kids(&after).len()), (1, 1));
    assert_eq!(kids(&before), [kid_of(text(&old, "id_token"))]);
    assert_eq!(kids(&after), [kid_of(text(&new, "id_token"))]);
    assert_ne!(kids(&before), kids(&after));
    let claims = oidc_rp::claims(&after, text(&new, "id_token"));
    assert_eq!(claims["sub"], oidc_rp::claims(&before, text(&old, "id_token"))["sub"]);
    for tokens in [&old, &new] {
        assert_eq!(rig.userinfo(tokens).await.status, 200);
        let hint = rig.anyone().page(&format!("/oidc/logout?id_token_hint={}", text(tokens, "id_token"))).await;
        assert_eq!(hint.status, 200, "{}", hint.body);
    }
}

#[tokio::test]
async fn a_replaced_key_of_esia_is_in_every_file_and_the_other_algorithm_stays() {
    for (party, algorithm, own, other) in [
        (Party::Esia, "RS256", "/public/RSA_TESIA.cer", "/public/GOST_TESIA_2012.cer"),
        (Party::Gost, "GOST3410_2012_256", "/public/GOST_TESIA_2012.cer", "/public/RSA_TESIA.cer"),
    ] {
        let rig = party.rig().await;
        let old = party.tokens(&rig).await.ok();
        let files = [rig.bytes(own).await, rig.bytes(other).await, rig.bytes("/public/esia.zip").await];
        assert!(checked_by_file(&rig, party, text(&old, "access_token")).await, "{algorithm}");
        keys(&rig, json!({ "do": "replace", "algorithm": algorithm })).await;
        let new = party.tokens(&rig).await.ok();
        assert!(checked_by_file(&rig, party, text(&new, "access_token")).await, "{algorithm}");
        assert!(checked_by_file(&rig, party, text(&new, "id_token")).await, "{algorithm}");
        assert!(!checked_by_file(&rig, party, text(&old, "access_token")).await, "{algorithm}");
        let after = [rig.bytes(own).await, rig.bytes(other).await, rig.bytes("/public/esia.zip").await];
        assert_ne!(files[0], after[0], "{own}");
        assert_eq!(files[1], after[1], "{other}");
        assert_ne!(files[2], after[2], "the archive follows {own}");
        let oid = rig.oid("анна").await;
        for tokens in [&old, &new] {
            let person = rig.rs(&format!("/rs/prns/{oid}"), text(tokens, "access_token")).await;
            assert_eq!(person.status, 200, "{algorithm}: {}", person.body);
        }
    }
}

#[tokio::test]
async fn a_code_of_before_is_redeemed_after() {
    let rig = Party::Esia.rig().await;
    let rp = esia_rp::Rp::default();
    let code = rig.code(&rp, "анна").await;
    keys(&rig, json!({ "do": "replace", "algorithm": "RS256" })).await;
    let answer = rig.te(&rp.by_code(&code)).await;
    assert!(checked_by_file(&rig, Party::Esia, text(&answer.ok(), "access_token")).await);
}

#[tokio::test]
async fn an_overlap_ends_by_the_worlds_clock() {
    let rig = Party::Oidc.rig().await;
    let before = rig.jwks().await;
    let old = kids(&before)[0];
    keys(&rig, json!({ "do": "replace", "algorithm": "RS256", "overlap": "1h" })).await;
    let both = rig.jwks().await;
    let new = rig.oidc_tokens(&oidc_rp::Rp::default(), "анна").await;
    assert_eq!(kids(&both), [&*kid_of(text(&new, "id_token")), old]);
    let named: Vec<_> = [1, 3].map(|number| format!("/public/RSA_TESIA_{number}.cer")).into();
    assert_eq!(rig.anyone().page(&named[0]).await.status, 200, "the old one has its number in its name");
    assert_eq!(rig.anyone().page(&named[1]).await.status, 404);
    advance(&rig, "59m").await;
    assert_eq!(kids(&rig.jwks().await).len(), 2);
    advance(&rig, "1m").await;
    assert_eq!(kids(&rig.jwks().await), [kid_of(text(&new, "id_token"))]);
    assert_eq!(held(&rig).await, "1; 2 signs published; 3 signs published");
}

#[tokio::test]
async fn a_planned_replacement_waits_for_its_time_and_is_told_in_the_timeline() {
    let rig = Party::Oidc.rig().await;
    let planned = keys(&rig, json!({ "do": "replace", "algorithm": "RS256", "after": "8h" })).await;
    let what =
        |key: &Value| key["planned"].as_array().unwrap().iter().map(|step| step["do"].clone()).collect::<Vec<_>>();
    assert_eq!((what(&planned[0]), what(&planned[2])), (vec![json!("withdraw")], vec![json!("publish"), json!("use")]));
    assert_eq!(held(&rig).await, "1 signs published; 2 signs published; 3");
    let before = rig.jwks().await;
    advance(&rig, "8h").await;
    assert_eq!(held(&rig).await, "1; 2 signs published; 3 signs published");
    assert_ne!(kids(&rig.jwks().await), kids(&before));
    let timeline = rig.control().get("/control/timeline").await.body;
    assert!(timeline.contains("Маркеры подписывает ключ № 3"), "{timeline}");
}

#[tokio::test]
async fn publishing_using_and_withdrawing_are_apart() {
    let rig = Party::Oidc.rig().await;
    let rp = oidc_rp::Rp::default();
    let first = kids(&rig.jwks().await)[0].to_owned();
    keys(&rig, json!({ "do": "publish", "algorithm": "RS256" })).await;
    let published = rig.jwks().await;
    let second = kids(&published)[1].to_owned();
    assert_eq!(kids(&published), [first.as_str(), second.as_str()]);
    assert_eq!(kid_of(text(&rig.oidc_tokens(&rp, "анна").await, "id_token")), first);
    keys(&rig, json!({ "do": "use", "key": 3 })).await;
    assert_eq!(kid_of(text(&rig.oidc_tokens(&rp, "анна").await, "id_token")), second);
    keys(&rig, json!({ "do": "withdraw", "key": 3 })).await;
    assert_eq!(kids(&rig.jwks().await), [first.as_str()]);
    assert_eq!(kid_of(text(&rig.oidc_tokens(&rp, "анна").await, "id_token")), second, "it signs on");
    keys(&rig, json!({ "do": "withdraw", "key": 1 })).await;
    assert_eq!(rig.jwks().await, json!({ "keys": [] }));
    assert_eq!(rig.anyone().get("/public/RSA_TESIA.cer").await.status, 404);
    keys(&rig, json!({ "do": "publish", "key": 3 })).await;
    assert_eq!(kids(&rig.jwks().await), [second.as_str()]);
}

#[tokio::test]
async fn keys_belong_to_their_world_and_go_along_with_copies_of_it() {
    let rig = Party::Oidc.rig().await;
    keys(&rig, json!({ "do": "replace", "algorithm": "RS256" })).await;
    let own = rig.jwks().await;
    assert_eq!(rig.fork("copy").await.jwks().await, own);
    assert_eq!(rig.import("read").await.jwks().await, own);
    let fresh = json!({ "name": "fresh", "seed": { "gosuslugi": oidc_rp::section() } });
    assert_eq!(rig.control().post("/control/worlds", &fresh).await.status, 201);
    assert_ne!(rig.at("fresh").jwks().await, own);
    let replayed = rig.replayed().await;
    assert_eq!(serde_json::to_value(&replayed.keys.published().jwks).unwrap(), own);
}

#[tokio::test]
async fn a_wrong_order_is_refused_and_changes_nothing() {
    let rig = Party::Oidc.rig().await;
    let before = held(&rig).await;
    let mut seen = Vec::new();
    for order in [
        json!({ "do": "rotate" }),
        json!({ "do": "publish" }),
        json!({ "do": "use" }),
        json!({ "do": "use", "key": 9 }),
        json!({ "do": "use", "key": 1, "algorithm": "RS256" }),
        json!({ "do": "replace", "key": 1 }),
        json!({ "do": "replace", "key": 1, "algorithm": "RS256" }),
        json!({ "do": "publish", "algorithm": "ES256" }),
        json!({ "do": "withdraw", "key": 1, "overlap": "5s" }),
        json!({ "do": "replace", "algorithm": "RS256", "overlap": "an hour" }),
        json!({ "do": "replace", "algorithm": "RS256", "overlap": "90years" }),
        json!({ "do": "withdraw", "key": 1, "at": "2020-01-01T00:00:00Z" }),
        json!({ "do": "withdraw", "key": 1, "at": "2120-01-01T00:00:00Z", "after": "1h" }),
    ] {
        let answer = rig.control().post("/control/keys", &order).await;
        seen.push(refusal(&answer));
    }
    insta::assert_snapshot!(seen.join("\n"), @r"
    400 do: Поле «do»: «rotate» здесь не бывает; бывает: publish, use, withdraw, replace
    400 algorithm: Нужен алгоритм нового ключа (algorithm) или номер прежнего (key)
    400 key: Нужен номер ключа: GET /control/keys
    404 -: Ключа № 9 в этом мире нет
    400 algorithm: У ключа с номером алгоритм уже есть
    400 algorithm: Нужен алгоритм нового ключа (RS256 или GOST3410_2012_256), и без номера
    400 algorithm: Нужен алгоритм нового ключа (RS256 или GOST3410_2012_256), и без номера
    400 algorithm: Поле «algorithm»: «ES256» здесь не бывает; бывает: RS256, GOST3410_2012_256
    400 overlap: Перекрытие бывает только у замены ключа: do: replace
    400 overlap: «an hour» — не срок
    400 overlap: Не дольше 3660 дней
    400 at: В этом мире это время уже прошло
    400 after: Нужно одно из двух: at или after
    ");
    assert_eq!(held(&rig).await, before);
}

fn refusal(answer: &Answer) -> String {
    let problem = answer.problem(answer.status.as_u16());
    format!("{} {}: {}", answer.status.as_u16(), problem["field"].as_str().unwrap_or("-"), text(&problem, "title"))
}

#[tokio::test]
async fn the_algorithm_of_a_running_client_is_switched() {
    let rig = Party::Esia.rig().await;
    let alg = |tokens: &Value| decode_header_alg(text(tokens, "access_token"));
    assert_eq!(alg(&Party::Esia.tokens(&rig).await.ok()), "RS256");
    let gost = json!({ "esia": { "token-algorithm": "GOST3410_2012_256" } });
    let answer = rig.control().patch("/control/clients/DIARY", &gost).await;
    assert_eq!(answer.ok()["mnemonic"], "DIARY");
    let tokens = Party::Esia.tokens(&rig).await.ok();
    assert_eq!(alg(&tokens), "GOST3410_2012_256");
    assert!(checked_by_file(&rig, Party::Gost, text(&tokens, "access_token")).await);
    for (path, body, status) in [
        ("/control/clients/DIARY", json!({ "mnemonic": "OTHER" }), 400),
        ("/control/clients/DIARY", json!({ "esia": { "token-algorithm": "HS256" } }), 400),
        ("/control/clients/DIARY", json!([]), 400),
        ("/control/clients/NOBODY", json!({}), 404),
    ] {
        let answer = rig.control().patch(path, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
    assert_eq!(alg(&Party::Esia.tokens(&rig).await.ok()), "GOST3410_2012_256", "nothing else has changed");
}

/// `alg` of a header that `jsonwebtoken` would not read: it knows no ГОСТ.
fn decode_header_alg(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["alg"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_version_is_closed_to_one_client_while_it_runs() {
    let rig = Party::Esia.rig().await;
    let rp = esia_rp::Rp::default();
    let code = rig.code(&rp, "анна").await;
    let closed = json!({ "esia": { "second-version-only": true } });
    assert_eq!(rig.control().patch("/control/clients/DIARY", &closed).await.status, 200);
    let refused = "failed protocol-version; ESIA-007005; version-closed; see ";
    let session = rig.session("анна").await;
    let asked = rig.person(&session).ac(&rp.ac()).await;
    assert_eq!(asked.ended(), "302 unauthorized_client ESIA-007005");
    assert!(asked.verdict_line().starts_with(refused), "{}", asked.verdict_line());
    let redeemed = rig.te(&rp.by_code(&code)).await;
    assert!(redeemed.verdict_line().starts_with(refused), "{}", redeemed.verdict_line());
    assert_eq!(Party::Gost.tokens(&rig).await.status, 200, "other systems go on");
    let second = rig.person(&session).v2_ac(&rp.v2_ac(&[])).await;
    assert!(!second.verdict_line().contains("protocol-version"), "{}", second.verdict_line());
}

#[tokio::test]
async fn the_console_replaces_a_key_and_withdraws_one_by_a_button() {
    let rig = Party::Oidc.rig().await;
    let session = rig.session("анна").await;
    let form = async |fields: &[(&'static str, &str)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        rig.person(&session).form("/control/console/keys", &fields).await.status.as_u16()
    };
    let fields = [("do", "replace"), ("key", ""), ("algorithm", "RS256"), ("after", " 8h "), ("overlap", "1h")];
    assert_eq!(form(&fields).await, 303);
    assert_eq!(form(&[("do", "withdraw"), ("key", "2")]).await, 303);
    let page = rig.control().page("/control/console/keys").await.body;
    let planned: Vec<_> =
        page.split("data-test=\"key-").skip(1).map(|key| key.matches("02.09.2024, ").count()).collect();
    assert_eq!(planned, [1, 0, 2], "{page}");
    let of_second = page.split("data-test=\"key-2\"").nth(1).and_then(|rest| rest.split("</li>").next()).unwrap();
    assert!(of_second.contains("не опубликован") && of_second.contains("value=\"publish\""), "{of_second}");
    for wrong in [
        [("do", "use"), ("key", "99"), ("algorithm", ""), ("after", "")],
        [("do", "replace"), ("key", ""), ("algorithm", "RS256"), ("after", "потом")],
        [("do", "replace"), ("key", ""), ("algorithm", "HS256"), ("after", "")],
    ] {
        assert!(matches!(form(&wrong).await, 400 | 404 | 422), "{wrong:?}");
    }
    assert_eq!(rig.control().get("/control/keys").await.ok().as_array().map(Vec::len), Some(3));
}
