//! Implementation of most commands except `run` and `health`.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use idp::ClientSpec;
use serde_json::json;
use web::{ControlToken, Settings};

use super::{
    Check, Diary, File, Idp, Listen, Mistakes, People, ProfileOf, Serve, beside, diagnosed::told, mistakes,
    options::Schema, people,
};
use crate::{
    control::{Control, Party},
    diff::KnownDifference,
    exit::{CliError, Exit},
    language::tr,
    paint::{self, Paint},
    provider::StandDescription,
    relying_party::Client,
    servers::{self, Pair, TlsChoice},
    suite,
    words::{Counted, FILES},
};

/// Words of the message that files have no mistakes.
const RIGHT: Counted =
    Counted { russian: ["верен", "верны", "верны"], english: ["is right", "are right"] };

pub(super) async fn serve(options: Serve, clients: Vec<ClientSpec>) -> Result<Exit, CliError> {
    let token = options.control_token.as_deref().and_then(ControlToken::new);
    let teams = options.teams.as_deref().map(suite::teams::read).transpose()?.unwrap_or_default();
    let own = Listen(servers::loopback(servers::IDP_PORT));
    for listen in options.idp_listen.iter().chain(&options.diary_listen).chain([&own]) {
        Settings { control_token: token.clone(), teams: teams.clone(), ..Settings::on(listen.0) }
            .check()
            .map_err(|error| CliError::wrong(servers::refused(&error)))?;
    }
    let token = token.map(|token| token.as_str().to_owned());
    let tls = TlsChoice::of(options.tls_options())?;
    let (first, others) = match options.world.split_first() {
        Some((first, others)) => (Some(first.clone()), others.to_vec()),
        None => (options.seed, Vec::new()),
    };
    let beside = beside::read(&others)?;
    let wanted = servers::Wanted {
        clients: suite::clients::gather(&options.client, clients)?,
        idp: Some(options.idp_listen.map_or_else(|| servers::loopback(servers::IDP_PORT), |listen| listen.0)),
        diary: Some(options.diary_listen.map_or_else(|| servers::loopback(servers::DIARY_PORT), |listen| listen.0)),
        seed: first,
        protocol: options.protocol,
        profile: options.profile.clone(),
        control_token: token.clone(),
        teams: options.teams,
        drop_idle_after: options.drop_idle_after,
        tls,
    };
    let mut pair = Pair::start(&wanted).await?;
    let mut ready =
        servers::ready_line("serve", &[(Party::Idp, pair.idp.url.as_str()), (Party::Diary, pair.diary.url.as_str())]);
    for told in ["ca", "ca_file", "tls_faults"] {
        if let Some(value) = pair.idp.ready.get(told) {
            ready[told] = value.clone();
        }
    }
    let control = |party, server: &servers::Server| {
        Control::new(party, server.url.clone(), token.clone()).map_err(CliError::could_not_run)
    };
    let (idp, diary) = (control(Party::Idp, &pair.idp)?, control(Party::Diary, &pair.diary)?);
    let people = idp.people("main").await.map_err(CliError::could_not_run)?;
    let mut tables = whom_to_trust(&ready) + servers::table(&people).as_str();
    let sites =
        beside::Sites { idp: &idp, diary: &diary, protocol: options.protocol, profile: options.profile.as_deref() };
    for world in beside {
        let served = world.serve(&sites).await?;
        ready["worlds"][&served.name] = json!({ "idp": served.idp, "diary": served.diary });
        let _ = write!(tables, "\n\n{}  {}\n{}", served.name, served.idp, served.people);
    }
    let stop = servers::stop(options.until_stdin_closes);
    writeln!(io::stdout(), "{ready}\n{tables}").map_err(CliError::could_not_run)?;
    pair.wait(stop).await
}

/// Instructions to trust the stand's own CA; empty if the servers have none.
fn whom_to_trust(ready: &serde_json::Value) -> String {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let Some(file) = ready.get("ca_file").map(text) else { return String::new() };
    let mut told = tr!(
        "Сертификаты серверов выпущены удостоверяющим центром стенда. Чтобы клиент им доверял, укажите ему файл {file}\n",
        "The servers' certificates are issued by the stand's CA. For a client to trust them, point it at the file {file}\n"
    );
    for (fault, url) in ready.get("tls_faults").and_then(serde_json::Value::as_object).into_iter().flatten() {
        let _ = writeln!(told, "  {fault}  {}", text(url));
    }
    told + "\n"
}

pub(super) async fn idp(options: Idp, clients: Vec<ClientSpec>) -> Result<Exit, CliError> {
    let clients = suite::clients::gather(&options.client, clients)?;
    servers::idp(options, clients).await.map(|()| Exit::Passed)
}

pub(super) async fn diary(options: Diary) -> Result<Exit, CliError> {
    servers::diary(options).await.map(|()| Exit::Passed)
}

pub(super) fn people(options: &People) -> Result<Exit, CliError> {
    let casts = people::casts(options.world.as_deref())?;
    if !options.json {
        return say(&people::tables(&casts));
    }
    serde_json::to_string_pretty(&casts).map_err(CliError::could_not_run).and_then(|text| say(&(text + "\n")))
}

pub(super) fn mistakes(options: &Mistakes) -> Result<Exit, CliError> {
    say(&mistakes::listed(options)?)
}

pub(super) fn check(options: &Check) -> Result<Exit, CliError> {
    match options.schema {
        Some(Schema::Seed) => return say(&pretty(&suite::seed::schema())?),
        Some(Schema::RelyingParty) => return say(&pretty(&schemars::schema_for!(Client))?),
        Some(Schema::Teams) => return say(&pretty(&schemars::schema_for!(suite::teams::TeamsFile))?),
        Some(Schema::Provider) => return say(&pretty(&schemars::schema_for!(StandDescription))?),
        Some(Schema::KnownDifferences) => return say(&pretty(&schemars::schema_for!(Vec<KnownDifference>))?),
        Some(Schema::Config) => return say(&pretty(&schemars::schema_for!(File))?),
        None => {}
    }
    let (mut number, mut wrong) = suite::check(&options.files);
    wrong.extend(options.profile.as_deref().and_then(|named| suite::profile::read(named).err()).into_iter().flatten());
    if let Some(file) = &options.relying_party {
        number += 1;
        wrong.extend(suite::relying_party::read(file).err().into_iter().flatten());
    }
    if let Some(file) = &options.provider {
        number += 1;
        wrong.extend(suite::provider::read(file).err().into_iter().flatten());
    }
    if wrong.is_empty() {
        return say(&format!("{} {}\n", FILES.count(number), Paint::Good.on(RIGHT.form(number))));
    }
    told(&wrong)
}

pub(super) fn profile(options: &ProfileOf) -> Result<Exit, CliError> {
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

fn pretty(schema: &schemars::Schema) -> Result<String, CliError> {
    serde_json::to_string_pretty(schema).map(|text| text + "\n").map_err(CliError::could_not_run)
}

pub(super) fn say(text: &str) -> Result<Exit, CliError> {
    match paint::print(text) {
        // The reader of the output has closed the pipe, which is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Passed),
        other => other.map(|()| Exit::Passed).map_err(CliError::could_not_run),
    }
}
