# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who speaks in the tales: the units of ``tests/networks/alle-rollen.yaml``."""

from typing import Final

ASD: Final = "jugendamt:05170032.asd"
OTHER_ASD: Final = "jugendamt:05170000.asd"
JGH: Final = "jugendamt:05170032.jgh"
LANDESJUGENDAMT: Final = "landesjugendamt:lvr"
SCHOOL: Final = "schule:999001"
SCHULAUFSICHT: Final = "schulaufsicht:051"
POLICE: Final = "polizei:kpb-wesel"
JUDGE: Final = "gericht:R9901.abteilung-1"
REGISTRY: Final = "gericht:R9901.geschaeftsstelle"
PROSECUTOR: Final = "staatsanwaltschaft:R9901S.dezernat-3"
CLERK: Final = "staatsanwaltschaft:R9901S.geschaeftsstelle"
PRACTICE: Final = "gesundheit:kinderpraxis-probe"
CLINIC: Final = "gesundheit:kinderklinik-probe"
EXPERT: Final = "fachkraft:fachstelle-probe"
SEEKER: Final = "beratung:erziehungsberatung-probe"
TRAEGER: Final = "traeger:wohngruppe-probe"
CUSTOMS: Final = "zoll:hauptzollamt-probe"
ORDNUNGSAMT: Final = "ordnungsamt:05170032"
CRISIS_LINE: Final = "krisendienst:rufbereitschaft-probe.05170032"

CAST: Final = {
    "jugendamt": (ASD, OTHER_ASD),
    "jugendgerichtshilfe": (JGH,),
    "landesjugendamt": (LANDESJUGENDAMT,),
    "schule": (SCHOOL,),
    "schulaufsicht": (SCHULAUFSICHT,),
    "polizei": (POLICE,),
    "gericht": (JUDGE, REGISTRY),
    "staatsanwaltschaft": (PROSECUTOR, CLERK),
    "gesundheit": (PRACTICE, CLINIC),
    "fachkraft": (EXPERT,),
    "ratsuchende": (SEEKER,),
    "traeger": (TRAEGER,),
    "zoll": (CUSTOMS,),
    "ordnungsamt": (ORDNUNGSAMT,),
    "krisendienst": (CRISIS_LINE,),
}
"""Units by the role that they hold; of two, the first has the key of an office where there is one.
"""
