# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do the rules of procedure of a network file fit its members and each other?"""

from collections import Counter
from collections.abc import Iterable, Iterator

from hub.model.network import ListedOrganisation
from hub.model.procedure import RulesOfProcedure, RulesVersion


def check_rules(
    rules: Iterable[RulesOfProcedure], listed: Iterable[ListedOrganisation]
) -> Iterator[tuple[str, str]]:
    """Return what is wrong with them, as JSON pointers and findings."""
    members = {organisation.id for organisation in listed}
    known = tuple(rules)
    taken = Counter(each.id for each in known)
    for place, each in enumerate(known):
        if taken[each.id] > 1:
            yield f"/rules/{place}/id", "listed twice"
        for number, version in enumerate(each.versions):
            here = f"/rules/{place}/versions/{number}"
            earlier = each.versions[number - 1] if number else None
            if earlier is not None and not _follows(version, earlier):
                yield f"{here}/version", "not after the version above it"
            yield from _check_open(here, version, members)


def _follows(version: RulesVersion, earlier: RulesVersion) -> bool:
    is_later = earlier.valid_from < version.valid_from
    return is_later and int(earlier.version) < int(version.version)


def _check_open(
    pointer: str, version: RulesVersion, members: set[str]
) -> Iterator[tuple[str, str]]:
    taken = Counter(version.not_accepted)
    for place, member in enumerate(version.not_accepted):
        if member not in members:
            yield f"{pointer}/not_accepted/{place}", "an organisation that is not listed"
        if taken[member] > 1:
            yield f"{pointer}/not_accepted/{place}", "listed twice"
