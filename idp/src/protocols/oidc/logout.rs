//! Logout endpoint, `/oidc/logout` (OpenID Connect RP-Initiated Logout 1.0).

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use esia::language::both;
use serde::Deserialize;
use url::Url;
use web::{Checks, Form, Frame, InWorld, Page, Problem};
use worlds::{Check, Outcome, mistakes::named};

use super::{
    error::OidcError,
    judge::{Judge, Registered, Rule, registered},
};
use crate::{
    grants::{end, in_world, is_registered},
    portal::accounts::{MaybeSignedIn, SignedIn, SignedOutPage, signed_out},
    protocols::Params,
    signing::Kind,
    slips::{self, unknown::unknown_client},
    state::Gosuslugi,
};

const SOURCE: &str = "OpenID Connect RP-Initiated Logout §2, §3";
const HINT: Rule = ("id-token-hint", SOURCE);
const RETURN: Rule = ("post-logout-redirect-uri", SOURCE);

/// Claims of an id token that is used as a hint, expired or not.
#[derive(Debug, Clone, Deserialize)]
struct Hint {
    sub: String,
    aud: String,
    sid: String,
}

/// Validated logout request.
#[derive(Debug, Clone, Default)]
struct Leaving {
    hint: Option<Hint>,
    /// Registered address that the browser is redirected to.
    to: Option<String>,
    /// Parameter `state` of the request.
    state: Option<String>,
    title: Option<String>,
}

/// Page that asks for confirmation, because no id token names the person's session.
#[derive(Template)]
#[template(path = "oidc/logout.html")]
struct ConfirmPage {
    frame: Frame,
    title: Option<String>,
    fields: Vec<(&'static str, String)>,
}

/// Fields of the form that the person confirms.
#[derive(Debug, Deserialize)]
pub(super) struct Confirmed {
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    post_logout_redirect_uri: String,
    #[serde(default)]
    state: String,
}

/// Answers `GET` and `POST /oidc/logout`. The session that `id_token_hint` names ends at once; otherwise the person is
/// asked first.
pub(super) async fn logout(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    frame: Frame,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    let leaving = judged(&judge).await?;
    let named = match &leaving.hint {
        Some(hint) => world
            .world
            .read(|state, now| state.portal.accounts.session_of_sid(&hint.sid, now))
            .await?
            .filter(|(_, session)| session.oid.to_string() == hint.sub),
        None => None,
    };
    match (named, signed_in) {
        // The hint names the session, even if the request has no cookie: a form posted from another site sends none.
        (Some((id, session)), _) => leave(&world, Some(SignedIn { id, session }), frame, leaving).await,
        (None, None) => leave(&world, None, frame, leaving).await,
        (None, Some(_)) => {
            let field = |name| judge.params.one(name).unwrap_or_default().to_owned();
            let fields = ["client_id", "post_logout_redirect_uri", "state"].map(|name| (name, field(name)));
            let mut fields = Vec::from(fields);
            if let (Some(hint), Some((_, id))) = (&leaving.hint, fields.first_mut()) {
                id.clone_from(&hint.aud);
            }
            Ok(Page(ConfirmPage { frame, title: leaving.title, fields }).into_response())
        }
    }
}

/// Answers `POST /oidc/logout/confirm`, when the person has confirmed.
pub(super) async fn confirm(
    world: InWorld<Gosuslugi>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    checks: Checks,
    frame: Frame,
    Form(form): Form<Confirmed>,
) -> Result<Response, Problem> {
    let Confirmed { client_id, post_logout_redirect_uri, state } = form;
    let fields = [("client_id", client_id), ("post_logout_redirect_uri", post_logout_redirect_uri), ("state", state)];
    let judge = Judge::of(&world, checks, Params::of(fields)).await?;
    let leaving = judged(&judge).await?;
    leave(&world, signed_in, frame, leaving).await
}

/// Validates a logout request. An invalid request ends no session, and redirects to no address.
async fn judged(judge: &Judge<'_>) -> Result<Leaving, Problem> {
    let parameter = |name: &'static str| {
        judge.optional(name).map_err(|error| refuse(name, "Параметр передан несколько раз", &error))
    };
    let hint = match parameter("id_token_hint")? {
        None => None,
        Some(token) => {
            let read = judge.keys.verify_openid::<Hint>(Kind::Id, token);
            let got =
                read.as_ref().map_or_else(Clone::clone, |hint| format!("sub={}, aud={}", hint.sub, hint.aud).into());
            let error = OidcError::invalid_request("id_token_hint is not an id token of this issuer");
            let mistakes = slips::token::look(token).mistakes(slips::token::Kind::OpenIdId, None, &judge.issuer());
            judge
                .require(
                    Check::of(
                        HINT,
                        both!(
                            "id_token этого поставщика, пусть и просроченный",
                            "an id_token of this provider, even an expired one"
                        ),
                        got,
                        read.is_ok(),
                    )
                    .mistakes(mistakes),
                    error,
                )
                .map_err(|error| refuse("id_token_hint", "id_token_hint не читается", &error))?;
            read.ok()
        }
    };
    let id = parameter("client_id")?;
    if let (Some(id), Some(hint)) = (id, &hint) {
        let error = OidcError::invalid_request("client_id is not the audience of id_token_hint");
        let mistakes = vec![named("client-id-differs", &format!("{id},{}", hint.aud))];
        judge
            .require(Check::of(("client-id", SOURCE), hint.aud.as_str(), id, id == hint.aud).mistakes(mistakes), error)
            .map_err(|error| refuse("client_id", "client_id не тот, что в id_token_hint", &error))?;
    }
    let id = id.or(hint.as_ref().map(|hint| hint.aud.as_str()));
    let client = match id {
        Some(id) => registered(judge.world, id).await?,
        None => None,
    };
    let (mut to, state) = (parameter("post_logout_redirect_uri")?, parameter("state")?);
    note_foreign(judge, to);
    if let Some(uri) = to.filter(|_| id.is_none())
        && of_some_client(judge, uri).await?
    {
        // The client of the address is unknown, so the person may sign out but is not redirected (OpenID Connect
        // RP-Initiated Logout §3).
        let expected = both!(
            "id_token_hint или client_id: по ним видно, чей это адрес",
            "id_token_hint or client_id: they tell whose address it is"
        );
        let check = Check::new(
            RETURN,
            expected,
            both!("ни того, ни другого: браузер останется здесь", "neither: the browser stays here"),
            Outcome::Tolerated,
        );
        judge.checks.record(check.mistakes(["redirect-without-client"]));
        to = None;
    }
    if let Some(uri) = to {
        check_address(judge, client.as_ref(), id, uri)?;
    }
    let title = client.map(|client| client.client.spec.title.clone());
    Ok(Leaving { hint, to: to.map(str::to_owned), state: state.map(str::to_owned), title })
}

