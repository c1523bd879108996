// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Firefox, asked line by line over WebDriver BiDi: one JSON question on standard input, one JSON
 * answer on standard output. It ends with its input.
 */

import { createInterface } from "node:readline";

import puppeteer from "puppeteer-core";

const { executable, profile, downloads } = JSON.parse(process.argv[2]);
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: executable,
  headless: true,
  userDataDir: profile,
  extraPrefsFirefox: {
    "browser.download.dir": downloads,
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": true,
    "browser.helperApps.neverAsk.saveToDisk":
      "text/plain,application/json,application/octet-stream",
    "intl.accept_languages": "de",
  },
});
const page = await browser.newPage();
const said = [];
page.on("console", (message) => {
  if (["error", "warn"].includes(message.type())) said.push(message.text());
});
page.on("pageerror", (error) => said.push(String(error)));

const OPS = {
  open: async ({ url, width, height }) => {
    await page.setViewport({ width, height });
    await page.goto(url, { waitUntil: "load" });
  },
  evaluate: ({ expression }) => page.evaluate(expression),
  type: ({ text }) => page.keyboard.type(text),
  hit: ({ key }) => page.keyboard.press(key),
  resize: ({ width, height }) => page.setViewport({ width, height }),
  screenshot: async ({ path }) => void (await page.screenshot({ path, fullPage: true })),
  said: () => said.splice(0),
  version: () => browser.version(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { op, ...question } = JSON.parse(line);
  try {
    answer({ value: (await OPS[op](question)) ?? null });
  } catch (trouble) {
    answer({ trouble: String(trouble) });
  }
}
await browser.close();

function answer(content) {
  process.stdout.write(`${JSON.stringify(content)}\n`);
}
