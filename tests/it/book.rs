//! The book: every command in its pages is run, every feature in it is checked and played, and what is not run says why.

mod blocks;
mod play;

use std::{collections::BTreeSet, fs, path::PathBuf};

use futures::{StreamExt as _, stream};
use tests::{Program, repository};

use blocks::{Block, Use, blocks, is_as_shown};

/// Pages that are played at once.
const AT_ONCE: usize = 3;

/// A page and its blocks.
struct Page {
    name: String,
    text: String,
    blocks: Vec<Block>,
}

/// The pages in a language; its front page in the repository is one of them.
fn pages(language: &str) -> Vec<Page> {
    let front = if language == "ru" { "README.ru.md" } else { "README.md" };
    let folder = repository().join("docs/src").join(language);
    let listed = fs::read_dir(folder).expect("the book").filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = listed.chain([repository().join(front)]).collect();
    paths.sort();
    let page = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a page");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Page { name, blocks: blocks(&text), text }
    };
    paths.into_iter().map(page).collect()
}

async fn play_all(language: &'static str) {
    let played = stream::iter(pages(language)).map(|page| async move {
        let wrong = play::play(&page.blocks, language).await;
        wrong.into_iter().map(move |wrong| format!("{language}/{} {wrong}", page.name)).collect::<Vec<_>>()
    });
    let wrong: Vec<Vec<String>> = played.buffer_unordered(AT_ONCE).collect().await;
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test]
async fn every_command_of_the_russian_pages_does_what_they_say() {
    play_all("ru").await;
}

#[tokio::test]
async fn every_command_of_the_english_pages_does_what_they_say() {
    play_all("en").await;
}

/// Page and reason of every block that is not run.
fn not_run(language: &str) -> String {
    let told = pages(language).into_iter().flat_map(|page| {
        let reasons = page.blocks.into_iter().filter_map(|block| match block.to_do {
            Use::NotRun(reason) => Some(reason),
            _ => None,
        });
        reasons.map(move |reason| format!("{}: {reason}\n", page.name)).collect::<Vec<_>>()
    });
    told.collect()
}

