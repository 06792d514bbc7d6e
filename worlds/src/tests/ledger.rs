//! The toy domain and what the tests share.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    ActError, Domain, Due, FakeWall, Limits, SeedDocument, SeedError, World, WorldName, WorldRng, Worlds,
    store::{MemoryStore, SqliteStore, Store},
};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub(crate) total: i64,
    pub(crate) codes: Vec<String>,
    pub(crate) timers: BTreeSet<(DateTime<Utc>, u64)>,
    pub(crate) rung: Vec<(DateTime<Utc>, u64)>,
    pub(crate) touched_at: DateTime<Utc>,
    pub(crate) next_timer: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Event {
    Deposited { amount: i64 },
    CodeDrawn { code: String },
    TimerSet { timer: u64, due_at: DateTime<Utc> },
    TimerRang { timer: u64, due_at: DateTime<Utc> },
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LedgerSeed {
    opening: i64,
}

impl Domain for Ledger {
    const STATE_VERSION: u32 = 1;

    type Event = Event;

    fn genesis(seed: &SeedDocument, at: DateTime<Utc>) -> Result<Self, SeedError> {
        let LedgerSeed { opening } = seed.diary()?;
        let (codes, timers, rung) = (Vec::new(), BTreeSet::new(), Vec::new());
        Ok(Self { total: opening, codes, timers, rung, touched_at: at, next_timer: 1 })
    }

    fn apply(&mut self, at: DateTime<Utc>, event: &Event) {
        self.touched_at = at;
        match event {
            Event::Deposited { amount } => self.total += amount,
            Event::CodeDrawn { code } => self.codes.push(code.clone()),
            Event::TimerSet { timer, due_at } => {
                self.timers.insert((*due_at, *timer));
                self.next_timer = timer + 1;
            }
            Event::TimerRang { timer, due_at } => {
                self.timers.remove(&(*due_at, *timer));
                self.rung.push((at, *timer));
            }
        }
    }

    /// The toy's codes are its credentials.
    fn has_credentials(&self) -> bool {
        !self.codes.is_empty()
    }

    fn forget_credentials(&mut self) {
        self.codes.clear();
    }

    fn next_due(&self) -> Option<DateTime<Utc>> {
        self.timers.first().map(|(due_at, _)| *due_at)
    }

    fn due(&self, until: DateTime<Utc>) -> Option<Due<Event>> {
        let (due_at, timer) = *self.timers.first().filter(|(due_at, _)| *due_at <= until)?;
        Some(Due { at: due_at, events: vec![Event::TimerRang { timer, due_at }] })
    }

    fn tell(&self, event: &Event) -> String {
        match event {
            Event::Deposited { amount } => format!("Внесено {amount}"),
            Event::CodeDrawn { code } => format!("Код {code}"),
            Event::TimerSet { timer, .. } => format!("Таймер {timer} заведён"),
            Event::TimerRang { timer, .. } => format!("Таймер {timer} прозвенел"),
        }
    }
}

impl Ledger {
    /// What every look at a world may count on: nothing that is due is left unsettled.
    pub(crate) fn assert_settled(&self, now: DateTime<Utc>) {
        assert!(self.next_due().is_none_or(|due_at| due_at > now), "unsettled at {now}: {:?}", self.timers);
    }
}

/// Why the toy says no.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no")]
pub(crate) struct No;

impl World<Ledger> {
    pub(crate) async fn deposit(&self, amount: i64) -> Result<(), ActError<No>> {
        self.act(|state, now, _| {
            state.assert_settled(now);
            Ok((vec![Event::Deposited { amount }], ()))
        })
        .await
    }

    pub(crate) async fn draw(&self) -> Result<String, ActError<No>> {
        self.act(|_, _, rng| {
            let code = rng.digits(6);
            Ok((vec![Event::CodeDrawn { code: code.clone() }], code))
        })
        .await
    }

    pub(crate) async fn set_timer(&self, after: TimeDelta) -> Result<(), ActError<No>> {
        self.act(|state, now, _| {
            state.assert_settled(now);
            Ok((vec![Event::TimerSet { timer: state.next_timer, due_at: now + after }], ()))
        })
        .await
    }

    /// Draws, and then says no.
    pub(crate) async fn refuse(&self) {
        let refused = self.act(|_, _, rng: &mut WorldRng| Err::<(Vec<Event>, ()), _>((rng.number(), No).1)).await;
        assert!(matches!(refused, Err(ActError::Refused(No))));
    }

    /// The random values that come next; looking does not draw them.
    pub(crate) async fn next_random(&self) -> (u64, String, String) {
        let look = |_: &Ledger, _, rng: &mut WorldRng| Ok::<_, No>((vec![], (rng.number(), rng.uuid(), rng.digits(9))));
        self.act(look).await.unwrap()
    }

    pub(crate) async fn state(&self) -> Ledger {
        self.read(|state, now| {
            state.assert_settled(now);
            state.clone()
        })
        .await
        .unwrap()
    }

    /// The timeline as a person reads it.
    pub(crate) async fn story(&self) -> String {
        let records = self.timeline(0, usize::MAX).await.unwrap();
        records.iter().fold(String::new(), |story, record| {
            format!("{story}{} {} {}\n", record.seq, record.at.format("%d %H:%M:%S"), self.tell(record))
        })
    }
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn name(text: &str) -> WorldName {
    text.parse().unwrap()
}

pub(crate) fn wall() -> Arc<FakeWall> {
    Arc::new(FakeWall::at(at("2026-03-02T09:00:00Z")))
}

/// A seed document; `clock` as it stands in the document.
pub(crate) fn seed(clock: &serde_json::Value) -> SeedDocument {
    let seed = json!({"title": "Копилка", "clock": clock, "random": 7, "diary": {"opening": 100}});
    serde_json::from_value(seed).unwrap()
}

pub(crate) fn frozen() -> SeedDocument {
    seed(&json!({"frozen": "2026-03-02T12:00:00+03:00"}))
}

pub(crate) fn worlds(store: impl Store, wall: &Arc<FakeWall>) -> Worlds<Ledger> {
    Worlds::new("diary", Arc::new(store), Arc::clone(wall) as _, Limits::default())
}

pub(crate) fn in_memory() -> Worlds<Ledger> {
    worlds(MemoryStore::default(), &wall())
}

pub(crate) async fn in_file(folder: &Path, wall: &Arc<FakeWall>) -> Worlds<Ledger> {
    worlds(file(folder).await, wall)
}

/// A store in a file; replicas share one, since a file belongs to one process.
pub(crate) async fn file(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join("worlds.sqlite")).await.unwrap()
}

/// One frozen world in memory.
pub(crate) async fn one() -> (Worlds<Ledger>, Arc<World<Ledger>>) {
    let worlds = in_memory();
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    (worlds, world)
}
