//! Verification of `client_secret`, the client's signature of a request, with the mistake that explains a failure (ESIA
//! §2).

use std::{fmt, slice};

use esia::{
    Certificate, EsiaError,
    cms::{self, CmsError},
    language::{Told, both, pick, tr},
    secret::{self, Order, RawError, Request, Secret, Wanted, Wrapping},
};
use worlds::{Check, mistakes::named};

use super::judge::{Judge, Rule, Version};
use crate::{clients::Client, slips::value::is_placeholder, state::Gosuslugi};

const SIGNATURE: Rule = ("client-signature", "ESIA §2.1, §2.2");
const HASH: Rule = ("certificate-hash", "ESIA §2.4");
const FORM: Rule = ("client-secret-form", "ESIA §2.5");
const CONTAINER: Rule = ("client-secret-container", "ESIA §2.2");
const ACTIVE: Rule = ("client-certificate-active", "ESIA §1.5");
const SOURCE: &str = "ESIA §1.2, §3.2";

/// Maximum length of a `client_secret` that is examined, characters. A CMS with a chain of certificates has about ten
/// thousand; a body of twice this length is not read at all.
const MAX_SECRET: usize = 32 * 1024;

/// Values that a request signs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// Row of ESIA §2.1 that gives the order of the values to be signed.
    pub(super) order: Order,
    /// Another order that is accepted.
    pub(super) also: Option<Order>,
    /// Whether `client_certificate_hash` is optional (ESIA §3.2).
    pub(super) may_omit_hash: bool,
    pub(super) request: Request<'a>,
}

impl Call<'_> {
    pub(super) fn string(&self) -> String {
        self.order.string(&self.request)
    }
}

/// Error of a signature, by its container.
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
    /// Returns the stable name of the error, for verdicts and tests.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Cms(error) => error.code(),
            Self::Raw(error) => error.code(),
        }
    }

    /// Whether the error only says that nothing matches, so that an explanation says more.
    pub(super) const fn is_vague(&self) -> bool {
        matches!(
            self,
            Self::Raw(_)
                | Self::Cms(
                    CmsError::DigestMismatch { .. }
                        | CmsError::ContentMismatch { .. }
                        | CmsError::SignatureMismatch { .. }
                )
        )
    }
}

