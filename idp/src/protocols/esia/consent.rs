//! Steps between login page and client: the consent page, and the code (ESIA §1.3, §3.8).

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use esia::EsiaError;
use web::{Checks, Form, Frame, InWorld, Problem, Query};

use crate::{
    grants::{
        self, Asking, AuthorizationRequest, ConsentForm, ConsentPage, Continuation, Denial, IssuedCode, NextStep,
        PendingRequest, Protocol, RedirectUri, RequestGone,
    },
    portal::accounts::SignedIn,
    state::Gosuslugi,
};

/// Answers `GET /aas/oauth2/continue`.
pub(super) async fn proceed(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    signed_in: SignedIn,
    frame: Frame,
    Query(PendingRequest { request }): Query<PendingRequest>,
) -> Result<Response, Problem> {
    Ok(show(arrived(&world, &checks, &signed_in, &request).await?, frame, request))
}

/// Answers `POST /aas/oauth2/consent`.
pub(super) async fn answer(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    signed_in: SignedIn,
    frame: Frame,
    Form(form): Form<ConsentForm>,
) -> Result<Response, Problem> {
    Ok(show(answered(&world, &checks, &signed_in, &form).await?, frame, form.request))
}

/// Continues an authorization request after sign-in, and returns the next step.
///
/// # Errors
/// Fails if the authorization request no longer exists.
pub(super) async fn arrived(
    world: &InWorld<Gosuslugi>,
    checks: &Checks,
    signed_in: &SignedIn,
    request: &str,
) -> Result<Next, Problem> {
    go_on(world, checks, signed_in, Continuation { protocol: Protocol::Esia, request, answer: None }).await
}

/// Continues an authorization request after the person has consented or refused, and returns the next step.
///
/// # Errors
/// Fails if the authorization request no longer exists.
pub(super) async fn answered(
    world: &InWorld<Gosuslugi>,
    checks: &Checks,
    signed_in: &SignedIn,
    ConsentForm { request, answer }: &ConsentForm,
) -> Result<Next, Problem> {
    go_on(world, checks, signed_in, Continuation { protocol: Protocol::Esia, request, answer: Some(*answer) }).await
}

async fn go_on(
    world: &InWorld<Gosuslugi>,
    checks: &Checks,
    signed_in: &SignedIn,
    at: Continuation<'_>,
) -> Result<Next, Problem> {
    let session = Some(&signed_in.session);
    let decide = |state: &_, now, rng: &mut _| grants::proceed(state, at, session, now, rng);
    next(grants::act(world, checks, decide).await?)
}

/// Next step of a person who has signed in.
pub(super) enum Next {
    /// Redirect to the client, at this address with the response parameters.
    Client(String),
    /// Consent page of the provider.
    Asking(Asking),
}

/// Converts a decision into the next step; signs the code.
fn next(step: NextStep) -> Result<Next, Problem> {
    Ok(match step {
        NextStep::Code(request, IssuedCode::Esia(claims, key)) => {
            let code = key.sign(&*claims).map_err(Problem::internal)?;
            let AuthorizationRequest { redirect_uri, state, .. } = *request;
            Next::Client(answer_at(&redirect_uri, &[("code", &code)], state.as_deref()))
        }
        NextStep::Denied(request, denial) => {
            let error = match denial {
                Denial::Entry(error) => error,
                _ => EsiaError::AccessDenied,
            };
            Next::Client(refusal_at(&request.redirect_uri, &error, request.state.as_deref()))
        }
        NextStep::Ask(asking) => Next::Asking(asking),
        // Neither can result from a request of this protocol by a person who is signed in.
        NextStep::Code(..) | NextStep::SignIn { .. } => return Err(RequestGone.into()),
    })
}

fn show(next: Next, frame: Frame, request: String) -> Response {
    match next {
        Next::Client(address) => to_client(address),
        Next::Asking(asking) => ConsentPage::asking(frame, "/aas/oauth2/consent", request, asking).into_response(),
    }
}

/// Returns the redirect URI with response parameters; `state` comes last.
fn answer_at(redirect_uri: &RedirectUri, parameters: &[(&str, &str)], state: Option<&str>) -> String {
    redirect_uri.with(parameters.iter().copied().chain(state.map(|state| ("state", state))))
}

/// Returns the redirect URI with an error (ESIA §1.3).
pub(super) fn refusal_at(redirect_uri: &RedirectUri, error: &EsiaError, state: Option<&str>) -> String {
    let description = error.description();
    answer_at(redirect_uri, &[("error", error.oauth_error()), ("error_description", &description)], state)
}

/// Redirects the browser to a client.
pub(super) fn to_client(address: String) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, address), (header::CACHE_CONTROL, "no-store".to_owned())]).into_response()
}
