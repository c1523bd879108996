# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does anything stand in the directory in our name that we did not publish?

An organisation asks as anybody would, so that it is shown what everybody is shown, and holds it
against what it keeps of its own signatures. Whoever has stolen its root key, or runs the hub, can
put another key in its name; this is how it finds out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hub.client.agency import Agency
from hub.client.answers import Refused, Untrustworthy
from hub.client.directory import DirectoryFetcher, DirectoryView
from hub.client.line import Line
from hub.client.proofs import check_logged
from hub.client.renewal import published
from hub.client.rollback import check_log_follows

MOST: Final = 100
"""Versions that the hub shows at once."""


@dataclass(frozen=True)
class Alarm:
    """Something in our name that is not ours, under an id that stays."""

    id: str
    text: str


class Watch:
    """What an organisation published, held against what a hub shows of it."""

    def __init__(self, folder: Path, agency: Agency, line: Line) -> None:
        self._folder = folder
        self._agency = agency
        self._line = line
        self._fetcher = DirectoryFetcher(agency, line)

    async def look(self) -> tuple[Alarm, ...]:
        """Look once; raises ``Unreachable`` where the hub does not answer."""
        try:
            await check_log_follows(self._agency, self._line)
            view = await self._fetcher.fetch(frozenset({self._agency.organisation}))
            versions = await self._versions()
        except (Untrustworthy, Refused) as doubt:
            return (Alarm("verzeichnis-haelt-nicht", f"Das Verzeichnis hält nicht stand: {doubt}"),)
        return (*self._foreign(view, versions), *self._of_the_operator(view))

    async def _versions(self) -> dict[int, str]:
        """Return the digest of every version that the log has, by its number."""
        found: dict[int, str] = {}
        while True:
            after = max(found, default=0)
            path = f"/v1/directory/{self._agency.organisation}/versions?after={after}"
            said: Any = await self._line.public(path)
            for each in said["versions"]:
                check_logged(each, each["digest"], self._agency.hub, shown_as="logged")
                found[int(each["version"])] = str(each["digest"])
            if len(said["versions"]) < MOST:
                return found

    def _foreign(self, view: DirectoryView, versions: dict[int, str]) -> Iterator[Alarm]:
        own = published(self._folder)
        current = view.digests.get(self._agency.organisation)
        if current is None:
            yield Alarm("eintrag-fehlt", "Das Verzeichnis führt keinen Eintrag dieser Stelle.")
        elif not any(current in signed for signed in own.values()):
            yield Alarm(
                "eintrag-fremd", "Der Eintrag, den alle sehen, ist nicht von hier veröffentlicht."
            )
        first = min((int(version) for version in own), default=1)
        for version, said in sorted(versions.items()):
            if version >= first and said not in own.get(str(version), []):
                yield Alarm(
                    "fassung-fremd",
                    f"Fassung {version} im Protokoll ist nicht von hier veröffentlicht.",
                )
        if versions and current is not None and current != versions[max(versions)]:
            yield Alarm("fassung-alt", "Gezeigt wird nicht die neueste Fassung im Protokoll.")

    def _of_the_operator(self, view: DirectoryView) -> Iterator[Alarm]:
        said = view.standing(self._agency.organisation)
        if said.get("status") != "valid":
            yield Alarm("stelle-gesperrt", "Die Stelle ist gesperrt oder nimmt nicht teil.")
        for each in said.get("revoked", ()):
            yield Alarm(
                "schluessel-vom-betreiber-widerrufen",
                f"Der Betreiber hat den Schlüssel {each['kid']} widerrufen.",
            )


def load_watched(folder: Path) -> tuple[Path, Agency]:
    """Return the folder of an organisation and that of one of its units.

    Either may be given. Raises ``FileNotFoundError`` where it is neither, and where it is not kept
    what was published: then nothing could be told apart.
    """
    top = folder if (folder / "organisation.json").exists() else folder.parent
    said = json.loads((top / "organisation.json").read_bytes())
    if not published(top):
        raise FileNotFoundError(top / "veroeffentlicht.json")
    places = [top, *sorted(path for path in top.iterdir() if path.is_dir())]
    units = (path for path in places if (path / "stelle.json").exists())
    agency = Agency.load(next(units))
    if agency.organisation != said["id"]:
        raise FileNotFoundError(top / "stelle.json")
    return top, agency
