# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A policy is read as C2SP has it, and whatever could be read in two ways is refused."""

from itertools import combinations

import pytest

from hub.audit.merkle import Unproven
from hub.audit.policy import parse_policy
from tests.unit.audit.builders import a_signer
from tests.unit.audit.witnesses import a_cosigner, a_later_cosigner

DSB, NORD, SUED = (a_cosigner(f"{name}.invalid/w1").key.vkey for name in ("dsb", "nord", "sued"))
LOG = a_signer().verifier.vkey
TEXT = f"""\
# Zeugen des Hubs: die Datenschutzbeauftragte und eine der beiden Nachbarinnen
log {LOG} https://hub.invalid

witness dsb {DSB} https://dsb.invalid/zeuge/
witness nord\t{NORD}   https://nord.invalid
  witness sued {SUED}
group nachbarn any nord sued
group alle all dsb nachbarn
quorum alle
"""


def test_it_says_who_is_enough() -> None:
    policy = parse_policy(TEXT)

    enough = {
        names
        for number in range(4)
        for names in combinations(("dsb", "nord", "sued"), number)
        if policy.is_met(names)
    }
    assert enough == {("dsb", "nord"), ("dsb", "sued"), ("dsb", "nord", "sued")}
    assert policy.least == 2
    assert policy.log is not None
    assert policy.log.vkey == LOG
    assert policy.witnesses["dsb"].url == "https://dsb.invalid/zeuge"
    assert policy.witnesses["sued"].url == ""


def test_whoever_signed_is_known_by_the_label_of_the_key() -> None:
    policy = parse_policy(TEXT)
    labels = [policy.witnesses[name].key.label for name in ("dsb", "sued")]

    assert policy.is_met_by(labels)
    assert not policy.is_met_by([*labels[1:], "fremd.invalid+00000000"])


def test_a_threshold_of_groups_takes_the_cheapest_of_them() -> None:
    keys = [a_cosigner(f"w{n}.invalid").key.vkey for n in range(6)]
    lines = [f"witness X{n} {key}" for n, key in enumerate(keys)]
    groups = ["group a all X0 X1 X2", "group b 1 X3 X4", "group c 2 a b X5", "quorum c"]

    policy = parse_policy("\n".join([*lines, *groups]) + "\n")

    assert policy.least == 2
    assert policy.is_met({"X4", "X5"})
    assert not policy.is_met({"X0", "X1", "X5"})


def test_a_quorum_of_nobody_is_met_by_nobody() -> None:
    policy = parse_policy("quorum none\n")

    assert policy.is_met(())
    assert policy.least == 0


def test_both_kinds_of_keys_can_be_listed() -> None:
    key = a_later_cosigner().key

    policy = parse_policy(f"witness later {key.vkey}\nquorum later\n")

    assert policy.witnesses["later"].key == key


def test_names_beyond_ascii_are_octets_and_nothing_else() -> None:
    """The Kelvin sign looks like a K and is none; Latin-1 is no UTF-8 and is a name too."""
    text = f"witness K {DSB}\nwitness \u212a {NORD}\n".encode() + b"group \xe4 all K\nquorum \xe4\n"

    policy = parse_policy(text)

    assert policy.is_met({"K"})
    assert not policy.is_met({"\u212a"})


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("", 0),
        ("quorum nobody", 1),
        ("quorum none\nquorum none", 2),
        ("quorum none none", 1),
        ("Quorum none", 1),
        ("quorum none\r", 0),
        ("quorum none\x00", 0),
        (f"witness a {DSB}\nwitness a {NORD}\nquorum a", 2),
        (f"witness a {DSB}\nwitness b {DSB}\nquorum a", 2),
        (f"witness none {DSB}\nquorum none", 1),
        (f"witness a {LOG}\nquorum a", 1),
        (f"witness a {DSB} https://a.invalid b\nquorum a", 1),
        (f"log {DSB}\nquorum none", 1),
        (f"log {LOG}\nlog {LOG}\nquorum none", 2),
        (f"witness a {DSB}\ngroup g 2 a\nquorum g", 2),
        (f"witness a {DSB}\ngroup g 0 a\nquorum g", 2),
        (f"witness a {DSB}\ngroup g 01 a\nquorum g", 2),
        (f"witness a {DSB}\ngroup g any\nquorum g", 2),
        (f"witness a {DSB}\ngroup g any a a\nquorum g", 2),
        (f"witness a {DSB}\ngroup g any none\nquorum g", 2),
        (f"group g any a\nwitness a {DSB}\nquorum g", 1),
        (f"quorum a\nwitness a {DSB}", 1),
        (f"witness a {DSB}\ngroup g any a\ngroup h any a\nquorum h", 3),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_with_its_line(wrong: str, line: int) -> None:
    with pytest.raises(Unproven) as refused:
        parse_policy(wrong)

    assert not line or str(refused.value).startswith(f"line {line} ")
