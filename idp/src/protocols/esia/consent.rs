//! Between login page and system: the consent page, and the code (ESIA §1.3, §3.8).

use axum::response::{IntoResponse, Response};
use web::{Checks, Form, Frame, InWorld, Problem, Query};

use super::{callback::Callback, filters::demands, grant::Step};
use crate::{
    grants::{Asking, ConsentAnswer, ConsentForm, ConsentPage, PendingRequest, RequestGone},
    keys::keys,
    portal::accounts::SignedIn,
    state::Gosuslugi,
};

/// `GET /aas/oauth2/continue`
pub(super) async fn proceed(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    signed_in: SignedIn,
    frame: Frame,
    Query(PendingRequest { request }): Query<PendingRequest>,
) -> Result<Response, Problem> {
    go_on(arrived(&world, &checks, &signed_in, &request).await?, frame, request)
}

/// Somebody has signed in for a request: what comes next.
///
/// # Errors
/// There is no such request any more.
pub(crate) async fn arrived(
    world: &InWorld<Gosuslugi>,
    checks: &Checks,
    signed_in: &SignedIn,
    request: &str,
) -> Result<Step, Problem> {
    note_entry(world, checks, signed_in, request).await?;
    Ok(world.world.act(|state, now, _| state.proceed(request, &signed_in.session, now)).await?)
}

/// Somebody has consented, or has refused.
///
/// # Errors
/// There is no such request any more.
pub(crate) async fn decided(
    world: &InWorld<Gosuslugi>,
    signed_in: &SignedIn,
    request: &str,
    is_granted: bool,
) -> Result<Step, Problem> {
    let decide = |state: &Gosuslugi, now, _: &mut _| state.answer_consent(request, &signed_in.session, is_granted, now);
    Ok(world.world.act(decide).await?)
}

/// `POST /aas/oauth2/consent`
pub(super) async fn answer(
    world: InWorld<Gosuslugi>,
    signed_in: SignedIn,
    frame: Frame,
    Form(ConsentForm { request, answer }): Form<ConsentForm>,
) -> Result<Response, Problem> {
    let is_granted = answer == ConsentAnswer::Grant;
    go_on(decided(&world, &signed_in, &request, is_granted).await?, frame, request)
}

/// What was looked at of who has signed in.
async fn note_entry(
    world: &InWorld<Gosuslugi>,
    checks: &Checks,
    signed_in: &SignedIn,
    request: &str,
) -> Result<(), Problem> {
    let look = |state: &Gosuslugi, now| {
        let (pending, account, client) = state.request_of(request, &signed_in.session, now).ok()?;
        Some((demands(pending, (account, &signed_in.session), client, now), state.is_lenient_to(client)))
    };
    let Some((demands, is_lenient)) = world.world.read(look).await? else { return Ok(()) };
    for (_, (found, error)) in demands {
        if found.settle(checks, is_lenient, error).is_err() {
            break;
        }
    }
    Ok(())
}

fn go_on(step: Step, frame: Frame, request: String) -> Result<Response, Problem> {
    Ok(match leave(step)? {
        Left::For(callback) => callback.go(),
        Left::Asking(asking) => ConsentPage::asking(frame, "/aas/oauth2/consent", (request, asking)).into_response(),
    })
}

/// Where a person goes next.
pub(crate) enum Left {
    /// Back to the system, with its answer.
    For(Callback),
    /// To the consent page.
    Asking(Asking),
}

/// What a step comes to; a code is signed here.
///
/// # Errors
/// The address cannot be read, which it could when it came.
pub(crate) fn leave(step: Step) -> Result<Left, Problem> {
    let back = |redirect_uri: &str| Callback::checked(redirect_uri).ok_or(RequestGone);
    Ok(match step {
        Step::Code { claims, algorithm, redirect_uri } => {
            let code = keys()?.signer_of(algorithm).sign(&*claims).map_err(Problem::internal)?;
            Left::For(back(&redirect_uri)?.with(&[("code", &code)], Some(&claims.state)))
        }
        Step::Denied { error, redirect_uri, state } => Left::For(back(&redirect_uri)?.refusing(&error, Some(&state))),
        Step::Ask(asking) => Left::Asking(asking),
    })
}
