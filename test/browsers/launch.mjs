// Starts the browsers of Debian on a page, each with a new profile, without the network and without a screen.
import { once } from 'node:events';
import { accessSync, constants, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startGroup, temporaryFolder } from '../support/processes.mjs';
import { CHROMIUM_FLAGS, FIREFOX_PREFERENCES } from './settings.mjs';

const browsers = {
  chromium: { packages: 'chromium', find: () => onPath('chromium'), start: startChromium },
  firefox: {
    packages: 'firefox-esr',
    find: () => onPath('firefox-esr') ?? onPath('firefox'),
    start: startFirefox,
  },
  webkit: {
    packages: 'webkit2gtk-driver xvfb',
    find: () => onPath('Xvfb') && miniBrowser(),
    start: startWebKit,
  },
};

/** The names that the functions of this module take. */
export const browserNames = Object.keys(browsers);

/**
 * Opens `url` in a browser of its own.
 *
 * @returns `close()`, which resolves when the browser and its profile are gone; `ended`, which resolves with the reason
 * when it ends by itself; `output()`, the end of what it wrote to its standard streams
 * @throws {Error} with the command that installs it where the browser is missing
 */
export async function launchBrowser(name, url) {
  const { start } = browserOf(name);
  const executable = executableOf(name);
  const folder = temporaryFolder(`browser-${name}-`);
  try {
    const { group, close } = await start(executable, url, folder.path);
    return {
      ended: group.ended,
      output: group.output,
      async close() {
        await close();
        folder.remove();
      },
    };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** The browser's own version, such as `153.4.0`. */
export async function browserVersion(name) {
  const { start } = browserOf(name);
  const executable = executableOf(name);
  const folder = temporaryFolder(`browser-${name}-`);
  const { group, close } = await start(executable, '--version', folder.path);
  await once(group.child, 'close');
  await close();
  folder.remove();
  const version = group.output().match(/\d+(\.\d+)+/)?.[0];
  if (!version) throw new Error(`${name} does not tell its version: ${group.output()}`);
  return version;
}

function browserOf(name) {
  const browser = browsers[name];
  if (!browser) throw new TypeError(`launchBrowser: name must be one of ${browserNames} (got ${name})`);
  return browser;
}

function executableOf(name) {
  const { find, packages } = browserOf(name);
  const found = find();
  if (found) return found;
  throw new Error(
    `${name} is missing, install it: apt-get update && apt-get install --yes --no-install-recommends ${packages}`,
  );
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

/** WebKitGTK's own small browser, which Debian puts beside its driver and not on the path. */
function miniBrowser() {
  const lib = '/usr/lib';
  return readdirSync(lib)
    .filter((folder) => folder.endsWith('-linux-gnu'))
    .flatMap((folder) =>
      ['4.1', '6.0', '4.0'].map((api) => join(lib, folder, `webkit2gtk-${api}`, 'MiniBrowser')),
    )
    .find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The environment of a program that keeps all its files in `folder`. */
function homeIn(folder) {
  return {
    ...process.env,
    HOME: folder,
    TMPDIR: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: folder,
  };
}

function startChromium(executable, url, folder) {
  const group = startGroup(executable, [...CHROMIUM_FLAGS, `--user-data-dir=${folder}`, url], {
    env: homeIn(folder),
  });
  return { group, close: group.stop };
}

function startFirefox(executable, url, folder) {
  const preferences = Object.entries(FIREFOX_PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(folder, 'user.js'), preferences.join(''));
  const group = startGroup(executable, ['--headless', '--no-remote', '--profile', folder, url], {
    env: { ...homeIn(folder), MOZ_CRASHREPORTER_DISABLE: '1' },
  });
  return { group, close: group.stop };
}

/** It has no headless mode: it shows its window on a screen in memory. */
async function startWebKit(executable, url, folder) {
  const screen = startGroup('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  try {
    const display = await displayOf(screen);
    const group = startGroup(executable, [url], {
      env: {
        ...homeIn(folder),
        DISPLAY: `:${display}`,
        GDK_BACKEND: 'x11',
        GSETTINGS_BACKEND: 'memory',
        LIBGL_ALWAYS_SOFTWARE: '1',
        NO_AT_BRIDGE: '1',
        WEBKIT_DISABLE_COMPOSITING_MODE: '1',
        WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      },
    });
    return {
      group,
      async close() {
        await group.stop();
        await screen.stop();
      },
    };
  } catch (error) {
    await screen.stop();
    throw error;
  }
}

/** The number that Xvfb chose for its display; it writes it when the display is ready. */
async function displayOf(screen) {
  let text = '';
  const written = (async () => {
    for await (const chunk of screen.child.stdio[3]) {
      text += chunk;
      if (text.endsWith('\n')) return text.trim();
    }
  })();
  const number = await Promise.race([written, screen.ended.then(() => undefined)]);
  if (number === undefined) throw new Error(`Xvfb did not start: ${screen.output()}`);
  return number;
}
