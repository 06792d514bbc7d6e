//! Acts of faults: one enum for each kind of response that is changed.

use web::TlsFault;

use super::place::Place;

/// Act of a fault, by the kind of response that it changes.
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
    /// Done by the program that drives the browser, not by the provider.
    Browser,
    /// Met at a port of its own whose TLS is wrong. No world has it.
    Tls(TlsFault),
}

/// Act on the header of a token, `alg` included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderFault {
    AlgNone,
    AlgNoneMixedCase,
    HmacWithPublicKey,
    HmacWithEmptyKey,
    /// The header says RS256 and the signature is ГОСТ, or the reverse.
    AlgMislabelled,
    /// Valid token, signed in the other algorithm.
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

/// Act on the signature of a token.
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

/// Act on the claims of a token.
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
    /// All times are shifted, as by a clock that is ahead.
    Skew,
    SubMissing,
    SubType,
    SubAbove2To53,
    /// The id token names another person than the access token.
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

/// Act on the published keys, and on the key that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// A new key signs; the old and the new key are published, in this order.
    RotatedAfterLogin,
    /// A new key signs; the new and the old key are published, in this order.
    RotatedBeforeSigning,
    /// A new key signs and is the only one published.
    NoOverlap,
    /// The old key signs; a new one is published after it.
    PublishedNotUsed,
    /// The old key signs; only a new one is published.
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

/// Act on the discovery document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DiscoveryFault {
    IssuerOther,
    TokenEndpointForeign,
    Moved,
    Junk,
}

/// Act on the response to an authorization request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthorizationFault {
    StateMissing,
    StateOther,
    /// `state` that an earlier sign-in has used.
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

/// Act on the response of the token endpoint.
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

/// Act on personal data.
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

/// Act on a logout token, or on the redirect after logout.
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

/// Act on the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NetworkFault {
    /// Reset before the request is processed.
    Refused,
    /// Reset instead of the response.
    Reset,
    Empty,
    Garbage,
    BrokenChunk,
    Drip,
    Cut,
    Slow,
}

/// Act on clocks and lifetimes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFault {
    ClientBehind,
    ClientAhead,
    CodeLate,
    TokenEndsInUse,
    Birthday,
}

impl Act {
    /// Whether the act changes responses of this place.
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

    /// Whether the changed responses belong to no person, so that the fault cannot be set for one person or one
    /// sign-in.
    pub(crate) fn is_of_nobody(self) -> bool {
        let is_network = matches!(self, Self::Network(_));
        !is_network && (self.acts_at(Place::Keys) || self.acts_at(Place::Discovery))
    }

    /// Whether the act needs a signing key that no client knows yet.
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
