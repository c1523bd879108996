# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a greedy sender try, and who has to stop it? Row by row, as ``specs/over-sharing.md``.

A row can be tried in several ways, and all of them end with the same code.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from hub.sealing.canonical import b64, jcs
from specs.vectors.sl1.forge import Spoiled
from specs.vectors.sl1.spoil import HONEST, body, leaf, says, segment, states, trailing_bits
from tests.journeys.attempts import (
    CALLED_NAME,
    SEX,
    STRANGER,
    Attempt,
    as_if_of_the_step,
    by_another_version,
    header_with,
    known,
    made,
    spoiled_seals,
    with_a_key_of_its_own_for_one_reader,
    with_a_leaf_of_another_message,
    with_a_stranger_in_keys,
    with_loose_claims,
    with_more_in_each,
    with_one_code_more,
    with_one_leaf_more,
)
from tests.journeys.books import CANARY
from tests.journeys.test_bad_messages import BODIES, BYTES, CLAIMS, HEADERS, LARGEST
from tests.journeys.test_spoiled_seals import NAME


@dataclass(frozen=True)
class Row:
    """Who says no to every way of one attempt, and with which code."""

    who: Literal["hub", "reader"]
    code: str
    ways: dict[str, Attempt]
    status: int = 422
    """Of the hub's answer; without meaning where the reader says no."""


