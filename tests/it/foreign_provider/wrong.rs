//! What is wrong with a foreign provider is told with the way out, before a request leaves where that is possible.

use tests::Program;

use super::Keystone;

const ONE: &str = "Все три условия выполнены";

#[tokio::test]
async fn mistakes_of_a_description_have_their_file_and_line() {
    let keystone = Keystone::start("").await;
    let file = keystone.at("keystone.yaml");
    let right = Program::run(&["check", "--provider", &file]).await;
    assert_eq!(right.code, Some(0), "{}", right.err);
    keystone.describe("css: form#who", "css: '['");
    let told = format!("{file}:20:35: sign-in.shows.css: селектор «[» не читается");
    for ended in [Program::run(&["check", "--provider", &file]).await, keystone.run(&["--list"]).await] {
        assert_eq!(ended.code, Some(2), "{}", ended.err);
        assert!(ended.err.contains(&told), "{}", ended.err);
    }
}

#[tokio::test]
async fn a_variable_that_is_not_set_is_named() {
    let keystone = Keystone::start("").await;
    let ended = keystone.run_without("KEYSTONE_NINA", &["--name", ONE]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    assert!(ended.err.contains("переменная KEYSTONE_NINA не задана"), "{}", ended.err);
}

#[tokio::test]
async fn a_host_that_is_not_named_is_refused_before_a_request_leaves() {
    let keystone = Keystone::start("elsewhere").await;
    let ended = keystone.run(&["--name", ONE]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let text = format!("{}{}", ended.out, ended.err);
    assert!(text.contains("не назван в описании поставщика (hosts): запрос не отправлен"), "{text}");
    // Pages and the diary's own request of the keys, once it is named.
    keystone.describe("pace-ms: 2\n", "pace-ms: 2\nhosts: [localhost]\n");
    let named = keystone.run(&["--name", ONE]).await;
    assert_eq!(named.code, Some(0), "{}\n{}", named.out, named.err);
}

#[tokio::test]
async fn what_does_not_go_together_is_refused() {
    for (args, told) in [
        (["--protocol", "oidc"], "с --provider не нужен --protocol"),
        (["--browser", "chromium"], "--provider и настоящий браузер (--browser) вместе не бывают"),
    ] {
        let ended = Program::run(&[&["run", "--provider", "none.yaml"], &args[..]].concat()).await;
        assert_eq!(ended.code, Some(2), "{}", ended.err);
        assert!(ended.err.contains(told), "{}", ended.err);
    }
    let ended = Program::run(&["run", "--record", "r", "--browser", "chromium"]).await;
    assert!(ended.err.contains("--record и настоящий браузер (--browser) вместе не бывают"), "{}", ended.err);
}
