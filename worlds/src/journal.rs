//! The journal of requests: what was asked of a world, what it answered, and why.
//!
//! Not part of a world's history: it is bounded, kept in memory, and neither forked nor exported.

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
    iter,
    sync::{Arc, Weak},
};

use chrono::{DateTime, Utc};
use esia::language::Language;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::check::{Check, Detail, Outcome};

/// The longest text of an entry: a body, an address, all header fields of one side, one text of a check; bytes.
pub const KEPT_TEXT: usize = 16 * 1024;
/// All texts of a verdict together, bytes; later ones are cut to [`SHORTEST`].
const KEPT_VERDICT: usize = 4 * KEPT_TEXT;
/// What is left of a text when there is no more room, bytes.
const SHORTEST: usize = 64;
/// The largest part of a journal that is given out at once, bytes.
const ANSWER: usize = 8 * 1024 * 1024;

/// One side of an exchange as it was on the wire. A mock hides nothing from its tester.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Header fields in order.
    pub headers: Vec<(String, String)>,
    /// The body as text, cut at the journal's limit; not kept for streams and static files.
    pub body: String,
}

/// One request of a world with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// 1, 2, 3, … in the order in which requests came; each replica of a shared store counts in a range of its own.
    pub id: u64,
    /// When, by the world's clock.
    pub at: DateTime<Utc>,
    /// When it was answered, by the machine's clock: the order of two servers' requests where the world's clock stands.
    pub answered_at: DateTime<Utc>,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as asked, without the world's prefix.
    pub target: String,
    /// Whether the address is one that programs call, and no browser on behalf of a person.
    pub by_program: bool,
    /// `client_id` of the client that asked, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The full name of the person whom it was about, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The request as it came.
    pub request: Message,
    /// Status code of the answer.
    pub status: u16,
    /// What was answered.
    pub response: Message,
    /// Time spent, microseconds.
    pub duration_us: u64,
    /// Every check in order.
    pub verdict: Vec<Check>,
    /// Names of the faults that have changed the answer on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
}

impl Entry {
    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// A header of the request; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// For a reader of one language.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        self.verdict = self.verdict.into_iter().map(|check| check.told_in(language)).collect();
        if language == Language::English {
            let messages = [&mut self.request, &mut self.response].into_iter();
            let texts = messages.flat_map(|message| {
                iter::once(&mut message.body).chain(message.headers.iter_mut().map(|(_, value)| value))
            });
            for text in iter::once(&mut self.target).chain(texts) {
                *text = cut_in_english(text).unwrap_or_else(|| std::mem::take(text));
            }
            for check in &mut self.verdict {
                let details = check.details.iter_mut().map(|detail| &mut detail.text);
                for text in [&mut check.expected, &mut check.got].into_iter().chain(details) {
                    *text = cut_in_english(text).map_or_else(|| std::mem::take(text), Cow::Owned);
                }
            }
        }
        self
    }

    /// Whether a check ended so.
    pub fn has(&self, outcome: Outcome) -> bool {
        self.verdict.iter().any(|check| check.outcome == outcome)
    }

    /// `failed`, `tolerated`, `ok`, or `none` where nothing was checked.
    pub fn outcome(&self) -> &'static str {
        match (self.has(Outcome::Failed), self.has(Outcome::Tolerated), self.verdict.is_empty()) {
            (true, _, _) => "failed",
            (false, true, _) => "tolerated",
            (false, false, false) => "ok",
            (false, false, true) => "none",
        }
    }

    /// Whether a check that failed or was tolerated carries a name: a rule's, or a mistake's with or without its value.
    pub fn names(&self, name: &str) -> bool {
        let wrong = self.verdict.iter().filter(|check| check.outcome != Outcome::Passed);
        let is_named = |mistake: &String| mistake == name || mistake.split('=').next() == Some(name);
        wrong.into_iter().any(|check| check.rule == name || check.mistakes.iter().any(is_named))
    }
}

/// A bounded journal: the newest entries of one world.
#[derive(Debug)]
pub struct Journal {
    bound: usize,
    budget: Arc<JournalBudget>,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    entries: VecDeque<KeptEntry>,
    /// Whether entries of other replicas stand among them.
    is_shared: bool,
}

#[derive(Debug)]
struct KeptEntry {
    stamp: u64,
    bytes: usize,
    entry: Entry,
}

impl Inner {
    fn get(&self, id: u64) -> Option<&Entry> {
        self.entries.get(self.place_of(id)?).map(|kept| &kept.entry)
    }

    fn remove(&mut self, id: u64) -> Option<KeptEntry> {
        self.entries.remove(self.place_of(id)?)
    }

    /// Entries of other replicas stand among ours by the time of their answer, so the ids may not be in order.
    fn place_of(&self, id: u64) -> Option<usize> {
        let found = self.entries.binary_search_by_key(&id, |kept| kept.entry.id).ok();
        found.or_else(|| self.entries.iter().position(|kept| kept.entry.id == id).filter(|_| self.is_shared))
    }

