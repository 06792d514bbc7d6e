//! Which browser is wanted, on what screen, and where it runs.

use std::{borrow::Cow, fmt, str::FromStr, time::Duration};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::language::tr;

/// Least and greatest length of a side of a screen, CSS pixels.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8000;

/// A browser that a driver can start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by chromedriver.
    #[default]
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
}

impl Engine {
    /// As people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
        }
    }

    /// The program by which it is driven.
    pub const fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
        }
    }

    /// How both are installed.
    pub fn install(self) -> String {
        match self {
            Self::Chromium => "apt-get install -y chromium chromium-driver".to_owned(),
            Self::Firefox => tr!(
                "apt-get install -y firefox-esr, а geckodriver — cargo install geckodriver",
                "apt-get install -y firefox-esr, and geckodriver by cargo install geckodriver"
            ),
        }
    }
}

/// The screen on which pages are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Viewport {
    /// Width of a page, CSS pixels.
    pub width: u32,
    /// Height of what is seen of it, CSS pixels.
    pub height: u32,
    /// Whether it is a device that is held in hands, as pages tell them apart.
    pub mobile: bool,
}

/// Screens that have a name.
const NAMED: [(&str, Viewport); 3] = [
    ("phone", Viewport { width: 390, height: 844, mobile: true }),
    ("tablet", Viewport { width: 820, height: 1180, mobile: true }),
    ("desktop", Viewport { width: 1280, height: 800, mobile: false }),
];

impl Default for Viewport {
    fn default() -> Self {
        NAMED[0].1
    }
}

impl FromStr for Viewport {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, named)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(*named);
        }
        let side = |text: &str| text.parse().ok().filter(|side| SIDES.contains(side));
        let sides = text.split_once('x').and_then(|(width, height)| Some((side(width)?, side(height)?)));
        let (width, height) = sides.ok_or_else(|| {
            let (least, most) = (SIDES.start(), SIDES.end());
            tr!(
                "нужен экран: phone, tablet, desktop или ширина и высота от {least} до {most}, например 1280x800",
                "a screen is needed: phone, tablet, desktop, or width and height from {least} to {most}, as 1280x800"
            )
        })?;
        Ok(Self { width, height, mobile: false })
    }
}

impl fmt::Display for Viewport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMED.iter().find(|(_, named)| named == self) {
            Some((name, _)) => f.write_str(name),
            None => write!(f, "{}x{}", self.width, self.height),
        }
    }
}

impl TryFrom<String> for Viewport {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|why| tr!("«{text}» — {why}", "\"{text}\": {why}"))
    }
}

impl From<Viewport> for String {
    fn from(viewport: Viewport) -> Self {
        viewport.to_string()
    }
}

impl JsonSchema for Viewport {
    fn schema_name() -> Cow<'static, str> {
        "Viewport".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^(phone|tablet|desktop|[0-9]+x[0-9]+)$" })
    }
}

/// A browser as a run wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Which one it is.
    pub engine: Engine,
    /// Whether its windows are shown.
    pub headed: bool,
    /// The screen on which its pages are shown.
    pub viewport: Viewport,
    /// Time limit for a page.
    pub patience: Duration,
    /// The hub that starts it; a driver of this machine when `None`.
    pub hub: Option<Url>,
}

impl Wanted {
    /// Time limit for a page, where nothing else is said.
    pub const PATIENCE: Duration = Duration::from_secs(30);

    /// A browser of this machine without a window, on the screen of a telephone.
    pub fn local(engine: Engine) -> Self {
        Self { engine, headed: false, viewport: Viewport::default(), patience: Self::PATIENCE, hub: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_has_a_name_or_two_sides() {
        for text in ["phone", "tablet", "desktop", "1920x1080"] {
            assert_eq!(text.parse::<Viewport>().unwrap().to_string(), text);
        }
        assert!(!"390x844".parse::<Viewport>().unwrap().mobile);
        for wrong in ["", "iphone", "390", "390x", "390*844", "10x844", "390x99999", "-390x844"] {
            assert_eq!(
                wrong.parse::<Viewport>().unwrap_err(),
                "нужен экран: phone, tablet, desktop или ширина и высота от 200 до 8000, например 1280x800",
                "{wrong}"
            );
        }
    }
}
