//! The command line, the settings file, the exit codes.

use clap::{CommandFactory as _, Parser as _};

use super::{
    File, Idp, Run,
    program::{Cli, Command, layered},
};
use crate::exit::{CliError, Exit};

#[test]
fn exit_codes_are_the_documented_ones() {
    let exits = [Exit::Passed, Exit::Failed, Exit::Wrong, Exit::CouldNotRun, Exit::Interrupted, Exit::Terminated];
    let codes = exits.map(|exit| exit as u8);
    assert_eq!(codes, [0, 1, 2, 3, 130, 143]);
    let help = Cli::command().render_help().to_string();
    let told: Vec<_> = help.lines().filter_map(|line| line.split_whitespace().next()?.parse::<u8>().ok()).collect();
    assert_eq!(told, codes, "{help}");
    assert_eq!(CliError::wrong("x").exit(), Exit::Wrong);
    assert_eq!(CliError::could_not_run("x").exit(), Exit::CouldNotRun);
}

#[test]
fn every_command_shows_examples() {
    Cli::command().debug_assert();
    for command in Cli::command().get_subcommands_mut() {
        let help = command.render_long_help().to_string();
        assert!(help.contains("Example"), "{}", command.get_name());
    }
}

fn run_of(args: &[&str]) -> Run {
    match Cli::try_parse_from(["esia-stand", "run"].iter().chain(args)).unwrap().command {
        Command::Run(run) => run,
        other => panic!("{other:?}"),
    }
}

#[test]
fn flags_win_over_the_file_and_the_file_fills_what_they_leave_out() {
    let file: File = serde_saphyr::from_str("run: {jobs: 3, tags: '@a', keep: true, paths: [from-file]}").unwrap();
    let flags = run_of(&["--jobs", "7", "from-flags"]);
    let run = layered(&flags, &file.run).unwrap();
    assert_eq!((run.jobs, run.tags.as_deref(), run.keep), (Some(7), Some("@a"), true));
    assert_eq!(run.paths, ["from-flags"].map(std::path::PathBuf::from));
}

#[test]
fn every_documented_flag_of_run_is_there() {
    let run = run_of(&[
        "a.feature",
        "--tags",
        "@x",
        "--jobs",
        "2",
        "--junit",
        "j.xml",
        "--json",
        "j.json",
        "--coverage",
        "c.md",
        "--idp",
        "http://i",
        "--diary",
        "http://d",
        "--profile",
        "mine.yaml",
        "--protocol",
        "oidc",
        "--browser",
        "chromium",
        "--screenshots",
        "s",
        "--client",
        "a.yaml,b.json",
        "--control-token",
        "t",
    ]);
    insta::assert_json_snapshot!(run, @r#"
    {
      "paths": [
        "a.feature"
      ],
      "tags": "@x",
      "jobs": 2,
      "junit": "j.xml",
      "json": "j.json",
      "coverage": "c.md",
      "idp": "http://i/",
      "diary": "http://d/",
      "profile": "mine.yaml",
      "protocol": "oidc",
      "browser": "chromium",
      "screenshots": "s",
      "client": [
        "a.yaml",
        "b.json"
      ],
      "control-token": "t",
      "keep": false
    }
    "#);
}

#[test]
fn wrong_command_lines_are_refused() {
    for wrong in [&["run", "--jobs", "0"][..], &["run", "--idp", "нет"], &["idp", "--listen", "8081"], &["fly"], &[]]
    {
        assert!(Cli::try_parse_from(["esia-stand"].iter().chain(wrong)).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_settings_file_knows_its_fields() {
    let error = serde_saphyr::from_str::<File>("idp:\n  lisen: 127.0.0.1:0\n").unwrap_err();
    assert!(error.to_string().contains("lisen"), "{error}");
    let file: File = serde_saphyr::from_str("log: debug\nidp: {listen: '127.0.0.1:0', data: 'sqlite:x.db'}").unwrap();
    let idp =
        Idp { listen: Some("127.0.0.1:0".parse().unwrap()), data: Some("sqlite:x.db".to_owned()), ..Idp::default() };
    assert_eq!(file.idp, idp);
}

#[test]
fn the_published_schema_of_a_settings_file_is_the_one_of_the_code() {
    let now = serde_json::to_string_pretty(&schemars::schema_for!(File)).unwrap();
    let published = include_str!("../../config.schema.json");
    assert_eq!(published.trim(), now.trim(), "esia-stand check --schema config > harness/config.schema.json");
}
