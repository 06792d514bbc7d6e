//! Gathering of data from a scenario when a step fails.

use super::{Dossier, KeptPage, KeptWorld, ScenarioState};
use crate::{
    browser::Browser,
    control::{Control, ControlError},
};

impl ScenarioState {
    /// Gathers all available data of the scenario. A page or a world that cannot be read is left out.
    pub(super) async fn dossier(&mut self) -> Dossier {
        let mut dossier = Dossier { console: std::mem::take(&mut self.complaints), ..Dossier::default() };
        for (who, browser) in &mut self.browsers {
            dossier.pages.extend(kept(who, &mut **browser).await);
            let said = browser.console_errors().await.unwrap_or_default();
            dossier.console.entry(who.clone()).or_default().extend(said);
        }
        dossier.console.retain(|_, said| !said.is_empty());
        if let (Some(test_bed), Some(world)) = (self.test_bed.clone(), self.record.world.clone()) {
            for server in [test_bed.idp.ours(), test_bed.diary.ours()].into_iter().flatten() {
                match whole(server, &world).await {
                    Ok(world) => dossier.worlds.push(world),
                    Err(error) => tracing::warn!(%error, world, "a world is missing from the evidence"),
                }
            }
        }
        dossier
    }
}

async fn kept(who: &str, browser: &mut dyn Browser) -> Option<KeptPage> {
    let page = browser.page().await.ok()?;
    let picture = browser.picture().await.unwrap_or_default();
    Some(KeptPage { who: who.to_owned(), url: page.url().to_string(), html: page.source(), picture })
}

async fn whole(server: &Control, world: &str) -> Result<KeptWorld, ControlError> {
    let (timeline, export) = tokio::try_join!(server.whole_timeline(world), server.export(world))?;
    Ok(KeptWorld { party: server.party, base: server.world(world)?, timeline, export })
}
