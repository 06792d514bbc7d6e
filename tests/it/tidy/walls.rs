//! Walls between and within crates, each with the number that holds today where it does not stand yet. A number may only
//! fall: whoever brings it down writes the new one here.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    circles::{self, Edges},
    code::Crate,
    is_rust, shape, texts,
};

/// Files that stand in a circle of imports, by crate. Files are counted and no circles, for a large circle that is cut
/// into two small ones is better.
const CIRCLES: [(&str, usize); 6] = [("esia", 0), ("worlds", 0), ("web", 0), ("idp", 0), ("diary", 0), ("harness", 0)];

/// Code in `mod.rs`, which declares: files that hold some, by crate.
const BUSY_MOD_FILES: [(&str, usize); 6] =
    [("esia", 0), ("worlds", 0), ("web", 0), ("idp", 0), ("diary", 0), ("harness", 0)];

/// Files of `idp` with methods of `Gosuslugi`: one, in the end.
const FILES_WITH_METHODS_OF_GOSUSLUGI: usize = 1;

/// Imports of protocols by the portal of `idp`, or of one protocol by another: none, in the end.
const FORBIDDEN_IMPORTS: usize = 0;

/// Parameters that are tuples, in the whole workspace: fewer than ten.
const TUPLE_PARAMETERS: usize = 7;

/// Doc comments of one or two words, in the whole workspace.
const SHORT_DOCS: usize = 0;

/// Items of `idp` that another crate can name: at most 25, in the end.
const SURFACE_OF_IDP: usize = 16;

/// Names that say too little to be the name of something in three crates.
const VAGUE: [&str; 6] = ["Place", "Step", "Answer", "Pending", "Family", "Trouble"];

/// Vague names that still are a type in three crates or more.
const VAGUE_NAMES: usize = 0;

/// One thing that is counted, with what was found.
struct Count {
    what: String,
    allowed: usize,
    found: usize,
    /// One finding a line.
    told: String,
}

impl Count {
    fn of(what: &str, allowed: usize, found: &[String]) -> Self {
        Self { what: what.to_owned(), allowed, found: found.len(), told: found.join("\n") }
    }
}

