//! Pauses of a run: both servers go on, and a message shows their addresses and people.

use std::{fmt::Write as _, io};

use tokio::sync::oneshot;

use super::{ScenarioState, TestBed};
use crate::{
    control::{Control, Person},
    language::{pick, tr},
    paint,
    words::visible,
};

impl ScenarioState {
    /// Prints the addresses of the servers and links for their people, and waits for Enter; does nothing in a run
    /// without pauses.
    pub(crate) async fn pause(&mut self, why: &str) {
        let Some(test_bed) = self.running_test_bed().filter(|test_bed| test_bed.pauses) else { return };
        let title = visible(&self.title);
        let mut told = tr!("\nПауза: {title}\n", "\nPaused: {title}\n");
        for line in visible(why).lines() {
            let _ = writeln!(told, "  {line}");
        }
        if let Some(world) = self.record.world.clone() {
            told.push_str(&whereabouts(&test_bed, &world).await);
        }
        told.push_str(pick(
            "\nEnter — играть дальше, Ctrl+C — закончить прогон\n",
            "\nEnter goes on, Ctrl+C ends the run\n",
        ));
        if let Err(error) = paint::print(&told) {
            tracing::warn!(%error, "the pause was not told");
        }
        enter().await;
    }
}

/// Returns the addresses of the world at both servers, and a sign-in link for each person.
async fn whereabouts(test_bed: &TestBed, world: &str) -> String {
    let mut told = String::new();
    for server in [test_bed.idp.ours(), test_bed.diary.ours()].into_iter().flatten() {
        let Ok(base) = server.world(world) else { continue };
        let _ = writeln!(told, "\n{}: {base}", server.party.name());
        let _ = writeln!(told, "  {}: {base}control/console/timeline", pick("консоль", "console"));
        // A server whose people cannot be read gets no links.
        let people = server.people(world).await.unwrap_or_default();
        let links = links(server, world, &people).await;
        if !links.is_empty() {
            let head = pick("войти сразу (ссылка действует один раз)", "signed in at once (a link works once)");
            let _ = writeln!(told, "  {head}:\n{links}");
        }
    }
    if let (Some(foreign), Ok(base)) = (test_bed.diary.foreign(), test_bed.diary.world(world)) {
        let _ = writeln!(told, "\n{}: {base}", visible(&foreign.client.title));
    }
    told
}

async fn links(server: &Control, world: &str, people: &[Person]) -> String {
    let mut told = String::new();
    for person in people {
        if let Ok(link) = server.session_link(world, &person.key).await {
            let _ = writeln!(told, "    {} ({}): {link}", visible(&person.key), visible(&person.name));
        }
    }
    told.trim_end_matches('\n').to_owned()
}

/// Waits for a line or the end of standard input. The separate thread does not keep the program from ending.
async fn enter() {
    let (told, heard) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = io::stdin().read_line(&mut String::new());
        let _ = told.send(());
    });
    let _ = heard.await;
}
