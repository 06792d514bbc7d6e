//! The other side: a relying party and the browsers of many people.

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{Certificate, SigningKey, cms::sign_detached, keys, secret, timestamp, token::AccessClaims};
use reqwest::{Client, Response, header, redirect::Policy};
use serde_json::json;
use url::Url;
use worlds::{SystemWall, WallClock as _};

use crate::{Outcome, Stopwatch, server::people};

/// Adults in one world; each signs in once there, so that each sees the consent page.
const PEOPLE: usize = 200;
/// Worlds prepared beforehand; more logins than any core makes in the time.
const ROUNDS: usize = 60;
/// Logins under way at once: enough to keep the server busy.
const AT_ONCE: usize = 4;
/// How long logins are counted.
const COUNTED_FOR: Duration = Duration::from_secs(8);
const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";
const SCOPE: &str = "openid fullname birthdate snils birth_cert_doc";

/// A client signature and what it is over.
struct Signed {
    state: String,
    timestamp: String,
    secret: String,
}

/// Runs logins against a server; answers with how many there were and how many seconds they took the server's process.
pub(crate) async fn run(url: &str, server: &str) -> Outcome<(u32, f64)> {
    let http = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(10)).build()?;
    let signed = signatures()?;
    let made = http.post(format!("{url}/control/worlds"));
    good(made.json(&json!({ "name": "base", "seed": { "gosuslugi": people(PEOPLE) } })).send().await?, 201).await?;
    for round in 0..ROUNDS {
        let fork = http.post(format!("{url}/control/worlds/base/fork")).json(&json!({ "name": format!("r{round}") }));
        good(fork.send().await?, 201).await?;
    }
    let login = async |number: usize| {
        let place = format!("{url}/w/r{}", number / PEOPLE);
        one(&http, &place, number % PEOPLE + 1, &signed[number % signed.len()]).await
    };
    for number in 0..PEOPLE {
        login(number).await?;
    }
    let watch = Stopwatch::of(server);
    let (start, next, done) = (Instant::now(), std::cell::Cell::new(PEOPLE), std::cell::Cell::new(0_u32));
    let worker = async || {
        while start.elapsed() < COUNTED_FOR && next.get() < ROUNDS * PEOPLE {
            let number = next.replace(next.get() + 1);
            login(number).await?;
            done.set(done.get() + 1);
        }
        Outcome::Ok(())
    };
    let workers: [_; AT_ONCE] = std::array::from_fn(|_| worker());
    let [a, b, c, d] = workers;
    tokio::try_join!(a, b, c, d)?;
    Ok((done.get(), watch.seconds()))
}

fn signatures() -> Outcome<Vec<Signed>> {
    let (key, certificate) =
        (SigningKey::from_pem(keys::DIARY_KEY_PEM)?, Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM)?);
    let (now, mut signed) = (SystemWall.now(), Vec::new());
    for number in 0..64 {
        let (state, timestamp) = (format!("00000000-0000-4000-8000-{number:012}"), timestamp::print(now));
        let text = secret::v1(SCOPE, &timestamp, "DIARY", &state);
        let secret = URL_SAFE_NO_PAD.encode(sign_detached(text.as_bytes(), &key, &certificate, now)?);
        signed.push(Signed { state, timestamp, secret });
    }
    Ok(signed)
}

/// One person signs in to the diary, with a fresh browser.
async fn one(http: &Client, place: &str, person: usize, signed: &Signed) -> Outcome<()> {
    let base = Url::parse(place)?;
    let common = [
        ("client_id", "DIARY"),
        ("client_secret", &signed.secret),
        ("redirect_uri", REDIRECT_URI),
        ("scope", SCOPE),
        ("state", &signed.state),
        ("timestamp", &signed.timestamp),
    ];
    let ac = http.get(format!("{place}/aas/oauth2/ac")).query(&common);
    let sent = good(ac.query(&[("response_type", "code"), ("access_type", "online")]).send().await?, 302).await?;
    let page = good(http.get(base.join(&location(&sent)?)?).send().await?, 200).await?;
    let csrf = cookie(&page)?;
    let page = page.text().await?;
    let (login, next) = (format!("p{person}@family.test"), hidden(&page, "next")?);
    let fields = [("csrf", hidden(&page, "csrf")?), ("login", &login), ("password", "password"), ("next", next)];
    let signed_in = http.post(format!("{place}/login")).header(header::COOKIE, &csrf).form(&fields).send().await?;
    let signed_in = good(signed_in, 303).await?;
    let cookies = format!("{csrf}; {}", cookie(&signed_in)?);
    let page = http.get(base.join(&location(&signed_in)?)?).header(header::COOKIE, &cookies).send().await?;
    let page = good(page, 200).await?.text().await?;
    let fields = [("csrf", hidden(&page, "csrf")?), ("request", hidden(&page, "request")?), ("answer", "grant")];
    let consent = http.post(format!("{place}/aas/oauth2/consent")).header(header::COOKIE, &cookies).form(&fields);
    let back = Url::parse(&location(&good(consent.send().await?, 302).await?)?)?;
    let code = back.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code).ok_or("no code")?;
    let own = [("grant_type", "authorization_code"), ("code", &code)];
    let te = http.post(format!("{place}/aas/oauth2/te")).form(&[&common[..], &own[..]].concat());
    let tokens: esia::token::TokenResponse = serde_json::from_str(&good(te.send().await?, 200).await?.text().await?)?;
    let (_, claims) = esia::token::decode_unverified::<AccessClaims>(&tokens.access_token)?;
    let person = http.get(format!("{place}/rs/prns/{}?embed=(documents.elements)", claims.subject));
    let person = good(person.bearer_auth(&tokens.access_token).send().await?, 200).await?.text().await?;
    if person.contains("RF_BRTH_CERT") { Ok(()) } else { Err(format!("not a whole person: {person}").into()) }
}

async fn good(answer: Response, status: u16) -> Outcome<Response> {
    if answer.status().as_u16() == status {
        return Ok(answer);
    }
    let (url, got) = (answer.url().path().to_owned(), answer.status());
    Err(format!("{url}: {got} instead of {status}: {}", answer.text().await?).into())
}

fn location(answer: &Response) -> Outcome<String> {
    Ok(answer.headers().get(header::LOCATION).ok_or("no Location")?.to_str()?.to_owned())
}

fn cookie(answer: &Response) -> Outcome<String> {
    let cookie = answer.headers().get(header::SET_COOKIE).ok_or("no cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// The value of a hidden field.
fn hidden<'p>(page: &'p str, name: &str) -> Outcome<&'p str> {
    let start = format!(r#"name="{name}" value=""#);
    let (_, rest) = page.split_once(&start).ok_or_else(|| format!("no field {name}: {page}"))?;
    Ok(rest.split('"').next().unwrap_or_default())
}
