//! Sign-ins sent to the provider that have not returned yet. They are stored in the browser's cookie: anybody may begin
//! a sign-in, and the diary stores nothing until it returns.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::grant::OidcSecrets;

/// Returns the time within which a sign-in must return from the provider.
pub(super) const fn term() -> TimeDelta {
    TimeDelta::minutes(10)
}

/// Maximum number of pending sign-ins of a browser; older ones are dropped and must be started again.
const AT_ONCE: usize = 5;
/// Maximum length of a `state`, nonce or verifier in the cookie, bytes.
const LONGEST: usize = 64;

/// Sign-in that has been sent to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PendingSignIn {
    /// Parameter `state` of the authorization request.
    pub(super) state: String,
    /// Until when the sign-in may return.
    pub(super) expires_at: DateTime<Utc>,
    /// Secrets of a sign-in through OpenID Connect.
    pub(super) oidc: Option<OidcSecrets>,
}

/// Pending sign-ins of one browser, newest first. Format of the cookie: `state:seconds` or
/// `state:seconds:nonce:verifier`, joined by `!`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PendingSignIns(Vec<PendingSignIn>);

impl PendingSignIns {
    /// Reads from a cookie the sign-ins that may still return.
    pub(super) fn read(cookie: Option<&str>, now: DateTime<Utc>) -> Self {
        let all = cookie.unwrap_or_default().split('!').take(AT_ONCE).filter_map(PendingSignIn::read);
        Self(all.filter(|pending| now < pending.expires_at && pending.expires_at <= now + term()).collect())
    }

    /// Adds a sign-in and drops the oldest above the limit.
    pub(super) fn and(mut self, pending: PendingSignIn) -> Self {
        self.0.insert(0, pending);
        self.0.truncate(AT_ONCE);
        self
    }

    /// Returns the sign-in with this `state`.
    pub(super) fn find(&self, state: &str) -> Option<&PendingSignIn> {
        self.0.iter().find(|pending| pending.state == state)
    }
}

impl fmt::Display for PendingSignIns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, PendingSignIn { state, expires_at, oidc }) in self.0.iter().enumerate() {
            let join = if at == 0 { "" } else { "!" };
            write!(f, "{join}{state}:{}", expires_at.timestamp())?;
            oidc.iter().try_for_each(|OidcSecrets { nonce, verifier }| write!(f, ":{nonce}:{verifier}"))?;
        }
        Ok(())
    }
}

impl PendingSignIn {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, ':').map(str::to_owned);
        let (state, ends) = (parts.next()?, parts.next()?);
        let oidc = match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) => None,
            (Some(nonce), Some(verifier), None) => Some(OidcSecrets { nonce, verifier }),
            _ => return None,
        };
        let is_short = |text: &str| (1..=LONGEST).contains(&text.len());
        let fits = is_short(&state) && oidc.iter().all(|oidc| is_short(&oidc.nonce) && is_short(&oidc.verifier));
        let expires_at = DateTime::from_timestamp(ends.parse().ok()?, 0)?;
        fits.then_some(Self { state, expires_at, oidc })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn pending(state: &str, ends: i64) -> PendingSignIn {
        let oidc = (ends % 2 == 0).then(|| OidcSecrets { nonce: "aa".to_owned(), verifier: "bb".to_owned() });
        PendingSignIn { state: state.to_owned(), expires_at: at(ends), oidc }
    }

    #[test]
    fn a_browser_keeps_its_last_five_sign_ins_until_they_expire() {
        let all = (10..).zip(["a", "b", "c", "d", "e", "f"]);
        let all = all.fold(PendingSignIns::default(), |all, (number, state)| all.and(pending(state, number)));
        assert_eq!(all.to_string(), "f:15!e:14:aa:bb!d:13!c:12:aa:bb!b:11");
        let read = PendingSignIns::read(Some(&all.to_string()), at(12));
        assert_eq!(read.to_string(), "f:15!e:14:aa:bb!d:13");
        assert_eq!(read.find("e"), Some(&pending("e", 14)));
        assert_eq!((read.find("c"), read.find("")), (None, None));
    }

    #[test]
    fn what_is_no_sign_in_is_passed_over() {
        assert_eq!(PendingSignIns::read(Some("a:601"), at(0)), PendingSignIns::default(), "longer than any lasts");
        assert!(PendingSignIns::read(Some("a:600"), at(0)).find("a").is_some());
        let long = "x".repeat(65);
        for text in
            ["", "a", "a:", ":5", "a:b", "a:5:c", "a:5:c:d:e", "a:5:c:", "a:99999999999999999999", &format!("{long}:5")]
        {
            assert_eq!(PendingSignIns::read(Some(text), at(0)), PendingSignIns::default(), "{text}");
        }
        assert!(PendingSignIns::read(Some(&format!("{}:5", &long[1..])), at(0)).find(&long[1..]).is_some());
    }

    proptest! {
        #[test]
        fn any_cookie_is_read(text in ".*") {
            let read = PendingSignIns::read(Some(&text), at(0));
            prop_assert_eq!(PendingSignIns::read(Some(&read.to_string()), at(0)), read);
        }
    }
}
