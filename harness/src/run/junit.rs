//! `--junit`: the results as `JUnit` XML.

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestRerun, TestSuite, XmlString};

use super::{
    plan::{Feature, Outcome, Scenario},
    results::Results,
    story::story,
};
use crate::{
    language::{pick, tr},
    words::visible,
};

/// Report of all features as `JUnit` XML.
///
/// # Errors
/// Fails if the report cannot be serialized as XML.
pub(super) fn xml(results: &Results, properties: &[(&str, String)]) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("esia-stand");
    report.set_timestamp(results.began_at).set_time(results.took());
    report.add_test_suites(results.features.iter().map(|feature| suite(feature, properties)));
    report.to_string()
}

/// Replaces characters that XML 1.0 cannot contain.
fn text(any: &str) -> XmlString {
    XmlString::new(visible(any))
}

fn suite(feature: &Feature, properties: &[(&str, String)]) -> TestSuite {
    let mut suite = TestSuite::new(text(&feature.title));
    suite.set_time(feature.scenarios.iter().map(Scenario::took).sum());
    suite.extra.insert("file".into(), text(&feature.file));
    suite.add_properties(properties.iter().map(|(name, value)| Property::new(*name, text(value))));
    suite.add_test_cases(feature.scenarios.iter().map(|scenario| case(feature, scenario)));
    suite
}

fn case(feature: &Feature, scenario: &Scenario) -> TestCase {
    let mut case = TestCase::new(text(&scenario.title), status(scenario));
    case.set_classname(text(&feature.title)).set_time(scenario.took());
    case.extra.insert("file".into(), text(&feature.file));
    case.extra.insert("line".into(), text(&scenario.place.line.to_string()));
    let tags: Vec<_> = feature.tags.iter().chain(&scenario.tags).map(|tag| format!("@{tag}")).collect();
    if !tags.is_empty() {
        case.add_property(Property::new("tags", text(&tags.join(" "))));
    }
    // GitLab reads pictures from this notation.
    let pictures = scenario.record.iter().flat_map(|record| &record.steps).filter_map(|step| step.picture.as_ref());
    let pictures: Vec<_> = pictures.map(|file| format!("[[ATTACHMENT|{}]]", file.display())).collect();
    if !pictures.is_empty() {
        case.set_system_out(text(&pictures.join("\n")));
    }
    case
}

fn status(scenario: &Scenario) -> TestCaseStatus {
    let wrong = |kind, ty: &str| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(ty).set_message(text(&scenario.reason().unwrap_or_default()));
        status.set_description(text(&format!("\n{}", story(scenario))));
        status
    };
    let mut status = match scenario.outcome() {
        Outcome::Passed | Outcome::Flaky => TestCaseStatus::success(),
        Outcome::Failed => wrong(NonSuccessKind::Failure, "unmet"),
        Outcome::Panicked => wrong(NonSuccessKind::Error, "panic"),
        Outcome::NotAsked => wrong(NonSuccessKind::Error, "could-not-ask"),
        Outcome::NotPossible => {
            let why = scenario.not_possible.as_ref().map(ToString::to_string).unwrap_or_default();
            let mut status = TestCaseStatus::skipped();
            status.set_type("not-possible");
            status.set_message(text(&tr!("здесь невозможно: {why}", "not possible here: {why}")));
            status
        }
        Outcome::NotPlayed => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(pick("прогон остановлен раньше", "the run was stopped before it"));
            status
        }
    };
    // Earlier attempts become `<flakyFailure>` if the last one passed, and `<rerunFailure>` if it failed.
    status.add_reruns(scenario.earlier_reasons().zip(&scenario.earlier).map(|(why, record)| {
        let mut rerun = TestRerun::new(NonSuccessKind::Failure);
        rerun.set_type("unmet").set_message(text(why.lines().next().unwrap_or_default())).set_time(record.took);
        rerun.set_description(text(why));
        rerun
    }));
    status
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, proptest};
    use quick_junit::Report;

    use super::*;

    /// Writes a report with this text in every place, and reads it back.
    fn there_and_back(any: &str) -> Report {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(text(any)).set_description(text(&format!("a{any}z")));
        let mut case = TestCase::new(text(any), status);
        case.set_classname(text(any)).extra.insert("file".into(), text(any));
        let mut suite = TestSuite::new(text(any));
        suite.add_property(Property::new("name", text(any)));
        suite.add_test_case(case);
        let mut report = Report::new("esia-stand");
        report.add_test_suite(suite);
        Report::deserialize_from_str(&report.to_string().unwrap()).unwrap()
    }

    #[test]
    fn what_xml_cannot_hold_is_shown_by_its_number() {
        for (any, shown) in [
            ("]]>", "]]>"),
            ("a\u{b}b", "a[U+000B]b"),
            ("\u{1b}[31mкрасный\u{1b}[0m", "[U+001B][31mкрасный[U+001B][0m"),
            ("<&\"'>", "<&\"'>"),
            ("\u{fffe}\u{ffff}\u{0}\u{9b}", "[U+FFFE][U+FFFF][U+0000][U+009B]"),
            ("две\r\nстроки", "две\nстроки"),
            ("🙂 \u{10ffff}", "🙂 \u{10ffff}"),
        ] {
            assert_eq!(text(any).as_str(), shown);
            let report = there_and_back(any);
            let Some(TestCaseStatus::NonSuccess { description, .. }) =
                report.test_suites[0].test_cases.first().map(|case| &case.status)
            else {
                panic!("no failure");
            };
            assert_eq!(description.as_ref().map(XmlString::as_str), Some(format!("a{shown}z").as_str()));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_xml_and_comes_back(any in "\\PC*|[\\x00-\\x{ffff}]*|(\\]\\]>|&#|<!\\[CDATA\\[|\\x{b}|\\x{1b}\\[0m)*") {
            let report = there_and_back(&any);
            let case = &report.test_suites[0].test_cases[0];
            let shown = text(&any);
            prop_assert_eq!(case.name.as_str(), shown.as_str());
            prop_assert!(text(&any).as_str().chars().filter(|letter| letter.is_alphanumeric()).count()
                >= any.chars().filter(|letter| letter.is_alphanumeric()).count());
        }
    }
}
