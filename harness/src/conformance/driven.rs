//! Faults that the browser makes without the provider's part.

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

/// Number of sign-ins in a storm of unknown keys.
const STORM: usize = 50;
/// Delay of the return to the client.
const LATE: &str = "40m";

/// Plays a fault of the browser; returns `None` for other faults, and if the fault cannot be played with this client.
///
/// # Errors
/// Fails if the provider does not answer.
pub(super) async fn driven(stand: &Stand, fault: &Fault, world: &str) -> Option<Result<Seen, ControlError>> {
    Some(match fault.id {
        "ac.callback-twice" => twice(stand, world).await,
        "ac.two-tabs" => two_tabs(stand, world).await,
        "ac.too-late" if stand.moves_clocks() => too_late(stand, world).await,
        "keys.unknown-kid-storm" => storm(stand, world).await,
        _ => return None,
    })
}

/// Opens the same authorization response twice at the same time. The worse of the two pages is kept.
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

/// Begins two sign-ins in one browser, and ends the first one last; the result is its page.
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

/// Returns to the client long after the provider has sent the person back.
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

/// Signs in many times, each time with another unknown key. The result has the last page and all requests.
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

/// Lets another person begin a sign-in to the client, and leaves their code unused.
///
/// # Errors
/// Fails if the provider does not answer.
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

/// Observations of a sign-in that the provider did not send back to the client.
async fn not_sent(walk: &Walk<'_>, browser: &mut HttpBrowser) -> Seen {
    let Arrival { page, refused, .. } = walk.arrived(browser, End::Returned).await;
    let end = End::AtProvider(page.title.clone());
    Seen::at(Arrival { end, page, refused })
}
