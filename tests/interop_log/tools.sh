#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
#
# Finds the verifiers that are not ours, and sets up what is missing:
#
#     tests/interop_log/tools.sh           sets up, as far as this user may
#     tests/interop_log/tools.sh --check   only says what is missing
#
# Ends with 1 where something stays missing. Debian's packages are installed by root alone; the
# Python verifiers get an environment of their own, so that nothing of theirs stands beside ours.

set -eu -o pipefail
cd "$(dirname "$0")/../.."

GOCODE=/usr/share/gocode/src/golang.org/x/mod/sumdb
VENV=.stamps/interop/venv
LOCK=tests/interop_log/foreign.txt
only_check=${1:-}
missing=()

want() { # PROGRAM-OR-PATH PACKAGE
  command -v "$1" >/dev/null 2>&1 || test -e "$1" || missing+=("$2")
}

want openssl openssl
want sha256sum coreutils
want go golang-go
want "$GOCODE/tlog" golang-golang-x-mod-dev

if test ${#missing[@]} -gt 0 && test -z "$only_check" && test "$(id -u)" = 0 &&
  command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}"
  missing=()
fi

if ! cmp -s "$LOCK" "$VENV/foreign.txt"; then
  if test -n "$only_check"; then
    missing+=("the packages of $LOCK")
  else
    rm -rf "$VENV"
    "${PY:-python3}" -m venv "$VENV"
    if "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes \
      --only-binary :all: -r "$LOCK"; then
      cp "$LOCK" "$VENV/foreign.txt"
    else
      missing+=("the packages of $LOCK")
    fi
  fi
fi

if test ${#missing[@]} -gt 0; then
  printf 'Es fehlt: %s\n' "${missing[@]}" >&2
  echo "Debian: apt-get install <Paket>; danach noch einmal tests/interop_log/tools.sh" >&2
  exit 1
fi
openssl version
go version
dpkg-query -W -f '${Package} ${Version}\n' golang-golang-x-mod-dev 2>/dev/null || true
"$VENV/bin/python" -m pip list --disable-pip-version-check 2>/dev/null | grep -E '^(sigstore|pymerkle) '
