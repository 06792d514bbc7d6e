//! Files of known differences between two recordings: reading and checking them, each mistake with its place.

use std::path::Path;

use super::{Diagnostic, File, content::of_content, places::Places, yaml};
use crate::diff::{KnownDifference, mistakes};

/// Reads a file of known differences.
///
/// # Errors
/// Returns the mistakes of the file, each with its place.
pub fn read(path: &Path) -> Result<Vec<KnownDifference>, Vec<Diagnostic>> {
    of_file(&File::read(path).map_err(|wrong| vec![wrong])?)
}

fn of_file(file: &File) -> Result<Vec<KnownDifference>, Vec<Diagnostic>> {
    let told = |error: serde_saphyr::Error| vec![yaml::told(file, &error)];
    let places = Places::of(&file.text).map_err(told)?;
    let known: Vec<KnownDifference> = serde_saphyr::from_str(&file.text).map_err(told)?;
    let wrong: Vec<_> = mistakes(&known).iter().map(|mistake| of_content(file, &places, mistake)).collect();
    if wrong.is_empty() { Ok(known) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn told(text: &str) -> String {
        let wrong = of_file(&File { name: "k.yaml".to_owned(), text: text.to_owned() }).unwrap_err();
        wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_field() {
        let one = "- {id: token.lifetime, reason: так у них, owner: Анна, date: 2026-11-30}\n";
        assert_eq!(of_file(&File { name: "k.yaml".to_owned(), text: one.to_owned() }).unwrap()[0].owner, "Анна");
        assert_snapshot!(told(&one.replace("owner: Анна, ", "")), @"k.yaml:1:43: не хватает поля «owner»");
        assert_snapshot!(told(&one.replace("owner: Анна", "owner: ''")), @"k.yaml:1:50: [0].owner: пусто");
        assert_snapshot!(told(&one.replace("2026-11-30", "30.11.2026")), @"k.yaml:1:62: [0].date: «30.11.2026» — не день: пишут 2024-09-02");
        assert_snapshot!(told(&one.repeat(2)), @"k.yaml:2:8: [1].id: отличие «token.lifetime» здесь уже названо");
        assert_snapshot!(told(&one.replace("owner", "who")), @"
        k.yaml:1:43: поля «who» здесь не бывает
          может быть: id, reason, owner, date
        ");
    }
}
