//! Folder of a scenario's evidence: written when the scenario fails, removed when it passes.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use url::Url;

use super::{
    super::{
        plan::{Outcome, Scenario},
        replay::Replay,
        secrets::Secrets,
        story::story,
    },
    har::har,
};
use crate::scenario::{Dossier, Evidence, KeptPage, KeptWorld};

/// File that identifies a folder as one of ours.
const OWN: &str = "replay.sh";

/// Folder of evidence, and the command that goes into it.
#[derive(Debug, Clone)]
pub struct EvidenceFolder {
    /// Folder that contains those of all scenarios.
    pub path: PathBuf,
    /// Command that plays a scenario again.
    pub replay: Replay,
}

/// Name of a file and its text.
type Text = (&'static str, String);

impl EvidenceFolder {
    /// Path of a scenario's folder.
    pub(in super::super) fn of(&self, scenario: &Scenario) -> PathBuf {
        self.path.join(&scenario.slug)
    }

    /// Relative URL of the scenario's folder from a report; `None` if the folder does not exist.
    pub(in super::super) fn link(&self, report: &Path, scenario: &Scenario) -> Option<String> {
        let own = self.of(scenario);
        let (to, from) = (own.join(OWN).canonicalize().ok()?, folder_of(report).canonicalize().ok()?);
        let to = to.parent()?;
        let same = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
        let up = from.components().skip(same).map(|_| "../".to_owned());
        let down = to.components().skip(same).map(|name| encoded(&name.as_os_str().to_string_lossy()) + "/");
        Some(up.chain(down).collect())
    }

    /// Writes the evidence of a scenario's last attempt in place of that of an earlier one. For a scenario that has
    /// passed, the folder of an earlier attempt or run is removed.
    ///
    /// # Errors
    /// Fails if a file cannot be written or removed.
    pub(in super::super) fn keep(&self, scenario: &Scenario) -> io::Result<()> {
        let folder = self.of(scenario);
        let evidence = scenario.record.as_ref().map(|record| &record.evidence);
        let found = evidence.and_then(|evidence| Some((evidence, evidence.dossier.as_deref()?)));
        let has_passed = matches!(scenario.outcome(), Outcome::Passed | Outcome::Flaky);
        if (found.is_some() || has_passed) && folder.join(OWN).is_file() {
            fs::remove_dir_all(&folder)?;
        }
        // An attempt that was cut short keeps the folder of the attempt before.
        let Some((evidence, dossier)) = found else { return Ok(()) };
        fs::create_dir_all(&folder)?;
        for (name, text) in self.texts(scenario, evidence, dossier) {
            fs::write(folder.join(name), text)?;
        }
        for page in &dossier.pages {
            written(&folder, page)?;
        }
        executable(&folder.join(OWN))
    }

    fn texts(&self, scenario: &Scenario, evidence: &Evidence, dossier: &Dossier) -> Vec<Text> {
        let secrets = Secrets::of(evidence.journal.iter().map(|request| &request.entry));
        let bases = dossier.worlds.iter().map(|world| (world.party, world.base.clone())).collect();
        let by_server = |value: fn(&KeptWorld) -> Value| -> Value {
            dossier.worlds.iter().map(|world| (world.party.key().to_owned(), value(world))).collect()
        };
        let timeline = by_server(|world| world.timeline.clone().into());
        let exports = by_server(|world| world.export.clone());
        let mut texts = vec![
            ("story.txt", story(scenario)),
            (OWN, self.replay.script(scenario)),
            ("timeline.json", secrets.hide(&pretty(&timeline))),
            ("world.json", pretty(&exports)),
            ("requests.har", pretty(&har(&evidence.journal, &bases, &secrets))),
            ("verdicts.json", secrets.hide(&pretty(&verdicts(evidence)))),
        ];
        if !dossier.console.is_empty() {
            texts.push(("console.json", pretty(&json!(dossier.console))));
        }
        texts
    }
}

/// Returns the folder that contains a file.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Encodes a name for a URL.
fn encoded(name: &str) -> String {
    let mut address = Url::from_directory_path("/").ok();
    if let Some(mut segments) = address.as_mut().and_then(|address| address.path_segments_mut().ok()) {
        segments.pop_if_empty().push(name);
    }
    address.map(|address| address.path().trim_start_matches('/').to_owned()).unwrap_or_default()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// Requests with checks, each with all of them, oldest first.
fn verdicts(evidence: &Evidence) -> Value {
    let checked = evidence.journal.iter().filter(|request| !request.entry.verdict.is_empty());
    let told = checked.map(|request| {
        let entry = &request.entry;
        json!({
            "server": request.party.key(),
            "id": entry.id,
            "method": entry.method,
            "target": entry.target,
            "status": entry.status,
            "client": entry.client,
            "person": entry.person,
            "outcome": entry.outcome(),
            "verdict": entry.verdict,
        })
    });
    told.collect()
}

/// Writes a page and its picture, named after the person who looked at it.
fn written(folder: &Path, page: &KeptPage) -> io::Result<()> {
    let name = super::super::names::slug(&page.who, 40);
    let file = |extension: &str| folder.join(format!("page-{name}.{extension}"));
    fs::write(file("html"), standing_alone(page))?;
    page.picture.as_ref().map_or(Ok(()), |picture| fs::write(file("png"), picture))
}

/// HTML of the page with its own address as base, and with scripts forbidden, because it comes from another server.
fn standing_alone(page: &KeptPage) -> String {
    let address = page.url.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let own = format!(
        "<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'\">\
         <base href=\"{address}\">"
    );
    let head = page.html.find("<head").and_then(|at| Some(at + page.html.get(at..)?.find('>')? + 1));
    match head.and_then(|end| page.html.split_at_checked(end)) {
        Some((before, after)) => format!("{before}{own}{after}"),
        None => page.html.clone(),
    }
}

#[cfg(unix)]
fn executable(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> io::Result<()> {
    Ok(())
}
