//! Sign-ins that have gone to Gosuslugi and are awaited back. The browser keeps them itself, in its cookie: anybody may begin
//! one, and the diary keeps nothing of it until it comes back.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::door::Proof;

/// A sign-in must come back from Gosuslugi in this time.
pub(super) const fn term() -> TimeDelta {
    TimeDelta::minutes(10)
}

/// Sign-ins of one browser under way at once; an older one is begun anew.
const AT_ONCE: usize = 5;
/// The longest name or secret of one, bytes.
const LONGEST: usize = 64;

/// A sign-in that has gone to Gosuslugi.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    /// Its `state`.
    pub(super) state: String,
    /// Until when it may come back.
    pub(super) expires_at: DateTime<Utc>,
    /// What must come back through the OpenID Connect door.
    pub(super) proof: Option<Proof>,
}

/// All of one browser, the newest first. The cookie's text: `state:seconds` or `state:seconds:nonce:verifier`, joined by `!`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct UnderWay(Vec<Pending>);

impl UnderWay {
    /// Those of a cookie that may still come back.
    pub(super) fn read(cookie: Option<&str>, now: DateTime<Utc>) -> Self {
        let all = cookie.unwrap_or_default().split('!').take(AT_ONCE).filter_map(Pending::read);
        Self(all.filter(|pending| now < pending.expires_at && pending.expires_at <= now + term()).collect())
    }

    /// With one more.
    pub(super) fn and(mut self, pending: Pending) -> Self {
        self.0.insert(0, pending);
        self.0.truncate(AT_ONCE);
        self
    }

    /// The one with this `state`.
    pub(super) fn find(&self, state: &str) -> Option<&Pending> {
        self.0.iter().find(|pending| pending.state == state)
    }
}

impl fmt::Display for UnderWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Pending { state, expires_at, proof }) in self.0.iter().enumerate() {
            let join = if at == 0 { "" } else { "!" };
            write!(f, "{join}{state}:{}", expires_at.timestamp())?;
            proof.iter().try_for_each(|Proof { nonce, verifier }| write!(f, ":{nonce}:{verifier}"))?;
        }
        Ok(())
    }
}

impl Pending {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, ':').map(str::to_owned);
        let (state, ends) = (parts.next()?, parts.next()?);
        let proof = match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) => None,
            (Some(nonce), Some(verifier), None) => Some(Proof { nonce, verifier }),
            _ => return None,
        };
        let is_short = |text: &str| (1..=LONGEST).contains(&text.len());
        let fits = is_short(&state) && proof.iter().all(|proof| is_short(&proof.nonce) && is_short(&proof.verifier));
        let expires_at = DateTime::from_timestamp(ends.parse().ok()?, 0)?;
        fits.then_some(Self { state, expires_at, proof })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn pending(state: &str, ends: i64) -> Pending {
        let proof = (ends % 2 == 0).then(|| Proof { nonce: "aa".to_owned(), verifier: "bb".to_owned() });
        Pending { state: state.to_owned(), expires_at: at(ends), proof }
    }

    #[test]
    fn a_browser_keeps_its_last_five_sign_ins_until_they_expire() {
        let all = (10..).zip(["a", "b", "c", "d", "e", "f"]);
        let all = all.fold(UnderWay::default(), |all, (number, state)| all.and(pending(state, number)));
        assert_eq!(all.to_string(), "f:15!e:14:aa:bb!d:13!c:12:aa:bb!b:11");
        let read = UnderWay::read(Some(&all.to_string()), at(12));
        assert_eq!(read.to_string(), "f:15!e:14:aa:bb!d:13");
        assert_eq!(read.find("e"), Some(&pending("e", 14)));
        assert_eq!((read.find("c"), read.find("")), (None, None));
    }

    #[test]
    fn what_is_no_sign_in_is_passed_over() {
        assert_eq!(UnderWay::read(Some("a:601"), at(0)), UnderWay::default(), "longer than any lasts");
        assert!(UnderWay::read(Some("a:600"), at(0)).find("a").is_some());
        let long = "x".repeat(65);
        for text in
            ["", "a", "a:", ":5", "a:b", "a:5:c", "a:5:c:d:e", "a:5:c:", "a:99999999999999999999", &format!("{long}:5")]
        {
            assert_eq!(UnderWay::read(Some(text), at(0)), UnderWay::default(), "{text}");
        }
        assert!(UnderWay::read(Some(&format!("{}:5", &long[1..])), at(0)).find(&long[1..]).is_some());
    }

    proptest! {
        #[test]
        fn any_cookie_is_read(text in ".*") {
            let read = UnderWay::read(Some(&text), at(0));
            prop_assert_eq!(UnderWay::read(Some(&read.to_string()), at(0)), read);
        }
    }
}
