//! Implementation of the command `esia-stand doctor`.

use std::{env, path::Path};

use worlds::{SystemWall, WallClock as _};

use super::{
    finding::{State, told},
    machine::{built_at, clock, folder, port_is_free},
    software::{browser, programs, proxy, version},
};
use crate::{
    browser::Engine,
    cli::options::Doctor,
    exit::{CliError, Exit},
    paint,
    servers::{DIARY_PORT, IDP_PORT},
};

/// Checks this machine; returns [`Exit::Failed`] if something does not work that every user needs.
pub(crate) async fn doctor(options: &Doctor) -> Result<Exit, CliError> {
    let mut findings = Vec::new();
    for (port, flag) in [(IDP_PORT, "--idp-listen"), (DIARY_PORT, "--diary-listen")] {
        findings.push(port_is_free(port, flag).await);
    }
    for engine in [Engine::Chromium, Engine::Firefox] {
        findings.push(browser(engine, version(programs(engine)).await, version(&[engine.driver()]).await));
    }
    findings.push(proxy(&|name| env::var_os(name)));
    findings.push(clock(SystemWall.now(), built_at()));
    findings.push(folder("folder", Path::new(".")));
    findings.push(folder("temporary-folder", &env::temp_dir()));
    let text = if options.json {
        serde_json::to_string_pretty(&findings).map_err(CliError::could_not_run)? + "\n"
    } else {
        paint::signs(&told(&findings))
    };
    paint::print(&text).map_err(CliError::could_not_run)?;
    Ok(if findings.iter().any(|finding| finding.state == State::Bad) { Exit::Failed } else { Exit::Passed })
}
