//! `client_secret`: whether a system has signed what its call signs, and if not, what it did instead (§2).

use std::{fmt, slice};

use esia::{
    Certificate, EsiaError, HashMatch,
    cms::{self, CmsError},
    secret::{self, Order, RawError, Refused, Request, Secret},
};

use super::{
    judge::{Judge, Version},
    verdict::{Found, Rule},
};
use crate::{clients::Client, state::Gosuslugi};

const SIGNATURE: Rule = ("client-signature", "ESIA-PROTOCOL §2.1, §2.2");
const HASH: Rule = ("certificate-hash", "ESIA-PROTOCOL §2.4");
const FORM: Rule = ("client-secret-form", "ESIA-PROTOCOL §2.5");
const CONTAINER: Rule = ("client-secret-container", "ESIA-PROTOCOL §2.2");
const ACTIVE: Rule = ("client-certificate-active", "ESIA-PROTOCOL §1.5");
const SOURCE: &str = "ESIA-PROTOCOL §1.2, §3.2";
/// Longest `client_secret` that is looked into, characters: a CMS with a chain of certificates has some ten thousand. A
/// body of twice that length is not read at all.
const MAX_SECRET: usize = 32 * 1024;

/// What a call signs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// The row of §2.1 that it must sign.
    pub(super) order: Order,
    /// Another row that is as good.
    pub(super) also: Option<Order>,
    /// `client_certificate_hash` may be left out (§3.2).
    pub(super) may_omit_hash: bool,
    /// The values.
    pub(super) request: Request<'a>,
}

impl Call<'_> {
    fn string(&self) -> String {
        self.order.string(&self.request)
    }
}

/// Why a signature does not hold.
pub(super) enum Unsigned {
    Cms(CmsError),
    Raw(RawError),
}

impl fmt::Display for Unsigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cms(error) => error.fmt(f),
            Self::Raw(error) => error.fmt(f),
        }
    }
}

impl Unsigned {
    /// Stable name for verdicts and tests.
    const fn code(&self) -> &'static str {
        match self {
            Self::Cms(error) => error.code(),
            Self::Raw(error) => error.code(),
        }
    }

    /// Whether its own words say already what the known mistake is.
    const fn is_told(&self) -> bool {
        matches!(self, Self::Raw(RawError::Reversed | RawError::Swapped))
    }
}

