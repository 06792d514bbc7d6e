#![expect(clippy::no_effect_underscore_binding, reason = "written by the derive of rasn")]

use rasn::prelude::*;
pub(super) use rasn_cms::{AlgorithmIdentifier, ContentInfo, EncapsulatedContentInfo};

/// `SignedData` as in `rasn-cms`, but what is compared or hashed byte for byte stays as it came.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq, Eq)]
pub(super) struct SignedData {
    pub(super) version: Integer,
    pub(super) digest_algorithms: SetOf<AlgorithmIdentifier>,
    pub(super) encap_content_info: EncapsulatedContentInfo,
    #[rasn(tag(0))]
    pub(super) certificates: Option<SequenceOf<Any>>,
    #[rasn(tag(1))]
    pub(super) crls: Option<SequenceOf<Any>>,
    pub(super) signer_infos: SetOf<SignerInfo>,
}

/// `SignerInfo`; the attributes are in the order of arrival, since some clients (node-forge) sign them unsorted.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq, Eq, Hash)]
pub(super) struct SignerInfo {
    pub(super) version: Integer,
    pub(super) sid: SignerIdentifier,
    pub(super) digest_algorithm: AlgorithmIdentifier,
    #[rasn(tag(0))]
    pub(super) signed_attrs: Option<SequenceOf<Any>>,
    pub(super) signature_algorithm: AlgorithmIdentifier,
    pub(super) signature: OctetString,
    #[rasn(tag(1))]
    pub(super) unsigned_attrs: Option<SequenceOf<Any>>,
}

/// How the signer is named.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq, Eq, Hash)]
#[rasn(choice)]
pub(super) enum SignerIdentifier {
    IssuerAndSerialNumber(IssuerAndSerialNumber),
    #[rasn(tag(0))]
    SubjectKeyIdentifier(OctetString),
}

/// The issuer's name in DER, and the serial number.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq, Eq, Hash)]
pub(super) struct IssuerAndSerialNumber {
    pub(super) issuer: Any,
    pub(super) serial_number: Any,
}

/// `Attribute`, its values as they came.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) r#type: ObjectIdentifier,
    pub(super) values: SetOf<Any>,
}
