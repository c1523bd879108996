# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m hub`` is ``meldeweg``."""

import sys

from sqlalchemy.exc import DBAPIError

from hub.errors import Failure
from hub.main.cli import app_for
from hub.main.output import err, failure_text, system_text


def main() -> None:
    """Run the command that was typed; what the machine cannot do now is said in one line."""
    try:
        app_for(sys.argv[1:])()
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


if __name__ == "__main__":
    main()
