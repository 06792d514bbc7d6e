//! The command line, the settings file, the exit codes.

use answers_for_tests::is_russian;
use clap::{CommandFactory as _, Parser as _};

use super::{
    File, Idp, Run,
    program::{Cli, Command, command, layered},
    russian,
};
use crate::{
    exit::{CliError, Exit},
    language::in_english,
};

#[test]
fn exit_codes_are_the_documented_ones() {
    let exits = [Exit::Passed, Exit::Failed, Exit::Wrong, Exit::CouldNotRun, Exit::Interrupted, Exit::Terminated];
    let codes = exits.map(|exit| exit as u8);
    assert_eq!(codes, [0, 1, 2, 3, 130, 143]);
    let help = || command().render_help().to_string();
    for help in [help(), in_english(help)] {
        let told: Vec<_> = help.lines().filter_map(|line| line.split_whitespace().next()?.parse::<u8>().ok()).collect();
        assert_eq!(told, codes, "{help}");
    }
    assert_eq!(CliError::wrong("x").exit(), Exit::Wrong);
    assert_eq!(CliError::could_not_run("x").exit(), Exit::CouldNotRun);
}

/// Help of the program and of each command, as printed by `-h` and `--help`.
fn every_help() -> Vec<(String, String)> {
    let mut whole = command();
    let mut helps = vec![("esia-stand".to_owned(), whole.render_long_help().to_string())];
    for command in whole.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        let name = command.get_name().to_owned();
        helps.push((name.clone(), command.render_help().to_string()));
        helps.push((name, command.render_long_help().to_string()));
    }
    helps
}

#[test]
fn every_command_shows_examples() {
    Cli::command().debug_assert();
    let in_russian = every_help().into_iter().map(|help| ("Примеры:\n  esia-stand ", help));
    let in_english = in_english(every_help).into_iter().map(|help| ("Examples:\n  esia-stand ", help));
    for (head, (command, help)) in in_russian.chain(in_english) {
        assert!(help.contains(head), "{command}: {help}");
    }
}

#[test]
fn help_in_english_has_no_russian_but_the_names_of_worlds() {
    for (command, help) in in_english(every_help) {
        let help = help.replace("демо", "").replace("петровы", "").replace("две-школы", "");
        let russian: Vec<_> = help.lines().filter(|line| line.contains(is_russian)).collect();
        assert_eq!(russian, Vec::<&str>::new(), "{command}");
    }
}

#[test]
fn help_in_russian_has_no_english_sentence() {
    for (command, help) in every_help() {
        let english: Vec<_> = help.lines().filter(|line| is_english(line)).collect();
        assert_eq!(english, Vec::<&str>::new(), "{command}");
    }
}

#[test]
fn every_command_and_option_has_its_russian_help() {
    let mut command = Cli::command();
    command.build();
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        let whole = russian::about("esia-stand");
        assert_ne!(russian::about(inner.get_name()), whole, "{}", inner.get_name());
        for arg in inner.get_arguments() {
            let told = russian::argument(inner.get_name(), arg.get_id().as_str());
            assert!(told.is_some_and(|told| told.contains(is_russian)), "{} {}", inner.get_name(), arg.get_id());
            let values = arg.get_value_names().unwrap_or_default();
            let takes_value = !arg.get_action().takes_values() || russian::value(&values[0]).is_some();
            assert!(takes_value, "{} {}: {values:?}", inner.get_name(), arg.get_id());
        }
    }
}

