# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the log says of rosters is what the signed entries say of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from hub.audit.verify import verify_db
from hub.sealing.canonical import digest, jcs
from tests.unit.audit.network import OFFICE, UNIT, SmallHub, a_small_hub

PLAN: Final[dict[str, Any]] = {"roster": {"land": "nw", "valid_until": "2027-02-28"}}
SAID: Final = digest(jcs(PLAN))
MISSING: Final = ("directory_entry", "der geänderte Bereitschaftsplan steht nicht im Protokoll")
UNSIGNED: Final = (
    "audit_event",
    "zu diesem Bereitschaftsplan fehlt die Fassung im Verzeichnis",
)
OTHER: Final = (
    "audit_body",
    "der Eintrag nennt einen anderen Bereitschaftsplan als das Verzeichnis",
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[SmallHub]:
    """A small hub whose office has a roster since its third version."""
    made = a_small_hub(tmp_path / "hub.db")
    publish(made, 3, SAID, **PLAN)
    yield made
    made.engine.dispose()


def publish(hub: SmallHub, version: int, said: str | None = None, **duty: Any) -> None:
    """Publish a version, and enter that it changed the duty where something is said of it."""
    hub.join(OFFICE, hub.office_root, UNIT, [hub.office], version=version, **duty)
    if said is not None:
        hub.enter_roster(OFFICE, UNIT, said, hub.changed_by)


def found(hub: SmallHub) -> list[tuple[str, str]]:
    hub.engine.dispose()
    path = hub.engine.url.database
    assert path is not None
    return [(finding.table, finding.text) for finding in verify_db(path)]


def test_a_roster_that_stands_in_entry_and_log_is_sound(hub: SmallHub) -> None:
    assert found(hub) == []


def test_a_roster_that_stays_is_not_entered_again(hub: SmallHub) -> None:
    publish(hub, 4, **PLAN)

    assert found(hub) == []


def test_a_roster_that_is_taken_away_is_entered_with_nothing(hub: SmallHub) -> None:
    publish(hub, 4, "", serves=[])

    assert found(hub) == []


def test_a_change_that_the_log_passes_over_is_found(hub: SmallHub) -> None:
    publish(hub, 4)

    assert found(hub) == [MISSING]


def test_a_change_that_no_entry_signed_is_found(hub: SmallHub) -> None:
    publish(hub, 4, SAID, **PLAN)

    assert found(hub) == [UNSIGNED]


def test_a_change_of_another_unit_is_found(hub: SmallHub) -> None:
    hub.enter_roster(OFFICE, f"{OFFICE}.nacht", SAID, hub.changed_by)

    assert found(hub) == [UNSIGNED]


def test_a_digest_that_is_not_the_signed_one_is_found(hub: SmallHub) -> None:
    publish(hub, 4, SAID, callback={"email": []})

    assert found(hub) == [OTHER]
