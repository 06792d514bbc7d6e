//! Logout endpoint, `/idp/ext/Logout` (ESIA §5.1).

use axum::response::{IntoResponse, Response};
use esia::Mnemonic;
use esia::language::both;
use web::{Checks, Frame, InWorld, Problem};
use worlds::{Check, Outcome, mistakes::named};

use super::consent::to_client;
use crate::{
    grants::{RedirectUri, end},
    portal::accounts::{MaybeSignedIn, SignedOutPage, signed_out},
    protocols::{ParamError, Params},
    slips::{self, unknown::unknown_client},
    state::Gosuslugi,
};

/// Answers `GET /idp/ext/Logout`: ends the session, and redirects only to an address registered for the client.
pub(super) async fn logout(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    checks: Checks,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    frame: Frame,
    params: Params,
) -> Result<Response, Problem> {
    const RULE: (&str, &str) = ("redirect-url", "ESIA §5.1");
    end(&world, signed_in).await?;
    let mnemonic = params.one("client_id").ok().and_then(|id| id.parse::<Mnemonic>().ok());
    let client = world.read(|state, _| mnemonic.and_then(|mnemonic| state.clients.shared(&mnemonic))).await?;
    let found = match (params.one("redirect_url"), &client) {
        (Err(ParamError::Missing), _) => None,
        (Err(ParamError::Repeated), _) => {
            Some(Err(both!("redirect_url передан несколько раз", "redirect_url was sent several times")))
        }
        (Ok(_), None) => Some(Err(both!("система не зарегистрирована", "the client is not registered"))),
        (Ok(url), Some(client)) => Some(RedirectUri::by_domain(client, url)),
    };
    let foreign = ["post_logout_redirect_uri", "id_token_hint", "redirect_uri"];
    let found = match (found, foreign.into_iter().find(|name| params.has(name))) {
        (None, Some(name)) => {
            let mistake = match name {
                "redirect_uri" => named("parameter-misspelt", "redirect_uri->redirect_url"),
                name => named("logout-parameter-of-openid", name),
            };
            let got =
                both!("{name}: такого параметра у этого адреса нет", "{name}: this address has no such parameter");
            checks.record(
                Check::new(
                    RULE,
                    both!("client_id и redirect_url", "client_id and redirect_url"),
                    got.clone(),
                    Outcome::Failed,
                )
                .mistakes([mistake]),
            );
            return Ok(signed_out(&world_url, SignedOutPage::stayed(frame, got.to_string()).into_response()));
        }
        (found, _) => found,
    };
    let mistake = match (params.one("redirect_url"), &client) {
        (Err(ParamError::Repeated), _) => named("parameter-repeated", "redirect_url"),
        (_, None) if !params.has("client_id") => "redirect-without-client".to_owned(),
        (_, None) => {
            let id = params.one("client_id").unwrap_or_default();
            let near = world.read(|state, _| state.clients.near(id)).await?;
            unknown_client(id, near.as_deref())
        }
        (url, Some(client)) => slips::redirect::domain(&client.spec.redirect_domains, url.unwrap_or_default()),
    };
    let answer = match found {
        Some(Ok(redirect_uri)) => {
            let got = params.one("redirect_url").unwrap_or_default();
            checks.record(Check::new(RULE, both!("домен системы", "a domain of the client"), got, Outcome::Passed));
            to_client(redirect_uri.url().to_string())
        }
        Some(Err(reason)) => {
            checks.record(
                Check::new(RULE, both!("домен системы", "a domain of the client"), reason.clone(), Outcome::Failed)
                    .mistakes([mistake]),
            );
            SignedOutPage::stayed(frame, reason.to_string()).into_response()
        }
        None => SignedOutPage::done(frame).into_response(),
    };
    Ok(signed_out(&world_url, answer))
}
