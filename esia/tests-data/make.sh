#!/usr/bin/env bash
# Makes the CMS files beside it with the OpenSSL command line, in the ways that real clients of ЕСИА use (one comment each).
set -euo pipefail
cd "$(dirname "$0")"
keys=../keys
diary=(-signer "$keys/diary.crt.pem" -inkey "$keys/diary.key.pem")
stranger=(-signer "$keys/stranger.crt.pem" -inkey "$keys/stranger.key.pem")

# scope + timestamp + client_id + state, the string of v1
printf '%s' 'openid fullname2021.02.12 00:15:26 +0300DIARY0e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10' >content.txt
smime() { openssl smime -sign -binary -in content.txt -outform DER "$@"; }
cms() { openssl cms -sign -binary -in content.txt -outform DER "$@"; }

smime "${diary[@]}" -md sha256 -out detached.der                      # esia-connector, sokolovs, PHP, Ruby
smime "${diary[@]}" -md sha256 -noattr -out detached-noattr.der       # fr05t1k, ekapusta
smime "${diary[@]}" -md sha256 -nodetach -out attached.der            # node-forge
smime "${diary[@]}" -md sha256 -nodetach -noattr -out attached-noattr.der
cms "${diary[@]}" -md sha256 -stream -nodetach -out attached-ber.der  # indefinite lengths, the content in pieces
cms "${diary[@]}" -md sha256 -keyid -out keyid.der                    # signer named by subjectKeyIdentifier
cms "${diary[@]}" -md sha256 -nocerts -out nocerts.der                # certificate left out
smime "${diary[@]}" -md sha512 -out sha512.der
smime "${diary[@]}" -md sha384 -out sha384.der
smime "${diary[@]}" -md sha1 -out sha1.der                            # must be refused
smime "${stranger[@]}" -md sha256 -out stranger.der                   # must be refused
cms "${stranger[@]}" -md sha256 -nocerts -out stranger-nocerts.der    # must be refused
smime "${diary[@]}" "${stranger[@]}" -md sha256 -out two-signers.der  # must be refused
