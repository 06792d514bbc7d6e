//! Mistakes in a `redirect_uri` that is not registered: the difference from the nearest registered address.

use url::Url;
use worlds::mistakes::named;

/// Names the difference of an address from the nearest address registered for OpenID Connect, which compares whole
/// addresses.
pub(crate) fn whole(registered: &[String], asked: &str) -> String {
    if let Some(slip) = super::value::slip("redirect_uri", asked, |inner| registered.iter().any(|one| one == inner)) {
        return slip.replace("parameter-case", "redirect-case").replace("redirect-case=redirect_uri", "redirect-case");
    }
    if registered.iter().any(|one| one.eq_ignore_ascii_case(asked)) {
        return "redirect-case".to_owned();
    }
    let Ok(url) = Url::parse(asked) else { return "redirect-not-absolute".to_owned() };
    let differences = registered.iter().filter_map(|one| differences(&Url::parse(one).ok()?, &url));
    match differences.min_by_key(Vec::len).as_deref() {
        Some([one]) => one.clone(),
        Some([one, another]) if one.starts_with("redirect-scheme") && another == "redirect-port" => one.clone(),
        _ => named("redirect-unregistered", asked),
    }
}

/// Names all differences of two addresses; `None` if there are none.
fn differences(right: &Url, asked: &Url) -> Option<Vec<String>> {
    let mut found = Vec::new();
    if right.scheme() != asked.scheme() {
        found.push(named("redirect-scheme", asked.scheme()));
    }
    if right.host_str() != asked.host_str() {
        found.push(named("redirect-host", asked.host_str().unwrap_or_default()));
    }
    if right.port_or_known_default() != asked.port_or_known_default() {
        found.push("redirect-port".to_owned());
    }
    if right.path() != asked.path() {
        let is_slash = right.path().trim_end_matches('/') == asked.path().trim_end_matches('/');
        found.push(if is_slash { "redirect-slash" } else { "redirect-path" }.to_owned());
    }
    if right.query() != asked.query() {
        let is_answer = asked.query_pairs().any(|(name, _)| matches!(&*name, "code" | "error"));
        found.push(if is_answer { "redirect-with-answer" } else { "redirect-query" }.to_owned());
    }
    if asked.fragment().is_some() {
        found.push("redirect-fragment".to_owned());
    }
    (!found.is_empty()).then_some(found)
}

/// Names the reason why an address does not match the domains registered for ЕСИА, which compares domains.
pub(crate) fn domain(domains: &[String], asked: &str) -> String {
    let is_registered = |text: &str| {
        let is_clean = !text.contains(|sign: char| sign.is_ascii_control()) && text.trim() == text;
        let url =
            Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
        is_clean && url.is_some_and(|url| url.host_str().is_some_and(|host| domains.iter().any(|one| one == host)))
    };
    if let Some(slip) = super::value::slip("redirect_uri", asked, is_registered) {
        return slip;
    }
    let Ok(url) = Url::parse(asked) else { return "redirect-not-absolute".to_owned() };
    if asked.contains(|sign: char| sign.is_ascii_control()) {
        return named("parameter-blanks", "redirect_uri");
    }
    if !matches!(url.scheme(), "http" | "https") {
        return named("redirect-scheme", url.scheme());
    }
    if url.fragment().is_some() {
        return "redirect-fragment".to_owned();
    }
    let host = url.host_str().unwrap_or_default();
    let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
    let is_local = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let is_near =
        |one: &String| bare(one) == bare(host) || is_local(one) && is_local(host) || host.ends_with(&format!(".{one}"));
    named(if domains.iter().any(is_near) { "redirect-host" } else { "redirect-unregistered" }, host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_address_is_compared_part_by_part() {
        let registered = ["https://rp.example/cb".to_owned(), "http://127.0.0.1/callback?a=1".to_owned()];
        let check = |asked: &str, expected: &str| assert_eq!(whole(&registered, asked), expected, "{asked}");
        check("https://rp.example/cb/", "redirect-slash");
        check("http://rp.example/cb", "redirect-scheme=http");
        check("https://rp.example:8443/cb", "redirect-port");
        check("https://www.rp.example/cb", "redirect-host=www.rp.example");
        check("https://rp.example/callback", "redirect-path");
        check("https://rp.example/cb?x=1", "redirect-query");
        check("https://rp.example/cb?code=1&state=2", "redirect-with-answer");
        check("https://rp.example/cb#a", "redirect-fragment");
        check("https://RP.example/cb", "redirect-case");
        check("HTTPS://RP.EXAMPLE/CB", "redirect-case");
        check("https%3A%2F%2Frp.example%2Fcb", "parameter-encoded-twice=redirect_uri");
        check("https://rp.example/cb ", "parameter-blanks=redirect_uri");
        check("/cb", "redirect-not-absolute");
        check("https://evil.example/x", "redirect-unregistered=https://evil.example/x");
        check("undefined", "parameter-placeholder=redirect_uri");
    }

    #[test]
    fn a_domain_is_compared_with_those_that_are_registered() {
        let domains = ["rp.example".to_owned(), "127.0.0.1".to_owned()];
        let check = |asked: &str, expected: &str| assert_eq!(domain(&domains, asked), expected, "{asked}");
        check("https://www.rp.example/cb", "redirect-host=www.rp.example");
        check("http://localhost:3000/cb", "redirect-host=localhost");
        check("https://evil.example/", "redirect-unregistered=evil.example");
        check("app://rp.example/", "redirect-scheme=app");
        check("rp.example/cb", "redirect-not-absolute");
        check("https://rp.example/cb#x", "redirect-fragment");
        check("https%3A%2F%2Frp.example%2Fcb", "parameter-encoded-twice=redirect_uri");
    }
}
