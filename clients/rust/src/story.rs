//! What a failed test tells of its world.

use std::fmt::Write as _;

use chrono::FixedOffset;

use crate::{Filter, Line, Result, Server, servers::Servers, timeline, verdicts};

/// Lines of a long timeline that are shown, from its end.
const LINES: usize = 60;
/// Refused requests that are shown.
const VERDICTS: usize = 10;
/// Moscow, seconds east of Greenwich.
const MOSCOW: i32 = 3 * 60 * 60;

/// The refused requests and the timeline of a world; where they cannot be had, why.
pub(crate) async fn of(servers: &Servers) -> String {
    let world = &servers.world;
    match told(servers).await {
        Ok(told) => told,
        Err(why) => format!("esia-stand: the story of the world {world} cannot be had: {why}"),
    }
}

async fn told(servers: &Servers) -> Result<String> {
    let failed = verdicts::found(servers, &Filter::verdict("failed")).await?;
    let lines = timeline::of(servers).await?;
    let url = servers.all.first().map_or("", |control| control.url());
    let mut told = format!(
        "esia-stand: world {}\nGosuslugi of this world: {url}/\n\nfailed verdicts: {}\n",
        servers.world,
        failed.len()
    );
    for verdict in failed.iter().take(VERDICTS) {
        let _ = writeln!(told, "  {}", verdict.to_string().replace('\n', "\n  "));
    }
    if failed.len() > VERDICTS {
        let _ = writeln!(told, "  … {} more", failed.len() - VERDICTS);
    }
    let _ = writeln!(told, "\ntimeline (Moscow time):");
    let before = lines.len().saturating_sub(LINES);
    if before > 0 {
        let _ = writeln!(told, "  … {before} before");
    }
    lines.iter().skip(before).for_each(|line| told.push_str(&row(line)));
    Ok(told)
}

fn row(line: &Line) -> String {
    let at = FixedOffset::east_opt(MOSCOW)
        .map_or_else(String::new, |moscow| line.at.with_timezone(&moscow).format("%Y-%m-%d %H:%M:%S").to_string());
    let who = match line.server {
        Server::Idp => "Gosuslugi",
        Server::Diary => "diary    ",
    };
    let request = line.request.map(|request| format!("  [request {request}]")).unwrap_or_default();
    format!("  {at}  {who}  {}{request}\n", line.text)
}
