//! A world that replicas of a server share: what the others have recorded, the requests that they have answered, and values
//! beside the log.

use std::{sync::atomic::Ordering, time::Duration};

use crate::{
    Domain, Entry, Recorded, World,
    store::{Incarnation, StoreError},
    world::{CurrentState, IDS_OF_A_REPLICA, Unread},
};

/// How far back is looked for requests of other replicas that have appeared late.
const LATE_MARKS: u64 = 200;
/// How often, and after which pause, is looked for a request that another replica has only just answered.
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

impl<D: Domain> World<D> {
    /// Whether replicas of the server share it: what is kept in this process alone is unknown to the others.
    pub fn is_shared(&self) -> bool {
        self.server_context.store.is_shared()
    }

    /// A value that replicas share beside the log, never exported, and its version. None where no replicas share the world.
    ///
    /// # Errors
    /// The store's.
    pub async fn secret(&self, key: &str) -> Result<Option<(String, u64)>, StoreError> {
        self.server_context.store.secret(self.incarnation, key).await
    }

    /// Keeps such a value, if the one that is there is of the expected version: `None` whatever is there. Answers whether it did.
    ///
    /// # Errors
    /// The store's.
    pub async fn put_secret(&self, key: &str, value: &str, expected: Option<u64>) -> Result<bool, StoreError> {
        self.server_context.store.put_secret(self.incarnation, key, value, expected).await
    }

    /// Keeps an entry in the journal, and hands it on where other replicas have journals too.
    pub fn keep_request(&self, entry: Entry) {
        let store = &self.server_context.store;
        if !store.is_shared() {
            return self.journal.keep(entry);
        }
        let entry = entry.fitted();
        let of_it = |recorded: &&Recorded| recorded.request == Some(entry.id);
        let recorded: Vec<_> = self.recorded.lock().iter().filter(of_it).copied().collect();
        if let Ok(document) = serde_json::to_string(&(&entry, recorded)) {
            store.share_request(self.incarnation, document);
        }
        self.journal.keep(entry);
    }

    /// Brings the journal up to date with the requests that other replicas have answered.
    ///
    /// # Errors
    /// The store's.
    pub async fn refresh_journal(&self) -> Result<(), StoreError> {
        let store = &self.server_context.store;
        if !store.is_shared() {
            return Ok(());
        }
        let upto = self.shared_upto.load(Ordering::Relaxed);
        let shared = store.shared_requests(self.incarnation, upto.saturating_sub(LATE_MARKS)).await?;
        for request in shared {
            match serde_json::from_str::<(Entry, Vec<Recorded>)>(&request.document) {
                Ok((entry, recorded)) => {
                    self.note_recorded(recorded);
                    self.journal.keep_theirs(entry);
                }
                Err(error) => tracing::warn!(%error, "a request of another replica cannot be read"),
            }
            self.shared_upto.fetch_max(request.mark, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A request by its id, at whichever replica it was answered; one that was answered only just now is waited for.
    ///
    /// # Errors
    /// The store's.
    pub async fn request(&self, id: u64) -> Result<Option<Entry>, StoreError> {
        let is_theirs = id / IDS_OF_A_REPLICA != self.server_context.store.replica();
        let looks = if is_theirs && self.server_context.store.is_shared() { LOOKS } else { 0 };
        for _ in 0..looks {
            if let Some(entry) = self.journal.get(id) {
                return Ok(Some(entry));
            }
            pause(BETWEEN_LOOKS).await;
            self.refresh_journal().await?;
        }
        Ok(self.journal.get(id))
    }

    /// Applies what other replicas have recorded up to now, where the store is shared: what was acknowledged anywhere before
    /// this is called is seen after it.
    ///
    /// # Errors
    /// When the world has been dropped, or the store's.
    pub(crate) async fn refresh(&self) -> Result<(), StoreError> {
        if self.server_context.store.is_shared() {
            self.apply_news(self.seq()).await?;
        }
        Ok(())
    }

    /// Answers with how many records there are after `seq`.
    pub(crate) async fn apply_news(&self, seq: u64) -> Result<usize, StoreError> {
        let news = self.server_context.store.news(&self.name, self.incarnation, seq).await;
        let records = news.inspect_err(|error| {
            if matches!(error, StoreError::Gone(_)) {
                self.set_dropped();
            }
        })?;
        let Some((first, last)) = records.first().zip(records.last()) else { return Ok(0) };
        if first.seq > seq + 1 {
            return self.overtake(seq).await;
        }
        let replayed = {
            let mut current = self.current.write();
            let known = records.partition_point(|record| record.seq <= current.seq);
            current.replay(&records[known..])
        };
        replayed.map_err(|unread| self.server_context.unread(&self.name, unread))?;
        self.tell_of(last.seq);
        Ok(records.len())
    }

    /// The same where records after `seq` are not kept any more: from the checkpoint for which they went.
    async fn overtake(&self, seq: u64) -> Result<usize, StoreError> {
        let store = &self.server_context.store;
        let unread = |reason| self.server_context.unread(&self.name, Unread { event: seq + 1, reason });
        let checkpoint = store.checkpoint(&self.name).await?;
        let checkpoint = checkpoint.ok_or_else(|| unread("it is not kept, and neither is a checkpoint".to_owned()))?;
        let rng = self.current.read().rng.clone();
        let mut resumed = CurrentState::resume(&checkpoint, rng).map_err(unread)?;
        let records = store.news(&self.name, self.incarnation, checkpoint.seq).await?;
        resumed.replay(&records).map_err(|unread| self.server_context.unread(&self.name, unread))?;
        resumed.run_on(&self.name, &*self.server_context.wall);
        let upto = resumed.seq;
        {
            let mut current = self.current.write();
            if current.seq < upto {
                *current = resumed;
            }
        }
        self.tell_of(upto);
        Ok(usize::try_from(upto.saturating_sub(seq)).unwrap_or(usize::MAX))
    }

    /// Wakes whoever waits for events up to that number.
    fn tell_of(&self, seq: u64) {
        self.head.send_if_modified(|head| {
            let is_news = *head < seq;
            if is_news {
                *head = seq;
            }
            is_news
        });
    }

    /// Which of the worlds of its name it is.
    pub(crate) const fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    /// Whether somebody waits for its events.
    pub(crate) fn is_watched(&self) -> bool {
        self.head.receiver_count() > 0
    }
}

#[expect(clippy::disallowed_methods, reason = "another replica is given time; no world's time passes")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
