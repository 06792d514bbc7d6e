//! Between login page and system: the consent page, and the code.

use axum::response::{IntoResponse, Response};
use web::{Form, Frame, InWorld, Problem, Query, see_other};

use super::{
    authorize::to_login,
    decide::{Step, UNMET},
    error::OidcError,
};
use crate::{
    grants::{ConsentAnswer, ConsentForm, ConsentPage, PendingRequest},
    portal::accounts::{MaybeSignedIn, SignedIn},
    state::Gosuslugi,
};

/// `GET /oidc/continue`
pub(super) async fn proceed(
    world: InWorld<Gosuslugi>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    frame: Frame,
    Query(PendingRequest { request }): Query<PendingRequest>,
) -> Result<Response, Problem> {
    let session = signed_in.map(|signed_in| signed_in.session);
    let decide = |state: &Gosuslugi, now, rng: &mut _| state.oidc_proceed(&request, session.as_ref(), now, rng);
    // A role is asked for only of a session that the request accepts.
    let has_role_to_choose = session.as_ref().is_some_and(|session| session.role_pending);
    let accepted = world.world.read(|state, now| state.oidc_accepts(&request, session.as_ref(), now)).await?;
    if has_role_to_choose && accepted {
        let next = format!("/oidc/continue?request={request}");
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        return Ok(see_other(&world.world_url, &format!("/login/role?next={next}")));
    }
    let step = world.world.act(decide).await?;
    go_on(&world, step, frame, request)
}

/// `POST /oidc/consent`
pub(super) async fn answer(
    world: InWorld<Gosuslugi>,
    signed_in: SignedIn,
    frame: Frame,
    Form(ConsentForm { request, answer }): Form<ConsentForm>,
) -> Result<Response, Problem> {
    let is_granted = answer == ConsentAnswer::Grant;
    let session = &signed_in.session;
    let decide = |state: &Gosuslugi, now, rng: &mut _| state.oidc_answer((&request, is_granted), session, now, rng);
    let step = world.world.act(decide).await?;
    go_on(&world, step, frame, request)
}

fn go_on(world: &InWorld<Gosuslugi>, step: Step, frame: Frame, request: String) -> Result<Response, Problem> {
    match step {
        Step::SignIn { hint } => Ok(to_login(world, &request, hint.as_deref())),
        Step::Ask(asking) => Ok(ConsentPage::asking(frame, "/oidc/consent", (request, asking)).into_response()),
        Step::Code { code, reply } => reply.code(frame, &code),
        Step::Denied(reply) => reply.refuse(frame, &OidcError::new("access_denied", "the person has refused")),
        Step::OtherPerson(reply) => {
            let told = "somebody else has signed in than id_token_hint or claims names";
            reply.refuse(frame, &OidcError::new("login_required", told))
        }
        Step::OtherLevel(reply) => {
            let told = "the account is not of a level that claims names as essential acr";
            reply.refuse(frame, &OidcError::new(UNMET, told))
        }
    }
}
