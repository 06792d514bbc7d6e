//! What a fault does: one enum for each place where an answer is changed.

use web::TlsFault;

use super::place::Place;

/// What a fault does, by the place where it does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Header(HeaderFault),
    Signature(SignatureFault),
    Claims(ClaimFault),
    Keys(KeyFault),
    Discovery(DiscoveryFault),
    Authorization(AuthorizationFault),
    TokenResponse(TokenResponseFault),
    Resource(ResourceFault),
    Logout(LogoutFault),
    Network(NetworkFault),
    Time(TimeFault),
    /// The provider has no part in it: whoever drives the browser does it.
    Browser,
    /// The connection is not come to: a port of its own has TLS that is wrong.
    Tls(TlsFault),
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

/// What is wrong with the keys as they are published, and which key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// A new key signs, the old one is published first.
    RotatedAfterLogin,
    /// A new key signs and is published first.
    RotatedBeforeSigning,
    /// A new key signs and is the only one.
    NoOverlap,
    /// The old key signs, a new one is published, too.
    PublishedNotUsed,
    /// The old key signs, only a new one is published.
    Withdrawn,
    FetchFails,
    EmptySet,
    Slow,
    Huge,
    WithoutAlg,
    UseEnc,
    ArchiveChanged,
    CertificateOver,
}

/// What is wrong with the discovery document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DiscoveryFault {
    IssuerOther,
    TokenEndpointForeign,
    Moved,
    Junk,
}

/// What is wrong with the answer to an authorization request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthorizationFault {
    StateMissing,
    StateOther,
    /// A state that is used already.
    BackButton,
    IssWrong,
    IssDropped,
    Denied,
    NotConfirmed,
    OurOwnFault,
    Overloaded,
    UnknownError,
    ErrorAndCode,
    DescriptionHostile,
    CodeLong,
    ExtraParameters,
    CodeOfAnother,
    UserLocked,
    NoFactor,
    UserTimeout,
    WeakFactor,
}

/// What is wrong with the answer of the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenResponseFault {
    InvalidGrant,
    Failed,
    Unavailable,
    Html,
    Empty,
    CutJson,
    Slow,
    Reset,
    NoIdToken,
    NoRefresh,
    NoExpiresIn,
    TokenTypeCase,
    ExpiresInString,
    TokenTypeUnknown,
    StateOther,
    Redirect,
    RefreshOtherPerson,
    RefreshOtherIssuer,
    RefreshRevoked,
}

/// What is wrong with personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResourceFault {
    Expired,
    ErrorInArray,
    Forbidden,
    SubOther,
    Failed,
    Slow,
    PartFails,
    LinksForeign,
    Empty,
    FieldsMissing,
    PersonChanged,
    ConsentWithdrawn,
    Charset,
}

/// What is wrong with a logout token, or with the way back after signing out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogoutFault {
    AlgNone,
    WrongAlg,
    WrongAud,
    WrongIss,
    NoEvent,
    WrongEvent,
    WithNonce,
    NoSubject,
    IdToken,
    Replayed,
    UnknownSid,
    StateMissing,
    StateOther,
    NoReturn,
}

/// What is wrong with the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NetworkFault {
    /// Reset before the request is acted upon.
    Refused,
    /// Reset in place of the answer.
    Reset,
    Empty,
    Garbage,
    BrokenChunk,
    Drip,
    Cut,
    Slow,
}

/// What is wrong with clocks and terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFault {
    ClientBehind,
    ClientAhead,
    CodeLate,
    TokenEndsInUse,
    Birthday,
}

impl Act {
    /// Whether it has anything to do with the answers of a place.
    pub(crate) fn acts_at(self, place: Place) -> bool {
        match self {
            Self::Browser | Self::Tls(_) => false,
            Self::Keys(KeyFault::NoOverlap) => matches!(place, Place::Keys | Place::Token | Place::Resource),
            Self::Header(HeaderFault::KidAbsentManyKeys)
            | Self::Keys(KeyFault::RotatedAfterLogin | KeyFault::RotatedBeforeSigning) => {
                matches!(place, Place::Keys | Place::Token)
            }
            Self::Header(HeaderFault::KidDuplicate) | Self::Keys(_) => place == Place::Keys,
            Self::Claims(ClaimFault::BoolAsString | ClaimFault::SubAbove2To53) => {
                matches!(place, Place::Token | Place::Resource)
            }
            Self::Claims(ClaimFault::ContactUnverified) | Self::Resource(_) | Self::Time(TimeFault::Birthday) => {
                place == Place::Resource
            }
            Self::Time(TimeFault::ClientBehind | TimeFault::ClientAhead) => {
                matches!(place, Place::Authorize | Place::Token)
            }
            Self::Header(_) | Self::Signature(_) | Self::Claims(_) | Self::TokenResponse(_) | Self::Time(_) => {
                place == Place::Token
            }
            Self::Discovery(_) => place == Place::Discovery,
            Self::Authorization(_) => matches!(place, Place::Authorize | Place::Return),
            Self::Logout(LogoutFault::StateMissing | LogoutFault::StateOther | LogoutFault::NoReturn) => {
                place == Place::Logout
            }
            Self::Logout(_) => place == Place::LogoutToken,
            Self::Network(_) => matches!(place, Place::Token | Place::Resource | Place::Keys),
        }
    }

    /// Whether the answers that it changes are of nobody in particular, so that it cannot be set for one person or state.
    pub(crate) fn is_of_nobody(self) -> bool {
        let is_network = matches!(self, Self::Network(_));
        !is_network && (self.acts_at(Place::Keys) || self.acts_at(Place::Discovery))
    }

    /// Whether it needs a key that no client knows yet.
    pub(crate) const fn needs_key(self) -> bool {
        matches!(
            self,
            Self::Keys(
                KeyFault::RotatedAfterLogin
                    | KeyFault::RotatedBeforeSigning
                    | KeyFault::NoOverlap
                    | KeyFault::PublishedNotUsed
                    | KeyFault::Withdrawn
            )
        )
    }
}
