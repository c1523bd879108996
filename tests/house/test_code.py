# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every module of the hub does, and what only a few may do."""

import ast
import re

from tests.house.source import Module, dotted, modules, texts

LINES = {
    *("submit", "deliver", "remind", "inquire", "enrol", "retain", "connect", "alert"),
    *("oversee", "reconcile", "prune", "hold", "erase", "rewrap", "rewrite", "witnessed"),
}
EDGE = {"web", "main", "client", "adapters"}
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
}
"""How the clock of the machine is read; everybody else asks ``hub.clock``."""
OF_THE_MACHINE = {
    "hub.clock",
    "hub.main.democlock",
    "hub.main.lastresort",
    "hub.main.restoring",
    "hub.main.surroundings",
}
"""Beside the clock itself: who puts it, a last word, the name of a file put aside, and doctor."""
WRITING = {"commit", "commit_now", "rollback", "begin", "begin_nested"}
KEEPERS = {
    f"hub.store.{name}" for name in ("writer", "readers", "schema", "probe", "postgresql", "books")
}
"""The one writer, the readers' snapshots, the migrations, the question whether it could, and the
connection that raises where a commit was none."""


def methods(module: Module) -> set[str]:
    """Return names of methods that are called on something."""
    return {called.rpartition(".")[2] for _, called in module.calls() if "." in called}


def test_every_module_says_what_question_it_answers() -> None:
    said = {module.name: ast.get_docstring(module.tree) or "" for module in modules()}

    assert [name for name, text in said.items() if not re.match(r"[A-Z`]", text)] == []


def test_only_trust_opens_a_token() -> None:
    """The defaults of the library are wrong for us, so one strict function verifies them all."""
    importing = {
        module.name
        for module in modules()
        if any(name.partition(".")[0] in {"jwt", "joserfc", "jose"} for name in module.imports())
    }
    decoding = {
        module.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id)
        in {"get_unverified_header", "decode_complete", "PyJWT", "PyJWS"}
    }

    assert {name for name in importing | decoding if not name.startswith("hub.trust")} == set()
    assert importing, "otherwise this looks for the wrong name"


def test_only_the_lines_commit() -> None:
    """Parts add and lines commit; so a message and its entry are there together or not at all."""
    committing = {
        module.name
        for module in modules()
        if WRITING & methods(module) and module.layer not in LINES | {"main"}
    }

    assert committing == KEEPERS


def test_the_writer_is_in_the_hands_of_the_lines() -> None:
    holding = {
        module.layer
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "writer"
    }

    assert holding <= LINES | {"main", "node"}


def looks_at_a_clock(names: set[str]) -> list[tuple[str, str, int]]:
    """Return layer, module and line of each look at a clock."""
    return [
        (module.layer, module.name, call.lineno)
        for module in modules()
        for call, called in module.calls()
        if called in names
    ]


def test_below_the_edge_the_time_is_an_argument() -> None:
    """What decides can then be asked about any moment, and two parts never mean two moments."""
    looks = looks_at_a_clock(CLOCKS | {"clock.now", "clock.today", "now"})

    # Days in the file of a demonstration count from the one on which somebody reads it.
    reading = {"hub.clock", "hub.directory.network"}
    assert [found for found in looks if found[0] not in EDGE and found[1] not in reading] == []


def test_the_search_for_clocks_finds_those_at_the_edge() -> None:
    assert {layer for layer, _, _ in looks_at_a_clock({"clock.now"})} >= {"main", "client"}


def test_there_is_one_clock() -> None:
    """Whoever asked the machine beside it would stay behind when a demonstration goes ahead."""
    assert {name for _, name, _ in looks_at_a_clock(CLOCKS)} == OF_THE_MACHINE


def test_no_module_forgets_whatever_it_caught() -> None:
    """``except Exception: pass`` is how a hub loses a message."""
    silent = [
        (module.name, node.lineno)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in {"Exception", "BaseException"})
        and all(isinstance(inner, ast.Pass) for inner in node.body)
    ]

    assert silent == []


def test_whatever_is_left_to_do_has_an_address() -> None:
    """A note to ourselves names an issue, or it is not committed."""
    word = "TO" + "DO"
    loose = [
        (name, line.strip())
        for name, text in texts().items()
        if not name.startswith("LICENSES/") and name != "LICENSE"
        for line in text.splitlines()
        if re.search(rf"\b({word}|FIX" rf"ME|XX" rf"X)\b", line) and not re.search(r"#\d+", line)
    ]

    assert loose == []
