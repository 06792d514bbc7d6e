//! How the program ends.

use std::process::ExitCode;

use crate::language::pick;

/// Exit codes: a wrong answer is not the same as not having been able to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything passed, or was done.
    Passed = 0,
    /// An expectation of a scenario failed; a server is not well; recordings differ.
    Failed = 1,
    /// The command line, a settings file, a scenario or a seed is wrong.
    Wrong = 2,
    /// It could not run: a server or a browser is missing, silent or gone, or the program itself is at fault.
    CouldNotRun = 3,
    /// Ctrl+C in the middle of a run: 128 and the number of the signal, as shells count it.
    Interrupted = 130,
    /// SIGTERM in the middle of a run.
    Terminated = 143,
}

/// The codes as `--help` lists them, in the language of the run.
pub fn codes() -> &'static str {
    pick(
        "Коды возврата:
  0    пройдено или сделано
  1    ожидание сценария не сбылось; health: сервер неисправен; diff: есть неизвестное или исчезнувшее отличие
  2    ошибка в командной строке, настройках, сценарии или мире
  3    запуск не удался: сервера или браузера нет, он молчит или исчез; ошибка в самой программе
  130  остановлено по Ctrl+C посреди прогона, отчёты записаны
  143  остановлено сигналом SIGTERM посреди прогона, отчёты записаны",
        "Exit codes:
  0    passed, or done
  1    an expectation of a scenario failed; `health`: the server is not well; `diff`: a difference is unknown or gone
  2    wrong command line, settings, scenario or seed
  3    could not run: a server or a browser is missing, silent or gone; the program itself is at fault
  130  stopped by Ctrl+C in the middle of a run, reports written
  143  stopped by SIGTERM in the middle of a run, reports written",
    )
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the program does not do what it was told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CliError {
    /// Ends with [`Exit::Wrong`].
    #[error("{0}")]
    Wrong(String),
    /// Ends with [`Exit::CouldNotRun`].
    #[error("{0}")]
    CouldNotRun(String),
    /// A child process has told the reason already.
    #[error("")]
    Told(Exit),
}

impl CliError {
    /// The code to end with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Wrong(_) => Exit::Wrong,
            Self::CouldNotRun(_) => Exit::CouldNotRun,
            Self::Told(exit) => *exit,
        }
    }

    /// It could not run, for this reason.
    pub fn could_not_run(reason: impl std::fmt::Display) -> Self {
        Self::CouldNotRun(reason.to_string())
    }

    /// What it was given is wrong, for this reason.
    pub fn wrong(reason: impl std::fmt::Display) -> Self {
        Self::Wrong(reason.to_string())
    }
}