/// Returns an error for the person, with the reason for the developers of the client.
fn refuse(field: &str, message: &str, error: &OidcError) -> Problem {
    Problem::bad_request(field, message)
        .or(format!("Сообщите разработчикам системы, из которой вы выходили: {}", error.description))
}

/// Checks that the address is registered for the client (OpenID Connect RP-Initiated Logout §3).
fn check_address(judge: &Judge<'_>, client: Option<&Registered>, id: Option<&str>, uri: &str) -> Result<(), Problem> {
    let known = client.map(|client| client.oidc.post_logout_redirect_uris.as_slice()).unwrap_or_default();
    let error = OidcError::invalid_request(
        "post_logout_redirect_uri is not one of those registered by the client of id_token_hint or client_id",
    );
    let expected = both!("один из: {}", "one of: {}", known.join(", "));
    let mistake = match (client, id) {
        (Some(_), _) => slips::redirect::whole(&in_world(known, &judge.world.world_url.world).collect::<Vec<_>>(), uri),
        (None, None) => "redirect-without-client".to_owned(),
        (None, Some(id)) => unknown_client(id, judge.near.as_deref()),
    };
    let found = Check::of(RETURN, expected, uri, is_registered(known, uri, &judge.world.world_url.world));
    judge
        .require(found.mistakes([mistake]), error)
        .map_err(|error| refuse("post_logout_redirect_uri", "Адрес возврата не зарегистрирован за системой", &error))
}

/// Checks whether any client of the world has registered the address.
async fn of_some_client(judge: &Judge<'_>, uri: &str) -> Result<bool, Problem> {
    let look = |state: &Gosuslugi, _| {
        let mut clients = state.clients.iter();
        clients.any(|client| is_registered(&client.oidc().post_logout_redirect_uris, uri, &judge.world.world_url.world))
    };
    Ok(judge.world.world.read(look).await?)
}

/// Records a parameter of ЕСИА's logout, or a misspelt one.
fn note_foreign(judge: &Judge<'_>, to: Option<&str>) {
    let names = ["redirect_url", "redirect_uri", "post_logout_redirect_url"];
    let Some(name) = names.into_iter().find(|name| to.is_none() && judge.params.has(name)) else { return };
    let mistake = match name {
        "redirect_url" => named("logout-parameter-of-esia", name),
        name => named("parameter-misspelt", &format!("{name}->post_logout_redirect_uri")),
    };
    judge.tolerate(("parameters", SOURCE), "post_logout_redirect_uri", name, [mistake]);
}

async fn leave(
    world: &InWorld<Gosuslugi>,
    signed_in: Option<SignedIn>,
    frame: Frame,
    leaving: Leaving,
) -> Result<Response, Problem> {
    end(&world.world, signed_in).await?;
    let answer = match leaving.to {
        Some(to) => {
            let mut url = Url::parse(&to).map_err(Problem::internal)?;
            if let Some(state) = &leaving.state {
                url.query_pairs_mut().append_pair("state", state);
            }
            (StatusCode::FOUND, [(header::LOCATION, String::from(url))]).into_response()
        }
        None => SignedOutPage::done(frame).into_response(),
    };
    Ok(signed_out(&world.world_url, answer))
}