#[test]
fn what_is_not_run_is_known_with_its_reason() {
    insta::assert_snapshot!(not_run("ru"), @"
    README.ru.md: обе запускает CI
    browsers.md: нужны оба браузера; их проверяет tests/it/browser/kinds.rs
    browsers.md: нужен сервер WebDriver; его проверяет tests/it/browser/kinds.rs
    ci.md: нужен Docker
    foreign-provider.md: играть не с кем: нужен ваш поставщик
    foreign-provider.md: нужны ваш поставщик и ваш дневник; то же проверяет tests/it/foreign_provider.rs
    foreign-provider.md: записывать некого: нужен ваш поставщик
    own-diary.md: играть не с кем: нужен ваш дневник на порту 9000
    provider-fails.md: судить некого: нужна ваша система на порту 3000
    shared-stand.md: нужна база PostgreSQL; то же проверяют тесты копий
    tester.md: пакеты берутся из сети
    tester.md: что он найдёт, зависит от машины; её запускает tests/it/commands.rs
    watch.md: ждёт изменений, пока не остановят; её запускает tests/it/watch.rs
    world-per-test.md: пакет берётся из сети; те же тесты гоняет scripts/fixtures
    world-per-test.md: пакеты берутся из сети; их проверяет scripts/fixtures
    ");
    insta::assert_snapshot!(not_run("en"), @"
    README.md: CI runs both
    browsers.md: it takes both browsers; tests/it/browser/kinds.rs checks them
    browsers.md: it takes a WebDriver server; tests/it/browser/kinds.rs checks one
    ci.md: it takes Docker
    foreign-provider.md: there is nobody to play with: it takes your provider
    foreign-provider.md: it takes your provider and your diary; tests/it/foreign_provider.rs plays two such
    foreign-provider.md: there is nobody to record: it takes your provider
    own-diary.md: there is nobody to play with: it takes your diary at port 9000
    provider-fails.md: there is nobody to judge: it takes your system at port 3000
    shared-stand.md: it takes a PostgreSQL database; the tests of replicas do the same
    tester.md: packages come from the network
    tester.md: what it finds depends on the machine; tests/it/commands.rs runs it
    watch.md: waits for changes until it is stopped; tests/it/watch.rs runs it
    world-per-test.md: the package comes from the network; scripts/fixtures plays the same tests
    world-per-test.md: the packages come from the network; scripts/fixtures checks them
    ");
}

#[test]
fn every_feature_of_a_page_is_a_file_that_the_page_plays_or_finds_wrong() {
    let mut features = 0;
    for page in ["ru", "en"].into_iter().flat_map(pages) {
        for (index, block) in page.blocks.iter().enumerate().filter(|(_, block)| block.language == "gherkin") {
            features += 1;
            let Use::File(name) = &block.to_do else {
                panic!("{} line {}: a feature without a file", page.name, block.line)
            };
            // Composed steps are played by the features beside them.
            if std::path::Path::new(name).extension().is_some_and(|extension| extension == "steps") {
                continue;
            }
            let after = &page.blocks[index..];
            let says = |code: i32, word: &str| {
                after
                    .iter()
                    .any(|block| block.to_do == Use::Run(code) && block.text.contains(&format!("{word} {name}")))
            };
            assert!(says(0, "run") || says(2, "check"), "{}: nothing plays {name}", page.name);
        }
    }
    assert!(features >= 8, "{features}");
}

#[test]
fn both_languages_have_what_users_need() {
    let names = |language| pages(language).into_iter().map(|page| page.name).collect::<BTreeSet<_>>();
    let (russian, english) = (names("ru"), names("en"));
    let alone = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect::<Vec<_>>();
    assert_eq!(alone(&russian, &english), ["README.ru.md", "rules.md"]);
    let english = alone(&english, &russian);
    assert_eq!(english, ["README.md", "design.md", "esia-protocol.md", "releasing.md", "relying-parties.md"]);
    let commands =
        |language| pages(language).iter().flat_map(|page| &page.blocks).filter(|block| is_played(block)).count();
    let (russian, english) = (commands("ru"), commands("en"));
    assert!(
        russian.abs_diff(english) <= 3 && russian >= 40,
        "{russian} blocks are run in Russian, {english} in English"
    );
}

fn is_played(block: &Block) -> bool {
    matches!(block.to_do, Use::Run(_) | Use::Stays | Use::Console)
}

#[tokio::test]
async fn the_program_writes_the_book_as_a_site() {
    let folder = tempfile::tempdir().unwrap();
    let ended = Program::run(&["docs", "--lang", "en", &folder.path().display().to_string()]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    for language in ["ru", "en"] {
        for page in pages(language).iter().filter(|page| !page.name.starts_with("README")) {
            let file = folder.path().join(language).join(&page.name).with_extension("html");
            let html = fs::read_to_string(&file).expect("a file of the site");
            let title = page.text.lines().next().unwrap().trim_start_matches("# ").replace('\'', "&#39;");
            assert!(html.contains(&format!("<h1>{title}</h1>")), "{}", file.display());
        }
    }
}

#[test]
fn a_block_is_what_its_words_say_and_nothing_is_skipped_in_silence() {
    let page = "```sh\na\n```\n\n   ```sh ends=2\n   b\n     c\n   ```\n```sh stays\n```\n```console\n```\n```yaml file=a/b.yaml\nk: 1\n```\n\
                ```sh not-run Docker\n```\n```text\n```\n";
    let read: Vec<_> = blocks(page).into_iter().map(|block| (block.to_do, block.text)).collect();
    let text = |text: &str| text.to_owned();
    assert_eq!(read[0], (Use::Run(0), text("a\n")));
    assert_eq!(read[1], (Use::Run(2), text("b\n  c\n")));
    assert_eq!((&read[2].0, &read[3].0), (&Use::Stays, &Use::Console));
    assert_eq!(read[4], (Use::File(text("a/b.yaml")), text("k: 1\n")));
    assert_eq!((&read[5].0, &read[6].0), (&Use::NotRun(text("Docker")), &Use::Read));
    for wrong in ["bash", "", "sh not-run", "sh background", "yaml file=../a", "shell"] {
        let block = blocks(&format!("```{wrong}\nx\n```\n")).remove(0);
        assert!(matches!(block.to_do, Use::Wrong(_)), "{wrong}");
    }
}

#[test]
fn what_a_console_prints_is_compared() {
    let cases = [
        ("a b c", "a…c", true),
        ("a\r\nb", "a\nb", true),
        ("x\n2 passed (1 s)", "…\n2 passed (… s)", true),
        ("x\n12 failed (1 s)", "…\n2 passed (… s)", false),
        ("ab", "a", false),
        ("ab", "b…", false),
    ];
    for (printed, shown, is_so) in cases {
        assert_eq!(is_as_shown(printed, shown), is_so, "{printed:?} {shown:?}");
    }
}

#[tokio::test]
async fn a_page_that_is_wrong_is_told_of() {
    let page = "```sh\nexit 3\n```\n```console\n$ echo a\nb\n```\n```sh ends=3\nexit 3\n```\n```sh\necho $ESIA_STAND_LANG >l; grep en l\n```\n";
    let wrong = play::play(&blocks(page), "en").await;
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[0].starts_with("line 1:") && wrong[1].starts_with("line 4:"), "{wrong:?}");
}
