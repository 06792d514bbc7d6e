//! `/control/docs/`: the documents as pages, and sources that lead to them.

use super::*;

const PAGES: [&str; 4] = ["esia-protocol", "rules", "design", "index"];

/// The values of an attribute in a page.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let opening = format!(" {attribute}=\"");
    page.split(&opening).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect()
}

#[tokio::test]
async fn every_link_of_a_document_resolves() {
    let server = plain().await;
    make(&server, "w", 0).await;
    for base in ["", "/w/w"] {
        let list = ask(&server, &format!("{base}/control/docs/")).await;
        assert_eq!((list.status, list.body.contains("data-test=\"documents\"")), (StatusCode::OK, true));
        for page in PAGES {
            let path = format!("{base}/control/docs/{page}");
            assert!(values(&list.body, "href").contains(&path.as_str()), "{path}");
            let document = ask(&server, &path).await;
            assert_eq!(document.status, StatusCode::OK, "{path}");
            assert!(!document.body.contains("<script"), "{path}");
            let here: url::Url = format!("http://127.0.0.1{path}").parse().unwrap();
            for link in values(&document.body, "href").into_iter().filter(|link| !link.starts_with("data:")) {
                let url = here.join(link).unwrap();
                let target = ask(&server, url.path()).await;
                assert_eq!(target.status, StatusCode::OK, "{path}: {link}");
                let anchor = link.split_once('#').map(|(_, anchor)| anchor);
                assert!(anchor.is_none_or(|anchor| values(&target.body, "id").contains(&anchor)), "{path}: {link}");
            }
        }
    }
}

#[tokio::test]
async fn a_rule_has_an_anchor_and_its_quoted_text() {
    let page = ask(&plain().await, "/control/docs/rules").await.body;
    assert!(page.contains("<h3 id=\"R001.3\">R001.3</h3>"), "{page}");
    assert!(page.contains("«Для входа в дневник нужно согласие одного из родителей»"), "{page}");
}

#[tokio::test]
async fn an_unknown_document_is_not_found_and_all_are_behind_the_gate() {
    assert_eq!(ask(&plain().await, "/control/docs/nothing").await.status, StatusCode::NOT_FOUND);
    let guarded = server(|settings| settings.control_token = ControlToken::new("a-token-that-is-long-enough")).await;
    for path in ["/control/docs/", "/control/docs/rules"] {
        assert_eq!(ask(&guarded, path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

async fn cited(checks: Checks) -> Result<String, Problem> {
    checks.expect(("state", "R001.3; RFC 6749 §10.12"), "a", "b".to_owned(), false);
    Ok(String::new())
}

#[tokio::test]
async fn a_source_in_the_journal_is_a_link_to_its_passage() {
    let server = over(Router::new().route("/cited", get(cited)), |_| {}).await;
    make(&server, "w", 0).await;
    ask(&server, "/w/w/cited").await;
    let requests = ask(&server, "/w/w/control/requests").await.json();
    let entries = requests.as_array().or_else(|| requests["requests"].as_array()).unwrap();
    let cited = entries.iter().find(|entry| entry["target"].as_str().unwrap().ends_with("/cited")).unwrap();
    let page = ask(&server, &format!("/w/w/control/console/requests/{}", cited["id"])).await.body;
    let source = page.split("data-test=\"source\">").nth(1).unwrap().split("</dd>").next().unwrap();
    assert_snapshot!(source.trim(), @r##"<a href="/w/w/control/docs/rules#R001.3">R001.3</a>; <a href="https://www.rfc-editor.org/rfc/rfc6749#section-10.12" rel="noreferrer">RFC 6749 §10.12</a>"##);
    let mistake = "/w/w/control/docs/mistakes#state";
    assert!(page.contains(&format!("<a href=\"{mistake}\" data-test=\"mistake\"><code>state</code></a>")), "{page}");
    assert!(values(&ask(&server, "/w/w/control/docs/mistakes").await.body, "id").contains(&"state"));
}

#[tokio::test]
async fn a_page_is_read_in_the_language_of_the_reader_and_a_search_needs_no_script() {
    let server = plain().await;
    for (language, title) in [("ru", "Документация"), ("en", "Documentation")] {
        let list = ask(&server, &format!("/control/docs/?lang={language}")).await;
        assert!(
            list.body.contains(&format!("<html lang=\"{language}\">")) && list.body.contains(title),
            "{}",
            list.body
        );
        let page = ask(&server, &format!("/control/docs/index?lang={language}")).await;
        assert!(page.body.contains(&format!("<html lang=\"{language}\">")), "{}", page.body);
    }
    let found = ask(&server, "/control/docs/search?lang=en&q=Two%20voices").await;
    assert!(values(&found.body, "href").contains(&"/control/docs/design#two-voices"), "{}", found.body);
    let nothing = ask(&server, "/control/docs/search?lang=en&q=%3Cscript%3Ezzzz").await;
    assert!(nothing.body.contains("data-test=\"nothing\"") && !nothing.body.contains("<script"), "{}", nothing.body);
}
