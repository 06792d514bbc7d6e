//! The documented suite, played by the program itself.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use tests::{Ended, Program, Server};

#[tokio::test]
async fn the_documented_suite_passes_and_proves_every_rule() {
    let folder = tempfile::tempdir().expect("folder");
    let file = |name: &str| folder.path().join(name).to_str().expect("its name").to_owned();
    let (junit, json, coverage) = (file("junit.xml"), file("report.json"), file("rules.json"));
    let ended = Program::run(&["run", "--junit", &junit, "--json", &json, "--coverage", &coverage]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);

    let junit = fs::read_to_string(junit).expect("JUnit");
    let (played, failed) = (junit.matches("<testcase ").count(), junit.matches("<failure").count());
    assert!(played >= 40, "only {played} scenarios");
    assert_eq!(failed, 0);
    let last = ended.out.lines().rfind(|line| line.contains(" сценари")).unwrap_or_default();
    assert!(last.starts_with(&format!("{played} сценари")) && last.contains(" 0 не прошли"), "{last:?} of {played}");

    let report: Value = serde_json::from_str(&fs::read_to_string(json).expect("JSON")).expect("JSON");
    let features = report.as_array().expect("features").iter();
    let elements = features.filter_map(|feature| feature["elements"].as_array()).flatten();
    assert_eq!(elements.filter(|element| element["type"] == "scenario").count(), played);

    let coverage: Value = serde_json::from_str(&fs::read_to_string(coverage).expect("rules")).expect("JSON");
    let rules = coverage["rules"].as_array().expect("rules");
    let unproved: Vec<_> = rules.iter().filter(|rule| rule["result"] != "passed").map(|rule| &rule["rule"]).collect();
    assert_eq!((unproved, rules.len()), (Vec::new(), 51));
}

#[tokio::test]
async fn the_documented_suite_passes_through_openid_connect_as_well() {
    let ended = Program::run(&["run", "--protocol", "oidc"]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains(", 0 не прошли"), "{}", ended.out);
}

#[tokio::test]
async fn the_protocol_of_gosuslugi_is_a_flag_a_variable_and_a_key_of_the_settings() {
    let folder = tempfile::tempdir().expect("folder");
    let settings = folder.path().join("settings.yaml");
    fs::write(&settings, "serve: {protocol: oidc}\n").expect("settings");
    let serve = ["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"];
    let by_file = ["--config", settings.to_str().expect("its name")];
    for (more, env, endpoint) in [
        (&[][..], &[][..], "/aas/oauth2/ac"),
        (&["--protocol", "oidc"], &[], "/oidc/authorize"),
        (&[], &[("ESIA_STAND_PROTOCOL", "oidc")], "/oidc/authorize"),
        (&by_file, &[], "/oidc/authorize"),
        (&["--protocol", "esia"], &[("ESIA_STAND_PROTOCOL", "oidc")], "/aas/oauth2/ac"),
    ] {
        let mut serve = Program::start_as(&tests::esia_stand(), &[&serve[..], more].concat(), env);
        let urls: Value = serde_json::from_str(&serve.line().await.expect("a line")).expect("JSON");
        let login = format!("{}/login/gosuslugi", urls["diary"].as_str().expect("diary"));
        let away = tests::client().get(login).send().await.expect("an answer");
        let to = away.headers()["location"].to_str().expect("text");
        assert!(to.contains(endpoint), "{more:?} {env:?}: {to}");
        serve.signal("TERM");
        serve.ended().await;
    }
}

/// A scenario in a file of its own.
fn scenario(folder: &Path, text: &str) -> String {
    let feature = folder.join("own.feature");
    fs::write(&feature, format!("# language: ru\nФункция: своя\n\n  Сценарий: свой\n{text}")).expect("feature");
    feature.to_str().expect("its name").to_owned()
}

const SIGNED_IN: &str = "    Дано мир «взрослые»\n    Когда Нина входит в дневник\n    И Нина нажимает «Предоставить»\n    \
                         Тогда Нина в дневнике\n";

#[tokio::test]
async fn a_logout_at_gosuslugi_ends_the_diarys_session_through_openid_connect() {
    let (idp, folder) = (Server::idp().await, tempfile::tempdir().expect("folder"));
    let diary = Server::diary(&idp.url).await;
    let own = scenario(folder.path(), &format!("{SIGNED_IN}    Когда Нина открывает Госуслуги\n    И Нина выходит\n"));
    let servers = ["--idp", &idp.url, "--diary", &diary.url, "--keep", "--protocol", "oidc"];
    let ended = Program::run(&[&["run", &own], &servers[..]].concat()).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let worlds = diary.get("/control/worlds").await.ok();
    let names = worlds.as_array().expect("worlds").iter().filter_map(|world| world["name"].as_str());
    let world = names.filter(|name| *name != "main").collect::<Vec<_>>().join("");
    let heard = async {
        let told = "Орлова Нина Фёдоровна: выход на Госуслугах, сеанс завершён";
        while !diary.get(&format!("/w/{world}/control/timeline?limit=1000")).await.body.contains(told) {}
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), heard).await.expect("the diary is told");
}

