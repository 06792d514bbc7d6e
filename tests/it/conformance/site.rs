//! A site that signs people in through OpenID Connect, rightly or wrong in one thing.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};
use tests::Server;

/// What a site does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    Nothing,
    /// It believes what nobody has signed.
    BelievesAlgNone,
    /// It takes an answer to a request that this browser has not made.
    IgnoresState,
    /// It goes wherever an answer sends it.
    FollowsForeign,
    /// It renews its tokens and does not look whose they are.
    BelievesRenewed,
    /// It shows a page of an error where it should refuse.
    AnswersWithError,
    /// It fetches the keys once.
    KeepsKeys,
    /// It answers nothing but errors.
    AlwaysBroken,
    /// It is gone after so many sign-ins.
    GoneAfter(usize),
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
struct Session {
    who: String,
    refresh: Option<String>,
    ends_at: Instant,
}

#[derive(Clone)]
pub(crate) struct Site {
    idp: String,
    pub(crate) own: String,
    flaw: Flaw,
    begun: Arc<AtomicUsize>,
    pub(crate) restarts: Arc<AtomicUsize>,
    sessions: Arc<Mutex<HashMap<String, Session>>>,
    keys: Arc<Mutex<Option<JwkSet>>>,
    stop: Arc<tokio::sync::Notify>,
}

pub(crate) const SECRET: &str = "secret-of-the-site";

impl Site {
    /// Starts it, registered at the provider.
    pub(crate) async fn start(idp: &Server, flaw: Flaw) -> Self {
        let site = Self::unregistered(idp, flaw).await;
        let registration = json!({ "mnemonic": "SITE", "title": "Сайт", "organisation": "Мы", "redirect-domains": ["127.0.0.1"], "scopes": ["openid"],
            "oidc": { "redirect-uris": [format!("{}/callback", site.own)], "secret": SECRET } });
        let request = idp.request(reqwest::Method::PUT, "/control/clients/SITE").json(&registration);
        let answer = idp.send(request).await;
        assert!(answer.status.is_success(), "{}", answer.body);
        site
    }

