/// Why a key or a certificate cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No PEM block of the expected kind. Holds the label that was expected.
    #[error("ожидался блок PEM «{0}»")]
    Pem(&'static str),
    /// The certificate is not a DER certificate of X.509.
    #[error("сертификат не читается: {0}")]
    Certificate(String),
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
            Self::Unsupported => "key-unsupported",
            Self::ParamSet(_) => "key-param-set",
            Self::Point => "key-point",
            Self::Number => "key-number",
            Self::Mismatch => "key-mismatch",
            Self::Signing => "key-signing",
        }
    }
}
