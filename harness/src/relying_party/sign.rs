//! Places and signs: pages to open, and marks by which pages are recognised, in a description.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::browser::Page;

/// A page to open, and a button or link to press there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Place {
    /// Address of the page, from the base URL on.
    pub open: String,
    /// Text of a button or link to press there.
    pub press: Option<String>,
}

/// Something that is on a page: everything that is said of it must be so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sign {
    /// Address of the page, from the base URL on; the page that is open where nothing is said.
    pub open: Option<String>,
    /// CSS selector of what is there.
    pub css: Option<String>,
    /// Value of the attribute `data-test` of what is there.
    pub data_test: Option<String>,
    /// Text that is there.
    pub text: Option<String>,
    /// Beginning of the page's own address, from the base URL on.
    pub url: Option<String>,
}

impl Sign {
    /// Checks whether the sign has no mark by which a page could be recognised.
    pub fn is_empty(&self) -> bool {
        self.css.is_none() && self.data_test.is_none() && self.text.is_none() && self.url.is_none()
    }

    /// The key whose value is blank, so that any page would have it.
    pub fn blank(&self) -> Option<&'static str> {
        let said = [("css", &self.css), ("data-test", &self.data_test), ("text", &self.text), ("url", &self.url)];
        said.into_iter()
            .find(|(_, value)| value.as_ref().is_some_and(|value| value.trim().is_empty()))
            .map(|(key, _)| key)
    }

    /// Returns the CSS selector if it is not valid.
    pub fn unreadable(&self) -> Option<&str> {
        self.css.as_deref().filter(|css| scraper::Selector::parse(css).is_err())
    }

    /// Checks whether a page has all marks of the sign; `base` is the base URL of the relying party in that world.
    pub(crate) fn is_on(&self, page: &Page, base: &Url) -> bool {
        let at = |path: &String| base.join(path).is_ok_and(|url| page.url().as_str().starts_with(url.as_str()));
        self.css.as_ref().is_none_or(|css| page.finds(css))
            && self.data_test.as_ref().is_none_or(|mark| page.has(mark))
            && self.text.as_ref().is_none_or(|text| page.says(text))
            && self.url.as_ref().is_none_or(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_a_sign_says_must_be_on_the_page() {
        let base: Url = "http://127.0.0.1:9000/w/a/".parse().unwrap();
        let html = "<body><main class='wall' data-test='no'><p>Нет согласия родителя</p></main></body>";
        let page = Page::read(base.join("wall/consent").unwrap(), html);
        let is = |yaml: &str| serde_saphyr::from_str::<Sign>(yaml).unwrap().is_on(&page, &base);
        assert!(is("{css: main.wall, data-test: 'no', text: Нет согласия, url: wall/}"));
        for other in ["{css: main.door}", "{data-test: 'yes'}", "{text: Есть согласие}", "{url: home}"] {
            assert!(!is(other), "{other}");
        }
        assert!(!is("{css: main.wall, text: Есть согласие}"));
        assert!(
            Sign::default().is_empty() && Sign { css: Some("#".to_owned()), ..Sign::default() }.unreadable().is_some()
        );
    }
}
