//! Faults that the provider has no part in: whoever drives the browser makes them.

use futures::join;
use idp::Fault;
use serde_json::json;

use super::{
    attempt::{Seen, sign_in, watched},
    end::End,
    shown::Shown,
    stand::Stand,
    walk::{Arrival, Walk},
};
use crate::{
    browser::{Browser as _, HttpBrowser},
    control::ControlError,
};

/// Number of answers in a storm of unknown keys.
const STORM: usize = 50;
/// How late somebody comes back.
const LATE: &str = "40m";

/// Plays a fault that is the browser's; none for any other, and where it cannot be played with this client.
///
/// # Errors
/// When the provider does not answer.
pub(super) async fn driven(stand: &Stand, fault: &Fault, world: &str) -> Option<Result<Seen, ControlError>> {
    Some(match fault.id {
        "ac.callback-twice" => twice(stand, world).await,
        "ac.two-tabs" => two_tabs(stand, world).await,
        "ac.too-late" if stand.moves_clocks() => too_late(stand, world).await,
        "keys.unknown-kid-storm" => storm(stand, world).await,
        _ => return None,
    })
}

/// The same answer opened twice at once. The page that is kept is the worse one.
async fn twice(stand: &Stand, world: &str) -> Result<Seen, ControlError> {
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    watched(stand, world, async |walk: &Walk<'_>| {
        let (mut browser, held) = walk.held_browser()?;
        browser.open(&link).await?;
        let Some(back) = walk.away(&mut browser, &held).await? else { return Ok(not_sent(walk, &mut browser).await) };
        let mut other = browser.clone();
        let (one, two) = join!(browser.open(&back), other.open(&back));
        one.and(two)?;
        let worse = |page: &Shown| (page.status >= 500, page.leaks.len(), page.text.trim().is_empty());
        let one = walk.arrived(&mut browser, End::Returned).await;
        let two = walk.arrived(&mut other, End::Returned).await;
        let seen = Seen::at(if worse(&two.page) > worse(&one.page) { two } else { one });
        Ok(Seen { signed_in: walk.sees(&mut browser, &walk.client.signed_in).await, ..seen })
    })
    .await
}

/// Two sign-ins in one browser. The one that began first ends last, and is looked at on its own page.
async fn two_tabs(stand: &Stand, world: &str) -> Result<Seen, ControlError> {
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    watched(stand, world, async |walk: &Walk<'_>| {
        let (mut browser, held) = walk.held_browser()?;
        browser.open(&link).await?;
        let Some(first) = walk.away(&mut browser, &held).await? else { return Ok(not_sent(walk, &mut browser).await) };
        let Some(second) = walk.away(&mut browser, &held).await? else {
            return Ok(not_sent(walk, &mut browser).await);
        };
        walk.back(&mut browser, &held, &second).await?;
        walk.back(&mut browser, &held, &first).await?;
        let seen = Seen::at(walk.arrived(&mut browser, End::Returned).await);
        let is_own = seen.page.status < 400 && !seen.refused;
        Ok(Seen { signed_in: is_own && walk.sees(&mut browser, &walk.client.signed_in).await, ..seen })
    })
    .await
}

/// Back long after the provider has sent the person on their way.
async fn too_late(stand: &Stand, world: &str) -> Result<Seen, ControlError> {
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    watched(stand, world, async |walk: &Walk<'_>| {
        let (mut browser, held) = walk.held_browser()?;
        browser.open(&link).await?;
        let Some(back) = walk.away(&mut browser, &held).await? else { return Ok(not_sent(walk, &mut browser).await) };
        if stand.advance(world, LATE).await.is_err() {
            return Ok(not_sent(walk, &mut browser).await);
        }
        walk.back(&mut browser, &held, &back).await?;
        let seen = Seen::at(walk.arrived(&mut browser, End::Returned).await);
        Ok(Seen { signed_in: walk.sees(&mut browser, &walk.client.signed_in).await, ..seen })
    })
    .await
}

/// One sign-in after another, each with a key that nobody knows. What is kept is the last page, and all requests.
async fn storm(stand: &Stand, world: &str) -> Result<Seen, ControlError> {
    let (mut requests, mut last) = (Vec::new(), Seen::ended(End::NeverLeft));
    for number in 0..STORM {
        let unknown = json!({ "fault": "hdr.kid-unknown", "parameters": { "kid": format!("nobody-knows-{number}") } });
        stand.provider.lift_faults(world).await?;
        stand.provider.set_fault(world, &unknown).await?;
        last = sign_in(stand, world).await?;
        requests.append(&mut last.requests);
        if matches!(last.end, End::NoAnswer(_) | End::Hung) {
            break;
        }
    }
    Ok(Seen { requests, ..last })
}

/// Another person begins a sign-in to the client, and their code waits for it.
///
/// # Errors
/// When the provider does not answer.
pub(super) async fn wait_with_code(stand: &Stand, world: &str) -> Result<(), ControlError> {
    let people = stand.provider.people(world).await?;
    let Some(other) = people.iter().find(|person| person.login.is_some() && person.key != stand.client.person) else {
        return Ok(());
    };
    let link = stand.provider.session_link(world, &other.key).await?;
    watched(stand, world, async |walk: &Walk<'_>| {
        let (mut browser, held) = walk.held_browser()?;
        browser.open(&link).await?;
        walk.away(&mut browser, &held).await?;
        Ok(Seen::ended(End::Returned))
    })
    .await
    .map(|_| ())
}

/// A sign-in that was not sent back to the client: where it stands.
async fn not_sent(walk: &Walk<'_>, browser: &mut HttpBrowser) -> Seen {
    let Arrival { page, refused, .. } = walk.arrived(browser, End::Returned).await;
    let end = End::AtProvider(page.title.clone());
    Seen::at(Arrival { end, page, refused })
}
