# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub that is measured, and those who take part: founded once, copied for every benchmark.

Everybody enrols as in life. Schools from 999001 on do not exist; the Jugendamt has the number of
one that exists and nothing else of it.
"""

import hashlib
import json
import shutil
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.catalogue import PROBE, bench_catalogue
from bench.place import ROOT, VAR, free_port, fresh
from hub.client import Agency
from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from hub.protocols.catalogue import Catalogue
from hub.schemas import SCHEMAS, SPECS
from tests.world import HUB_ID, RHEINBERG, running

UNITS: Final = 64
"""Schools. One may send 50 requests a second, so 64 of them stay below any rate seen here."""
OFFICE: Final = RHEINBERG
WATCH: Final = OFFICE.replace(".asd", ".bereitschaft")
"""A second unit of the Jugendamt, for what must not wait behind a load on the first."""
URGENT: Final = OFFICE.replace(".asd", ".notfall")
"""A third one, for which the second has duty at any hour."""
PROTOCOLS: Final = ("messprobe/1.0.0", "schule-mitteilung/1.0.0")
_FIRST: Final = 999001
ROSTER: Final = (
    "roster:",
    "  land: nw",
    "  office_hours: []",
    "  valid_from: heute-30",
    "  valid_until: heute+365",
    "  lines:",
    f"    - unit: {WATCH}",
    "      name: Bereitschaft",
    '      telephone: "+49 221 4710 998"',
    "      order: 1",
    "      when: always",
    "      valid_from: heute-30",
    "      valid_until: heute+365",
)


@dataclass(frozen=True)
class Ground:
    """A founded hub with its participants; nothing runs."""

    port: int
    data: Path
    catalogue: Catalogue
    schools: tuple[Agency, ...]
    office: Agency
    watch: Agency
    urgent: Agency

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def copied(self, name: str) -> DataDir:
        """Return the data directory of a hub of its own, as it was after the founding."""
        folder = fresh(name) / "hub"
        shutil.copytree(self.data, folder, ignore=shutil.ignore_patterns("*.sock", "lock"))
        folder.chmod(0o700)
        return DataDir(folder)


def found() -> Ground:
    """Return the founded hub of an earlier run, or found one."""
    home, mark = VAR / "ground", _mark()
    try:
        said = json.loads((home / "ground.json").read_bytes())
    except FileNotFoundError:
        said = {}
    if said.get("mark") == mark and _is_free(said["port"]):
        return _ground(home, said["port"], bench_catalogue(VAR / "catalogue"))
    shutil.rmtree(VAR, ignore_errors=True)
    ground = found_in(fresh("ground"))
    said = {"mark": mark, "port": ground.port}
    (home / "ground.json").write_text(json.dumps(said), "utf-8")
    return ground


def found_in(home: Path, url: str = "") -> Ground:
    """Found a hub, and let everybody join it over HTTP; with a URL it keeps its rows there."""
    port, catalogue = free_port(), bench_catalogue(VAR / "catalogue")
    network = home / "network.yaml"
    network.write_text(network_of(_schools()), "utf-8")
    data = DataDir(home / "hub", url)
    create_hub(data, HUB_ID, (network,))
    with running(data, port, home) as world:
        world.node.catalogue = catalogue
        for organisation in (*_schools(), OFFICE.partition(".")[0]):
            world.join(organisation, protocols=PROTOCOLS)
    return _ground(home, port, catalogue)


def _ground(home: Path, port: int, catalogue: Catalogue) -> Ground:
    office = home / OFFICE.partition(".")[0].replace(":", "-")
    return Ground(
        port=port,
        data=home / "hub",
        catalogue=catalogue,
        schools=tuple(Agency.load(home / name.replace(":", "-")) for name in _schools()),
        office=Agency.load(office / OFFICE.partition(".")[2]),
        watch=Agency.load(office / WATCH.partition(".")[2]),
        urgent=Agency.load(office / URGENT.partition(".")[2]),
    )


def _schools() -> list[str]:
    return [f"schule:{_FIRST + number}" for number in range(UNITS)]


def _mark() -> str:
    """Return what changes with anything that a founded hub depends on."""
    hashed = hashlib.sha256(Path(__file__).read_bytes())
    migrations = ROOT / "hub" / "store" / "migrations"
    for folder in (migrations, SCHEMAS, SPECS / "protocols", SPECS / "law", PROBE):
        for path in sorted(folder.rglob("*.*")):
            if path.is_file() and "__pycache__" not in path.parts:
                hashed.update(path.read_bytes())
    return hashed.hexdigest()


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def network_of(schools: Sequence[str]) -> str:
    """Return a network file with invented schools and an office that is always open."""
    office = OFFICE.partition(".")[0]
    lines = ["title: Netz der Messung (erfunden)", "demo: true", "participants:"]
    lines += _listed(office, "Erfundenes Jugendamt", "jugendamt", OFFICE, WATCH, URGENT)
    # The roster belongs to the unit that was listed last.
    lines += [f"        {line}" for line in ROSTER]
    for number, name in enumerate(schools):
        lines += _listed(name, f"Erfundene Schule {number + 1}", "schule", name)
    return "\n".join(lines) + "\n"


def _listed(organisation: str, name: str, role: str, *units: str) -> list[str]:
    lines = [f"  - id: {organisation}", f"    name: {name}", "    units:"]
    for unit in units:
        lines += [f"      - id: {unit}", f"        name: {name}", f"        roles: [{role}]"]
        lines += ['        telephone: "+49 221 4710 999"']
    return lines
