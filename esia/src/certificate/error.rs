/// Why a key or a certificate cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No PEM block of the expected kind. Holds the label that was expected.
    #[error("ожидался блок PEM «{0}»")]
    Pem(&'static str),
    /// The certificate is not a DER certificate of X.509.
    #[error("сертификат не читается: {0}")]
    Certificate(String),
    /// The certificate's key is of a kind that no signature here is checked with. Holds its name.
    #[error("ключ сертификата — {0}, а подписи принимаются только ключами RSA (от 2048 бит) и ГОСТ Р 34.10-2012")]
    UnsupportedKind(String),
    /// A private key where a certificate is asked for.
    #[error("здесь только закрытый ключ, а регистрируется сертификат; закрытый ключ никому не передают")]
    OnlyPrivateKey,
    /// A public key where a certificate is asked for.
    #[error("здесь открытый ключ без сертификата, а регистрируется сертификат X.509")]
    OnlyPublicKey,
    /// A request for a certificate.
    #[error("это запрос на сертификат (CSR), а регистрируется сам сертификат")]
    Request,
    /// Too many certificates at once. Holds how many.
    #[error("сертификатов в одном тексте {0}: это не цепочка")]
    Chain(usize),
    /// Another algorithm than RSA with at least 2048 bits or ГОСТ Р 34.10-2012.
    #[error("ключ не RSA (от 2048 бит) и не ГОСТ Р 34.10-2012")]
    Unsupported,
    /// ГОСТ with a curve that is not in use. Holds the object identifier.
    #[error("набор параметров ГОСТ «{0}» неизвестен")]
    ParamSet(String),
    /// The public key is not a point of its curve.
    #[error("открытый ключ ГОСТ — не точка своей кривой")]
    Point,
    /// The private key is zero or too great for its curve.
    #[error("закрытый ключ ГОСТ — не число от 1 до порядка кривой")]
    Number,
    /// The private key is of another pair than the certificate.
    #[error("закрытый ключ не от этого сертификата")]
    Mismatch,
    /// The library refused to sign.
    #[error("подписать не удалось")]
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
