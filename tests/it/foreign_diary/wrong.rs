//! What is wrong with a foreign side is told, each with its place and the way out; nothing of it is a failed scenario.

use tests::Program;

use super::Notebook;

#[tokio::test]
async fn what_a_description_leaves_out_is_not_possible_and_the_list_says_so() {
    let notebook = Notebook::start("").await;
    notebook.describe("clock:\n  call: POST /stand/clock\n", "");
    notebook.describe("  body: {world: \"{world}\", now: \"{now}\", clock: \"{clock}\"}\n", "");
    let listed = notebook.run(&["--list", "--name", "Согласие действует год"]).await;
    assert_eq!(listed.code, Some(0), "{}", listed.err);
    let lacks = "здесь невозможно: часы дневника не переводятся (clock): мир «петровы»\n";
    assert!(listed.out.contains(lacks), "{}", listed.out);
    let ended = notebook.run(&["--name", "Согласие действует год"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.out.contains("1 сценарий: 0 прошли, 0 не прошли, 1 здесь невозможен"), "{}", ended.out);
}

#[tokio::test]
async fn a_register_that_is_not_prepared_is_no_failed_scenario() {
    let notebook = Notebook::start("").await;
    notebook.describe("POST /stand/prepare", "POST /stand/nowhere");
    let ended = notebook.run(&["--name", "Согласие действует год"]).await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    let told = "не удалось спросить: дневник не сделал того, что велит описание: POST /stand/nowhere: ответ 404";
    assert!(ended.err.contains(told), "{}", ended.err);
}

#[tokio::test]
async fn mistakes_of_a_description_have_their_file_and_line() {
    let notebook = Notebook::start("").await;
    let file = notebook.at("notebook.yaml");
    let right = Program::run(&["check", "--relying-party", &file]).await;
    assert_eq!(right.code, Some(0), "{}", right.err);
    notebook.describe("user-not-active", "user-not-activ");
    let wrong = Program::run(&["check", "--relying-party", &file]).await;
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    let place = format!("{file}:34:19: refusals.user-not-activ: поля «user-not-activ» здесь не бывает");
    assert!(wrong.err.contains(&place) && wrong.err.contains("может быть: user-not-active"), "{}", wrong.err);
    let run = notebook.run(&["--list"]).await;
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains(&place), "{}", run.err);
    notebook.describe("user-not-activ", "user-not-active");
    // A blank text is on every page, and would prove nothing.
    notebook.describe("refused: {css: .wall}", "refused: {text: ' '}");
    let blank = Program::run(&["check", "--relying-party", &file]).await;
    assert_eq!(blank.code, Some(2), "{}", blank.err);
    assert!(blank.err.contains("refused.text: здесь пусто, и подошла бы любая страница"), "{}", blank.err);
    notebook.describe("refused: {text: ' '}", "refused: {css: .wall}");
    notebook.describe("client: NOTEBOOK", "client: OTHER");
    let run = notebook.run(&[]).await;
    assert_eq!(run.code, Some(2), "{}", run.err);
    let told = "client: системы OTHER нет среди названных: опишите её регистрацию в --client ФАЙЛ";
    assert!(run.err.contains(told), "{}", run.err);
}
