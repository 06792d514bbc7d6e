//! `esia-stand conformance`: clients that are wrong in one thing fail by the name of that thing; a right one passes; a client
//! that cannot be judged is told apart from both.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};
use tests::{Ended, Program, Server};

/// What a site does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Nothing,
    /// It believes what nobody has signed.
    BelievesAlgNone,
    /// It shows a page of an error where it should refuse.
    AnswersWithError,
    /// It answers nothing but errors.
    AlwaysBroken,
    /// It is gone after so many sign-ins.
    GoneAfter(usize),
}

/// A site that signs people in through OpenID Connect.
#[derive(Clone)]
struct Site {
    idp: String,
    own: String,
    flaw: Flaw,
    begun: Arc<AtomicUsize>,
    stop: Arc<tokio::sync::Notify>,
}

const SECRET: &str = "secret-of-the-site";

impl Site {
    /// Starts it, registered at the provider; its base URL.
    async fn start(idp: &Server, flaw: Flaw) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let own = format!("http://{}", listener.local_addr().expect("its address"));
        let registration = json!({ "mnemonic": "SITE", "title": "Сайт", "organisation": "Мы", "redirect-domains": ["127.0.0.1"], "scopes": ["openid"],
            "oidc": { "redirect-uris": [format!("{own}/callback")], "secret": SECRET } });
        let request = idp.request(reqwest::Method::PUT, "/control/clients/SITE").json(&registration);
        let answer = idp.send(request).await;
        assert!(answer.status < 300, "{}", answer.text);
        let stop = Arc::new(tokio::sync::Notify::new());
        let site =
            Self { idp: idp.url.clone(), own: own.clone(), flaw, begun: Arc::default(), stop: Arc::clone(&stop) };
        let router = Router::new()
            .route("/login", get(login))
            .route("/callback", get(callback))
            .route("/me", get(me))
            .route("/logout", get(logout))
            .with_state(site);
        tokio::spawn(async move {
            tokio::select! { _ = axum::serve(listener, router) => {}, () = stop.notified() => {} }
        });
        own
    }

    /// Who has signed in, by the id token alone.
    async fn believed(&self, code: &str, nonce: &str) -> Result<String, String> {
        let client = tests::client();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", "SITE"),
            ("client_secret", SECRET),
            ("redirect_uri", &format!("{}/callback", self.own)),
        ];
        let answer =
            client.post(format!("{}/oidc/token", self.idp)).form(&form).send().await.map_err(|e| e.to_string())?;
        let tokens: Value = answer.json().await.map_err(|error| error.to_string())?;
        let token = tokens["id_token"].as_str().ok_or("no id token")?;
        if self.flaw == Flaw::BelievesAlgNone && unsigned(token).is_some() {
            return unsigned(token)
                .and_then(|claims| claims["sub"].as_str().map(str::to_owned))
                .ok_or("no sub".to_owned());
        }
        let keys = client.get(format!("{}/oidc/jwks", self.idp)).send().await.map_err(|e| e.to_string())?;
        let keys: JwkSet = keys.json().await.map_err(|error| error.to_string())?;
        let head = decode_header(token).map_err(|error| error.to_string())?;
        let key = keys.find(head.kid.as_deref().unwrap_or_default()).ok_or("no such key")?;
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_audience(&["SITE"]);
        rules.set_issuer(&[&self.idp]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_nbf = true;
        let key = DecodingKey::from_jwk(key).map_err(|error| error.to_string())?;
        let claims = decode::<Value>(token, &key, &rules).map_err(|error| error.to_string())?.claims;
        if claims["nonce"] != nonce {
            return Err("nonce".to_owned());
        }
        claims["sub"].as_str().map(str::to_owned).ok_or_else(|| "no sub".to_owned())
    }
}

/// The claims of a token that says of itself that nobody has signed it.
fn unsigned(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let mut part = || serde_json::from_slice::<Value>(&of_base64url(parts.next()?)).ok();
    let (head, claims) = (part()?, part()?);
    head["alg"].as_str().is_some_and(|alg| alg.eq_ignore_ascii_case("none")).then_some(claims)
}

