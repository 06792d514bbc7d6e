//! Every source of a check, every `§`, rule and design section that code, schemas and scenarios refer to is there to be read:
//! a heading in `docs/`, or a section of a named public document.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path, process::Command};

use insta::assert_snapshot;
use tests::repository;

/// Public documents that a reference may name; with a number after it where `true`.
const PUBLIC: [(&str, bool); 11] = [
    ("RFC", true),
    ("OpenID Connect Core", false),
    ("OpenID Connect Discovery", false),
    ("OpenID Connect Dynamic Client Registration 1.0", false),
    ("OpenID Connect RP-Initiated Logout", false),
    ("OpenID Connect Back-Channel Logout", false),
    ("OAuth 2.0 Multiple Response Types", false),
    ("Form Post", false),
    ("ГОСТ Р 34.10-2012", false),
    ("XML 1.0", false),
    ("Fetch Metadata", false),
];

/// Calls whose two texts are the rule and the source of a check.
const CHECKS: [&str; 13] = [
    "Rule = (",
    "(&str, &str) = (",
    "let rule = (",
    "let source = (",
    "Check::new((",
    "Check::of((",
    "Check::passed((",
    "Check::failed((",
    "Check::tolerated((",
    "expect((",
    "must((",
    "must_for((",
    "tolerate((",
];

/// The documents themselves, input of the fuzzer, and what reads references or has wrong ones for examples.
const NOT_READ: [&str; 4] = ["docs/", "fuzz/corpus/", "web/src/docs/", "tests/it/sources.rs"];

/// Extensions of the files that are looked through.
const TEXTS: [&str; 8] = ["rs", "feature", "json", "yaml", "html", "md", "py", "mjs"];

/// Names under which the sources were quoted before they were documents here.
const OLD_NAMES: [&str; 4] = ["ESIA-PROTOCOL", "DESIGN.md", "RULES.md", "protocol notes"];

/// Headings of the documents in `docs/`.
struct Headings {
    /// Numbers of sections, as `3.2`.
    protocol: BTreeSet<String>,
    /// Titles of sections, as `Two voices`.
    design: BTreeSet<String>,
    /// Numbers of rules, as `R001.3`.
    rules: BTreeSet<String>,
}

impl Headings {
    fn read() -> Self {
        let headings = |name: &str| {
            let text = fs::read_to_string(repository().join("docs/src").join(name)).expect(name);
            text.lines()
                .filter_map(|line| Some(line.strip_prefix("##")?.trim_start_matches('#').trim().to_owned()))
                .collect()
        };
        let number = |heading: &String| heading.split(' ').next().unwrap_or_default().trim_end_matches('.').to_owned();
        let protocol: Vec<String> = headings("en/esia-protocol.md");
        let rules: Vec<String> = headings("ru/rules.md");
        Self {
            protocol: protocol.iter().map(number).collect(),
            design: headings("en/design.md").into_iter().collect(),
            rules: rules.into_iter().filter(|heading| is_rule(heading)).collect(),
        }
    }

    /// Dangling references of a text, one a line.
    fn dangling(&self, name: &str, text: &str) -> String {
        let prose = if is_rust(name) { comments_joined(text) } else { text.to_owned() };
        let mut told = String::new();
        let mut tell = |what: &str, why: &str| {
            let _ = writeln!(told, "{name}: {what}: {why}");
        };
        for old in OLD_NAMES.iter().filter(|old| prose.contains(**old)) {
            tell(old, "an old name");
        }
        for (at, _) in prose.match_indices('§') {
            let Some(number) = number_at(&prose[at + '§'.len_utf8()..]) else { continue };
            match document_before(&prose[..at]) {
                None => tell(&format!("§{number}"), "of which document?"),
                Some("ESIA") if !self.protocol.contains(number) => tell(&format!("ESIA §{number}"), "no such section"),
                Some(_) => {}
            }
        }
        for (at, _) in prose.match_indices("Design, ") {
            let heading =
                prose[at + "Design, ".len()..].split([')', ';', '"', ':', '\n', '.']).next().unwrap_or_default();
            if !self.design.contains(heading.trim()) {
                tell(&format!("Design, {heading}"), "no such section");
            }
        }
        for rule in rules_in(&prose).filter(|rule| !self.rules.contains(*rule)) {
            tell(rule, "no such rule");
        }
        let is_test = name.ends_with("tests.rs");
        for source in sources(text).filter(|source| !is_test && !self.resolves(source)) {
            tell(source, "not a source");
        }
        told
    }

    /// Whether a check's source, such as `ESIA §1.2, §3.2; RFC 7636 §4.6`, names documents and places in them.
    fn resolves(&self, source: &str) -> bool {
        source.split("; ").all(|group| {
            let mut document = "";
            let mut parts = group.split(", ").peekable();
            let mut is_good = parts.peek().is_some();
            while let Some(part) = parts.next() {
                let (named, number) =
                    part.split_once('§').map_or((part, None), |(named, number)| (named, Some(number)));
                if !named.is_empty() {
                    document = named.trim();
                }
                is_good &= match (document, number) {
                    ("ESIA", Some(number)) => self.protocol.contains(number),
                    ("Design", None) => parts.next().is_some_and(|heading| self.design.contains(heading)),
                    ("Fetch Standard", None) => parts.next().is_some(),
                    (rule, None) if is_rule(rule) => self.rules.contains(rule),
                    (document, _) => ends_with_public(document).is_some(),
                };
            }
            is_good
        })
    }
}

