#!/usr/bin/env bash
# Downloads a release, looks whether it is the one that was meant, and unpacks it.
# VERSION is 0.2.0 or v0.2.0; RELEASES the address below which releases lie; SHA256 the sum that the tarball must have, or
# empty for that of SHA256SUMS, which lies beside it; RUNNER_TEMP, GITHUB_OUTPUT, GITHUB_PATH are the runner's.
set -euo pipefail
fail() {
  printf '::error title=koinspect::%s\n' "$1"
  exit 2
}

# shellcheck disable=SC2153 # VERSION is the runner's
version=${VERSION#v}
case $version in
'' | *[!0-9.]*) fail "'$version' is no version of a release: name one with 'version: 0.2.0'" ;;
esac
case $RELEASES in
https://* | file://*) ;;
*) fail "releases are taken from https:// only" ;;
esac
name=koinspect-$version-linux-$(uname -m)
folder=$(mktemp -d "$RUNNER_TEMP/koinspect.XXXXXX")
fetch() {
  curl --fail --silent --show-error --location --proto '=https,file' --proto-redir '=https' --retry 3 \
    --output "$folder/$1" "$RELEASES/v$version/$1" || fail "v$version has no $1"
}

fetch "$name.tar.gz"
if [ -z "$SHA256" ]; then
  fetch SHA256SUMS
  SHA256=$(awk -v name="$name.tar.gz" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
fi
found=$(sha256sum "$folder/$name.tar.gz")
if [ "${#SHA256}" -ne 64 ] || [ "${found%% *}" != "$SHA256" ]; then
  fail "the SHA-256 of $name.tar.gz is ${found%% *}, not ${SHA256:-known}"
fi
tar -xzf "$folder/$name.tar.gz" -C "$folder" --no-same-owner
"$folder/$name/bin/koinspect" --version | head -n 1
echo "$folder/$name/bin" >>"$GITHUB_PATH"
echo "koinspect=$folder/$name/bin/koinspect" >>"$GITHUB_OUTPUT"
