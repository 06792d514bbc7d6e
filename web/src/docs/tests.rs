//! The book, its search, citations and explanations, without HTTP.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use worlds::mistakes::Language;

use super::{
    book::{files, page_in, pages, pictures},
    document::{Document, anchor},
    explain::explain,
    render::{Links, html},
    search::found,
    site::book_site,
    source::{CitedPassage, citations},
};

fn told(source: &str) -> String {
    let told = citations(source).into_iter().map(|citation| match citation.place {
        CitedPassage::Ours(path) => format!("{}[{}]({path})", citation.separator, citation.text),
        CitedPassage::Public(url) => format!("{}[{}]<{url}>", citation.separator, citation.text),
        CitedPassage::Unknown => format!("{}{}", citation.separator, citation.text),
    });
    told.collect()
}

#[test]
fn a_source_is_cited_piece_by_piece() {
    assert_snapshot!(told("ESIA §1.2, §3.2; RFC 7636 §4.6"), @"[ESIA §1.2](/control/docs/esia-protocol#1.2), [§3.2](/control/docs/esia-protocol#3.2); [RFC 7636 §4.6]<https://www.rfc-editor.org/rfc/rfc7636#section-4.6>");
    assert_snapshot!(told("R001.3; Design, Consent on the wire"), @"[R001.3](/control/docs/rules#R001.3); [Design, Consent on the wire](/control/docs/design#consent-on-the-wire)");
    assert_snapshot!(told("RFC 8017 §A.1.1, OpenID Connect Core §5.3"), @"[RFC 8017 §A.1.1]<https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.1>, [OpenID Connect Core §5.3]<https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.5.3>");
    assert_snapshot!(told("Fetch Standard, CORS protocol"), @"[Fetch Standard, CORS protocol]<https://fetch.spec.whatwg.org/>");
}

#[test]
fn what_is_not_known_stays_text() {
    for source in ["ESIA §3.99", "R001.99", "Design, No such thing", "Design", "RFC x §1", "this test", "", "§1"] {
        assert_eq!(told(source), source);
    }
}

#[test]
fn anchors_of_a_document_are_its_own() {
    for document in pages() {
        let sections = document.sections();
        let anchors: BTreeSet<_> = sections.iter().map(|section| &section.anchor).collect();
        assert_eq!(anchors.len(), sections.len(), "{}/{}", document.language, document.name);
    }
    assert_eq!(anchor("3.2 Request parameters"), "3.2");
    assert_eq!(anchor("000. Рязанская область"), "000");
    assert_eq!(anchor("Где документы расходятся"), "где-документы-расходятся");
}

