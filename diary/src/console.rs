//! `GET /`: the start page, for testers.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use web::{Frame, InWorld, Page, People as _, PersonView, Problem};

use crate::{signin::ProviderClient, state::Diary};

#[derive(Template)]
#[template(path = "console.html")]
pub(crate) struct StartPage {
    frame: Frame,
    title: String,
    school: String,
    people: Vec<PersonView>,
    provider: Option<String>,
}

/// `GET /`: the start page of a world, with its people for a tester.
pub(crate) async fn start(
    InWorld { world, world_url }: InWorld<Diary>,
    State(client): State<Arc<ProviderClient>>,
    frame: Frame,
) -> Result<Page<StartPage>, Problem> {
    let told = |diary: &Diary, now| {
        let people = if frame.is_insider { diary.people(now) } else { Vec::new() };
        (diary.config.clone(), people)
    };
    let (config, people) = world.read(told).await?;
    let provider = client.base_url(&config.provider, &world_url.world).ok().map(|url| url.to_string());
    let (title, school) = (world.genesis().seed.title.clone(), config.school_name());
    Ok(Page(StartPage { frame, title, school, people, provider }))
}
