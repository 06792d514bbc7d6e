//! `esia-stand run`: checks everything that can be wrong beforehand, then plays the scenarios.

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    pin::pin,
    sync::Arc,
};

use idp::ClientSpec;

use super::{
    Run, browsers,
    commands::say,
    diagnosed::told,
    reports,
    select::{of_concern, ordered, selected},
    sides::{Children, Sides, Stand, mark, not_asked},
    stand,
};
use crate::{
    control::Party,
    exit::{CliError, Exit},
    language::{pick, tr},
    net, paint,
    possible::asking_a_site,
    provider::ForeignProvider,
    run::{self as runs, Signals, Summary},
    scenario::{Halt, NoAnswer, OwnSite, TestBed},
    suite::{self, Suite},
    watch::Concerned,
    words::of_system,
};

/// File name that stands for standard output.
const STDOUT: &str = "-";

/// Data and servers of a run after all checks.
struct Prepared {
    suite: Suite,
    test_bed: Arc<TestBed>,
    options: runs::Options,
    /// Servers that the command has started. Dropping this stops them.
    children: Option<Children>,
}

/// Plays the suite. A signal ends the run early; all results so far are written.
pub(super) async fn run(options: Run, clients: Vec<ClientSpec>) -> Result<Exit, CliError> {
    senseless(&options)?;
    if options.list || options.dry_run {
        return shown(&options);
    }
    play(options, clients, &Concerned::All, &mut Signals::listen()?).await
}

/// Plays the chosen scenarios, limited to the features that a change concerns.
pub(super) async fn play(
    options: Run,
    clients: Vec<ClientSpec>,
    concerned: &Concerned,
    signals: &mut Signals,
) -> Result<Exit, CliError> {
    let prepared = tokio::select! {
        biased;
        exit = signals.next() => return Ok(exit),
        prepared = prepare(options, clients, concerned) => prepared?,
    };
    let Prepared { suite, test_bed, options, children } = prepared;
    if suite.count() == 0 {
        say(&tr!("в этой части сценариев нет\n", "there are no scenarios in this part\n"))?;
    }
    let mut running = pin!(async {
        let summary = runs::run(suite, Arc::clone(&test_bed), &options).await;
        let ended = ended(&test_bed, summary).await;
        test_bed.close().await;
        ended
    });
    let ended = loop {
        tokio::select! {
            ended = &mut running => break ended,
            exit = signals.next() => stop(&test_bed, exit),
        }
    };
    drop(children);
    ended
}

/// Stops the run at the next steps, with a message the first time.
fn stop(test_bed: &TestBed, exit: Exit) {
    if test_bed.halted().is_none() {
        paint::complain(pick("остановка, отчёты будут записаны", "stopping, reports will be written"));
    }
    test_bed.stop(Halt::Signal(exit));
}

/// Exit code after a run.
async fn ended(test_bed: &TestBed, summary: Summary) -> Result<Exit, CliError> {
    for unwritten in &summary.unwritten {
        paint::complain(unwritten);
    }
    match summary {
        Summary { halted: Some(Halt::Signal(exit)), .. } => Ok(exit),
        Summary { halted: Some(Halt::CouldNotAsk(why)), .. } => Err(not_asked(blame(test_bed, why).await)),
        Summary { panicked: 1.., .. } | Summary { not_asked: 1.., .. } => Ok(Exit::CouldNotRun),
        Summary { failed: 1.., .. } => Ok(Exit::Failed),
        Summary { unwritten, .. } if !unwritten.is_empty() => Ok(Exit::CouldNotRun),
        Summary { .. } => Ok(Exit::Passed),
    }
}

/// Reason why a run was halted, with the servers that do not answer any more, because a scenario may have seen only a
/// refused connection.
async fn blame(test_bed: &TestBed, why: NoAnswer) -> String {
    let mut silent = Vec::new();
    if test_bed.idp.health().await.is_err() {
        silent.push(Party::Idp);
    }
    if test_bed.diary.health().await.is_err() {
        silent.push(Party::Diary);
    }
    if silent.is_empty() || why.party.is_some_and(|party| silent.contains(&party)) {
        return why.reason;
    }
    let silent: Vec<_> = silent.iter().map(|party| format!("{} ({})", party.name(), party.key())).collect();
    let (silent, reason) = (silent.join(pick(" и ", " and ")), why.reason);
    tr!("больше не отвечают: {silent}; {reason}", "no answer any more from {silent}; {reason}")
}

