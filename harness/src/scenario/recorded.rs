//! Recording of the HTTP exchanges of a scenario.

use super::ScenarioState;
use crate::{
    control::{Control, Party},
    wire::{Asker, Exchange, KeptExchange},
};

impl ScenarioState {
    /// Returns all recorded exchanges of the scenario in the order of answers: requests of people and, at a foreign
    /// provider, of the diary; and requests of programs to our servers, from the servers' journals.
    pub(super) async fn exchanges(&self) -> Vec<KeptExchange> {
        let (Some(bed), Some(world)) = (&self.test_bed, &self.record.world) else { return Vec::new() };
        if bed.wire.is_none() {
            return Vec::new();
        }
        let home = bed.diary.world(world).ok();
        let party = |exchange: &Exchange| {
            let is_diary = home.as_ref().is_some_and(|home| exchange.url.as_str().starts_with(home.as_str()));
            match &bed.site {
                _ if is_diary => Some(Party::Diary),
                Some(site) if site.has(&exchange.url) => None,
                _ => Some(Party::Idp),
            }
        };
        let mut all: Vec<_> = self.book.take();
        if let Some(idp) = bed.idp.ours() {
            all.extend(by_programs(idp, world, Asker::Diary).await);
        }
        if let Some(diary) = bed.diary.ours() {
            all.extend(by_programs(diary, world, Asker::Provider).await);
        }
        all.sort_by_key(|exchange| exchange.entry.answered_at);
        all.into_iter().map(|exchange| KeptExchange { party: party(&exchange), exchange }).collect()
    }
}

/// Returns the requests of programs from a server's journal; empty if the journal cannot be read.
async fn by_programs(server: &Control, world: &str, asker: Asker) -> Vec<Exchange> {
    let journal = server.journal(world).await.unwrap_or_else(|error| {
        tracing::warn!(%error, world, "a journal is missing from the recording");
        Vec::new()
    });
    let kept = journal.into_iter().filter(|entry| entry.by_program).filter_map(|entry| {
        let url = server.world(world).ok()?.join(entry.target.trim_start_matches('/')).ok()?;
        Some(Exchange { url, asker, entry })
    });
    kept.collect()
}
