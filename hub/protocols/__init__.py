# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May it be said? Pure: no database, no network; the rules themselves stand in ``specs``."""
