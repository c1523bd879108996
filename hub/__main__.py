# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m hub`` is ``meldeweg``."""

import gc
import sys
from collections.abc import Sequence

import typer
from sqlalchemy.exc import DBAPIError

from hub.errors import Failure
from hub.main.cli import app_for
from hub.main.output import err, failure_text, system_text


def main() -> None:
    """Run the command that was typed; what the machine cannot do now is said in one line."""
    try:
        _loaded(sys.argv[1:])()
    except Failure as failure:
        err.print(failure_text(failure), markup=False)
    except OSError as trouble:
        err.print(system_text(trouble), markup=False)
    except DBAPIError:
        # Its text is a statement, and no help to the one who typed the command.
        err.print("Die Datenbank antwortet nicht, oder sie ist nicht die eines Hubs.", markup=False)
    else:
        return
    sys.exit(2)


def _loaded(arguments: Sequence[str]) -> typer.Typer:
    """Load what the command needs, and keep it for good.

    Modules are no garbage: a collector that looks for some among them finds none, and takes a
    fifth of the time in which a hub starts.
    """
    gc.disable()
    try:
        return app_for(arguments)
    finally:
        gc.freeze()
        gc.enable()


if __name__ == "__main__":
    main()
