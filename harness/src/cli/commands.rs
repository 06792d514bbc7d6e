//! What each command does.

use std::io::{self, IsTerminal as _, Write as _};

use idp::clients::ClientSpec;
use web::{ControlToken, Settings};

use super::{
    Check, Diary, File, Idp, Mistakes, People, ProfileOf, Run, Screens, Serve, mistakes, options::Schema, people,
};
use crate::{
    browser::Driver,
    control::Control,
    exit::{Exit, Trouble},
    play::{Screen, Stage},
    run as runs,
    servers::{self, Pair},
    steps as vocabulary,
    suite::{self, Diagnostic, Suite, Tags},
};

/// `esia-stand run`.
pub(super) async fn run(options: Run, clients: Vec<ClientSpec>) -> Result<Exit, Trouble> {
    let clients = suite::clients::gather(&options.client, clients).map_err(super::wrong)?;
    let tags: Option<Tags> = options.tags.as_deref().map(str::parse).transpose().map_err(Trouble::wrong)?;
    if options.idp.is_some() != options.diary.is_some() {
        return Err(Trouble::wrong("--idp and --diary go together: both servers, or neither"));
    }
    let (coverage, suite) = match Suite::load(&options.paths) {
        Ok(suite) => (runs::Coverage::of(&suite), suite.only(tags.as_ref())),
        Err(diagnostics) => return told(&diagnostics),
    };
    let profile = match options.profile.as_deref().map(suite::profile::read).transpose() {
        Ok(profile) => profile,
        Err(wrong) => return told(&wrong),
    };
    if options.idp.is_some() && !clients.is_empty() {
        let told = "--client is for servers that this command starts; at one that runs already: PUT /control/clients/{mnemonic}";
        return Err(Trouble::wrong(told));
    }
    if suite.count() == 0 {
        return Err(Trouble::wrong("no scenario has such tags"));
    }
    let (idp, diary, children) = if let (Some(idp), Some(diary)) = (options.idp.clone(), options.diary.clone()) {
        (idp, diary, None)
    } else {
        let pair = Pair::start(&servers::Wanted { clients, ..servers::Wanted::default() }).await?;
        (pair.idp.url.clone(), pair.diary.url.clone(), Some(pair))
    };
    let own = children.is_some();
    let token = options.control_token.as_deref().and_then(ControlToken::new).map(|token| token.as_str().to_owned());
    let door = |server, url| Control::new(server, url, token.clone(), own).map_err(Trouble::could_not_run);
    let doors = [door("idp", idp)?, door("diary", diary)?];
    for server in &doors {
        server.health().await.map_err(Trouble::could_not_run)?;
    }
    let screen = match options.browser.unwrap_or(Screens::Http) {
        Screens::Http => Screen::Http { direct: own },
        Screens::Chromium => Screen::Chromium(Box::new(Driver::start().await.map_err(Trouble::could_not_run)?)),
    };
    if let Some(folder) = &options.screenshots {
        std::fs::create_dir_all(folder).map_err(Trouble::could_not_run)?;
    }
    let [idp, diary] = doors.clone();
    let stage = Stage::new(idp, diary, screen)
        .with(options.screenshots, options.keep, suite.seeds.clone())
        .through(options.protocol, profile.as_ref());
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let options = runs::Options {
        jobs: options.jobs.map_or(2 * cores, usize::from),
        junit: options.junit,
        json: options.json,
        coverage: options.coverage.map(|file| (file, coverage)),
        terminal: io::stdout().is_terminal(),
    };
    let summary = runs::run(suite, stage, &options).await.map_err(Trouble::could_not_run)?;
    let outcome = match summary {
        runs::Summary { halted: Some(why), .. } => Err(Trouble::CouldNotRun(blame(&doors, why).await)),
        runs::Summary { failed: 0, .. } => Ok(Exit::Passed),
        runs::Summary { .. } => Ok(Exit::Failed),
    };
    drop(children);
    outcome
}

/// Why a run was halted, with the servers that do not answer any more: a scenario may have seen no more than a refused
/// connection.
async fn blame(doors: &[Control], why: String) -> String {
    let mut silent = Vec::new();
    for door in doors {
        if door.health().await.is_err() {
            silent.push(door.server);
        }
    }
    if silent.is_empty() || silent.iter().any(|server| why.contains(server)) {
        why
    } else {
        format!("the server {} does not answer any more: {why}", silent.join(" and "))
    }
}

