//! A file that a person downloads.

use percent_encoding::percent_decode_str;
use url::Url;

/// A downloaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its name, as the server gives it, or as its address ends.
    pub name: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// What is in it, as text.
    pub text: String,
}

impl Download {
    /// A file that was found at an address, with what the answer says of its name.
    pub(super) fn of(url: &Url, status: u16, text: String, disposition: Option<&str>) -> Self {
        let of_address = || url.path_segments().and_then(|mut parts| parts.next_back()).map(decoded);
        let name = disposition.and_then(named).or_else(of_address).unwrap_or_default();
        Self { name, status, text }
    }
}

/// The name in `Content-Disposition` (RFC 6266): `filename*` in its own encoding is preferred.
fn named(disposition: &str) -> Option<String> {
    let parameter = |name: &str| {
        disposition.split(';').find_map(|part| {
            let (own, value) = part.split_once('=')?;
            own.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = parameter("filename*").and_then(|value| Some(decoded(value.splitn(3, '\'').nth(2)?)));
    extended.or_else(|| parameter("filename"))
}

/// A text whose bytes are written as `%D0`.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_the_answer_says_or_as_its_address_ends() {
        let name = |url: &str, disposition: Option<&str>| {
            Download::of(&url.parse().unwrap(), 200, String::new(), disposition).name
        };
        assert_eq!(name("http://a.test/x/%D0%BC%D0%B0%D0%B9+1.csv?y=1", None), "май+1.csv");
        assert_eq!(name("http://a.test/x", Some("attachment; filename=\"report.csv\"")), "report.csv");
        assert_eq!(
            name("http://a.test/x", Some("attachment; filename=a.csv; filename*=UTF-8''%D0%BC%D0%B0%D0%B9.csv")),
            "май.csv"
        );
        assert_eq!(name("http://a.test/x", Some("inline")), "x");
    }
}
