# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a page made that everybody may read, signed in or not?"""

from typing import Any

from fastapi import Request, Response

from hub.web.portal.shell import shell
from hub.web.portal.visitor import Visitor


def public_page(
    name: str, request: Request, visitor: Visitor | None, status: int = 200, **shown: Any
) -> Response:
    settings = request.app.state.edge.desk.settings
    return shell(
        f"portal/{name}.html",
        request,
        page="public",
        status=status,
        signed_in=visitor is not None,
        mail=settings.operator_mail,
        telephone=settings.operator_telephone,
        # A number that breaks at the end of a line is dialled wrong.
        telephone_shown=settings.operator_telephone.replace(" ", "\N{NO-BREAK SPACE}"),
        **shown,
    )
