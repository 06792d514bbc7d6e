use crypto_bigint::{Uint, modular::FixedMontyForm};
use der::{Decode as _, Encode as _};
use proptest::{prelude::*, sample::select};

use super::{
    curve::Curve,
    params::{AnyCurve, TEST_256, TEST_512},
    signature::Signature,
    *,
};
use crate::Certificate;

/// The control examples of ГОСТ Р 34.10-2012, appendix A (RFC 7091 §7).
struct Example<const L: usize> {
    curve: &'static Curve<L>,
    d: &'static str,
    e: &'static str,
    k: &'static str,
    r: &'static str,
    s: &'static str,
    key: [&'static str; 2],
}

const EXAMPLE_256: Example<4> = Example {
    curve: &TEST_256,
    d: "7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28",
    e: "2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5",
    k: "77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3",
    r: "41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493",
    s: "01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40",
    key: [
        "7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B",
        "26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA",
    ],
};

const EXAMPLE_512: Example<8> = Example {
    curve: &TEST_512,
    d: "0BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B1020\
        72E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4",
    e: "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C591\
        7184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
    k: "0359E7F4B1410FEACC570456C6801496946312120B39D019D455986E364F3658\
        86748ED7A44B3E794434006011842286212273A6D14CF70EA3AF71BB1AE679F1",
    r: "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD3\
        5492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
    s: "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5\
        823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
    key: [
        "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD\
         5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
        "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61\
         EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
    ],
};

#[expect(clippy::many_single_char_names, reason = "the standard names its numbers so")]
fn holds<const L: usize>(example: &Example<L>) {
    let curve = example.curve;
    let [d, e, k, r, s] = [example.d, example.e, example.k, example.r, example.s].map(Uint::<L>::from_be_hex);
    let [x, y] = example.key.map(Uint::<L>::from_be_hex);
    let key = curve.mul(&d, &curve.base);
    assert_eq!(key.affine(), (x, y));
    let e = FixedMontyForm::new(&e, &curve.order);
    let signature = curve.sign_with(&d, &e, &k).unwrap();
    assert_eq!(signature, Signature { r, s });
    assert!(curve.verifies_digest(&curve.point(&x, &y).unwrap(), &e, &signature));
    assert!(!curve.verifies_digest(&key, &e, &Signature { r: s, s: r }));
}

#[test]
fn the_control_examples_of_the_standard_hold() {
    holds(&EXAMPLE_256);
    holds(&EXAMPLE_512);
}

/// RFC 9215, appendix D: three certificates and their private keys; and two that the technical committee published before.
const CERTIFICATES: [(&str, &str); 5] = [
    (EXAMPLE_256.d, include_str!("../../tests-data/gost/rfc9215-d1.pem")),
    // The RFC names the key of its other examples, which is greater than the order of this curve: this is the rest.
    (
        "3A929ADE789BB9BE10ED359DD39A72C10B87C83F80BE18B85C041F4325B62EC1",
        include_str!("../../tests-data/gost/rfc9215-d2.pem"),
    ),
    (EXAMPLE_512.d, include_str!("../../tests-data/gost/rfc9215-d3.pem")),
    (
        "BFCF1D623E5CDD3032A7C6EABB4A923C46E43D640FFEAAF2C3ED39A8FA399924",
        include_str!("../../tests-data/gost/tc26-256.pem"),
    ),
    (
        "3FC01CDCD4EC5F972EB482774C41E66DB7F380528DFE9E67992BA05AEE462435\
         757530E641077CE587B976C8EEB48C48FD33FD175F0C7DE6A44E014E6BCB074B",
        include_str!("../../tests-data/gost/tc26-512.pem"),
    ),
];

/// What is signed in a certificate, and the signature.
pub(super) fn signed_part(certificate: &Certificate) -> (Vec<u8>, Vec<u8>) {
    let parsed = x509_cert::Certificate::from_der(certificate.der()).unwrap();
    (parsed.tbs_certificate().to_der().unwrap(), parsed.signature().raw_bytes().to_vec())
}

#[test]
fn published_certificates_hold_and_belong_to_their_keys() {
    for (d, pem) in CERTIFICATES {
        let certificate = Certificate::from_pem(pem).unwrap();
        let parsed = x509_cert::Certificate::from_der(certificate.der()).unwrap();
        let spki = parsed.tbs_certificate().subject_public_key_info().to_der().unwrap();
        let key = PublicKey::from_spki(&spki).unwrap();
        let (signed, signature) = signed_part(&certificate);
        assert!(key.verifies(&signed, &signature), "{pem}");
        assert!(!key.verifies(&signed[1..], &signature));
        let d: Vec<u8> = hex::decode(d).unwrap().into_iter().rev().collect();
        let secret = SecretKey::from_bytes(key.params(), &d).unwrap();
        assert_eq!(secret.public_key().to_bytes(), key.to_bytes());
    }
}

#[test]
fn signatures_of_the_rfc_are_reproduced_with_its_nonce() {
    fn reproduce<const L: usize>(example: &Example<L>, pem: &str) {
        let (signed, signature) = signed_part(&Certificate::from_pem(pem).unwrap());
        let [d, k] = [example.d, example.k].map(Uint::from_be_hex);
        let ours = example.curve.sign_with(&d, &example.curve.digest(&signed), &k).unwrap();
        assert_eq!(hex::encode(ours.to_bytes()), hex::encode(signature));
    }
    reproduce(&EXAMPLE_256, CERTIFICATES[0].1);
    reproduce(&EXAMPLE_512, CERTIFICATES[2].1);
}

#[test]
fn every_parameter_set_is_a_group_of_its_order() {
    fn check<const L: usize>(curve: &Curve<L>) {
        let q = curve.order.modulus().as_ref();
        assert!(curve.mul(q, &curve.base).is_infinity());
        let (x, y) = curve.base.affine();
        assert!(curve.point(&x, &y).is_some());
        assert!(curve.point(&y, &x).is_none());
        // The complete formula knows opposite points, infinity and doubling.
        let minus = curve.mul(&q.wrapping_sub(&Uint::ONE), &curve.base);
        assert_eq!(minus.affine().0, x);
        assert!(curve.add(&minus, &curve.base).is_infinity());
        let infinity = curve.mul(q, &curve.base);
        assert_eq!(curve.add(&infinity, &curve.base).affine(), (x, y));
        assert!(curve.add(&infinity, &infinity).is_infinity());
        let two = Uint::from(2_u8);
        assert_eq!(curve.mul_vartime(&[(&two, &curve.base)]).affine(), curve.add(&curve.base, &curve.base).affine());
    }
    for params in ParamSet::ALL {
        match params.curve() {
            AnyCurve::Bits256(curve) => check(curve),
            AnyCurve::Bits512(curve) => check(curve),
        }
        assert_eq!(ParamSet::from_oid(params.oid()), Some(params));
    }
    assert_eq!(ParamSet::from_oid("1.2.643.2.2.35.9"), None);
}

#[test]
fn a_point_outside_the_group_is_refused() {
    // On this curve, but no multiple of the base point, as only every fourth point is.
    let (x, y) = (8_u8, "ED3581BEC3A800B4E42F823268B76D5802FF206853353B55A2B91452F2ADFD07");
    let AnyCurve::Bits256(curve) = ParamSet::Tc26A256.curve() else { panic!("256 bits") };
    let y = Uint::from_be_hex(y);
    assert!(curve.is_on_curve(&Uint::from(x), &y) && curve.point(&Uint::from(x), &y).is_none());
    assert!(PublicKey::from_bytes(ParamSet::Tc26A256, &[0; 64]).is_none());
    assert!(PublicKey::from_bytes(ParamSet::CryptoProA, &[0; 63]).is_none());
    assert!(PublicKey::from_bytes(ParamSet::CryptoProA, &[0xff; 64]).is_none());
}

pub(super) fn secret(params: ParamSet, mut bytes: Vec<u8>) -> SecretKey {
    bytes.truncate(params.size());
    // Below every order.
    *bytes.last_mut().unwrap() &= 0x1f;
    bytes[0] |= 1;
    SecretKey::from_bytes(params, &bytes).unwrap()
}

#[test]
fn a_key_reads_back_from_its_encodings() {
    for params in ParamSet::ALL {
        let key = secret(params, vec![7; 64]);
        let public = key.public_key();
        let read = PublicKey::from_spki(&public.to_spki().unwrap()).unwrap();
        assert_eq!((read.params(), read.to_bytes()), (params, public.to_bytes()));
        let pkcs8 = key.to_pkcs8().unwrap();
        let read = SecretKey::from_pkcs8(&pkcs8).unwrap();
        assert_eq!((read.params(), read.public_key().to_bytes()), (params, public.to_bytes()));
        assert!(SecretKey::from_pkcs8(&pkcs8[..pkcs8.len() - 1]).is_err());
    }
    assert_eq!(format!("{:?}", secret(ParamSet::Tc26A512, vec![7; 64])), "SecretKey(Tc26A512, [redacted])");
}

#[test]
fn zero_and_numbers_from_the_order_on_are_no_keys() {
    for params in ParamSet::ALL {
        assert!(SecretKey::from_bytes(params, &vec![0; params.size()]).is_none());
        assert!(SecretKey::from_bytes(params, &vec![0xff; params.size()]).is_none());
        assert!(SecretKey::from_bytes(params, &vec![1; params.size() - 1]).is_none());
    }
}

#[test]
fn a_signature_of_zeros_or_of_another_length_holds_for_nothing() {
    let key = secret(ParamSet::CryptoProA, vec![7; 64]).public_key();
    for length in [0, 1, 63, 64, 65, 128] {
        assert!(!key.verifies(b"message", &vec![0; length]));
        assert!(!key.verifies(b"message", &vec![0xff; length]));
    }
}

#[test]
fn the_same_message_has_the_same_signature_and_another_another() {
    let key = secret(ParamSet::CryptoProA, vec![7; 64]);
    assert_eq!(key.sign(b"message"), key.sign(b"message"));
    // Another nonce, too: with the same one `r` would be the same, and the key could be computed.
    assert_ne!(key.sign(b"message")[32..], key.sign(b"massage")[32..]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_signed_holds_and_one_flipped_bit_does_not(
        params in select(&ParamSet::ALL[..]),
        key in proptest::collection::vec(any::<u8>(), 64),
        message in proptest::collection::vec(any::<u8>(), 0..200),
        flipped in any::<prop::sample::Index>(),
    ) {
        let key = secret(params, key);
        let public = key.public_key();
        let mut signature = key.sign(&message);
        prop_assert!(public.verifies(&message, &signature));
        let bit = flipped.index(signature.len() * 8);
        signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!public.verifies(&message, &signature));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), params in select(&ParamSet::ALL[..])) {
        let _ = PublicKey::from_spki(&bytes);
        let _ = SecretKey::from_pkcs8(&bytes);
        let _ = PublicKey::from_bytes(params, &bytes);
        let _ = SecretKey::from_bytes(params, &bytes);
    }

    #[test]
    fn a_damaged_key_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let key = secret(ParamSet::CryptoProA, vec![7; 64]);
        for mut der in [key.to_pkcs8().unwrap(), key.public_key().to_spki().unwrap()] {
            let at = at.index(der.len());
            der[at] = byte;
            let _ = PublicKey::from_spki(&der);
            let _ = SecretKey::from_pkcs8(&der);
        }
    }
}
