//! The login page's JSON API, as programs use it.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Request, request::Builder},
};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    portal::accounts::totp_now,
    protocols::esia::testing::{Rp, escaped, rig, section, wide_section},
    testing::{Answer, Rig, newest, september, six_digits},
};

/// A program that signs in: it keeps cookies and follows nothing.
struct Bot {
    rig: Rig,
    jar: BTreeMap<String, String>,
}

impl Bot {
    async fn new() -> Self {
        Self { rig: rig().await, jar: BTreeMap::new() }
    }

    async fn of(section: Value) -> Self {
        Self { rig: Rig::new(section).await, jar: BTreeMap::new() }
    }

    async fn send(&mut self, request: Builder, body: Body) -> Answer {
        let cookies = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let answer = self.rig.send(request.header("cookie", cookies).body(body).unwrap()).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// A system sends the browser to `/ac`.
    async fn sent_by(&mut self, rp: &Rp) {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rp.ac()).finish();
        let answer = self.send(Request::get(format!("/aas/oauth2/ac?{query}")), Body::empty()).await;
        assert!(answer.location().starts_with("/login?next="), "{}", answer.location());
    }

    /// Posts JSON, or nothing at all.
    async fn post(&mut self, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::post(format!("/aas/oauth2/api/{path}"));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        self.send(request, body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).await
    }

    async fn login(&mut self, login: &str, password: &str) -> Answer {
        self.post("login", Some(json!({ "login": login, "password": password }))).await
    }

    /// Returns the content of a reply, with addresses up to the query.
    async fn says(&mut self, path: &str, body: Option<Value>) -> String {
        brief(&self.post(path, body).await)
    }
}

fn brief(answer: &Answer) -> String {
    let mut body = answer.json(answer.status.as_u16());
    if let Some(url) = body["redirect_url"].as_str() {
        body["redirect_url"] = json!(url.split("code=").next());
    }
    format!("{} {body}", answer.status.as_u16())
}

