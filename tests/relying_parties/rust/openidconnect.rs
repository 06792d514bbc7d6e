//! A site that signs people in with the crate `openidconnect`: discovery, PKCE, nonce, checked signatures.

use std::{collections::HashMap, env, error::Error, io, sync::LazyLock};

use axum::{
    Router,
    extract::Query,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use cookie::Cookie;
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse as _,
    core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims},
    http,
};
use tokio::sync::Mutex;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// A visitor of the site, by a cookie.
enum Visitor {
    /// Has gone to the provider.
    Gone(PkceCodeVerifier, CsrfToken, Nonce),
    /// Is signed in.
    In(String),
}

static VISITORS: LazyLock<Mutex<HashMap<String, Visitor>>> = LazyLock::new(Mutex::default);

#[expect(clippy::disallowed_methods, reason = "the site is told everything by its environment")]
fn told(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// Follows no redirect, as the documentation of the crate asks.
async fn carry(request: HttpRequest) -> Result<HttpResponse, io::Error> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let request = reqwest::Request::try_from(request).map_err(io::Error::other)?;
    let answer = client.map_err(io::Error::other)?.execute(request).await.map_err(io::Error::other)?;
    let mut response = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    response.body(answer.bytes().await.map_err(io::Error::other)?.to_vec()).map_err(io::Error::other)
}

/// The provider as it describes itself now, with the keys that it has now.
async fn provider() -> Result<Client, Box<dyn Error + Send + Sync>> {
    let found = CoreProviderMetadata::discover_async(IssuerUrl::new(told("ISSUER"))?, &carry).await?;
    let secret = ClientSecret::new(told("CLIENT_SECRET"));
    let client = CoreClient::from_provider_metadata(found, ClientId::new(told("CLIENT_ID")), Some(secret));
    Ok(client.set_redirect_uri(RedirectUrl::new(format!("{}/callback", told("SITE")))?))
}

async fn sign_in() -> Result<Response, Failure> {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let client = provider().await?;
    let request =
        client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
    let request = request.add_scope(Scope::new("fullname".to_owned())).set_pkce_challenge(challenge);
    let (address, state, nonce) = request.url();
    let visitor = CsrfToken::new_random().secret().clone();
    VISITORS.lock().await.insert(visitor.clone(), Visitor::Gone(verifier, state, nonce));
    let cookie = format!("visitor={visitor}; Path=/; HttpOnly; SameSite=Lax");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(address.as_str())).into_response())
}

async fn callback(headers: HeaderMap, Query(given): Query<HashMap<String, String>>) -> Result<Redirect, Failure> {
    let visitor = visitor(&headers).ok_or("nobody has gone to the provider")?;
    let gone = VISITORS.lock().await.remove(&visitor);
    let Some(Visitor::Gone(verifier, state, nonce)) = gone else {
        return Err("nobody has gone to the provider".into());
    };
    if given.get("state") != Some(state.secret()) {
        return Err("the state is another one".into());
    }
    let code = given.get("code").ok_or_else(|| format!("no code: {given:?}"))?;
    let client = provider().await?;
    let exchange = client.exchange_code(AuthorizationCode::new(code.clone()))?.set_pkce_verifier(verifier);
    let answer = exchange.request_async(&carry).await?;
    let id_token = answer.id_token().ok_or("there is no id token")?;
    let subject = id_token.claims(&client.id_token_verifier(), &nonce)?.subject().clone();
    let request = client.user_info(answer.access_token().clone(), Some(subject))?;
    let person: CoreUserInfoClaims = request.request_async(&carry).await?;
    VISITORS.lock().await.insert(visitor, Visitor::In(person.subject().to_string()));
    Ok(Redirect::to("/"))
}

async fn home(headers: HeaderMap) -> Html<String> {
    let visitors = VISITORS.lock().await;
    match visitor(&headers).and_then(|visitor| visitors.get(&visitor)) {
        Some(Visitor::In(who)) => page(&format!(r#"<p id="who">{who}</p> <a href="/logout">Выйти</a>"#)),
        _ => page("Никто не вошёл."),
    }
}

async fn leave(headers: HeaderMap) -> Redirect {
    if let Some(visitor) = visitor(&headers) {
        VISITORS.lock().await.remove(&visitor);
    }
    Redirect::to("/")
}

fn visitor(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let cookie = Cookie::split_parse(cookies).flatten().find(|cookie| cookie.name() == "visitor")?;
    Some(cookie.value().to_owned())
}

fn page(body: &str) -> Html<String> {
    let title = r#"<!doctype html><html lang="ru"><head><title>Сайт</title></head>"#;
    Html(format!(r#"{title}<body><main>{body} <a href="/login">Войти</a></main></body></html>"#))
}

/// Why nobody was signed in.
struct Failure(Box<dyn Error + Send + Sync>);

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

#[expect(clippy::print_stderr, reason = "its log")]
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        eprintln!("{:?}", self.0);
        (StatusCode::FORBIDDEN, page("Вход не выполнен.")).into_response()
    }
}

#[tokio::main]
async fn main() -> Result<(), io::Error> {
    let app = Router::new()
        .route("/", get(home))
        .route("/login", get(sign_in))
        .route("/callback", get(callback))
        .route("/logout", get(leave));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{}", told("PORT"))).await?;
    axum::serve(listener, app).await
}
