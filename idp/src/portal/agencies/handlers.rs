//! Agencies in the control API: JSON endpoints and a page for testers.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use esia::language::{pick, tr};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Problem, ReaderLanguage, see_other};
use worlds::World;

use super::{Agency, AgencyEvent, Conduct, Pace, Term};
use crate::{event::Event, state::Gosuslugi};

/// Returns the routes of the pages for testers.
pub(crate) fn pages() -> Router {
    Router::new()
        .route("/control/console/agencies", get(page))
        .route("/control/console/agencies/{agency}", post(change_page))
}

/// Returns the routes of the JSON endpoints.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(change))
}

/// An agency as it answers now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgencyView {
    /// The agency of which this is told.
    agency: Agency,
    /// For a reader.
    title: &'static str,
    /// How it answers.
    conduct: Conduct,
    /// How many checks wait for its answer.
    waiting: usize,
}

impl AgencyView {
    fn of(state: &Gosuslugi, agency: Agency) -> Self {
        let agencies = &state.portal.agencies;
        Self { agency, title: agency.title(), conduct: agencies.conduct(agency), waiting: agencies.waiting(agency) }
    }
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct ConductOrder {
    /// How long a check takes.
    answer_after: Option<Term>,
    /// How long it takes while the agency is slow.
    slow_answer_after: Option<Term>,
    /// How the agency is doing.
    pace: Option<Pace>,
}

async fn all(world: &World<Gosuslugi>) -> Result<Vec<AgencyView>, Problem> {
    Ok(world.read(|state, _| Agency::ALL.map(|agency| AgencyView::of(state, agency)).into()).await?)
}

async fn order(world: &World<Gosuslugi>, agency: Agency, order: ConductOrder) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, _, _: &mut worlds::WorldRng| {
        let now = state.portal.agencies.conduct(agency);
        let conduct = Conduct {
            answer_after: order.answer_after.unwrap_or(now.answer_after),
            slow_answer_after: order.slow_answer_after.unwrap_or(now.slow_answer_after),
            pace: order.pace.unwrap_or(now.pace),
        };
        Ok::<_, Problem>((vec![Event::Agency(AgencyEvent::Changed { agency, conduct })], ()))
    };
    Ok(world.act(decide).await?)
}

fn agency(code: &str) -> Result<Agency, Problem> {
    let known = Agency::ALL.into_iter().find(|agency| agency.code() == code);
    known.ok_or_else(|| {
        Problem::not_found(tr!("Ведомства «{code}» нет", "There is no agency «{code}»"))
            .or(pick("zags, sfr или mvd", "zags, sfr or mvd"))
    })
}

/// How the agencies answer.
#[utoipa::path(get, path = "/control/agencies", tag = "agencies", responses((status = 200, body = [AgencyView])))]
async fn list(InWorld { world, .. }: InWorld<Gosuslugi>) -> Result<Json<Vec<AgencyView>>, Problem> {
    Ok(Json(all(&world).await?))
}

/// Changes how an agency (`zags`, `sfr`, `mvd`) answers. Being slow touches checks that begin afterwards; being down
/// holds those that wait as well, until it is up again.
#[utoipa::path(patch, path = "/control/agencies/{agency}", tag = "agencies", request_body = ConductOrder,
    responses((status = 200, body = AgencyView), (status = 404)))]
async fn change(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(code): Path<String>,
    Json(wanted): Json<ConductOrder>,
) -> Result<Json<AgencyView>, Problem> {
    let agency = agency(&code)?;
    order(&world, agency, wanted).await?;
    Ok(Json(world.read(|state, _| AgencyView::of(state, agency)).await?))
}

#[derive(Template)]
#[template(path = "family/agencies.html")]
struct AgenciesPage {
    frame: Frame,
    reads: ReaderLanguage,
    agencies: Vec<AgencyView>,
}

/// Buttons of the page: pace, its value in the form, Russian text, English text.
const PACES: &[(Pace, &str, &str, &str)] = &[
    (Pace::Normal, "normal", "Работает", "Works"),
    (Pace::Slow, "slow", "Отвечает медленно", "Answers slowly"),
    (Pace::Down, "down", "Не отвечает", "Does not answer"),
];

async fn page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    reads: ReaderLanguage,
) -> Result<Page<AgenciesPage>, Problem> {
    Ok(Page(AgenciesPage { frame, reads, agencies: all(&world).await? }))
}

#[derive(Debug, Deserialize)]
struct PaceForm {
    pace: Pace,
}

async fn change_page(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Path(code): Path<String>,
    Form(form): Form<PaceForm>,
) -> Result<Response, Problem> {
    order(&world, agency(&code)?, ConductOrder { pace: Some(form.pace), ..ConductOrder::default() }).await?;
    Ok(see_other(&world_url, "/control/console/agencies"))
}
