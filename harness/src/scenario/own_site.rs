//! The team's own site in a run: the addresses that scenarios may open there.

use url::Url;

use super::StepError;
use crate::{language::tr, net::folder};

/// Site whose pages scenarios open by address, and further addresses of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSite {
    /// Base URL of relative addresses, ending with a slash.
    base: Url,
    others: Vec<Url>,
}

impl OwnSite {
    /// Creates the site from its addresses; the first is the base of relative ones. `None` without addresses.
    pub fn of(addresses: &[Url]) -> Option<Self> {
        let (first, others) = addresses.split_first()?;
        Some(Self { base: folder(first.clone()), others: others.to_vec() })
    }

    /// Returns all addresses of the site.
    pub fn all(&self) -> impl Iterator<Item = &Url> {
        std::iter::once(&self.base).chain(&self.others)
    }

    /// Checks whether a URL has the origin of one of the addresses.
    pub fn has(&self, url: &Url) -> bool {
        self.all().any(|own| own.origin() == url.origin())
    }

    /// Resolves the address in a step: relative to the base, or absolute.
    pub(super) fn address(&self, written: &str) -> Result<Url, StepError> {
        let url = match written.parse::<Url>() {
            Ok(whole) => whole,
            Err(_) => self.base.join(written.trim_start_matches('/')).map_err(|error| {
                StepError::Unmet(tr!(
                    "адрес «{written}» не читается: {error}",
                    "the address «{written}» cannot be read: {error}"
                ))
            })?,
        };
        if self.has(&url) {
            return Ok(url);
        }
        let named: Vec<_> = self.all().map(ToString::to_string).collect();
        let named = named.join(", ");
        Err(StepError::Unmet(tr!(
            "адрес «{written}» вне своего сайта (--site {named}): запрос не отправлен",
            "the address «{written}» is not of the own site (--site {named}): the request was not sent"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_below_the_base_or_of_a_site_that_was_named() {
        let urls = ["http://127.0.0.1:3000/shop", "http://127.0.0.1:4000"].map(|url| url.parse().unwrap());
        let site = OwnSite::of(&urls).unwrap();
        let address =
            |written: &str| site.address(written).map_or_else(|error| error.to_string(), |url| url.to_string());
        assert_eq!(address("/"), "http://127.0.0.1:3000/shop/");
        assert_eq!(address("/cart?id=1"), "http://127.0.0.1:3000/shop/cart?id=1");
        assert_eq!(address("cart"), "http://127.0.0.1:3000/shop/cart");
        assert_eq!(address("http://127.0.0.1:4000/api"), "http://127.0.0.1:4000/api");
        for elsewhere in [
            "http://127.0.0.1:5000/",
            "https://127.0.0.1:3000/",
            "http://example.test/",
            "file:///etc/passwd",
            "javascript:1",
        ] {
            let told = format!(
                "адрес «{elsewhere}» вне своего сайта (--site http://127.0.0.1:3000/shop/, http://127.0.0.1:4000/): запрос не отправлен"
            );
            assert_eq!(address(elsewhere), told);
        }
        assert_eq!(address("//example.test/"), "http://127.0.0.1:3000/shop/example.test/");
        assert_eq!(OwnSite::of(&[]), None);
    }
}
