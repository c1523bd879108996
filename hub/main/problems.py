# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What answers and pages say of each code; for processes that serve, since it needs the web."""

from hub.main.texts import load_problem_texts
from hub.web.problems import ProblemText


def problem_texts() -> dict[str, ProblemText]:
    """Return what people are told about each code, as pages and answers need it."""
    return {
        code: ProblemText(
            title=text["title_de"],
            title_en=text["title_en"],
            advice=text["advice_de"].strip(),
            basis=text.get("basis", ""),
        )
        for code, text in load_problem_texts().items()
    }
