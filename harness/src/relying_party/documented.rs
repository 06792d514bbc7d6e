//! The documented refusals and icons, looked up by the texts that scenarios quote.

use diary::{Profile, Text};

use crate::browser::{has_words, normal};

/// Texts of the documented diary in some profiles.
#[derive(Debug, Clone)]
pub struct Documented {
    /// Refusals by name, with their texts.
    refusals: Vec<(String, Text)>,
    /// Titles of the icon that opens the diary.
    icons: Vec<String>,
}

impl Documented {
    /// Collects the texts of these built-in profiles; unknown names are skipped.
    pub fn of(profiles: &[String]) -> Self {
        let (mut refusals, mut icons) = (Vec::new(), Vec::new());
        for profile in profiles.iter().filter_map(|name| Profile::built_in(name).ok()) {
            refusals.extend(profile.texts.clone());
            icons.push(normal(&profile.icon));
        }
        Self { refusals, icons }
    }

    /// Checks whether a text is the title of the icon that opens the diary.
    pub fn is_icon(&self, text: &str) -> bool {
        self.icons.contains(&normal(text))
    }

    /// Returns the names of the refusals whose heading equals the text.
    pub fn headed(&self, text: &str) -> Vec<&str> {
        let text = normal(text);
        self.names(|words| normal(&words.text) == text)
    }

    /// Returns the names of the refusals whose heading, reason or next step contains the text.
    pub fn saying(&self, text: &str) -> Vec<&str> {
        let text = normal(text);
        self.names(|words| {
            [&words.text, &words.reason, &words.next_step].iter().any(|own| has_words(&normal(own), &text))
        })
    }

    fn names(&self, fits: impl Fn(&Text) -> bool) -> Vec<&str> {
        self.refusals.iter().filter(|(_, words)| fits(words)).map(|(name, _)| name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_found_by_its_heading_or_by_a_part_of_what_it_says() {
        let documented = Documented::of(&["ryazan".to_owned()]);
        let names = documented.headed("Для входа в дневник нужно согласие одного из родителей");
        assert_eq!(names, ["consent-just-granted", "consent-not-asked", "consent-of-guardian-needed"]);
        assert_eq!(documented.saying("Согласия уже запрошены автоматически"), ["consent-of-guardian-needed"]);
        assert!(documented.headed("Для входа в дневник").is_empty() && documented.saying("слон").is_empty());
    }
}
