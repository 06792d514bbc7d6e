//! Round of one fault: a sign-in without it, one with it, and one without it again.

use idp::Fault;
use serde_json::{Value, json};

use super::{
    attempt::{Seen, sign_in, sign_in_and_stay},
    driven::{driven, wait_with_code},
    judge::{Met, Verdict, is_of_keys, judge, was_met},
    judged::{Judged, row, with_page},
    leaving::{is_of_leaving, left},
    passing::Passing,
    restart::restart,
    stand::{Stand, Worlds},
    trap::Trap,
};
use crate::{
    control::ControlError,
    language::{pick, tr},
};

/// Maximum number of additional sign-ins until a random fault occurs.
const TRIES: usize = 12;

/// Plays a fault in a world without faults.
///
/// # Errors
/// Fails if the provider does not answer, or does not set the fault.
pub(super) async fn round(stand: &Stand, fault: &'static Fault, world: &str) -> Result<Judged, ControlError> {
    let mut before = sign_in(stand, world).await?;
    if !before.signed_in && restart(stand).await {
        before = sign_in(stand, world).await?;
    }
    if !before.signed_in {
        let why = before.end.told("sign-in");
        let told =
            tr!("вход без ошибки перед ней не удался: {why}", "the sign-in without the fault before it failed: {why}");
        return Ok(with_page(row(&stand.client, fault, Verdict::NotJudged(told)), fault, before));
    }
    if is_of_leaving(fault) {
        return out(stand, fault, world).await;
    }
    if fault.is_of_browser() {
        return by_browser(stand, fault, world).await;
    }
    // Anything that the client caches between sign-ins, keys above all, hides the fault: it is played in a world for
    // which nothing is cached yet, or after a restart.
    if is_of_keys(fault) {
        if let Worlds::Fresh { .. } = stand.worlds {
            let fresh = stand.begin().await?;
            let met = meet(stand, fault, At { world: &fresh, cold: true }).await;
            stand.end(&fresh).await;
            let met = met?;
            // Some faults concern a key that the client has already.
            if was_met(fault, &met.seen) {
                return Ok(told(stand, fault, met));
            }
        } else {
            let met = meet(stand, fault, At { world, cold: false }).await?;
            if was_met(fault, &met.seen) || stand.client.restart.is_empty() {
                return Ok(told(stand, fault, met));
            }
            let met = meet(stand, fault, At { world, cold: true }).await?;
            return Ok(told(stand, fault, met));
        }
    }
    let met = meet(stand, fault, At { world, cold: matches!(stand.worlds, Worlds::Fresh { .. }) }).await?;
    Ok(told(stand, fault, met))
}

/// Conditions under which a fault is played.
#[derive(Clone, Copy)]
struct At<'w> {
    world: &'w str,
    /// Whether the client has nothing cached from earlier sign-ins, or is restarted.
    cold: bool,
}

async fn meet(stand: &Stand, fault: &Fault, At { world, cold }: At<'_>) -> Result<Met, ControlError> {
    if fault.id == "ac.code-of-another" {
        wait_with_code(stand, world).await?;
    }
    let trap = Trap::of(fault).await;
    let passing = Passing::of(fault, stand, world);
    stand.provider.set_fault(world, &order(fault, trap.as_ref())).await?;
    if let Some(beside) = passing.as_ref().and_then(Passing::beside) {
        stand.provider.set_fault(world, &beside).await?;
    }
    if cold {
        restart(stand).await;
    }
    let mut seen = sign_in_and_stay(stand, world, passing.as_ref()).await?;
    for _ in 0..if is_of_chance(fault) { TRIES } else { 0 } {
        if was_met(fault, &seen) {
            break;
        }
        seen = sign_in(stand, world).await?;
    }
    stand.provider.lift_faults(world).await?;
    let issuer = stand.provider.home(world)?;
    let caught = trap.map(|trap| trap.caught(issuer.as_str().trim_end_matches('/'))).unwrap_or_default();
    Ok(Met { seen, after: sign_in(stand, world).await?, caught, cold })
}

fn order(fault: &Fault, trap: Option<&Trap>) -> Value {
    match trap {
        Some(trap) => json!({ "fault": fault.id, "parameters": { "to": trap.address(fault) } }),
        None => json!({ "fault": fault.id }),
    }
}

/// Checks whether a fault is random, so that a sign-in may be without it.
fn is_of_chance(fault: &Fault) -> bool {
    fault.parameters.iter().any(|parameter| parameter.name == "p")
}

/// Plays a fault that the browser makes.
async fn by_browser(stand: &Stand, fault: &'static Fault, world: &str) -> Result<Judged, ControlError> {
    let Some(seen) = driven(stand, fault, world).await else {
        let told = pick(
            "часов этого клиента не передвинуть, а столько прогон не ждёт",
            "the clock of this client cannot be moved, and nobody waits so long",
        );
        return Ok(row(&stand.client, fault, Verdict::NotJudged(told.to_owned())));
    };
    let seen = seen?;
    stand.provider.lift_faults(world).await?;
    let after = sign_in(stand, world).await?;
    Ok(told(stand, fault, Met { seen, after, caught: Vec::new(), cold: false }))
}

/// Plays a fault of signing out.
async fn out(stand: &Stand, fault: &'static Fault, world: &str) -> Result<Judged, ControlError> {
    let (seen, mut verdict): (Seen, _) = left(stand, fault, world).await?;
    stand.provider.lift_faults(world).await?;
    if !sign_in(stand, world).await?.signed_in {
        let again = pick("следующий вход, уже без ошибки, не удался", "the next sign-in, without the fault, failed");
        let mut reasons = match verdict {
            Verdict::Failed(reasons) => reasons,
            _ => Vec::new(),
        };
        reasons.push(again.to_owned());
        verdict = Verdict::Failed(reasons);
    }
    Ok(with_page(row(&stand.client, fault, verdict), fault, seen))
}

fn told(stand: &Stand, fault: &'static Fault, met: Met) -> Judged {
    let verdict = judge(fault, &stand.client, &met);
    with_page(row(&stand.client, fault, verdict), fault, met.seen)
}
