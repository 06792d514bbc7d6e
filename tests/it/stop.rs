//! Ctrl+C and SIGTERM in the middle of a run: everything is told that was found so far, and nothing is left behind.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use tests::Program;

/// All processes that a process has started, and those that they have.
pub(crate) fn descendants(parent: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let children = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let children: BTreeSet<u32> =
        children.flat_map(|ids| ids.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect();
    children.iter().copied().chain(children.iter().flat_map(|child| descendants(*child))).collect()
}

/// Waits until none of the processes runs; the test's own time limit bounds it.
pub(crate) async fn gone(processes: &[u32]) {
    let runs = |process: &u32| {
        let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        status.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
    };
    while processes.iter().any(runs) {
        tokio::task::yield_now().await;
    }
}

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).expect(file)
}

#[tokio::test]
async fn a_stopped_run_writes_every_report_and_leaves_no_server() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let folder = tempfile::tempdir().expect("folder");
        let at = |name: &str| folder.path().join(name).to_str().expect("its name").to_owned();
        let (junit, json, rules) = (at("new/junit.xml"), at("new/report.json"), at("new/rules.md"));
        let mut run = Program::start(&["run", "--jobs", "1", "--junit", &junit, "--json", &json, "--coverage", &rules]);
        let first = run.line().await.expect("a first scenario");
        assert!(first.starts_with("✔ scenarios/"), "{first}");
        let servers = descendants(run.id());
        assert!(servers.len() >= 2, "{servers:?}");
        run.signal(signal);
        let ended = run.ended().await;
        assert_eq!(ended.code, Some(code), "{}\n{}", ended.out, ended.err);
        gone(&servers).await;

        let summary = ended.out.lines().rfind(|line| line.contains(" сценари")).unwrap_or_default();
        assert!(summary.contains(" не сыгран") && summary.contains(" 0 не прошли"), "{summary}");
        assert_eq!(ended.err.trim(), "esia-stand: остановка, отчёты будут записаны");
        let junit = read(folder.path(), "new/junit.xml");
        let (all, skipped) = (junit.matches("<testcase ").count(), junit.matches("<skipped ").count());
        assert!(all > skipped && skipped > 0 && !junit.contains("<failure") && !junit.contains("<error"), "{junit}");
        assert!(summary.starts_with(&format!("{all} сценари")), "{summary}");
        let report: Value = serde_json::from_str(&read(folder.path(), "new/report.json")).expect("JSON");
        let elements = report.as_array().expect("features").iter().filter_map(|feature| feature["elements"].as_array());
        assert_eq!(elements.flatten().filter(|element| element["type"] == "scenario").count(), all);
        assert!(read(folder.path(), "new/rules.md").contains("… не сыграно"));
    }
}
