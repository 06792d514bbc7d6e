//! Load generator: a relying party, and the browsers of many people, in both protocols.

use std::time::{Duration, Instant};

use reqwest::{Client, Response, header, redirect::Policy};
use serde_json::{Value, json};
use url::Url;

use crate::{Outcome, Stopwatch, esia_client::EsiaClient, oidc_client::OidcClient};

/// Number of adults in one world. Each signs in there once, so that every login includes the consent page.
pub(crate) const PEOPLE: usize = 200;
/// Number of worlds prepared in advance, enough for more logins than any core makes in the measured time.
const ROUNDS: usize = 60;
/// Number of concurrent logins, enough to keep the server busy.
const AT_ONCE: usize = 4;
/// Duration of the measurement.
const COUNTED_FOR: Duration = Duration::from_secs(8);

/// Relying party of one of the protocols.
pub(crate) enum RelyingParty {
    /// Client of ЕСИА's own protocol, RS256.
    Esia(EsiaClient),
    /// Client of OpenID Connect, with a secret.
    Oidc(OidcClient),
}

/// Logins that are measured at a server.
pub(crate) struct Load<'l> {
    /// URL of the server.
    pub(crate) url: &'l str,
    /// Process id of the server.
    pub(crate) server: &'l str,
    /// Name of the prepared world, which is forked for each round.
    pub(crate) world: &'l str,
    pub(crate) party: &'l RelyingParty,
    /// Section of the world, whose first [`PEOPLE`] people sign in.
    pub(crate) section: &'l Value,
    /// Fault set in the world that no login meets.
    pub(crate) fault: Option<&'l str>,
}

impl Load<'_> {
    /// Prepares worlds and runs logins. Returns their number, and the seconds that they took of the server's process.
    pub(crate) async fn run(&self) -> Outcome<(u32, f64)> {
        let http = http()?;
        self.prepare(&http).await?;
        let login = async |number: usize| {
            let place = format!("{}/w/{}-{}", self.url, self.world, number / PEOPLE);
            let browser = Browser { http: &http, place: &place, person: number % PEOPLE + 1 };
            match self.party {
                RelyingParty::Esia(client) => client.login(&browser, number).await,
                RelyingParty::Oidc(client) => client.login(&browser).await,
            }
        };
        for number in 0..PEOPLE {
            login(number).await?;
        }
        let watch = Stopwatch::of(self.server);
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

    async fn prepare(&self, http: &Client) -> Outcome<()> {
        let Self { url, world, .. } = self;
        let made = http.post(format!("{url}/control/worlds"));
        let seed = json!({ "gosuslugi": self.section });
        good(made.json(&json!({ "name": world, "seed": seed })).send().await?, 201).await?;
        if let Some(fault) = self.fault {
            let set = http.post(format!("{url}/w/{world}/control/faults")).json(&json!({ "fault": fault }));
            good(set.send().await?, 201).await?;
        }
        for round in 0..ROUNDS {
            let fork = http.post(format!("{url}/control/worlds/{world}/fork"));
            good(fork.json(&json!({ "name": format!("{world}-{round}") })).send().await?, 201).await?;
        }
        Ok(())
    }
}

/// Returns an HTTP client as browsers and relying party use it.
pub(crate) fn http() -> Outcome<Client> {
    Ok(Client::builder().redirect(Policy::none()).timeout(Duration::from_mins(1)).build()?)
}

/// New browser of one person at the provider.
pub(crate) struct Browser<'b> {
    pub(crate) http: &'b Client,
    /// URL of the world.
    pub(crate) place: &'b str,
    pub(crate) person: usize,
}

impl Browser<'_> {
    /// Signs in and consents; returns the authorization code. `sent` is the response to the authorization request,
    /// `consent` the path of the consent page's form.
    pub(crate) async fn code(&self, sent: Response, consent: &str) -> Outcome<String> {
        let Self { http, place, person } = self;
        let base = Url::parse(place)?;
        let of_request = cookies(&sent);
        // OpenID Connect redirects once more, to look for a session.
        let mut page = sent;
        for _ in 0..2 {
            if page.status().is_redirection() {
                let next = http.get(base.join(&location(&page)?)?).header(header::COOKIE, &of_request);
                page = next.send().await?;
            }
        }
        let page = good(page, 200).await?;
        let csrf = format!("{of_request}; {}", cookies(&page));
        let page = page.text().await?;
        let (login, next) = (format!("p{person}@family.test"), hidden(&page, "next")?);
        let fields = [("csrf", hidden(&page, "csrf")?), ("login", &login), ("password", "password"), ("next", next)];
        let signed_in = http.post(format!("{place}/login")).header(header::COOKIE, &csrf).form(&fields).send().await?;
        let signed_in = good(signed_in, 303).await?;
        let cookies = format!("{csrf}; {}", cookies(&signed_in));
        let page = http.get(base.join(&location(&signed_in)?)?).header(header::COOKIE, &cookies).send().await?;
        // A person who has consented before is not asked again.
        if page.status().is_redirection() {
            return code_of(&page);
        }
        let page = good(page, 200).await?.text().await?;
        let fields = [("csrf", hidden(&page, "csrf")?), ("request", hidden(&page, "request")?), ("answer", "grant")];
        let agreed = http.post(format!("{place}{consent}")).header(header::COOKIE, &cookies).form(&fields);
        let agreed = agreed.send().await?;
        // ЕСИА's own protocol redirects with 302, the form of OpenID Connect with 303.
        let status = if agreed.status().as_u16() == 303 { 303 } else { 302 };
        code_of(&good(agreed, status).await?)
    }
}

/// Returns the code in the redirect to the client.
fn code_of(answer: &Response) -> Outcome<String> {
    let back = Url::parse(&location(answer)?)?;
    let code = back.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
    Ok(code.ok_or("no code")?)
}

/// Returns the response if it has this status; otherwise an error that shows it.
pub(crate) async fn good(answer: Response, status: u16) -> Outcome<Response> {
    if answer.status().as_u16() == status {
        return Ok(answer);
    }
    let (url, got, to) = (answer.url().path().to_owned(), answer.status(), location(&answer).unwrap_or_default());
    Err(format!("{url}: {got} {to} instead of {status}: {}", answer.text().await?).into())
}

fn location(answer: &Response) -> Outcome<String> {
    Ok(answer.headers().get(header::LOCATION).ok_or("no Location")?.to_str()?.to_owned())
}

/// Returns all cookies that a response sets, as a browser sends them.
fn cookies(answer: &Response) -> String {
    let set = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let pairs = set.filter_map(|cookie| cookie.split(';').next()).filter(|pair| !pair.ends_with('='));
    pairs.collect::<Vec<_>>().join("; ")
}

/// Returns the value of a hidden field.
fn hidden<'p>(page: &'p str, name: &str) -> Outcome<&'p str> {
    let start = format!(r#"name="{name}" value=""#);
    let (_, rest) = page.split_once(&start).ok_or_else(|| format!("no field {name}: {page}"))?;
    Ok(rest.split('"').next().unwrap_or_default())
}
