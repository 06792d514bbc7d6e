//! Requests on their way to the journals of other replicas: written in batches, beside what is answered.

use sqlx::PgPool;
use tokio::sync::mpsc;

use crate::store::Incarnation;

/// Requests that wait to be written; more are not handed on.
const WAITING: usize = 10_000;
/// Requests in one statement.
const AT_ONCE: usize = 256;
/// Requests that are kept of all worlds together.
const KEPT: i64 = 20_000;
/// After how many batches the oldest are removed.
const TIDY_EVERY: u32 = 32;

/// A request of a world.
pub(super) type Shared = (Incarnation, String);

/// Writes requests of a replica until nobody hands any over.
pub(super) fn write(pool: PgPool, replica: i64) -> mpsc::Sender<Shared> {
    let (sender, mut waiting) = mpsc::channel::<Shared>(WAITING);
    tokio::spawn(async move {
        let (mut batch, mut batches) = (Vec::new(), 0_u32);
        while waiting.recv_many(&mut batch, AT_ONCE).await > 0 {
            let written = insert(&pool, replica, std::mem::take(&mut batch)).await;
            batches = batches.wrapping_add(1);
            let tidied = if batches % TIDY_EVERY == 0 { tidy(&pool).await } else { Ok(()) };
            if let Err(error) = written.and(tidied) {
                tracing::debug!(%error, "requests were not handed on to other replicas");
            }
        }
    });
    sender
}

async fn insert(pool: &PgPool, replica: i64, batch: Vec<Shared>) -> Result<(), sqlx::Error> {
    let (worlds, documents): (Vec<i64>, Vec<String>) =
        batch.into_iter().map(|(world, document)| (world.cast_signed(), document)).unzip();
    // A world may have been dropped meanwhile.
    let added = sqlx::query(
        "insert into request (world, replica, document)
        select shared.world, $1, shared.document from unnest($2::bigint[], $3::text[]) as shared (world, document)
        join world on world.id = shared.world",
    );
    added.bind(replica).bind(worlds).bind(documents).execute(pool).await.map(|_| ())
}

async fn tidy(pool: &PgPool) -> Result<(), sqlx::Error> {
    let removed = sqlx::query("delete from request where mark <= (select max(mark) from request) - $1");
    removed.bind(KEPT).execute(pool).await?;
    // Sessions are over by then.
    sqlx::query("delete from secret where put_at < now() - interval '7 days'").execute(pool).await.map(|_| ())
}
