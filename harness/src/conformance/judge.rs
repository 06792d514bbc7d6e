//! Verdict on a client for one fault, derived from the observations.

use idp::{Fault, Right};
use serde::Serialize;
use tokio::time::Duration;

use super::{
    attempt::Seen,
    end::End,
    passing::is_of_refreshing,
    paths::{is_data, is_key, is_token},
};
use crate::{
    control::JournalEntry,
    language::{pick, tr},
    relying_party::{Client, RecognisedBy},
};

/// Verdict on a client for one fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "reasons")]
pub enum Verdict {
    /// The client does what a correct client does.
    Passed,
    /// The client does not, for these reasons.
    Failed(Vec<String>),
    /// The fault cannot occur with this client, for this reason.
    NotApplicable(String),
    /// No verdict is possible, for this reason.
    NotJudged(String),
}

impl Verdict {
    /// Returns `Failed` with these reasons, or `Passed` without reasons.
    pub(super) fn of(reasons: Vec<String>) -> Self {
        if reasons.is_empty() { Self::Passed } else { Self::Failed(reasons) }
    }
}

/// Observations of a sign-in with the fault, and of the one after it without.
#[derive(Debug, Clone)]
pub(super) struct Met {
    pub(super) seen: Seen,
    pub(super) after: Seen,
    /// Requests that came to the foreign host.
    pub(super) caught: Vec<String>,
    /// Whether the client had nothing cached: it was fresh, or restarted.
    pub(super) cold: bool,
}

/// Maximum number of requests for keys (letter K) and for tokens (letter C) in one sign-in.
const FETCHES: usize = 2;
/// Longest time that a person waits for a correct client, whatever the provider does.
const WAIT: Duration = Duration::from_secs(30);
/// Additional time for the pages before and after.
const PAGES: Duration = Duration::from_secs(2);
/// Parameters of the authorization request that a fault concerns: without the parameter the client did not ask for what
/// is missing.
const ASKED: [(&str, &str); 2] = [("claim.acr-lower", "acr_values"), ("claim.auth-time-old", "max_age")];
/// Faults that change a person's data, which a client may compare with its own.
const OF_DATA: [&str; 2] = ["rs.fields-missing", "rs.person-changed"];

/// Checks whether the fault occurred during the sign-in.
pub(super) fn was_met(fault: &Fault, seen: &Seen) -> bool {
    fault.is_of_browser() || seen.requests.iter().any(|entry| entry.faults.iter().any(|id| id == fault.id))
}

/// Checks whether a fault changes the keys or the discovery document, which a client fetches rarely.
pub(super) fn is_of_keys(fault: &Fault) -> bool {
    let is_fetched = fault.id.starts_with("keys.") || fault.id.starts_with("disc.") || fault.id == "hdr.kid-duplicate";
    is_fetched && !needs_warmth(fault) && !fault.is_of_browser()
}

/// Checks whether a fault concerns a client that has the keys cached and needs no others.
fn needs_warmth(fault: &Fault) -> bool {
    fault.id == "keys.fetch-500-warm"
}

/// Returns what this client must do. A client that recognises people by their data must tell a person whose data have
/// changed.
pub(super) fn right_of(fault: &Fault, client: &Client) -> Right {
    let by_data = client.recognised_by == RecognisedBy::Data;
    if by_data && OF_DATA.contains(&fault.id) { Right::Degrade } else { fault.right }
}

/// Letters of a fault that the verdict does not cover: whether a session ends in time.
pub(super) fn unseen(fault: &Fault, seen: &Seen) -> Vec<&'static str> {
    let is_open = seen.signed_in && seen.lasted.is_none() && fault.right == Right::Refuse;
    fault.seen_by.iter().copied().filter(|letter| *letter == "L" && is_open).collect()
}

/// Returns the parameter that the client does not use, so that the fault cannot occur.
fn lacks(fault: &Fault, seen: &Seen) -> Option<String> {
    let parameter = ASKED.iter().find(|(id, _)| *id == fault.id).map(|(_, parameter)| *parameter)?;
    let mark = format!("{parameter}=");
    let asked = seen.requests.iter().any(|entry| entry.target.contains(&mark));
    (!asked).then(|| tr!("клиент не просит {parameter}", "the client does not ask for {parameter}"))
}

/// Judges the sign-in with the fault, and the one after it without.
pub(super) fn judge(fault: &Fault, client: &Client, met: &Met) -> Verdict {
    let Met { seen, after, .. } = met;
    if let (End::NoAnswer(why), End::NoAnswer(_)) = (&seen.end, &after.end) {
        return Verdict::NotJudged(tr!("клиент перестал отвечать: {why}", "the client stopped answering: {why}"));
    }
    let is_right_unmet = needs_warmth(fault) && seen.signed_in;
    if !was_met(fault, seen) && !is_right_unmet {
        return unmet(fault, met);
    }
    if let Some(lacks) = lacks(fault, seen) {
        return Verdict::NotApplicable(lacks);
    }
    let is_of_session = fault.seen_by.contains(&"L");
    if fault.right == Right::Refuse && is_of_session && seen.signed_in && seen.lasted.is_none() {
        let told = pick(
            "впустил; верно и это, если сеанс кончится вовремя, но часов этого клиента не передвинуть",
            "let in, which is right as well where the session ends in time, but the clock of this client cannot be moved",
        );
        return Verdict::NotJudged(told.to_owned());
    }
    let right = right_of(fault, client);
    let mut reasons: Vec<_> = of_class(fault, right, seen).into_iter().collect();
    reasons.extend(of_page(seen));
    reasons.extend(of_requests(fault, right, seen));
    reasons.extend(
        met.caught
            .iter()
            .map(|request| tr!("пошёл на чужой адрес: {request}", "went to the foreign address: {request}")),
    );
    if !after.signed_in {
        let why = after.end.told("sign-in");
        reasons.push(tr!(
            "следующий вход, уже без ошибки, не удался: {why}",
            "the next sign-in, without the fault, failed: {why}"
        ));
    }
    Verdict::of(reasons)
}

