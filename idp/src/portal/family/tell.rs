//! Sentences of the timeline for events of «Семья и дети».

use esia::language::{pick, tr};

use super::{CardId, ChildAccountEvent, DraftEnding, FamilyEvent};
use crate::state::Gosuslugi;

fn card_of(state: &Gosuslugi, card: CardId) -> String {
    state.portal.family.get(card).map_or_else(|| format!("№ {}", card.0), |card| card.name.to_string())
}

impl FamilyEvent {
    /// Returns the sentence for the event, with names from the current state.
    #[expect(clippy::too_many_lines, reason = "a sentence for each event, in both languages")]
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        match self {
            Self::CardAdded { guardian, data, .. } => {
                tr!(
                    "{}: в «Семья и дети» добавлена карточка, {}",
                    "{}: a card was added to «Семья и дети», {}",
                    state.portal.name_of(*guardian),
                    data.name
                )
            }
            Self::CheckStarted { card, zags_at, sfr_at } => {
                let asked = [(pick("ЗАГС", "ZAGS"), zags_at), (pick("СФР", "SFR"), sfr_at)];
                let asked = asked.into_iter().filter_map(|(who, at)| Some((who, worlds::moscow::date_time((*at)?))));
                let asked: Vec<_> = asked.map(|(who, at)| tr!("{who} ответит {at}", "{who} answers at {at}")).collect();
                tr!(
                    "Карточка {}: отправлена на проверку, {}",
                    "Card {}: sent to be checked, {}",
                    card_of(state, *card),
                    asked.join(", ")
                )
            }
            Self::ZagsAnswered { card, certificate, papers } => {
                let certificate = certificate
                    .map(|status| tr!("свидетельство о рождении — «{}»", "birth certificate: «{}»", status.text()));
                let papers = papers
                    .iter()
                    .map(|(paper, status)| tr!("{} — «{}»", "«{}»: «{}»", paper.title().to_lowercase(), status.text()));
                let answers: Vec<_> = certificate.into_iter().chain(papers).collect();
                tr!(
                    "Карточка {}: ЗАГС ответил, {}",
                    "Card {}: ZAGS has answered, {}",
                    card_of(state, *card),
                    answers.join(", ")
                )
            }
            Self::SfrAnswered { card, snils, .. } => {
                tr!(
                    "Карточка {}: СФР ответил, СНИЛС — «{}»",
                    "Card {}: SFR has answered, SNILS: «{}»",
                    card_of(state, *card),
                    snils.text()
                )
            }
            Self::CertificateDeleted { card } => {
                tr!(
                    "Карточка {}: данные свидетельства удалены",
                    "Card {}: the data of the certificate were deleted",
                    card_of(state, *card)
                )
            }
            Self::CertificateEntered { card, certificate } => {
                tr!(
                    "Карточка {}: введено свидетельство {certificate}",
                    "Card {}: the certificate {certificate} was entered",
                    card_of(state, *card)
                )
            }
            Self::PaperChanged { card, paper, value: Some(value) } => {
                tr!(
                    "Карточка {}: введено — {} {value}",
                    "Card {}: entered: «{}» {value}",
                    card_of(state, *card),
                    paper.title()
                )
            }
            Self::PaperChanged { card, paper, value: None } => {
                tr!("Карточка {}: удалено — {}", "Card {}: deleted: «{}»", card_of(state, *card), paper.title())
            }
            Self::AutoUpdateOn { guardian } => {
                tr!(
                    "{}: автообновление данных из загса включено",
                    "{}: data of ZAGS are kept up to date",
                    state.portal.name_of(*guardian)
                )
            }
            Self::AutoUpdateSwitchingOff { guardian, until } => tr!(
                "{}: автообновление данных из загса отключается до {}",
                "{}: data of ZAGS stop being kept up to date until {}",
                state.portal.name_of(*guardian),
                worlds::moscow::date_time(*until)
            ),
            Self::AutoUpdateOff { guardian } => {
                tr!(
                    "{}: автообновление данных из загса отключено",
                    "{}: data of ZAGS are not kept up to date any more",
                    state.portal.name_of(*guardian)
                )
            }
        }
    }
}

impl ChildAccountEvent {
    /// Returns the sentence for the event, with names from the current state.
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let of = |card: &CardId| tr!("Карточка {}", "Card {}", card_of(state, *card));
        match self {
            Self::Started { card, email, token: Some(_), .. } => {
                tr!(
                    "{}: начато создание учётной записи, почта {email}",
                    "{}: an account is being made, e-mail address {email}",
                    of(card)
                )
            }
            Self::Started { card, email, token: None, .. } => {
                tr!(
                    "{}: начато создание учётной записи, зарегистрирована Детская почта {email}",
                    "{}: an account is being made, with the address {email} for children",
                    of(card)
                )
            }
            Self::LetterSent { card, .. } => tr!(
                "{}: письмо для подтверждения почты отправлено ещё раз",
                "{}: the letter that confirms the e-mail address was sent again",
                of(card)
            ),
            Self::EmailConfirmed { card } => {
                tr!("{}: почта ребёнка подтверждена", "{}: the child's e-mail address was confirmed", of(card))
            }
            Self::CodeSent { card, .. } => {
                tr!("{}: SMS с новым кодом отправлена", "{}: an SMS with a new code was sent", of(card))
            }
            Self::CodeMissed { card } => {
                tr!("{}: введён неверный код из SMS", "{}: a wrong code of an SMS was entered", of(card))
            }
            Self::PhoneConfirmed { card } => {
                tr!("{}: телефон ребёнка подтверждён", "{}: the child's phone was confirmed", of(card))
            }
            Self::Ended { card, how: DraftEnding::Made } => tr!(
                "{}: данные подтверждены, пароль создан",
                "{}: the data are confirmed, the password is made",
                of(card)
            ),
            Self::Ended { card, how: DraftEnding::Cancelled } => {
                tr!("{}: создание учётной записи отменено", "{}: the account is not made after all", of(card))
            }
            Self::Ended { card, how: DraftEnding::Lapsed } => {
                tr!(
                    "{}: срок подтверждения почты и телефона истёк",
                    "{}: the time to confirm e-mail address and phone is over",
                    of(card)
                )
            }
        }
    }
}
