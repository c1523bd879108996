# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of joining: who takes part, with which keys, under which protocols.

A one-time code lets an organisation hand in its self-signed entry; a person who compared the
fingerprint of the root key makes it valid; from then on the root key alone authorises.
"""
