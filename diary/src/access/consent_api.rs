//! JSON API of the secretary's desk.

use axum::{extract::Path, http::StatusCode};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Json, Problem};

use super::{
    AccessEvent,
    consent::ConsentError,
    data::PaperConsent,
    forms::{ConsentForm, PhoneForm},
};
use crate::{
    error::first,
    event::DiaryEvent,
    register::{Role, Staff},
    school::Employee,
    state::Diary,
};

/// A consent on paper.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConsentView {
    /// Number of the consent, as in its address.
    pub(super) id: u32,
    /// «Фамилия Имя Отчество» of the representative.
    pub(super) name: String,
    /// «СНИЛС» of the representative.
    pub(super) snils: String,
    /// What the representative is to the pupil.
    pub(super) relation: &'static str,
    /// The day under the signature.
    pub(super) signed_on: NaiveDate,
    /// Who took it.
    pub(super) taken_by: String,
    /// When the secretary took it.
    pub(super) taken_at: chrono::DateTime<chrono::Utc>,
    /// When it was withdrawn; absent while it is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) withdrawn_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Who noted the withdrawal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) withdrawn_by: Option<String>,
}

impl ConsentView {
    fn of(id: u32, consent: &PaperConsent) -> Self {
        let (withdrawn_by, withdrawn_at) = consent.withdrawn.clone().unzip();
        Self {
            id,
            name: consent.paper.name.to_string(),
            snils: consent.paper.snils.to_string(),
            relation: consent.paper.relation.name(),
            signed_on: consent.paper.signed_on,
            taken_by: consent.taken_by.clone(),
            taken_at: consent.taken_at,
            withdrawn_at,
            withdrawn_by,
        }
    }

    pub(super) fn taken(&self) -> String {
        worlds::moscow::date_time(self.taken_at)
    }

    pub(super) fn withdrawn(&self) -> String {
        self.withdrawn_at.map(worlds::moscow::date_time).unwrap_or_default()
    }
}

/// What the secretary sees of a pupil.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DeskView {
    /// «Фамилия Имя Отчество» of the pupil.
    pub(super) pupil: String,
    /// Class of the pupil, as `7А`.
    pub(super) class: String,
    /// The phone that the child account is bound to; empty when the school was given none (R004.4).
    pub(super) phone: String,
    /// Consents, the newest first.
    pub(super) consents: Vec<ConsentView>,
}

impl DeskView {
    pub(super) fn of(diary: &Diary, staff: &Staff, key: &str) -> Result<Self, ConsentError> {
        let pupil = diary.pupil_of_desk(staff, key)?;
        let of_pupil = diary.access.consents.iter().rev().filter(|(_, one)| one.pupil == key);
        Ok(Self {
            pupil: pupil.name.to_string(),
            class: pupil.class.clone(),
            phone: pupil.phone.map(|phone| phone.to_string()).unwrap_or_default(),
            consents: of_pupil.map(|(id, one)| ConsentView::of(*id, one)).collect(),
        })
    }
}

/// Records the decision of a secretary.
pub(super) async fn desk_act(
    employee: &Employee,
    decide: impl Fn(&Diary, &Staff) -> Result<Vec<AccessEvent>, ConsentError> + Sync,
) -> Result<Result<(), ConsentError>, Problem> {
    let acted = employee.visitor.world.act::<_, Problem>(|diary, _, _| {
        match decide(diary, employee.staff_as(diary, Role::Secretary)?) {
            Ok(events) => Ok((events.into_iter().map(|event| DiaryEvent::Access { event }).collect(), Ok(()))),
            Err(error) => Ok((Vec::new(), Err(error))),
        }
    });
    Ok(acted.await?)
}

/// What the secretary sees of a pupil, consents among it (R004.3).
#[utoipa::path(get, path = "/api/school/pupils/{pupil}/consents", tag = "school",
    responses((status = 200, body = DeskView), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn list(employee: Employee, Path(pupil): Path<String>) -> Result<Json<DeskView>, Problem> {
    let read = employee.visitor.world.read(|diary, _| {
        let staff = employee.staff_as(diary, Role::Secretary)?;
        Ok::<_, Problem>(DeskView::of(diary, staff, &pupil)?)
    });
    Ok(Json(read.await??))
}

/// Takes a consent on paper: its representative is attached to the pupil (R004.3).
#[utoipa::path(post, path = "/api/school/pupils/{pupil}/consents", tag = "school", request_body = ConsentForm,
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn take(
    employee: Employee,
    Path(pupil): Path<String>,
    Json(form): Json<ConsentForm>,
) -> Result<StatusCode, Problem> {
    let today = employee.visitor.world.read(|_, now| worlds::moscow::date(now)).await?;
    let paper = form.read(today).map_err(first)?;
    desk_act(&employee, |diary, staff| diary.take_consent(staff, &pupil, &paper)).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Notes that a consent is withdrawn: its representative is detached.
#[utoipa::path(delete, path = "/api/school/pupils/{pupil}/consents/{id}", tag = "school",
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn withdraw(
    employee: Employee,
    Path((pupil, id)): Path<(String, u32)>,
) -> Result<StatusCode, Problem> {
    desk_act(&employee, |diary, staff| diary.withdraw_consent(staff, &pupil, id)).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Notes the phone that the parents gave for the child account (R004.4).
#[utoipa::path(put, path = "/api/school/pupils/{pupil}/phone", tag = "school", request_body = PhoneForm,
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn give_phone(
    employee: Employee,
    Path(pupil): Path<String>,
    Json(form): Json<PhoneForm>,
) -> Result<StatusCode, Problem> {
    let phone = form.read().map_err(first)?;
    desk_act(&employee, |diary, staff| diary.give_phone(staff, &pupil, phone)).await??;
    Ok(StatusCode::NO_CONTENT)
}
