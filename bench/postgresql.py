# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is PostgreSQL an equal of SQLite? The same submissions, by turns, one process each.

The server is a real one, started for this run with everything on that durability rests on
(``tests/postgresql.py``). Two processes on one database come later, with several nodes.
``submit-pg`` is the name of this benchmark.
"""

from bench.contest import Contestant, take_turns
from bench.ground import Ground, found_in
from bench.hub import hub_running
from bench.options import Options
from bench.place import fresh
from bench.result import Ratio, Result, compared
from bench.submissions import PROBE, Submissions
from hub.main.folder import DataDir
from tests.postgresql import a_server, binaries

GOAL = 0.5
AIM = 0.8


def submit_pg(ground: Ground, options: Options) -> Result:
    """Measure both, where PostgreSQL is installed."""
    if binaries() is None:
        print("  LEFT OUT: PostgreSQL is not installed")
        return Result("submit-pg", raw={"left_out": "PostgreSQL is not installed"})
    with a_server() as server:
        url = server.address(server.create())
        there = found_in(fresh("ground-pg"), url)
        with (
            hub_running(ground, "submit-pg") as lite,
            hub_running(there, "submit-pg", data=DataDir(there.data, url)) as postgres,
        ):
            here, other = Submissions(ground, PROBE), Submissions(there, PROBE)
            with_lite = Contestant("SQLite", lite, here.to_hub, 201, check=here.check)
            with_pg = Contestant("PostgreSQL", postgres, other.to_hub, 201, check=other.check)
            take_turns([with_lite, with_pg], options.rounds, options.seconds)
    ratio = compared(with_pg.rates, with_lite.rates)
    return Result(
        "submit-pg",
        [Ratio("PostgreSQL / SQLite, one process", ratio, GOAL, "at least", AIM)],
        {"SQLite": with_lite.said(), "PostgreSQL": with_pg.said()},
    )
