# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this a content of its schema? (SL1 §§ 3 and 4)

Sender and reader ask the same; the hub cannot. Refusals name places and never what stands there.
"""

from collections.abc import Iterable, Mapping

from hub.errors import ContentInvalid
from hub.model.json import Json, JsonObject
from hub.sealing.canonical import jcs
from hub.sealing.sealable import Leaf, SealableSchema
from hub.sealing.text import is_plain_text
from hub.sealing.tree import LeafValue, Tree, expand, reduce


def check_content(schema: SealableSchema, content: Json) -> Tree:
    """Return the tree of a content, or refuse it with pointers into it.

    A content has one spelling: no written null, no empty optional list or object, no vacant item.
    """
    try:
        jcs(content)
    except ValueError:
        raise ContentInvalid("The content is not JSON with integers only.") from None
    _check_plain(schema, content)
    tree = expand(schema, content)
    _check_spellings(schema, tree)
    reduced = reduce(schema, tree)
    if reduced != content:
        raise ContentInvalid(
            "Something is written that states nothing.", pointers=_differences(content, reduced)
        )
    return tree


def content_of(schema: SealableSchema, tree: Mapping[str, LeafValue]) -> JsonObject:
    """Return the content that a complete tree says, or refuse it (SL1 § 7, reader's step 6)."""
    _check_spellings(schema, tree)
    content = reduce(schema, tree)
    _check_plain(schema, content)
    return content


def check_value(leaf: Leaf, value: LeafValue) -> None:
    """Refuse a value that its own leaf does not allow, whatever stands elsewhere; null is allowed.

    This is all that the reader of some classes can check.
    """
    _check_spelling(leaf, value)
    if value is not None and not leaf.validator.is_valid(value):
        raise ContentInvalid(pointers=(leaf.pointer,))


def pointers_of(paths: Iterable[list[str | int]], root: str = "") -> tuple[str, ...]:
    """Spell paths of known members as JSON pointers, each once, ascending."""
    return tuple(sorted({root + "".join(f"/{token}" for token in path) for path in paths}))


def _check_plain(schema: SealableSchema, content: Json) -> None:
    if schema.plain_validator.is_valid(content):
        return
    # The places only: the validator's own words could hold a value or an unknown name.
    errors = schema.plain_validator.iter_errors(content)
    raise ContentInvalid(pointers=pointers_of(error.instance_path for error in errors))


def _check_spellings(schema: SealableSchema, tree: Mapping[str, LeafValue]) -> None:
    for pointer, value in tree.items():
        _check_spelling(schema.pointers[pointer], value)


def _check_spelling(leaf: Leaf, value: LeafValue) -> None:
    if value is None:
        return
    if isinstance(value, str) and not is_plain_text(value):
        raise ContentInvalid(
            "A string is not NFC or holds a forbidden character.", pointers=(leaf.pointer,)
        )
    if len(jcs(value)) > leaf.max_bytes:
        raise ContentInvalid("A value is too long.", pointers=(leaf.pointer,))


def _differences(content: Json, reduced: Json, pointer: str = "") -> tuple[str, ...]:
    """Return where a content of the plain schema says more than remains of it."""
    pairs: list[tuple[str, Json, Json]] = []
    if isinstance(content, dict) and isinstance(reduced, dict):
        pairs = [(name, value, reduced.get(name)) for name, value in content.items()]
    elif isinstance(content, list) and isinstance(reduced, list) and len(content) == len(reduced):
        pairs = [
            (str(index), *both) for index, both in enumerate(zip(content, reduced, strict=True))
        ]
    elif content != reduced:
        return (pointer,)
    found = (_differences(one, other, f"{pointer}/{token}") for token, one, other in pairs)
    return tuple(sorted(place for places in found for place in places))