    fn place_for(&self, entry: &Entry, is_ours: bool) -> usize {
        if is_ours {
            // Answers may end in another order than their ids; nearly always this is the end.
            self.entries.partition_point(|kept| kept.entry.id < entry.id || self.is_shared)
        } else {
            self.entries.partition_point(|kept| kept.entry.answered_at <= entry.answered_at)
        }
    }
}

impl Journal {
    /// Keeps the newest `bound` entries.
    pub fn new(bound: usize) -> Self {
        Self::within(bound, Arc::new(JournalBudget::of(usize::MAX)))
    }

    /// The same, with room that it shares with other journals.
    pub fn within(bound: usize, budget: Arc<JournalBudget>) -> Self {
        Self { bound, budget, inner: Arc::default() }
    }

    /// The same, with ids that follow `last`.
    #[must_use]
    pub(crate) fn counting_from(self, last: u64) -> Self {
        self.inner.lock().last = last;
        self
    }

    /// The id of the next request. Ids are never given twice.
    pub fn next_id(&self) -> u64 {
        let mut inner = self.inner.lock();
        inner.last += 1;
        inner.last
    }

    /// Keeps an entry whose id came from [`Journal::next_id`], cut to an entry's size. The oldest is dropped when there are
    /// too many here, and the oldest of all journals when together they are too large.
    pub fn keep(&self, entry: Entry) {
        self.insert(entry, true);
    }

    /// Keeps an entry of another replica among ours, by the time of its answer; once, however often it comes.
    pub(crate) fn keep_theirs(&self, entry: Entry) {
        {
            let mut inner = self.inner.lock();
            inner.is_shared = true;
            if inner.get(entry.id).is_some() {
                return;
            }
        }
        self.insert(entry, false);
    }

    fn insert(&self, entry: Entry, is_ours: bool) {
        let entry = entry.fitted();
        let (id, bytes) = (entry.id, entry.bytes());
        let (stamp, too_much) = self.budget.take(id, bytes, &self.inner);
        let dropped = {
            let mut inner = self.inner.lock();
            let place = inner.place_for(&entry, is_ours);
            inner.entries.insert(place, KeptEntry { stamp, bytes, entry });
            let is_over = inner.entries.len() > self.bound;
            is_over.then(|| inner.entries.pop_front()).flatten()
        };
        self.budget.give_back(dropped.map(|kept| kept.stamp));
        for (id, journal) in too_much {
            if let Some(journal) = journal.upgrade() {
                journal.lock().remove(id);
            }
        }
    }

    /// The newest `limit` entries that `fits`, newest first; fewer when they are large.
    pub fn newest(&self, limit: usize, fits: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let inner = self.inner.lock();
        let mut bytes = 0;
        let has_room = |kept: &&KeptEntry| {
            bytes += kept.bytes;
            bytes <= ANSWER || bytes == kept.bytes
        };
        let found = inner.entries.iter().rev().filter(|kept| fits(&kept.entry)).take(limit).take_while(has_room);
        found.map(|kept| kept.entry.clone()).collect()
    }

    /// The newest entry that `fits`.
    pub fn newest_that(&self, fits: impl Fn(&Entry) -> bool) -> Option<Entry> {
        self.inner.lock().entries.iter().rev().map(|kept| &kept.entry).find(|entry| fits(entry)).cloned()
    }

    /// One entry, if it is still kept.
    pub fn get(&self, id: u64) -> Option<Entry> {
        self.inner.lock().get(id).cloned()
    }

    /// Whom a request was about, if it is still kept and that is known.
    pub fn person_of(&self, id: u64) -> Option<String> {
        self.inner.lock().get(id)?.person.clone()
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let stamps: Vec<_> = self.inner.lock().entries.iter().map(|kept| kept.stamp).collect();
        self.budget.give_back(stamps);
    }
}

/// Memory that all journals of a server share. When it is used up, the oldest entries go, whichever world's they are.
#[derive(Debug)]
pub struct JournalBudget {
    bytes: usize,
    used: Mutex<Used>,
}