impl Judge<'_> {
    /// Checks that `client_secret` is a signature of the request's string, in the container of this version, made with
    /// one of the client's certificates.
    pub(super) async fn secret(&self, client: &Client, call: &Call<'_>) -> Result<(), EsiaError> {
        let text = self.required("client_secret", SOURCE)?;
        let by_hash = match self.protocol.version {
            Version::First => None,
            Version::Second => self.certificate_hash(client, call).await?,
        };
        let Some(bytes) = self.decoded(client, call, text)? else { return Ok(()) };
        let secret = self.container(client, call, &bytes)?;
        let certificates = by_hash.map_or(client.certificates.as_slice(), slice::from_ref);
        let holds = |order: Order| holds(secret, &order.string(&call.request), certificates);
        let held = holds(call.order).or_else(|error| call.also.and_then(|also| holds(also).ok()).ok_or(error));
        match held {
            Ok(certificate) => {
                let got = both!("подпись сходится: {}", "the signature holds: {}", certificate.subject());
                self.checks.record(expecting(client, call, got, true));
                self.active(certificate)
            }
            Err(error) => self.unsigned(client, call, secret, &error).await,
        }
    }

    /// Checks that `client_certificate_hash` names one of the client's certificates, and returns that certificate.
    async fn certificate_hash<'c>(
        &self,
        client: &'c Client,
        call: &Call<'_>,
    ) -> Result<Option<&'c Certificate>, EsiaError> {
        let expected =
            || both!("хэш DER одного из сертификатов системы", "the hash of DER of a certificate of the client");
        let Some(hash) = self.optional("client_certificate_hash")? else {
            if call.may_omit_hash {
                return Ok(None);
            }
            let found = self.first_version(
                client,
                call,
                Check::failed(HASH, expected(), both!("нет или пуст", "missing or empty")).mistakes(["hash-missing"]),
            );
            let missing = EsiaError::MissingParameter("client_certificate_hash".to_owned());
            return self.prefer(with_hashes(found, client), missing).map(|()| None);
        };
        match Certificate::find_by_hash(hash, &client.certificates) {
            Some((certificate, how)) if how.is_accepted() => {
                let got = both!("{how}: {}", "{how}: {}", certificate.subject());
                self.checks.expect(HASH, expected(), got.clone(), true);
                // Documents name Streebog; for keys of RSA both are in use.
                let is_gost = certificate.public_key().is_ok_and(|key| matches!(key.signature_size(), 64 | 128));
                let of_sha256 = (is_gost && how.is_sha256()).then(|| "hash-sha256".to_owned());
                self.tolerate(
                    HASH,
                    both!("ГОСТ Р 34.11-2012 (256) от DER", "GOST R 34.11-2012 (256) of DER"),
                    got,
                    of_sha256,
                );
                Ok(Some(certificate))
            }
            Some((certificate, how)) => {
                let got = both!("{hash}: {how} ({})", "{hash}: {how} ({})", certificate.subject());
                let found = Check::failed(HASH, expected(), got).mistakes([how.code()]);
                self.prefer(with_hashes(found, client), EsiaError::ClientSecretWrong).map(|()| None)
            }
            None => {
                let whose = self.stranger(client, |other| other.hash_match(hash).is_some()).await;
                let (got, mistake, error) = stranger(hash, whose);
                let found = Check::of(HASH, expected(), got, false).mistakes([mistake]);
                self.prefer(with_hashes(found, client), error).map(|()| None)
            }
        }
    }

    /// Returns the owner of a certificate that is not registered for this client: the client itself earlier, the
    /// provider, or another client.
    pub(super) async fn stranger(
        &self,
        client: &Client,
        is_it: impl Fn(&Certificate) -> bool + Send + Sync,
    ) -> Option<Whose> {
        if let Some(old) = client.retired.iter().find(|certificate| is_it(certificate)) {
            return Some(Whose::Retired(describe(old)));
        }
        if self.keys.certificates().any(&is_it) {
            return Some(Whose::Provider);
        }
        let look = |state: &Gosuslugi, _| {
            let mut others = state.clients.iter().filter(|other| other.spec.mnemonic != client.spec.mnemonic);
            let owner = others.find(|other| other.certificates.iter().any(&is_it))?;
            Some(Whose::Another(owner.spec.mnemonic.to_string()))
        };
        self.world.world.read(look).await.ok().flatten()
    }

    /// Decodes the secret; if it cannot be decoded, records what was sent instead.
    fn decoded(&self, client: &Client, call: &Call<'_>, text: &str) -> Result<Option<Vec<u8>>, EsiaError> {
        let expected = match self.protocol.version {
            Version::First => both!("CMS в base64url", "a CMS in base64url"),
            Version::Second => both!("подпись в base64url", "a signature in base64url"),
        };
        let refused = |got: Told, name: &'static str| {
            let found = Check::of(FORM, expected.clone(), got, false).mistakes([name]);
            let found = self.first_version(client, call, found).detail("Нужно подписать", call.string());
            self.prefer(found, EsiaError::ClientSecretWrong).map(|()| None)
        };
        if text.len() > MAX_SECRET {
            return refused(
                both!("длиннее {MAX_SECRET} знаков", "longer than {MAX_SECRET} characters"),
                "secret-too-long",
            );
        }
        let (string, keys) = (call.string(), client.certificates.iter().filter_map(|one| one.public_key().ok()));
        let sizes: Vec<_> = keys.map(esia::PublicKey::signature_size).collect();
        let certificate_hash = self.params.one("client_certificate_hash").ok();
        let is_cms = self.protocol.version == Version::First;
        match secret::look(text, &Wanted { is_cms, sizes: &sizes, string: &string, certificate_hash }) {
            // Reported with the container, because a lenient world accepts either container.
            None | Some(Wrapping::RawForCms(_) | Wrapping::CmsForRaw) => {}
            Some(other) => return refused(both!("{other}", "{other}"), other.code()),
        }
        match secret::decode_base64_any(text) {
            Ok(bytes) => {
                self.checks.expect(FORM, expected.clone(), both!("{} байт", "{} bytes", bytes.len()), true);
                let got = both!("с пробелами или переводами строк", "with blanks or line ends");
                self.tolerate(FORM, expected, got, broken_base64(text));
                Ok(Some(bytes))
            }
            Err(error) => refused(Told::from_display(&error), error.code()),
        }
    }

    /// Returns the secret in its container: that of this version, or either one where mistakes are tolerated.
    fn container<'b>(&self, client: &Client, call: &Call<'_>, bytes: &'b [u8]) -> Result<Secret<'b>, EsiaError> {
        let (secret, mistake) = match (self.protocol.version, secret::is_cms(bytes), is_raw(bytes)) {
            (Version::First, false, true) => (Secret::Raw(bytes), "container-raw"),
            // Anything else is read as a CMS, so that the error says what is wrong with it.
            (Version::First, _, _) => return Ok(Secret::Cms(bytes)),
            (Version::Second, true, _) => (Secret::Cms(bytes), "container-cms"),
            (Version::Second, false, _) => return Ok(Secret::Raw(bytes)),
        };
        let (cms, raw) = (
            Told::from("CMS (PKCS#7)"),
            both!("только значение подписи, без CMS", "the value of the signature alone, no CMS"),
        );
        let (expected, got) = if self.protocol.version == Version::First { (cms, raw) } else { (raw, cms) };
        let found = Check::of(CONTAINER, expected, got, false).mistakes([mistake]);
        self.prefer(self.first_version(client, call, found), EsiaError::ClientSecretWrong)?;
        Ok(secret)
    }

    /// Adds a note to the check if a request to a newer endpoint has a correct signature of the first version.
    fn first_version(&self, client: &Client, call: &Call<'_>, found: Check) -> Check {
        let secret = self.params.one("client_secret").ok().filter(|text| text.len() <= MAX_SECRET);
        let cms = secret.and_then(|text| secret::decode_base64_any(text).ok()).filter(|bytes| secret::is_cms(bytes));
        let signed = Order::V1.string(&call.request);
        let is_right = |cms: &Vec<u8>| holds(Secret::Cms(cms), &signed, &client.certificates).is_ok();
        if self.protocol.version == Version::First || !cms.as_ref().is_some_and(is_right) {
            return found;
        }
        let endpoints = both!(
            "В client_secret — верная подпись первой версии: её адреса /aas/oauth2/ac и /aas/oauth2/te",
            "client_secret is a right signature of the first version, whose addresses are /aas/oauth2/ac and /aas/oauth2/te"
        );
        found.mistakes(["version-first"]).detail("Другая версия", endpoints)
    }

    fn active(&self, certificate: &Certificate) -> Result<(), EsiaError> {
        let (from, until) = (certificate.not_before(), certificate.not_after());
        let term = both!(
            "действует с {} по {}",
            "it holds from {} to {}",
            worlds::moscow::date_time(from),
            worlds::moscow::date_time(until)
        );
        let now = worlds::moscow::date_time(self.now);
        let (got, name) = match () {
            () if self.now < from => (
                both!(
                    "сертификат ещё не действует: в мире {now}, он начнётся {}",
                    "the certificate does not hold yet: in the world it is {now}, it begins at {}",
                    worlds::moscow::date_time(from)
                ),
                Some("certificate-not-yet"),
            ),
            () if self.now > until => (
                both!(
                    "срок сертификата истёк: в мире {now}, он кончился {}",
                    "the certificate has expired: in the world it is {now}, it ended at {}",
                    worlds::moscow::date_time(until)
                ),
                Some("slip-stale-certificate"),
            ),
            () => (both!("время мира {now}", "the world's time is {now}"), None),
        };
        let found = Check::of(ACTIVE, term, got, name.is_none()).mistakes(name);
        self.prefer(found, EsiaError::ClientSecretWrong)
    }
}

