//! Steps between login page and client: the consent page, and the code.

use axum::response::{IntoResponse, Response};
use web::{Checks, Form, Frame, InWorld, Problem, Query, see_other};

use super::{answer::ReplyTo, authorize::to_login, error::OidcError};
use crate::{
    grants::{
        self, ConsentForm, ConsentPage, Continuation, Denial, IssuedCode, NextStep, PendingRequest, Protocol,
        RequestGone, accepts,
    },
    portal::accounts::{MaybeSignedIn, SignedIn},
    state::Gosuslugi,
};

/// Answers `GET /oidc/continue`.
pub(super) async fn proceed(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    frame: Frame,
    Query(PendingRequest { request }): Query<PendingRequest>,
) -> Result<Response, Problem> {
    let session = signed_in.map(|signed_in| signed_in.session);
    // The role is asked for only if the request accepts the session.
    if let Some(session) = session.as_ref().filter(|session| session.role_pending) {
        let is_accepted = |state: &Gosuslugi, now| {
            state.grants.request(Protocol::Oidc, &request, now).is_some_and(|request| accepts(request, session))
        };
        if world.world.read(is_accepted).await? {
            let next = format!("/oidc/continue?request={request}");
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            return Ok(see_other(&world.world_url, &format!("/login/role?next={next}")));
        }
    }
    let at = Continuation { protocol: Protocol::Oidc, request: &request, answer: None };
    let decide = |state: &_, now, rng: &mut _| grants::proceed(state, at, session.as_ref(), now, rng);
    let step = grants::act(&world, &checks, decide).await?;
    Ok(go_on(&world, step, frame, request)?)
}

/// Answers `POST /oidc/consent`.
pub(super) async fn answer(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    signed_in: SignedIn,
    frame: Frame,
    Form(ConsentForm { request, answer }): Form<ConsentForm>,
) -> Result<Response, Problem> {
    let session = Some(&signed_in.session);
    let at = Continuation { protocol: Protocol::Oidc, request: &request, answer: Some(answer) };
    let decide = |state: &_, now, rng: &mut _| grants::proceed(state, at, session, now, rng);
    let step = grants::act(&world, &checks, decide).await?;
    Ok(go_on(&world, step, frame, request)?)
}

fn go_on(world: &InWorld<Gosuslugi>, step: NextStep, frame: Frame, request: String) -> Result<Response, RequestGone> {
    Ok(match step {
        NextStep::SignIn { hint } => to_login(world, &request, hint.as_deref()),
        NextStep::Ask(asking) => ConsentPage::asking(frame, "/oidc/consent", request, asking).into_response(),
        NextStep::Code(request, IssuedCode::Oidc(code)) => ReplyTo::of(*request).code(frame, &code),
        // Requests of this protocol never get a code of ЕСИА's form.
        NextStep::Code(_, IssuedCode::Esia(..)) => return Err(RequestGone),
        NextStep::Denied(request, denial) => {
            let error = denial.code(Protocol::Oidc);
            ReplyTo::of(*request).refuse(frame, &OidcError::new(error, description(&denial)))
        }
    })
}

fn description(denial: &Denial) -> &'static str {
    match denial {
        Denial::ByPerson | Denial::NothingGranted | Denial::Entry(_) => "the person has refused",
        Denial::OtherPerson => "somebody else has signed in than id_token_hint or claims names",
        Denial::OtherLevel => "the account is not of a level that claims names as essential acr",
    }
}
