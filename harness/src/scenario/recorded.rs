//! What went over the wire in a scenario, from all who have seen it.

use super::ScenarioState;
use crate::{
    control::{Control, Party},
    wire::{Asker, Exchange, KeptExchange},
};

impl ScenarioState {
    /// Everything that was kept of the scenario, in the order of answers: what people and, at a foreign provider, the diary have
    /// asked; what programs have asked of our servers, as their journals have it.
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

/// The requests of programs in a server's journal; none where the journal cannot be had.
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
