//! Plays faults against a client, one by one or several at the same time.

use futures::{StreamExt as _, stream};
use idp::Fault;
use tokio::select;

use super::{
    attempt::adapter,
    judge::Verdict,
    judged::{Judged, row},
    round::round,
    screen::Screen,
    stand::Stand,
};
use crate::{control::ControlError, language::pick, run::Signals};

/// Reason why not all faults were played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// The client cannot be judged, for this reason.
    Client(String),
    /// A signal asked the program to stop.
    Signal,
}

/// Result of a conformance run.
#[derive(Debug, Default)]
pub struct Run {
    /// Faults in the order of the catalogue, including those that were not played.
    pub judged: Vec<Judged>,
    /// Reason why not all faults were played.
    pub stopped: Option<Stopped>,
}

impl Run {
    /// Run that was stopped before it began.
    pub fn unplayed(stand: &Stand, faults: &[&'static Fault], stopped: Stopped) -> Self {
        let mut run = Self { judged: Vec::new(), stopped: Some(stopped) };
        run.complete(stand, faults);
        run
    }

    /// Adds the faults that were not played.
    fn complete(&mut self, stand: &Stand, faults: &[&'static Fault]) {
        let why = match &self.stopped {
            Some(Stopped::Client(why)) => why.clone(),
            _ => pick("прогон остановлен раньше", "the run was stopped before it").to_owned(),
        };
        let mut judged: Vec<Option<Judged>> = self.judged.drain(..).map(Some).collect();
        self.judged = faults
            .iter()
            .map(|fault| {
                let played = judged.iter_mut().find(|one| one.as_ref().is_some_and(|one| one.fault == fault.id));
                let played = played.and_then(Option::take);
                played.unwrap_or_else(|| row(&stand.client, fault, Verdict::NotJudged(why.clone())))
            })
            .collect();
    }
}

/// Plays faults against a client. Every wait has a limit.
pub async fn play(stand: &Stand, faults: &[&'static Fault], screen: &mut Screen, signals: &mut Signals) -> Run {
    if let Err(why) = ready(stand).await {
        return Run::unplayed(stand, faults, Stopped::Client(why));
    }
    let mut run = Run::default();
    let playing = stream::iter(in_turn(faults)).map(|fault| one(stand, fault)).buffer_unordered(stand.at_once());
    futures::pin_mut!(playing);
    while let Some(played) = select! {
        biased;
        _ = signals.next() => { run.stopped = Some(Stopped::Signal); None }
        next = playing.next() => next,
    } {
        match played {
            Ok(one) => {
                screen.told(&one);
                // The client has stopped answering: all other faults would give the same result.
                run.stopped = gone(stand, &one).map(Stopped::Client);
                run.judged.push(one);
            }
            Err(error) => run.stopped = Some(Stopped::Client(error.to_string())),
        }
        if run.stopped.is_some() {
            break;
        }
    }
    if run.stopped.is_some() {
        stand.leave().await;
    }
    run.complete(stand, faults);
    run
}

/// Order in which faults are played: slow ones first, so that others are played meanwhile, and the storm of unknown
/// keys last, because a correct client fetches no keys for a while after it.
fn in_turn(faults: &[&'static Fault]) -> Vec<&'static Fault> {
    let mut faults = faults.to_vec();
    faults.sort_by_key(|fault| match fault.id {
        "keys.unknown-kid-storm" => 2,
        "keys.slow" | "te.slow" | "rs.slow" | "net.slow" | "net.drip" => 0,
        _ => 1,
    });
    faults
}

/// Reason to stop: the client does not answer any more, and cannot be restarted.
fn gone(stand: &Stand, one: &Judged) -> Option<String> {
    match &one.verdict {
        Verdict::NotJudged(why)
            if stand.client.restart.is_empty() && one.page.as_ref().is_some_and(|page| page.url.is_empty()) =>
        {
            Some(why.clone())
        }
        _ => None,
    }
}

/// Checks whether the client can be judged at all.
async fn ready(stand: &Stand) -> Result<(), String> {
    let world = stand.begin().await.map_err(|error| error.to_string())?;
    let checked = adapter(stand, &world).await;
    stand.end(&world).await;
    checked.map_err(|error| error.to_string())?
}

async fn one(stand: &Stand, fault: &'static Fault) -> Result<Judged, ControlError> {
    if fault.is_of_port() {
        let why = pick(
            "она есть только на своём порту: направьте клиента на адрес, который назовёт esia-stand idp --tls-faults; отказы \
             считает GET /control/tls",
            "a port of its own has it: point the client at the address that esia-stand idp --tls-faults names; refusals are \
             counted by GET /control/tls",
        );
        return Ok(row(&stand.client, fault, Verdict::NotApplicable(why.to_owned())));
    }
    let world = stand.begin().await?;
    let judged = round(stand, fault, &world).await;
    stand.end(&world).await;
    match judged {
        // A provider of another version may not know the fault.
        Err(refused @ ControlError::Refused { .. }) => {
            Ok(row(&stand.client, fault, Verdict::NotJudged(refused.to_string())))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_long_begins_first_and_the_storm_comes_last() {
        let faults: Vec<_> = idp::faults().collect();
        let turn = in_turn(&faults);
        assert_eq!(turn.len(), faults.len());
        assert_eq!(turn[0].id, "keys.slow");
        assert_eq!(turn.last().unwrap().id, "keys.unknown-kid-storm");
    }
}
