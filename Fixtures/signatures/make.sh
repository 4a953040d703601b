#!/bin/sh
# Keys, certificates and signatures of Fixtures/hello/hello.ko, in every way that the table of Docs/Signatures.md
# has. Keys are thrown away. Needs OpenSSL 3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
certify() { # NAME KEY-OPTIONS…: a key and its certificate
  name=$1; shift
  openssl req -x509 -newkey "$@" -nodes -days 36500 -subj "/CN=KoInspect $name" -outform DER \
    -keyout "$work/$name.key" -out "$name.der" 2>/dev/null
}
sign() { # OUTPUT CERTIFICATES OPTIONS…
  output=$1; signers=$2; shift 2
  for signer in $signers; do set -- "$@" -signer "$work/$signer.pem" -inkey "$work/$signer.key"; done
  openssl cms -sign -binary -noattr -nocerts -nosmimecap -outform DER "$@" -in ../hello/hello.ko -out "$output.p7s"
}
certify rsa rsa:2048
certify rsa-2 rsa:2048
certify rsa-1032 rsa:1032
certify p256 ec -pkeyopt ec_paramgen_curve:P-256
certify p384 ec -pkeyopt ec_paramgen_curve:P-384
certify p521 ec -pkeyopt ec_paramgen_curve:P-521
certify secp256k1 ec -pkeyopt ec_paramgen_curve:secp256k1
openssl dsaparam -out "$work/dsa.param" 2048 2>/dev/null
certify dsa "dsa:$work/dsa.param"
for certificate in *.der; do
  openssl x509 -inform DER -in "$certificate" -out "$work/${certificate%.der}.pem"
done
for digest in sha1 sha256 sha384 sha512 sha3-256 ripemd160 md5; do sign "rsa-$digest" rsa -md $digest; done
sign rsa-1032 rsa-1032 -md sha256
openssl cms -sign -binary -noattr -nocerts -nosmimecap -outform DER -md sha256 -signer "$work/rsa.pem" \
  -inkey "$work/rsa.key" -keyopt rsa_padding_mode:pss -in ../hello/hello.ko -out rsa-pss.p7s
sign p256-sha256 p256 -md sha256
sign p384-sha384 p384 -md sha384
sign p521-sha512 p521 -md sha512
sign secp256k1-sha256 secp256k1 -md sha256
sign dsa-sha256 dsa -md sha256
sign two-signers "rsa-2 rsa" -md sha256
sign key-identifier rsa -md sha256 -keyid
openssl cms -sign -binary -nocerts -nosmimecap -outform DER -md sha256 -signer "$work/rsa.pem" \
  -inkey "$work/rsa.key" -in ../hello/hello.ko -out attributes.p7s
