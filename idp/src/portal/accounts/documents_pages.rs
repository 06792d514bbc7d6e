//! Pages and JSON endpoints of «Профиль» → «Документы и данные»: passport and СНИЛС, which МВД and СФР check.

use askama::Template;
use axum::{Router, http::StatusCode, response::Response, routing::get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Problem, see_other};
use worlds::{ActError, World};

use super::{Account, Claim, DocumentCheck, Identity, IdentityError, Level, Passport, SignedIn, identity::Answer};
use crate::{
    input::{Faults, read_gender},
    state::Gosuslugi,
};

pub(super) fn pages() -> Router {
    Router::new().route("/lk/profile/documents", get(show).post(enter))
}

pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(api_show, api_enter))
}

/// Documents as they are typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(super) struct DocumentsInput {
    /// `M` or `F`.
    #[serde(default)]
    gender: String,
    /// Day of birth, `2009-05-17`.
    #[serde(default)]
    born: String,
    /// СНИЛС as it is typed, `000-000-001 01` or without separators.
    #[serde(default)]
    snils: String,
    /// Series of the passport, four digits.
    #[serde(default)]
    series: String,
    /// Number of the passport, six digits.
    #[serde(default)]
    number: String,
    /// The day of its issue.
    #[serde(default)]
    issued: String,
    /// Who issued it.
    #[serde(default)]
    issued_by: String,
}

fn digits(text: &str, count: usize, refusal: &'static str) -> Result<String, &'static str> {
    let digits: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let fits = digits.len() == count && digits.bytes().all(|digit| digit.is_ascii_digit());
    if fits { Ok(digits) } else { Err(refusal) }
}

fn issuer(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("Укажите, кто выдал паспорт"),
        text if text.chars().count() > 300 => Err("Не длиннее 300 знаков"),
        text => Ok(text.to_owned()),
    }
}

impl DocumentsInput {
    /// # Errors
    /// All form fields that cannot be read, each with its message.
    fn read(&self) -> Result<Identity, Faults> {
        let mut faults = Faults::default();
        let gender = faults.take("gender", read_gender(&self.gender));
        let born = faults.take("born", worlds::read_day(&self.born));
        let snils = match self.snils.trim() {
            "" => faults.take("snils", Err("Укажите СНИЛС")),
            text => faults.take("snils", text.parse()),
        };
        let series = faults.take("series", digits(&self.series, 4, "Серия паспорта — четыре цифры"));
        let number = faults.take("number", digits(&self.number, 6, "Номер паспорта — шесть цифр"));
        let issued = faults.take("issued", worlds::read_day(&self.issued));
        let issued_by = faults.take("issued_by", issuer(&self.issued_by));
        match (gender, born, snils, series.zip(number), issued.zip(issued_by)) {
            (Some(gender), Some(born), Some(snils), Some((series, number)), Some((issued, issued_by))) => {
                let passport = Passport { series, number, issued, issued_by, office: None };
                Ok(Identity { gender, born, snils, passport })
            }
            _ => Err(faults),
        }
    }

    fn of(Identity { gender, born, snils, passport }: &Identity) -> Self {
        Self {
            gender: if *gender == esia::person::Gender::M { "M" } else { "F" }.to_owned(),
            born: born.to_string(),
            snils: snils.to_string(),
            series: passport.series.clone(),
            number: passport.number.clone(),
            issued: passport.issued.to_string(),
            issued_by: passport.issued_by.clone(),
        }
    }
}

/// How a document stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct DocumentView {
    /// How the check stands, in words for a person.
    status: &'static str,
    /// What the agency answered, if it has.
    answer: Option<Answer>,
    /// When it means to answer, if it has not.
    answer_at: Option<DateTime<Utc>>,
}

impl DocumentView {
    fn of(check: DocumentCheck, not_found: &'static str) -> Self {
        let (status, answer, answer_at) = match check {
            DocumentCheck::Asked { answer_at } => ("Проверка данных", None, Some(answer_at)),
            DocumentCheck::Answered(answer) => {
                let status = match answer {
                    Answer::Confirmed => "Проверено",
                    Answer::NotFound => not_found,
                    Answer::Taken => "Уже в другой учётной записи",
                };
                (status, Some(answer), None)
            }
        };
        Self { status, answer, answer_at }
    }