fn is_rust(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "rs")
}

/// The text of a file, a comment that runs over several lines in one.
fn comments_joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut was_comment = false;
    for line in text.lines() {
        let inner = line.trim_start();
        let comment = inner.strip_prefix("//").map(|rest| rest.trim_start_matches(['/', '!']));
        match comment {
            Some(rest) if was_comment => joined.push_str(rest),
            _ => {
                joined.push('\n');
                joined.push_str(line);
            }
        }
        was_comment = comment.is_some();
    }
    joined
}

/// `3.2` of `3.2, as`; none where another text follows.
fn number_at(text: &str) -> Option<&str> {
    let end = text.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '.').unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    (!number.is_empty()).then_some(number)
}

/// The document that a `§` belongs to: it stands before it, or before a list of sections that it is one of.
fn document_before(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_end();
        if text.ends_with("ESIA") {
            return Some("ESIA");
        }
        if let Some(document) = ends_with_public(text) {
            return Some(document);
        }
        let list = [",", "–", " and", " to", ", and"].iter().find_map(|word| text.strip_suffix(word))?;
        let number = list.rfind('§')?;
        number_at(&list[number + '§'.len_utf8()..])
            .filter(|found| list[number + '§'.len_utf8()..].trim_end_matches(',') == *found)?;
        text = &list[..number];
    }
}

/// The public document whose name a text ends with.
fn ends_with_public(text: &str) -> Option<&'static str> {
    let numberless = text.trim_end_matches(|sign: char| sign.is_ascii_digit()).trim_end();
    let named = |(name, has_number): &(&'static str, bool)| {
        let is_it = if *has_number {
            numberless.len() < text.len() && numberless.ends_with(name)
        } else {
            text.ends_with(name)
        };
        is_it.then_some(*name)
    };
    PUBLIC.iter().find_map(named)
}

fn is_rule(text: &str) -> bool {
    let number = text.strip_prefix("R00").and_then(|rest| rest.split_once('.'));
    number.is_some_and(|(document, rule)| [document, rule].iter().all(|part| is_number(part)))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// `R001.3` and the like.
fn rules_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("R00").filter_map(|(at, _)| number_at(&text[at..])).filter(|rule| is_rule(rule))
}

/// The second texts of the checks that a source file makes, and its constants of that name.
fn sources(text: &str) -> impl Iterator<Item = &str> {
    let second = |after: &str| -> Option<usize> {
        let (rule, rest) = after.strip_prefix('"')?.split_once('"')?;
        rule.is_ascii().then_some(())?;
        rest.strip_prefix(", \"").map(|rest| after.len() - rest.len())
    };
    let of_checks = CHECKS.iter().flat_map(move |call| {
        text.match_indices(call).filter_map(move |(at, _)| {
            let after = text[at + call.len()..].trim_start();
            after[second(after)?..].split_once('"').map(|(source, _)| source)
        })
    });
    let constant = "const SOURCE: &str = \"";
    let constants = text.match_indices(constant);
    of_checks.chain(constants.filter_map(move |(at, _)| Some(text[at + constant.len()..].split_once('"')?.0)))
}

/// Files that may refer to something, and their texts.
fn files() -> Vec<(String, String)> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(repository()).output().expect("git");
    let names = String::from_utf8(output.stdout).expect("names in UTF-8");
    let refers = |name: &&str| {
        let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
        let is_text = extension.is_some_and(|extension| TEXTS.contains(&extension));
        is_text && !NOT_READ.iter().any(|path| name.starts_with(path))
    };
    let read = |name: &str| Some((name.to_owned(), fs::read_to_string(repository().join(name)).ok()?));
    names.split('\0').filter(refers).filter_map(read).collect()
}

#[test]
fn every_reference_leads_to_a_passage() {
    let headings = Headings::read();
    let dangling: String = files().iter().map(|(name, text)| headings.dangling(name, text)).collect();
    assert!(dangling.is_empty(), "{dangling}");
}

#[test]
fn the_documented_rules_and_the_list_of_them_are_the_same() {
    let list = fs::read_to_string(repository().join("scenarios/rules.yaml")).expect("rules.yaml");
    let listed = list.lines().filter_map(|line| line.split_once(':')).map(|(rule, _)| rule.to_owned());
    assert_eq!(listed.filter(|rule| is_rule(rule)).collect::<BTreeSet<_>>(), Headings::read().rules);
}

#[test]
fn a_reference_to_nothing_is_told() {
    let wrong = r#"
//! As ESIA §3.2, §3.99 and RFC 6749 §4.1.2 say (Design, Two
//! voices; Design, Three voices), and §7 of something.
//! R000.1, R000.99; ESIA-PROTOCOL
const KEY: Rule = ("key", "МР Б.12");
const SOURCE: &str = "ESIA §1.2, §1.99";
fn a() { judge.must(("state", "RFC 6749 §4.1.1, §4.1.2; R001.3"), 1); }
"#;
    assert_snapshot!(Headings::read().dangling("a.rs", wrong), @r"
    a.rs: ESIA-PROTOCOL: an old name
    a.rs: ESIA §3.99: no such section
    a.rs: §7: of which document?
    a.rs: ESIA §1.99: no such section
    a.rs: Design, Three voices: no such section
    a.rs: R000.99: no such rule
    a.rs: МР Б.12: not a source
    a.rs: ESIA §1.2, §1.99: not a source
    ");
}
