// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** @type {import("../common/texts.js").Catalogue} */
export const TEXTS = {
  de: {
    what: "Ihr Browser legt jetzt Ihre Schlüssel an. Das geschieht einmal und dauert einen Augenblick:",
    "what.person":
      "ein Leseschlüssel für Sie allein: Was das Jugendamt auf Ihre Mitteilung zurückmeldet, öffnen nur Sie;",
    "what.drafts": "ein Schloss für Ihre Entwürfe, das Ihr Passkey oder dieses Gerät öffnet;",
    "what.desk":
      "zwei Schlüssel für Ihr Haus: einer für den Alltag, einer für den Notfall, den die Leitung verwahrt.",
    who: "Das Portal bewahrt davon nur verschlossene Kästchen auf. Öffnen kann sie niemand außer Ihnen.",
    make: "Schlüssel anlegen",
    making: "Einen Augenblick, die Schlüssel werden angelegt.",
    recovery: "Wiederherstellungsdatei der Leitung",
    "recovery.what":
      "Mit dieser Datei kommt Ihr Haus wieder an seine Post, wenn niemand mehr Zugang hat. Sie wird nur " +
      "jetzt angeboten, und das Portal behält keine Kopie.",
    "recovery.how":
      "Drucken Sie sie aus, oder speichern Sie sie auf einem Stick, und schließen Sie beides weg, am " +
      "besten im Tresor der Schule. Versenden Sie sie nie.",
    "recovery.save": "Datei herunterladen",
    "recovery.saved": "Die Datei ist heruntergeladen. Legen Sie sie bitte noch heute weg.",
    "recovery.first": "Bitte laden Sie zuerst die Wiederherstellungsdatei herunter.",
    finish: "Fertig, Datei ist gesichert",
    done: "Alles ist eingerichtet",
    "done.before": "Sie sind eingerichtet",
    waits: "Ihr Haus wartet noch auf die Aufnahme",
    "waits.how":
      "Der Betrieb des Hubs ruft Sie an, oder Sie rufen ihn an. Lesen Sie dann diesen Fingerabdruck vor; " +
      "stimmt er überein, nimmt Ihr Haus teil.",
    second:
      "Richten Sie unter „Konto“ bald einen zweiten Passkey ein, am besten auf einem anderen Gerät: Dann " +
      "kommen Sie auch herein, wenn eines verloren geht.",
    onward: "Zur Startseite",
    house: "Zum Haus",
    "not-shown": "Es wurde kein Passkey gezeigt. Sie können es noch einmal versuchen.",
    "device-keeps-nothing":
      "Dieser Browser bewahrt nichts auf (privates Fenster?). Öffnen Sie das Portal in einem normalen Fenster.",
    "id-reused": "Für Sie ist hier schon ein Schlüssel angelegt. Bitte laden Sie die Seite neu.",
    "no-lock": "Ihr Tresor lässt sich auf diesem Gerät nicht öffnen. Nehmen Sie das Gerät, mit dem Sie sonst arbeiten.",
    "hub-changed":
      "Das Portal nennt einen anderen Hub als beim letzten Mal. Es wurde nichts angelegt. Rufen Sie den Betrieb des Hubs an.",
    "vault-closed": "Ihr Tresor ließ sich nicht öffnen. Nehmen Sie das Gerät, mit dem Sie sonst arbeiten.",
    "no-room":
      "Im Verzeichnis ist für Ihr Haus gerade kein Platz mehr. Bitte sagen Sie der Person Bescheid, die das Portal in " +
      "Ihrem Haus verwaltet: Auf der Seite „Haus“ steht, was zu tun ist. Ist es eilig, rufen Sie an.",
    failed: "Das hat gerade nicht geklappt. Versuchen Sie es bitte noch einmal.",
    unreachable: "Das Portal antwortet gerade nicht. Versuchen Sie es bitte noch einmal.",
  },
  en: {
    what: "Your browser now makes your keys. This happens once and takes a moment:",
    "what.person":
      "a reading key for you alone: only you open what the youth office answers to your notice;",
    "what.drafts": "a lock for your drafts that your passkey or this device opens;",
    "what.desk": "two keys for your house: one for every day, one for an emergency, which the head keeps.",
    who: "The portal keeps only locked boxes of these. Nobody but you can open them.",
    make: "Make keys",
    making: "One moment, the keys are being made.",
    recovery: "Recovery file of the head",
    "recovery.what":
      "With this file your house gets at its post again when nobody has access any more. It is offered " +
      "now and never again, and the portal keeps no copy.",
    "recovery.how":
      "Print it, or save it on a stick, and lock both away, best in the safe of the school. Never send it.",
    "recovery.save": "Download the file",
    "recovery.saved": "The file is downloaded. Please put it away today.",
    "recovery.first": "Please download the recovery file first.",
    finish: "Done, the file is safe",
    done: "Everything is set up",
    "done.before": "You are set up",
    waits: "Your house still waits to be admitted",
    "waits.how":
      "The operator of the hub calls you, or you call them. Read this fingerprint to them; if it is the " +
      "same, your house takes part.",
    second:
      "Soon add a second passkey under “Account”, best on another device: then you also get in when one " +
      "is lost.",
    onward: "To the start page",
    house: "To the house",
    "not-shown": "No passkey was shown. You can try again.",
    "device-keeps-nothing":
      "This browser keeps nothing (a private window?). Open the portal in a normal window.",
    "id-reused": "A key was made for you here already. Please load the page again.",
    "no-lock": "Your vault cannot be opened on this device. Use the device you usually work with.",
    "hub-changed":
      "The portal names another hub than the last time. Nothing was made. Call those who run the hub.",
    "vault-closed": "Your vault could not be opened. Use the device you usually work with.",
    "no-room":
      "The directory has no more room for your house just now. Please tell whoever manages the portal in your house: " +
      "the page “House” says what to do. If it is urgent, please call.",
    failed: "That did not work just now. Please try again.",
    unreachable: "The portal does not answer just now. Please try again.",
  },
};