#[test]
fn html_in_a_document_is_shown_and_not_obeyed() {
    let document = Document::new("x", "en", "# T\n\n<script>a</script>\n\nand <b>b</b> & [c](x.md#1)\n");
    assert_snapshot!(html(&document, Links::Served), @r##"
    &lt;script&gt;a&lt;/script&gt;
    <p>and &lt;b&gt;b&lt;/b&gt; &amp; <a href="x#1">c</a></p>
    "##);
}

#[test]
fn ids_of_every_kind_are_explained() {
    let explained = |id| explain(id, Language::English).unwrap();
    assert_snapshot!(explained("r000.13"), @r"
    R000.13
    После этого ребёнок входит в дневник ещё раз, и дневник открывается.
    ");
    assert_snapshot!(explained("ESIA-007053"), @r"
    ESIA-007053
      client_secret is wrong: string, certificate or system do not match, or the certificate is not active
      access_denied
      (ESIA §1.5)
    ");
    assert_snapshot!(explained("slip-missing=state"), @r"
    slip-missing=state
      The signed string lacks state.
      Add state to the signed string at its place.
    ");
    assert!(explained("§3.2").starts_with("3.2 Request parameters"));
    assert_eq!(explained("ESIA §3.2"), explained("§3.2"));
    assert!(explained("Design, Two voices").starts_with("Two voices\n\n"));
}

#[test]
fn a_near_miss_is_told_and_nonsense_is_not() {
    let nearest = |id| explain(id, Language::Russian).unwrap_err().nearest;
    assert_eq!(nearest("ESIA-07053").as_deref(), Some("ESIA-007053"));
    assert_eq!(nearest("slip-misssing").as_deref(), Some("slip-missing"));
    assert!(nearest("R001.33").is_some_and(|rule| rule.starts_with("R001.3")));
    assert_eq!(nearest("цук"), None);
}

#[test]
fn links_follow_the_form_in_which_the_book_is_read() {
    let document = Document::new("x", "en", "# T\n\n[a](../ru/y.md#1) [b](http://h.example/z.md) [c](#d)\n");
    let links = |links| html(&document, links);
    assert_snapshot!(links(Links::Served), @r##"<p><a href="y#1">a</a> <a href="http://h.example/z.md">b</a> <a href="#d">c</a></p>"##);
    assert_snapshot!(links(Links::Files), @r##"<p><a href="../ru/y.html#1">a</a> <a href="http://h.example/z.md">b</a> <a href="#d">c</a></p>"##);
}

#[test]
fn the_summary_names_every_page_once_and_each_begins_with_its_title() {
    let named: Vec<_> = pages().map(|page| format!("{}/{}.md", page.language, page.name)).collect();
    let once: BTreeSet<_> = named.iter().cloned().collect();
    assert_eq!(once.len(), named.len());
    assert_eq!(once, files().collect());
    for page in pages() {
        assert!(page.text.starts_with(&format!("# {}\n", page.title)), "{}/{}", page.language, page.name);
    }
}

#[test]
fn every_picture_is_shown_on_a_page_and_every_page_shows_pictures_that_there_are() {
    let shown = |links| -> BTreeSet<String> {
        let html = pages().map(|page| html(page, links)).collect::<String>();
        html.split("<img src=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
    };
    let there = |prefix: &str| pictures().map(|(path, _)| format!("{prefix}{path}")).collect::<BTreeSet<_>>();
    assert_eq!(shown(Links::Served), there(""));
    assert_eq!(shown(Links::Files), there("../"));
    for (path, png) in pictures() {
        assert!(png.starts_with(b"\x89PNG"), "{path}");
        // Each is part of the program.
        assert!(png.len() < 60_000, "{path}: {}", png.len());
    }
}

#[test]
fn a_search_finds_sections_by_words_and_by_ids_in_the_language_of_the_reader() {
    let first = |query, language| found(query, language).first().map(|hit| hit.address.clone());
    assert_eq!(first("client-secret R001.3", Language::English), None);
    assert_eq!(first("two VOICES", Language::English).as_deref(), Some("design#two-voices"));
    assert!(found("ESIA-007053", Language::English).iter().any(|hit| hit.address == "esia-protocol#1.5"));
    assert!(found("согласие родителей", Language::Russian).iter().any(|hit| hit.address.starts_with("rules#")));
    assert_eq!(found("", Language::Russian), []);
    assert_eq!(found("*** ---", Language::Russian), []);
    let hits = found("a", Language::English);
    assert!(hits.len() <= 30 && hits.iter().all(|hit| hit.excerpt.chars().count() <= 202), "{}", hits.len());
}

#[test]
fn the_site_is_complete_and_its_links_lead_somewhere() {
    let site = book_site().unwrap();
    let paths: BTreeSet<_> = site.iter().map(|page| page.path.as_str()).collect();
    for page in pages() {
        assert!(paths.contains(format!("{}/{}.html", page.language, page.name).as_str()), "{}", page.name);
        assert!(page_in(page.name, page.language).is_some());
    }
    let base: url::Url = "http://book.test/".parse().unwrap();
    let (mut checked, mut dangling) = (0, Vec::new());
    for page in &site {
        let here = base.join(&page.path).unwrap();
        for link in page.text.split(" href=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)) {
            let url = here.join(link).unwrap();
            if url.host_str() != Some("book.test") {
                continue;
            }
            checked += 1;
            let target = site.iter().find(|other| format!("/{}", other.path) == url.path());
            let anchor = link.split_once('#').map(|(_, anchor)| format!(" id=\"{anchor}\""));
            let is_there = target.is_some_and(|target| anchor.is_none_or(|anchor| target.text.contains(&anchor)));
            if !is_there {
                dangling.push(format!("{}: {link}", page.path));
            }
        }
    }
    assert_eq!(dangling, Vec::<String>::new());
    assert!(checked > 100, "{checked}");
}
