# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forty ways to tamper with the log, and who finds each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from tests.databases import IS_POSTGRESQL
from tests.tamper.forty import apart, engine, files, process
from tests.tamper.forty.judge import Verdicts, judge
from tests.tamper.forty.scene import Copy, Scene

Trial: TypeAlias = Callable[[Scene, Path], Verdicts]


@dataclass(frozen=True)
class Row:
    """One way, and how it is tried."""

    number: int
    what: str
    """German: what somebody does."""
    trial: Trial
    is_of_sqlite: bool = False
    is_of_postgresql: bool = False

    @property
    def applies(self) -> bool:
        return not (self.is_of_sqlite if IS_POSTGRESQL else self.is_of_postgresql)


def changing(attack: Callable[[Copy], None], *, at_the_hub: bool = True) -> Trial:
    """Change a copy with all guards away and back, and ask everybody."""

    def trial(scene: Scene, home: Path) -> Verdicts:
        with scene.copied(home / "copy") as copy:
            with copy.unguarded():
                attack(copy)
            return judge(copy, home, at_the_hub=at_the_hub)

    return trial


def openly(attack: Callable[[Copy], str | None]) -> Trial:
    """Change a copy as it stands, and ask everybody; what the attack says comes first."""

    def trial(scene: Scene, home: Path) -> Verdicts:
        with scene.copied(home / "copy") as copy:
            said = attack(copy)
            return replace(judge(copy, home), other=said)

    return trial


def stopped(attack: Callable[[Copy], str]) -> Trial:
    """Try what the database refuses; afterwards nobody may find anything."""

    def trial(scene: Scene, home: Path) -> Verdicts:
        with scene.copied(home / "copy") as copy:
            said = attack(copy)
            after = judge(copy, home)
            return after if after.found else Verdicts(other=said)

    return trial


def by_itself(tried: Callable[[Scene, Path], str]) -> Trial:
    """Try something that changes no machine."""
    return lambda scene, home: Verdicts(other=tried(scene, home))


def restored(scene: Scene, home: Path) -> Verdicts:
    """Put the older copy of the machine in the place of the newer one."""
    with scene.copied(home / "copy", of=scene.older) as copy:
        return judge(copy, home)


BLIND: Final = frozenset({4, 7, 8, 9, 13, 14, 16, 23, 24, 25})
"""Changes that the database alone does not show to the auditor, however he looks."""
ROWS: Final = (
    Row(1, "ein Byte eines Eintrags geändert", changing(files.one_byte_of_a_body)),
    Row(2, "Eintrag samt Blatt und Kachel geändert", changing(files.a_body_and_its_leaf)),
    Row(3, "Eintrag samt Baum, alte Unterschriften", changing(files.a_body_and_the_whole_tree)),
    Row(
        4,
        "dasselbe, mit gestohlenem Schlüssel neu unterschrieben",
        changing(files.a_body_and_the_tree_signed_anew),
    ),
    Row(5, "ein Eintrag gelöscht", changing(files.an_entry_deleted)),
    Row(
        6,
        "gelöscht, Plätze neu vergeben, neu unterschrieben",
        changing(files.an_entry_deleted_and_signed_anew),
    ),
    Row(7, "wie 6, auch die Nummern des Knotens", changing(files.an_entry_deleted_and_renumbered)),
    Row(8, "Ende abgeschnitten, bis zu einem echten Stand", changing(files.the_tail_cut_off)),
    Row(9, "ältere Sicherung zurückgespielt", restored),
    Row(10, "zwei Einträge vertauscht", changing(files.two_entries_swapped)),
    Row(11, "alter Eintrag noch einmal angehängt", changing(files.an_old_entry_appended_again)),
    Row(12, "rückdatierter Eintrag angehängt", changing(files.a_backdated_entry_appended)),
    Row(
        13,
        "rückdatierter Eintrag eingefügt, neu unterschrieben",
        changing(files.a_backdated_entry_inserted),
    ),
    Row(
        14,
        "einer Prüferin eine abweichende Kopie gezeigt",
        changing(files.a_fork_for_one_auditor, at_the_hub=False),
    ),
    Row(15, "gespeicherter Stand geändert", changing(files.a_stored_checkpoint_altered)),
    Row(16, "frühere Stände gelöscht", changing(files.the_history_of_checkpoints_deleted)),
    Row(17, "ein Bit einer Kachel geändert", changing(files.one_bit_in_a_tile)),
    Row(18, "Trigger entfernt", openly(engine.a_trigger_dropped)),
    Row(19, "Nachricht ohne Eintrag eingefügt", changing(files.a_message_without_entry)),
    Row(20, "Nachricht entfernt", changing(files.a_message_removed)),
    Row(21, "wartendes Ende verworfen", changing(files.a_tail_left_unsigned)),
    Row(22, "Einträge ohne Anordnung gelöscht", changing(files.bodies_dropped_without_an_order)),
    Row(23, "Salze ohne data.erased vernichtet", openly(apart.a_salt_destroyed)),
    Row(24, "Öffnung ausgetauscht", openly(apart.an_opening_replaced)),
    Row(25, "Zeile des Suchindex entfernt", openly(apart.a_row_of_the_index_removed)),
    Row(26, "Stand von fremdem Schlüssel", changing(files.a_checkpoint_of_another_key)),
    Row(27, "angezeigte Spalte geändert", changing(files.a_shown_column_changed)),
    Row(28, "INSERT OR REPLACE, ON CONFLICT", stopped(engine.insert_in_the_place_of_another)),
    Row(
        29,
        "session_replication_role = replica",
        stopped(engine.a_session_that_calls_itself_a_replica),
        is_of_postgresql=True,
    ),
    Row(
        30,
        "writable_schema, foreign_keys=OFF",
        openly(engine.the_schema_written_by_hand),
        is_of_sqlite=True,
    ),
    Row(
        31,
        "Löschung angeordnet, die zu früh ist",
        openly(engine.an_order_for_a_range_that_is_too_young),
    ),
    Row(32, "Abschuss zwischen zwei Schritten", by_itself(process.killed_between_two_steps)),
    Row(33, "zwei schreiben zugleich", by_itself(process.two_writers)),
    Row(34, "Uhr eine Stunde zurückgestellt", by_itself(process.a_clock_set_back)),
    Row(35, "Quittung mit anderem Eintrag", by_itself(process.a_receipt_with_another_entry)),
    Row(36, "Beweis geändert: Platz, Länge", by_itself(process.a_proof_that_was_changed)),
    Row(37, "Stand anders geschrieben", by_itself(process.a_checkpoint_that_was_written_otherwise)),
    Row(
        38,
        "Zeuge bekommt Älteres oder anderes",
        by_itself(process.a_witness_that_is_offered_the_past),
    ),
    Row(
        39,
        "lesen, während nichts eingetragen werden kann",
        by_itself(process.reading_while_nothing_can_be_entered),
    ),
    Row(40, "goldene Vektoren des Baums", by_itself(process.the_golden_vectors)),
)