fn of_base64url(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits = text.chars().filter_map(|letter| LETTERS.find(letter));
    let (mut bytes, mut value, mut width) = (Vec::new(), 0_usize, 0_u32);
    for six in bits {
        value = (value << 6 | six) & 0xffff;
        width += 6;
        if width >= 8 {
            width -= 8;
            bytes.push(u8::try_from(value >> width & 0xff).expect("a byte"));
        }
    }
    bytes
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get(header::COOKIE)?.to_str().ok()?;
    all.split("; ").find_map(|one| one.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

fn page(status: StatusCode, text: &str) -> Response {
    (status, Html(format!("<title>Сайт</title><main>{text} <a href='/login'>Войти</a></main>"))).into_response()
}

async fn login(State(site): State<Site>) -> Response {
    let begun = site.begun.fetch_add(1, Ordering::SeqCst);
    match site.flaw {
        Flaw::AlwaysBroken => return page(StatusCode::INTERNAL_SERVER_ERROR, "Ошибка"),
        Flaw::GoneAfter(most) if begun >= most => site.stop.notify_one(),
        _ => {}
    }
    let away = format!(
        "{}/oidc/authorize?response_type=code&client_id=SITE&scope=openid&state=s{begun}&nonce=n{begun}&redirect_uri={}/callback",
        site.idp, site.own
    );
    ([(header::SET_COOKIE, format!("begun={begun}; Path=/; HttpOnly"))], Redirect::to(&away)).into_response()
}

async fn callback(
    State(site): State<Site>,
    headers: HeaderMap,
    Query(answer): Query<HashMap<String, String>>,
) -> Response {
    let begun = cookie(&headers, "begun").unwrap_or_default();
    let code = answer.get("code").filter(|_| answer.get("state").is_some_and(|state| *state == format!("s{begun}")));
    let believed = match code {
        Some(code) => site.believed(code, &format!("n{begun}")).await,
        None => Err("no code".to_owned()),
    };
    match believed {
        Ok(who) => {
            ([(header::SET_COOKIE, format!("who={who}; Path=/; HttpOnly"))], Redirect::to("/me")).into_response()
        }
        Err(_) if site.flaw == Flaw::AnswersWithError => page(StatusCode::INTERNAL_SERVER_ERROR, "Вход не удался"),
        Err(_) => page(StatusCode::FORBIDDEN, "Вход не удался"),
    }
}

async fn me(headers: HeaderMap) -> Response {
    match cookie(&headers, "who").filter(|who| !who.is_empty()) {
        Some(who) => page(StatusCode::OK, &format!("<p id='who'>{who}</p>")),
        None => page(StatusCode::OK, "Никто не вошёл"),
    }
}

async fn logout() -> Response {
    ([(header::SET_COOKIE, "who=; Path=/; Max-Age=0")], Redirect::to("/me")).into_response()
}

/// The faults that are played: each of another kind.
const FAULTS: &str = "hdr.alg-none,hdr.alg-none-mixed-case,sig.bit-flipped,sig.stranger,claim.aud-other,claim.iss-other,claim.exp-past,\
                      claim.nonce-other,claim.aud-array-own";

/// A description of the site, some of its lines written otherwise, and what is said of it.
struct Judging(tempfile::TempDir);

impl Judging {
    fn of(own: &str, idp: &str, other: &[(&str, &str)]) -> Self {
        let judging = Self(tempfile::tempdir().expect("folder"));
        let mut text = format!(
            "title: Сайт\nbase: {own}\nprovider: {idp}\nprotocol: oidc\nperson: анна\nsign-in: {{open: /login}}\n\
             signed-in: {{open: /me, css: '#who'}}\nrefused: {{text: Вход не удался}}\nsign-out: {{open: /logout}}\n"
        );
        for (line, instead) in other {
            assert!(text.contains(line), "{line}");
            text = text.replace(line, instead);
        }
        fs::write(judging.at("client.yaml"), text).expect("description");
        judging
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    async fn run(&self, more: &[&str]) -> Ended {
        let [client, json, junit, html] = ["client.yaml", "r.json", "r.xml", "r.html"].map(|name| self.at(name));
        let reports = ["conformance", &client, "--json", &json, "--junit", &junit, "--html", &html];
        Program::run(&[&reports, more].concat()).await
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).expect("a report")
    }

    /// Names of the faults with this verdict.
    fn with(&self, verdict: &str) -> BTreeSet<String> {
        let report: Value = serde_json::from_str(&self.read("r.json")).expect("JSON");
        let faults = report["faults"].as_array().expect("faults").iter().filter(|one| one["verdict"] == verdict);
        faults.filter_map(|one| one["fault"].as_str().map(str::to_owned)).collect()
    }
}

fn names(list: &str) -> BTreeSet<String> {
    list.split(',').map(str::to_owned).collect()
}

#[tokio::test]
async fn a_right_client_passes_and_the_reports_say_so() {
    let idp = Server::idp().await;
    let own = Site::start(&idp, Flaw::Nothing).await;
    let judging = Judging::of(&own, &idp.url, &[]);
    let ended = judging.run(&["--only", FAULTS]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert_eq!(judging.with("passed"), names(FAULTS), "{}", ended.out);
    assert!(ended.out.contains("Ошибок в каталоге: 9; пройдено 9, не пройдено 0\n"), "{}", ended.out);
    let junit = judging.read("r.xml");
    assert!(junit.contains(r#"<testcase name="sig.stranger" classname="conformance.oidc.sig""#), "{junit}");
    assert_eq!((junit.matches("<failure").count(), junit.matches("<error").count()), (0, 0));
    let html = judging.read("r.html");
    assert!(html.contains("Сайт") && html.contains("hdr.alg-none"), "{html}");
    for outside in ["<script", "<link", "src=", "@import", "url("] {
        assert!(!html.contains(outside), "the page needs {outside}");
    }
    let left = idp.get("/control/faults").await.json();
    assert_eq!(left, json!([]), "no fault is left behind");
}

#[tokio::test]
async fn a_client_that_is_wrong_in_one_thing_fails_by_its_name_alone() {
    let idp = Server::idp().await;
    let own = Site::start(&idp, Flaw::BelievesAlgNone).await;
    let judging = Judging::of(&own, &idp.url, &[]);
    let ended = judging.run(&["--only", FAULTS]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    assert_eq!(judging.with("failed"), names("hdr.alg-none,hdr.alg-none-mixed-case"), "{}", ended.out);
    assert!(ended.out.contains("впустил, а должен отказать"), "{}", ended.out);
    assert_eq!(judging.read("r.xml").matches("<failure").count(), 2);
    // What is known already need not stop a pipeline.
    let ended = judging.run(&["--only", FAULTS, "--fail-on", "sig,claim"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    let own = Site::start(&idp, Flaw::AnswersWithError).await;
    let judging = Judging::of(&own, &idp.url, &[]);
    let ended = judging.run(&["--only", "sig.stranger,claim.aud-array-own"]).await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(judging.with("failed"), names("sig.stranger"));
    assert!(ended.out.contains("страница с ответом 500"), "{}", ended.out);
}

#[tokio::test]
async fn a_client_that_cannot_be_judged_is_told_why() {
    let idp = Server::idp().await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let silent = format!("http://{}", nobody.local_addr().expect("its address"));
    drop(nobody);
    let broken = Site::start(&idp, Flaw::AlwaysBroken).await;
    let own = Site::start(&idp, Flaw::Nothing).await;
    for (base, other, told) in [
        (&silent, &[][..], "клиент не отвечает: "),
        (&broken, &[], "клиент отвечает 500 уже там, где вход начинается"),
        (&own, &[("open: /login", "open: /me")], "вход не ведёт на Госуслуги: проверьте sign-in"),
        (&own, &[("css: '#who'", "css: body")], "signed-in видно и тогда, когда никто не вошёл"),
        (&own, &[("css: '#who'", "css: '#name'")], "после входа без ошибок signed-in не видно"),
        (&own, &[("open: /logout", "open: /me")], "после выхода signed-in всё ещё видно"),
        (&own, &[("person: анна", "person: никто")], "Госуслуги отказывают"),
    ] {
        let judging = Judging::of(base, &idp.url, other);
        let ended = judging.run(&["--only", "sig.stranger"]).await;
        assert_eq!(ended.code, Some(3), "{other:?}: {}", ended.out);
        assert!(ended.err.contains(told), "{told}: {}", ended.err);
        assert_eq!(judging.with("not-judged"), names("sig.stranger"));
        assert_eq!(judging.read("r.xml").matches("<error").count(), 1);
    }
    let wrong = Program::run(&["conformance", "--list", "--only", "sig.strangr"]).await;
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("может быть: sig.stranger"), "{}", wrong.err);
}

#[tokio::test]
async fn a_client_that_dies_in_between_leaves_what_was_judged() {
    let idp = Server::idp().await;
    let own = Site::start(&idp, Flaw::GoneAfter(9)).await;
    let judging = Judging::of(&own, &idp.url, &[]);
    let ended = judging.run(&["--only", FAULTS]).await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(!judging.with("passed").is_empty(), "{}", ended.out);
    assert!(!judging.with("not-judged").is_empty(), "{}", ended.out);
    assert_eq!(judging.with("failed"), BTreeSet::new(), "gone is not wrong: {}", ended.out);
}

#[tokio::test]
async fn our_own_diary_is_judged_in_both_protocols_and_believes_no_wrong_signature() {
    let folder = tempfile::tempdir().expect("folder");
    let json = folder.path().join("r.json");
    let ended =
        Program::run(&["conformance", "--diary", "--only", "sig", "--json", json.to_str().expect("its name")]).await;
    assert!(matches!(ended.code, Some(0 | 1)), "{}\n{}", ended.out, ended.err);
    let report: Value = serde_json::from_str(&fs::read_to_string(json).expect("report")).expect("JSON");
    let faults = report["faults"].as_array().expect("faults");
    for protocol in ["esia", "oidc"] {
        let judged = faults.iter().filter(|one| one["protocol"] == protocol && one["verdict"] != "not-applicable");
        assert!(judged.count() >= 4, "{}", ended.out);
    }
    assert_eq!(report["counts"]["not-judged"], 0, "{}", ended.out);
    assert!(!ended.out.contains("впустил, а должен"), "{}", ended.out);
}

#[tokio::test]
async fn a_fault_that_is_not_the_providers_to_make_stops_no_other() {
    let idp = Server::idp().await;
    let own = Site::start(&idp, Flaw::Nothing).await;
    let judging = Judging::of(&own, &idp.url, &[]);
    let ended = judging.run(&["--only", "sig.stranger,ac.callback-twice"]).await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert_eq!(judging.with("passed"), names("sig.stranger"), "{}", ended.out);
    assert_eq!(judging.with("not-judged"), names("ac.callback-twice"), "{}", ended.out);
}
