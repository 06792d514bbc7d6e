//! `/idp/ext/Logout` (§5.1).

use askama::Template;
use axum::response::{IntoResponse, Response};
use esia::Mnemonic;
use web::{Checks, Frame, InWorld, Page, Trouble};
use worlds::Outcome;

use super::{
    callback::Callback,
    params::{ParamError, Params},
};
use crate::{
    accounts::{MaybeSignedIn, end, signed_out},
    state::Gosuslugi,
};

#[derive(Template)]
#[template(path = "oauth/signed-out.html")]
pub(crate) struct SignedOutPage {
    frame: Frame,
    /// Why the browser was not sent back.
    stayed: Option<String>,
}

impl SignedOutPage {
    /// Nothing asked to be sent back.
    pub(crate) fn done(frame: Frame) -> Page<Self> {
        Page(Self { frame, stayed: None })
    }
}

/// `GET /idp/ext/Logout`: ends the session; back to the system only at an address that is registered for it.
pub(super) async fn logout(
    InWorld { world, place }: InWorld<Gosuslugi>,
    checks: Checks,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    frame: Frame,
    params: Params,
) -> Result<Response, Trouble> {
    const RULE: (&str, &str) = ("redirect-url", "ESIA-PROTOCOL §5.1");
    end(&world, signed_in).await?;
    let mnemonic = params.one("client_id").ok().and_then(|id| id.parse::<Mnemonic>().ok());
    let client = world.read(|state, _| mnemonic.and_then(|mnemonic| state.clients.shared(&mnemonic))).await?;
    let found = match (params.one("redirect_url"), client) {
        (Err(ParamError::Missing), _) => None,
        (Err(ParamError::Repeated), _) => Some(Err("redirect_url передан несколько раз".to_owned())),
        (Ok(_), None) => Some(Err("система не зарегистрирована".to_owned())),
        (Ok(url), Some(client)) => Some(Callback::of(&client, url)),
    };
    let answer = match found {
        Some(Ok(callback)) => {
            checks.note(RULE, "домен системы", params.one("redirect_url").unwrap_or_default(), Outcome::Passed);
            callback.go()
        }
        Some(Err(reason)) => {
            checks.note(RULE, "домен системы", reason.clone(), Outcome::Failed);
            Page(SignedOutPage { frame, stayed: Some(reason) }).into_response()
        }
        None => SignedOutPage::done(frame).into_response(),
    };
    Ok(signed_out(&place, answer))
}
