# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which protocols does the measured hub know? The published ones, the probe, and copies of it."""

import json
import shutil
from pathlib import Path
from typing import Final

from hub.protocols.catalogue import Catalogue, load_catalogue
from hub.schemas import SCHEMAS, SPECS

PROBE: Final = Path(__file__).parent / "probe"
NAME: Final = "messprobe"
VERSION: Final = "1.0.0"


def bench_catalogue(folder: Path, copies: int = 0) -> Catalogue:
    """Load the published protocols, the probe, and so many copies of it under other names.

    Files are laid together in ``folder`` and read by the loader that a hub reads with.
    """
    specs, schemas = folder / "specs", folder / "schemas"
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(SPECS / "law", specs / "law")
    shutil.copytree(SPECS / "protocols", specs / "protocols")
    shutil.copytree(PROBE / "protocols", specs / "protocols", dirs_exist_ok=True)
    shutil.copytree(SCHEMAS, schemas, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(PROBE / "schemas", schemas, dirs_exist_ok=True)
    for number in range(copies):
        _copy(specs, schemas, f"{NAME}-{number:03}")
    return load_catalogue(specs, schemas)


def _copy(specs: Path, schemas: Path, name: str) -> None:
    """Lay a copy of the probe beside it; its schema has an ``$id`` of its own, as it must."""
    protocol = PROBE / "protocols" / NAME / VERSION / "protocol.yaml"
    schema = PROBE / "schemas" / NAME / VERSION / "mitteilung.schema.json"
    target = specs / "protocols" / name / VERSION
    target.mkdir(parents=True)
    (target / "protocol.yaml").write_text(_renamed(protocol, name), "utf-8")
    target = schemas / name / VERSION
    target.mkdir(parents=True)
    (target / schema.name).write_text(_renamed(schema, name), "utf-8")


def _renamed(path: Path, name: str) -> str:
    return path.read_text("utf-8").replace(NAME, name)


def probe_content() -> dict[str, object]:
    """Return the content of the probe; it is about nobody."""
    content: dict[str, object] = json.loads((PROBE / "content.json").read_bytes())
    return content
