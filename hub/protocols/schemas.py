# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which schemas does this hub know, and what is the one object that each of them is?

On disk a schema refers to the shared vocabulary by relative paths. What is digested, published and
checked is one self-contained object: every definition it reaches in ``$defs``, named after the
file it came from. The order of members stays that of the files, because forms follow it; the
digest does not depend on it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Never

from hub.errors import SchemaNotSealable, SchemaUnknown
from hub.model.json import Json, JsonObject
from hub.protocols.reading import Unreadable, read_text
from hub.sealing.canonical import digest, jcs
from hub.sealing.sealable import MAX_BODY, MAX_LEAVES, SealableSchema, parse_sealable

ENDING: Final = ".schema.json"
VOCABULARY: Final = "vokabular"
"""The one folder that schemas of another root may refer to as if it lay beside them."""
_FOREIGN: Final = re.compile(r"([A-Za-z0-9_./-]*)#/\$defs/([A-Za-z][A-Za-z0-9_-]*)")


class SchemaRegistry:
    """The schemas of one folder, by name and by digest; each is compiled when first asked for."""

    def __init__(
        self, bundled: Mapping[str, JsonObject], digests: Mapping[str, str] | None = None
    ) -> None:
        """Take the bundles; ``digests`` where they were counted before."""
        self._bundled = dict(bundled)
        self._digests = dict(digests or {}) or {
            name: digest(jcs(schema)) for name, schema in self._bundled.items()
        }
        self._names = {known: name for name, known in self._digests.items()}
        self._compiled: dict[str, SealableSchema] = {}
        # A digest in an envelope has to name one step, or its legal basis would be a guess.
        if len(self._names) != len(self._bundled):
            raise SchemaNotSealable("two schemas are the same object; give each an $id of its own")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all schemas, as ``schule-mitteilung/1.0.0/mitteilung``, ascending."""
        return tuple(sorted(self._bundled))

    def digest_of(self, name: str) -> str:
        """Return the digest of a schema by its name, without compiling it."""
        self._check_known(name)
        return self._digests[name]

    def name_of(self, schema_digest: str) -> str:
        """Return the name of the one schema that has this digest."""
        if schema_digest not in self._names:
            raise SchemaUnknown
        return self._names[schema_digest]

    def by_name(self, name: str) -> SealableSchema:
        self._check_known(name)
        if name not in self._compiled:
            self._compiled[name] = parse_sealable(self._bundled[name])
        return self._compiled[name]

    def by_digest(self, schema_digest: str) -> SealableSchema:
        return self.by_name(self.name_of(schema_digest))

    def bundled(self, name: str) -> JsonObject:
        """Return the one object that a schema is; never change it."""
        self._check_known(name)
        return self._bundled[name]

    def joined(self, more: "SchemaRegistry") -> "SchemaRegistry":
        """Return a registry of both; nothing in ``more`` takes the place of anything here."""
        bundled, digests = dict(self._bundled), dict(self._digests)
        for name in more.names:
            if name in bundled:
                raise SchemaNotSealable(f"{name}: there is a schema of this name already")
            bundled[name], digests[name] = more.bundled(name), more.digest_of(name)
        return SchemaRegistry(bundled, digests)

    def _check_known(self, name: str) -> None:
        if name not in self._bundled:
            raise SchemaUnknown


def load_schemas(root: Path, shared: Path | None = None) -> SchemaRegistry:
    """Bundle every ``<name>/<version>/<step>.schema.json`` below a folder.

    ``shared`` is the root whose vocabulary schemas of another root may use.
    """
    files = sorted(root.glob(f"*/*/*{ENDING}"))
    return SchemaRegistry(
        {
            path.relative_to(root).as_posix().removesuffix(ENDING): bundle(path, root, shared)
            for path in files
        }
    )


def bundle(path: Path, root: Path, shared: Path | None = None) -> JsonObject:
    """Return a schema as one object that refers to nothing outside itself.

    A reference may not leave ``root``: what is digested must come from the folder that is shipped
    and reviewed as a whole. To the vocabulary alone there is one way out, where ``shared`` has it.
    """
    there = None if shared is None else shared.resolve()
    return _Bundle(path.resolve(), root.resolve(), there).assemble()


def explain(schema: SealableSchema) -> str:
    """Say in German how large a schema is: leaves, classes, sealed length, each with its limit."""
    leaves = len(schema.leaves)
    classes = ", ".join(f"{name} ({len(schema.leaves_of((name,)))})" for name in schema.classes)
    size, limit = _grouped(schema.body_bytes), _grouped(MAX_BODY)
    return "\n".join(
        (
            f"Felder: {leaves} von höchstens {MAX_LEAVES}",
            f"Klassen: {classes}",
            f"Versiegelte Länge: {size} von höchstens {limit} Byte",
            f"Prüfsumme: {schema.digest}",
        )
    )


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


class _Bundle:
    """One schema on its way to one object."""

    def __init__(self, path: Path, root: Path, shared: Path | None) -> None:
        self._path = path
        self._root = root
        self._shared = shared
        self._files: dict[Path, JsonObject] = {}
        self._origins: dict[str, tuple[Path, str]] = {}
        """Where each definition of the bundle comes from, by its name there."""

    def assemble(self) -> JsonObject:
        head = {name: part for name, part in self._file(self._path).items() if name != "$defs"}
        schema = {name: self._localised(part, self._path) for name, part in head.items()}
        definitions = self._definitions()
        return schema | {"$defs": definitions} if definitions else schema

    def _definitions(self) -> JsonObject:
        found: JsonObject = {}
        # A definition can reach further ones, so this goes on until none is left.
        while missing := self._origins.keys() - found.keys():
            for local in sorted(missing):
                path, name = self._origins[local]
                found[local] = self._localised(self._definition(path, name), path)
        return dict(sorted(found.items()))

    def _localised(self, part: Json, path: Path) -> Json:
        """Return a part of a file in which every reference names a definition of the bundle."""
        if isinstance(part, list):
            return [self._localised(item, path) for item in part]
        if not isinstance(part, dict):
            return part
        localised = {name: self._localised(member, path) for name, member in part.items()}
        if "$ref" in part:
            localised["$ref"] = f"#/$defs/{self._local_name(part['$ref'], path)}"
        return localised

    def _local_name(self, reference: Json, path: Path) -> str:
        named = _FOREIGN.fullmatch(reference) if isinstance(reference, str) else None
        if named is None:
            self._refuse(path, "a reference has the form FILE#/$defs/NAME")
        target = self._target(path, named[1])
        name = named[2]
        local = name if target == self._path else f"{target.name.partition('.')[0]}-{name}"
        if self._origins.setdefault(local, (target, name)) != (target, name):
            self._refuse(path, "two definitions would have the same name in the bundle")
        return local

    def _target(self, path: Path, file: str) -> Path:
        target = (path.parent / file).resolve() if file else path
        if self._shared is not None:
            if target.is_relative_to(self._root / VOCABULARY):
                return self._shared / target.relative_to(self._root)
            if target.is_relative_to(self._shared / VOCABULARY):
                return target
        if not target.is_relative_to(self._root):
            self._refuse(path, "a reference leaves the folder of the schemas")
        return target

    def _definition(self, path: Path, name: str) -> Json:
        definitions = self._file(path).get("$defs")
        if not isinstance(definitions, dict) or name not in definitions:
            self._refuse(path, f"{name} is referred to and not defined")
        return definitions[name]

    def _file(self, path: Path) -> JsonObject:
        if path not in self._files:
            self._files[path] = self._parsed(path)
        return self._files[path]

    def _parsed(self, path: Path) -> JsonObject:
        try:
            schema = json.loads(read_text(path), object_pairs_hook=_unique)
        except OSError:
            self._refuse(path, "is referred to and cannot be read")
        except Unreadable as broken:
            self._refuse(path, str(broken))
        except (ValueError, RecursionError):
            self._refuse(path, "is not JSON, or names a member twice")
        if not isinstance(schema, dict):
            self._refuse(path, "a schema is one JSON object")
        return schema

    def _refuse(self, path: Path, reason: str) -> Never:
        place = path.relative_to(self._root) if path.is_relative_to(self._root) else path.name
        raise SchemaNotSealable(f"{place}: {reason}")


def _unique(members: Iterable[tuple[str, Json]]) -> JsonObject:
    pairs = list(members)
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found
