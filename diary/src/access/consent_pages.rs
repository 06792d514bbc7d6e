//! `/school/pupils/{pupil}/consents`: the secretary's desk for one pupil.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use web::{ConfirmPage, Form, Frame, NoFields, Page, Problem, see_other};

use super::{
    consent::ConsentError,
    consent_api::{DeskView, desk_act},
    forms::{ConsentForm, PhoneForm},
};
use crate::{
    register::{Relation, Role},
    school::{Employee, Faults, SchoolNav, card_path},
};

#[derive(Template)]
#[template(path = "access/consents.html")]
struct ConsentsPage {
    frame: Frame,
    key: String,
    desk: DeskView,
    form: ConsentForm,
    faults: Faults,
    phone: PhoneForm,
    phone_faults: Faults,
}

impl ConsentsPage {
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn fault<'f>(&self, faults: &'f Faults, field: &str) -> Option<&'f str> {
        faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.as_str())
    }

    fn relations(&self) -> impl Iterator<Item = (Relation, bool)> {
        Relation::REPRESENTATIVES.into_iter().map(|one| (one, one.code() == self.form.relation))
    }

    fn card(&self) -> String {
        self.frame.path(&card_path(&self.key))
    }

    fn answer(self) -> Response {
        let is_fine = self.faults.is_empty() && self.phone_faults.is_empty();
        Page(self).with(if is_fine { StatusCode::OK } else { StatusCode::BAD_REQUEST })
    }
}

async fn page(employee: &Employee, frame: Frame, key: String) -> Result<ConsentsPage, Problem> {
    let visitor = &employee.visitor;
    let read = visitor.world.read(|diary, _| {
        let staff = employee.staff_as(diary, Role::Secretary)?;
        Ok::<_, Problem>((SchoolNav::of(&employee.visitor, diary)?, DeskView::of(diary, staff, &key)?))
    });
    let (nav, desk) = read.await??;
    let (frame, phone) = (visitor.frame(frame).with_menu(nav.menu), PhoneForm { phone: desk.phone.clone() });
    let (form, faults, phone_faults) = (ConsentForm::default(), Faults::new(), Faults::new());
    Ok(ConsentsPage { frame, key, desk, form, faults, phone, phone_faults })
}

/// `GET /school/pupils/{pupil}/consents`: shows the consents of a pupil, and the form for a new one.
pub(crate) async fn list(employee: Employee, frame: Frame, Path(key): Path<String>) -> Result<Response, Problem> {
    Ok(page(&employee, frame, key).await?.answer())
}

/// Redirects to the page, returns the refusal at its field, or fails with an error page if the refusal has no field.
fn done(employee: &Employee, key: &str, acted: Result<(), ConsentError>) -> Result<Result<Response, Faults>, Problem> {
    match acted {
        Ok(()) => Ok(Ok(see_other(&employee.visitor.world_url, &format!("{}/consents", card_path(key))))),
        Err(error) => match error.field() {
            Some(field) => Ok(Err(vec![(field, error.to_string())])),
            None => Err(error.into()),
        },
    }
}

/// `POST /school/pupils/{pupil}/consents`: records a paper consent.
pub(crate) async fn take(
    employee: Employee,
    frame: Frame,
    Path(key): Path<String>,
    Form(form): Form<ConsentForm>,
) -> Result<Response, Problem> {
    let today = employee.visitor.world.read(|_, now| worlds::moscow::date(now)).await?;
    let outcome = match form.read(today) {
        Ok(paper) => {
            let acted = desk_act(&employee, |diary, staff| diary.take_consent(staff, &key, &paper)).await?;
            done(&employee, &key, acted)?
        }
        Err(faults) => Err(faults),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(faults) => Ok(ConsentsPage { form, faults, ..page(&employee, frame, key).await? }.answer()),
    }
}

/// `GET /school/pupils/{pupil}/consents/{id}/withdraw`: asks for confirmation before a representative is detached.
pub(crate) async fn ask_to_withdraw(
    employee: Employee,
    frame: Frame,
    Path((key, id)): Path<(String, u32)>,
) -> Result<Page<ConfirmPage>, Problem> {
    let ConsentsPage { frame, key, desk, .. } = page(&employee, frame, key).await?;
    let consent = desk.consents.iter().find(|one| one.id == id).ok_or(ConsentError::Unknown)?;
    let back = format!("{}/consents", card_path(&key));
    Ok(Page(ConfirmPage {
        frame,
        tone: "grey",
        question: "Отозвать согласие?",
        about: format!("{} — {}", consent.name, desk.pupil),
        consequence: "Представитель будет откреплён от ученика, и дневник ему больше не откроется. Чтобы прикрепить снова, понадобится новое согласие.",
        button: "Да, отозвать",
        action: format!("{back}/{id}/withdraw"),
        back,
    }))
}

/// `POST /school/pupils/{pupil}/consents/{id}/withdraw`: records the withdrawal and detaches the representative.
pub(crate) async fn withdraw(
    employee: Employee,
    Path((key, id)): Path<(String, u32)>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    desk_act(&employee, |diary, staff| diary.withdraw_consent(staff, &key, id)).await??;
    Ok(see_other(&employee.visitor.world_url, &format!("{}/consents", card_path(&key))).into_response())
}

/// `POST /school/pupils/{pupil}/phone`: records the phone of the child account (R004.4).
pub(crate) async fn give_phone(
    employee: Employee,
    frame: Frame,
    Path(key): Path<String>,
    Form(phone): Form<PhoneForm>,
) -> Result<Response, Problem> {
    let outcome = match phone.read() {
        Ok(read) => {
            let acted = desk_act(&employee, |diary, staff| diary.give_phone(staff, &key, read)).await?;
            done(&employee, &key, acted)?
        }
        Err(faults) => Err(faults),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(phone_faults) => Ok(ConsentsPage { phone, phone_faults, ..page(&employee, frame, key).await? }.answer()),
    }
}
