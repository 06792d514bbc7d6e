use crate::language::{pick, tr};

/// Why a key or a certificate cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No PEM block of the expected kind. Holds the label that was expected.
    #[error("{}", tr!("ожидался блок PEM «{_0}»", "a PEM block «{_0}» is expected"))]
    Pem(&'static str),
    /// The certificate is not a DER certificate of X.509.
    #[error("{}", tr!("сертификат не читается: {_0}", "the certificate cannot be read: {_0}"))]
    Certificate(String),
    /// The certificate's key is of a kind that no signature here is checked with. Holds its name.
    #[error(
        "{}",
        tr!(
            "ключ сертификата — {_0}, а подписи принимаются только ключами RSA (от 2048 бит) и ГОСТ Р 34.10-2012",
            "the key of the certificate is {_0}; signatures are accepted by keys of RSA (2048 bits and more) and GOST R 34.10-2012 only"
        )
    )]
    UnsupportedKind(String),
    /// A private key where a certificate is asked for.
    #[error(
        "{}",
        pick(
            "здесь только закрытый ключ, а регистрируется сертификат; закрытый ключ никому не передают",
            "this is a private key alone, and a certificate is registered; a private key is handed to nobody"
        )
    )]
    OnlyPrivateKey,
    /// A public key where a certificate is asked for.
    #[error(
        "{}",
        pick(
            "здесь открытый ключ без сертификата, а регистрируется сертификат X.509",
            "this is a public key without a certificate, and an X.509 certificate is registered"
        )
    )]
    OnlyPublicKey,
    /// A request for a certificate.
    #[error(
        "{}",
        pick(
            "это запрос на сертификат (CSR), а регистрируется сам сертификат",
            "this is a request for a certificate (CSR), and the certificate itself is registered"
        )
    )]
    Request,
    /// Too many certificates at once. Holds how many.
    #[error(
        "{}",
        tr!(
            "сертификатов в одном тексте {_0}: это не цепочка",
            "there are {_0} certificates in one text: this is no chain"
        )
    )]
    Chain(usize),
    /// Another algorithm than RSA with at least 2048 bits or ГОСТ Р 34.10-2012.
    #[error(
        "{}",
        pick(
            "ключ не RSA (от 2048 бит) и не ГОСТ Р 34.10-2012",
            "the key is neither RSA (2048 bits and more) nor GOST R 34.10-2012"
        )
    )]
    Unsupported,
    /// ГОСТ with a curve that is not in use. Holds the object identifier.
    #[error("{}", tr!("набор параметров ГОСТ «{_0}» неизвестен", "the set of GOST parameters «{_0}» is unknown"))]
    ParamSet(String),
    /// The public key is not a point of its curve.
    #[error(
        "{}",
        pick("открытый ключ ГОСТ — не точка своей кривой", "the public key of GOST is no point of its curve")
    )]
    Point,
    /// The private key is zero or too great for its curve.
    #[error(
        "{}",
        pick(
            "закрытый ключ ГОСТ — не число от 1 до порядка кривой",
            "the private key of GOST is no number from 1 to the order of the curve"
        )
    )]
    Number,
    /// The private key is of another pair than the certificate.
    #[error("{}", pick("закрытый ключ не от этого сертификата", "the private key is not of this certificate"))]
    Mismatch,
    /// The library refused to sign.
    #[error("{}", pick("подписать не удалось", "signing has failed"))]
    Signing,
}

impl KeyError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Pem(_) => "key-pem",
            Self::Certificate(_) => "key-certificate",
            Self::UnsupportedKind(_) | Self::Unsupported => "key-unsupported",
            Self::OnlyPrivateKey => "key-only-private",
            Self::OnlyPublicKey => "key-only-public",
            Self::Request => "key-request",
            Self::Chain(_) => "key-chain",
            Self::ParamSet(_) => "key-param-set",
            Self::Point => "key-point",
            Self::Number => "key-number",
            Self::Mismatch => "key-mismatch",
            Self::Signing => "key-signing",
        }
    }
}