/// The id of an entry, and its journal.
type OldestEntry = (u64, Weak<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Used {
    last: u64,
    bytes: usize,
    entries: BTreeMap<u64, Share>,
}

#[derive(Debug)]
struct Share {
    id: u64,
    bytes: usize,
    journal: Weak<Mutex<Inner>>,
}

impl JournalBudget {
    /// Size of all texts of an entry, bytes.
    pub fn of(bytes: usize) -> Self {
        Self { bytes, used: Mutex::default() }
    }

    /// What all journals take now, bytes.
    pub fn used(&self) -> usize {
        self.used.lock().bytes
    }

    /// Room for one more entry: its stamp, and the entries that must go for it.
    fn take(&self, id: u64, bytes: usize, journal: &Arc<Mutex<Inner>>) -> (u64, Vec<OldestEntry>) {
        let mut used = self.used.lock();
        used.last += 1;
        used.bytes += bytes;
        let stamp = used.last;
        used.entries.insert(stamp, Share { id, bytes, journal: Arc::downgrade(journal) });
        let mut gone = Vec::new();
        while used.bytes > self.bytes {
            let Some((_, share)) = used.entries.pop_first() else { break };
            used.bytes -= share.bytes;
            gone.push((share.id, share.journal));
        }
        (stamp, gone)
    }

    /// Room of entries that are kept no longer.
    fn give_back(&self, stamps: impl IntoIterator<Item = u64>) {
        let mut used = self.used.lock();
        for stamp in stamps {
            if let Some(share) = used.entries.remove(&stamp) {
                used.bytes -= share.bytes;
            }
        }
    }
}

impl Entry {
    /// The entry with every text cut that is longer than a journal keeps.
    pub(crate) fn fitted(mut self) -> Self {
        cut(&mut self.target, KEPT_TEXT);
        for message in [&mut self.request, &mut self.response] {
            cut(&mut message.body, KEPT_TEXT);
            fit_headers(&mut message.headers);
        }
        // English has room of its own: it makes no Russian text shorter.
        let (mut room, mut room_of_english) = (KEPT_VERDICT, KEPT_VERDICT);
        for check in &mut self.verdict {
            let details = check.details.iter_mut().map(|Detail { text, english, .. }| (text, english));
            let english = &mut check.english;
            let own = [(&mut check.expected, &mut english.expected), (&mut check.got, &mut english.got)];
            for (text, english) in own.into_iter().chain(details) {
                fit(text, &mut room, RUSSIAN_CUT);
                if let Some(english) = english {
                    fit(english, &mut room_of_english, ENGLISH_CUT);
                }
            }
        }
        self
    }

    /// About how much memory it takes, bytes.
    fn bytes(&self) -> usize {
        let of_message = |message: &Message| {
            let headers = message.headers.iter().map(|(name, value)| name.len() + value.len() + 64);
            message.body.len() + headers.sum::<usize>()
        };
        let of_check = |check: &Check| {
            // What stands in the program itself takes no room.
            let kept = |text: &Cow<'_, str>| if matches!(text, Cow::Owned(_)) { text.len() } else { 0 };
            let in_english = |text: &Option<Cow<'_, str>>| text.as_ref().map_or(0, kept);
            let details = check
                .details
                .iter()
                .map(|detail| detail.name.len() + kept(&detail.text) + in_english(&detail.english) + 64);
            let english = [&check.english.expected, &check.english.got].map(in_english);
            let mistakes = check.mistakes.iter().map(|name| name.len() + 32);
            check.rule.len()
                + check.source.len()
                + kept(&check.expected)
                + kept(&check.got)
                + details.chain(english).chain(mistakes).sum::<usize>()
                + 200
        };
        let verdict = self.verdict.iter().map(of_check).sum::<usize>();
        self.target.len() + of_message(&self.request) + of_message(&self.response) + verdict + 400
    }
}

/// What is said, around the number of bytes, of what was cut off.
const RUSSIAN_CUT: (&str, &str) = ("… и ещё ", " байт");
/// The same in English.
const ENGLISH_CUT: (&str, &str) = ("… and ", " bytes more");

/// Cuts a text, and says how much is gone.
fn cut(text: &mut String, limit: usize) {
    cut_saying(text, limit, RUSSIAN_CUT);
}

fn cut_saying(text: &mut String, limit: usize, (before, after): (&str, &str)) {
    if text.len() > limit {
        let gone = text.len() - text.floor_char_boundary(limit);
        text.truncate(text.len() - gone);
        let _ = write!(text, "{before}{gone}{after}");
    }
    text.shrink_to_fit();
}

/// Cuts a text of a check to the room that is left, and takes that.
fn fit(text: &mut Cow<'static, str>, room: &mut usize, said: (&str, &str)) {
    let limit = KEPT_TEXT.min((*room).max(SHORTEST));
    if text.len() > limit || matches!(text, Cow::Owned(_)) {
        cut_saying(text.to_mut(), limit, said);
    }
    *room = room.saturating_sub(text.len());
}

/// A text that was cut says so in English.
fn cut_in_english(text: &str) -> Option<String> {
    let (kept, gone) = text.strip_suffix(RUSSIAN_CUT.1)?.rsplit_once(RUSSIAN_CUT.0)?;
    let is_number = !gone.is_empty() && gone.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| format!("{kept}{}{gone}{}", ENGLISH_CUT.0, ENGLISH_CUT.1))
}

fn fit_headers(headers: &mut Vec<(String, String)>) {
    let mut room = KEPT_TEXT;
    for (name, value) in headers.iter_mut() {
        cut(value, room.max(SHORTEST));
        room = room.saturating_sub(name.len() + value.len());
    }
    // Past the room and a good many short ones, the rest is counted alone.
    let mut bytes = 0;
    let kept = headers.iter().take_while(|(name, value)| {
        bytes += name.len() + value.len();
        bytes <= 2 * KEPT_TEXT
    });
    let (kept, all) = (kept.count(), headers.len());
    if kept < all {
        headers.truncate(kept);
        headers.push(("…".to_owned(), format!("и ещё {} полей", all - kept)));
    }
    headers.shrink_to_fit();
}
