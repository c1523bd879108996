# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the folder of an export for whoever opens it: how to verify it without us."""

from typing import Any, Final

_TEXT: Final = """\
Export des Protokolls von {hub}

Stand: Einträge 0 bis {last}, {witnessed}.
Wurzel: {root}
{entries}

Den Schlüssel in log.vkey vergleichen Sie bitte mit dem, den der Betreiber auf anderem Weg bekannt
gemacht hat (gedruckt, in der Vereinbarung). Ein Hub, der in seinem Protokoll lügt, lügt auch hier.

Was darin liegt
  checkpoint           der unterschriebene Prüfpunkt (C2SP tlog-checkpoint), mit Zeilen der Zeugen
  tile/0 …             die Prüfsummen des Baums (C2SP tlog-tiles), vollständig
  tile/entries         die Einträge, je 256 in einem Bündel
  entries              was von Bündeln noch da ist, aus denen Einträge gelöscht sind
  gone.txt             Nummer und Kennung der gelöschten Einträge; orders.txt, auf welche Anordnung
  cosigned.txt         alle Prüfpunkte, die Zeugen mitgezeichnet haben
  policy               wie viele und welche Zeugen nötig sind (C2SP tlog-policy)
  stamps               Zeitstempel (RFC 3161), jeder neben dem Prüfpunkt, für den er ist
  log.vkeys            frühere Schlüssel des Protokolls, wo es welche gab
  hub-keys.json        die übrigen Schlüssel des Hubs
  exported.tlog-proof  der Beweis, dass dieser Export selbst im Protokoll steht
  export.json          dasselbe für Programme, und welche Bündel fehlen
Was es an diesem Hub nicht gibt, fehlt auch hier.

Prüfen mit unserem Programm (eine Datei, nur Python ab 3.11)
  python3 verify.py tiles . --vkey "$(cat log.vkey)"{policy}
Oder pruefen.html im Browser öffnen, ohne Netz, und diesen Ordner wählen.

Prüfen mit Programmen, die nicht von uns sind
  aics-tlog verify-checkpoint --tiles . --vkey-file log.vkey --origin {origin}
  aics-tlog verify-inclusion  --tiles . --vkey-file log.vkey --index 0 --entry-out eintrag.json
  Go mit golang.org/x/mod/sumdb/tlog: siehe specs/log.md § 8.5; die Pfade dort heißen tile/8/…
  Ein Eintrag und sein Blatt (Nummer 0):
    head -c $((2 + $(od -An -tu1 -N2 {bundle} | awk '{{print $1 * 256 + $2}}'))) {bundle} \\
      | tail -c +3 | (printf '\\000'; cat) | sha256sum
    od -An -v -tx1 -N32 {tile} | tr -d ' \\n'
  Ein Zeitstempel:
    openssl ts -verify -data stamps/N.note -in stamps/N.tsr -CAfile STAMMZERTIFIKAT.pem
"""


def readme(said: dict[str, Any], first: str) -> str:
    """Return the text; ``first`` is how the path of the first tile ends."""
    gaps = ", ".join(f"{a} bis {b}" for a, b in said["left_out"])
    entries = "Die Einträge sind dabei." if said["entries"] else "Ohne die Einträge."
    if gaps:
        entries += f" Gelöschte Einträge stehen in diesen Bündeln, die darum fehlen: {gaps}."
    return _TEXT.format(
        hub=said["hub"],
        origin=said["origin"],
        last=said["size"] - 1,
        root=said["root"],
        witnessed="von Zeugen bezeugt" if said["witnessed"] else "nicht von Zeugen bezeugt",
        entries=entries,
        policy=" --policy policy" if said["policy"] else "",
        bundle=f"tile/entries/{first}",
        tile=f"tile/0/{first}",
    )
