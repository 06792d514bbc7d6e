//! Files that a person downloads.

use percent_encoding::percent_decode_str;
use url::Url;

/// Downloaded file with its name and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Name of the file from `Content-Disposition`, or else the last segment of its URL.
    pub name: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// Content of the file as text.
    pub text: String,
}

impl Download {
    /// File from a response: its URL, status, text and `Content-Disposition`.
    pub(super) fn of(url: &Url, status: u16, text: String, disposition: Option<&str>) -> Self {
        let of_address = || url.path_segments().and_then(|mut parts| parts.next_back()).map(decoded);
        let name = disposition.and_then(named).or_else(of_address).unwrap_or_default();
        Self { name, status, text }
    }
}

/// Reads the name in `Content-Disposition` (RFC 6266); `filename*`, which has its own encoding, is preferred.
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

/// Decodes percent-encoded bytes like `%D0`.
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