impl Judge<'_> {
    /// `client_secret` is a signature of the call's string, in the container of this version, by one of the system's
    /// certificates.
    pub(super) async fn secret(&self, client: &Client, call: &Call<'_>) -> Result<(), EsiaError> {
        let text = self.required("client_secret", SOURCE)?;
        let named = match self.version {
            Version::First => None,
            Version::Second => self.certificate_hash(client, call).await?,
        };
        let Some(bytes) = self.decoded(text)? else { return Ok(()) };
        let secret = self.container(client, call, &bytes)?;
        let certificates = named.map_or(client.certificates.as_slice(), slice::from_ref);
        let holds = |order: Order| holds(secret, &order.string(&call.request), certificates);
        let held = holds(call.order).or_else(|error| call.also.and_then(|also| holds(also).ok()).ok_or(error));
        match held {
            Ok(certificate) => {
                let got = (format!("подпись сходится: {}", certificate.subject()), true);
                self.must_hold(expecting(client, call, got), EsiaError::ClientSecretWrong)?;
                self.active(certificate)
            }
            Err(error) => self.unsigned(client, call, secret, &error).await,
        }
    }

    /// `client_certificate_hash` names one of the system's certificates. Answers with that one.
    async fn certificate_hash<'c>(
        &self,
        client: &'c Client,
        call: &Call<'_>,
    ) -> Result<Option<&'c Certificate>, EsiaError> {
        const EXPECTED: &str = "хэш DER одного из сертификатов системы";
        let Some(hash) = self.optional("client_certificate_hash", SOURCE)? else {
            if call.may_omit_hash {
                return Ok(None);
            }
            let found = self.first_version(client, call, Found::new(HASH, EXPECTED, ("нет или пуст", false)));
            let missing = EsiaError::MissingParameter("client_certificate_hash".to_owned());
            return self.should_hold(with_hashes(found, client), missing).map(|()| None);
        };
        match Certificate::find_by_hash(hash, &client.certificates) {
            Some((certificate, how)) if how.is_accepted() => {
                let got = (format!("{how}: {}", certificate.subject()), true);
                self.should(HASH, EXPECTED, got, EsiaError::ClientSecretWrong)?;
                Ok(Some(certificate))
            }
            Some((certificate, how)) => {
                let got = (format!("{hash}: {how}, {}", certificate.subject()), false);
                let found = Found::new(HASH, EXPECTED, got).mistakes([hash_code(how)]);
                self.should_hold(with_hashes(found, client), EsiaError::ClientSecretWrong).map(|()| None)
            }
            None => {
                let whose = self.stranger(client, |other| other.hash_match(hash).is_some()).await;
                let (got, mistake, error) = stranger(hash, whose);
                let found = Found::new(HASH, EXPECTED, (got, false)).mistakes([mistake]);
                self.should_hold(with_hashes(found, client), error).map(|()| None)
            }
        }
    }

    /// Of this system before, or of another system of this world.
    async fn stranger(&self, client: &Client, is_it: impl Fn(&Certificate) -> bool + Send + Sync) -> Option<Whose> {
        if let Some(old) = client.retired.iter().find(|certificate| is_it(certificate)) {
            return Some(Whose::Retired(describe(old)));
        }
        let look = |state: &Gosuslugi, _| {
            let mut others = state.clients.iter().filter(|other| other.spec.mnemonic != client.spec.mnemonic);
            let owner = others.find(|other| other.certificates.iter().any(&is_it))?;
            Some(Whose::Another(owner.spec.mnemonic.to_string()))
        };
        self.world.world.read(look).await.ok().flatten()
    }

    fn decoded(&self, text: &str) -> Result<Option<Vec<u8>>, EsiaError> {
        let decoded = if text.len() > MAX_SECRET {
            Err(format!("длиннее {MAX_SECRET} знаков"))
        } else {
            secret::decode_base64_any(text).map_err(|error| error.to_string())
        };
        let got = decoded.as_ref().map_or_else(Clone::clone, |bytes| format!("{} байт", bytes.len()));
        let expected = match self.version {
            Version::First => "CMS в base64url",
            Version::Second => "подпись в base64url",
        };
        self.should(FORM, expected, (got, decoded.is_ok()), EsiaError::ClientSecretWrong)?;
        Ok(decoded.ok())
    }

    /// The container of this version; where mistakes are let through, whichever it is.
    fn container<'b>(&self, client: &Client, call: &Call<'_>, bytes: &'b [u8]) -> Result<Secret<'b>, EsiaError> {
        let (secret, mistake) = match (self.version, is_cms(bytes), is_raw(bytes)) {
            (Version::First, false, true) => (Secret::Raw(bytes), "container-raw"),
            // What is neither is read as a CMS, to say what is wrong with it.
            (Version::First, _, _) => return Ok(Secret::Cms(bytes)),
            (Version::Second, true, _) => (Secret::Cms(bytes), "container-cms"),
            (Version::Second, false, _) => return Ok(Secret::Raw(bytes)),
        };
        let (cms, raw) = ("CMS (PKCS#7)", "только значение подписи, без CMS");
        let (expected, got) = if self.version == Version::First { (cms, raw) } else { (raw, cms) };
        let found = Found::new(CONTAINER, expected, (got, false)).mistakes([mistake]);
        self.should_hold(self.first_version(client, call, found), EsiaError::ClientSecretWrong)?;
        Ok(secret)
    }

    /// Says of a request at a newer door that it is a right one of the first version, when it is.
    fn first_version(&self, client: &Client, call: &Call<'_>, found: Found) -> Found {
        let secret = self.params.one("client_secret").ok().filter(|text| text.len() <= MAX_SECRET);
        let cms = secret.and_then(|text| secret::decode_base64_any(text).ok()).filter(|bytes| is_cms(bytes));
        let signed = Order::V1.string(&call.request);
        let is_right = |cms: &Vec<u8>| holds(Secret::Cms(cms), &signed, &client.certificates).is_ok();
        if self.version == Version::First || !cms.as_ref().is_some_and(is_right) {
            return found;
        }
        let doors = "В client_secret — верная подпись первой версии: её двери /aas/oauth2/ac и /aas/oauth2/te";
        found.mistakes(["version-first"]).detail("Другая версия", doors)
    }

    /// The signature does not hold: why, and what it would be good for.
    async fn unsigned(
        &self,
        client: &Client,
        call: &Call<'_>,
        secret: Secret<'_>,
        error: &Unsigned,
    ) -> Result<(), EsiaError> {
        let mistake = secret::explain(&Refused {
            secret,
            order: call.order,
            request: call.request,
            certificates: &client.certificates,
            stale: &client.retired,
            certificate_hash: self.params.one("client_certificate_hash").ok(),
        });
        let whose = match error {
            Unsigned::Cms(CmsError::CertificateNotRegistered { sha256, .. }) => {
                self.stranger(client, |other| other.sha256_hex() == *sha256).await
            }
            _ => None,
        };
        let of_another = whose.as_ref().map(|whose| format!("это {whose}"));
        let slips = mistake.iter().flat_map(|mistake| &mistake.slips);
        let told = slips.clone().skip(usize::from(error.is_told())).map(ToString::to_string);
        let told: Vec<_> = std::iter::once(error.to_string()).chain(told).chain(of_another).collect();
        let unexplained = mistake.is_none().then_some(error.code());
        let mut found = expecting(client, call, (told.join("; "), false))
            .mistakes(slips.map(secret::Slip::code).chain(unexplained))
            .detail("Нужно подписать", call.string());
        if let Some(mistake) = &mistake {
            found = found
                .detail("На самом деле подписано", mistake.signed.clone())
                .detail("Сертификат подписи", describe(&mistake.certificate));
        }
        let registered: Vec<_> = client.certificates.iter().map(describe).collect();
        let found = found.detail("Зарегистрированные сертификаты", registered.join("\n"));
        let error = match (whose, error) {
            (Some(Whose::Another(_)), _) => EsiaError::CertificateNotOfClient,
            (_, Unsigned::Cms(error)) => refusal(error),
            (_, Unsigned::Raw(_)) => EsiaError::ClientSecretWrong,
        };
        self.should_hold(found, error)
    }

    fn active(&self, certificate: &Certificate) -> Result<(), EsiaError> {
        let is_active = (certificate.not_before()..=certificate.not_after()).contains(&self.now);
        let term = format!("действует с {} по {}", certificate.not_before(), certificate.not_after());
        let found = Found::new(ACTIVE, term, (format!("время мира {}", self.now), is_active));
        let found = if is_active { found } else { found.mistakes(["slip-stale-certificate"]) };
        self.should_hold(found, EsiaError::ClientSecretWrong)
    }
}

