# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who in this house opened what? Its own log of reading, written before anything is shown.

Of the format of the hub's log, and as closed: what somebody read is never in it. It is written
also while the hub is away; its head goes to the hub, so that nobody here can take anything out.
"""
