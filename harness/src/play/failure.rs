//! What a failed step tells: the expectation, what was there, and the story of both parties.

use std::fmt::Write as _;

use chrono::FixedOffset;

use super::Play;
use crate::{control::Control, steps::StepError};

/// How many lines of a page are shown.
const PAGE_LINES: usize = 40;
/// How many of the last requests are looked at for failed checks.
const REQUESTS: usize = 3;

/// The whole story of a failure.
pub(super) async fn tell(play: &mut Play, error: &StepError) -> String {
    if let StepError::CouldNotAsk(why) = error {
        if let Some(stage) = &play.stage {
            stage.stop(why);
        }
        return why.clone();
    }
    let mut story = error.to_string();
    tell_page(play, &mut story).await;
    if let (Ok(stage), Ok(world)) = (play.stage(), play.world()) {
        tell_timeline(&[("Госуслуги", &stage.idp), ("дневник", &stage.diary)], world, &mut story).await;
        for (name, server) in [("Госуслуги", &stage.idp), ("дневник", &stage.diary)] {
            tell_requests(name, server, world, &mut story).await;
        }
    }
    story
}

async fn tell_page(play: &mut Play, story: &mut String) {
    let Some(who) = play.last.clone() else { return };
    let Some(browser) = play.browsers.get_mut(&who) else { return };
    let Ok(page) = browser.page().await else { return };
    let _ = write!(story, "\n\nстраница ({who}): {} «{}»", page.url(), page.title());
    let text = page.main_text();
    for line in text.lines().take(PAGE_LINES) {
        let _ = write!(story, "\n  | {line}");
    }
    if text.lines().count() > PAGE_LINES {
        let _ = write!(story, "\n  | …");
    }
}

/// Both timelines as one, by the worlds' clocks.
async fn tell_timeline(servers: &[(&str, &Control)], world: &str, story: &mut String) {
    let mut lines = Vec::new();
    for (name, server) in servers {
        match server.timeline(world).await {
            Ok(told) => lines.extend(told.into_iter().map(|line| (line.at, *name, line.text))),
            Err(error) => lines.push((chrono::DateTime::UNIX_EPOCH, *name, error.to_string())),
        }
    }
    lines.sort_by_key(|(at, ..)| *at);
    if lines.is_empty() {
        return;
    }
    let _ = write!(story, "\n\nхроника:");
    for (at, name, text) in lines {
        let _ = write!(story, "\n  {}  {name:<9}  {text}", moscow(at));
    }
}

async fn tell_requests(name: &str, server: &Control, world: &str, story: &mut String) {
    let Ok(asked) = server.requests(world).await else { return };
    let failed = asked.iter().filter(|asked| asked.verdict.iter().any(|check| check.outcome != "passed"));
    for asked in failed.take(REQUESTS) {
        let _ = write!(story, "\n\n{name}, запрос {}: {} {} → {}", asked.id, asked.method, asked.target, asked.status);
        for check in asked.verdict.iter().filter(|check| check.outcome != "passed") {
            let _ = write!(
                story,
                "\n  {} ({}): ожидалось {}, пришло {}",
                check.rule, check.source, check.expected, check.got
            );
        }
    }
}

fn moscow(at: chrono::DateTime<chrono::Utc>) -> String {
    let zone = FixedOffset::east_opt(3 * 3600).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc));
    at.with_timezone(&zone).format("%d.%m.%Y %H:%M:%S").to_string()
}
