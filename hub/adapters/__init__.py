# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a notice get into the systems of the office that received it?

The connector runs in the agency's own trust domain. It leases what waits at the hub, opens and
checks it, hands it over to a target and says ``taken`` once the target has it durably. One module
stands for one way of handing over, never for one agency: agencies share systems, what differs is
settings. An adapter transports; it decides nothing, and leaves out nothing that it was given.
"""
