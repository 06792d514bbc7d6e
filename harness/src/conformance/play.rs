//! The faults one after another, or several at once: a sign-in without the fault, one with it, one without it again.

use std::{process::Stdio, time::Duration};

use futures::{StreamExt as _, stream};
use idp::Fault;
use serde_json::json;
use tokio::{process::Command, select, time::timeout};

use super::{
    attempt::{Seen, adapter, sign_in},
    judge::{Verdict, is_of_keys, judge, was_met},
    judged::{Judged, row, with_page},
    screen::Screen,
    stand::{Stand, Worlds},
};
use crate::{
    control::ControlError,
    language::{pick, tr},
    run::Signals,
};

/// Time limit for the command that restarts a client.
const RESTART: Duration = Duration::from_mins(2);

/// Reason for which not all faults were played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing can be said of this client.
    Client(String),
    /// A signal asked to stop.
    Signal,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Run {
    /// Faults in the order of the catalogue, those that were not played included.
    pub judged: Vec<Judged>,
    /// Reason for which not all were played.
    pub stopped: Option<Stopped>,
}

/// Plays these faults against a client. Every wait is bounded.
pub async fn play(stand: &Stand, faults: &[&'static Fault], screen: &mut Screen, signals: &mut Signals) -> Run {
    let mut run = Run { stopped: ready(stand).await.err().map(Stopped::Client), ..Run::default() };
    if run.stopped.is_none() {
        let playing = stream::iter(faults.iter().enumerate())
            .map(|(index, fault)| async move { (index, one(stand, fault).await) })
            .buffer_unordered(stand.at_once());
        futures::pin_mut!(playing);
        let mut judged: Vec<Option<Judged>> = vec![None; faults.len()];
        while let Some((index, played)) = select! {
            biased;
            _ = signals.next() => { run.stopped = Some(Stopped::Signal); None }
            next = playing.next() => next,
        } {
            match played {
                Ok(one) => {
                    screen.told(&one);
                    let gone = gone(&one);
                    if let Some(place) = judged.get_mut(index) {
                        *place = Some(one);
                    }
                    // Nothing more is heard of it: the rest would say the same.
                    if let Some(why) = gone {
                        run.stopped = Some(Stopped::Client(why));
                        break;
                    }
                }
                Err(error) => {
                    run.stopped = Some(Stopped::Client(error.to_string()));
                    break;
                }
            }
        }
        run.judged = judged.into_iter().flatten().collect();
    }
    let played: Vec<_> = run.judged.iter().map(|one| one.fault).collect();
    let rest = faults.iter().filter(|fault| !played.contains(&fault.id));
    let rest: Vec<_> = rest
        .map(|fault| row(stand.client.protocol, fault, Verdict::NotJudged(why_not_played(run.stopped.as_ref()))))
        .collect();
    run.judged.extend(rest);
    run
}

fn why_not_played(stopped: Option<&Stopped>) -> String {
    match stopped {
        Some(Stopped::Client(why)) => why.clone(),
        _ => pick("прогон остановлен раньше", "the run was stopped before it").to_owned(),
    }
}

/// Reason to stop where nobody answers at the client any more.
fn gone(one: &Judged) -> Option<String> {
    match &one.verdict {
        Verdict::NotJudged(why) if one.page.as_ref().is_some_and(|page| page.url.is_empty()) => Some(why.clone()),
        _ => None,
    }
}

/// Whether the client can be judged at all.
async fn ready(stand: &Stand) -> Result<(), String> {
    let world = stand.begin().await.map_err(|error| error.to_string())?;
    let checked = adapter(stand, &world).await;
    stand.end(&world).await;
    checked.map_err(|error| error.to_string())?
}

async fn one(stand: &Stand, fault: &'static Fault) -> Result<Judged, ControlError> {
    let world = stand.begin().await?;
    let judged = in_world(stand, fault, &world).await;
    stand.end(&world).await;
    match judged {
        // Not every fault is the provider's to make: some are made by whoever drives the browser.
        Err(refused @ ControlError::Refused { .. }) => {
            Ok(row(stand.client.protocol, fault, Verdict::NotJudged(refused.to_string())))
        }
        other => other,
    }
}

async fn in_world(stand: &Stand, fault: &'static Fault, world: &str) -> Result<Judged, ControlError> {
    let mut before = sign_in(stand, world).await?;
    if !before.signed_in && restart(stand).await {
        before = sign_in(stand, world).await?;
    }
    if !before.signed_in {
        let why = before.end.told("sign-in");
        let told =
            tr!("вход без ошибки перед ней не удался: {why}", "the sign-in without the fault before it failed: {why}");
        return Ok(with_page(row(stand.client.protocol, fault, Verdict::NotJudged(told)), before));
    }
    let met = meet(stand, fault, world).await?;
    // What a client keeps from one sign-in to the next, keys above all, hides the fault: it is met in a world where nothing
    // is kept yet, or after a restart.
    if !was_met(fault, &met.seen) && is_of_keys(fault) {
        if let Worlds::Fresh { .. } = stand.worlds {
            let cold = stand.begin().await?;
            let met = meet(stand, fault, &cold).await;
            stand.end(&cold).await;
            return Ok(told(stand, fault, met?));
        }
        if restart(stand).await {
            return Ok(told(stand, fault, meet(stand, fault, world).await?));
        }
    }
    Ok(told(stand, fault, met))
}

/// A sign-in with a fault, and one after it without.
struct Met {
    seen: Seen,
    after: Seen,
}

async fn meet(stand: &Stand, fault: &Fault, world: &str) -> Result<Met, ControlError> {
    stand.provider.set_fault(world, &json!({ "fault": fault.id })).await?;
    let seen = sign_in(stand, world).await?;
    stand.provider.lift_faults(world).await?;
    Ok(Met { seen, after: sign_in(stand, world).await? })
}

fn told(stand: &Stand, fault: &'static Fault, met: Met) -> Judged {
    let verdict = judge(fault, &met.seen, &met.after);
    with_page(row(stand.client.protocol, fault, verdict), met.seen)
}

/// Restarts a client that is described so; whether that was done.
async fn restart(stand: &Stand) -> bool {
    let (Some((program, args)), Worlds::One(_)) = (stand.client.restart.split_first(), &stand.worlds) else {
        return false;
    };
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    matches!(timeout(RESTART, command.status()).await, Ok(Ok(status)) if status.success())
}
