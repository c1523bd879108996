# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date

import pytest

from hub.directory.procedure import check_rules
from hub.model.procedure import RulesOfProcedure, RulesVersion
from tests.unit.directory.builders import a_listed

MEMBER = a_listed("jugendamt:05170032.asd")


def a_version(
    number: str, begins: date = date(2024, 3, 15), *, missing: tuple[str, ...] = ()
) -> RulesVersion:
    return RulesVersion(
        version=number, valid_from=begins, summary="Erfundene Regeln.", not_accepted=missing
    )


def found(*rules: RulesOfProcedure) -> dict[str, str]:
    return dict(check_rules(rules, [MEMBER]))


def a_rule(*versions: RulesVersion) -> RulesOfProcedure:
    return RulesOfProcedure(id="geschaeftsordnung", title="Erfunden", versions=versions)


def test_versions_follow_each_other_and_members_are_known() -> None:
    later = a_version("2", date(2026, 3, 15), missing=(MEMBER.id,))

    assert found(a_rule(a_version("1"), later)) == {}


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ((a_rule(a_version("1")), a_rule(a_version("1"))), "/rules/0/id"),
        (
            (a_rule(a_version("2"), a_version("1", date(2026, 3, 15))),),
            "/rules/0/versions/1/version",
        ),
        ((a_rule(a_version("1"), a_version("2")),), "/rules/0/versions/1/version"),
        (
            (a_rule(a_version("1", missing=("schule:999999",))),),
            "/rules/0/versions/0/not_accepted/0",
        ),
        (
            (a_rule(a_version("1", missing=(MEMBER.id, MEMBER.id))),),
            "/rules/0/versions/0/not_accepted/1",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_found(rules: tuple[RulesOfProcedure, ...], pointer: str) -> None:
    assert pointer in found(*rules)
