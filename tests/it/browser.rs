//! A real browser: Debian's Chromium. The story that is told for it, and every page looked at by axe-core.

mod barriers;
mod chromium;

use tests::{Program, esia_stand};

#[tokio::test]
async fn the_story_of_the_first_sign_in_plays_in_a_real_browser() {
    // The rest of what is tagged for a browser is played by `scripts/test` itself: it takes a minute.
    let ended = Program::run(&["run", "--browser", "chromium", "--tags", "@browser and @R000.13"]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let last = ended.out.lines().rfind(|line| line.contains("passed")).unwrap_or_default();
    assert!(!last.starts_with("0 passed") && last.contains(" 0 failed"), "{last:?}");
}

#[tokio::test]
async fn without_a_browser_the_run_ends_with_3_and_says_what_to_install() {
    let args = ["run", "--browser", "chromium", "--tags", "@browser"];
    let run = Program::start_as(&esia_stand(), &args, &[("PATH", "")]);
    let ended = run.ended().await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(ended.err.contains("apt-get install -y chromium chromium-driver"), "{}", ended.err);
}
