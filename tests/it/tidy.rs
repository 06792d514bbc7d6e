//! Rules of the repository: no forbidden arrows, settings in the wrong place, or paths of somebody's machine.

mod circles;
mod code;
mod examples;
mod languages;
mod shape;
mod walls;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use insta::assert_snapshot;
use serde::Deserialize;
use tests::repository;

/// Each crate and what of ours it may use: downwards only, and the two servers never each other.
const ARROWS: [(&str, &[&str]); 10] = [
    ("esia", &[]),
    // What reads answers in tests, and a database for them: nothing of ours.
    ("answers-for-tests", &[]),
    ("postgres-for-tests", &[]),
    ("worlds", &["esia", "postgres-for-tests"]),
    ("web", &["worlds", "esia", "answers-for-tests"]),
    ("idp", &["web", "worlds", "esia", "answers-for-tests"]),
    ("diary", &["web", "worlds", "esia", "answers-for-tests"]),
    ("harness", &["idp", "diary", "web", "worlds", "esia", "answers-for-tests"]),
    // It starts the program and asks it; it is built from none of it.
    ("tests", &["esia-stand-test", "answers-for-tests", "postgres-for-tests"]),
    // A team builds it without us.
    ("esia-stand-test", &[]),
];

/// Dependencies forbidden to a crate that does no I/O, or no HTTP.
const STRANGERS: [(&str, &[&str]); 2] = [
    ("esia", &["tokio", "axum", "reqwest", "sqlx", "hyper", "tower", "tower-http"]),
    ("worlds", &["axum", "reqwest", "hyper", "tower", "tower-http", "askama"]),
];

/// Every dependency of every crate of the workspace, whatever kind.
type Dependencies = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

fn dependencies() -> Dependencies {
    let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(repository());
    let output = cargo.output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).expect("cargo metadata");
    let names = |package: Package| {
        // The vocabulary may be proved with anything; it may be built with little.
        let used = package.dependencies.into_iter();
        let used = used.filter(|used| used.kind.as_deref() != Some("dev") || is_ours(&used.name));
        (package.name, used.map(|used| used.name).collect())
    };
    metadata.packages.into_iter().map(names).collect()
}

fn is_ours(name: &str) -> bool {
    ARROWS.iter().any(|(ours, _)| *ours == name)
}

/// The forbidden arrows, one a line.
fn forbidden(dependencies: &Dependencies) -> String {
    let mut told = String::new();
    for (package, used) in dependencies {
        let allowed = ARROWS.iter().find(|(name, _)| name == package);
        if allowed.is_none() {
            let _ = writeln!(told, "{package} has no place in the house");
        }
        let allowed = allowed.map_or(&[][..], |(_, allowed)| allowed);
        let strange = STRANGERS.iter().find(|(name, _)| name == package).map_or(&[][..], |(_, strange)| strange);
        for name in used {
            if is_ours(name) && !allowed.contains(&name.as_str()) || strange.contains(&name.as_str()) {
                let _ = writeln!(told, "{package} → {name}");
            }
        }
    }
    told
}

#[test]
fn arrows_between_crates_run_downwards_only() {
    assert_eq!(forbidden(&dependencies()), "");
}

#[test]
fn an_arrow_upwards_or_aside_is_found() {
    let edge = |from: &str, to: &[&str]| (from.to_owned(), to.iter().map(|name| (*name).to_owned()).collect());
    let wrong = Dependencies::from([
        edge("diary", &["idp", "web", "serde"]),
        edge("esia", &["axum", "worlds"]),
        edge("idp", &["diary"]),
        edge("mail", &[]),
        edge("web", &["idp", "axum"]),
    ]);
    assert_snapshot!(forbidden(&wrong), @"
    diary → idp
    esia → axum
    esia → worlds
    idp → diary
    mail has no place in the house
    web → idp
    ");
}

/// Every text of the repository, by its path inside it; what is built or fetched is not of the repository.
fn texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(&repository(), Path::new(""), &mut found);
    assert!(found.len() > 50, "the repository has only {} files?", found.len());
    found
}

fn walk(root: &Path, inside: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(root.join(inside)).expect("folder") {
        let entry = entry.expect("entry");
        let path: PathBuf = inside.join(entry.file_name());
        if path == Path::new("target") || path == Path::new(".git") {
            continue;
        }
        if entry.file_type().expect("kind").is_dir() {
            walk(root, &path, found);
        } else if let Ok(text) = fs::read_to_string(root.join(&path)) {
            found.push((path.display().to_string(), text));
        }
    }
}

/// Lines in which a word stands, as `file:line`. The words are written in halves, so that this file does not hold them.
fn lines_with(words: &[String], wanted: impl Fn(&str) -> bool) -> String {
    let mut told = String::new();
    for (file, text) in texts().iter().filter(|(file, _)| wanted(file)) {
        for (line, number) in text.lines().zip(1..) {
            for word in words.iter().filter(|word| line.contains(word.as_str())) {
                let _ = writeln!(told, "{file}:{number}: {word}");
            }
        }
    }
    told
}

