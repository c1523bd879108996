# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a hub get its catalogue without reading two hundred files?

``python -m hub.protocols.compiled`` reads them once and writes ``specs/catalogue.json``: the law,
the protocols with their digests, and each schema bundled, with shared definitions once. It says of
which bytes it was made, and counts for these alone: where a file is another one now, the files are
read instead. So nobody can change a rule by changing what was compiled from it.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from hub.model.json import JsonObject
from hub.model.law import LegalBasis
from hub.model.noun import Noun
from hub.model.protocol import Protocol
from hub.protocols.catalogue import Catalogue, load_catalogue, make_catalogue
from hub.protocols.own import load_own
from hub.protocols.schemas import SchemaRegistry
from hub.schemas import SCHEMAS, SPECS
from hub.sealing.canonical import digest

FILE: Final = "catalogue.json"
_OF_SPECS: Final = ("law/*.yaml", "protocols/*/*/*")
_OF_SCHEMAS: Final = ("*/*/*.json",)
"""What decides what may be said; examples and texts beside it do not."""


class _Schema(Noun):
    """A bundled schema without the definitions that it shares with others."""

    digest: str
    schema_: dict[str, Any]
    definitions: tuple[str, ...] = ()
    """Keys of the shared definitions; the name in the bundle is what stands before ``#``."""


class _Compiled(Noun):
    """What stands in the file."""

    sources: dict[str, str]
    """Digest of each file that it was made of."""
    law: tuple[LegalBasis, ...]
    protocols: tuple[Protocol, ...]
    definitions: dict[str, dict[str, Any]]
    schemas: dict[str, _Schema]


def load_compiled(specs: Path = SPECS, schemas: Path = SCHEMAS) -> Catalogue:
    """Return the shipped catalogue: as it was compiled, or from the files where they changed."""
    try:
        compiled = _Compiled.model_validate_json((specs / FILE).read_bytes())
    except (OSError, ValidationError):
        return load_catalogue(specs, schemas)
    if compiled.sources != sources(specs, schemas):
        return load_catalogue(specs, schemas)
    return _catalogue(compiled)


def load_known(own: Path | None = None) -> Catalogue:
    """Return the shipped catalogue, with the protocols of an own folder where there is one.

    Raises ``ProtocolInvalid`` where one of them does not hold: a rule that nobody would publish
    does not become one by being loaded.
    """
    shipped = load_compiled()
    return shipped if own is None else load_own(shipped, own)


def text(specs: Path = SPECS, schemas: Path = SCHEMAS) -> str:
    """Return what has to stand in the file: one line for each small thing, always in one order."""
    catalogue = load_catalogue(specs, schemas)
    definitions: JsonObject = {}
    apart = {
        name: _taken_apart(catalogue.schemas, name, definitions) for name in catalogue.schemas.names
    }
    said = {
        "sources": sources(specs, schemas),
        "law": [
            basis.model_dump(mode="json", exclude_defaults=True)
            for _, basis in sorted(catalogue.law.items())
        ],
        "protocols": [
            {**each.model_dump(mode="json", exclude_defaults=True), "digest": each.digest}
            for each in catalogue.all()
        ],
        "definitions": dict(sorted(definitions.items())),
        "schemas": apart,
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def sources(specs: Path, schemas: Path) -> dict[str, str]:
    """Return the digest of every file that decides, by its path."""
    read = [("specs", specs, pattern) for pattern in _OF_SPECS]
    read += [("schemas", schemas, pattern) for pattern in _OF_SCHEMAS]
    found = (
        (f"{name}/{path.relative_to(root).as_posix()}", path)
        for name, root, pattern in read
        for path in root.glob(pattern)
        if path.is_file()
    )
    return {name: digest(path.read_bytes()) for name, path in sorted(found)}


def _taken_apart(schemas: SchemaRegistry, name: str, shared: JsonObject) -> JsonObject:
    whole = schemas.bundled(name)
    local = whole.get("$defs", {})
    keys = (
        [_shared(key, part, shared) for key, part in local.items()]
        if isinstance(local, dict)
        else []
    )
    rest = {member: part for member, part in whole.items() if member != "$defs"}
    return {"digest": schemas.digest_of(name), "schema_": rest, "definitions": [*keys]}


def _shared(local: str, part: Any, shared: JsonObject) -> str:
    """Return the key under which a definition is shared; two of one name have a key each."""
    key, number = local, 1
    while shared.setdefault(key, part) != part:
        number += 1
        key = f"{local}#{number}"
    return key


def _catalogue(compiled: _Compiled) -> Catalogue:
    bundled = {
        name: _put_together(each, compiled.definitions) for name, each in compiled.schemas.items()
    }
    digests = {name: each.digest for name, each in compiled.schemas.items()}
    law = MappingProxyType({basis.code: basis for basis in compiled.law})
    return make_catalogue(compiled.protocols, SchemaRegistry(bundled, digests), law)


def _put_together(schema: _Schema, definitions: Mapping[str, Any]) -> JsonObject:
    if not schema.definitions:
        return schema.schema_
    found = {key.partition("#")[0]: definitions[key] for key in schema.definitions}
    return {**schema.schema_, "$defs": found}


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with ``--check`` say whether it is the one of the files."""
    path = SPECS / FILE
    if "--check" not in arguments:
        path.write_text(text(), "utf-8")
        sys.stdout.write(f"Geschrieben: {path}\n")
        return 0
    if path.exists() and path.read_text("utf-8") == text():
        return 0
    sys.stderr.write("specs/catalogue.json ist nicht der Stand der Dateien: make catalogue\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
