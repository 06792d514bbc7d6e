//! Where a person goes back to: an address that came with a request.

use url::Url;

/// A path of the same world, with query and fragment, as a browser will read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Parses what was given as a browser does, joined with an address of this server; `None` when it leads away from
    /// here, or holds what a browser would take out before it parses.
    pub fn parse(given: &str) -> Option<Self> {
        if !given.starts_with('/') || given.chars().any(char::is_control) {
            return None;
        }
        let here = Url::parse("http://stand.invalid/").ok()?;
        let there = here.join(given).ok()?;
        let path = there.as_str().strip_prefix("http://stand.invalid")?;
        // `/.//evil.example` is a path here, and would be a host when it is read once more.
        let is_stable = here.join(path).is_ok_and(|again| again == there);
        is_stable.then(|| Self(path.to_owned()))
    }

    /// The same, or another path where it leads away.
    pub fn or(given: &str, otherwise: &'static str) -> String {
        Self::parse(given).map_or_else(|| otherwise.to_owned(), |inside| inside.0)
    }

    /// The path with its query.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_this_world_is_returned_to() {
        for away in [
            "",
            "lk",
            "//evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "\t//evil.example",
            "/\\evil.example",
            "/\t\\evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/a/..//evil.example",
            "/%2e%2e//evil.example",
            "/lk\u{0}",
            "/lk\u{7f}",
            "/lk\u{85}",
            "http://evil.example/",
            "http:evil.example",
            "javascript:alert(1)",
            " /lk",
            "https://stand.invalid/",
            "http://stand.invalid/",
        ] {
            assert_eq!(ReturnTo::parse(away), None, "{away:?}");
            assert_eq!(ReturnTo::or(away, "/lk"), "/lk", "{away:?}");
        }
        for (given, read) in [
            ("/", "/"),
            ("/lk/family", "/lk/family"),
            ("/aas/oauth2/continue?request=1&x=%2F%2F", "/aas/oauth2/continue?request=1&x=%2F%2F"),
            ("/lk?next=http://evil.example/", "/lk?next=http://evil.example/"),
            ("/lk/../family", "/family"),
            ("/../../w/other", "/w/other"),
            ("/семья", "/%D1%81%D0%B5%D0%BC%D1%8C%D1%8F"),
            ("/lk#часть", "/lk#%D1%87%D0%B0%D1%81%D1%82%D1%8C"),
            ("/a//b", "/a//b"),
            ("/@evil.example", "/@evil.example"),
        ] {
            assert_eq!(ReturnTo::parse(given).as_ref().map(ReturnTo::as_str), Some(read), "{given}");
        }
    }
}
