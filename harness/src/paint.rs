//! Colour of what people read on a terminal. Texts are painted always; [`anstream`] takes the colour off where nobody sees it:
//! in a file or a pipe, under `NO_COLOR`, with `--color never`.

use std::{fmt, io, io::Write as _};

use anstyle::{AnsiColor, Effects, Style};

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// All is well.
    Good,
    /// It is wrong.
    Bad,
    /// It may be wrong, or could not be found out.
    Doubt,
    /// It matters less than what stands around it.
    Quiet,
    /// It matters more than what stands around it.
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

    /// The colour of a sign that begins a line.
    const fn of_sign(sign: char) -> Option<Self> {
        match sign {
            '✔' => Some(Self::Good),
            '✘' => Some(Self::Bad),
            '?' | '!' | '≈' => Some(Self::Doubt),
            '–' => Some(Self::Quiet),
            _ => None,
        }
    }

    /// A text in this colour.
    pub(crate) fn on(self, text: impl fmt::Display) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// Lines with the sign that each begins with in its colour; a line of something that did not happen is quiet as a whole.
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

/// Writes a painted text to standard output.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

/// Writes a message of the program to standard error, its name first. Nobody hears of an error there.
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
