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
# Python verifiers get environments of their own, so that nothing of theirs stands beside ours.
# Those of foreign312.txt need Python 3.12; on a machine without one they are left out, aloud.

set -eu -o pipefail
cd "$(dirname "$0")/../.."

GOCODE=/usr/share/gocode/src/golang.org/x/mod/sumdb
VENV=.stamps/interop/venv
LOCK=tests/interop_log/foreign.txt
VENV312=.stamps/interop/venv312
LOCK312=tests/interop_log/foreign312.txt
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

environment() { # PYTHON FOLDER LOCK
  if cmp -s "$3" "$2/lock.txt"; then
    return
  fi
  if test -n "$only_check"; then
    missing+=("the packages of $3")
    return
  fi
  rm -rf "$2"
  "$1" -m venv "$2"
  if "$2/bin/python" -m pip install -q --disable-pip-version-check --require-hashes \
    --only-binary :all: -r "$3"; then
    cp "$3" "$2/lock.txt"
  else
    missing+=("the packages of $3")
  fi
}

newer_python() { # prints the first Python >= 3.12 that starts
  local each
  for each in "${PY312:-}" python3 python3.{14,13,12} "$HOME"/.pyenv/versions/3.1[2-9].*/bin/python; do
    if test -n "$each" && "$each" -c 'import sys, venv; sys.exit(sys.version_info < (3, 12))' \
      2>/dev/null; then
      echo "$each"
      return
    fi
  done
}

environment "${PY:-python3}" "$VENV" "$LOCK"
newer=$(newer_python)
if test -n "$newer"; then
  environment "$newer" "$VENV312" "$LOCK312"
else
  echo "AUSGELASSEN: aics-tlog und aics-witness brauchen Python 3.12 oder neuer (PY312=...)" >&2
fi

# Witnesses in Go that others run; their modules are in no package of Debian 12, and its Go is older
# than they ask for.
echo "AUSGELASSEN: litewitness und omniwitness (aus Paketen von Debian nicht zu bauen)" >&2

if test ${#missing[@]} -gt 0; then
  printf 'Es fehlt: %s\n' "${missing[@]}" >&2
  echo "Debian: apt-get install <Paket>; danach noch einmal tests/interop_log/tools.sh" >&2
  exit 1
fi
openssl version
go version
dpkg-query -W -f '${Package} ${Version}\n' golang-golang-x-mod-dev 2>/dev/null || true
for each in "$VENV" "$VENV312"; do
  if test -x "$each/bin/python"; then
    "$each/bin/python" -m pip list --disable-pip-version-check 2>/dev/null |
      grep -E '^(sigstore|pymerkle|scitt-cose|aics-tlog|aics-witness) '
  fi
done
