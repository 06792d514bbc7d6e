//! `esia-stand --version`: version, commit, and features of this program.

use std::sync::OnceLock;

/// Commit of a release build; `scripts/dist`, the image and the release set it.
const COMMIT: Option<&str> = option_env!("ESIA_STAND_COMMIT");

/// Text of `--version`, one line for each subject, so that a bug report shows what was run.
pub(super) fn told() -> &'static str {
    static TOLD: OnceLock<String> = OnceLock::new();
    TOLD.get_or_init(|| {
        format!(
            "{}\ncommit: {}\nprotocols: esia (v1, v2, v3), oidc\nsignatures: RS256, GOST3410_2012_256\n\
             stores: memory, sqlite, postgres\nbrowsers: http, chromium, firefox",
            env!("CARGO_PKG_VERSION"),
            COMMIT.unwrap_or("unknown, built from a checkout"),
        )
    })
}
