//! Notifies clients that a session has ended (OpenID Connect Back-Channel Logout 1.0).
//!
//! A logout token is sent only to the `backchannel-logout-uri` that a client has registered. Registrations come from
//! the seed and the control API, so every receiving server has been named by the operator of the stand. The built-in
//! diary listens next to its `redirect_uri`, which is on this machine. Redirects are not followed and response bodies
//! are not read. The notification is sent after the person's response; its outcome is recorded as an event of the
//! world.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use chrono::{DateTime, Utc};
use esia::{
    Mnemonic, Oid,
    language::{Told, both},
};
use reqwest::{Client, StatusCode, redirect::Policy};
use serde::Serialize;
use serde_json::json;
use worlds::{World, WorldRng};

use super::{
    event::GrantEvent,
    store::{Visit, Visited},
};
use crate::{
    clients::OidcSpec,
    event::Event,
    faults::{Active, logout_token, of_logout_token, take},
    signing::{KeyRing, Kind},
    state::Gosuslugi,
};

/// Life of a logout token, seconds (OpenID Connect Back-Channel Logout §2.4: two minutes at most).
const LOGOUT_FOR_S: i64 = 120;
/// Time limit of one attempt.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pauses before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_secs(1)];

/// Client to notify of a sign-out.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    client: Mnemonic,
    subject: Oid,
    uri: String,
    claims: LogoutClaims,
    keys: Arc<KeyRing>,
    /// Fault to apply to the logout token.
    fault: Option<Active>,
}

/// Claims of a logout token (OpenID Connect Back-Channel Logout §2.4).
#[derive(Debug, Clone, Serialize)]
struct LogoutClaims {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
    jti: String,
    events: serde_json::Value,
    sid: String,
}

/// Returns the clients to notify of the end of a session: those that were issued tokens in it and have a logout URI.
pub(crate) fn logout_listeners(state: &Gosuslugi, sid: &str, now: DateTime<Utc>, rng: &mut WorldRng) -> Vec<Listener> {
    let iat = now.timestamp();
    let Some(Visited { subject, clients }) = state.grants.visited(sid) else { return Vec::new() };
    let listener = |(client, Visit { iss, redirect_uri }): (&Mnemonic, &Visit)| {
        let registered = state.clients.get(client)?;
        let uri = match &registered.spec.oidc {
            Some(own) => own.backchannel_logout_uri.clone()?,
            None => OidcSpec::builtin_listener(redirect_uri)?,
        };
        let claims = LogoutClaims {
            iss: iss.clone(),
            sub: subject.to_string(),
            aud: client.to_string(),
            iat,
            exp: iat + LOGOUT_FOR_S,
            jti: rng.uuid(),
            events: json!({ "http://schemas.openid.net/event/backchannel-logout": {} }),
            sid: sid.to_owned(),
        };
        let fault = of_logout_token(state, client, *subject, now);
        let keys = Arc::clone(&state.keys);
        Some(Listener { client: client.clone(), subject: *subject, uri, claims, keys, fault })
    };
    clients.iter().filter_map(listener).collect()
}

/// Notifies each client in a separate task and records the outcome.
pub(crate) fn tell_listeners(world: &Arc<World<Gosuslugi>>, listeners: Vec<Listener>) {
    for listener in listeners {
        let world = Arc::clone(world);
        tokio::spawn(async move {
            let (is_heard, outcome) = tell(&world, &listener).await;
            let Listener { client, subject, .. } = listener;
            let (outcome, outcome_in_english) = outcome.into_kept();
            let told = GrantEvent::LogoutNotified { client, subject, is_heard, outcome, outcome_in_english };
            let noted = world.act(|_, _, _| Ok::<_, std::convert::Infallible>((vec![Event::Grant(told.clone())], ())));
            if let Err(error) = noted.await {
                tracing::warn!(%error, "a back-channel logout could not be noted");
            }
        });
    }
}

fn http() -> Result<&'static Client, String> {
    static MADE: OnceLock<Client> = OnceLock::new();
    if let Some(client) = MADE.get() {
        return Ok(client);
    }
    let client = web::http_client().redirect(Policy::none()).timeout(PATIENCE).no_proxy().build();
    let client = client.map_err(|error| error.to_string())?;
    Ok(MADE.get_or_init(|| client))
}

/// Sends the logout token, in at most three attempts. 200 means success (OpenID Connect Back-Channel Logout §2.8), as
/// does 204; 400 is final. Returns whether the client accepted it, and the text for the timeline.
async fn tell(world: &World<Gosuslugi>, listener: &Listener) -> (bool, Told) {
    let Ok(token) = listener.keys.openid().sign(Kind::Logout, &listener.claims) else {
        return (false, both!("маркер не подписан", "the token was not signed"));
    };
    let (token, is_repeated, wrong) = changed(world, listener, token).await;
    let mut outcome = Told::from("");
    for attempt in 0..=PAUSES.len() {
        match post(&listener.uri, &token).await {
            Ok(status) if matches!(status, StatusCode::OK | StatusCode::NO_CONTENT) => {
                let again = if is_repeated { post(&listener.uri, &token).await.ok() } else { None };
                let again = again.map_or_else(
                    || Told::from(""),
                    |status| both!(", на повтор — {}", ", the second time {}", status.as_u16()),
                );
                return (
                    true,
                    both!("{} ответил {}{again}{wrong}", "{} answered {}{again}{wrong}", listener.uri, status.as_u16()),
                );
            }
            Ok(status) => {
                outcome = both!("{} ответил {}", "{} answered {}", listener.uri, status.as_u16());
                if status == StatusCode::BAD_REQUEST {
                    break;
                }
            }
            Err(error) => outcome = format!("{}: {error}", listener.uri).into(),
        }
        if let Some(pause) = PAUSES.get(attempt) {
            wait(*pause).await;
        }
    }
    (false, both!("{outcome}{wrong}", "{outcome}{wrong}"))
}

/// Applies the fault: returns the token to send, whether to send it twice, and the text for the timeline.
async fn changed(world: &World<Gosuslugi>, listener: &Listener, token: String) -> (String, bool, Told) {
    let Some(active) = &listener.fault else { return (token, false, Told::from("")) };
    match logout_token(&active.fault, &listener.keys, &token) {
        Some((changed, times)) if take(world, active).await.unwrap_or(false) => {
            (changed, times > 1, both!(", ошибка «{}»", ", fault «{}»", active.fault.id))
        }
        _ => (token, false, Told::from("")),
    }
}

async fn post(uri: &str, token: &str) -> Result<StatusCode, String> {
    let answer = http()?.post(uri).form(&[("logout_token", token)]).send().await;
    answer.map(|answer| answer.status()).map_err(|error| {
        // The caller's text names the address already.
        error.without_url().to_string()
    })
}

#[expect(clippy::disallowed_methods, reason = "another server is given time to start; no world's time passes")]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}
