//! Output of a run, and refusals to begin.

use std::fs;

use serde_json::Value;
use tests::{Ended, Program, Server, esia_stand};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// A folder with one feature; `{}` in the text is where its scenarios stand.
fn feature(scenarios: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("own.feature");
    fs::write(&file, format!("# language: ru\nФункция: своя ]]>\n{scenarios}")).expect("feature");
    let file = file.to_str().expect("its name").to_owned();
    (folder, file)
}

const FAILS: &str = "\n  Сценарий: слона нет\n    Дано мир «взрослые»\n    Когда Нина входит в дневник\n    \
                     И Нина нажимает «Предоставить»\n    Тогда Нина видит «слон \u{b}»\n    И Нина видит «дом»\n";

#[tokio::test]
async fn a_failure_lists_its_steps_with_the_events_of_both_parties_under_the_step_that_caused_them() {
    let (_folder, file) = feature(FAILS);
    let ended = Program::run(&["run", &file]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let at = |text: &str| {
        let mut found = ended.out.match_indices(text);
        let first = found.next().unwrap_or_else(|| panic!("{text:?} is not told:\n{}", ended.out));
        assert_eq!(found.next(), None, "{text:?} is told twice:\n{}", ended.out);
        first.0
    };
    let order = [
        "✔ Дано мир «взрослые»",
        "✔ Когда Нина входит в дневник",
        "Начат вход через портал Госуслуг",
        "просит войти через Госуслуги",
        "✔ И Нина нажимает «Предоставить»",
        "дала согласие системе «Электронный дневник»",
        "Посетитель вернулся с портала Госуслуг",
        "обменяла код на маркеры",
        "Орлова Нина Фёдоровна: вход через портал Госуслуг",
        "✘ Тогда Нина видит «слон",
        "на странице нет «слон",
        "– И Нина видит «дом»",
        "страница (Нина): дневник, /diary",
    ]
    .map(at);
    assert!(order.is_sorted(), "{}", ended.out);
    for never in ["http://", "1970", "UTC", "passed", "К содержанию", "run-"] {
        assert!(!ended.out.contains(never), "{never:?} is told:\n{}", ended.out);
    }
}

#[tokio::test]
async fn a_kept_world_is_told_by_an_address_that_opens() {
    let (_folder, file) = feature(FAILS);
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    let ended = Program::run(&["run", &file, "--idp", &idp.url, "--diary", &diary.url, "--keep"]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let told = ended.out.lines().find_map(|line| line.trim().strip_prefix("страница (Нина): ")).expect("the page");
    let url = told.split(' ').next().expect("an address");
    assert!(matches!(tests::client().get(url).send().await.expect("an answer").status().as_u16(), 200..400), "{url}");
}

#[tokio::test]
async fn reports_are_valid_whatever_a_name_holds_and_do_not_change_when_lines_move() {
    let scenarios = format!(
        "{FAILS}\n  Структура сценария: \u{1b}[31mвход <кто>\u{ffff}\n    Дано мир «взрослые»\n    Когда <кто> открывает \
         страницу входа в дневник\n    Тогда <кто> видит «Вход»\n\n    Примеры:\n      | кто  |\n      | Нина |\n      \
         | Нина |\n"
    );
    let names = async |scenarios: &str| {
        let (folder, file) = feature(scenarios);
        let (junit, json) = (folder.path().join("junit.xml"), folder.path().join("report.json"));
        let (of_junit, of_json) = (junit.to_str().expect("its name"), json.to_str().expect("its name"));
        let ended = Program::run(&["run", &file, "--junit", of_junit, "--json", of_json]).await;
        assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
        let junit = fs::read_to_string(&junit).expect("JUnit");
        let legal = |letter: char| matches!(letter, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(junit.chars().all(legal), "{junit}");
        let report: Value = serde_json::from_str(&fs::read_to_string(&json).expect("JSON")).expect("JSON");
        let steps = report.pointer("/0/elements/0/steps").and_then(Value::as_array).expect("steps").clone();
        let statuses: Vec<_> = steps.iter().filter_map(|step| step["result"]["status"].as_str()).collect();
        assert_eq!(statuses, ["passed", "passed", "passed", "failed", "skipped"]);
        let cases =
            junit.split("<testcase ").skip(1).map(|case| case.split(" time=").next().unwrap_or_default().to_owned());
        cases.collect::<Vec<_>>()
    };
    let before = names(&scenarios).await;
    assert_eq!(
        before,
        [
            r#"name="слона нет" classname="своя ]]&gt;""#,
            r#"name="[U+001B][31mвход Нина[U+FFFF] (кто: Нина)" classname="своя ]]&gt;""#,
            r#"name="[U+001B][31mвход Нина[U+FFFF] (кто: Нина) #2" classname="своя ]]&gt;""#,
        ]
        .map(str::to_owned)
        .to_vec()
        .as_slice()
    );
    assert_eq!(names(&format!("\n\n  # ниже\n{scenarios}")).await, before);
}

/// Options of a run, and what is told of them.
type Wrong<'w> = (&'w [&'w str], &'w str);

/// Each is told, and nothing is played.
async fn told_before(file: &str, wrong: &[Wrong<'_>]) {
    for (args, told) in wrong {
        let ended = Program::run(&[&["run", file], *args].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{args:?}: {}", ended.err);
        assert!(ended.err.contains(told), "{args:?}: {told:?} is not told: {}", ended.err);
    }
}

#[tokio::test]
async fn what_is_wrong_with_reports_is_told_before_anything_runs() {
    let (folder, file) = feature(FAILS);
    let taken = folder.path().to_str().expect("its name");
    let under_a_file = format!("{file}/report.xml");
    let wrong: [Wrong<'_>; 9] = [
        (&["--junit", taken], "это папка"),
        (&["--json", &under_a_file], "часть пути"),
        (&["--coverage", "/proc/none/rules.md"], "отчёт /proc/none/rules.md"),
        (&["--html", taken], "это папка"),
        (&["--html", &under_a_file], "часть пути"),
        (&["--evidence", &under_a_file], "часть пути"),
        (&["--code-quality", taken], "это папка"),
        (&["--allure", &under_a_file], "часть пути"),
        (&["--junit", "same.xml", "--json", "same.xml"], "два отчёта"),
    ];
    told_before(&file, &wrong).await;
}

#[tokio::test]
async fn flags_that_do_not_go_together_are_told_before_anything_runs() {
    let (folder, file) = feature(FAILS);
    let taken = folder.path().to_str().expect("its name");
    let under_a_file = format!("{file}/shots");
    let wrong: [Wrong<'_>; 7] = [
        (&["--screenshots", taken], "--browser chromium"),
        (&["--screenshots", &under_a_file, "--browser", "chromium"], "папка снимков"),
        (&["--keep"], "--keep"),
        (&["--pause"], "нет терминала"),
        (&["--idp", "http://127.0.0.1:1"], "--diary"),
        (&["--diary", "http://127.0.0.1:1"], "--idp"),
        (&["--idp", "127.0.0.1:1", "--diary", "http://127.0.0.1:1"], "http://"),
    ];
    told_before(&file, &wrong).await;
}

#[tokio::test]
async fn a_job_of_a_forge_is_told_where_what_failed() {
    let (folder, file) = feature(FAILS);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (summary, quality, workspace) = (at("summary.md"), at("quality.json"), at(""));
    let environment = [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", &summary), ("GITHUB_WORKSPACE", &workspace)];
    let args = ["run", &file, "--code-quality", &quality];
    let ended = Program::start_as(&esia_stand(), &args, &environment).ended().await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let told = ended.out.lines().find(|line| line.starts_with("::error ")).expect("an annotation");
    assert!(told.starts_with("::error file=own.feature,line=8,title=слона нет::на странице нет «слон"), "{told}");
    assert!(fs::read_to_string(&summary).expect("summary").contains("1 сценарий: 0 прошли, 1 не прошёл"));
    let quality: Value = serde_json::from_str(&fs::read_to_string(&quality).expect("report")).expect("JSON");
    assert_eq!(
        (quality[0]["location"]["lines"]["begin"].as_u64(), &quality[0]["severity"]),
        (Some(8), &"major".into())
    );
    let elsewhere = Program::run(&["run", &file]).await;
    assert!(!elsewhere.out.contains("::error"), "{}", elsewhere.out);
}

async fn against(idp: &str, diary: &str, file: &str, environment: &[(&str, &str)]) -> Ended {
    let args = ["run", file, "--idp", idp, "--diary", diary];
    Program::start_as(&esia_stand(), &args, environment).ended().await
}

/// Another program: it answers everything with 404.
async fn stranger() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    tokio::spawn(async move {
        while let Ok((mut asked, _)) = listener.accept().await {
            let mut request = [0; 1024];
            let _ = asked.read(&mut request).await;
            let _ = asked.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        }
    });
    url
}

#[tokio::test]
async fn a_run_looks_who_answers_before_it_asks_anything() {
    let (_folder, file) = feature(FAILS);
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    let swapped = against(&diary.url, &idp.url, &file, &[]).await;
    assert_eq!((swapped.code, swapped.out.as_str()), (Some(2), ""), "{}", swapped.err);
    assert!(swapped.err.contains("отвечает дневник") && swapped.err.contains("--idp и --diary"), "{}", swapped.err);
    let stranger = stranger().await;
    let foreign = against(&idp.url, &stranger, &file, &[]).await;
    assert_eq!((foreign.code, foreign.out.as_str()), (Some(3), ""), "{}", foreign.err);
    assert!(foreign.err.contains("другая программа") && foreign.err.contains("--diary"), "{}", foreign.err);
    let silent = against(&idp.url, "http://127.0.0.1:1", &file, &[]).await;
    assert_eq!((silent.code, silent.out.as_str()), (Some(3), ""), "{}", silent.err);
    assert!(silent.err.contains("не удалось спросить: нет ответа от дневника (diary)"), "{}", silent.err);
}

#[tokio::test]
async fn a_missing_token_is_told_once_and_nothing_is_played() {
    let (_folder, file) = feature(&["один", "два", "три"].map(|which| FAILS.replace("слона нет", which)).concat());
    let token = ["--listen", "127.0.0.1:0", "--control-token", "opens-it", "--log", "error"];
    let idp = Server::start(&[&["idp"], &token[..]].concat()).await;
    let diary = Server::start(&[&["diary", "--idp", &idp.url], &token[..]].concat()).await;
    for environment in [&[][..], &[("ESIA_STAND_CONTROL_TOKEN", "another")]] {
        let ended = against(&idp.url, &diary.url, &file, environment).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""), "{}", ended.err);
        assert!(ended.err.contains("--control-token"), "{}", ended.err);
        assert_eq!(ended.err.matches("не удалось спросить").count(), 1, "{}", ended.err);
    }
    let ended = against(&idp.url, &diary.url, &file, &[("ESIA_STAND_CONTROL_TOKEN", "opens-it")]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
}

#[tokio::test]
async fn loopback_goes_past_a_proxy_and_elsewhere_the_error_names_it() {
    let (_folder, file) = feature(
        "\n  Сценарий: вход\n    Дано мир «взрослые»\n    Когда Нина входит в дневник\n    И Нина нажимает «Предоставить»\n    \
         Тогда Нина в дневнике\n",
    );
    let proxy = [
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("http_proxy", "http://127.0.0.1:1"),
        ("ALL_PROXY", "http://127.0.0.1:1"),
    ];
    let own = Program::start_as(&esia_stand(), &["run", &file], &proxy).ended().await;
    assert_eq!(own.code, Some(0), "{}\n{}", own.out, own.err);
    let idp = Server::ready(Program::start_as(&esia_stand(), &["idp", "--listen", "127.0.0.1:0"], &proxy)).await;
    let args = ["diary", "--listen", "127.0.0.1:0", "--idp", &idp.url];
    let diary = Server::ready(Program::start_as(&esia_stand(), &args, &proxy)).await;
    let running = against(&idp.url, &diary.url, &file, &proxy).await;
    assert_eq!(running.code, Some(0), "{}\n{}", running.out, running.err);
    let far = against("http://stand.invalid:8081", &diary.url, &file, &proxy).await;
    assert_eq!((far.code, far.out.as_str()), (Some(3), ""), "{}", far.err);
    assert!(far.err.contains("прокси http://127.0.0.1:1"), "{}", far.err);
}

#[tokio::test]
async fn lines_stand_in_the_order_of_the_files() {
    let scenario = |number: usize| {
        let wait = if number.is_multiple_of(3) {
            "    Когда Нина входит в дневник\n    И Нина нажимает «Предоставить»\n"
        } else {
            ""
        };
        format!(
            "\n  Сценарий: номер {number}\n    Дано мир «взрослые»\n    Когда Нина открывает страницу входа в дневник\n    \
                 Тогда Нина видит «Вход в электронный дневник»\n{wait}"
        )
    };
    let (_folder, file) = feature(&(0..24).map(scenario).collect::<String>());
    let ended = Program::run(&["run", &file, "--jobs", "8"]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let numbers =
        ended.out.lines().filter_map(|line| line.split("номер ").nth(1)?.split(' ').next()?.parse::<usize>().ok());
    assert_eq!(numbers.collect::<Vec<_>>(), (0..24).collect::<Vec<_>>());
}
