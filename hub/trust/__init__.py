# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who said it? Keys, signatures, tokens and receipts.

The only part that opens a signing key or a token. It reads no clock, no database and no network:
the time is an argument, and whose key is whose is asked of the caller. One function verifies
every token (``jose.verify_token``), so there is one place where a check can be missing; only what
an identity provider says of a person comes in forms of its own (``identity``).
"""
