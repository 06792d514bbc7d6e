//! Checkpoints of a world: made beside everything else, and gone on from.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    Checkpoint, Domain, Record, World, WorldRng,
    checkpoint::{packed, unpacked},
    log_event::read_json,
    store::StoreError,
    world::CurrentState,
};

impl<D: Domain> CurrentState<D> {
    /// What is kept of it, and how many bytes its state takes unpacked.
    ///
    /// # Errors
    /// A state that cannot be written down, which it has no reason to be.
    pub(crate) fn checkpoint(&self) -> Result<(Checkpoint, usize), StoreError> {
        let packed = packed(&(D::STATE_VERSION, &*self.state));
        let (state, unpacked) = packed.map_err(|error| StoreError::Failed(Box::new(error)))?;
        let (seq, at, rng, clock) = (self.seq, self.last_at, self.rng.position(), self.clock);
        Ok((Checkpoint { seq, at, rng, clock, state }, unpacked))
    }

    /// Goes on from a checkpoint; `rng` is the world's source.
    ///
    /// # Errors
    /// One of another version of the program.
    pub(crate) fn resume(checkpoint: &Checkpoint, mut rng: WorldRng) -> Result<Self, String> {
        let (version, state) = read_json::<(u32, D)>(&unpacked(&checkpoint.state)?)?;
        if version != D::STATE_VERSION {
            return Err(format!("the state is of version {version}, and this program knows {}", D::STATE_VERSION));
        }
        rng.seek(checkpoint.rng);
        let Checkpoint { seq, at, clock, .. } = *checkpoint;
        Ok(Self { state: Arc::new(state), clock, seq, last_at: at, rng, lead: TimeDelta::zero() })
    }
}

impl<D: Domain> World<D> {
    /// Makes a checkpoint beside everything else, if enough has been recorded since the last one.
    pub(crate) fn note_growth(&self, records: &[Record]) {
        let is_due = self.growth.lock().grow(records, self.server_context.limits.checkpoint_events);
        if let Some(me) = self.me.upgrade().filter(|_| is_due) {
            tokio::spawn(async move { me.make_due_checkpoints().await });
        }
    }

    async fn make_due_checkpoints(&self) {
        let every = self.server_context.limits.checkpoint_events;
        loop {
            if let Err(error) = self.make_checkpoint().await {
                tracing::warn!(name = %self.name, %error, "no checkpoint was made: it is tried again later");
                return self.growth.lock().end();
            }
            if !self.growth.lock().go_on(every) {
                return;
            }
        }
    }

    /// Keeps the state as it is now, and lets go of what need not be kept before it.
    pub(crate) async fn make_checkpoint(&self) -> Result<(), StoreError> {
        // Events are counted after they are applied, so the state holds these at least.
        let bytes = self.growth.lock().bytes();
        let current = self.current.read().copied();
        let written = tokio::task::spawn_blocking(move || current.checkpoint()).await;
        let (checkpoint, unpacked) = written.map_err(|error| StoreError::Failed(Box::new(error)))??;
        self.growth.lock().begin_anew(checkpoint.seq, unpacked, bytes);
        // Under the world's turn, so that the store never takes it for one of a later world of that name.
        let _turn = self.take_turn().await;
        if self.is_dropped() {
            return Ok(());
        }
        let forget_upto = self.server_context.kept_events().map_or(0, |kept| checkpoint.seq.saturating_sub(kept));
        self.server_context.store.put_checkpoint(&self.name, self.incarnation(), &checkpoint, forget_upto).await
    }
}