/// The name of what is passed over in a base64 with blanks: a `+` that was not encoded, or line ends.
fn broken_base64(text: &str) -> Option<String> {
    let was_plus = text.trim().contains(' ') && !text.contains(['+', '-', '_', '\r', '\n']);
    let id = if was_plus { "plus-as-blank" } else { "base64-lines" };
    text.contains(|sign: char| sign.is_ascii_whitespace()).then(|| named(id, "client_secret"))
}

/// Owner of a certificate that is not registered for this client.
pub(super) enum Whose {
    /// An earlier registration of this client; holds the description of the certificate.
    Retired(String),
    /// The provider itself owns the certificate.
    Provider,
    /// Another client; holds its mnemonic.
    Another(String),
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retired(which) => {
                f.write_str(&tr!("прежний сертификат системы: {which}", "a former certificate of the client: {which}"))
            }
            Self::Provider => f.write_str(pick(
                "сертификат самой ЕСИА, а нужен сертификат системы",
                "the certificate of ESIA itself, and a certificate of the client is needed",
            )),
            Self::Another(mnemonic) => f.write_str(&tr!(
                "сертификат другой системы: {mnemonic}",
                "the certificate of another client: {mnemonic}"
            )),
        }
    }
}

/// Explains a hash that no certificate of this client has: text, mistake and error.
fn stranger(hash: &str, whose: Option<Whose>) -> (Told, String, EsiaError) {
    match whose {
        None => {
            let (told, name) = unknown_hash(hash);
            (both!("{}: {told}", "{}: {told}", esia::visible::visible(hash)), name, EsiaError::ClientSecretWrong)
        }
        Some(Whose::Provider) => (
            both!("{hash}: {}", "{hash}: {}", Whose::Provider),
            "hash-of-provider".to_owned(),
            EsiaError::ClientSecretWrong,
        ),
        Some(old @ Whose::Retired(_)) => {
            (both!("{hash}: {old}", "{hash}: {old}"), "slip-stale-certificate".to_owned(), EsiaError::ClientSecretWrong)
        }
        Some(other @ Whose::Another(_)) => (
            both!("{hash}: {other}", "{hash}: {other}"),
            "hash-of-another-client".to_owned(),
            EsiaError::CertificateNotOfClient,
        ),
    }
}

