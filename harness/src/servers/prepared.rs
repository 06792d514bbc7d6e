//! Seeds completed for a world on both servers: the diary signs in at the provider's world of the same name.

use serde_json::Value;
use url::Url;

use crate::cli::Protocol;

/// Protocol and profile of worlds whose seed does not name them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Defaults<'d> {
    /// Protocol in which the diary signs people in.
    pub(crate) protocol: Option<Protocol>,
    /// Profile of the diary, in the form of a seed.
    pub(crate) profile: Option<&'d Value>,
}

/// Completes the seed of a world whose provider has this base URL.
pub(crate) fn prepared(mut seed: Value, provider: &Url, defaults: Defaults<'_>) -> Value {
    if seed["diary"].is_object() {
        seed["diary"]["provider"]["url"] = provider.as_str().trim_end_matches('/').into();
        if let (Some(profile), Value::Null) = (defaults.profile, &seed["diary"]["profile"]) {
            seed["diary"]["profile"] = profile.clone();
        }
        if let (Some(protocol), Value::Null) = (defaults.protocol, &seed["diary"]["provider"]["protocol"]) {
            seed["diary"]["provider"]["protocol"] = protocol.name().into();
        }
    }
    seed
}

/// Latin transliteration of the Russian letters from «а» to «я», in order.
const LATIN: [&str; 32] = [
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh",
    "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
];

/// Transliterates the name of a seed for a world's name in URLs: `две-школы` becomes `dve-shkoly`. File names lose
/// their folder and extension.
pub(crate) fn named_after(name: &str) -> String {
    let stem = std::path::Path::new(name).file_stem().map_or(name.into(), |stem| stem.to_string_lossy());
    let mut latin = String::new();
    for letter in stem.to_lowercase().chars() {
        let index = u32::from(letter).checked_sub(u32::from('а')).and_then(|index| usize::try_from(index).ok());
        match (letter, index.and_then(|index| LATIN.get(index))) {
            ('a'..='z' | '0'..='9', _) => latin.push(letter),
            ('ё', _) => latin.push('e'),
            (_, Some(letters)) => latin.push_str(letters),
            _ if latin.is_empty() || latin.ends_with('-') => {}
            _ => latin.push('-'),
        }
    }
    latin.truncate(63);
    let latin = latin.trim_end_matches('-');
    if latin.is_empty() { "world".to_owned() } else { latin.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;
    use worlds::WorldName;

    use super::*;
    use crate::suite::documented_worlds;

    #[test]
    fn every_documented_world_has_a_name_of_its_own_in_urls() {
        let names: Vec<_> = documented_worlds().iter().map(|(name, _)| named_after(name)).collect();
        assert!(names.iter().all(|name| name.parse::<WorldName>().is_ok()), "{names:?}");
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
        assert_eq!(named_after("две-школы"), "dve-shkoly");
        assert_eq!(named_after("my/Щёлково 2.yaml"), "shchelkovo-2");
        assert_eq!(named_after("ъ!"), "world");
    }

    #[test]
    fn a_seed_keeps_its_own_choices_and_a_provider_alone_needs_none() {
        let url = "http://127.0.0.1:1/w/a/".parse().unwrap();
        let profile = json!("kuzbass");
        let defaults = Defaults { protocol: Some(Protocol::Oidc), profile: Some(&profile) };
        let made = |seed: Value| prepared(seed, &url, defaults);
        assert_eq!(
            made(json!({ "diary": {} })),
            json!({ "diary": { "provider": { "url": "http://127.0.0.1:1/w/a", "protocol": "oidc" }, "profile": "kuzbass" } })
        );
        let own = json!({ "diary": { "profile": "ryazan", "provider": { "protocol": "esia" } } });
        assert_eq!(made(own)["diary"]["profile"], "ryazan");
        assert_eq!(made(json!({ "gosuslugi": {} })), json!({ "gosuslugi": {} }));
    }
}
