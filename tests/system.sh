#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
#
# What the tests start or build beside Python: a PostgreSQL server (15 or newer), a C compiler for the
# fault table, and Chromium to look at the pages. `make run` needs none of it. Where all of it is there,
# nothing happens. Without Chromium the tests of pages say that they are skipped, and so do
# those of keys on a token without SoftHSM.
set -eu

may_install() { test "$(id -u)" = 0 && command -v apt-get > /dev/null; }

if ! command -v chromium > /dev/null && ! command -v chromium-browser > /dev/null; then
  if may_install; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
      apt-get install -qq -y --no-install-recommends chromium > /dev/null; } ||
      echo "Chromium ließ sich nicht einrichten; Seiten werden nicht im Browser geprüft." >&2
  else
    echo "Ohne Chromium werden Seiten nicht im Browser geprüft: apt-get install chromium" >&2
  fi
fi

if ! command -v softhsm2-util > /dev/null; then
  if may_install; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
      apt-get install -qq -y --no-install-recommends softhsm2 > /dev/null; } ||
      echo "SoftHSM ließ sich nicht einrichten; Schlüssel im Token werden nicht geprüft." >&2
  else
    echo "Ohne SoftHSM werden Schlüssel im Token nicht geprüft: apt-get install softhsm2" >&2
  fi
fi

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || missing+=(postgresql)
{ command -v gcc > /dev/null && test -e /usr/include/stdio.h; } || missing+=(gcc libc6-dev)
test ${#missing[@]} -gt 0 || exit 0

if ! may_install; then
  echo "Für die Tests fehlt: ${missing[*]}. Als root einrichten: apt-get install ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# No cluster of the system's: the tests make servers of their own and take them away again.
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
  apt-get install -qq -y --no-install-recommends postgresql-common > /dev/null
  grep -qs '^create_main_cluster = false' /etc/postgresql-common/createcluster.conf ||
    echo 'create_main_cluster = false' >> /etc/postgresql-common/createcluster.conf
fi
apt-get install -qq -y --no-install-recommends "${missing[@]}" > /dev/null
