# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever reads a part sees where it stands, and nothing that would stand in for the rest."""

from types import MappingProxyType
from typing import Final

from hub.client.establishing import readable
from hub.model.json import JsonObject
from hub.sealing.opening import Opened
from hub.sealing.tree import LeafValue

CONTENT: Final[JsonObject] = {"kind": {"name": "Erfunden"}}


def opened(values: dict[str, LeafValue]) -> Opened:
    return Opened(("main",), None, MappingProxyType(values), MappingProxyType({}))


def test_the_whole_content_is_what_it_is() -> None:
    whole = Opened(("main",), dict(CONTENT), MappingProxyType({}), MappingProxyType({}))

    assert readable(whole) == CONTENT


def test_values_stand_where_they_stood() -> None:
    said = opened({"/kind/name": "Erfunden", "/kind/alter": 7, "/eilt": False, "/anruf/zeit": None})

    assert readable(said) == {"kind": {"name": "Erfunden", "alter": 7}, "eilt": False}


def test_a_list_keeps_its_order_where_an_item_is_not_for_this_reader() -> None:
    values: dict[str, LeafValue] = {
        f"/beobachtungen/{slot}/text": f"Nr. {slot}" for slot in (10, 2, 0)
    }
    values["/beobachtungen/1/text"] = None

    assert readable(opened(values)) == {
        "beobachtungen": [{"text": "Nr. 0"}, {"text": "Nr. 2"}, {"text": "Nr. 10"}]
    }


def test_of_a_list_of_words_the_words_are_left() -> None:
    assert readable(opened({"/sprachen/0": "de", "/sprachen/1": None})) == {"sprachen": ["de"]}


def test_whoever_may_read_nothing_of_it_gets_nothing() -> None:
    assert readable(opened({"/kind/name": None})) == {}