fn code_of(answer: &Answer) -> String {
    let body = answer.ok();
    let url = url::Url::parse(body["redirect_url"].as_str().unwrap()).unwrap();
    url.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

#[tokio::test]
async fn a_whole_login_is_played_against_the_first_version_of_the_protocol() {
    let (mut bot, rp) = (Bot::new().await, Rp::default());
    bot.sent_by(&rp).await;
    assert!(bot.jar.contains_key("ESIA_SESSION") && bot.jar.contains_key("bs"), "{:?}", bot.jar);
    let asked = bot.login("anna@family.test", "anna-secret").await;
    assert_eq!(asked.headers["content-type"], "application/json;charset=UTF-8");
    assert_eq!(asked.headers["cache-control"], "no-store");
    assert_snapshot!(brief(&asked), @r#"200 {"action":"GRANT_SCOPE_ACCESS","system":"Дневник","scopes":["Фамилия, имя и отчество","СНИЛС"]}"#);
    assert_eq!(bot.jar["oid"], bot.rig.oid("анна").await.to_string());
    assert_eq!(bot.jar["oid"], bot.jar["u"]);
    let done = bot.post("scope/allow", None).await;
    assert_snapshot!(brief(&done), @r#"200 {"action":"DONE","redirect_url":"http://127.0.0.1:9/callback?from=esia&"}"#);
    let tokens = bot.rig.te(&rp.by_code(&code_of(&done))).await;
    let person = format!("/rs/prns/{}", bot.jar["oid"]);
    let token = tokens.ok()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bot.rig.rs(&person, &token).await.ok()["firstName"], "Анна");
    bot.jar.clear();
    bot.sent_by(&Rp { state: "11111111-6a0e-4f0c-9a3e-2f6a1c1d7e11", ..rp }).await;
    assert_snapshot!(brief(&bot.login("anna@family.test", "anna-secret").await), @r#"200 {"action":"DONE","redirect_url":"http://127.0.0.1:9/callback?from=esia&"}"#);
}

#[tokio::test]
async fn refusing_goes_back_to_the_system_with_the_error() {
    let mut bot = Bot::new().await;
    bot.sent_by(&Rp::default()).await;
    bot.login("anna@family.test", "anna-secret").await;
    assert_snapshot!(bot.says("scope/deny", None).await, @r#"200 {"action":"DONE","redirect_url":"http://127.0.0.1:9/callback?from=esia&error=access_denied&error_description=ESIA-007004%3A+The+resource+owner+or+authorization+server+denied+the+request.&state=0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11"}"#);
    assert_snapshot!(bot.says("scope/allow", None).await, @r#"200 {"failed":"SESSION_EXPIRED"}"#);
}

#[tokio::test]
async fn without_a_system_one_goes_to_the_personal_account() {
    let mut bot = Bot::new().await;
    assert_snapshot!(brief(&bot.login("+7(000)0000001", "anna-secret").await), @r#"200 {"action":"DONE","redirect_url":"http://127.0.0.1:8001/lk"}"#);
    let page = bot.send(Request::get("/lk").header("accept", "text/html"), Body::empty()).await;
    assert_eq!(page.status, 200);
    assert_snapshot!(bot.says("login/next-step", None).await, @r#"200 {"action":"DONE","redirect_url":"http://127.0.0.1:8001/lk"}"#);
    assert_snapshot!(bot.says("scope/allow", None).await, @r#"200 {"failed":"SESSION_EXPIRED"}"#);
    let slash = bot.says("login/", Some(json!({ "login": "anna@family.test", "password": "anna-secret" }))).await;
    assert!(slash.contains("DONE"), "{slash}");
    assert_eq!(bot.send(Request::get("/aas/oauth2/config"), Body::empty()).await.status, 200);
}

#[tokio::test]
async fn a_wrong_login_is_told_without_saying_whose_account_is_here() {
    let mut bot = Bot::new().await;
    for (login, password, expected) in [
        ("", "", r#"200 {"failed":"INVALID_LOGIN"}"#),
        ("анна", "anna-secret", r#"200 {"failed":"INVALID_LOGIN"}"#),
        ("anna@family.test", "wrong", r#"200 {"failed":"INVALID_PASSWORD"}"#),
        ("nobody@family.test", "wrong", r#"200 {"failed":"INVALID_PASSWORD"}"#),
        ("001-000-001 00", "", r#"200 {"failed":"INVALID_PASSWORD"}"#),
    ] {
        assert_eq!(brief(&bot.login(login, password).await), expected, "{login}");
    }
    assert!(!bot.jar.contains_key("idp_session_main") && !bot.jar.contains_key("oid"), "{:?}", bot.jar);
    for _ in 0..8 {
        bot.login("anna@family.test", "wrong").await;
    }
    assert_eq!(brief(&bot.login("anna@family.test", "anna-secret").await), r#"200 {"failed":"ACCOUNT_LOCKED"}"#);
}

#[tokio::test]
async fn a_code_from_an_sms_is_asked_for_and_counted() {
    let mut bot = Bot::new().await;
    let anna = bot.rig.session("анна").await;
    let sms = json!({ "factor": "sms", "current": "anna-secret" });
    let set = bot.rig.person(&anna).put("/lk/api/security/factor", &sms).await;
    assert!(set.status.is_success(), "{}", set.body);
    bot.sent_by(&Rp::default()).await;
    assert_snapshot!(brief(&bot.login("anna@family.test", "anna-secret").await), @r#"200 {"action":"ENTER_MFA","mfa_details":{"type":"SMS","otp_details":{"phone":"+7 *** *** 0001","code_length":6,"verify_timeout_secs":600,"verify_attempts_left":5}}}"#);
    assert!(!bot.jar.contains_key("idp_session_main"), "no session before the code");
    assert_snapshot!(bot.says("login/next-step", None).await, @r#"200 {"action":"ENTER_MFA","mfa_details":{"type":"SMS","otp_details":{"phone":"+7 *** *** 0001","code_length":6,"verify_timeout_secs":600,"verify_attempts_left":5}}}"#);
    assert_snapshot!(bot.says("login/otp/verify?code=12", None).await, @r#"200 {"failed":"INVALID_OTP","mfa_details":{"type":"SMS","otp_details":{"phone":"+7 *** *** 0001","code_length":6,"verify_timeout_secs":600,"verify_attempts_left":5}}}"#);
    assert_snapshot!(bot.says("login/otp/verify?code=000000", None).await, @r#"200 {"failed":"INVALID_OTP","mfa_details":{"type":"SMS","otp_details":{"phone":"+7 *** *** 0001","code_length":6,"verify_timeout_secs":600,"verify_attempts_left":4}}}"#);
    let outbox = bot.rig.control().get("/control/outbox?to=%2B7(000)0000001").await.ok();
    let text = outbox[0]["text"].as_str().unwrap();
    let digits: String = text.chars().skip_while(|sign| !sign.is_ascii_digit()).collect();
    let code = digits.get(..6).unwrap_or_else(|| panic!("{text}"));
    let asked = bot.says(&format!("login/otp/verify?code={}", escaped(code)), None).await;
    assert!(asked.contains("GRANT_SCOPE_ACCESS"), "{asked}");
    assert!(!bot.jar.contains_key("JSESSIONID"), "the sign-in is over: {:?}", bot.jar);
    assert!(bot.says("scope/allow", None).await.contains("DONE"));
    assert_eq!(bot.says("login/otp/verify?code=000000", None).await, r#"200 {"failed":"SESSION_EXPIRED"}"#);
}

#[tokio::test]
async fn another_sms_may_be_asked_for_and_the_earlier_code_works_no_longer() {
    let mut bot = Bot::new().await;
    let anna = bot.rig.session("анна").await;
    let sms = json!({ "factor": "sms", "current": "anna-secret" });
    bot.rig.person(&anna).put("/lk/api/security/factor", &sms).await;
    bot.login("anna@family.test", "anna-secret").await;
    let first = six_digits(&newest(&bot.rig, "+7(000)0000001").await);
    assert!(bot.says("login/otp/resend", None).await.contains("ENTER_MFA"));
    let second = six_digits(&newest(&bot.rig, "+7(000)0000001").await);
    assert_ne!(first, second);
    assert!(bot.says(&format!("login/otp/verify?code={first}"), None).await.contains("INVALID_OTP"));
    for _ in 0..3 {
        assert!(bot.says("login/otp/resend", None).await.contains("ENTER_MFA"));
    }
    assert_eq!(bot.post("login/otp/resend", None).await.outcome(), "409 no-more-codes");
    let last = six_digits(&newest(&bot.rig, "+7(000)0000001").await);
    for _ in 0..5 {
        bot.says(&format!("login/otp/verify?code={}", if last == "000000" { "000001" } else { "000000" }), None).await;
    }
    let lapsed = bot.says(&format!("login/otp/verify?code={last}"), None).await;
    assert_eq!(lapsed, r#"200 {"failed":"OTP_EXPIRED"}"#, "the right code after too many wrong ones");
    assert!(!bot.jar.contains_key("idp_session_main"), "{:?}", bot.jar);
}

#[tokio::test]
async fn wrong_codes_lock_the_account_as_wrong_passwords_do() {
    let mut bot = Bot::new().await;
    let anna = bot.rig.session("анна").await;
    let sms = json!({ "factor": "sms", "current": "anna-secret" });
    bot.rig.person(&anna).put("/lk/api/security/factor", &sms).await;
    for _ in 0..2 {
        bot.login("anna@family.test", "anna-secret").await;
        let right = six_digits(&newest(&bot.rig, "+7(000)0000001").await);
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            bot.says(&format!("login/otp/verify?code={wrong}"), None).await;
        }
    }
    assert_eq!(bot.says("login/otp/resend", None).await, r#"200 {"failed":"ACCOUNT_LOCKED"}"#);
    assert_eq!(bot.says("login/otp/verify?code=000000", None).await, r#"200 {"failed":"ACCOUNT_LOCKED"}"#);
    let password = brief(&bot.login("anna@family.test", "anna-secret").await);
    assert_eq!(password, r#"200 {"failed":"ACCOUNT_LOCKED"}"#);
}

#[tokio::test]
async fn a_one_time_password_is_replaced_before_there_is_a_session() {
    let mut bot = Bot::of(section()).await;
    let restored = bot.rig.control().post("/control/people/anna@family.test/restore", &json!({})).await.ok();
    let once = restored["password"].as_str().unwrap().to_owned();
    bot.sent_by(&Rp::default()).await;
    assert_eq!(brief(&bot.login("anna@family.test", &once).await), r#"200 {"action":"CHANGE_PASSWORD"}"#);
    assert!(!bot.jar.contains_key("idp_session_main"), "{:?}", bot.jar);
    let skipped = bot.says("login/change-password/skip", None).await;
    assert_eq!(skipped, r#"200 {"action":"CHANGE_PASSWORD"}"#, "a one-time password cannot be kept");
    assert_eq!(bot.says("scope/allow", None).await, r#"200 {"failed":"SESSION_EXPIRED"}"#);
    let mut replace = async |password: &str, repeated: &str| {
        bot.post("login/change-password", Some(json!({ "password": password, "repeated": repeated }))).await
    };
    assert_eq!(replace("short", "short").await.outcome(), "400 bad-field password");
    assert_eq!(replace("long-enough", "another").await.outcome(), "400 bad-field password");
    assert_eq!(replace(&once, &once).await.outcome(), "400 same-password password");
    assert!(brief(&replace("anna-new-secret", "anna-new-secret").await).contains("GRANT_SCOPE_ACCESS"));
    assert!(bot.says("scope/allow", None).await.contains("DONE"));
}

#[tokio::test]
async fn a_whole_login_is_played_against_the_second_and_third_versions() {
    let (mut bot, rp) = (Bot::of(wide_section()).await, Rp::gost());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rp.v2_ac(&[])).finish();
    bot.send(Request::get(format!("/aas/oauth2/v2/ac?{query}")), Body::empty()).await;
    bot.login("anna@family.test", "anna-secret").await;
    let done = bot.post("scope/allow", None).await;
    let tokens = bot.rig.v3_te(&rp.v3_by_code(&code_of(&done))).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
}

#[tokio::test]
async fn who_may_not_enter_is_refused_as_on_the_pages() {
    let mut bot = Bot::of(wide_section()).await;
    let rp = Rp { client_id: "BARE", scope: "openid fullname", ..Rp::default() };
    bot.sent_by(&rp).await;
    let refused = brief(&bot.login("olga@family.test", "olga-secret").await);
    assert!(refused.contains(r#""action":"DONE""#) && refused.contains("ESIA-007055"), "{refused}");
}

#[tokio::test]
async fn a_code_of_an_application_is_asked_for() {
    let mut bot = Bot::new().await;
    let anna = bot.rig.session("анна").await;
    let totp = json!({ "factor": "totp", "current": "anna-secret" });
    bot.rig.person(&anna).put("/lk/api/security/factor", &totp).await;
    let offered = bot.rig.person(&anna).get("/lk/api/security").await.ok();
    let secret = offered["offer"]["secret"].as_str().unwrap().to_owned();
    let (code, _) = totp_now(&secret, september()).unwrap();
    let on = bot.rig.person(&anna).post("/lk/api/security/totp", &json!({ "code": code })).await;
    assert!(on.status.is_success(), "{}", on.body);
    bot.rig.wall.set(september() + chrono::TimeDelta::minutes(1));
    assert_snapshot!(brief(&bot.login("anna@family.test", "anna-secret").await), @r#"200 {"action":"ENTER_MFA","mfa_details":{"type":"TTP","otp_details":{"code_length":6,"verify_timeout_secs":1800,"verify_attempts_left":10}}}"#);
    let (code, _) = totp_now(&secret, september() + chrono::TimeDelta::minutes(1)).unwrap();
    assert!(bot.says(&format!("login/totp/verify?code={code}"), None).await.contains("DONE"));
}

/// The family's world, in which Анна works for a school.
fn employed() -> Value {
    let mut section = section();
    section["people"]["анна"]["account"]["roles"] =
        json!([{ "oid": 1_000_000_111, "organisation": "Школа № 43", "type": "LEGAL" }]);
    section
}

#[tokio::test]
async fn who_may_act_for_an_organisation_chooses_first() {
    let mut bot = Bot::of(employed()).await;
    bot.sent_by(&Rp::default()).await;
    assert_snapshot!(brief(&bot.login("anna@family.test", "anna-secret").await), @r#"200 {"action":"SELECT_ROLE","roles":[{"oid":null,"name":"Петрова Анна Сергеевна","type":"PRIVATE"},{"oid":1000000111,"name":"Школа № 43","type":"LEGAL"}]}"#);
    let still = bot.says("scope/allow", None).await;
    assert!(still.contains("SELECT_ROLE"), "{still}");
    assert_eq!(
        bot.post("login/role", Some(json!({ "organisation": 5 }))).await.outcome(),
        "400 bad-request organisation"
    );
    let chosen = bot.says("login/role", Some(json!({ "organisation": 1_000_000_111 }))).await;
    assert!(chosen.contains("GRANT_SCOPE_ACCESS"), "{chosen}");
    let mut private = Bot::of(employed()).await;
    private.sent_by(&Rp::default()).await;
    private.login("anna@family.test", "anna-secret").await;
    assert!(private.says("login/next-step", None).await.contains("GRANT_SCOPE_ACCESS"));
}

#[tokio::test]
async fn a_minor_is_not_asked_and_gets_openid_alone() {
    let (mut bot, rp) = (Bot::new().await, Rp::default());
    bot.sent_by(&rp).await;
    let done = bot.login("gleb@family.test", "gleb-secret").await;
    assert!(brief(&done).contains("DONE"), "{}", brief(&done));
    let tokens = bot.rig.te(&rp.by_code(&code_of(&done))).await.ok();
    let token = tokens["access_token"].as_str().unwrap();
    let person = format!("/rs/prns/{}", bot.jar["oid"]);
    assert!(bot.rig.rs(&person, token).await.ok().get("firstName").is_none());
}

#[tokio::test]
async fn pages_of_other_sites_cannot_sign_anybody_in() {
    let mut bot = Bot::new().await;
    bot.sent_by(&Rp::default()).await;
    let body = || Body::from(json!({ "login": "anna@family.test", "password": "anna-secret" }).to_string());
    let login = || Request::post("/aas/oauth2/api/login");
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let answer = bot.send(login().header("content-type", kind), body()).await;
        assert_eq!(answer.outcome(), "415 content-type Content-Type", "{kind}");
    }
    assert_eq!(bot.send(login(), body()).await.outcome(), "415 content-type Content-Type");
    let json = || login().header("content-type", "application/json");
    for site in ["cross-site", "same-site"] {
        let answer = bot.send(json().header("sec-fetch-site", site), body()).await;
        assert_eq!(answer.outcome(), "403 foreign-page Sec-Fetch-Site");
    }
    for origin in ["http://evil.example", "http://127.0.0.1:9", "https://127.0.0.1:8001", "null"] {
        let answer = bot.send(json().header("origin", origin), body()).await;
        assert_eq!(answer.outcome(), "403 foreign-page Origin", "{origin}");
    }
    assert!(!bot.jar.contains_key("idp_session_main"), "{:?}", bot.jar);
    assert_eq!(bot.send(json(), Body::from("{")).await.status, 400);
    let own = bot.send(json().header("origin", "http://127.0.0.1:8001"), body()).await;
    assert!(brief(&own).contains("GRANT"), "{}", own.body);
    assert!(brief(&bot.send(json().header("sec-fetch-site", "same-origin"), body()).await).contains("GRANT"));
    let allow =
        Request::post("/aas/oauth2/api/scope/allow").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(bot.send(allow, Body::from("a=b")).await.outcome(), "415 content-type Content-Type");
    let allow = Request::post("/aas/oauth2/api/scope/allow").header("sec-fetch-site", "cross-site");
    assert_eq!(bot.send(allow, Body::empty()).await.outcome(), "403 foreign-page Sec-Fetch-Site");
    let cookies = bot
        .rig
        .send(Request::post("/aas/oauth2/api/login").header("content-type", "application/json").body(body()).unwrap())
        .await;
    for cookie in cookies.headers.get_all("set-cookie") {
        assert!(cookie.to_str().unwrap().contains("SameSite=Lax"), "{cookie:?}");
    }
}

#[tokio::test]
async fn nobody_goes_on_without_a_sign_in() {
    let mut bot = Bot::new().await;
    for path in [
        "login/next-step",
        "login/otp/verify?code=1",
        "login/totp/verify",
        "scope/allow",
        "scope/deny",
        "login/quiz-max/skip",
    ] {
        assert_eq!(bot.says(path, None).await, r#"200 {"failed":"SESSION_EXPIRED"}"#, "{path}");
    }
    bot.jar.insert("ESIA_SESSION".to_owned(), "made-up".to_owned());
    bot.jar.insert("JSESSIONID".to_owned(), "made-up".to_owned());
    assert_eq!(bot.says("login/otp/verify?code=000000", None).await, r#"200 {"failed":"SESSION_EXPIRED"}"#);
    assert!(brief(&bot.login("anna@family.test", "anna-secret").await).contains("/lk"));
}

#[tokio::test]
async fn the_pages_have_the_ids_that_bots_look_for() {
    let mut bot = Bot::new().await;
    let page = bot.rig.anyone().page("/login").await.body;
    for mark in [r#"id="login""#, r#"id="password""#, r#"class="plain-button_wide""#] {
        assert!(page.contains(mark), "{mark}");
    }
    let anna = bot.rig.session("анна").await;
    let page = bot.rig.arrive(&Rp::default(), &anna).await.body;
    assert!(page.contains(r#"id="grantAuthorization""#), "{page}");
    bot.jar.clear();
}