fn is_rust(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "rs")
}

#[test]
fn no_file_names_a_path_of_somebodys_machine_or_a_registry() {
    let halves = [("/wo", "rk/"), ("/wo", "rk`"), ("/t", "mp/"), ("/ho", "me/"), ("/ro", "ot/"), ("/Us", "ers/")];
    let hosts = [("registry.npm", "js"), ("static.crates", ".io"), ("index.crates", ".io"), ("artifac", "tory")];
    let words: Vec<_> = halves.iter().chain(&hosts).map(|(one, other)| format!("{one}{other}")).collect();
    assert_eq!(lines_with(&words, |_| true), "");
}

#[test]
fn every_dependency_comes_from_the_public_registry() {
    let lock = fs::read_to_string(repository().join("Cargo.lock")).expect("Cargo.lock");
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let other: Vec<_> =
        sources.filter(|source| *source != "\"registry+https://github.com/rust-lang/crates.io-index\"").collect();
    assert_eq!(other, Vec::<&str>::new());
}

#[test]
fn no_test_is_ignored_and_nothing_is_left_to_do() {
    let halves = [("#[ign", "ore"), ("tod", "o!("), ("unimpl", "emented!("), ("dbg", "!(")];
    let words: Vec<_> = halves.iter().map(|(one, other)| format!("{one}{other}")).collect();
    assert_eq!(lines_with(&words, is_rust), "");
}

fn without_remark(line: &str) -> &str {
    line.split(" #").next().unwrap_or_default().trim_end()
}

#[test]
fn versions_and_features_stand_in_the_root_alone_and_lints_hold_everywhere() {
    let mut told = String::new();
    for (name, _) in ARROWS {
        let folder = match name {
            "answers-for-tests" => "tests/answers",
            "postgres-for-tests" => "tests/postgres",
            "esia-stand-test" => "clients/rust",
            name => name,
        };
        let manifest = fs::read_to_string(repository().join(folder).join("Cargo.toml")).expect("Cargo.toml");
        let mut section = "";
        for line in manifest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with('[') {
                section = line;
            } else if section.ends_with("dependencies]") && !without_remark(line).ends_with(".workspace = true") {
                let _ = writeln!(told, "{name}/Cargo.toml: {line}");
            }
        }
        if !manifest.contains("[lints]\nworkspace = true") {
            let _ = writeln!(told, "{name}/Cargo.toml: no lints");
        }
    }
    assert_eq!(told, "");
}

/// Files and folders that a document names in backticks.
fn named(text: &str) -> impl Iterator<Item = &str> {
    // Every second piece between backticks is code; a fence of three leaves the order as it is.
    let pieces = text.split('`').skip(1).step_by(2);
    pieces.filter(|piece| {
        let folder = piece.split_once('/').map(|(folder, _)| folder).unwrap_or_default();
        let folders = ["scenarios", "scripts", ".ci", ".config"];
        (is_ours(folder) || folders.contains(&folder)) && !piece.contains(['*', '{', '…', ' ', '\n'])
    })
}

#[test]
fn the_documents_name_only_files_that_exist() {
    let mut told = String::new();
    let mut count = 0;
    for document in ["README.md", "README.ru.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(repository().join(document)).expect(document);
        for path in named(&text) {
            count += 1;
            if !repository().join(path).exists() {
                let _ = writeln!(told, "{document}: {path}");
            }
        }
    }
    assert_eq!(told, "");
    assert!(count > 20, "only {count} files are named: are they still written in backticks?");
}

/// Names of the types that are described in a server's OpenAPI document, with the file of each.
fn described_types(server: &str) -> Vec<(String, String)> {
    let inside = |file: &str| file.starts_with(&format!("{server}/src/")) || file.starts_with("web/src/");
    let mut found = Vec::new();
    for (file, text) in texts().into_iter().filter(|(file, _)| is_rust(file) && inside(file)) {
        let mut described = false;
        for line in text.lines().map(str::trim_start) {
            described |= line.starts_with("#[derive(") && line.contains("ToSchema");
            let declared = line.split_once("struct ").or_else(|| line.split_once("enum "));
            if let Some((before, rest)) = declared.filter(|(before, _)| before.is_empty() || before.starts_with("pub"))
            {
                let name = rest.split(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
                found.extend(described.then(|| (name.to_owned(), file.clone())));
                described = before.is_empty() && rest.is_empty();
            }
        }
    }
    found
}

/// A second type of the same name takes the place of the first in the document, without a word.
#[test]
fn no_two_types_of_a_servers_document_share_a_name() {
    for server in ["idp", "diary"] {
        let types = described_types(server);
        assert!(types.len() > 30, "only {} types of {server} are described", types.len());
        let mut files = BTreeMap::<_, Vec<_>>::new();
        for (name, file) in types {
            files.entry(name).or_default().push(file);
        }
        files.retain(|_, files| files.len() > 1);
        assert_eq!(files, BTreeMap::new());
    }
}
