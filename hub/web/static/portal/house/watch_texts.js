// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** @type {import("../common/texts.js").Catalogue} */
export const TEXTS = {
  de: {
    keep: "Nein, abbrechen",
    doubt: "Was das Portal zeigt, hält der Prüfung nicht stand",
    hub: "Das Portal nennt einen anderen Hub als bisher",
    "hub.what":
      "Solange das nicht geklärt ist, versiegelt Ihr Browser nichts und öffnet nichts. Rufen Sie den Betrieb des Hubs " +
      "an, nicht den des Portals, und vergleichen Sie den Fingerabdruck von {hub}:",
    "hub.accept": "Ich habe verglichen, er stimmt",
    "hub.sure": "Gehört dieser Fingerabdruck zu Ihrem Hub?",
    "hub.sure.what":
      "Sagen Sie nur dann ja, wenn der Betrieb des Hubs ihn Ihnen vorgelesen hat. Ihr Browser glaubt danach dem neuen Hub.",
    "hub.sure.yes": "Ja, er stimmt",
    key: "Im Verzeichnis steht ein Schlüssel Ihres Hauses, den hier niemand kennt",
    "key.what":
      "Wer ihn hat, kann lesen, was an Ihr Haus gerichtet ist. Fragen Sie, wer bei Ihnen zuletzt einen neuen Schlüssel " +
      "angelegt hat. War es niemand, sagen Sie es Ihrer Leitung und der oder dem Datenschutzbeauftragten.",
    "key.accept": "Ich habe gefragt, er gehört zu uns",
    "key.sure": "Hat jemand aus Ihrem Haus diesen Schlüssel angelegt?",
    "key.sure.what": "Sagen Sie nur dann ja, wenn diese Person es Ihnen selbst gesagt hat.",
    "key.sure.yes": "Ja, er gehört zu uns",
    colleague: "{name} hat einen neuen Schlüssel",
    "colleague.what":
      "Fragen Sie nach, ob {name} neu begonnen hat. Unter „Konto“ steht dort: {mark}. Stimmt das nicht überein, geben " +
      "Sie nichts weiter.",
    "colleague.accept": "Ja, es stimmt überein",
  },
  en: {
    keep: "No, cancel",
    doubt: "What the portal shows does not hold",
    hub: "The portal names another hub than before",
    "hub.what":
      "Until this is settled your browser seals nothing and opens nothing. Call those who run the hub, not those who " +
      "run the portal, and compare the fingerprint of {hub}:",
    "hub.accept": "I have compared it, it is the same",
    "hub.sure": "Is this the fingerprint of your hub?",
    "hub.sure.what":
      "Say yes only if those who run the hub have read it to you. Your browser will believe the new hub from then on.",
    "hub.sure.yes": "Yes, it is the same",
    key: "The directory lists a key of your organisation that nobody here knows",
    "key.what":
      "Whoever has it can read what is addressed to your organisation. Ask who made a new key most recently. If nobody " +
      "did, tell your head and your data protection officer.",
    "key.accept": "I have asked, it is ours",
    "key.sure": "Has somebody of your organisation made this key?",
    "key.sure.what": "Say yes only if that person has told you so.",
    "key.sure.yes": "Yes, it is ours",
    colleague: "{name} has a new key",
    "colleague.what":
      "Ask whether {name} has begun anew. There, under “Account”, it says: {mark}. If it is not the same, pass nothing on.",
    "colleague.accept": "Yes, it is the same",
  },
};
