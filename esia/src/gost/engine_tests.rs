//! Against Debian's gost-engine (`libengine-gost-openssl`), both ways.

use std::{fs, path::PathBuf, process::Command};

use super::*;
use crate::{Certificate, SigningKey, certificate::Hash, cms, secret::verify_raw};

/// A folder for one test, and `openssl` in it.
struct Engine(tempfile::TempDir);

impl Engine {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.file(name)).unwrap()
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.file(name), contents).unwrap();
    }

    /// Words of a command line; the engine's option comes after the first.
    fn succeeds(&self, command: &str) -> bool {
        let (name, options) = command.split_once(' ').unwrap();
        let mut openssl = Command::new("openssl");
        openssl.current_dir(self.0.path()).args([name, "-engine", "gost"]).args(options.split(' '));
        let output = openssl.output().expect("openssl is installed");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!errors.contains("could not load"), "libengine-gost-openssl is not installed: {errors}");
        output.status.success()
    }

    fn run(&self, command: &str) {
        assert!(self.succeeds(command), "openssl {command}");
    }

    /// A key of theirs, and a certificate of it that they sign.
    fn certify(&self, algorithm: &str, paramset: &str) -> (SigningKey, Certificate) {
        self.run(&format!("genpkey -algorithm {algorithm} -pkeyopt paramset:{paramset} -out key.pem"));
        let digest = if algorithm == "gost2012_256" { "md_gost12_256" } else { "md_gost12_512" };
        self.run(&format!("req -new -x509 -{digest} -key key.pem -subj /CN=engine -days 30 -out certificate.pem"));
        let text = |name| String::from_utf8(self.read(name)).unwrap();
        (SigningKey::from_pem(&text("key.pem")).unwrap(), Certificate::from_pem(&text("certificate.pem")).unwrap())
    }
}

const SETS: [(&str, &str, ParamSet); 12] = [
    ("gost2012_256", "A", ParamSet::CryptoProA),
    ("gost2012_256", "B", ParamSet::CryptoProB),
    ("gost2012_256", "C", ParamSet::CryptoProC),
    ("gost2012_256", "XA", ParamSet::CryptoProXchA),
    ("gost2012_256", "XB", ParamSet::CryptoProXchB),
    ("gost2012_256", "TCA", ParamSet::Tc26A256),
    ("gost2012_256", "TCB", ParamSet::Tc26B256),
    ("gost2012_256", "TCC", ParamSet::Tc26C256),
    ("gost2012_256", "TCD", ParamSet::Tc26D256),
    ("gost2012_512", "A", ParamSet::Tc26A512),
    ("gost2012_512", "B", ParamSet::Tc26B512),
    ("gost2012_512", "C", ParamSet::Tc26C512),
];

const MESSAGE: &[u8] = "Подписано обеими сторонами".as_bytes();

#[test]
fn keys_certificates_and_signatures_of_every_set_go_both_ways() {
    for (algorithm, paramset, params) in SETS {
        let engine = Engine::new();
        let (key, certificate) = engine.certify(algorithm, paramset);
        key.check_certificate(&certificate).unwrap();
        let hash = key.algorithm().hash();
        let digest = if hash == Hash::Streebog256 { "md_gost12_256" } else { "md_gost12_512" };

        // Theirs by us: a signature, and the one in the certificate.
        engine.write("message", MESSAGE);
        engine.run(&format!("dgst -{digest} -sign key.pem -out theirs message"));
        assert_eq!(verify_raw(&certificate, MESSAGE, &engine.read("theirs")), Ok(()), "{params:?}");
        let (signed, signature) = super::tests::signed_part(&certificate);
        assert!(certificate.public_key().unwrap().verifies(hash, &signed, &signature), "{params:?}");

        // Ours by them, with the keys as we encode them.
        let ours = super::tests::secret(params, vec![0x5a; 64]);
        engine.write("ours.der", ours.to_pkcs8().unwrap());
        engine.run("pkey -inform DER -in ours.der -pubout -outform DER -out theirs.der");
        let theirs = PublicKey::from_spki(&engine.read("theirs.der")).unwrap();
        assert_eq!(theirs.to_bytes(), ours.public_key().to_bytes(), "{params:?}");
        engine.write("public.der", ours.public_key().to_spki().unwrap());
        engine.run("pkey -pubin -inform DER -in public.der -out public.pem");
        engine.write("ours", ours.sign(MESSAGE));
        let check = format!("dgst -{digest} -verify public.pem -signature ours message");
        assert!(engine.succeeds(&check), "{params:?}");
        engine.write("message", [MESSAGE, b"."].concat());
        assert!(!engine.succeeds(&check), "{params:?}");
    }
}

#[test]
fn cms_goes_both_ways() {
    for algorithm in ["gost2012_256", "gost2012_512"] {
        let engine = Engine::new();
        let (key, certificate) = engine.certify(algorithm, "A");
        engine.write("message", MESSAGE);
        for options in [
            "smime -sign -binary",
            "smime -sign -binary -noattr",
            "smime -sign -binary -nodetach",
            "smime -sign -binary -nodetach -noattr",
            "cms -sign -binary -nodetach -stream",
            "cms -sign -binary -keyid",
            "cms -sign -binary -nocerts",
        ] {
            engine.run(&format!("{options} -in message -signer certificate.pem -inkey key.pem -outform DER -out cms"));
            let registered = [certificate.clone()];
            let verified = cms::verify(&engine.read("cms"), MESSAGE, &registered).unwrap();
            assert_eq!(verified.hash, key.algorithm().hash(), "{options}");
            assert_eq!(verified.is_attached, options.contains("nodetach"), "{options}");
            assert_eq!(verified.has_signed_attributes, !options.contains("noattr"), "{options}");
            let refused = cms::verify(&engine.read("cms"), b"another message", &registered).unwrap_err();
            assert_ne!(refused.code(), "cms-malformed", "{options}");
        }

        let signed_at = certificate.not_before();
        engine.write("ours", cms::sign_detached(MESSAGE, &key, &certificate, signed_at).unwrap());
        let check = "cms -verify -binary -inform DER -in ours -content message -CAfile certificate.pem -purpose any \
                     -no_check_time -out verified";
        assert!(engine.succeeds(check));
        engine.write("message", b"another message");
        assert!(!engine.succeeds(check));
    }
}

#[test]
fn the_hash_of_a_certificate_is_theirs() {
    let engine = Engine::new();
    let (_, certificate) = engine.certify("gost2012_256", "A");
    engine.write("der", certificate.der());
    engine.run("dgst -md_gost12_256 -binary -out hash der");
    let hash = hex::encode(engine.read("hash"));
    assert!(certificate.hash_match(&hash).is_some_and(crate::HashMatch::is_accepted));
}
