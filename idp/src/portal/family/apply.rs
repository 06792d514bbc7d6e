//! Application of events to cards of «Семья и дети».

use chrono::{DateTime, Utc};

use super::{AutoUpdate, Card, CardId, CheckStatus, Checked, Paper, model::FamilyEvent};
use crate::portal::{Deadline, Portal, agencies::Agency};

impl Portal {
    pub(crate) fn apply_family(&mut self, event: &FamilyEvent) {
        match event {
            FamilyEvent::CardAdded { card, guardian, data } => {
                self.family.insert(Card::entered(*card, *guardian, data.clone()));
            }
            FamilyEvent::CheckStarted { card, zags_at, sfr_at } => self.check_started(*card, *zags_at, *sfr_at),
            FamilyEvent::ZagsAnswered { card: id, certificate, papers } => {
                self.stop_waiting(Agency::Zags, Deadline::ZagsAnswer(*id));
                let Some(card) = self.family.cards.get_mut(id) else { return };
                card.zags_at = None;
                if let Some(status) = certificate {
                    card.certificate.status = *status;
                }
                for (paper, status) in papers {
                    if let Some(checked) = card.papers.get_mut(paper) {
                        checked.status = *status;
                    }
                }
            }
            FamilyEvent::SfrAnswered { card: id, snils, found } => {
                self.stop_waiting(Agency::Sfr, Deadline::SfrAnswer(*id));
                let Some(card) = self.family.cards.get_mut(id) else { return };
                card.sfr_at = None;
                card.snils = Checked { value: *found, status: *snils };
            }
            FamilyEvent::CertificateDeleted { card } => {
                if let Some(card) = self.family.cards.get_mut(card) {
                    card.certificate = Checked::entered(None);
                }
            }
            FamilyEvent::CertificateEntered { card, certificate } => {
                if let Some(card) = self.family.cards.get_mut(card) {
                    card.certificate = Checked::entered(Some(certificate.clone()));
                }
            }
            FamilyEvent::PaperChanged { card, paper, value } => self.paper_changed(*card, *paper, value.as_ref()),
            FamilyEvent::AutoUpdateOn { guardian } => {
                self.family.auto_update.insert(*guardian, AutoUpdate::On);
            }
            FamilyEvent::AutoUpdateSwitchingOff { guardian, until } => {
                self.family.auto_update.insert(*guardian, AutoUpdate::SwitchingOff { until: *until });
                self.await_answer(Agency::Zags, *until, Deadline::AutoUpdateOff(*guardian));
            }
            FamilyEvent::AutoUpdateOff { guardian } => {
                self.stop_waiting(Agency::Zags, Deadline::AutoUpdateOff(*guardian));
                self.family.auto_update.insert(*guardian, AutoUpdate::Off);
            }
        }
    }

    fn check_started(&mut self, id: CardId, zags_at: Option<DateTime<Utc>>, sfr_at: Option<DateTime<Utc>>) {
        let Some(card) = self.family.cards.get_mut(&id) else { return };
        (card.zags_at, card.sfr_at) = (zags_at, sfr_at);
        if let Some(at) = zags_at {
            if !card.certificate.is_confirmed() {
                card.certificate.status = CheckStatus::Checking;
            }
            for paper in card.unproven_acts() {
                if let Some(checked) = card.papers.get_mut(&paper) {
                    checked.status = CheckStatus::Checking;
                }
            }
            self.await_answer(Agency::Zags, at, Deadline::ZagsAnswer(id));
        }
        let Some(card) = self.family.cards.get_mut(&id) else { return };
        if let Some(at) = sfr_at {
            card.snils.status = CheckStatus::Searching;
            self.await_answer(Agency::Sfr, at, Deadline::SfrAnswer(id));
        }
    }

    fn paper_changed(&mut self, id: CardId, paper: Paper, value: Option<&String>) {
        let Some(card) = self.family.cards.get_mut(&id) else { return };
        match (paper, value) {
            (Paper::Snils, value) => card.snils = Checked::entered(value.and_then(|snils| snils.parse().ok())),
            (paper, Some(value)) => {
                card.papers.insert(paper, Checked::entered(Some(value.clone())));
            }
            (paper, None) => {
                card.papers.remove(&paper);
            }
        }
    }
}