SCOPE: Final = "scope-exceeded"
MALFORMED: Final = "leaf-malformed"
CONTENT: Final = "content-invalid"
TABLE: Final[dict[str, Row]] = {
    "G01": Row(
        "hub",
        SCOPE,
        known(BODIES, "an extra leaf", "an extra leaf deep inside")
        | {"an extra leaf, sealed": Attempt(("/body",), by_another_version("religion", CANARY))},
    ),
    "G02": Row("hub", SCOPE, known(BODIES, "a missing leaf")),
    "G03": Row("hub", SCOPE, known(BODIES, "a renamed leaf")),
    "G04": Row("hub", SCOPE, known(BODIES, "a leaf that is too long")),
    "G05": Row("hub", SCOPE, known(BODIES, "a leaf that is too short")),
    "G06": Row("reader", "leaf-unopenable", spoiled_seals("two leaves exchanged")),
    "G07": Row(
        "reader",
        "leaf-unopenable",
        {"the name from another notice": Attempt((NAME,), with_a_leaf_of_another_message)},
    ),
    "G08": Row(
        "hub",
        SCOPE,
        {
            "an object at the root": made(("/body",), body(haustiere={"name": CANARY})),
            "an object in place of a leaf": made(
                (f"/body{NAME}",), leaf(NAME, lambda it: {CANARY: it})
            ),
        },
    ),
    "G09": Row("hub", SCOPE, known(BODIES, "a slot too many")),
    "G10": Row(
        "hub",
        SCOPE,
        known(BODIES, "a leaf in the open", "a leaf in the open, as long as a sealed one"),
    ),
    "G11": Row(
        "hub",
        SCOPE,
        known(BODIES, "a leaf under another header")
        | {
            "a member more in the header of a leaf": made(
                ("/body/hinweise/waffen",), leaf("/hinweise/waffen", header_with(kid=CANARY))
            )
        },
    ),
    "G12": Row(
        "hub",
        "envelope-invalid",
        known(HEADERS, "an unknown member", "crit", "compression", "a key in the header"),
    ),
    "G13": Row(
        "reader",
        MALFORMED,
        {
            "a text behind spaces": made(
                (NAME,), says(NAME, lambda it: jcs(it) + b" " * 8 + CANARY.encode())
            ),
            "a second disclosure": made((NAME,), says(NAME, lambda it: jcs(it) + b" " + jcs(it))),
            "another white space": made((NAME,), says(NAME, lambda it: jcs(it) + b"\t")),
            "a zero": made((NAME,), says(NAME, lambda it: jcs(it) + b"\0")),
        },
    ),
    "G14": Row(
        "reader",
        MALFORMED,
        {
            f"{length} bytes": made(
                (NAME,),
                says(NAME, lambda it, length=length: jcs([b64(bytes(length)), *it[1:]])),  # type: ignore[misc]
            )
            for length in (17, 32)
        },
    ),
    "G15": Row("reader", MALFORMED, spoiled_seals("a disclosure of four")),
    "G16": Row(
        "hub",
        "readers-invalid",
        {"a stranger": Attempt(("/keys",), with_a_stranger_in_keys)},
    ),
    "G17": Row(
        "hub",
        "readers-invalid",
        {"32 bytes more": made(("/keys/0/wrap",), Spoiled(wraps=with_more_in_each))},
    ),
    "G18": Row("hub", "envelope-invalid", known(CLAIMS, "an unknown claim")),
    "G19": Row(
        "reader",
        CONTENT,
        spoiled_seals("a word that no list knows")
        | {"all that there is room for": made((SEX,), states(SEX, "Kanarienvogel"))},
    ),
    "G20": Row(
        "hub",
        SCOPE,
        {
            "a measure": Attempt(
                ("/body",), by_another_version("massnahme", "Inobhutnahme"), step="rueckmeldung"
            ),
            "a measure in the open": made(("/body",), body(massnahme=CANARY), step="rueckmeldung"),
        },
    ),
    "G21": Row(
        "hub", SCOPE, {"religion": Attempt(("/body",), by_another_version("religion", CANARY))}
    ),
    "G22": Row(
        "reader",
        "secret-mismatch",
        {"two keys": Attempt(("/commit/main",), with_a_key_of_its_own_for_one_reader)},
    ),
    "G23": Row(
        "hub",
        "schema-unknown",
        {
            "religion": Attempt(
                ("/schema",), lambda wish: (with_one_leaf_more("religion", CANARY, wish), HONEST)
            )
        },
    ),
    "G24": Row(
        "reader",
        CONTENT,
        {"a fifth code": Attempt((SEX,), partial(as_if_of_the_step, with_one_code_more))},
    ),
    "G25": Row(
        "hub",
        "reader-key-stale",
        {
            "a stranger": Attempt(
                None, lambda wish: (wish.sealed_to(*wish.readers, STRANGER.public), HONEST)
            )
        },
        409,
    ),
    "G26": Row("hub", "commitments-invalid", known(BODIES, "a decoy")),
    "G27": Row("hub", "commitments-invalid", known(BODIES, "a commitment to an unknown class")),
    "G28": Row("hub", "not-a-message", known(BYTES, "an unknown member"), 400),
    "G29": Row("hub", "not-a-message", known(BYTES, "a key with an unknown member"), 400),
    "G30": Row("hub", "not-a-message", known(BYTES, "white space"), 400),
    "G31": Row("hub", "envelope-invalid", {"white space": Attempt((), with_loose_claims)}),
    "G32": Row(
        "hub",
        SCOPE,
        {
            part: made((f"/body{NAME}",), leaf(NAME, segment(number, trailing_bits)))
            for number, part in ((3, "the ciphertext"), (4, "the tag"))
        },
    ),
    "G33": Row(
        "reader",
        MALFORMED,
        spoiled_seals("a list as value")
        | {"an object as value": made((NAME,), states(NAME, {CANARY: CANARY}))},
    ),
    "G34": Row(
        "reader",
        CONTENT,
        {"61 letters": made(("/hinweise/sprache",), states("/hinweise/sprache", "a" * 61))},
    ),
    "G35": Row("reader", CONTENT, spoiled_seals("an invisible character")),
    "G36": Row(
        "reader",
        MALFORMED,
        {"another name": made((NAME,), says(NAME, lambda it: jcs([it[0], CALLED_NAME, it[2]])))},
    ),
    "G37": Row("reader", CONTENT, spoiled_seals("an observation after none")),
    "G38": Row("reader", "leaf-mismatch", spoiled_seals("a leaf that was not signed")),
    "G39": Row(
        "hub",
        "too-large",
        {"spaces": made((), HONEST, raw=lambda raw: raw.ljust(LARGEST + 1))},
        413,
    ),
    "G40": Row("hub", "reader-key-stale", {}, 409),
    "G41": Row("hub", "envelope-invalid", {}),
}
NO_MESSAGES: Final = frozenset({"G40", "G41"})
"""What is tried with another request than that of a message."""
UNSEEN: Final = frozenset({"G16", "G25"})
"""What only the hub can see: the true reader gets its own wrap alone, and opens."""
UNREAD: Final = frozenset({"G39"})
"""What is refused before it is read, and leaves no entry."""