/// Verdict on a fault that changed nothing.
fn unmet(fault: &Fault, met: &Met) -> Verdict {
    if is_of_keys(fault) && !met.cold {
        let told = pick(
            "клиент не запросил ключей заново: назовите в описании команду restart",
            "the client fetched no keys anew: name the command restart in its description",
        );
        return Verdict::NotJudged(told.to_owned());
    }
    let told = if is_of_refreshing(fault) {
        pick("клиент не обновляет маркеров", "the client renews no tokens")
    } else {
        pick("клиент не запросил того, что меняет эта ошибка", "the client never asked for what this fault changes")
    };
    Verdict::NotApplicable(told.to_owned())
}

fn of_class(fault: &Fault, right: Right, seen: &Seen) -> Option<String> {
    let told = |told: &str| Some(told.to_owned());
    // A session that ends in time is no failure.
    let stays = seen.signed_in && seen.lasted != Some(false);
    match right {
        _ if seen.lasted == Some(true) => {
            told(pick("сеанс остался, хотя время его прошло", "the session is still there though its time is over"))
        }
        Right::Refuse if fault.seen_by == ["H"] => None,
        Right::Refuse if stays => told(pick("впустил, а должен отказать", "let in, and should refuse")),
        Right::Refuse if seen.end == End::Returned && !seen.signed_in && !seen.refused => {
            let title = &seen.page.title;
            Some(tr!(
                "не впустил, но отказа на странице не видно: «{title}»",
                "did not let in, but the page shows no refusal: \"{title}\""
            ))
        }
        Right::Accept if !seen.signed_in => {
            told(pick("не впустил, а ответ верен", "did not let in, though the answer is right"))
        }
        Right::Degrade if fault.id == "ac.callback-twice" && !seen.signed_in => {
            told(pick("ни один из двух ответов не впустил", "neither of the two answers let in"))
        }
        Right::Degrade if fault.id == "rs.500-after-token" && seen.signed_in => {
            told(pick("впустил, хотя данных не получил", "let in, though the data did not come"))
        }
        _ => None,
    }
}

/// Letter P: a readable page, in time, without leaks, and with a way to try again.
pub(super) fn of_page(seen: &Seen) -> Vec<String> {
    // A client may stop before it goes to the provider: then this is the page that people read.
    if !matches!(seen.end, End::Returned | End::NeverLeft | End::Stuck(_)) {
        return vec![seen.end.told("sign-in")];
    }
    let page = &seen.page;
    let mut reasons = Vec::new();
    if page.status >= 500 {
        reasons.push(tr!("страница с ответом {}", "a page with status {}", page.status));
    }
    if page.text.trim().is_empty() {
        reasons.push(pick("страница пуста", "the page is empty").to_owned());
    }
    for leak in &page.leaks {
        reasons.push(match *leak {
            "token" => pick("на странице маркер", "a token stands on the page").to_owned(),
            _ => pick("на странице трасса ошибки", "the trace of a fault stands on the page").to_owned(),
        });
    }
    let is_out = !seen.signed_in || seen.lasted == Some(false);
    if is_out && !page.goes_on {
        reasons.push(
            pick("со страницы некуда идти: попробовать снова нельзя", "the page leads nowhere: one cannot try again")
                .to_owned(),
        );
    }
    if seen.took > WAIT + PAGES {
        let (took, wait) = (seen.took.as_secs(), WAIT.as_secs());
        reasons.push(tr!(
            "человек ждал {took} с, а должен не больше {wait}",
            "the person waited {took} s, {wait} are the most that is right"
        ));
    }
    reasons
}

/// Letters T, U, K, C: requests to the provider, and their number.
fn of_requests(fault: &Fault, right: Right, seen: &Seen) -> Vec<String> {
    let has = |letter: &str| fault.seen_by.contains(&letter);
    let of = |is: fn(&str) -> bool| seen.requests.iter().filter(|entry| is(entry.path())).collect::<Vec<_>>();
    let named = |entry: &JournalEntry| format!("{} {}", entry.method, entry.path());
    let (tokens, data, keys) = (of(is_token), of(is_data), of(is_key));
    let mut reasons = Vec::new();
    let most_tokens = usize::from(right != Right::Refuse);
    if let Some(entry) = tokens.get(most_tokens).filter(|_| has("T")) {
        let what = named(entry);
        reasons.push(if right == Right::Refuse {
            tr!("обменял код: {what}", "exchanged the code: {what}")
        } else {
            tr!("обменял код дважды: {what}", "exchanged the code twice: {what}")
        });
    }
    if let Some(first) = data.first().filter(|_| has("U") && right == Right::Refuse) {
        let what = named(first);
        reasons.push(tr!("пришёл за данными с этим маркером: {what}", "asked for data with this token: {what}"));
    }
    for (letter, asked) in [("K", &keys), ("C", &tokens)] {
        if has(letter) && asked.len() > FETCHES {
            let (number, what) = (asked.len(), named(asked[0]));
            reasons.push(tr!(
                "запросов {what}: {number}, а должно быть не больше {FETCHES}",
                "requests {what}: {number}, at most {FETCHES} are right"
            ));
        }
    }
    reasons
}
