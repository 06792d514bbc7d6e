//! Colours of output on a terminal. Texts are always coloured; [`anstream`] removes the colours in files and pipes,
//! under `NO_COLOR` and with `--color never`.

use std::{fmt, io, io::Write as _};

use anstyle::{AnsiColor, Effects, Style};

/// Meaning of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// Success: everything is well.
    Good,
    /// Failure: something is wrong.
    Bad,
    /// Doubt: possibly wrong, or unknown.
    Doubt,
    /// Less important than the text around it.
    Quiet,
    /// More important than the text around it.
    Strong,
}

impl Paint {
    const fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Self::Doubt => AnsiColor::Yellow.on_default(),
            Self::Quiet => Style::new().effects(Effects::DIMMED),
            Self::Strong => Style::new().effects(Effects::BOLD),
        }
    }

    /// Meaning of a sign at the beginning of a line.
    const fn of_sign(sign: char) -> Option<Self> {
        match sign {
            '✔' => Some(Self::Good),
            '✘' => Some(Self::Bad),
            '?' | '!' | '≈' => Some(Self::Doubt),
            '–' => Some(Self::Quiet),
            _ => None,
        }
    }

    /// Returns the text in this colour.
    pub(crate) fn on(self, text: impl fmt::Display) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// Colours the sign at the beginning of each line; a line about something that did not happen is quiet as a whole.
pub(crate) fn signs(text: &str) -> String {
    text.split_inclusive('\n').map(line).collect()
}

fn line(line: &str) -> String {
    let (indent, rest) = line.split_at(line.len() - line.trim_start_matches(' ').len());
    let mut letters = rest.chars();
    let Some((sign, paint)) = letters.next().and_then(|sign| Some((sign, Paint::of_sign(sign)?))) else {
        return line.to_owned();
    };
    let after = letters.as_str();
    if !after.starts_with(' ') {
        return line.to_owned();
    }
    if paint == Paint::Quiet {
        return format!("{indent}{}{}", paint.on(rest.trim_end()), if rest.ends_with('\n') { "\n" } else { "" });
    }
    format!("{indent}{}{after}", paint.on(sign))
}

/// Writes a coloured text to standard output.
///
/// # Errors
/// Fails if it cannot be written.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

/// Writes a message with the program's name to standard error. A failure to write is ignored: it could not be reported.
pub(crate) fn complain(text: impl fmt::Display) {
    let _ = writeln!(anstream::stderr(), "{} {text}", Paint::Bad.on("esia-stand:"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_has_its_colour_and_what_stands_after_it_none() {
        let painted =
            signs("✔ a.feature:3  вход\n    ✘ Тогда «✔ нет»\n    – И дальше\nплохо: ✘ не в начале\n?вопрос\n");
        insta::assert_snapshot!(painted.replace('\u{1b}', "^"), @"
        ^[32m✔^[0m a.feature:3  вход
            ^[1m^[31m✘^[0m Тогда «✔ нет»
            ^[2m– И дальше^[0m
        плохо: ✘ не в начале
        ?вопрос
        ");
    }

    #[test]
    fn without_colour_the_text_is_the_same() {
        let text = "✔ вход\n  – И дальше\n\n✘ нет";
        assert_eq!(anstream::adapter::strip_str(&signs(text)).to_string(), text);
    }
}
