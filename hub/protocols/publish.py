# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""When is a version published, and what is written down that day?

``python -m hub.protocols.publish ID/VERSION`` writes two files, ``published.sha256`` beside the
protocol and beside its schemas. From then on neither may change: loading refuses a protocol that
is not the one of its file, and a test does so for the schemas.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from hub.errors import SchemaNotSealable
from hub.model.law import LegalBasis
from hub.model.protocol import Protocol
from hub.protocols.check import findings
from hub.protocols.legal import load_law
from hub.protocols.load import FILE, PUBLISHED, ProtocolInvalid, load_unpublished
from hub.protocols.schemas import ENDING, SchemaRegistry, bundle
from hub.protocols.versions import version_findings
from hub.schemas import SCHEMAS, SPECS

_LICENCE: Final = """\
# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
#
"""
_OF_PROTOCOL: Final = """\
# Prüfsumme dieser Fassung: SHA-256 der kanonischen Form des Verfahrens mit den Prüfsummen seiner
# Schemas, in base64url. Diese Prüfsumme nehmen verantwortliche Stellen an; darum ändert sich eine
# veröffentlichte Fassung nie.
"""
_OF_SCHEMAS: Final = """\
# Prüfsumme jedes Schemas dieser Fassung: SHA-256 der kanonischen Form des gebündelten Schemas, in
# base64url, wie im Umschlag jeder Nachricht. Eine veröffentlichte Fassung ändert sich nie.
"""


def publish(
    name: str, specs: Path = SPECS, schemas: Path = SCHEMAS, *, again: bool = False
) -> tuple[Path, ...]:
    """Write down the digests of a version and of its schemas; returns the files.

    Raises ``ProtocolInvalid`` where the version does not hold, and where it was published as
    something else. ``again`` is for a version in preparation, which nobody can have adopted.
    """
    registry = schemas_for(name, schemas)
    law = {**load_law(SPECS / "law"), **load_law(specs / "law")}
    folder = specs / "protocols" / name
    protocol = load_unpublished(folder / FILE, registry, law)
    _check_sound(protocol, registry, law)
    _check_version(protocol, registry, law, specs / "protocols")
    own = {
        each.removeprefix(f"{name}/"): registry.digest_of(each)
        for each in registry.names
        if each.startswith(f"{name}/")
    }
    written = {folder / PUBLISHED: _text(_OF_PROTOCOL, {name: protocol.digest})}
    if own:
        written[schemas / name / PUBLISHED] = _text(_OF_SCHEMAS, own)
    for path, text in written.items():
        if not again and path.exists() and path.read_text("utf-8") != text:
            raise ProtocolInvalid([f"{name}: {path} hält anderes fest"])
    for path, text in written.items():
        path.write_text(text, "utf-8")
    return tuple(written)


def schemas_for(name: str, root: Path) -> SchemaRegistry:
    """Bundle the schemas of one version and, as far as they are sound, of all others."""
    bundled = {}
    for path in sorted(root.glob(f"*/*/*{ENDING}")):
        known = path.relative_to(root).as_posix().removesuffix(ENDING)
        # What somebody else is still writing keeps no other version from being published.
        with suppress(*(() if known.startswith(f"{name}/") else (SchemaNotSealable,))):
            bundled[known] = bundle(path, root, SCHEMAS)
    return SchemaRegistry(bundled)


def _check_sound(
    protocol: Protocol, schemas: SchemaRegistry, law: Mapping[str, LegalBasis]
) -> None:
    for name in schemas.names:
        if name.startswith(f"{protocol.name}/"):
            schemas.by_name(name)
    places = [f"{protocol.name}: {finding}" for finding in findings(protocol, law, schemas)]
    if places:
        raise ProtocolInvalid(places)


def _check_version(
    protocol: Protocol, schemas: SchemaRegistry, law: Mapping[str, LegalBasis], root: Path
) -> None:
    """Hold the version against the one before it: its number, and its approval where it widens."""
    others = [
        load_unpublished(path, schemas, law)
        for path in sorted((root / protocol.id).glob(f"*/{FILE}"))
        if path.parent.name != protocol.version
    ]
    found = version_findings((*others, protocol), schemas, law, root)
    places = [f"{protocol.name}: {finding}" for each, finding in found if each == protocol]
    if places:
        raise ProtocolInvalid(places)


def _text(about: str, digests: Mapping[str, str]) -> str:
    lines = [f"{digest}  {name}\n" for name, digest in sorted(digests.items())]
    return f"{_LICENCE}{about}\n{''.join(lines)}"


def main(arguments: Sequence[str]) -> int:
    """Publish the version that is named; says in German what was written, or what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m hub.protocols.publish")
    parser.add_argument("name", help="Verfahren und Fassung, etwa schule-mitteilung/1.0.0")
    parser.add_argument("--specs", type=Path, default=SPECS, help="Ordner mit protocols/ und law/")
    parser.add_argument("--schemas", type=Path, default=SCHEMAS, help="Ordner der Schemas")
    parser.add_argument("--again", action="store_true", help="Fassung ist noch in Vorbereitung")
    said = parser.parse_args(arguments)
    try:
        written = publish(said.name, said.specs, said.schemas, again=said.again)
    except (ProtocolInvalid, SchemaNotSealable) as wrong:
        sys.stderr.write("\n".join(getattr(wrong, "places", [str(wrong)])) + "\n")
        return 1
    except OSError as missing:
        sys.stderr.write(f"Nicht lesbar: {missing.filename}\n")
        return 1
    sys.stdout.write("".join(f"Veröffentlicht: {path}\n" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
