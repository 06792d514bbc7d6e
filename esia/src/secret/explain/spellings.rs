use url::Url;

use super::{super::Field, encoding::Encoding, slip::Spelling, times::times};

/// What programs write where there is nothing.
const PLACEHOLDERS: [&str; 17] = [
    "undefined",
    "None",
    "null",
    "",
    "nil",
    "NULL",
    "Null",
    "<nil>",
    "NaN",
    "[object Object]",
    "[object Promise]",
    "%!s(<nil>)",
    "%!s(MISSING)",
    "false",
    "0",
    "{}",
    "[]",
];
const LIKELY_PLACEHOLDERS: usize = 3;
/// More scopes than this are not tried in every order.
const MAX_PERMUTED_SCOPES: usize = 4;

/// A value as it may have been signed, and whether that is likely.
pub(super) type Spelled = (Spelling, String, bool);

/// The ways in which clients sign a value otherwise than they send it: each text once, none as it is sent.
pub(super) fn spellings(field: Field, sent: &str) -> Vec<Spelled> {
    let own = match field {
        Field::Timestamp => times(sent),
        Field::Scope | Field::ScopeOrg => scopes(sent),
        Field::RedirectUri => addresses(sent),
        Field::State => states(sent),
        _ => Vec::new(),
    };
    let mut known = std::collections::HashSet::from([sent.to_owned()]);
    let all = own.into_iter().chain(encodings(sent)).chain(ends(field, sent)).chain(placeholders(field, sent));
    all.filter(|(_, signed, _)| known.insert(signed.clone())).collect()
}

fn encodings(sent: &str) -> Vec<Spelled> {
    let once = Encoding::ALL.map(|how| (Spelling::Encoded(how), how.encode(sent), true));
    let twice = [Encoding::Form, Encoding::Percent, Encoding::Component, Encoding::Html]
        .map(|how| (Spelling::EncodedTwice, how.encode(&how.encode(sent)), false));
    let mut decoded = url::form_urlencoded::parse(sent.as_bytes()).map(|(name, value)| match &*value {
        "" => name.into_owned(),
        value => format!("{name}={value}"),
    });
    let decoded = decoded.next().map(|first| decoded.fold(first, |all, next| format!("{all}&{next}")));
    let kept_plus = sent.replace('+', "%2B");
    let percent = url::form_urlencoded::parse(kept_plus.as_bytes()).next().map(|(name, _)| name.into_owned());
    let decoded = decoded.into_iter().chain(percent.filter(|_| !sent.contains(['=', '&'])));
    let escaped = sent.contains('/').then(|| (Spelling::Encoded(Encoding::JsonSlash), sent.replace('/', "\\/"), false));
    once.into_iter().chain(twice).chain(decoded.map(|text| (Spelling::Decoded, text, false))).chain(escaped).collect()
}

fn ends(field: Field, sent: &str) -> Vec<Spelled> {
    let mut all = vec![
        (Spelling::Trimmed, sent.trim().to_owned(), true),
        (Spelling::Trimmed, sent.split_whitespace().collect::<String>(), true),
        (Spelling::Case, sent.to_uppercase(), true),
        (Spelling::Case, sent.to_lowercase(), true),
    ];
    let around = [
        ("", "\n"),
        ("", "\r\n"),
        ("", " "),
        (" ", ""),
        ("\u{feff}", ""),
        ("", "\0"),
        ("", "\u{a0}"),
        ("\n", ""),
        ("", "\t"),
        ("", "="),
    ];
    let ends = around.iter().enumerate();
    all.extend(ends.map(|(at, (before, after))| (Spelling::Ends, format!("{before}{sent}{after}"), at < 3)));
    let quotes =
        [("\"", "\""), ("'", "'"), ("«", "»"), ("b'", "'"), ("u'", "'"), ("Optional(", ")"), ("Some(\"", "\")")];
    all.extend(quotes.map(|(open, close)| (Spelling::Quoted, format!("{open}{sent}{close}"), false)));
    let brackets = [("[", "]"), ("['", "']"), ("[\"", "\"]"), ("{", "}"), ("(", ")"), ("<", ">")];
    all.extend(brackets.map(|(open, close)| (Spelling::Punctuation, format!("{open}{sent}{close}"), false)));
    if field != Field::State {
        all.push((Spelling::Punctuation, sent.replace('-', ""), false));
    }
    all
}

fn placeholders(field: Field, sent: &str) -> Vec<Spelled> {
    let name = field.name();
    let words = PLACEHOLDERS.iter().enumerate();
    let words = words.map(|(at, word)| ((*word).to_owned(), at < LIKELY_PLACEHOLDERS));
    let names = [
        name.to_owned(),
        format!("{{{name}}}"),
        format!("${{{name}}}"),
        format!("{{{{{name}}}}}"),
        format!("${name}"),
        format!(":{name}"),
        format!("%{name}%"),
        format!("<{name}>"),
        format!("{sent},{sent}"),
    ];
    let all = words.chain(names.into_iter().map(|word| (word, false))).filter(|(word, _)| !word.is_empty());
    all.map(|(word, is_likely)| (Spelling::Placeholder, word, is_likely)).collect()
}

fn states(sent: &str) -> Vec<Spelled> {
    let plain = sent.replace('-', "");
    let mut all =
        vec![(Spelling::Punctuation, plain.clone(), true), (Spelling::Punctuation, format!("{{{sent}}}"), true)];
    if sent.len() == 32 && sent.is_ascii() {
        let dashed = [&sent[..8], &sent[8..12], &sent[12..16], &sent[16..20], &sent[20..]].join("-");
        all.push((Spelling::Punctuation, dashed, true));
    }
    let bare = sent.trim_matches(['{', '}', '(', ')']);
    all.push((Spelling::Punctuation, bare.to_owned(), false));
    all.push((Spelling::Punctuation, format!("urn:uuid:{sent}"), false));
    all.push((Spelling::Case, plain.to_uppercase(), false));
    all.push((Spelling::Case, format!("{{{}}}", sent.to_uppercase()), false));
    all
}

