//! Each wall is proved by an example that breaks it.

use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::{circles, code::Crate, shape, walls};

fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
}

fn of(all: &[(&str, &str)]) -> Crate {
    Crate::of(&files(all))
}

fn circles_of(all: &[(&str, &str)]) -> String {
    circles::told(&circles::edges(&of(all)))
}

#[test]
fn a_circle_is_found_through_a_re_export_and_within_a_macro() {
    assert_snapshot!(circles_of(&[
        ("lib.rs", "mod plan; mod run;"),
        ("plan/mod.rs", "mod step; pub use step::Step;"),
        ("plan/step.rs", "use crate::run::go; pub struct Step;"),
        ("run.rs", r#"pub fn go() { println!("{}", crate::plan::Step::size(&1)); }"#),
    ]), @"
    2 files need each other:
      plan/step.rs → run.rs → plan/step.rs
    ");
}

#[test]
fn a_circle_is_found_through_parents_globs_and_renamed_imports() {
    assert_snapshot!(circles_of(&[
        ("lib.rs", "mod one; mod two; mod three;"),
        ("one.rs", "use super::two::{self as other, B}; pub struct A(B);"),
        ("two.rs", "pub use crate::three::*; pub struct B(C);"),
        ("three.rs", "pub struct C; impl C { fn a(&self) -> super::one::A { todo() } }"),
    ]), @"
    3 files need each other:
      one.rs → two.rs → three.rs → one.rs
    ");
}

#[test]
fn declaring_re_exporting_and_testing_is_no_circle() {
    assert_snapshot!(circles_of(&[
        ("lib.rs", "mod rooms; mod other;"),
        ("rooms/mod.rs", "mod one; #[cfg(test)] mod tests; pub use one::One;"),
        ("rooms/one.rs", "pub struct One; #[cfg(test)] mod inside { use crate::other::Other; }"),
        ("rooms/tests.rs", "use super::One; use crate::other::Other;"),
        ("other.rs", "use crate::rooms::One; pub struct Other(One);"),
    ]), @"");
}

#[test]
fn what_the_portal_and_protocols_must_not_import_is_found() {
    let idp = of(&[
        ("lib.rs", "mod portal; mod protocols; mod grants;"),
        ("portal/mod.rs", "mod people; pub use people::Person;"),
        ("portal/people.rs", "use crate::{grants::Grant, protocols::oidc::Claims}; pub struct Person(Grant, Claims);"),
        ("grants/mod.rs", "mod grant; pub use grant::Grant;"),
        ("grants/grant.rs", "pub struct Grant;"),
        ("protocols/mod.rs", "pub mod esia; pub mod oidc; pub struct Wire;"),
        ("protocols/esia/mod.rs", "use super::{Wire, oidc::Claims}; use crate::portal::Person;"),
        ("protocols/oidc/mod.rs", "mod claims; pub use claims::Claims;"),
        ("protocols/oidc/claims.rs", "use crate::portal::Person; pub struct Claims;"),
    ]);
    assert_snapshot!(walls::forbidden(&circles::edges(&idp)), @"
    portal/people.rs → grants/grant.rs
    portal/people.rs → protocols/oidc/claims.rs
    protocols/esia/mod.rs → protocols/oidc/claims.rs
    ");
}

#[test]
fn a_tuple_parameter_is_found_outside_of_tests() {
    let of = of(&[(
        "lib.rs",
        "fn plain(a: u8, pair: &(u8, u8)) {}\nfn two((a, b): (u8, u8), &(c, _): &(u8, u8)) {}\n\
         trait T { fn of(&self, (a, b): (u8, u8)); }\nimpl X { fn own((a, b): (u8, u8)) {} }\n\
         #[cfg(test)] mod tests { fn in_test((a, b): (u8, u8)) {} }\n#[test] fn test((a, b): (u8, u8)) {}",
    )]);
    assert_eq!(shape::tuple_parameters(&of), ["lib.rs: two", "lib.rs: two", "lib.rs: of", "lib.rs: own"]);
}

#[test]
fn a_doc_comment_of_one_or_two_words_is_found() {
    let text = "//! Whole file\n/// The same.\nstruct A;\n/// Same,\n/// longer than that.\nstruct B {\n    /// Its id.\n    \
                id: u8,\n    // No doc\n    //// no doc\n}\n";
    assert_eq!(shape::short_docs(text), ["2: The same.", "7: Its id."]);
}

#[test]
fn code_in_a_mod_file_is_found() {
    let of = of(&[
        ("lib.rs", "mod a; mod b; fn main() {}"),
        ("a/mod.rs", "mod c; pub use c::C; const LIMIT: u8 = 1; #[cfg(test)] fn helper() {}"),
        ("a/c.rs", "pub struct C;"),
        ("b/mod.rs", "//! Both.\nstruct B;\nimpl B {}"),
    ]);
    assert_eq!(shape::busy_mod_files(&of), ["b/mod.rs: 2 items"]);
}

#[test]
fn the_files_with_methods_of_a_type_are_found() {
    let of = of(&[
        ("lib.rs", "mod a; mod b; pub struct Gosuslugi; impl Gosuslugi {}"),
        ("a.rs", "use crate::Gosuslugi; impl Clone for Gosuslugi {}"),
        ("b.rs", "impl crate::Gosuslugi { fn more(&self) {} }"),
    ]);
    let files: Vec<_> = shape::files_with_methods_of("Gosuslugi", &of).into_iter().collect();
    assert_eq!(files, ["b.rs", "lib.rs"]);
}

#[test]
fn what_another_crate_can_name_is_found_once() {
    let of = of(&[
        (
            "lib.rs",
            "pub mod open; mod closed; pub use closed::{Told, helper}; pub use url::Url; pub(crate) struct Own;",
        ),
        (
            "open.rs",
            "pub use crate::closed::Told; pub fn ask() {} fn own() {} pub struct Asked; impl Asked { pub fn id() {} }",
        ),
        ("closed.rs", "pub struct Told; pub fn helper() {} pub struct Hidden;"),
    ]);
    assert_eq!(of.surface(), ["closed.rs::Told", "closed.rs::helper", "open.rs::Asked", "open.rs::ask", "url::Url"]);
}

#[test]
fn a_vague_name_in_three_crates_is_found() {
    let all = files(&[
        ("idp/src/a.rs", "struct Step; mod tests { enum Place {} }"),
        ("idp/src/b.rs", "struct Step;"),
        ("diary/src/a.rs", "fn of() { struct Place; } type Step = u8;"),
        ("web/src/a.rs", "trait Place {} struct Steps;"),
    ]);
    assert_eq!(walls::vague(all.into_iter()), ["Place: diary/src/a.rs, idp/src/a.rs, web/src/a.rs"]);
}
