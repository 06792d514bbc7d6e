//! What the start pages of both servers show to testers: people, the clock, the tools.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::clock::ClockPanel;
use crate::{Acting, AnyWorld, Cookies, Frame, PersonView, Problem, ReaderLanguage, WorldUrl, stand::Stand};

/// The tester's part of a start page. Empty for whoever may not use the control API.
pub struct Console {
    /// The language of the page.
    pub reads: ReaderLanguage,
    /// Everybody of the world.
    pub people: Vec<PersonView>,
    /// Who is signed in at this server in this browser.
    pub acting: Option<Acting>,
    clock: Option<ClockPanel>,
    /// The same world at the other server.
    pub other: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Console {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let frame = Frame::from_request_parts(parts, state).await?;
        let Ok(reads) = ReaderLanguage::from_request_parts(parts, state).await;
        let found = (parts.extensions.get::<Arc<dyn AnyWorld>>().cloned(), parts.extensions.get::<Stand>().cloned());
        let (Some(world), Some(stand)) = found else {
            return Err(Problem::internal("a start page was asked outside of `Front`"));
        };
        let other = stand.peer.as_ref().map(|peer| format!("{}/", peer.world(world.name())));
        if !frame.is_insider {
            return Ok(Self { reads, people: Vec::new(), acting: None, clock: None, other });
        }
        let Ok(cookies) = Cookies::from_request_parts(parts, state).await;
        let acting = acting(&*world, &cookies, &frame.world_url).await?;
        let clock = Some(ClockPanel::of(&*world, &stand).await);
        Ok(Self { reads, people: world.people().await?, acting, clock, other })
    }
}

async fn acting(world: &dyn AnyWorld, cookies: &Cookies, world_url: &WorldUrl) -> Result<Option<Acting>, Problem> {
    match cookies.get(world_url, world.session_cookie()) {
        Some(session) => Ok(world.acting(session).await?),
        None => Ok(None),
    }
}

impl Console {
    /// The clock of the world, for whoever may move it.
    pub fn clock(&self) -> Option<&ClockPanel> {
        self.clock.as_ref()
    }
}
