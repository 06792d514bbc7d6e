//! Profiles of the diary: built-in ones by name, and files of a team, read with the place of each mistake.

use std::{fmt::Write as _, path::Path};

use diary::{Profile, ProfileSeed, profile_names};
use serde_json::{Map, Value};
use worlds::SeedError;

use super::{
    Diagnostic, File,
    content::of_content,
    nearest,
    places::{Places, START},
    written::as_written,
    yaml,
};
use crate::language::pick;

/// Path of the profile in a seed.
const AT: &str = "diary.profile";

/// Reads the profile that `--profile` names: a built-in one, or a file.
///
/// # Errors
/// Fails if there is neither such a profile nor such a file; returns the mistakes of the file with their places.
pub fn read(named: &str) -> Result<ProfileSeed, Vec<Diagnostic>> {
    if profile_names().any(|known| known == named) {
        return Ok(ProfileSeed::Named(named.to_owned()));
    }
    let file = File::read(Path::new(named)).map_err(|wrong| {
        let near = nearest(named, profile_names()).map(str::to_owned);
        vec![wrong.or(near.or_else(|| Some(profile_names().collect::<Vec<_>>().join(", "))))]
    })?;
    of_file(&file)
}

/// Reads and checks a profile file.
fn of_file(file: &File) -> Result<ProfileSeed, Vec<Diagnostic>> {
    let told = |error: serde_saphyr::Error| vec![yaml::told(file, &error)];
    let places = Places::of(&file.text).map_err(told)?;
    let mut own: Value = serde_saphyr::from_str(&file.text).map_err(told)?;
    let schema = serde_json::to_value(diary::profile_schema()).unwrap_or_default();
    as_written(&mut own, &schema, &places, &file.text);
    let own: Map<String, Value> =
        serde_json::from_value(own).map_err(|error| vec![yaml::in_words(file, START, &error.to_string())])?;
    let profile = ProfileSeed::Own(own);
    profile.check().map_err(|SeedError { path, message }| {
        let path = path.trim_start_matches(AT).trim_start_matches('.').to_owned();
        vec![of_content(file, &places, &SeedError { path, message })]
    })?;
    Ok(profile)
}

/// Replaces the profile file that a seed names (`profile: mine.yaml`, in the seed's folder) by its content, because
/// servers do not read files that a seed names.
///
/// # Errors
/// Fails like [`read`].
pub fn inline(seed: &str, document: &mut Value) -> Result<(), Vec<Diagnostic>> {
    let Some(named) = document.pointer("/diary/profile").and_then(Value::as_str) else { return Ok(()) };
    let is_file = Path::new(named).extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    if !is_file {
        return Ok(());
    }
    let path = Path::new(seed).parent().unwrap_or(Path::new("")).join(named);
    let profile = of_file(&File::read(&path).map_err(|wrong| vec![wrong])?)?;
    if let (Some(place), Ok(own)) = (document.pointer_mut("/diary/profile"), serde_json::to_value(profile)) {
        *place = own;
    }
    Ok(())
}

/// Returns a complete profile as text of a YAML file that a team can copy and change.
///
/// # Errors
/// Fails like [`read`].
pub fn whole(named: &str) -> Result<String, Vec<Diagnostic>> {
    let seed = read(named)?;
    let wrong = |error: String| vec![Diagnostic::of_file(named, error)];
    let profile = Profile::whole(&seed).map_err(|error| wrong(error.to_string()))?;
    let text = serde_saphyr::to_string(&*profile).map_err(|error| wrong(error.to_string()))?;
    let head = pick(
        "# Профиль дневника целиком. Скопируйте, измените и запустите: esia-stand run --profile ФАЙЛ\n\
         # Что поля значат: esia-stand profile --schema. С полем like: ИМЯ хватает того, что отличается.\n",
        "# A whole profile of the diary. Copy it, change it, and run: esia-stand run --profile FILE\n\
         # What the fields mean: esia-stand profile --schema. With like: NAME, what differs is enough.\n",
    );
    Ok(format!("{head}{text}"))
}

/// Returns names and titles of the built-in profiles, one per line.
pub fn list() -> String {
    profile_names().fold(String::new(), |mut text, name| {
        let title = Profile::built_in(name).map(|profile| profile.title.clone()).unwrap_or_default();
        let _ = writeln!(text, "{name:<12} {title}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let file = File { name: "mine.yaml".to_owned(), text: text.to_owned() };
        let wrong = of_file(&file).err().unwrap_or_default();
        wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_mistake_in_a_file_has_its_line_its_field_and_what_was_meant() {
        insta::assert_snapshot!(told("like: kuzbass\nsign-in:\n  famlies: {passwords: never}\n"), @r"
        mine.yaml:3:12: sign-in.famlies: поля «famlies» здесь не бывает
          может быть: families
        ");
        insta::assert_snapshot!(told("like: kuzbass\nmatching:\n  pupil:\n    - name\n    - birth-dat\n"), @r"
        mine.yaml:5:7: matching.pupil[1]: значения «birth-dat» здесь не бывает
          может быть: birth-date
        ");
        insta::assert_snapshot!(told("texts:\n  child-not-fond: {text: а, reason: б, next-step: в}\n"), @r"
        mine.yaml:2:19: texts.child-not-fond: поля «child-not-fond» здесь не бывает
          может быть: child-not-found
        ");
        insta::assert_snapshot!(told("like: kuzbas\n"), @"mine.yaml:1:7: like: профиля «kuzbas» нет; есть kaliningrad, kuzbass, memo, orenburg, ryazan");
        insta::assert_snapshot!(told("scopes: [fullname]\n"), @"mine.yaml:1:9: scopes: нужны хотя бы openid и snils");
    }

    #[test]
    fn what_is_printed_of_a_profile_is_that_profile() {
        for name in profile_names() {
            let file = File { name: name.to_owned(), text: whole(name).unwrap() };
            let read = Profile::whole(&of_file(&file).unwrap()).unwrap();
            assert_eq!(read, Profile::built_in(name).unwrap(), "{name}");
        }
    }
}