#[tokio::test]
async fn no_token_and_no_password_is_in_a_log() {
    let folder = tempfile::tempdir().expect("folder");
    let own = scenario(folder.path(), &format!("{SIGNED_IN}    Когда проходит 2 часа\n    И Нина открывает дневник\n"));
    for protocol in ["esia", "oidc"] {
        let ended = Program::start_as(
            &tests::esia_stand(),
            &["run", &own, "--protocol", protocol, "--log", "trace"],
            &[("ESIA_STAND_LOG", "trace")],
        );
        let ended = ended.ended().await;
        assert_eq!(ended.code, Some(0), "{}", ended.out);
        assert!(ended.err.lines().count() > 10, "nothing was logged: {}", ended.err);
        for secret in ["eyJ", "nina-2024", "test-secret-of-the-diary", "refresh_token="] {
            assert!(!ended.err.contains(secret), "{protocol}: {secret} in {}", ended.err);
        }
    }
}

#[tokio::test]
async fn a_profile_is_printed_copied_changed_and_used() {
    let folder = tempfile::tempdir().expect("folder");
    let printed = Program::run(&["profile", "kuzbass"]).await;
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let own = folder.path().join("mine.yaml");
    fs::write(&own, printed.out.replace("Войти через портал Госуслуг", "Моя кнопка")).expect("profile");
    let own = own.to_str().expect("its name");
    assert_eq!(Program::run(&["check", "--profile", own]).await.code, Some(0));
    let button = "    Когда Нина открывает страницу входа в дневник\n    Тогда Нина видит кнопку «Моя кнопка»\n";
    let feature = scenario(folder.path(), &format!("    Дано мир «взрослые»\n{button}"));
    assert_eq!(Program::run(&["run", &feature]).await.code, Some(1), "without it");
    let ended = Program::run(&["run", &feature, "--profile", own]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    let settings = folder.path().join("settings.yaml");
    fs::write(&settings, format!("run: {{profile: {own}}}\n")).expect("settings");
    let ended = Program::run(&["run", &feature, "--config", settings.to_str().expect("its name")]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    // A seed names a file beside it.
    let worlds = folder.path().join("worlds");
    fs::create_dir(&worlds).expect("folder");
    fs::copy(own, worlds.join("mine.yaml")).expect("profile");
    let seed = "gosuslugi: {people: {нина: {name: Орлова Нина, about: мать, gender: F, born: 1980-05-09}},\n\
                \x20 clients: [{mnemonic: KUZBASS-SCHOOL, title: Дневник, organisation: Школа}]}\n\
                diary: {profile: mine.yaml}\n";
    fs::write(worlds.join("свой.yaml"), seed).expect("seed");
    let feature = scenario(folder.path(), &format!("    Дано мир «свой»\n{button}"));
    let ended = Program::run(&["run", &feature]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    // A server of its own.
    let diary = Server::start(&["diary", "--listen", "127.0.0.1:0", "--profile", own, "--log", "error"]).await;
    assert!(diary.get("/login").await.body.contains("Моя кнопка"));
    let wrong = Program::run(&["diary", "--listen", "127.0.0.1:0", "--profile", "kuzbas"]).await;
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("может быть: kuzbass"), "{}", wrong.err);
}

#[tokio::test]
async fn the_suite_plays_against_servers_that_run_already_and_leaves_nothing_there() {
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    let ended = Program::run(&["run", "--idp", &idp.url, "--diary", &diary.url, "--tags", "@R000.13"]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    for server in [idp, diary] {
        let worlds = server.get("/control/worlds").await.ok();
        let names: Vec<_> = worlds.as_array().expect("worlds").iter().map(|world| &world["name"]).collect();
        assert_eq!(names, ["main"]);
    }
}

#[tokio::test]
async fn a_failed_expectation_ends_with_1_and_tells_the_story() {
    let folder = tempfile::tempdir().expect("folder");
    let feature = folder.path().join("wrong.feature");
    let text = "# language: ru\nФункция: неверное ожидание\n\n  Сценарий: на первой странице дневника нет слона\n    \
                Дано мир «демо»\n    Когда Анна открывает страницу входа в дневник\n    Тогда Анна видит «слон»\n";
    fs::write(&feature, text).expect("feature");
    let ended = Program::run(&["run", feature.to_str().expect("its name")]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    for told in
        ["слон", "wrong.feature:4", "(строка 7)", "Вход в электронный дневник", "1 сценарий: 0 прошли, 1 не прошёл"]
    {
        assert!(ended.out.contains(told), "{told:?} is not told:\n{}", ended.out);
    }
}

/// A folder with three scenarios, of which the second fails, and the rules that they prove.
struct RuledSuite(tempfile::TempDir);

impl RuledSuite {
    fn new() -> Self {
        let suite = Self(tempfile::tempdir().expect("folder"));
        let scenario = |tags: &str, name: &str, text: &str| {
            format!(
                "\n  {tags}\n  Сценарий: {name}\n    Дано мир «демо»\n    Когда Анна открывает страницу входа в дневник\n    Тогда Анна видит «{text}»\n"
            )
        };
        let feature = [
            "# language: ru\n@общее\nФункция: правила\n".to_owned(),
            scenario("@вход", "a | b", "Вход в электронный дневник"),
            scenario("@вход @слон", "слона нет", "слон"),
            scenario("@потом", "не сейчас", "Вход"),
        ];
        fs::write(suite.at("my.feature"), feature.concat()).expect("feature");
        let rules =
            "вход: Есть вход\n'@слон': Есть слон\nпотом: Не сейчас\nобщее: Всё вместе\nничто: Никем не доказано\n";
        fs::write(suite.at("rules.yaml"), rules).expect("rules");
        suite
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Plays the scenarios with these tags: how that ended, and the table of coverage.
    async fn run(&self, tags: &str, table: &str) -> (Ended, String) {
        let file = self.at(table);
        let ended = Program::run(&["run", &self.at(""), "--tags", tags, "--coverage", &file]).await;
        (ended, fs::read_to_string(file).expect("the table"))
    }
}

#[tokio::test]
async fn coverage_tells_of_each_rule_what_proves_it_and_how_that_ended() {
    let suite = RuledSuite::new();
    let (ended, table) = suite.run("not @потом", "table.md").await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.ends_with(&format!("Доказано правил: 0 из 5: {}\n", suite.at("table.md"))), "{}", ended.out);
    let name = suite.at("my.feature");
    let rows: Vec<_> = table.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert_eq!(
        rows,
        [
            format!("| вход | Есть вход | ✘ не пройдено | ✔ {name}:6 a \\| b<br>✘ {name}:12 слона нет |"),
            format!("| слон | Есть слон | ✘ не пройдено | ✘ {name}:12 слона нет |"),
            format!("| потом | Не сейчас | … не сыграно | … {name}:18 не сейчас |"),
            format!(
                "| общее | Всё вместе | ✘ не пройдено | ✔ {name}:6 a \\| b<br>✘ {name}:12 слона нет<br>… {name}:18 не сейчас |"
            ),
            "| ничто | Никем не доказано | — нет сценария |  |".to_owned(),
        ]
    );
}

#[tokio::test]
async fn coverage_in_json_says_the_same_for_programs() {
    let suite = RuledSuite::new();
    let (ended, table) = suite.run("@вход and not @слон", "table.json").await;
    let table: Value = serde_json::from_str(&table).expect("JSON");
    assert_eq!((ended.code, &table["rules"][0]["result"]), (Some(0), &Value::from("passed")));
    assert_eq!(
        table["rules"][1],
        serde_json::json!({ "rule": "слон", "title": "Есть слон", "result": "not-played",
            "scenarios": [{ "file": suite.at("my.feature"), "line": 12, "name": "слона нет", "result": "not-played" }] })
    );
}

#[tokio::test]
async fn rules_that_cannot_be_read_are_told_with_their_place() {
    let suite = RuledSuite::new();
    fs::write(suite.at("rules.yaml"), "вход: [нет]\n").expect("rules");
    let ended = Program::run(&["check", &suite.at("")]).await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("rules.yaml:1:"), "{}", ended.err);
}

#[tokio::test]
async fn an_unknown_step_is_found_before_anything_runs() {
    let folder = tempfile::tempdir().expect("folder");
    let feature = folder.path().join("unknown.feature");
    let text = "# language: ru\nФункция: неизвестный шаг\n\n  Сценарий: такого никто не делает\n    Дано мир «демо»\n    \
                Когда Анна входит на Госуслугах\n";
    fs::write(&feature, text).expect("feature");
    for command in ["run", "check"] {
        let ended = Program::run(&[command, feature.to_str().expect("its name")]).await;
        assert_eq!(ended.code, Some(2), "{}\n{}", ended.out, ended.err);
        assert!(ended.err.contains("unknown.feature:6:"), "{}", ended.err);
        assert!(ended.err.contains("входит на Госуслуги"), "the nearest step is not told:\n{}", ended.err);
    }
}

/// The child of a process whose command line has this word.
fn child_of(parent: u32, word: &str) -> Option<u32> {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    let tasks = fs::read_dir(format!("/proc/{parent}/task")).ok()?.flatten();
    let of_threads = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let all: Vec<String> = of_threads.chain([children]).collect();
    let ids = all.iter().flat_map(|ids| ids.split_whitespace()).filter_map(|id| id.parse::<u32>().ok());
    ids.into_iter().find(|id| {
        let line = fs::read(Path::new("/proc").join(id.to_string()).join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes())
    })
}

#[tokio::test]
async fn a_server_that_dies_in_the_middle_is_an_error_of_the_report_and_ends_the_run_with_3() {
    for server in ["diary", "idp"] {
        let folder = tempfile::tempdir().expect("folder");
        let junit = folder.path().join("junit.xml");
        let mut run = Program::start(&["run", "--jobs", "1", "--junit", junit.to_str().expect("its name")]);
        let first = run.line().await.expect("a first scenario");
        let victim = child_of(run.id(), server).expect("a server");
        tests::signal(victim, "KILL");
        let ended = run.ended().await;
        assert_eq!(ended.code, Some(3), "{first}\n{}\n{}", ended.out, ended.err);
        assert!(ended.err.contains(server), "{}", ended.err);
        assert!(ended.err.lines().count() <= 10, "one clear message is wanted:\n{}", ended.err);
        let report = fs::read_to_string(junit).expect("report");
        assert_eq!(report.matches("<error message=").count(), 1, "{report}");
        assert!(report.contains(r#" type="could-not-ask">"#) && !report.contains("<failure"), "{report}");
    }
}

#[tokio::test]
async fn serve_says_where_both_are_and_whom_to_sign_in_as() {
    let mut serve = Program::start(&["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"]);
    let line = serve.line().await.expect("a line");
    let urls: Value = serde_json::from_str(&line).expect("one JSON line first");
    let keys: BTreeSet<_> = urls.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["diary", "idp", "ready", "url"]));
    assert_eq!((urls["ready"].as_str(), &urls["url"]), (Some("serve"), &urls["idp"]));
    let client = tests::client();
    let page = async |url: &str| client.get(url).send().await.expect("an answer").text().await.expect("a page");
    let (idp, diary) = (urls["idp"].as_str().expect("idp"), urls["diary"].as_str().expect("diary"));
    assert!(page(&format!("{idp}/")).await.contains(diary), "the provider's start page links to the diary");
    assert!(page(&format!("{diary}/")).await.contains(idp), "the diary's start page links to the provider");

    serve.signal("TERM");
    let ended = serve.ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let people = client_table(&ended.out);
    assert!(people >= 3, "whom to sign in as?\n{}", ended.out);
}

/// Rows of the table of people that have a login.
fn client_table(text: &str) -> usize {
    text.lines().filter(|line| line.contains(".test") || line.contains(".example")).count()
}

#[tokio::test]
async fn the_vocabulary_and_the_schemas_are_printed() {
    let steps = Program::run(&["steps"]).await;
    assert_eq!(steps.code, Some(0));
    assert!(steps.out.contains("входит на Госуслуги") && steps.out.contains("входит в дневник"), "{}", steps.out);
    let check = Program::run(&["check"]).await;
    assert_eq!(check.code, Some(0), "{}", check.err);
    for what in ["seed", "config"] {
        let printed = Program::run(&["check", "--schema", what]).await;
        assert_eq!(printed.code, Some(0), "{}", printed.err);
        let schema: Value = serde_json::from_str(&printed.out).expect("a JSON Schema");
        assert!(schema["properties"].is_object(), "{}", printed.out);
    }
}

#[tokio::test]
async fn a_correction_that_the_register_does_not_take_is_no_step_that_passed() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("own.feature");
    for (field, value) in [("СНИЛС", "неверный"), ("Дата рождения", "31.02.2012")] {
        let text = format!(
            "# language: ru\nФункция: своя\n\n  Сценарий: журнал\n    Дано мир «петровы»\n    Когда Ольга исправляет в журнале у \
             «Петров Артём Сергеевич» поле «{field}» на «{value}»\n    Тогда Ольга видит «Петров Артём Сергеевич»\n"
        );
        fs::write(&file, text).expect("feature");
        let ended = Program::run(&["run", &file.display().to_string()]).await;
        assert_eq!(ended.code, Some(1), "{field} {value}: {}\n{}", ended.out, ended.err);
        assert!(ended.out.contains("журнал этого не принял: "), "{field} {value}: {}", ended.out);
    }
}
