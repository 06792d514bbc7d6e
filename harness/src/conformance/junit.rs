//! Report as `JUnit` XML: a suite for each protocol, a case for each fault.

use quick_junit::{NonSuccessKind, SerializeError, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::{judge::Verdict, judged::Judged, report::Report};
use crate::{cli::Protocol, words::visible};

pub(super) fn xml(report: &Report) -> Result<String, SerializeError> {
    let mut xml = quick_junit::Report::new(text(&report.client));
    for protocol in [Protocol::Esia, Protocol::Oidc] {
        let cases: Vec<_> = report.faults.iter().filter(|one| one.protocol == protocol).map(case).collect();
        if !cases.is_empty() {
            let mut suite = TestSuite::new(format!("conformance {}", protocol.name()));
            suite.add_test_cases(cases);
            xml.add_test_suite(suite);
        }
    }
    xml.to_string()
}

fn text(any: &str) -> XmlString {
    XmlString::new(visible(any))
}

fn case(one: &Judged) -> TestCase {
    let wrong = |kind, ty: &str, reasons: &[String]| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(ty).set_message(text(reasons.first().map_or("", String::as_str)));
        let page =
            one.page.as_ref().map(|page| format!("\n{} {} «{}»\n{}\n", page.status, page.url, page.title, page.text));
        let told =
            format!("{}\n{}\n{}{}", one.does, reasons.join("\n"), one.requests.join("\n"), page.unwrap_or_default());
        status.set_description(text(&told));
        status
    };
    let status = match &one.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Failed(reasons) => wrong(NonSuccessKind::Failure, one.right, reasons),
        Verdict::NotJudged(why) => wrong(NonSuccessKind::Error, "not-judged", std::slice::from_ref(why)),
        Verdict::NotApplicable(why) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(text(why));
            status
        }
    };
    let family = one.fault.split('.').next().unwrap_or_default();
    let mut case = TestCase::new(one.fault, status);
    case.set_classname(format!("conformance.{}.{family}", one.protocol.name()));
    case
}