/// Whose a certificate is that is not the system's.
enum Whose {
    /// The system's own, before. Holds which.
    Retired(String),
    /// Another's. Holds its mnemonic.
    Another(String),
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retired(which) => write!(f, "прежний сертификат системы: {which}"),
            Self::Another(mnemonic) => write!(f, "сертификат другой системы: {mnemonic}"),
        }
    }
}

/// What a hash that names none of the system's certificates means: text, mistake, answer.
fn stranger(hash: &str, whose: Option<Whose>) -> (String, &'static str, EsiaError) {
    match whose {
        None => {
            let got = format!("{hash}: такого хэша нет ни у одного из сертификатов");
            (got, "hash-unknown", EsiaError::ClientSecretWrong)
        }
        Some(old @ Whose::Retired(_)) => {
            (format!("{hash}: {old}"), "slip-stale-certificate", EsiaError::ClientSecretWrong)
        }
        Some(other @ Whose::Another(_)) => {
            (format!("{hash}: {other}"), "hash-of-another-client", EsiaError::CertificateNotOfClient)
        }
    }
}

pub(super) fn holds<'c>(
    secret: Secret<'_>,
    text: &str,
    certificates: &'c [Certificate],
) -> Result<&'c Certificate, Unsigned> {
    match secret {
        Secret::Cms(bytes) => {
            let verified = cms::verify(bytes, text.as_bytes(), certificates);
            verified.map(|verified| verified.certificate).map_err(Unsigned::Cms)
        }
        Secret::Raw(bytes) => {
            let mut refused = Err(Unsigned::Raw(RawError::Mismatch { subject: "-".to_owned() }));
            for certificate in certificates {
                match secret::verify_raw(certificate, text.as_bytes(), bytes) {
                    Ok(()) => return Ok(certificate),
                    Err(error) => refused = Err(Unsigned::Raw(error)),
                }
            }
            refused
        }
    }
}

