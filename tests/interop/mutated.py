# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does somebody send who gets one thing wrong and signs it all the same?"""

import copy
from random import Random
from typing import Any, Final

from hub.sealing.canonical import digest
from specs.vectors.sl1.actors import NOW
from specs.vectors.sl1.cases import FIRST, LISTS, PARTIAL, PLAIN, TWO
from specs.vectors.sl1.forge import Parts, Spoiled, forge
from specs.vectors.sl1.messages import Case

CASES: Final[tuple[Case, ...]] = (PLAIN, FIRST, TWO, PARTIAL, LISTS)
STEPS: Final = ("claims", "claims", "claims", "members", "header", "body", "leaves", "plaintexts")
NAMES: Final = ("exp", "prv", "cau", "x", "akte", "main", "rel", "__proto__")
D: Final = digest("x")
READER: Final = {"classes": ["main"], "kid": D, "rel": "now", "wrap": D}
VALUES: Final[tuple[Any, ...]] = (
    *(True, None, 0, -1, 1, 2**53 - 1, NOW, NOW - 1000, "", "a", "SL1", "SL2", "main", "now"),
    *(D, D[:-1] + "B", "A" * 42, "x" * 200, "schule:999001.a.b", "abc/1.2.3\n", "abc/0001.2.3"),
    *("0193504f-7c2a-1d41-8e5b-000000000001", "0193504f-7c2a-4d41-8e5b-000000000001"),
    *([], {}, [D], [D] * 3, ["main"], ["main", "akte"], {"main": D}, [READER], [READER] * 9),
    *({f"k{i}": D for i in range(9)}, sorted({digest(str(i)) for i in range(161)})),
)


def a_spoiled_message(random: Random) -> tuple[Case, bytes]:
    """Draw a message of which one member or value is another, in the step where it is made."""
    case, step = random.choice(CASES), random.choice(STEPS)
    change = {"plaintexts": _change_plaintext, "leaves": _change_leaf}.get(step, _change_value)
    spoiled = Spoiled(**{step: lambda parts: change(random, parts)})
    return case, forge(case, spoiled)


def _change_plaintext(random: Random, plaintexts: Parts) -> None:
    pointer = random.choice([*plaintexts])
    changed = bytearray(plaintexts[pointer])
    changed[random.randrange(len(changed))] = random.choice(b' "a1,[]{n\\\n\xff')
    plaintexts[pointer] = bytes(changed)


def _change_leaf(random: Random, leaves: Parts) -> None:
    """Put something else in the place of a leaf, or change one character of it."""
    pointer = random.choice([*leaves])
    sealed = [*leaves[pointer]]
    sealed[random.randrange(len(sealed))] = random.choice("A.-=ä")
    leaves[pointer] = random.choice(("".join(sealed), copy.deepcopy(random.choice(VALUES))))


def _change_value(random: Random, parts: Parts) -> None:
    place = random.choice([*_places(parts)])
    value = copy.deepcopy(random.choice(VALUES))
    if isinstance(place, list):
        place[random.randrange(len(place) + 1) :] = [value]
        return
    names = [*place, random.choice(NAMES)]
    if random.random() < 1 / 4 and place:
        del place[random.choice([*place])]
    else:
        place[random.choice(names)] = value


def _places(value: Any) -> Any:
    """Yield every object and list in a value."""
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _places(inner)