#[test]
fn help_names_the_language_and_where_it_comes_from() {
    insta::assert_snapshot!(command().find_subcommand_mut("check").unwrap().render_long_help().to_string(), @"
    Проверить файлы сценариев, своих шагов и миров или показать JSON Schema

    Использование: esia-stand check [ПАРАМЕТРЫ] [ФАЙЛ]...

    Аргументы:
      [ФАЙЛ]...
              Файлы сценариев, своих шагов и миров или папки [по умолчанию: документированный набор]

    Параметры:
          --lang <ЯЗЫК>
              Язык справки, сообщений и отчётов [по умолчанию: по локали] [одно из: ru, en] [переменная:
              ESIA_STAND_LANG]

          --profile <ФАЙЛ>
              Профиль, который тоже надо проверить: файл или один из встроенных [переменная:
              ESIA_STAND_PROFILE]

          --color <КОГДА>
              Когда печатать в цвете [по умолчанию: auto — на терминале и без NO_COLOR] [одно из: auto,
              always, never] [переменная: ESIA_STAND_COLOR]

          --relying-party <ФАЙЛ>
              Описание чужого дневника, которое тоже надо проверить [переменная:
              ESIA_STAND_RELYING_PARTY]

          --config <ФАЙЛ>
              Файл настроек (YAML); его JSON Schema: esia-stand check --schema config [переменная:
              ESIA_STAND_CONFIG]

          --provider <ФАЙЛ>
              Описание чужого поставщика, которое тоже надо проверить [переменная: ESIA_STAND_PROVIDER]

          --ca <ФАЙЛ>
              Сертификаты, которым доверять (PEM), кроме тех, которым доверяет эта машина; несколько
              файлов — через запятую [переменная: ESIA_STAND_CA]

          --schema [<ЧТО>]
              Показать вместо проверки JSON Schema мира, файла настроек, описания чужой стороны, команд
              или файла известных отличий [одно из: seed, config, relying-party, teams, provider,
              known-differences]

          --log <УРОВЕНЬ>
              Что писать в журнал на stderr [по умолчанию: warn]; info — строка на каждый запрос [одно
              из: off, error, warn, info, debug, trace] [переменная: ESIA_STAND_LOG]

          --log-format <ВИД>
              Вид строки журнала [по умолчанию: human на терминале, json иначе] [одно из: human, json]
              [переменная: ESIA_STAND_LOG_FORMAT]

      -h, --help
              Показать справку

    Примеры:
      esia-stand check                         документированный набор
      esia-stand check my.feature worlds/my.yaml
      esia-stand check my-scenarios/
      esia-stand check --profile mine.yaml
      esia-stand check --relying-party my-diary.yaml
      esia-stand check --provider my-provider.yaml
      esia-stand check --schema > seed.schema.json
      esia-stand check --schema config
    ");
}

/// Checks whether a line has three consecutive English words, which names, flags, commands and examples do not have.
fn is_english(line: &str) -> bool {
    let words: Vec<_> = line.split_whitespace().collect();
    let is_word = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    !line.trim_start().starts_with("esia-stand ") && words.windows(3).any(|three| three.iter().all(is_word))
}

fn run_of(args: &[&str]) -> Run {
    match Cli::try_parse_from(["esia-stand", "run"].iter().chain(args)).unwrap().command {
        Command::Run(run) => *run,
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
    let run = "a.feature --tags @x --name входит --name видит --shard 2/5 --rerun failed.txt --pause --fail-fast \
               --retry 2 --repeat 3 --shuffle 7 --order 1221,12 --slowest 10 --jobs 2 --junit j.xml --json j.json --coverage \
               c.md --html r.html --evidence e --code-quality q.json --allure a --idp http://i --diary http://d --profile mine.yaml --protocol oidc --browser chromium \
               --webdriver http://grid:4444 --headed --screen tablet --page-timeout 60 --screenshots s --client a.yaml,b.json --control-token t";
    let run = run_of(&run.split(' ').collect::<Vec<_>>());
    insta::assert_json_snapshot!(run, @r#"
    {
      "paths": [
        "a.feature"
      ],
      "tags": "@x",
      "name": [
        "входит",
        "видит"
      ],
      "shard": "2/5",
      "rerun": "failed.txt",
      "list": false,
      "dry-run": false,
      "pause": true,
      "fail-fast": true,
      "retry": 2,
      "repeat": 3,
      "shuffle": 7,
      "order": [
        "1221",
        "12"
      ],
      "slowest": 10,
      "jobs": 2,
      "junit": "j.xml",
      "json": "j.json",
      "coverage": "c.md",
      "html": "r.html",
      "evidence": "e",
      "code-quality": "q.json",
      "allure": "a",
      "idp": "http://i/",
      "diary": "http://d/",
      "relying-party": null,
      "provider": null,
      "site": [],
      "record": null,
      "profile": "mine.yaml",
      "protocol": "oidc",
      "browser": "chromium",
      "webdriver": "http://grid:4444/",
      "headed": true,
      "screen": "tablet",
      "page-timeout": 60,
      "screenshots": "s",
      "client": [
        "a.yaml",
        "b.json"
      ],
      "tls": false,
      "control-token": "t",
      "keep": false
    }
    "#);
}

#[test]
fn wrong_command_lines_are_refused() {
    for wrong in [
        &["run", "--jobs", "0"][..],
        &["--lang", "fr", "steps"],
        &["run", "--idp", "нет"],
        &["idp", "--listen", "8081"],
        &["fly"],
        &[],
    ] {
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

#[test]
fn the_published_schema_of_a_relying_party_is_the_one_of_the_code() {
    let now = serde_json::to_string_pretty(&schemars::schema_for!(crate::relying_party::Client)).unwrap();
    let published = include_str!("../../relying-party.schema.json");
    assert_eq!(
        published.trim(),
        now.trim(),
        "esia-stand check --schema relying-party > harness/relying-party.schema.json"
    );
}