    /// Starts it; where it is registered is another's affair. Under `/w/…` it is a client of the world of that name.
    pub(crate) async fn unregistered(idp: &Server, flaw: Flaw) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let own = format!("http://{}", listener.local_addr().expect("its address"));
        let site = Self {
            idp: idp.url.clone(),
            own,
            flaw,
            begun: Arc::default(),
            restarts: Arc::default(),
            sessions: Arc::default(),
            keys: Arc::default(),
            stop: Arc::default(),
        };
        let router = ["", "/w/{world}"].into_iter().fold(Router::new(), |router, prefix| {
            router
                .route(&format!("{prefix}/login"), get(login))
                .route(&format!("{prefix}/callback"), get(callback))
                .route(&format!("{prefix}/me"), get(me))
                .route(&format!("{prefix}/logout"), get(logout))
        });
        let router = router.route("/restart", get(restart)).with_state(site.clone());
        let stop = Arc::clone(&site.stop);
        tokio::spawn(async move {
            tokio::select! { _ = axum::serve(listener, router) => {}, () = stop.notified() => {} }
        });
        site
    }

    fn http(&self) -> reqwest::Client {
        if self.flaw == Flaw::FollowsForeign {
            return reqwest::Client::builder().no_proxy().build().expect("HTTP client");
        }
        tests::client()
    }

    /// The path of the world that an address names.
    fn prefix(uri: &Uri) -> String {
        let world = uri.path().strip_prefix("/w/").and_then(|rest| rest.split('/').next());
        world.map_or_else(String::new, |world| format!("/w/{world}"))
    }

    async fn tokens(&self, prefix: &str, grant: &[(&str, &str)]) -> Result<Value, String> {
        let own = [("client_id", "SITE"), ("client_secret", SECRET)];
        let form: Vec<_> = own.iter().chain(grant).collect();
        let answer = self.http().post(format!("{}{prefix}/oidc/token", self.idp)).form(&form).send().await;
        answer.map_err(|error| error.to_string())?.json().await.map_err(|error| error.to_string())
    }

    async fn fetched(&self, url: &str) -> Result<JwkSet, String> {
        let answer = self.http().get(url).send().await.map_err(|error| error.to_string())?;
        answer.json().await.map_err(|error| error.to_string())
    }

    async fn keys(&self, prefix: &str) -> Result<JwkSet, String> {
        let kept = self.keys.lock().expect("keys").clone();
        if let Some(kept) = kept.filter(|_| self.flaw == Flaw::KeepsKeys) {
            return Ok(kept);
        }
        let keys = self.fetched(&format!("{}{prefix}/oidc/jwks", self.idp)).await?;
        *self.keys.lock().expect("keys") = Some(keys.clone());
        Ok(keys)
    }

    /// The claims of an id token.
    async fn believed(&self, prefix: &str, token: &str) -> Result<Value, String> {
        if self.flaw == Flaw::BelievesAlgNone
            && let Some(claims) = unsigned(token)
        {
            return Ok(claims);
        }
        let head = decode_header(token).map_err(|error| error.to_string())?;
        let keys = match &head.jku {
            Some(foreign) if self.flaw == Flaw::FollowsForeign => self.fetched(foreign).await?,
            _ => self.keys(prefix).await?,
        };
        let key = keys.find(head.kid.as_deref().unwrap_or_default()).ok_or("no such key")?;
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_audience(&["SITE"]);
        rules.set_issuer(&[format!("{}{prefix}", self.idp)]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_nbf = true;
        let key = DecodingKey::from_jwk(key).map_err(|error| error.to_string())?;
        decode::<Value>(token, &key, &rules).map(|read| read.claims).map_err(|error| error.to_string())
    }

    /// Who has signed in with a code, by the id token alone.
    async fn signed_in(&self, prefix: &str, code: &str, nonce: &str) -> Result<Session, String> {
        let back = format!("{}{prefix}/callback", self.own);
        let grant = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &back)];
        let tokens = self.tokens(prefix, &grant).await?;
        let claims = self.believed(prefix, tokens["id_token"].as_str().ok_or("no id token")?).await?;
        if claims["nonce"] != nonce {
            return Err("nonce".to_owned());
        }
        Ok(session(claims["sub"].as_str().ok_or("no sub")?, &tokens))
    }

    /// The same session with other tokens.
    async fn renewed(&self, prefix: &str, known: &Session) -> Result<Session, String> {
        let refresh = known.refresh.as_deref().ok_or("nothing to renew with")?;
        let tokens = self.tokens(prefix, &[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await?;
        if let Some(token) = tokens["id_token"].as_str().filter(|_| self.flaw != Flaw::BelievesRenewed)
            && self.believed(prefix, token).await?["sub"] != known.who
        {
            return Err("another person".to_owned());
        }
        tokens["access_token"].as_str().ok_or("no tokens")?;
        Ok(session(&known.who, &tokens))
    }
}

fn session(who: &str, tokens: &Value) -> Session {
    let life = Duration::from_secs(tokens["expires_in"].as_u64().unwrap_or(300));
    let refresh = tokens["refresh_token"].as_str().map(str::to_owned);
    Session { who: who.to_owned(), refresh, ends_at: Instant::now() + life }
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

async fn login(State(site): State<Site>, uri: Uri) -> Response {
    let (begun, prefix) = (site.begun.fetch_add(1, Ordering::SeqCst), Site::prefix(&uri));
    match site.flaw {
        Flaw::AlwaysBroken => return page(StatusCode::INTERNAL_SERVER_ERROR, "Ошибка"),
        Flaw::GoneAfter(most) if begun >= most => site.stop.notify_one(),
        _ => {}
    }
    let away = format!(
        "{}{prefix}/oidc/authorize?response_type=code&client_id=SITE&scope=openid+offline_access&prompt=consent&state=s{begun}\
         &nonce=n{begun}&redirect_uri={}{prefix}/callback",
        site.idp, site.own
    );
    ([(header::SET_COOKIE, format!("begun={begun}; Path=/; HttpOnly"))], Redirect::to(&away)).into_response()
}

async fn callback(
    State(site): State<Site>,
    uri: Uri,
    headers: HeaderMap,
    Query(answer): Query<HashMap<String, String>>,
) -> Response {
    let (begun, prefix) = (cookie(&headers, "begun").unwrap_or_default(), Site::prefix(&uri));
    let is_own = answer.get("state").is_some_and(|state| *state == format!("s{begun}"));
    let code = answer.get("code").filter(|_| is_own || site.flaw == Flaw::IgnoresState);
    let signed_in = match code {
        Some(code) => site.signed_in(&prefix, code, &format!("n{begun}")).await,
        None => Err("no code".to_owned()),
    };
    match signed_in {
        Ok(session) => {
            site.sessions.lock().expect("sessions").insert(begun.clone(), session);
            let cookie = [(header::SET_COOKIE, format!("session={begun}; Path=/; HttpOnly"))];
            (cookie, Redirect::to(&format!("{prefix}/me"))).into_response()
        }
        Err(_) if site.flaw == Flaw::AnswersWithError => page(StatusCode::INTERNAL_SERVER_ERROR, "Вход не удался"),
        Err(_) => page(StatusCode::FORBIDDEN, "Вход не удался"),
    }
}

async fn me(State(site): State<Site>, uri: Uri, headers: HeaderMap) -> Response {
    let key = cookie(&headers, "session").unwrap_or_default();
    let mut known = site.sessions.lock().expect("sessions").remove(&key);
    if let Some(over) = known.as_ref().filter(|session| session.ends_at <= Instant::now()) {
        known = site.renewed(&Site::prefix(&uri), over).await.ok();
    }
    match known {
        Some(session) => {
            let shown = format!("<p id='who'>{}</p>", session.who);
            site.sessions.lock().expect("sessions").insert(key, session);
            page(StatusCode::OK, &shown)
        }
        None => page(StatusCode::OK, "Никто не вошёл"),
    }
}

async fn logout(State(site): State<Site>, uri: Uri, headers: HeaderMap) -> Response {
    site.sessions.lock().expect("sessions").remove(&cookie(&headers, "session").unwrap_or_default());
    Redirect::to(&format!("{}/me", Site::prefix(&uri))).into_response()
}

/// What a command that restarts it does.
async fn restart(State(site): State<Site>) -> StatusCode {
    site.restarts.fetch_add(1, Ordering::SeqCst);
    *site.keys.lock().expect("keys") = None;
    StatusCode::NO_CONTENT
}