/// `esia-stand serve`.
pub(super) async fn serve(options: Serve, clients: Vec<ClientSpec>) -> Result<Exit, Trouble> {
    let token = options.control_token.as_deref().and_then(ControlToken::new);
    for listen in options.idp_listen.iter().chain(&options.diary_listen) {
        Settings { control_token: token.clone(), ..Settings::on(*listen) }.check().map_err(Trouble::wrong)?;
    }
    let token = token.map(|token| token.as_str().to_owned());
    let wanted = servers::Wanted {
        clients: suite::clients::gather(&options.client, clients).map_err(super::wrong)?,
        idp: Some(options.idp_listen.unwrap_or_else(|| servers::loopback(8081))),
        diary: Some(options.diary_listen.unwrap_or_else(|| servers::loopback(8082))),
        seed: options.seed,
        protocol: options.protocol,
        profile: options.profile,
        control_token: token.clone(),
    };
    let mut pair = Pair::start(&wanted).await?;
    let (idp, diary) = (pair.idp.url.as_str(), pair.diary.url.as_str());
    let ready = serde_json::json!({ "idp": idp.trim_end_matches('/'), "diary": diary.trim_end_matches('/') });
    let door = Control::new("idp", pair.idp.url.clone(), token, true).map_err(Trouble::could_not_run)?;
    let people = door.people("main").await.map_err(Trouble::could_not_run)?;
    writeln!(io::stdout(), "{ready}\n{}", servers::table(&people)).map_err(Trouble::could_not_run)?;
    pair.wait().await
}

/// `esia-stand idp`.
pub(super) async fn idp(options: Idp, clients: Vec<ClientSpec>) -> Result<Exit, Trouble> {
    let clients = suite::clients::gather(&options.client, clients).map_err(super::wrong)?;
    servers::idp(options, clients).await.map(|()| Exit::Passed)
}

/// `esia-stand diary`.
pub(super) async fn diary(options: Diary) -> Result<Exit, Trouble> {
    servers::diary(options).await.map(|()| Exit::Passed)
}

/// `esia-stand steps`.
pub(super) fn steps() -> Result<Exit, Trouble> {
    say(&vocabulary::vocabulary())
}

/// `esia-stand people`.
pub(super) fn people(options: &People) -> Result<Exit, Trouble> {
    let casts = people::casts(options.world.as_deref())?;
    if !options.json {
        return say(&people::tables(&casts));
    }
    serde_json::to_string_pretty(&casts).map_err(Trouble::could_not_run).and_then(|text| say(&(text + "\n")))
}

/// `esia-stand mistakes`.
pub(super) fn mistakes(options: &Mistakes) -> Result<Exit, Trouble> {
    say(&mistakes::listed(options)?)
}

/// `esia-stand check`.
pub(super) fn check(options: &Check) -> Result<Exit, Trouble> {
    match options.schema {
        Some(Schema::Seed) => return say(&pretty(&suite::seed::schema())?),
        Some(Schema::Config) => return say(&pretty(&schemars::schema_for!(File))?),
        None => {}
    }
    let (count, mut wrong) = suite::check(&options.files);
    wrong.extend(options.profile.as_deref().and_then(|named| suite::profile::read(named).err()).into_iter().flatten());
    if wrong.is_empty() {
        return say(&format!("{count} files are right\n"));
    }
    told(&wrong)
}

/// What is wrong with files.
fn told(wrong: &[Diagnostic]) -> Result<Exit, Trouble> {
    let mut err = io::stderr().lock();
    wrong.iter().try_for_each(|wrong| writeln!(err, "{wrong}")).map_err(Trouble::could_not_run)?;
    Ok(Exit::Wrong)
}

/// `esia-stand profile`.
pub(super) fn profile(options: &ProfileOf) -> Result<Exit, Trouble> {
    if options.schema {
        return say(&pretty(&diary::profile_schema())?);
    }
    match &options.name {
        Some(name) if !options.list => match suite::profile::whole(name) {
            Ok(text) => say(&text),
            Err(wrong) => told(&wrong),
        },
        _ => say(&suite::profile::list()),
    }
}

fn pretty(schema: &schemars::Schema) -> Result<String, Trouble> {
    serde_json::to_string_pretty(schema).map(|text| text + "\n").map_err(Trouble::could_not_run)
}

fn say(text: &str) -> Result<Exit, Trouble> {
    match io::stdout().write_all(text.as_bytes()) {
        // Whoever read this has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Passed),
        other => other.map(|()| Exit::Passed).map_err(Trouble::could_not_run),
    }
}
