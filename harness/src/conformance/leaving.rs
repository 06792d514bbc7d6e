//! Faults of signing out: a person signs in, and then signs out at the client or at the provider.

use idp::{Fault, Right};
use tokio::time::{Duration, Instant};

use super::{
    attempt::{Seen, watched},
    end::End,
    judge::{Verdict, of_page, was_met},
    stand::Stand,
    walk::Walk,
};
use crate::{
    control::ControlError,
    language::{pick, tr},
};

/// Time limit for the provider's logout token to reach the client.
const PATIENCE: Duration = Duration::from_secs(4);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Checks whether a fault concerns signing out.
pub(super) fn is_of_leaving(fault: &Fault) -> bool {
    fault.id.starts_with("out.")
}

/// Checks whether a fault concerns the way back after signing out at the client; the others concern logout tokens.
fn is_of_way_back(fault: &Fault) -> bool {
    matches!(fault.id, "out.state-missing" | "out.state-other" | "out.no-return")
}

/// Plays a fault of signing out; it is set after the person has signed in.
///
/// # Errors
/// Fails if the provider does not answer.
pub(super) async fn left(stand: &Stand, fault: &Fault, world: &str) -> Result<(Seen, Verdict), ControlError> {
    if is_of_way_back(fault) { by_client(stand, fault, world).await } else { by_provider(stand, fault, world).await }
}

async fn by_client(stand: &Stand, fault: &Fault, world: &str) -> Result<(Seen, Verdict), ControlError> {
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    let seen = watched(stand, world, async |walk: &Walk<'_>| {
        let mut browser = walk.browser()?;
        let end = walk.go(&mut browser, &link).await?;
        if end != End::Returned || !set(stand, fault, world).await {
            return Ok(Seen::at(walk.arrived(&mut browser, end).await));
        }
        if let Some(stuck) = walk.leave(&mut browser).await? {
            return Ok(Seen::at(walk.arrived(&mut browser, stuck).await));
        }
        let seen = Seen::at(walk.arrived(&mut browser, End::Returned).await);
        Ok(Seen { signed_in: walk.sees(&mut browser, &walk.client.signed_in).await, ..seen })
    })
    .await?;
    if !was_met(fault, &seen) {
        let told = pick(
            "после выхода клиент не просит вернуть ему то, что меняет эта ошибка",
            "on signing out the client asks for nothing back that this fault changes",
        );
        return Ok((seen, Verdict::NotApplicable(told.to_owned())));
    }
    // A person who stays at the provider sees a page that is not the client's.
    let home = stand.provider.home(world)?;
    let mut reasons = if seen.page.url.starts_with(home.as_str()) { Vec::new() } else { of_page(&seen) };
    if seen.signed_in {
        reasons.push(
            pick("после выхода человек всё ещё в системе", "the person is still signed in afterwards").to_owned(),
        );
    }
    Ok((seen, Verdict::of(reasons)))
}

async fn by_provider(stand: &Stand, fault: &Fault, world: &str) -> Result<(Seen, Verdict), ControlError> {
    let deaf = pick("клиент не слушает, кто вышел с Госуслуг", "the client does not listen who has left Gosuslugi");
    if stand.is_deaf() {
        // No person signs in or out.
        return Ok((Seen::ended(End::NeverLeft), Verdict::NotApplicable(deaf.to_owned())));
    }
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    let mut told = None;
    let seen = watched(stand, world, async |walk: &Walk<'_>| {
        let mut browser = walk.browser()?;
        let end = walk.go(&mut browser, &link).await?;
        if end != End::Returned || !set(stand, fault, world).await {
            return Ok(Seen::at(walk.arrived(&mut browser, end).await));
        }
        let after = newest(stand, world).await;
        walk.leave_provider(&mut browser).await?;
        told = answered(stand, fault, world, after).await;
        stand.heard(told.is_some());
        let signed_in = walk.sees(&mut browser, &walk.client.signed_in).await;
        Ok(Seen { signed_in, ..Seen::at(walk.arrived(&mut browser, End::Returned).await) })
    })
    .await?;
    let Some(status) = told else {
        return Ok((seen, Verdict::NotApplicable(deaf.to_owned())));
    };
    let verdict = Verdict::of(of_answer(fault, status, seen.signed_in));
    Ok((seen, verdict))
}

async fn set(stand: &Stand, fault: &Fault, world: &str) -> bool {
    stand.provider.set_fault(world, &serde_json::json!({ "fault": fault.id })).await.is_ok()
}

/// Returns the number of the newest event of a world.
async fn newest(stand: &Stand, world: &str) -> u64 {
    let mut newest = 0;
    while let Ok(lines) = stand.provider.timeline(world, newest).await
        && let Some(line) = lines.last()
    {
        newest = line.seq;
    }
    newest
}

/// Returns the status with which the client answered the faulty logout token; `None` if the token was not sent to it.
async fn answered(stand: &Stand, fault: &Fault, world: &str, after: u64) -> Option<u16> {
    let named = format!("«{}»", fault.id);
    let until = Instant::now() + PATIENCE;
    loop {
        let lines = stand.provider.timeline(world, after).await.unwrap_or_default();
        if let Some(line) = lines.iter().find(|line| line.text.contains(&named)) {
            // The client's address before it contains no number as a separate word.
            let mut words = line.text.split(|sign: char| sign.is_whitespace() || sign == ',');
            return words.find_map(|word| word.parse().ok().filter(|status| (100..600).contains(status)));
        }
        if Instant::now() > until {
            return None;
        }
        pause().await;
    }
}

fn of_answer(fault: &Fault, status: u16, is_still_in: bool) -> Vec<String> {
    let mut reasons = Vec::new();
    if status >= 500 {
        reasons.push(tr!("на маркер выхода ответ {status}", "the logout token is answered with {status}"));
    }
    let ends = fault.id == "out.replayed";
    if fault.right == Right::Refuse && !ends && status < 400 {
        reasons.push(tr!("принял маркер выхода: ответ {status}", "took the logout token: {status}"));
    }
    if fault.right == Right::Refuse && !ends && !is_still_in {
        reasons.push(pick("сеанс кончился, а должен остаться", "the session has ended and should not have").to_owned());
    }
    reasons
}

#[expect(clippy::disallowed_methods, reason = "the provider tells its clients in its own time")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}
