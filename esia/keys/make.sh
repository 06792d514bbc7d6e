#!/usr/bin/env bash
# Makes the public test keys of esia-stand anew: RSA-2048 or, by the word `gost`, ГОСТ Р 34.10-2012 (256) with Debian's
# libengine-gost-openssl. Self-signed, valid from 2020 to 2100.
# Whoever registered the old certificates has to register the new ones.
set -euo pipefail
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

case ${1-rsa} in
  rsa) suffix='' engine=() digest=sha256 algorithm=(-algorithm RSA -pkeyopt rsa_keygen_bits:2048) ;;
  gost) suffix=.gost engine=(-engine gost) digest=md_gost12_256 algorithm=(-algorithm gost2012_256 -pkeyopt paramset:A) ;;
  *) echo "usage: $0 [rsa|gost]" >&2; exit 2 ;;
esac

make() { # name, common name
  local key=$1$suffix.key.pem
  openssl genpkey -quiet "${engine[@]}" "${algorithm[@]}" -out "$key"
  : >"$scratch/index.txt"
  cat >"$scratch/ca.cnf" <<EOF
[ca]
default_ca = self
[self]
database = $scratch/index.txt
new_certs_dir = $scratch
rand_serial = yes
default_md = $digest
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
  openssl req -new "${engine[@]}" -"$digest" -key "$key" -subj "/O=esia-stand/CN=$2" -out "$scratch/$1.csr"
  openssl ca -batch -notext -selfsign "${engine[@]}" -config "$scratch/ca.cnf" -keyfile "$key" -in "$scratch/$1.csr" \
    -startdate 20200101000000Z -enddate 21000101000000Z -out "$1$suffix.crt.pem"
}

make provider "ESIA MOCK"
make diary "Electronic diary"
make stranger "Stranger"
