//! A description of a site, and what is said of it.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use tests::{Ended, Program};

use super::site::Site;

pub(crate) struct Judging(tempfile::TempDir);

impl Judging {
    /// Of a site, some lines of its description written otherwise.
    pub(crate) fn of(site: &Site, idp: &str, other: &[(&str, &str)]) -> Self {
        Self::at_base(&site.own, idp, other)
    }

    pub(crate) fn at_base(own: &str, idp: &str, other: &[(&str, &str)]) -> Self {
        let judging = Self(tempfile::tempdir().expect("folder"));
        let mut text = format!(
            "title: Сайт\nbase: {own}\nprovider: {idp}\nprotocol: oidc\nperson: анна\nsign-in: {{open: /login}}\n\
             signed-in: {{open: /me, css: '#who'}}\nrefused: {{text: Вход не удался}}\nsign-out: {{open: /logout}}\n"
        );
        for (line, instead) in other {
            assert!(text.contains(line), "{line}");
            text = text.replace(line, instead);
        }
        fs::write(judging.at("client.yaml"), text).expect("description");
        judging
    }

    pub(crate) fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// The command that judges it and writes all reports.
    pub(crate) fn args(&self, more: &[&str]) -> Vec<String> {
        let [client, json, junit, html] = ["client.yaml", "r.json", "r.xml", "r.html"].map(|name| self.at(name));
        let reports = ["conformance", &client, "--json", &json, "--junit", &junit, "--html", &html];
        reports.iter().chain(more).map(|&arg| arg.to_owned()).collect()
    }

    pub(crate) async fn run(&self, more: &[&str]) -> Ended {
        let args = self.args(more);
        Program::run(&args.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).expect("a report")
    }

    /// Names of the faults with this verdict.
    pub(crate) fn with(&self, verdict: &str) -> BTreeSet<String> {
        let report: Value = serde_json::from_str(&self.read("r.json")).expect("JSON");
        let faults = report["faults"].as_array().expect("faults").iter().filter(|one| one["verdict"] == verdict);
        faults.filter_map(|one| one["fault"].as_str().map(str::to_owned)).collect()
    }
}

pub(crate) fn names(list: &str) -> BTreeSet<String> {
    list.split(',').map(str::to_owned).collect()
}