    fn tone(&self) -> &'static str {
        match self.answer {
            None => "warn",
            Some(Answer::Confirmed) => "ok",
            Some(_) => "bad",
        }
    }
}

/// Documents of an account, and its level.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentsView {
    /// `simplified`, `standard` or `confirmed`.
    level: &'static str,
    /// The passport, once entered, until both are confirmed.
    passport: Option<DocumentView>,
    /// The СНИЛС, likewise.
    snils: Option<DocumentView>,
    /// Whether documents may be entered now.
    may_enter: bool,
}

impl DocumentsView {
    fn of(account: &Account, claim: Option<&Claim>) -> Self {
        Self {
            level: account.level.code(),
            passport: claim.map(|claim| DocumentView::of(claim.passport, "Не найден в МВД")),
            snils: claim.map(|claim| DocumentView::of(claim.snils, "Не найден в СФР")),
            may_enter: account.may_enter_documents() && !claim.is_some_and(Claim::is_pending),
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/documents.html")]
struct DocumentsPage {
    frame: Frame,
    account: Account,
    documents: DocumentsView,
    input: DocumentsInput,
    faults: Faults,
}

async fn page(world: &World<Gosuslugi>, me: &SignedIn, frame: Frame) -> Result<DocumentsPage, Problem> {
    let look = |state: &Gosuslugi, _| {
        let account = state.portal.accounts.get(me.oid())?.clone();
        let claim = state.portal.accounts.claim(me.oid());
        let input = claim.map(|claim| DocumentsInput::of(&claim.identity)).unwrap_or_default();
        Some((DocumentsView::of(&account, claim), input, account))
    };
    let found = world.read(look).await?;
    let (documents, input, account) = found.ok_or_else(|| Problem::not_found("Учётной записи нет"))?;
    let frame = frame.signed_in(account.name.to_string());
    Ok(DocumentsPage { frame, account, documents, input, faults: Faults::default() })
}

async fn show(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<DocumentsPage>, Problem> {
    Ok(Page(page(&world, &me, frame).await?))
}

async fn put(world: &World<Gosuslugi>, me: &SignedIn, identity: &Identity) -> Result<(), ActError<IdentityError>> {
    world.act(|state, now, _| Ok((state.portal.enter_identity(me.oid(), identity, now)?, ()))).await
}

async fn enter(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(input): Form<DocumentsInput>,
) -> Result<Response, Problem> {
    let faults = match input.read() {
        Err(faults) => faults,
        Ok(identity) => match put(&world, &me, &identity).await {
            Ok(()) => return Ok(see_other(&world_url, "/lk/profile/documents")),
            Err(ActError::Refused(error)) if error.field().is_some() => {
                Faults::one(error.field().unwrap_or_default(), error.to_string())
            }
            Err(error) => return Err(error.into()),
        },
    };
    let known = page(&world, &me, frame).await?;
    Ok(Page(DocumentsPage { input, faults, ..known }).with(StatusCode::BAD_REQUEST))
}

async fn view(world: &World<Gosuslugi>, me: &SignedIn) -> Result<DocumentsView, Problem> {
    let look = |state: &Gosuslugi, _| {
        let account = state.portal.accounts.get(me.oid())?;
        Some(DocumentsView::of(account, state.portal.accounts.claim(me.oid())))
    };
    world.read(look).await?.ok_or_else(|| Problem::not_found("Учётной записи нет"))
}

/// Level and documents.
#[utoipa::path(get, path = "/lk/api/documents", tag = "personal account", responses((status = 200, body = DocumentsView)))]
async fn api_show(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<Json<DocumentsView>, Problem> {
    Ok(Json(view(&world, &me).await?))
}

/// Enters passport and СНИЛС; МВД and СФР look. Both confirmed make the account стандартная.
#[utoipa::path(put, path = "/lk/api/documents", tag = "personal account", request_body = DocumentsInput,
    responses((status = 202, body = DocumentsView), (status = 400), (status = 409)))]
async fn api_enter(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(input): Json<DocumentsInput>,
) -> Result<(StatusCode, Json<DocumentsView>), Problem> {
    put(&world, &me, &input.read()?).await?;
    Ok((StatusCode::ACCEPTED, Json(view(&world, &me).await?)))
}
