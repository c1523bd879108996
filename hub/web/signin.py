# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Machines sign in: client credentials with ``private_key_jwt``, tokens bound by DPoP."""

from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from hub.connect import enter_grant
from hub.trust.kinds import ACCESS_TOKEN
from hub.trust.tokens import GrantRefused, parse_grant
from hub.web.edge import TheEdge, asked, check_media_type, check_stranger, json_response

router = APIRouter(tags=["Anmelden"])
PATH: Final = "/oauth/token"
FORM: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 8


@router.post(PATH)
async def post_token(request: Request, edge: TheEdge) -> Response:
    """Give a token of five minutes to a unit that signs its assertion (RFC 7523, 9449)."""
    check_stranger(request)
    check_media_type(request, FORM)
    grant = parse_grant(_fields(await request.body()))
    proofs = request.headers.getlist("dpop")
    node, now = edge.node, edge.second
    client = edge.server.verify_assertion(grant, proofs, asked(request), node.directory, now)
    await enter_grant(client, node)
    return json_response(
        {
            "access_token": edge.server.issue_access_token(client, now, grant.scope),
            "token_type": "DPoP",
            "expires_in": ACCESS_TOKEN.lifetime,
        }
    )


@router.get("/.well-known/oauth-authorization-server")
async def get_metadata(edge: TheEdge) -> Response:
    """What OAuth clients need to know (RFC 8414)."""
    issuer = edge.server.issuer
    return json_response(
        {
            "issuer": issuer,
            "token_endpoint": issuer + PATH,
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["EdDSA", "ES256"],
            "dpop_signing_alg_values_supported": ["EdDSA", "ES256"],
        }
    )


def _fields(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise GrantRefused("invalid_request") from None
