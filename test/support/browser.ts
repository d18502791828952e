import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where packages of Chromium and Chrome put it. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium of this machine; null when there is none. */
export const chromiumPath = places.find((path) => existsSync(path)) ?? null;

/** Starts it without a window. Nothing is fetched from anywhere by itself. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
