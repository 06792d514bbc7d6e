//! `GET /`: the start page of a world, for testers.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use web::{Console, Frame, InWorld, OtherClock, Problem, ScriptedPage};

use crate::{signin::ProviderClient, state::Diary};

#[derive(Template)]
#[template(path = "console.html")]
pub(crate) struct StartPage {
    frame: Frame,
    title: String,
    school: String,
    console: Console,
    provider: Option<String>,
}

/// `GET /`: shows the start page of a world with its people, so that a tester can act as one of them.
pub(crate) async fn start(
    InWorld { world, world_url }: InWorld<Diary>,
    State(client): State<Arc<ProviderClient>>,
    frame: Frame,
    console: Console,
) -> Result<ScriptedPage<StartPage>, Problem> {
    let config = world.read(|diary: &Diary, _| diary.config.clone()).await?;
    let provider = client.base_url(&config.provider, &world_url.world).ok().map(|url| url.to_string());
    let (title, school) = (world.genesis().seed.title.clone(), config.school_name());
    Ok(ScriptedPage(StartPage { frame, title, school, console, provider }))
}