/// `SignedData` of RFC 5652, by its identifier near the beginning: BER lengths differ.
fn is_cms(bytes: &[u8]) -> bool {
    const SIGNED_DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
    bytes.first() == Some(&0x30) && bytes.windows(SIGNED_DATA.len()).take(12).any(|part| part == SIGNED_DATA)
}

/// As long as a bare signature: of ГОСТ with 256 and 512 bits, of RSA with 2048 to 4096; or a byte longer (§2.5).
fn is_raw(bytes: &[u8]) -> bool {
    let length = bytes.len();
    [64, 128, 256, 384, 512].iter().any(|size| length == *size || length == size + 1)
}

/// The very string that must be signed, in which order, and how.
fn expecting(client: &Client, call: &Call<'_>, got: (String, bool)) -> Found {
    let certificates: Vec<_> = client.certificates.iter().map(describe).collect();
    let expected = format!("{}\nпорядок: {}\nсертификат: {}", call.string(), call.order, certificates.join("; или "));
    Found::new(SIGNATURE, expected, got)
}

fn describe(certificate: &Certificate) -> String {
    format!("{}, № {}, SHA-256 {}", certificate.subject(), certificate.serial(), certificate.sha256_hex())
}

/// With the hashes that would be right.
fn with_hashes(found: Found, client: &Client) -> Found {
    let one = |certificate: &Certificate| {
        let streebog = certificate.streebog256_hex();
        format!("{streebog} — ГОСТ Р 34.11-2012 (256) от DER, {}", certificate.subject())
    };
    let hashes: Vec<_> = client.certificates.iter().map(one).collect();
    found.detail("Верные значения client_certificate_hash", hashes.join("\n"))
}

/// Stable name of a hash that is not taken.
const fn hash_code(how: HashMatch) -> &'static str {
    match how {
        HashMatch::Streebog256 | HashMatch::Sha256 => "hash-right",
        HashMatch::Streebog512 => "hash-512",
        HashMatch::Reversed => "hash-reversed",
        HashMatch::PemStreebog256 | HashMatch::PemSha256 => "hash-of-pem",
        HashMatch::Colons => "hash-colons",
        HashMatch::Sha1 => "hash-sha1",
    }
}

/// What the system hears (§1.4): the older code for a way of signing that is not supported, the newer for the rest.
fn refusal(error: &CmsError) -> EsiaError {
    match error {
        CmsError::WeakDigest(_) | CmsError::UnsupportedAlgorithm(_) | CmsError::AlgorithmMismatch { .. } => {
            EsiaError::UnauthorizedClient
        }
        _ => EsiaError::ClientSecretWrong,
    }
}