/// Explains the form of a hash that no certificate here has.
fn unknown_hash(hash: &str) -> (Told, String) {
    if is_placeholder(hash) {
        let told = both!("слово вместо значения", "a word in place of the value");
        return (told, named("parameter-placeholder", "client_certificate_hash"));
    }
    let (told, name) = unknown_digits(hash);
    (told, name.to_owned())
}

/// Explains the digits of a hash that no certificate here has.
fn unknown_digits(hash: &str) -> (Told, &'static str) {
    let digits = hash.chars().filter(char::is_ascii_hexdigit).count();
    let is_hex = hash.chars().all(|sign| sign.is_ascii_hexdigit() || ":- ".contains(sign));
    let needed = both!(
        "нужны 64 шестнадцатеричных знака: ГОСТ Р 34.11-2012 (256) от DER",
        "64 hexadecimal digits are needed: GOST R 34.11-2012 (256) of DER"
    );
    match digits {
        64 if is_hex => (
            both!(
                "такого хэша нет ни у одного сертификата, известного здесь: посчитан от другого файла",
                "no certificate that is known here has such a hash: it was computed of another file"
            ),
            "hash-unknown",
        ),
        32 if is_hex => {
            (both!("32 знака — длина MD5; {needed}", "32 digits are the length of MD5; {needed}"), "hash-md5")
        }
        40 if is_hex => (
            both!(
                "40 знаков — длина SHA-1, и не от сертификата системы; {needed}",
                "40 digits are the length of SHA-1, and not of a certificate of the client; {needed}"
            ),
            "hash-length",
        ),
        digits if is_hex => (both!("знаков {digits}; {needed}", "digits: {digits}; {needed}"), "hash-length"),
        _ => (both!("это не шестнадцатеричная запись; {needed}", "this is not hexadecimal; {needed}"), "hash-not-hex"),
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

/// Checks for the length of a bare signature: ГОСТ with 256 or 512 bits, RSA with 2048 to 4096; or one byte more
/// (ESIA §2.5).
fn is_raw(bytes: &[u8]) -> bool {
    let length = bytes.len();
    [64, 128, 256, 384, 512].iter().any(|size| length == *size || length == size + 1)
}

/// Creates the check of the signature: it expects the exact string to be signed, its order of values, and a
/// certificate.
pub(super) fn expecting(client: &Client, call: &Call<'_>, got: impl Into<Told>, holds: bool) -> Check {
    let certificates: Vec<_> = client.certificates.iter().map(describe).collect();
    let string = call.string();
    let expected = both!(
        "{string}\nпорядок: {}\nсертификат: {}",
        "{string}\norder: {}\ncertificate: {}",
        call.order,
        certificates.join(pick("; или ", "; or "))
    );
    Check::of(SIGNATURE, expected, got, holds)
}

pub(super) fn describe(certificate: &Certificate) -> String {
    format!("{}, № {}, SHA-256 {}", certificate.subject(), certificate.serial(), certificate.sha256_hex())
}

/// Adds the hashes that would be right to a check.
fn with_hashes(found: Check, client: &Client) -> Check {
    let one = |certificate: &Certificate| {
        let streebog = certificate.streebog256_hex();
        both!(
            "{streebog} — ГОСТ Р 34.11-2012 (256) от DER, {}",
            "{streebog} is GOST R 34.11-2012 (256) of DER, {}",
            certificate.subject()
        )
    };
    let hashes: Vec<_> = client.certificates.iter().map(one).collect();
    found.detail(
        "Верные значения client_certificate_hash",
        Told::of(|| hashes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    )
}

/// Returns ЕСИА's error for a failed CMS (ESIA §1.4): the older code for an unsupported algorithm, the newer one
/// otherwise.
pub(super) fn refusal(error: &CmsError) -> EsiaError {
    match error {
        CmsError::WeakDigest(_) | CmsError::UnsupportedAlgorithm(_) | CmsError::AlgorithmMismatch { .. } => {
            EsiaError::UnauthorizedClient
        }
        _ => EsiaError::ClientSecretWrong,
    }
}
