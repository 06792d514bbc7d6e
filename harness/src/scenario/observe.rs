//! Observations after a step: a picture, the events of both servers, and the requests that failed a check.

use std::path::PathBuf;

use worlds::Entry;

use super::{Event, Evidence, Gathered, JournaledRequest, PageSnapshot, RefusedRequest, ScenarioState, StepError};
use crate::control::{CheckOutcome, ControlError, JournalEntry, Line, Party};

/// Number of latest requests of a world that are searched for failed checks.
const REQUESTS: usize = 3;

impl ScenarioState {
    /// Takes a picture of the page used last, also after a failed step; `None` if the run keeps no pictures.
    pub(crate) async fn picture(&mut self) -> Result<Option<PathBuf>, StepError> {
        let Some(folder) = self.test_bed()?.screenshots.clone() else { return Ok(None) };
        let Some(who) = self.last.clone() else { return Ok(None) };
        let file = folder.join(format!("{}-{:02}-{who}.png", self.slug, self.number));
        let Some(browser) = self.browsers.get_mut(&who) else { return Ok(None) };
        browser.screenshot(&file).await?;
        Ok(Some(file))
    }

    /// Returns the events of both servers since the last call.
    pub(crate) async fn news(&mut self) -> Result<Vec<Event>, ControlError> {
        let (Some(test_bed), Some(world)) = (self.test_bed.clone(), self.record.world.clone()) else {
            return Ok(Vec::new());
        };
        let [idp, diary] = self.told;
        let (idp, diary) = tokio::join!(test_bed.idp.timeline(&world, idp), test_bed.diary.timeline(&world, diary));
        let (idp, diary) = (heard(idp)?, heard(diary)?);
        for (told, lines) in self.told.iter_mut().zip([&idp, &diary]) {
            *told = lines.last().map_or(*told, |line| line.seq);
        }
        let idp = idp.into_iter().map(|line| (Party::Idp, line));
        Ok(in_order(idp.chain(diary.into_iter().map(|line| (Party::Diary, line))).collect()))
    }

    /// Gathers the evidence of a failed step: the page, requests that failed a check, and what the run wants in
    /// addition.
    pub(crate) async fn evidence(&mut self) -> Result<Evidence, ControlError> {
        let page = self.seen().await;
        let wants_all = self.test_bed.as_ref().is_some_and(|test_bed| test_bed.gathered == Gathered::Everything);
        let dossier = if wants_all { Some(Box::new(self.dossier().await)) } else { None };
        let (mut requests, mut journal) = (Vec::new(), Vec::new());
        if let (Some(test_bed), Some(world)) = (self.test_bed.clone(), self.record.world.clone()) {
            let (idp, diary) = (&test_bed.idp, &test_bed.diary);
            requests.extend(refused(Party::Idp, idp.requests(&world).await)?);
            requests.extend(refused(Party::Diary, diary.requests(&world).await)?);
            if test_bed.gathered >= Gathered::Journals {
                journal.extend(journaled(Party::Idp, idp.journal(&world).await));
                journal.extend(journaled(Party::Diary, diary.journal(&world).await));
            }
        }
        journal.sort_by_key(|request: &JournaledRequest| request.entry.answered_at);
        Ok(Evidence { page, requests, journal, dossier })
    }

    async fn seen(&mut self) -> Option<PageSnapshot> {
        let who = self.last.clone()?;
        let page = self.browsers.get_mut(&who)?.page().await.ok()?;
        let place = match (&self.test_bed, &self.record.world) {
            (Some(test_bed), Some(world)) => test_bed.place(world, page.url()),
            _ => page.url().to_string(),
        };
        Some(PageSnapshot { who, place, title: page.title(), text: page.main_text() })
    }
}

/// Returns the data of a server about a world, or empty data if the server has no such world.
fn heard<T: Default>(told: Result<T, ControlError>) -> Result<T, ControlError> {
    match told {
        Err(ControlError::Refused { .. }) => Ok(T::default()),
        other => other,
    }
}

/// Sorts events of both servers by the time of recording, or by the worlds' clocks if a server does not know it.
fn in_order(mut lines: Vec<(Party, Line)>) -> Vec<Event> {
    let known = lines.iter().all(|(_, line)| line.recorded_at.is_some());
    lines.sort_by_key(|(_, line)| line.recorded_at.filter(|_| known).unwrap_or(line.at));
    lines.into_iter().map(|(party, line)| Event { party, at: line.at, text: line.text }).collect()
}

fn refused(party: Party, told: Result<Vec<JournalEntry>, ControlError>) -> Result<Vec<RefusedRequest>, ControlError> {
    let entries = heard(told)?;
    let refused = entries.into_iter().filter_map(|entry| {
        let checks: Vec<_> = entry.verdict.into_iter().filter(|check| check.outcome != CheckOutcome::Passed).collect();
        let path = entry.target.split('?').next().unwrap_or_default();
        let what = format!("{} {path} → {}", entry.method, entry.status);
        (!checks.is_empty()).then_some(RefusedRequest { party, id: entry.id, what, checks })
    });
    Ok(refused.take(REQUESTS).collect())
}

/// Returns the journal of a server. A journal that cannot be read is missing from reports, and does not end the run.
fn journaled(party: Party, told: Result<Vec<Entry>, ControlError>) -> impl Iterator<Item = JournaledRequest> {
    let entries = heard(told).unwrap_or_else(|error| {
        tracing::warn!(%error, "a journal is missing from the reports");
        Vec::new()
    });
    entries.into_iter().map(move |entry| JournaledRequest { party, entry })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: &str, recorded_at: Option<&str>, text: &str) -> Line {
        let instant = |text: &str| text.parse().unwrap();
        Line { seq: 1, at: instant(at), recorded_at: recorded_at.map(instant), text: text.to_owned() }
    }

    fn told(lines: Vec<(Party, Line)>) -> String {
        in_order(lines).into_iter().map(|event| event.text).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn under_a_frozen_clock_events_stand_in_the_order_in_which_they_were_recorded() {
        const FROZEN: &str = "2024-09-02T06:00:00Z";
        let lines = vec![
            (Party::Idp, line(FROZEN, Some("2026-11-29T12:00:02Z"), "код обменян")),
            (Party::Diary, line(FROZEN, Some("2026-11-29T12:00:01Z"), "вход начат")),
            (Party::Diary, line(FROZEN, Some("2026-11-29T12:00:03Z"), "вошла")),
        ];
        assert_eq!(told(lines), "вход начат, код обменян, вошла");
    }

    #[test]
    fn where_it_is_not_known_when_all_were_recorded_the_clocks_decide() {
        let lines = vec![
            (Party::Idp, line("2024-09-02T06:00:01Z", None, "вторая")),
            (Party::Diary, line("2024-09-02T06:00:00Z", Some("2026-11-29T12:00:01Z"), "первая")),
        ];
        assert_eq!(told(lines), "первая, вторая");
    }
}
