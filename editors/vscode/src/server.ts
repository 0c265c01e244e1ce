/** Which program is the server. Knows nothing of VS Code. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

/** The oldest server that this extension works with. */
export const OLDEST_SERVER = '0.1.0';

/** The environment variable that names the server. */
export const VARIABLE = 'HOTSEAT_SERVER';

/** How long a program may take to tell its version. */
const PATIENCE_MS = 10_000;

export interface Server {
  readonly path: string;
  readonly version: string;
  /** Who named it. */
  readonly source: string;
}

export interface Places {
  /** `hotseat.server.path`. */
  readonly setting: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the extension would have brought its own. */
  readonly bundled: string;
  readonly platform: NodeJS.Platform;
}

/** Why there is no server, in words for the user. */
export class NoServer extends Error {}

/**
 * The server: what the setting names, else what the environment names, else the one that came with the extension, else the
 * one on the PATH. What the user has named is used or complained about, and never silently replaced.
 */
export async function findServer(places: Places): Promise<Server> {
  if (places.setting) {
    return await named(places.setting, 'the setting hotseat.server.path');
  }
  const variable = places.environment[VARIABLE];
  if (variable) {
    return await named(variable, `the environment variable ${VARIABLE}`);
  }
  if (await isProgram(places.bundled)) {
    return await checked(places.bundled, 'this extension');
  }
  const onPath = await searchPath(places);
  if (onPath) {
    return await checked(onPath, 'the PATH');
  }
  throw new NoServer(
    'The program `hotseat` is not on the PATH. Install it (`cargo install --path .` in its repository), or name it in the setting hotseat.server.path.',
  );
}

async function named(name: string, source: string): Promise<Server> {
  const path = name.startsWith('~/') ? join(homedir(), name.slice(2)) : name;
  if (!isAbsolute(path)) {
    throw new NoServer(`${capital(source)} must be an absolute path, not \`${name}\`.`);
  }
  if (!(await isProgram(path))) {
    throw new NoServer(`${capital(source)} names \`${path}\`, which is no program.`);
  }
  return await checked(path, source);
}

async function checked(path: string, source: string): Promise<Server> {
  const version = await versionOf(path, source);
  if (isOlder(version, OLDEST_SERVER)) {
    throw new NoServer(
      `hotseat ${version} (${path}, named by ${source}) is too old: this extension needs ${OLDEST_SERVER} or newer.`,
    );
  }
  return { path, version, source };
}

function versionOf(path: string, source: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, ['--version'], { timeout: PATIENCE_MS, windowsHide: true }, (error, output) => {
      const version = /^hotseat (\d+\.\d+\.\d+)/.exec(output)?.[1];
      if (version !== undefined) {
        resolve(version);
      } else {
        const why = error ? error.message.trim() : `it answers \`${firstLine(output)}\` to --version`;
        reject(new NoServer(`\`${path}\`, named by ${source}, is not hotseat: ${why}.`));
      }
    });
  });
}

/** Whether one version is older than another; what follows the three numbers does not count. */
export function isOlder(version: string, than: string): boolean {
  const [numbers, others] = [version, than].map((text) => text.split('.').map((part) => parseInt(part, 10) || 0));
  for (const place of [0, 1, 2]) {
    const difference = (numbers?.[place] ?? 0) - (others?.[place] ?? 0);
    if (difference !== 0) {
      return difference < 0;
    }
  }
  return false;
}

/** A relative entry of the PATH would let the workspace decide what is run. */
async function searchPath({ environment, platform }: Places): Promise<string | undefined> {
  const variable = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = (environment[variable] ?? '').split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    const path = join(folder, programName(platform));
    if (await isProgram(path)) {
      return path;
    }
  }
  return undefined;
}

export function programName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'hotseat.exe' : 'hotseat';
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
