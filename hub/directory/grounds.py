# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why is it this office, in one German sentence?

A teacher and an officer on night duty read it, and have to believe it or to doubt it with reason.
"""

from datetime import date, timedelta
from typing import Final, NamedTuple

from hub.directory.rows import Assignment, ListedOffice, Place

FREE: Final = "kreisfrei"
"""What stands in place of a Kreis for a town that belongs to none."""


class Ground(NamedTuple):
    """One reason for a responsibility."""

    kind: str
    why: str
    """Half a sentence behind "weil"; ``{place}`` and ``{land}`` are filled in."""


_FAMILY: Final = "wobei Familiensachen bei einem anderen Amtsgericht zusammengefasst sein können"
GROUNDS: Final = {
    "eigenes-jugendamt": Ground("jugendamt", "{place} ein eigenes Jugendamt hat"),
    "kreisjugendamt": Ground(
        "jugendamt", "{place} kein eigenes Jugendamt hat und deshalb das des Kreises zuständig ist"
    ),
    "vereinbarung": Ground(
        "jugendamt",
        "{place} kein eigenes Jugendamt hat und durch Vereinbarung das einer anderen Stadt "
        "zuständig ist",
    ),
    "landesteil": Ground("landesjugendamt", "{place} {land} liegt"),
    "polizeibezirk": Ground("polizei", "{place} zu diesem Polizeibezirk gehört"),
    "polizeibezirk-ueber-kreisgrenze": Ground(
        "polizei",
        "{place} zu diesem Polizeibezirk gehört, der über Stadt- und Kreisgrenzen reicht",
    ),
    "gerichtsbezirk": Ground("gericht", f"{{place}} zu diesem Gerichtsbezirk gehört, {_FAMILY}"),
    "gerichtsbezirk-ueber-kreisgrenze": Ground(
        "gericht",
        "{place} zu diesem Gerichtsbezirk gehört, der über Stadt- und Kreisgrenzen reicht, "
        f"{_FAMILY}",
    ),
    "eines-von-mehreren-gerichten": Ground(
        "gericht",
        "{place} mehrere Amtsgerichte hat und hier das mit dem Namen der Stadt verzeichnet ist, "
        f"{_FAMILY}",
    ),
    "landgerichtsbezirk": Ground(
        "staatsanwaltschaft", "{place} zum Landgerichtsbezirk dieser Staatsanwaltschaft gehört"
    ),
    "landgerichtsbezirk-teilt-kreis": Ground(
        "staatsanwaltschaft",
        "{place} zum Landgerichtsbezirk dieser Staatsanwaltschaft gehört und der Kreis zwischen "
        "mehreren geteilt ist",
    ),
}
"""By the word in the column ``basis``."""

_LAND: Final = {"lvr": "im Rheinland", "lwl": "in Westfalen-Lippe"}
_CHILD: Final = (
    "; es entscheidet der Ort des Kindes und nicht der Sitz der Schule oder einer anderen "
    "mitteilenden Stelle (§ 86 SGB VIII)"
)
_ABSENT: Final = "; die Stelle nimmt nicht am Meldeweg teil, bitte dort anrufen"


def reason(
    place: Place,
    row: Assignment,
    office: ListedOffice,
    before: ListedOffice | None,
    *,
    joined: bool,
) -> str:
    """Say who is responsible and why; ``before`` is the office whose successor this one is."""
    said = f"Für ein Kind in {_where(place)} ist „{office.name}“ zuständig, weil {_why(place, row)}"
    if row.kind == "jugendamt":
        said += _CHILD
    if before is not None and before.valid_until is not None:
        since = german(before.valid_until + timedelta(days=1))
        said += f"; die Stelle ist seit dem {since} Nachfolgerin von „{before.name}“"
    if row.confidence != "belegt":
        said += to_confirm(row)
    return f"{said}{'' if joined else _ABSENT}."


def to_confirm(row: Assignment) -> str:
    """Say that the row was not confirmed by whoever knows it."""
    if row.kind == "jugendamt":
        return "; diese Angabe hat der Kreis noch zu bestätigen"
    return "; diese Angabe ist noch zu bestätigen"


def german(day: date) -> str:
    """Return a day as it is written in German."""
    return f"{day:%d.%m.%Y}"


def _where(place: Place) -> str:
    return place.name if place.kreis == FREE else f"{place.name} ({place.kreis})"


def _why(place: Place, row: Assignment) -> str:
    land = _LAND.get(row.organisation.partition(":")[2], "in seinem Gebiet")
    return GROUNDS[row.basis].why.format(place=place.name, land=land)
