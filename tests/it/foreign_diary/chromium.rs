//! A foreign diary in a real browser.

use super::Notebook;

#[tokio::test]
async fn a_foreign_diary_is_met_in_a_real_browser_and_its_console_is_its_own_matter() {
    let notebook = Notebook::start("").await;
    // Its refusals are 403, and it has no picture for the window: Chromium complains of both.
    let ended =
        notebook.run(&["--browser", "chromium", "--jobs", "1", "--name", "Отказавший родитель может передумать"]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
}
