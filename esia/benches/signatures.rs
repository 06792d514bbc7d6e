//! What it costs to sign and to check a token, ГОСТ beside RSA in the same run: `cargo bench -p esia`.
//!
//! Required of ГОСТ Р 34.10-2012 with 256 bits, on one core: 1,000 signatures and 700 checks in a second.

use chrono::{DateTime, TimeDelta};
use criterion::{Criterion, Throughput};
use esia::{
    Oid, gost, keys,
    token::{AccessClaims, DEFAULT_ISSUER, Signer, verify},
};

const NOW: i64 = 1_725_256_800;

fn claims() -> Option<AccessClaims> {
    Some(AccessClaims {
        nbf: NOW,
        scope: "openid fullname?oid=1000300001 snils?oid=1000300001".to_owned(),
        iss: DEFAULT_ISSUER.to_owned(),
        session_id: "48a06dde-0000-4000-8000-000000000000".to_owned(),
        subject: Oid::new(1_000_300_001),
        exp: NOW + 3600,
        iat: NOW,
        client_id: "DIARY".parse().ok()?,
        org_oid: None,
        permissions: None,
        permissions_url: None,
    })
}

fn tokens(criterion: &mut Criterion) -> Option<()> {
    let mut group = criterion.benchmark_group("token");
    group.throughput(Throughput::Elements(1));
    let (claims, now) = (claims()?, DateTime::from_timestamp(NOW, 0)?);
    for (name, key, certificate) in [
        ("GOST3410_2012_256", keys::PROVIDER_GOST_KEY_PEM, keys::PROVIDER_GOST_CERTIFICATE_PEM),
        ("RS256", keys::PROVIDER_KEY_PEM, keys::PROVIDER_CERTIFICATE_PEM),
    ] {
        let signer = Signer::from_pem(key, certificate).ok()?;
        group.bench_function(format!("sign/{name}"), |bencher| bencher.iter(|| signer.sign(&claims)));
        let (token, public) = (signer.sign(&claims).ok()?, signer.certificate().public_key().ok()?);
        group.bench_function(format!("verify/{name}"), |bencher| {
            bencher.iter(|| verify::<AccessClaims>(&token, public, now, TimeDelta::zero()));
        });
    }
    group.finish();
    Some(())
}

fn curves(criterion: &mut Criterion) -> Option<()> {
    let mut group = criterion.benchmark_group("gost");
    group.throughput(Throughput::Elements(1));
    for params in [gost::ParamSet::CryptoProA, gost::ParamSet::Tc26A256, gost::ParamSet::Tc26A512] {
        let key = gost::SecretKey::from_bytes(params, &vec![7; params.size()])?;
        let (public, signature) = (key.public_key(), key.sign(b"message"));
        group.bench_function(format!("sign/{params:?}"), |bencher| bencher.iter(|| key.sign(b"message")));
        group.bench_function(format!("verify/{params:?}"), |bencher| {
            bencher.iter(|| public.verifies(b"message", &signature));
        });
    }
    group.finish();
    Some(())
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let all = tokens(&mut criterion).and_then(|()| curves(&mut criterion));
    assert!(all.is_some(), "a test key that comes with the program cannot be read");
    criterion.final_summary();
}
