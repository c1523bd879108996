#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
#
# Finds the peers that the hub is measured beside, and sets up what is missing, as far as this user
# may. Always ends with 0: a benchmark says aloud which peer it had to leave out.
#
# Debian's package is installed by root alone and not started; each run starts a broker of its own,
# on loopback, with its own data. The sandbox gets an environment of its own.

set -u -o pipefail
cd "$(dirname "$0")/../.."

VENV=.stamps/peers/venv
LOCK=bench/peers/requirements.txt

if ! test -x /usr/lib/rabbitmq/bin/rabbitmq-server && test "$(id -u)" = 0 &&
  command -v apt-get >/dev/null; then
  # Run level 1 keeps the package from starting a broker that nobody asked for.
  { apt-get update -qq &&
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
      rabbitmq-server; } >/dev/null 2>&1
fi
test -x /usr/lib/rabbitmq/bin/rabbitmq-server ||
  echo "Es fehlt: rabbitmq-server (apt-get install rabbitmq-server); bleibt weg." >&2

if ! cmp -s "$LOCK" "$VENV/requirements.txt"; then
  rm -rf "$VENV"
  "${PY:-python3}" -m venv "$VENV" &&
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes \
      --only-binary :all: -r "$LOCK" &&
    cp "$LOCK" "$VENV/requirements.txt"
fi
test -e "$VENV/requirements.txt" || echo "Es fehlt: mesh-sandbox; bleibt weg." >&2
exit 0
