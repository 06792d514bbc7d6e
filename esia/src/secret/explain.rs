use std::fmt;

use chrono::{DateTime, FixedOffset, Utc};

use super::{
    Field, Order, RawError, Request,
    raw::{holds_raw, verify_raw},
};
use crate::{
    certificate::{Certificate, HashMatch},
    cms, timestamp,
};

/// `client_secret` as it came, decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret<'a> {
    /// CMS of the first version.
    Cms(&'a [u8]),
    /// The bare signature of the second and third.
    Raw(&'a [u8]),
}

/// A signature that was refused, with what a client may have mistaken.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// The signature.
    pub secret: Secret<'a>,
    /// What should have been signed.
    pub order: Order,
    /// The parameters as they came.
    pub request: Request<'a>,
    /// Whose signature it may be.
    pub certificates: &'a [Certificate],
    /// Certificates of the same client that are no more in force: expired, replaced.
    pub stale: &'a [Certificate],
    /// `client_certificate_hash`, where there is one.
    pub certificate_hash: Option<&'a str>,
}

/// One thing that a client does differently from what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The order of another call.
    Order(Order),
    /// The timestamp is signed in another form than it is sent in. Holds the signed form.
    Timestamp(String),
    /// The values are signed as they are encoded for a URL.
    Encoded,
    /// A parameter is left out.
    Missing(Field),
    /// A parameter is signed that this call does not sign.
    Extra(Field),
    /// Values are joined with this between them.
    Separator(&'static str),
    /// A line end follows the string.
    LineEnd,
    /// The signature is written from its end.
    ReversedBytes,
    /// The signature is written as `r ‖ s`.
    SwappedHalves,
    /// Signed with a key whose certificate is no more in force. Holds its subject and number.
    StaleCertificate(String),
    /// `client_certificate_hash` is another hash of the right certificate.
    CertificateHash(HashMatch),
    /// `client_certificate_hash` names another certificate of this client.
    OtherCertificate,
}

impl Slip {
    /// Stable name for verdicts and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Order(_) => "slip-order",
            Self::Timestamp(_) => "slip-timestamp",
            Self::Encoded => "slip-encoded",
            Self::Missing(_) => "slip-missing",
            Self::Extra(_) => "slip-extra",
            Self::Separator(_) => "slip-separator",
            Self::LineEnd => "slip-line-end",
            Self::ReversedBytes => "slip-reversed-bytes",
            Self::SwappedHalves => "slip-swapped-halves",
            Self::StaleCertificate(_) => "slip-stale-certificate",
            Self::CertificateHash(_) => "slip-certificate-hash",
            Self::OtherCertificate => "slip-other-certificate",
        }
    }
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(order) => write!(f, "порядок другого запроса: {order}"),
            Self::Timestamp(signed) => write!(f, "время подписано в другом виде, чем отправлено: «{signed}»"),
            Self::Encoded => f.write_str("значения подписаны уже закодированными для URL"),
            Self::Missing(field) => write!(f, "в подписанной строке нет {field}"),
            Self::Extra(field) => write!(f, "в подписанной строке лишний {field}"),
            Self::Separator(separator) => write!(f, "между значениями стоит «{separator}»"),
            Self::LineEnd => f.write_str("в конце строки лишний перевод строки"),
            Self::ReversedBytes => f.write_str("байты подписи записаны в обратном порядке"),
            Self::SwappedHalves => f.write_str("половины подписи переставлены: r ‖ s вместо s ‖ r"),
            Self::StaleCertificate(which) => {
                write!(f, "подписано ключом сертификата, который больше не действует: {which}")
            }
            Self::CertificateHash(hash) => write!(f, "client_certificate_hash посчитан иначе: {hash}"),
            Self::OtherCertificate => f.write_str("client_certificate_hash называет другой сертификат системы"),
        }
    }
}

/// Which known mistakes explain a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// All of them together.
    pub slips: Vec<Slip>,
    /// The string that the signature is good for.
    pub signed: String,
    /// The certificate that it is good with.
    pub certificate: Certificate,
}

/// «порядок другого запроса: … Подписана строка «…»»
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for slip in &self.slips {
            write!(f, "{slip}; ")?;
        }
        write!(f, "подписана строка «{}»", self.signed)
    }
}

/// Looks for known mistakes that make the signature hold: the fewest that do. `None` when nothing known explains it, or
/// when nothing is wrong.
pub fn explain(refused: &Refused<'_>) -> Option<Mistake> {
    let strings = strings(refused.order, &refused.request);
    let current = refused.certificates.iter().map(|certificate| (certificate, None));
    let stale = refused.stale.iter().map(|certificate| (certificate, Some(stale(certificate))));
    let certificates: Vec<_> = current.chain(stale).collect();
    let mut attempts: Vec<_> = strings
        .iter()
        .flat_map(|string| certificates.iter().map(move |certificate| (string, certificate)))
        .filter(|(string, (_, stale))| stale.is_none() || is_whole(string))
        .collect();
    attempts.sort_by_key(|((slips, _), (_, stale))| slips.len() + usize::from(stale.is_some()));
    let (string, (certificate, stale), form) = attempts
        .into_iter()
        .find_map(|(string, certificate)| Some((string, certificate, form(refused, string, certificate.0)?)))?;
    let hash = refused.certificate_hash.and_then(|hash| hash_slip(hash, certificate, &certificates));
    let slips: Vec<_> = string.0.iter().cloned().chain(form).chain(stale.clone()).chain(hash).collect();
    let found = Mistake { slips, signed: string.1.clone(), certificate: (*certificate).clone() };
    Some(found).filter(|found| !found.slips.is_empty())
}

