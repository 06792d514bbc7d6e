//! What other replicas have recorded, as the database tells it: `LISTEN` on a channel of the server.

use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::broadcast;

use crate::store::StoreChange;

/// Changes that are kept for whoever is slow; more come as [`StoreChange::Unknown`].
const WAITING: usize = 1_024;
/// Before it is tried again to listen.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens until nobody waits for changes any more.
pub(super) fn listen(pool: PgPool, channel: String) -> broadcast::Sender<StoreChange> {
    let (told, _) = broadcast::channel(WAITING);
    let weak = told.downgrade();
    tokio::spawn(async move {
        loop {
            if let Err(error) = follow(&pool, &channel, &weak).await {
                tracing::debug!(%error, "not told of what other replicas record");
            }
            if weak.strong_count() == 0 {
                return;
            }
            pause().await;
        }
    });
    told
}

async fn follow(pool: &PgPool, channel: &str, told: &broadcast::WeakSender<StoreChange>) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(channel).await?;
    // What was missed before is looked for.
    let mut change = StoreChange::Unknown;
    loop {
        let Some(told) = told.upgrade() else { return Ok(()) };
        // Nobody may be waiting just now.
        drop(told.send(change));
        drop(told);
        let notification = listener.try_recv().await?;
        let world = notification.and_then(|told| told.payload().parse().ok());
        change = world.map_or(StoreChange::Unknown, StoreChange::Appended);
    }
}

#[expect(clippy::disallowed_methods, reason = "the database is given time to come back; no world's time passes")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}
