//! `GET /`: the start page, for testers.

use askama::Template;
use axum::extract::State;
use chrono::{DateTime, Utc};
use web::{Frame, InWorld, Page, Trouble};

use crate::{
    app::App,
    control::{PersonView, people_of},
    state::Diary,
};

/// The newest events that the page shows.
const SHOWN: usize = 20;

struct Happened {
    seq: u64,
    at: DateTime<Utc>,
    text: String,
}

#[derive(Template)]
#[template(path = "console.html")]
pub(crate) struct StartPage {
    frame: Frame,
    title: String,
    school: String,
    people: Vec<PersonView>,
    provider: Option<String>,
    timeline: Vec<Happened>,
}

/// `GET /`
pub(crate) async fn start(
    InWorld { world, place }: InWorld<Diary>,
    State(app): State<App>,
    frame: Frame,
) -> Result<Page<StartPage>, Trouble> {
    let (settled, people) = world.read(|diary, now| (diary.settled.clone(), people_of(diary, web::date(now)))).await?;
    let after = world.seq().saturating_sub(u64::try_from(SHOWN).unwrap_or(u64::MAX));
    let mut timeline: Vec<Happened> = world
        .timeline(after, SHOWN)
        .await?
        .iter()
        .map(|record| Happened { seq: record.seq, at: record.at, text: world.tell(record) })
        .collect();
    timeline.reverse();
    let provider = app.provider_of(&settled.provider, &place.world).ok().map(|url| url.to_string());
    let (title, school) = (world.genesis().seed.title.clone(), settled.school.name.clone());
    Ok(Page(StartPage { frame, title, school, people, provider, timeline }))
}
