//! `esia-stand completions`: scripts for the completion of commands and options in shells.

use clap::Command;
use clap_complete::generate;

use super::Completions;

/// Returns the completion script of a shell for this command line.
pub(super) fn script(options: &Completions, mut command: Command) -> String {
    let mut script = Vec::new();
    generate(options.shell, &mut command, "esia-stand", &mut script);
    // clap_complete writes the hyphen of our name in two ways for bash, so that its functions would not find their
    // commands.
    String::from_utf8_lossy(&script).replace("esia__subcmd__stand", "esia__stand")
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;
    use clap_complete::Shell;

    use super::*;
    use crate::cli::program::command;

    #[test]
    fn every_shell_completes_every_command_and_the_options_of_run() {
        for shell in Shell::value_variants() {
            let script = script(&Completions { shell: *shell }, command());
            for word in ["serve", "doctor", "fail-fast", "shard"] {
                assert!(script.contains(word), "{shell}: {word}");
            }
        }
    }
}