/// A string with the slips that lead to it.
type Candidate = (Vec<Slip>, String);

/// Keys no more in force and orders of bytes are tried with whole strings only, to keep the search short.
fn is_whole((slips, _): &Candidate) -> bool {
    slips.iter().all(|slip| matches!(slip, Slip::Order(_)))
}

/// The slips in how the signature is written with which it holds for this string: none when it holds as it is.
fn form(refused: &Refused<'_>, candidate: &Candidate, certificate: &Certificate) -> Option<Vec<Slip>> {
    let text = candidate.1.as_bytes();
    match refused.secret {
        Secret::Cms(cms) => cms::verify(cms, text, std::slice::from_ref(certificate)).ok().map(|_| Vec::new()),
        Secret::Raw(signature) if !is_whole(candidate) => holds_raw(certificate, text, signature).then(Vec::new),
        Secret::Raw(signature) => match verify_raw(certificate, text, signature) {
            Ok(()) => Some(Vec::new()),
            Err(RawError::Reversed) => Some(vec![Slip::ReversedBytes]),
            Err(RawError::Swapped) => Some(vec![Slip::SwappedHalves]),
            Err(_) => None,
        },
    }
}

fn stale(certificate: &Certificate) -> Slip {
    Slip::StaleCertificate(format!("{}, № {}", certificate.subject(), certificate.serial()))
}

fn hash_slip(hash: &str, right: &Certificate, all: &[(&Certificate, Option<Slip>)]) -> Option<Slip> {
    match right.hash_match(hash) {
        Some(how) => (!how.is_accepted()).then_some(Slip::CertificateHash(how)),
        None => all.iter().any(|(other, _)| other.hash_match(hash).is_some()).then_some(Slip::OtherCertificate),
    }
}

/// The right string, the same with each mistake, and the strings of other calls; each text once.
fn strings(order: Order, request: &Request<'_>) -> Vec<Candidate> {
    let mut strings = vec![(Vec::new(), order.string(request))];
    let mut add = |slip, text| {
        if strings.iter().all(|(_, known)| *known != text) {
            strings.push((vec![slip], text));
        }
    };
    let fields = order.fields();
    for left_out in fields {
        let rest = fields.iter().filter(|field| *field != left_out).map(|field| field.of(request));
        add(Slip::Missing(*left_out), rest.collect());
    }
    if !fields.contains(&Field::ScopeOrg) {
        let extra = |field: &Field| match field {
            Field::Scope => [request.signed.scope, request.signed.scope_org].concat(),
            field => field.of(request).to_owned(),
        };
        add(Slip::Extra(Field::ScopeOrg), fields.iter().map(extra).collect());
    }
    for signed in timestamps(request.signed.timestamp) {
        let mut request = *request;
        request.signed.timestamp = &signed;
        let text = order.string(&request);
        add(Slip::Timestamp(signed.clone()), text);
    }
    let values: Vec<_> = fields.iter().map(|field| field.of(request)).collect();
    let encode = |value: &&str| url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
    let encoded: String = values.iter().map(encode).collect();
    add(Slip::Encoded, encoded.replace('+', "%20"));
    add(Slip::Encoded, encoded);
    for separator in [" ", "\n", "&", ";", ","] {
        let present: Vec<_> = values.iter().copied().filter(|value| !value.is_empty()).collect();
        add(Slip::Separator(separator), present.join(separator));
    }
    for end in ["\n", "\r\n"] {
        add(Slip::LineEnd, values.concat() + end);
    }
    for other in Order::ALL {
        add(Slip::Order(other), other.string(request));
    }
    strings
}

/// The same instant in the forms that clients sign by mistake.
fn timestamps(sent: &str) -> Vec<String> {
    let Ok(at) = timestamp::parse(sent) else { return Vec::new() };
    let moscow = FixedOffset::east_opt(3 * 3600).map(|offset| at.with_timezone(&offset).fixed_offset());
    let instants: Vec<DateTime<FixedOffset>> = moscow.into_iter().chain([at.fixed_offset()]).collect();
    let forms = [
        "%Y.%m.%d %H:%M:%S %z",
        "%Y.%m.%d %H:%M:%S %:z",
        "%Y.%m.%d %H:%M:%S%z",
        "%Y.%m.%d %H:%M:%S",
        "%Y-%m-%d %H:%M:%S %z",
        "%Y-%m-%dT%H:%M:%S%:z",
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y-%m-%dT%H:%M:%SZ",
        "%d.%m.%Y %H:%M:%S %z",
    ];
    let written = instants.iter().flat_map(|at| forms.iter().map(|form| at.format(form).to_string()));
    written.chain([sent.replace('+', " "), seconds(at), seconds(at) + "000"]).collect()
}

fn seconds(at: DateTime<Utc>) -> String {
    at.timestamp().to_string()
}
