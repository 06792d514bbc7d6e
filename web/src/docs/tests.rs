//! Documents, citations and explanations, without HTTP.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use worlds::mistakes::Language;

use super::{
    explain::explain,
    library::{Document, LIBRARY, anchor},
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
    for document in LIBRARY.iter() {
        let anchors: BTreeSet<_> = document.sections.iter().map(|section| &section.anchor).collect();
        assert_eq!(anchors.len(), document.sections.len(), "{}", document.name);
    }
    assert_eq!(anchor("3.2 Request parameters"), "3.2");
    assert_eq!(anchor("000. Рязанская область"), "000");
    assert_eq!(anchor("Где документы расходятся"), "где-документы-расходятся");
}

#[test]
fn html_in_a_document_is_shown_and_not_obeyed() {
    let document = Document::read("x", "en", "# T\n\n<script>a</script>\n\nand <b>b</b> & [c](x.md#1)\n");
    assert_snapshot!(document.html(), @r##"
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