async fn prepare(options: Run, clients: Vec<ClientSpec>, concerned: &Concerned) -> Result<Prepared, CliError> {
    let clients = suite::clients::gather(&options.client, clients)?;
    if options.idp.is_some() && options.relying_party.is_none() && !clients.is_empty() {
        return Err(CliError::wrong(pick(
            "--client нужен серверам, которые запускает сама команда; у запущенных: PUT /control/clients/{мнемоника}",
            "--client is for servers that the command itself starts; at running ones: PUT /control/clients/{mnemonic}",
        )));
    }
    let suite = Suite::load(&options.paths).map_err(|wrong| diagnosed(&wrong))?;
    let coverage = runs::Coverage::of(&suite);
    let mut suite = of_concern(selected(suite, &options)?, concerned);
    ordered(&suite, &options.order)?;
    mark(&mut suite, &options)?;
    own_site(&suite, &options)?;
    let profile =
        options.profile.as_deref().map(suite::profile::read).transpose().map_err(|wrong| diagnosed(&wrong))?;
    let pace = runs::Pace {
        repeat: options.repeat.unwrap_or(1),
        retry: options.retry.unwrap_or(0),
        shuffle: options.shuffle,
        fail_fast: options.fail_fast,
    };
    let slowest = usize::from(options.slowest.unwrap_or(0));
    let reports = reports::of(&options, coverage);
    reports.prepare().map_err(CliError::wrong)?;
    let gathered = reports::gathered(&reports);
    options.screenshots.as_ref().map_or(Ok(()), folder)?;
    let provider = stand::provider(&options)?;
    let wire = stand::wire(&options, provider.as_ref());
    let recording = options.record.clone().map(|path| {
        let secrets = provider.as_ref().map(ForeignProvider::secrets).unwrap_or_default();
        runs::RecordingFolder { path, secrets }
    });
    recording.as_ref().map_or(Ok(()), recorded_in)?;
    let stand = provider.zip(wire.clone()).map(|(provider, wire)| Stand { provider, wire });
    for site in &options.site {
        net::answers_soon(site).await.map_err(not_asked)?;
    }
    let Sides { idp, diary, children } = Sides::of(&options, clients, stand).await?;
    let is_near = idp.world("main").is_ok_and(|url| net::is_loopback(&url))
        && diary.world("main").is_ok_and(|url| net::is_loopback(&url))
        && options.site.iter().all(net::is_loopback);
    let screen = browsers::screen(&options, is_near).await?;
    // Scenarios in a shared world are played one after another.
    let is_shared = idp.foreign().is_some() || diary.foreign().is_some_and(|foreign| foreign.shared_world().is_some());
    let test_bed = TestBed::new(idp, diary, screen)
        .with(options.screenshots, options.keep, suite.seeds.clone())
        .over(wire)
        .beside(OwnSite::of(&options.site))
        .gathering(gathered)
        .pausing(options.pause)
        .in_order(options.order)
        .through(options.protocol, profile.as_ref());
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    // With `--pause` a person looks at one scenario: no other may print, and no progress bar may move.
    let jobs = if options.pause || is_shared { 1 } else { options.jobs.map_or(2 * cores, usize::from) };
    let terminal = io::stdout().is_terminal() && !options.pause;
    let options = runs::Options { jobs, pace, slowest, reports, recording, terminal };
    Ok(Prepared { suite, test_bed: Arc::new(test_bed), options, children })
}

/// Refuses scenarios that use a team's own site if none is named.
fn own_site(suite: &Suite, options: &Run) -> Result<(), CliError> {
    let Some((place, sentence)) = options.site.is_empty().then(|| asking_a_site(suite)).flatten() else {
        return Ok(());
    };
    Err(CliError::wrong(tr!(
        "{place}: «{sentence}»: не сказано, где свой сайт: --site АДРЕС",
        "{place}: \"{sentence}\": it is not said where the own site is: --site URL"
    )))
}

/// Prints what a run would play: `--list`, `--dry-run`.
fn shown(options: &Run) -> Result<Exit, CliError> {
    let mut suite = selected(Suite::load(&options.paths).map_err(|wrong| diagnosed(&wrong))?, options)?;
    mark(&mut suite, options)?;
    let Some(file) = options.json.as_ref().filter(|_| options.list) else {
        return say(&if options.list { runs::listed(&suite) } else { runs::planned(&suite) });
    };
    let list = serde_json::to_string_pretty(&runs::listed_as_json(&suite)).map_err(CliError::could_not_run)? + "\n";
    if file.as_os_str() == STDOUT {
        return say(&list);
    }
    let told = |error| CliError::could_not_run(format!("{}: {}", file.display(), of_system(&error)));
    std::fs::write(file, list).map(|()| Exit::Passed).map_err(told)
}

fn diagnosed(wrong: &[suite::Diagnostic]) -> CliError {
    told(wrong).map_or_else(|error| error, CliError::Told)
}

