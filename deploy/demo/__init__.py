# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demo: a hub, its agencies as processes of their own, and a story that is played for real.

It lives outside the package and uses what everybody can use: the command ``meldeweg``, HTTP, the
SDK, and a copy of the auditor's program.
"""