/// The crates of the workspace, each read once.
struct Workspace(Vec<(&'static str, Crate)>);

impl Workspace {
    fn read() -> Self {
        Self(CIRCLES.iter().map(|(name, _)| (*name, Crate::read(name))).collect())
    }

    fn of(&self, name: &str) -> &Crate {
        let found = self.0.iter().find(|(own, _)| *own == name);
        &found.expect("a crate of the workspace").1
    }
}

fn circle_counts(all: &Workspace) -> Vec<Count> {
    let count = |(name, allowed): &(&str, usize)| {
        let edges = circles::edges(all.of(name));
        let what = format!("files of {name} in import circles");
        let found = circles::circles(&edges).iter().map(Vec::len).sum();
        Count { what, allowed: *allowed, found, told: circles::told(&edges) }
    };
    CIRCLES.iter().map(count).collect()
}

fn busy_counts(all: &Workspace) -> Vec<Count> {
    let count = |(name, allowed): &(&str, usize)| {
        Count::of(&format!("mod.rs of {name} with code"), *allowed, &shape::busy_mod_files(all.of(name)))
    };
    BUSY_MOD_FILES.iter().map(count).collect()
}

fn gosuslugi_count(idp: &Crate) -> Count {
    let files: Vec<_> = shape::files_with_methods_of("Gosuslugi", idp).into_iter().collect();
    Count::of("files with methods of Gosuslugi", FILES_WITH_METHODS_OF_GOSUSLUGI, &files)
}

fn tuple_count(all: &Workspace) -> Count {
    let of_crate = |(name, of): &(&str, Crate)| {
        let found = shape::tuple_parameters(of).into_iter();
        found.map(|told| format!("{name}/src/{told}")).collect::<Vec<_>>()
    };
    let found: Vec<_> = all.0.iter().flat_map(of_crate).collect();
    Count::of("tuple parameters", TUPLE_PARAMETERS, &found)
}

fn doc_count() -> Count {
    let short = |(file, text): (String, String)| {
        let found = shape::short_docs(&text).into_iter();
        found.map(move |told| format!("{file}:{told}")).collect::<Vec<_>>()
    };
    let found: Vec<_> = texts().into_iter().filter(|(file, _)| is_rust(file)).flat_map(short).collect();
    Count::of("doc comments of one or two words", SHORT_DOCS, &found)
}

fn surface_count(idp: &Crate) -> Count {
    Count::of("items of idp that others can name", SURFACE_OF_IDP, &idp.surface())
}

fn vague_count() -> Count {
    let files = texts().into_iter().filter(|(file, _)| is_rust(file) && !file.starts_with("fuzz/"));
    Count::of("vague names in three crates", VAGUE_NAMES, &vague(files))
}

/// Whether a text may define a type of a vague name: not every file need be read with `syn`.
fn may_define(text: &str) -> bool {
    let words = ["enum", "struct", "trait", "type"];
    VAGUE.iter().any(|name| words.iter().any(|word| text.contains(&format!("{word} {name}"))))
}

/// Vague names that are a type in three crates or more, each with its files.
pub(super) fn vague(files: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut found = BTreeMap::<&str, Vec<String>>::new();
    for (file, text) in files.filter(|(_, text)| may_define(text)) {
        let types = shape::types_of(&text);
        for name in VAGUE.into_iter().filter(|name| types.contains(*name)) {
            found.entry(name).or_default().push(file.clone());
        }
    }
    let crates = |files: &[String]| {
        let mut names: Vec<_> = files.iter().filter_map(|file| file.split('/').next()).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    let many = found.into_iter().filter(|(_, files)| crates(files) >= 3);
    many.map(|(name, files)| format!("{name}: {}", files.join(", "))).collect()
}

/// Imports within `idp` that the design forbids: of protocols by the portal, and of one protocol by another.
pub(super) fn forbidden(edges: &Edges) -> String {
    let mut told = String::new();
    for (file, others) in edges {
        for other in others {
            let below_portal =
                file.starts_with("portal/") && ["protocols/", "grants/"].iter().any(|f| other.starts_with(f));
            let beside = matches!((protocol(file), protocol(other)), (Some(one), Some(two)) if one != two);
            if below_portal || beside {
                let _ = writeln!(told, "{file} → {other}");
            }
        }
    }
    told
}

/// The protocol whose folder a file is in; what stands in `protocols/` itself is for all of them.
fn protocol(file: &str) -> Option<&str> {
    let (name, _) = file.strip_prefix("protocols/")?.split_once('/')?;
    Some(name)
}

fn holds(counts: &[Count]) {
    let mut told = String::new();
    for count in counts.iter().filter(|count| count.found > count.allowed) {
        let _ = writeln!(told, "{}: {} found, {} allowed\n{}", count.what, count.found, count.allowed, count.told);
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn the_numbers_of_all_walls_can_be_seen() {
    let all = Workspace::read();
    let idp = all.of("idp");
    let mut counts = circle_counts(&all);
    counts.extend(busy_counts(&all));
    counts.extend([gosuslugi_count(idp), tuple_count(&all), doc_count(), surface_count(idp), vague_count()]);
    for Count { what, allowed, found, .. } in &counts {
        let lower = if found < allowed { "  (write the lower number into tests/it/tidy/walls.rs)" } else { "" };
        println!("{found:>5} of {allowed:>4}  {what}{lower}");
    }
}

#[test]
fn no_files_of_a_crate_need_each_other_in_a_circle() {
    holds(&circle_counts(&Workspace::read()));
}

#[test]
fn mod_files_declare_only() {
    holds(&busy_counts(&Workspace::read()));
}

#[test]
fn the_methods_of_gosuslugi_stand_in_one_file() {
    holds(&[gosuslugi_count(&Crate::read("idp"))]);
}

#[test]
fn parameters_are_structs_and_no_tuples() {
    holds(&[tuple_count(&Workspace::read())]);
}

#[test]
fn a_doc_comment_says_more_than_two_words() {
    holds(&[doc_count()]);
}

#[test]
fn few_items_of_idp_can_be_named_by_others() {
    holds(&[surface_count(&Crate::read("idp"))]);
}

#[test]
fn a_vague_name_is_not_a_type_in_three_crates() {
    holds(&[vague_count()]);
}

#[test]
fn the_portal_knows_no_protocol_and_no_protocol_another() {
    let found = forbidden(&circles::edges(&Crate::read("idp")));
    let found: Vec<_> = found.lines().map(str::to_owned).collect();
    holds(&[Count::of("imports that portal and protocols must not have", FORBIDDEN_IMPORTS, &found)]);
}
