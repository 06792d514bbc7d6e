//! The reference in the repository is the one that the code generates.

use std::{fs, path::Path};

use clap::CommandFactory as _;

use super::{ReferencePage, pages};
use crate::{cli::program::Cli, language::in_english};

async fn now() -> Vec<ReferencePage> {
    pages(&Cli::command()).await.unwrap()
}

fn differing(language: &str, now: &[ReferencePage]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src").join(language);
    let published = |page: &ReferencePage| fs::read_to_string(folder.join(page.name).with_extension("md")).ok();
    now.iter().filter(|page| published(page).as_ref() != Some(&page.text)).map(|page| page.name.to_owned()).collect()
}

#[tokio::test]
async fn the_reference_in_the_repository_is_what_the_code_says_in_russian() {
    assert_eq!(differing("ru", &now().await), Vec::<String>::new(), "scripts/docs --reference writes it");
}

#[test]
fn the_reference_in_the_repository_is_what_the_code_says_in_english() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let now = in_english(|| runtime.block_on(now()));
    assert_eq!(differing("en", &now), Vec::<String>::new(), "scripts/docs --reference writes it");
}
