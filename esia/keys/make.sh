#!/usr/bin/env bash
# Makes the public test keys of esia-stand anew: RSA-2048, self-signed, valid from 2020 to 2100.
# Whoever registered the old certificates has to register the new ones.
set -euo pipefail
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

make() { # name, common name
  openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key.pem"
  : >"$scratch/index.txt"
  cat >"$scratch/ca.cnf" <<EOF
[ca]
default_ca = self
[self]
database = $scratch/index.txt
new_certs_dir = $scratch
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = leaf
unique_subject = no
[any]
organizationName = optional
commonName = supplied
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
EOF
  openssl req -new -key "$1.key.pem" -subj "/O=esia-stand/CN=$2" -out "$scratch/$1.csr"
  openssl ca -batch -notext -selfsign -config "$scratch/ca.cnf" -keyfile "$1.key.pem" -in "$scratch/$1.csr" \
    -startdate 20200101000000Z -enddate 21000101000000Z -out "$1.crt.pem"
}

make provider "ESIA MOCK"
make diary "Electronic diary"
make stranger "Stranger"
