//! What a fault does: one enum for each place where an answer is changed.

use super::place::Place;

/// What a fault does, by the place where it does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Header(HeaderFault),
    Signature(SignatureFault),
    Claims(ClaimFault),
}

/// What is wrong with the header of a token, and with the algorithm that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderFault {
    AlgNone,
    AlgNoneMixedCase,
    HmacWithPublicKey,
    HmacWithEmptyKey,
    /// The header says RS256 and the signature is of ГОСТ, or the reverse.
    AlgMislabelled,
    /// A valid token in the other algorithm.
    AlgSwitched,
    AlgUnadvertised,
    KidUnknown,
    KidAbsentOneKey,
    KidAbsentManyKeys,
    KidDuplicate,
    KidHostile,
    JwkEmbedded,
    JkuForeign,
    CritUnknown,
    KindSwapped,
    Base64Odd,
}

/// What is wrong with the signature of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    BitFlipped,
    PayloadEdited,
    Stripped,
    Stranger,
    GostReversed,
    GostZero,
    Parts,
}

/// What is wrong with what a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClaimFault {
    IssOther,
    IssMissing,
    IssOfOtherStand,
    AudOther,
    AudMissing,
    AudArrayOwn,
    AudArrayForeign,
    ClientIdOther,
    ExpPast,
    ExpMissing,
    ExpMilliseconds,
    ExpAsString,
    IatFuture,
    NbfFuture,
    IatMissing,
    /// All times are off, as of a clock that is ahead.
    Skew,
    SubMissing,
    SubType,
    SubAbove2To53,
    /// The id token is of another person than the access token.
    SubjectsDisagree,
    NonceOther,
    NonceAbsent,
    NonceUnsupported,
    AtHashWrong,
    AcrLower,
    AuthTimeOld,
    IsTrustedAbsent,
    BoolAsString,
    LevelChild,
    ContactUnverified,
    ScopeNarrowed,
    ScopeForeignOid,
    DuplicateKey,
    Bomb,
}

impl Act {
    /// Whether it has anything to do with the answers of a place.
    pub(crate) fn acts_at(self, place: Place) -> bool {
        match self {
            Self::Header(HeaderFault::KidDuplicate) => place == Place::Keys,
            Self::Header(HeaderFault::KidAbsentManyKeys) => matches!(place, Place::Keys | Place::Token),
            Self::Claims(ClaimFault::ContactUnverified) => place == Place::Resource,
            Self::Claims(ClaimFault::BoolAsString) => matches!(place, Place::Token | Place::Resource),
            Self::Header(_) | Self::Signature(_) | Self::Claims(_) => place == Place::Token,
        }
    }

    /// Whether the answers that it changes are of nobody in particular, so that it cannot be set for one person or state.
    pub(crate) fn is_of_nobody(self) -> bool {
        self.acts_at(Place::Keys)
    }
}
