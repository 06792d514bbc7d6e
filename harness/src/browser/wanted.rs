//! Choice of a browser: engine, screen, and the place where it runs.

use std::{borrow::Cow, fmt, str::FromStr, time::Duration};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::language::tr;

/// Smallest and largest length of a side of a screen, in CSS pixels.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8000;

/// Browser that a driver can start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, driven by chromedriver.
    #[default]
    Chromium,
    /// Firefox, driven by geckodriver.
    Firefox,
}

impl Engine {
    /// Name of the browser for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
        }
    }

    /// Name of the driver program.
    pub const fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
        }
    }

    /// Command or advice to install browser and driver.
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

/// Screen on which pages are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Viewport {
    /// Width of a page in CSS pixels.
    pub width: u32,
    /// Height of the visible part in CSS pixels.
    pub height: u32,
    /// Whether the device counts as mobile for pages.
    pub mobile: bool,
}

/// Screens that have a name on the command line.
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

/// Browser that a run uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Engine of the browser.
    pub engine: Engine,
    /// Whether its windows are visible.
    pub headed: bool,
    /// Screen of its pages.
    pub viewport: Viewport,
    /// Time limit for loading a page.
    pub patience: Duration,
    /// Hub that starts the browser; `None` for a driver on this machine.
    pub hub: Option<Url>,
}

impl Wanted {
    /// Default time limit for loading a page.
    pub const PATIENCE: Duration = Duration::from_secs(30);

    /// Browser on this machine without a visible window, with the default screen.
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
