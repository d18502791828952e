import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { PerennialError } from '../../contracts/errors.ts';

/** Where packages of Chromium and Chrome put it. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium of this machine; null when there is none. */
export const chromiumPath = places.find((path) => existsSync(path)) ?? null;

/**
 * Starts Chromium without a window. Nothing is fetched from anywhere by itself.
 *
 * @param path default: the first of where packages put it.
 * @throws DATA_MISSING without it, or without the package that drives it, which is one of development.
 */
export async function openChromium(path = chromiumPath): Promise<Browser> {
  if (path === null || !existsSync(path))
    throw new PerennialError('DATA_MISSING', `There is no Chromium${path === null ? '' : ` at ${path}`}.`, {
      remedy: 'Install it, for example `apt-get install chromium`, or name it with --chromium.',
    });
  const { chromium } = await import('playwright-core').catch((cause: unknown) => {
    throw new PerennialError('DATA_MISSING', 'The package playwright-core, which drives Chromium, is not installed.', {
      remedy: 'Run this in a clone of the repository, whose set-up installs it.',
      cause,
    });
  });
  return chromium.launch({
    executablePath: path,
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
