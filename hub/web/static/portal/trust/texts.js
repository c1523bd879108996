// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What does a person have to know when something does not hold? One sentence each. */

const HUB = {
  de: "Die Antwort trägt nicht die Unterschrift des Hubs, bei dem Ihr Haus angemeldet ist.",
  en: "The answer does not bear the signature of the hub at which your organisation is enrolled.",
};
const LIST = {
  de: "Das Verzeichnis der Stellen ist nicht das dieses Hubs.",
  en: "The directory of offices is not the one of this hub.",
};
const BACK = {
  de: "Das Verzeichnis zeigt einen älteren Stand, als Ihr Browser schon gesehen hat.",
  en: "The directory shows an older state than your browser has already seen.",
};
const ENTRY = {
  de: "Der Eintrag einer Stelle ist nicht von dieser Stelle unterschrieben.",
  en: "The entry of an office is not signed by this office.",
};
const LOG = {
  de: "Das Protokoll des Hubs belegt diesen Eintrag nicht.",
  en: "The hub’s log does not prove this entry.",
};
const READER = {
  de: "Einer der vorgeschlagenen Schlüssel gehört niemandem, der diese Mitteilung lesen darf.",
  en: "One of the proposed keys belongs to nobody who may read this notice.",
};
const RECEIPT = {
  de: "Die Quittung gehört zu einer anderen Mitteilung.",
  en: "The receipt belongs to another notice.",
};

/** @type {{[reason: string]: {de: string, en: string}}} */
const REASONS = {
  "list-unsigned": LIST,
  "list-other-hub": LIST,
  "list-stale": {
    de: "Das Verzeichnis der Stellen ist älter als einen Tag, oder die Uhr dieses Geräts geht falsch.",
    en: "The directory of offices is more than a day old, or the clock of this device is wrong.",
  },
  "list-older": BACK,
  "entry-unsigned": ENTRY,
  "entry-another": ENTRY,
  "entry-unlisted": ENTRY,
  "entry-older": BACK,
  "entry-forked": {
    de: "Zu einer Stelle gibt es zwei Einträge mit derselben Nummer.",
    en: "There are two entries of one office with the same number.",
  },
  "root-changed": {
    de: "Der Hauptschlüssel einer Stelle ist ein anderer als bisher.",
    en: "The root key of an office is not the one it was.",
  },
  "log-key": LOG,
  "log-malformed": LOG,
  "log-unsigned": LOG,
  "log-other": LOG,
  "log-path": LOG,
  "log-other-entry": LOG,
  "log-about-another": LOG,
  "log-forked": {
    de: "Das Protokoll des Hubs zeigt zwei verschiedene Stände für dieselbe Länge.",
    en: "The hub’s log shows two different states of the same length.",
  },
  "hub-changed": {
    de: "Das Portal nennt einen anderen Hub als den, bei dem Ihr Haus angemeldet ist. Es wurde nichts versiegelt. Fragen Sie beim Betrieb des Hubs nach.",
    en: "The portal names another hub than the one at which your organisation is enrolled. Nothing was sealed. Please ask those who run the hub.",
  },
  "origin-missing": {
    de: "Ihr Schlüssel für dieses Haus ist noch nicht eingerichtet. Es wurde nichts versiegelt.",
    en: "Your key for this organisation has not been set up yet. Nothing was sealed.",
  },
  "partner-unknown": {
    de: "Nichts, was unterschrieben ist, belegt, dass Sie mit dieser Stelle in diesem Vorgang sprechen. Es wurde nichts versiegelt.",
    en: "Nothing signed shows that you talk with this office in this matter. Nothing was sealed.",
  },
  "receipt-unsigned": HUB,
  "receipt-word": HUB,
  "receipt-another": RECEIPT,
  "receipt-speaker": {
    de: "Die Quittung hat jemand unterschrieben, den diese Mitteilung nichts angeht.",
    en: "The receipt was signed by somebody whom this notice does not concern.",
  },
  "unit-unknown": {
    de: "Die Stelle nimmt zurzeit nicht teil.",
    en: "The office does not take part at present.",
  },
  "readers-number": READER,
  "reader-missing": {
    de: "Die Stelle selbst könnte die Mitteilung nicht öffnen.",
    en: "The office itself could not open the notice.",
  },
  "reader-form": READER,
  "reader-unknown": READER,
  "reader-unnamed": {
    de: "Ein Schlüssel gehört einer Stelle, die für die angeschriebene nicht einsteht.",
    en: "One key belongs to an office that does not stand in for the addressed one.",
  },
  "reader-ended": {
    de: "Ein Schlüssel gilt nicht mehr oder noch nicht.",
    en: "One key is no longer or not yet valid.",
  },
  "reader-person": READER,
  "reader-desk": READER,
  "reader-key": READER,
  "reader-entrusted": {
    de: "Anvertrautes darf niemand lesen, der für die Stelle nur einspringt (§ 65 SGB VIII).",
    en: "Nobody who merely stands in for the office may read what was entrusted (§ 65 SGB VIII).",
  },
  "reader-planned": {
    de: "Was Zeit hat, liest nur die angeschriebene Stelle selbst.",
    en: "What can wait is read by the addressed office alone.",
  },
};

/** @param {"de" | "en"} language */
const inLanguage = (language) =>
  Object.fromEntries(Object.entries(REASONS).map(([reason, text]) => [reason, text[language]]));

/** By the reason of `Untrustworthy`. @type {{de: {[reason: string]: string}, en: {[reason: string]: string}}} */
export const texts = { de: inLanguage("de"), en: inLanguage("en") };
