//! The report as `JUnit` XML, held against what its schema allows.

use quick_xml::{Reader, events::Event};
use tests::Server;

use super::{
    judging::Judging,
    site::{Flaw, Site},
};

/// An element, the attributes that it may have (those with `!` it must), and the elements that may stand in it.
type Rule = (&'static str, &'static str, &'static str);

/// What the schemas of `JUnit` reports that Jenkins and GitLab read have in common.
const SCHEMA: [Rule; 8] = [
    ("testsuites", "name time tests failures errors skipped disabled assertions timestamp", "testsuite"),
    (
        "testsuite",
        "name! tests! failures! errors! disabled skipped time timestamp hostname id package",
        "properties testcase system-out system-err",
    ),
    ("properties", "", "property"),
    ("property", "name! value!", ""),
    ("testcase", "name! classname! time assertions file", "skipped error failure system-out system-err"),
    ("skipped", "message type", ""),
    ("error", "message type!", ""),
    ("failure", "message type!", ""),
];

fn rule(name: &str) -> Rule {
    *SCHEMA.iter().find(|(known, ..)| *known == name).unwrap_or_else(|| panic!("<{name}> is in no schema"))
}

/// Checks the whole document; how many elements of each name there were.
fn checked(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut open, mut seen): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().expect("XML");
        let (start, is_empty) = match &event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let name = String::from_utf8(start.name().as_ref().to_vec()).expect("a name");
        let (_, attributes, _) = rule(&name);
        match open.last() {
            Some(parent) => assert!(rule(parent).2.split(' ').any(|child| child == name), "<{name}> in <{parent}>"),
            None => assert_eq!(name, "testsuites"),
        }
        let given: Vec<String> = start
            .attributes()
            .map(|one| String::from_utf8(one.expect("an attribute").key.as_ref().to_vec()).expect("a name"))
            .collect();
        for attribute in &given {
            let is_known = attributes.split(' ').any(|known| known.trim_end_matches('!') == attribute);
            assert!(is_known, "<{name} {attribute}>");
        }
        for needed in attributes.split(' ').filter_map(|known| known.strip_suffix('!')) {
            assert!(given.iter().any(|attribute| attribute == needed), "<{name}> without {needed}");
        }
        seen.push(name.clone());
        if !is_empty {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    seen
}

#[tokio::test]
async fn the_report_is_what_the_schema_of_junit_allows_whatever_the_verdicts() {
    let idp = Server::idp().await;
    let site = Site::start(&idp, Flaw::BelievesAlgNone).await;
    let judging = Judging::of(&site, &idp.url, &[("title: Сайт", "title: \"Сайт <b> & ]]> \\u0007\"")]);
    let ended = judging.run(&["--only", "hdr.alg-none,sig.stranger,rs.500-after-token,ac.too-late"]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let seen = checked(&judging.read("r.xml"));
    let count = |name: &str| seen.iter().filter(|one| *one == name).count();
    let counts = ["testsuite", "testcase", "failure", "error", "skipped"].map(count);
    assert_eq!(counts, [1, 4, 1, 1, 1], "{}", ended.out);
}