fn scopes(sent: &str) -> Vec<Spelled> {
    let names: Vec<&str> = sent.split_whitespace().collect();
    let mut all: Vec<Spelled> = Vec::new();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    all.push((Spelling::ScopeOrder, sorted.join(" "), true));
    sorted.reverse();
    all.push((Spelling::ScopeOrder, sorted.join(" "), false));
    all.push((Spelling::ScopeOrder, names.iter().rev().copied().collect::<Vec<_>>().join(" "), true));
    if names.len() <= MAX_PERMUTED_SCOPES {
        all.extend(permutations(&names).into_iter().map(|names| (Spelling::ScopeOrder, names.join(" "), false)));
    }
    for at in 0..names.len() {
        let mut moved = names.clone();
        let one = moved.remove(at);
        all.push((Spelling::ScopeSet, moved.join(" "), true));
        // One scope moved to the front or to the end.
        all.push((Spelling::ScopeOrder, [&[one], moved.as_slice()].concat().join(" "), false));
        all.push((Spelling::ScopeOrder, [moved.as_slice(), &[one]].concat().join(" "), false));
        all.push((Spelling::ScopeSet, one.to_owned(), false));
    }
    let likely = [",", "", ", "];
    let others = ["  ", ";", "\n", "&", "|", "\u{a0}", "\t"];
    let separators = likely.map(|one| (one, true)).into_iter().chain(others.map(|one| (one, false)));
    all.extend(separators.map(|(one, is_likely)| (Spelling::ScopeSeparator, names.join(one), is_likely)));
    all.push((Spelling::ScopeSet, format!("openid {sent}"), true));
    all.push((Spelling::ScopeSet, format!("{sent} openid"), false));
    let mut once: Vec<&str> = Vec::new();
    for name in &names {
        if !once.contains(name) {
            once.push(name);
        }
    }
    all.push((Spelling::ScopeSet, once.join(" "), false));
    let bare: Vec<&str> = names.iter().filter_map(|name| name.split('?').next()).collect();
    all.push((Spelling::ScopeSet, bare.join(" "), false));
    let quoted = |quote: char, between: &str| {
        let each: Vec<_> = names.iter().map(|name| format!("{quote}{name}{quote}")).collect();
        format!("[{}]", each.join(between))
    };
    all.extend(
        [quoted('"', ","), quoted('\'', ", "), quoted('"', ", ")].map(|text| (Spelling::ScopeSeparator, text, false)),
    );
    all
}

/// Every order of a few things.
pub(super) fn permutations<T: Copy>(all: &[T]) -> Vec<Vec<T>> {
    if all.len() <= 1 {
        return vec![all.to_vec()];
    }
    let each = all.iter().enumerate().flat_map(|(at, first)| {
        let rest = [&all[..at], &all[at + 1..]].concat();
        permutations(&rest).into_iter().map(move |rest| [&[*first], rest.as_slice()].concat())
    });
    each.collect()
}

fn addresses(sent: &str) -> Vec<Spelled> {
    let mut all = vec![
        (Spelling::Slash, sent.strip_suffix('/').unwrap_or(sent).to_owned(), true),
        (Spelling::Slash, format!("{sent}/"), true),
    ];
    let swapped = sent.strip_prefix("https://").map(|rest| format!("http://{rest}"));
    let swapped = swapped.or_else(|| sent.strip_prefix("http://").map(|rest| format!("https://{rest}")));
    all.extend(swapped.map(|text| (Spelling::Scheme, text, true)));
    let Ok(url) = Url::parse(sent) else { return all };
    let (scheme, host) = (url.scheme(), url.host_str().unwrap_or_default());
    let rest = sent.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
    let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let default = if scheme == "https" { 443 } else { 80 };
    all.push((Spelling::Port, format!("{scheme}://{host}{rest}"), true));
    all.push((Spelling::Port, format!("{scheme}://{host}:{default}{rest}"), true));
    let other = match host {
        "localhost" => "127.0.0.1".to_owned(),
        "127.0.0.1" => "localhost".to_owned(),
        host => host.strip_prefix("www.").map_or_else(|| format!("www.{host}"), str::to_owned),
    };
    all.push((Spelling::Host, format!("{scheme}://{}{rest}", authority.replace(host, &other)), true));
    let (path, query) = rest.split_once('?').map_or((rest.as_str(), None), |(path, query)| (path, Some(query)));
    if let Some(query) = query {
        let origin = format!("{scheme}://{authority}");
        let toggled = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
        all.push((Spelling::Slash, format!("{origin}{toggled}?{query}"), true));
    }
    let without_fragment = sent.split('#').next().unwrap_or_default().to_owned();
    let parts = [
        (format!("{scheme}://{authority}{path}"), true),
        (without_fragment, false),
        (format!("{scheme}://{authority}"), true),
        (format!("{scheme}://{authority}/"), false),
        (path.to_owned(), false),
        (rest.clone(), false),
        (host.to_owned(), false),
        (authority.clone(), false),
        (format!("{authority}{rest}"), false),
        (format!("//{authority}{rest}"), false),
        (format!("{sent}?"), false),
        (format!("{sent}#"), false),
        (url.to_string(), false),
    ];
    all.extend(parts.into_iter().map(|(text, is_likely)| (Spelling::Part, text, is_likely)));
    all
}
