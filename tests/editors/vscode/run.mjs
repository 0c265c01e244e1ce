// hotseat in a real VS Code: its server and its workbench from the npm registry, in Chromium. Every step prints one line; the
// process ends with 1 if one failed.
//
//   HOTSEAT_PROGRAM=…/hotseat HOTSEAT_VSCODE=…/tests/.build/vscode node run.mjs [host] [window] [practice] [restricted]
//
// HOTSEAT_SCREENSHOTS names a folder for pictures of what is seen; those of failures go to HOTSEAT_VSCODE in any case.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { practice } from './practice.mjs';
import { restricted, window } from './window.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '../../..');
const extension = join(repository, 'editors/vscode');
const installed = resolve(process.env.HOTSEAT_VSCODE);
const program = realpathSync(process.env.HOTSEAT_PROGRAM);
const code = join(installed, 'node_modules/code-server/lib/vscode');
const { chromium } = createRequire(join(installed, 'package.json'))('playwright-core');

const started = Date.now();
const say = (...words) => console.log(`${String(Date.now() - started).padStart(6)} ms`, ...words);
// The path is part of the addresses in the window, so it has nothing that would be escaped there.
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'hotseat-vscode-')));
const endings = [];

function copyOfExample(folder) {
  mkdirSync(folder, { recursive: true });
  cpSync(join(repository, 'src/cli/try_it/example.py'), join(folder, 'llm_client.py'));
  return folder;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

// Starts VS Code's own server with a fresh profile and the packed extension.
async function startCode(name, settings, ...options) {
  const home = join(scratch, name);
  mkdirSync(join(home, 'user/User'), { recursive: true });
  mkdirSync(join(home, 'data/data/Machine'), { recursive: true });
  writeFileSync(join(home, 'user/User/settings.json'), JSON.stringify({
    'workbench.startupEditor': 'none', 'telemetry.telemetryLevel': 'off', 'update.mode': 'none', 'git.enabled': false,
    'extensions.autoUpdate': false, 'extensions.autoCheckUpdates': false, 'extensions.ignoreRecommendations': true,
    'editor.minimap.enabled': false, 'editor.hover.delay': 200, 'window.restoreWindows': 'none', 'files.autoSave': 'off',
    'files.hotExit': 'off', 'chat.disableAIFeatures': true, 'workbench.secondarySideBar.defaultVisibility': 'hidden', ...settings,
  }));
  const common = ['--user-data-dir', join(home, 'user'), '--extensions-dir', join(home, 'extensions'),
    '--server-data-dir', join(home, 'data'), '--accept-server-license-terms', '--telemetry-level', 'off'];
  const environment = { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), XDG_STATE_HOME: join(home, 'state'),
    XDG_DATA_HOME: join(home, 'share'),
    HOTSEAT_SERVER: program };
  const main = join(code, 'out/server-main.js');
  const run = { env: environment, stdio: 'pipe' };
  execFileSync(process.execPath, [main, ...common, '--install-extension', join(extension, 'dist/hotseat.vsix')], run);
  const port = await freePort();
  const arguments_ = [main, ...common, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', ...options];
  const server = spawn(process.execPath, arguments_, { ...run, detached: true });
  server.stdout.resume();
  server.stderr.resume();
  // The extension host is a child of its own: the whole group ends.
  endings.push(() => process.kill(-server.pid));
  const address = `127.0.0.1:${port}`;
  for (let patience = 300; ; patience--) {
    if (await fetch(`http://${address}/version`).then((answer) => answer.ok, () => false)) {
      return { address, home };
    }
    if (patience === 0 || server.exitCode !== null) {
      throw new Error('VS Code does not start');
    }
    await new Promise((later) => setTimeout(later, 100));
  }
}

async function openPage(browser) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
  page.setDefaultTimeout(90_000);
  let number = 0;
  page.picture = async (name) => {
    const folder = process.env.HOTSEAT_SCREENSHOTS;
    if (folder) {
      mkdirSync(folder, { recursive: true });
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(folder, `${++number}-${name}.png`) });
    }
  };
  return page;
}

// Runs host.cjs inside the extension host, in a workspace of two folders.
async function host(page, { address, home }) {
  const folders = ['one', 'two'].map((name) => copyOfExample(join(home, 'workspace', name)));
  cpSync(join(here, 'cells.ipynb'), join(folders[0], 'cells.ipynb'));
  const workspace = join(home, 'workspace/both.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: folders.map((path) => ({ path })), settings: {} }));
  const remote = (path) => `vscode-remote://${address}${path}`;
  const payload = JSON.stringify([['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(join(here, 'host.cjs'))], ['skipWelcome', 'true']]);
  await page.exposeFunction('codeAutomationLog', (_, [text]) => {
    // VS Code has much to say about itself.
    if (/^(ok|FAIL|VS Code) /.test(text)) {
      say('host:', text.trimEnd());
    }
  });
  const ended = new Promise((end) => page.exposeFunction('codeAutomationExit', end));
  await page.goto(`http://${address}/?workspace=${workspace}&payload=${encodeURIComponent(payload)}`);
  const late = new Promise((end) => setTimeout(end, 180_000, 'too late'));
  const exit = await Promise.race([ended, late]);
  if (exit !== 0) {
    throw new Error(`the tests in the extension host end with ${exit}`);
  }
}

const parts = {
  host: async (page) => host(page, await startCode('host', {}, '--disable-workspace-trust')),
  window: async (page) => {
    const instance = await startCode('window', {}, '--disable-workspace-trust');
    await window(page, { ...instance, folder: copyOfExample(join(instance.home, 'project')), say });
  },
  practice: async (page) => {
    const instance = await startCode('practice', {}, '--disable-workspace-trust');
    await practice(page, { ...instance, folder: copyOfExample(join(instance.home, 'project')), say });
  },
  restricted: async (page) => {
    const instance = await startCode('restricted', { 'security.workspace.trust.startupPrompt': 'never' });
    const folder = copyOfExample(join(instance.home, 'project'));
    const marker = join(instance.home, 'was-run');
    const bait = join(folder, 'bait.sh');
    writeFileSync(bait, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    mkdirSync(join(folder, '.vscode'));
    writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'hotseat.server.path': bait }));
    await restricted(page, { ...instance, folder, say, wasRun: () => existsSync(marker) });
  },
};

const wanted = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.HOTSEAT_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
try {
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) {
      continue;
    }
    const page = await openPage(browser);
    try {
      await part(page);
      say('ok  ', name);
    } catch (error) {
      process.exitCode = 1;
      const picture = join(installed, `failed-${name}.png`);
      await page.screenshot({ path: picture }).catch(() => {});
      say('FAIL', name, error.stack, `\npicture: ${picture}`);
    }
    await page.close();
  }
} finally {
  await browser.close();
  for (const end of endings) {
    try { end(); } catch { /* It has ended. */ }
  }
  // The extension host writes its logs for a moment longer.
  await new Promise((later) => setTimeout(later, 500));
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
process.exit();
