//! The timeline's sentences about «Семья и дети».

use super::{CardId, ChildAccountEvent, DraftEnding, FamilyEvent};
use crate::state::Gosuslugi;

fn card_of(state: &Gosuslugi, card: CardId) -> String {
    state.portal.family.get(card).map_or_else(|| format!("№ {}", card.0), |card| card.name.to_string())
}

impl FamilyEvent {
    /// What happened; names are those of the state now.
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        match self {
            Self::CardAdded { guardian, data, .. } => {
                format!("{}: в «Семья и дети» добавлена карточка, {}", state.portal.name_of(*guardian), data.name)
            }
            Self::CheckStarted { card, zags_at, sfr_at } => {
                let asked = [("ЗАГС", zags_at), ("СФР", sfr_at)];
                let asked = asked.into_iter().filter_map(|(who, at)| Some((who, worlds::moscow::date_time((*at)?))));
                let asked: Vec<_> = asked.map(|(who, at)| format!("{who} ответит {at}")).collect();
                format!("Карточка {}: отправлена на проверку, {}", card_of(state, *card), asked.join(", "))
            }
            Self::ZagsAnswered { card, certificate, papers } => {
                let certificate = certificate.map(|status| format!("свидетельство о рождении — «{}»", status.text()));
                let papers = papers
                    .iter()
                    .map(|(paper, status)| format!("{} — «{}»", paper.title().to_lowercase(), status.text()));
                let answers: Vec<_> = certificate.into_iter().chain(papers).collect();
                format!("Карточка {}: ЗАГС ответил, {}", card_of(state, *card), answers.join(", "))
            }
            Self::SfrAnswered { card, snils, .. } => {
                format!("Карточка {}: СФР ответил, СНИЛС — «{}»", card_of(state, *card), snils.text())
            }
            Self::CertificateDeleted { card } => {
                format!("Карточка {}: данные свидетельства удалены", card_of(state, *card))
            }
            Self::CertificateEntered { card, certificate } => {
                format!("Карточка {}: введено свидетельство {certificate}", card_of(state, *card))
            }
            Self::PaperChanged { card, paper, value: Some(value) } => {
                format!("Карточка {}: введено — {} {value}", card_of(state, *card), paper.title())
            }
            Self::PaperChanged { card, paper, value: None } => {
                format!("Карточка {}: удалено — {}", card_of(state, *card), paper.title())
            }
            Self::AutoUpdateOn { guardian } => {
                format!("{}: автообновление данных из загса включено", state.portal.name_of(*guardian))
            }
            Self::AutoUpdateSwitchingOff { guardian, until } => format!(
                "{}: автообновление данных из загса отключается до {}",
                state.portal.name_of(*guardian),
                worlds::moscow::date_time(*until)
            ),
            Self::AutoUpdateOff { guardian } => {
                format!("{}: автообновление данных из загса отключено", state.portal.name_of(*guardian))
            }
        }
    }
}

impl ChildAccountEvent {
    /// What happened; names are those of the state now.
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let of = |card: &CardId| format!("Карточка {}", card_of(state, *card));
        match self {
            Self::Started { card, email, token: Some(_), .. } => {
                format!("{}: начато создание учётной записи, почта {email}", of(card))
            }
            Self::Started { card, email, token: None, .. } => {
                format!("{}: начато создание учётной записи, зарегистрирована Детская почта {email}", of(card))
            }
            Self::LetterSent { card, .. } => format!("{}: письмо для подтверждения почты отправлено ещё раз", of(card)),
            Self::EmailConfirmed { card } => format!("{}: почта ребёнка подтверждена", of(card)),
            Self::CodeSent { card, .. } => format!("{}: SMS с новым кодом отправлена", of(card)),
            Self::CodeMissed { card } => format!("{}: введён неверный код из SMS", of(card)),
            Self::PhoneConfirmed { card } => format!("{}: телефон ребёнка подтверждён", of(card)),
            Self::Ended { card, how: DraftEnding::Made } => format!("{}: данные подтверждены, пароль создан", of(card)),
            Self::Ended { card, how: DraftEnding::Cancelled } => {
                format!("{}: создание учётной записи отменено", of(card))
            }
            Self::Ended { card, how: DraftEnding::Lapsed } => {
                format!("{}: срок подтверждения почты и телефона истёк", of(card))
            }
        }
    }
}
