//! Views of an application for the applicant and the school.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::data::{Application, Stage};
use crate::{
    register::{Parent, Pupil},
    state::Diary,
};

/// An application as its applicant sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ApplicationView {
    /// Number of the application, as in its address.
    pub(super) id: u32,
    /// «Фамилия Имя Отчество» of the child.
    pub(super) child: String,
    /// The school that considers it.
    pub(super) school: String,
    /// When it was filed.
    pub(super) filed_at: chrono::DateTime<chrono::Utc>,
    /// `waiting`, `accepted` or `declined`.
    pub(super) stage: &'static str,
    /// When the school decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decided_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Why it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// The pupil whose diary it has opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) diary: Option<String>,
}

impl ApplicationView {
    pub(super) fn of(diary: &Diary, id: u32, application: &Application) -> Self {
        let pupil = diary.register.pupil(&application.pupil);
        let decision = match &application.stage {
            Stage::Waiting => None,
            Stage::Accepted(decision) | Stage::Declined(decision, _) => Some(decision),
        };
        Self {
            id,
            child: application.request.child.to_string(),
            school: pupil.map(|pupil| diary.config.name_of(&pupil.school)).unwrap_or_default(),
            filed_at: application.filed_at,
            stage: application.stage.code(),
            decided_at: decision.map(|decision| decision.at),
            reason: match &application.stage {
                Stage::Declined(_, reason) => Some(reason.clone()),
                Stage::Waiting | Stage::Accepted(_) => None,
            },
            diary: matches!(application.stage, Stage::Accepted(_)).then(|| application.pupil.clone()),
        }
    }

    /// Returns the stylesheet class and the Russian text of the stage.
    pub(super) fn status(&self) -> (&'static str, &'static str) {
        match self.stage {
            "accepted" => ("ok", "Принято школой"),
            "declined" => ("bad", "Отклонено школой"),
            _ => ("warn", "На рассмотрении в школе"),
        }
    }

    pub(super) fn filed(&self) -> String {
        worlds::moscow::date_time(self.filed_at)
    }

    pub(super) fn decided(&self) -> String {
        self.decided_at.map(worlds::moscow::date_time).unwrap_or_default()
    }
}

impl Stage {
    /// Returns the code of the stage in JSON and in filters of the queue.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted(_) => "accepted",
            Self::Declined(..) => "declined",
        }
    }
}

/// An application as the school sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct QueuedView {
    /// What the applicant sees.
    #[serde(flatten)]
    pub(super) application: ApplicationView,
    /// «Фамилия Имя Отчество» of the applicant, from Gosuslugi.
    pub(super) applicant: String,
    /// «СНИЛС» of the applicant, from Gosuslugi.
    pub(super) snils: String,
    /// What the applicant says to be to the child.
    pub(super) relation: &'static str,
    /// «Телефон для связи».
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
    /// Birthday of the child as the applicant says it.
    pub(super) born: NaiveDate,
    /// Key of the pupil who was found.
    pub(super) pupil: String,
    /// Class of the pupil.
    pub(super) class: String,
    /// Who stands on the pupil's card now.
    pub(super) parents: Vec<String>,
    /// Name of the employee who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decided_by: Option<String>,
}

impl QueuedView {
    pub(super) fn of(diary: &Diary, id: u32, application: &Application) -> Self {
        let pupil = diary.register.pupil(&application.pupil);
        let on_card = |pupil: &Pupil| {
            let parents = pupil.parents.iter().filter_map(|key| diary.register.parent(key));
            parents.map(on_card).collect()
        };
        let request = &application.request;
        Self {
            application: ApplicationView::of(diary, id, application),
            applicant: application.applicant.name.to_string(),
            snils: application.applicant.snils.to_string(),
            relation: request.relation.name(),
            phone: request.phone.map(|phone| phone.to_string()),
            born: request.born,
            pupil: application.pupil.clone(),
            class: pupil.map(|pupil| pupil.class.clone()).unwrap_or_default(),
            parents: pupil.map(on_card).unwrap_or_default(),
            decided_by: match &application.stage {
                Stage::Waiting => None,
                Stage::Accepted(decision) | Stage::Declined(decision, _) => Some(decision.by.clone()),
            },
        }
    }
}

fn on_card(parent: &Parent) -> String {
    match parent.relation {
        Some(relation) => format!("{}, {}", parent.name, relation.name()),
        None => parent.name.to_string(),
    }
}
