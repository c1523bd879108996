#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
#
# Finds the browser that is not Chromium, and sets it up where it is missing:
#
#     tests/interop_portal/tools.sh           sets up, as far as this user may
#     tests/interop_portal/tools.sh --check   only says whether it is missing
#
# Ends with 1 where it stays missing. Debian's packages are installed by root alone.

set -eu -o pipefail
only_check=${1:-}

if ! command -v firefox-esr >/dev/null 2>&1 && test -z "$only_check" &&
  test "$(id -u)" = 0 && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends firefox-esr
fi

if ! command -v firefox-esr >/dev/null 2>&1; then
  echo "Es fehlt: firefox-esr" >&2
  echo "Debian: apt-get install firefox-esr; danach noch einmal tests/interop_portal/tools.sh" >&2
  exit 1
fi
firefox-esr --version
