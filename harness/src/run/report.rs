//! Report files of a run: checked before the first scenario, written after the last.

use std::{
    error::Error,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{
    allure,
    coverage::Coverage,
    evidence::EvidenceFolder,
    forges::{self, Github},
    html, json, junit,
    replay::Replay,
    rerun,
    results::Results,
};
use crate::{
    language::{pick, tr},
    words::of_system,
};

/// Paths of the reports and the data that they need.
#[derive(Debug, Clone, Default)]
pub struct Reports {
    /// File of the `JUnit` XML report.
    pub junit: Option<PathBuf>,
    /// File of the Cucumber JSON report.
    pub json: Option<PathBuf>,
    /// File that lists the scenarios that did not pass.
    pub rerun: Option<PathBuf>,
    /// File of the table of rules.
    pub coverage: Option<PathBuf>,
    /// File of the HTML report.
    pub html: Option<PathBuf>,
    /// File of the code quality report for GitLab.
    pub code_quality: Option<PathBuf>,
    /// GitHub Actions job that gets annotations and a summary.
    pub github: Option<Github>,
    /// Folder of results for Allure.
    pub allure: Option<PathBuf>,
    /// Folder of evidence, with one folder for each scenario that did not pass.
    pub evidence: Option<EvidenceFolder>,
    /// Command that plays a scenario again.
    pub replay: Replay,
    /// Rules of the suite for the table of rules and the reports.
    pub rules: Coverage,
    /// Properties of the run, for the reports that show them.
    pub properties: Vec<(&'static str, String)>,
}

/// Error of a report that was not or cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportError {
    file: String,
    reason: String,
}

impl Error for ReportError {}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, reason } = self;
        f.write_str(&tr!("отчёт {file}: {reason}", "report {file}: {reason}"))
    }
}

impl ReportError {
    fn new(file: &Path, reason: impl Into<String>) -> Self {
        Self { file: file.display().to_string(), reason: reason.into() }
    }

    pub(super) fn system(file: &Path, error: &io::Error) -> Self {
        Self::new(file, of_system(error))
    }
}

impl Reports {
    fn files(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.junit, &self.json, &self.rerun, &self.coverage, &self.html, &self.code_quality].into_iter().flatten()
    }

    /// Creates the folders of the reports and checks that they are writable. Leaves no file behind.
    ///
    /// # Errors
    /// Fails if a file cannot be written, or if two reports have the same file.
    pub fn prepare(&self) -> Result<(), ReportError> {
        let mut seen = Vec::new();
        for file in self.files() {
            if seen.contains(&file) {
                let told = pick(
                    "в этот файл идут два отчёта, а нужен свой файл для каждого",
                    "two reports go into this file, and each needs its own",
                );
                return Err(ReportError::new(file, told));
            }
            seen.push(file);
            writable(file)?;
        }
        for folder in self.allure.iter().chain(self.evidence.iter().map(|evidence| &evidence.path)) {
            prepared(folder).map_err(|error| ReportError::system(folder, &error))?;
        }
        Ok(())
    }

    /// Writes all reports, also after one that cannot be written; returns the errors.
    pub(super) fn save(&self, results: &Results) -> Vec<ReportError> {
        let junit = self.junit.as_ref().map(|file| {
            let xml = junit::xml(results, &self.properties);
            (file, xml.map_err(|error| error.to_string()))
        });
        let json = self.json.as_ref().map(|file| (file, pretty(&json::json(results))));
        let coverage = self.coverage.as_ref().map(|file| (file, self.rules.text(file, results)));
        let rerun = self.rerun.as_ref().map(|file| (file, Ok(rerun::text(results))));
        let html = self.html.as_ref().map(|file| {
            let Self { rules, properties, replay, .. } = self;
            let told = html::Told { rules, properties, replay, evidence: self.evidence.as_ref(), file };
            (file, html::page(results, &told).map_err(|error| error.to_string()))
        });
        let code_quality = self.code_quality.as_ref().map(|file| (file, pretty(&forges::code_quality(results))));
        let all = [junit, json, coverage, rerun, html, code_quality].into_iter().flatten();
        let written = all.map(|(file, text)| {
            let text = text.map_err(|reason| ReportError::new(file, reason))?;
            fs::write(file, text).map_err(|error| ReportError::system(file, &error))
        });
        written.filter_map(Result::err).chain(self.for_allure(results)).chain(self.summarised(results)).collect()
    }

    /// Writes the results for Allure; returns the error if that fails.
    fn for_allure(&self, results: &Results) -> Option<ReportError> {
        let written = allure::write(self.allure.as_ref()?, results, &self.rules, &self.properties);
        written.err().map(|(file, error)| ReportError::system(&file, &error))
    }

    /// Appends to the step summary of GitHub; returns the error if that fails.
    fn summarised(&self, results: &Results) -> Option<ReportError> {
        let file = self.github.as_ref()?.summary.as_ref()?;
        Github::append(file, results, &self.rules).err().map(|error| ReportError::system(file, &error))
    }
}

/// Creates a folder and checks that it is writable.
fn prepared(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder).map(|_| ()))
}

fn pretty(value: &serde_json::Value) -> Result<String, String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// Checks that a file can be written, and creates its folder if necessary.
fn writable(file: &Path) -> Result<(), ReportError> {
    let told = |error: io::Error| ReportError::system(file, &error);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if file.is_dir() || file.file_name().is_none() {
        return Err(ReportError::new(file, pick("это папка, а нужен файл", "it is a folder, and a file is needed")));
    }
    fs::create_dir_all(folder).map_err(told)?;
    if file.exists() {
        return fs::OpenOptions::new().append(true).open(file).map(|_| ()).map_err(told);
    }
    tempfile::tempfile_in(folder).map(|_| ()).map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(junit: &Path, json: Option<&Path>) -> Result<(), String> {
        let reports = Reports { junit: Some(junit.to_owned()), json: json.map(Path::to_owned), ..Reports::default() };
        reports.prepare().map_err(|error| error.to_string())
    }

    #[test]
    fn the_folder_of_a_report_is_made_and_no_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/b/report.xml");
        assert_eq!(prepared(&file, None), Ok(()));
        assert!(file.parent().unwrap().is_dir());
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 0);
    }

    #[test]
    fn what_cannot_be_a_report_is_told_before() {
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain");
        fs::write(&plain, "x").unwrap();
        let told = |file: &Path| prepared(file, None).unwrap_err();
        assert!(told(folder.path()).ends_with(": это папка, а нужен файл"));
        assert!(told(&plain.join("report.xml")).starts_with("отчёт "));
        assert!(told(Path::new("/proc/no-such-folder/report.xml")).starts_with("отчёт /proc/"));
        assert_eq!(prepared(&plain, None), Ok(()), "a report of yesterday");
        assert_eq!(fs::read_to_string(&plain).unwrap(), "x");
        assert!(prepared(&plain, Some(&plain)).unwrap_err().contains("два отчёта"));
    }
}
