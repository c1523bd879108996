# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every kind of refusal and failure has one code, a status, a text, and a place in the log."""

import inspect
from collections import Counter
from collections.abc import Iterator

import pytest

import hub.errors
from hub.audit.verify import REASONS
from hub.audit.words import REASONS as WORDS_OF_THE_LOG
from hub.errors import Failure, Refusal
from hub.main.texts import load_problem_texts
from hub.web.problems import STATUS

KINDS = [
    kind
    for _, kind in inspect.getmembers(hub.errors, inspect.isclass)
    if issubclass(kind, Refusal | Failure) and kind not in {Refusal, Failure}
]
EDGE_ONLY = {"request-invalid", "method-not-allowed", "host-unknown"}
"""What is said before anything is known, in the words of HTTP."""
OF_THE_PURPOSE = {"eigenueberwachung", "rechtmaessigkeit", "sicherheit", "strafverfahren", ""}
"""Why the log was read (§ 76 Abs. 3 BDSG): no refusal, but in the same field."""
OF_REMINDING = {"owed", "reminder", "returned"}
"""Of what somebody was reminded."""


def subclasses(kind: type[Refusal | Failure]) -> Iterator[type[Refusal | Failure]]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def test_no_two_kinds_have_one_code() -> None:
    codes = Counter(kind.code for kind in KINDS)

    assert [code for code, times in codes.items() if times > 1 or not code] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_a_code_has_a_status_and_a_text(kind: type[Refusal | Failure]) -> None:
    texts = load_problem_texts()

    assert STATUS[kind.code] // 100 == (4 if issubclass(kind, Refusal) else 5)
    assert texts[kind.code]["title_de"]
    assert texts[kind.code]["title_en"]
    assert texts[kind.code]["advice_de"]


def test_no_status_is_for_a_code_that_nobody_says() -> None:
    said = {kind.code for kind in KINDS} | {Failure.code}

    assert STATUS.keys() - said == EDGE_ONLY


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_a_kind_says_what_is_and_repeats_nothing(kind: type[Refusal | Failure]) -> None:
    """The docstring is what the sender reads where the hub says no more; it is one sentence."""
    said = inspect.getdoc(kind) or ""

    assert said.endswith(".")
    assert "{" not in said
    if issubclass(kind, Refusal):
        assert str(kind()) == said.splitlines()[0]


def test_a_kind_defined_elsewhere_keeps_the_code_of_what_it_is() -> None:
    """So a part may say more precisely what happened, and nobody outside has to learn it."""
    elsewhere = [
        kind
        for root in (Refusal, Failure)
        for kind in subclasses(root)
        if kind.__module__.startswith("hub.") and kind.__module__ != "hub.errors"
    ]

    assert [kind for kind in elsewhere if kind.code not in STATUS] == []


def test_the_log_and_its_verifier_know_every_code_and_no_other() -> None:
    codes = {kind.code for kind in KINDS} | {Failure.code} | OF_THE_PURPOSE | OF_REMINDING

    assert set(WORDS_OF_THE_LOG) | {""} == codes
    assert set(REASONS) == codes