/// Refuses combinations of options that would have no effect.
pub(super) fn senseless(options: &Run) -> Result<(), CliError> {
    let is_foreign = options.relying_party.is_some();
    let running = options.idp.is_some() && (options.diary.is_some() || is_foreign);
    let wrong = if is_foreign && (options.profile.is_some() || options.protocol.is_some() || options.diary.is_some()) {
        pick(
            "с --relying-party не нужны --diary, --profile и --protocol: где дневник и каков он, говорит описание",
            "--relying-party needs no --diary, --profile or --protocol: the description says where the diary is and what it is like",
        )
    } else if !is_foreign && options.idp.is_some() != options.diary.is_some() {
        pick(
            "--idp и --diary нужны вместе: либо оба сервера уже запущены, либо команда запустит оба сама",
            "--idp and --diary go together: either both servers run already, or the command starts both itself",
        )
    } else if options.keep && !running {
        pick(
            "--keep ничего не даст: серверы, которые запускает сама команда, исчезнут вместе с мирами; запустите их \
             (esia-stand serve) и укажите --idp и --diary",
            "--keep would do nothing: servers that the command itself starts end together with their worlds; start them \
             (esia-stand serve) and name them by --idp and --diary",
        )
    } else if !options.list && options.json.as_ref().is_some_and(|file| file.as_os_str() == STDOUT) {
        pick(
            "--json: нужен файл отчёта; без файла — только с --list",
            "--json: the report needs a file; only with --list it needs none",
        )
    } else if options.pause && !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        pick(
            "--pause ждёт Enter от человека, а здесь нет терминала: запустите прогон в терминале или уберите --pause",
            "--pause waits for somebody's Enter, and there is no terminal here: run it in a terminal, or without --pause",
        )
    } else if let Some(told) = browsers::senseless(options) {
        told
    } else {
        return of_the_wire(options);
    };
    Err(CliError::wrong(wrong))
}

/// Refuses such combinations with a foreign provider or a recording.
fn of_the_wire(options: &Run) -> Result<(), CliError> {
    let in_browser = browsers::engine(options).is_some();
    let wrong = if options.provider.is_some() && options.protocol.is_some() {
        pick(
            "с --provider не нужен --protocol: протокол говорит описание",
            "--provider needs no --protocol: the description says which it is",
        )
    } else if in_browser && options.provider.is_some() {
        pick(
            "--provider и настоящий браузер (--browser) вместе не бывают: он не держится списка узлов и темпа",
            "--provider and a real browser (--browser) do not go together: it keeps to no list of hosts and to no pace",
        )
    } else if in_browser && options.record.is_some() {
        pick(
            "--record и настоящий браузер (--browser) вместе не бывают: его запросы отсюда не видны",
            "--record and a real browser (--browser) do not go together: its requests are not seen from here",
        )
    } else {
        return Ok(());
    };
    Err(CliError::wrong(wrong))
}

/// Prepares the folder of a recording and checks that it is writable.
fn recorded_in(recording: &runs::RecordingFolder) -> Result<(), CliError> {
    recording.prepare().map_err(|error| {
        let (folder, why) = (recording.path.display(), of_system(&error));
        CliError::wrong(tr!("папка записи {folder}: {why}", "folder of the recording {folder}: {why}"))
    })
}

/// Creates the folder for pictures and checks that it is writable.
fn folder(folder: &PathBuf) -> Result<(), CliError> {
    let made = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder).map(|_| ()));
    made.map_err(|error| {
        let (folder, why) = (folder.display(), of_system(&error));
        CliError::wrong(tr!("папка снимков {folder}: {why}", "folder of pictures {folder}: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Screens;

    fn said(options: &Run) -> String {
        senseless(options).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn what_would_do_nothing_is_refused() {
        let url = || Some("http://127.0.0.1:1".parse().unwrap());
        let screenshots = || Some(PathBuf::from("shots"));
        assert!(said(&Run { idp: url(), ..Run::default() }).contains("--idp и --diary нужны вместе"));
        assert!(said(&Run { keep: true, ..Run::default() }).contains("--keep ничего не даст"));
        assert!(said(&Run { screenshots: screenshots(), ..Run::default() }).contains("--browser chromium"));
        assert!(
            said(&Run { screenshots: screenshots(), browser: Some(Screens::Http), ..Run::default() })
                .contains("снимки")
        );
        let browser = Some(Screens::Chromium);
        assert_eq!(said(&Run { screenshots: screenshots(), browser, ..Run::default() }), "");
        assert_eq!(said(&Run { keep: true, idp: url(), diary: url(), ..Run::default() }), "");
        assert_eq!(said(&Run::default()), "");
    }
}
