//! Views of cards and unfinished child accounts for pages and JSON.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Card, CardError, CheckStatus, Draft, Paper};
use crate::{
    portal::agencies::{Agency, BirthDocument, BirthKind},
    state::Gosuslugi,
};

/// A document of a card beside the birth certificate, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PaperView {
    /// The document that this is about.
    pub(crate) paper: Paper,
    /// Its number, if entered or found.
    pub(crate) value: Option<String>,
    /// How its check stands.
    pub(crate) status: CheckStatus,
    /// Whether it may be entered, changed or deleted.
    pub(crate) may_change: bool,
}

/// A card as it is shown.
#[expect(clippy::struct_excessive_bools, reason = "one for each button of the card")]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CardView {
    /// Number of the card.
    pub(crate) id: u64,
    /// Surname, name, patronymic.
    pub(crate) name: String,
    /// Day of birth.
    pub(crate) born: NaiveDate,
    /// Birth certificate, if entered.
    pub(crate) certificate: Option<String>,
    /// Who issued it.
    pub(crate) certificate_kind: Option<BirthKind>,
    /// How its check stands.
    pub(crate) certificate_status: CheckStatus,
    /// СНИЛС, if entered or found.
    pub(crate) snils: Option<String>,
    /// How its check stands.
    pub(crate) snils_status: CheckStatus,
    /// The documents beside the certificate, СНИЛС among them.
    pub(crate) papers: Vec<PaperView>,
    /// When the agencies will have answered, while they check.
    pub(crate) answer_at: Option<DateTime<Utc>>,
    /// Agencies that have to answer and are down.
    pub(crate) down: Vec<&'static str>,
    /// «Отправить» is shown.
    pub(crate) may_be_checked: bool,
    /// «Удалить данные свидетельства» is shown.
    pub(crate) may_lose_certificate: bool,
    /// «Создать» is shown.
    pub(crate) may_create: bool,
    /// Why it is not.
    pub(crate) create_refusal: Option<String>,
    /// «Привязать» is shown.
    pub(crate) may_bind: bool,
    /// The child's account, once it is bound to this guardian.
    pub(crate) account: Option<u64>,
    /// An account with the child's СНИЛС exists, whoever it is bound to.
    #[serde(skip)]
    pub(crate) has_account: bool,
}

impl CardView {
    pub(crate) fn of(state: &Gosuslugi, card: &Card, today: NaiveDate) -> Self {
        let account = state.portal.bound_account(card);
        let offer = state.portal.offers_account(card, today);
        let paper = |paper: Paper| {
            let checked = card.paper(paper);
            PaperView {
                paper,
                value: checked.value,
                status: checked.status,
                may_change: card.may_change(paper).is_ok(),
            }
        };
        let asked = [(Agency::Zags, card.zags_at), (Agency::Sfr, card.sfr_at)];
        let asked = asked.into_iter().filter(|(_, at)| at.is_some());
        Self {
            id: card.id.0,
            name: card.name.to_string(),
            born: card.born,
            certificate: card.certificate.value.as_ref().map(ToString::to_string),
            certificate_kind: card.certificate.value.as_ref().map(BirthDocument::kind),
            certificate_status: card.certificate.status,
            snils: card.snils.value.as_ref().map(ToString::to_string),
            snils_status: card.snils.status,
            papers: Paper::ALL.into_iter().map(paper).collect(),
            answer_at: card.zags_at.max(card.sfr_at),
            down: asked
                .filter(|(agency, _)| state.portal.agencies.is_down(*agency))
                .map(|(agency, _)| agency.title())
                .collect(),
            may_be_checked: card.may_be_checked(),
            may_lose_certificate: card.may_lose_certificate(),
            has_account: matches!(offer, Err(CardError::HasAccount)),
            may_create: offer.is_ok(),
            create_refusal: offer.err().filter(|_| account.is_none()).map(|error| error.to_string()),
            may_bind: state.portal.offers_binding(card, today),
            account: account.map(esia::Oid::get),
        }
    }

    /// Returns one status for the two documents that an account needs: that of the birth certificate unless it is
    /// confirmed, else that of the СНИЛС.
    pub(crate) fn status(&self) -> CheckStatus {
        match (self.certificate_status, self.snils_status) {
            (CheckStatus::Confirmed, snils) => snils,
            (certificate, _) => certificate,
        }
    }

    /// Whether any document other than the birth certificate may be entered or changed.
    pub(crate) fn may_change_papers(&self) -> bool {
        self.papers.iter().any(|paper| paper.may_change)
    }

    /// Returns the CSS tone of a status.
    pub(crate) fn tone(status: CheckStatus) -> &'static str {
        match status {
            CheckStatus::Confirmed => "ok",
            CheckStatus::Checking | CheckStatus::Searching => "warn",
            CheckStatus::Entered => "",
            CheckStatus::NotInZags | CheckStatus::NotInSfr => "bad",
        }
    }
}

/// A child's account that is being made, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DraftView {
    /// The child's e-mail.
    pub(crate) email: String,
    /// Whether the letter's link was followed; a «Детская почта» needs none.
    pub(crate) email_confirmed: bool,
    /// The child's phone.
    pub(crate) phone: Option<String>,
    /// Whether the code from the SMS was entered.
    pub(crate) phone_confirmed: bool,
    /// Until when the code that was sent works.
    pub(crate) code_until: Option<DateTime<Utc>>,
    /// Whether only the password is missing.
    pub(crate) confirmed: bool,
    /// When all this lapses.
    pub(crate) expires_at: DateTime<Utc>,
}

impl From<&Draft> for DraftView {
    fn from(draft: &Draft) -> Self {
        Self {
            email: draft.email.to_string(),
            email_confirmed: draft.email_proof.is_given(),
            phone: draft.phone.as_ref().map(|(phone, _)| phone.to_string()),
            phone_confirmed: draft.phone.as_ref().is_some_and(|(_, proof)| proof.is_given()),
            code_until: draft.code_until(),
            confirmed: draft.is_confirmed(),
            expires_at: draft.expires_at,
        }
    }
}
