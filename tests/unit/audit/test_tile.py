# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

import json
from typing import Any, Final

import pytest

from hub.audit.merkle import Unproven, leaf_hash
from hub.audit.tile import (
    ENTRIES,
    HEIGHT,
    WIDTH,
    Tile,
    bundle,
    parse_bundle,
    parse_path,
    rows_of,
    split_hashes,
    tiles_of,
)
from specs.vectors.log import make

TILES: Final[Any] = json.loads((make.HERE / "tiles.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", TILES["paths"], ids=lambda vector: vector["path"])
def test_a_tile_has_one_path_and_the_path_names_one_tile(vector: Any) -> None:
    tile = Tile(vector["level"], vector["n"], vector["width"])

    assert tile.path == vector["path"]
    assert parse_path(vector["path"]) == tile


def test_the_path_of_a_large_index_is_that_of_the_specification() -> None:
    assert Tile(0, 1_234_067).path == "tile/0/x001/x234/067"


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/x000/001",
        "tile/0/1",
        "tile/0/0001",
        "tile/64/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/999",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/../0/000",
        "tile/entries/x001",
        "tile/0/000\n",
        "tile/0/x999/x999/x999/x999/x999/999",
    ],
)
def test_a_second_spelling_is_no_path(path: str) -> None:
    assert parse_path(path) is None


@pytest.mark.parametrize("vector", TILES["counts"], ids=lambda vector: vector["size"])
def test_a_tree_has_full_tiles_and_at_most_one_partial_one_a_level(vector: Any) -> None:
    tiles = tiles_of(vector["size"])

    partial = [[tile.level, tile.width] for tile in tiles if tile.width < WIDTH]
    assert partial == vector["partial"]
    assert len(tiles) - len(partial) == vector["full"]


def test_seventy_thousand_entries_are_the_tiles_that_the_specification_counts() -> None:
    tiles = tiles_of(70_000)

    assert sum(tile.level == 0 and tile.width == WIDTH for tile in tiles) == 273
    assert [(t.level, t.width) for t in tiles if t.width < WIDTH] == [(0, 112), (1, 17), (2, 1)]


def test_a_tile_is_a_small_tree() -> None:
    data = [make.leaf(index) for index in range(WIDTH)]

    rows = rows_of(map(leaf_hash, data))

    assert [len(row) for row in rows] == [256, 128, 64, 32, 16, 8, 4, 2, 1]
    assert rows[HEIGHT][0] == make.tree_hash(data)
    assert rows[3][5] == make.tree_hash(data[40:48])


def test_a_bundle_gives_back_the_entries_that_went_in() -> None:
    bodies = [b"", b"one", b"x" * 65_535]

    assert parse_bundle(bundle(bodies)) == bodies
    assert bundle([b"one"]) == b"\x00\x03one"


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x03on", b"\x00\x01a\x00"])
def test_a_bundle_that_ends_inside_an_entry_is_none(data: bytes) -> None:
    with pytest.raises(Unproven):
        parse_bundle(data)


@pytest.mark.parametrize("data", [b"", b"x" * 31, b"x" * 33, b"x" * 32 * 257])
def test_bytes_that_are_no_whole_hashes_are_no_tile(data: bytes) -> None:
    with pytest.raises(Unproven):
        split_hashes(data)


def test_a_bundle_begins_at_the_leaves_of_its_tile() -> None:
    assert (Tile(0, 3).start, Tile(ENTRIES, 3).start, Tile(1, 3).start) == (768, 768, 196_608)
