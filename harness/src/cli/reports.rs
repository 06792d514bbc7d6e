//! Reports of a run, according to its options.

use super::{Protocol, Run, Screens};
use crate::{
    run::{Coverage, EvidenceFolder, Github, Replay, Reports},
    scenario::Gathered,
};

/// Returns the requested reports with the data that they need in addition to the results.
pub(super) fn of(options: &Run, rules: Coverage) -> Reports {
    let replay = replay(options);
    let evidence = options.evidence.clone().map(|path| EvidenceFolder { path, replay: replay.clone() });
    Reports {
        junit: options.junit.clone(),
        json: options.json.clone(),
        rerun: options.rerun.clone(),
        coverage: options.coverage.clone(),
        html: options.html.clone(),
        allure: options.allure.clone(),
        code_quality: options.code_quality.clone(),
        github: Github::of(&|name| std::env::var_os(name), std::env::current_dir().unwrap_or_default()),
        evidence,
        replay,
        rules,
        properties: properties(options),
    }
}

/// Returns how much must be gathered about a failure for these reports.
pub(super) fn gathered(reports: &Reports) -> Gathered {
    if reports.evidence.is_some() {
        Gathered::Everything
    } else if reports.html.is_some() {
        Gathered::Journals
    } else {
        Gathered::Story
    }
}

/// Returns the options that influence the results of scenarios. The token of the control API is secret and left out.
fn replay(options: &Run) -> Replay {
    let mut words = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        words.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
    };
    add("--idp", options.idp.as_ref().map(ToString::to_string));
    add("--diary", options.diary.as_ref().map(ToString::to_string));
    add("--relying-party", options.relying_party.as_ref().map(|file| file.display().to_string()));
    add("--provider", options.provider.as_ref().map(|file| file.display().to_string()));
    let site: Vec<_> = options.site.iter().map(ToString::to_string).collect();
    add("--site", (!site.is_empty()).then(|| site.join(",")));
    add("--profile", options.profile.clone());
    add("--protocol", options.protocol.map(|protocol| protocol.name().to_owned()));
    add("--browser", options.browser.map(|browser| browser.name().to_owned()));
    add("--webdriver", options.webdriver.as_ref().map(ToString::to_string));
    add("--screen", options.screen.map(|screen| screen.to_string()));
    for file in &options.client {
        add("--client", Some(file.display().to_string()));
    }
    words.extend(options.tls.then(|| "--tls".to_owned()));
    let folder = std::env::current_dir().unwrap_or_default();
    Replay { options: words, documented: options.paths.is_empty(), folder }
}

/// Properties of the run for the reports.
fn properties(options: &Run) -> Vec<(&'static str, String)> {
    let url = |url: &Option<url::Url>| url.as_ref().map_or_else(|| "own".to_owned(), ToString::to_string);
    let mut properties = vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("idp", url(&options.idp)),
        ("diary", url(&options.diary)),
        ("tls", options.tls.to_string()),
        ("protocol", options.protocol.map_or("esia", Protocol::name).to_owned()),
        ("browser", options.browser.unwrap_or(Screens::Http).name().to_owned()),
    ];
    properties.extend(options.relying_party.iter().map(|file| ("relying-party", file.display().to_string())));
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_played_again_with_what_decides_what_it_meets() {
        let options = Run {
            paths: vec!["my.feature".into()],
            tags: Some("@a".to_owned()),
            retry: Some(3),
            profile: Some("kuzbass".to_owned()),
            protocol: Some(Protocol::Oidc),
            client: vec!["a.yaml".into(), "b.json".into()],
            tls: true,
            control_token: Some("secret".to_owned()),
            ..Run::default()
        };
        let Replay { options: words, documented, .. } = replay(&options);
        let told = "--profile kuzbass --protocol oidc --client a.yaml --client b.json --tls";
        assert_eq!((words.join(" ").as_str(), documented), (told, false));
        assert!(replay(&Run::default()).documented);
    }
}
