// What the extension decides without VS Code: which program is the server, and which questions somebody means.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const extension = fileURLToPath(new URL('../../../editors/vscode/', import.meta.url));
const require = createRequire(join(extension, 'package.json'));
const { buildSync } = require('esbuild');
const scratch = mkdtempSync(join(tmpdir(), 'hotseat-units-'));
after(() => rmSync(scratch, { recursive: true }));

function load(module) {
  const outfile = join(scratch, `${module}.cjs`);
  buildSync({ entryPoints: [join(extension, 'src', `${module}.ts`)], outfile, bundle: true, platform: 'node', format: 'cjs' });
  return require(outfile);
}

const { NoServer, OLDEST_SERVER, findServer, isOlder } = load('server');
const { matching } = load('matching');

function program(name, says) {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'hotseat');
  writeFileSync(path, `#!/bin/sh\n${says}\n`);
  chmodSync(path, 0o755);
  return path;
}

const setting = program('setting', 'echo hotseat 0.1.0');
const variable = program('variable', 'echo hotseat 1.2.3-dev');
const bundled = program('bundled', 'echo hotseat 0.2.0');
const onPath = program('path', 'echo hotseat 0.1.1');
const PATH = ['relative', join(scratch, 'missing'), join(onPath, '..')].join(delimiter);
const nowhere = join(scratch, 'missing/hotseat');
const look = (places) =>
  findServer({ setting: undefined, environment: { PATH }, bundled: nowhere, platform: 'linux', ...places });

test('the setting wins over the environment, that over the bundled program, and that over the PATH', async () => {
  const environment = { PATH, HOTSEAT_SERVER: variable };
  assert.equal((await look({ setting, environment, bundled })).path, setting);
  assert.deepEqual(await look({ environment, bundled }), {
    path: variable, version: '1.2.3', source: 'the environment variable HOTSEAT_SERVER',
  });
  assert.equal((await look({ bundled })).path, bundled);
  assert.equal((await look({})).path, onPath);
});

test('what the user has named is complained about and not replaced', async () => {
  const fails = (places, words) =>
    assert.rejects(look(places), (error) => error instanceof NoServer && words.test(error.message));
  await fails({ setting: nowhere }, /hotseat\.server\.path names .* which is no program/);
  await fails({ setting: 'bin/hotseat' }, /must be an absolute path/);
  await fails({ environment: { PATH, HOTSEAT_SERVER: nowhere } }, /variable HOTSEAT_SERVER names/);
  await fails({ environment: { PATH: '' } }, /not on the PATH\. Install it/);
  await fails({ setting: program('old', 'echo hotseat 0.0.9') }, /hotseat 0\.0\.9 .* is too old: .* 0\.1\.0 or newer/);
  await fails({ setting: program('other', 'echo ruff 0.9.0') }, /is not hotseat: it answers `ruff 0\.9\.0`/);
  await fails({ setting: program('broken', 'exit 3') }, /is not hotseat/);
});

test('versions are compared by their numbers', () => {
  assert.ok(isOlder('0.9.9', '0.10.0') && !isOlder('0.10.0', '0.9.9') && !isOlder(OLDEST_SERVER, OLDEST_SERVER));
  assert.ok(isOlder('1.2.3', '1.2.4') && !isOlder('2.0.0', '1.9.9'));
});

test('questions are found by words in any order and by letters of their names', () => {
  const question = (id, title) => ({ id, title, section: 'Async programming', level: 'mid' });
  const questions = [
    question('dataclass-default-factory', 'What is `field(default_factory=...)` for?'),
    question('gather-vs-wait', '`asyncio.gather()` and `asyncio.wait()`: which?'),
    question('await', 'How does one wait?'),
  ];
  const ids = (typed) => matching(questions, typed).map(({ id }) => id);
  assert.equal(ids('').length, 3);
  assert.deepEqual(ids('default factory'), ['dataclass-default-factory']);
  assert.deepEqual(ids('Factory, field'), ['dataclass-default-factory']);
  assert.deepEqual(ids('asyncio wait'), ['gather-vs-wait']);
  assert.deepEqual(ids('wait'), ['gather-vs-wait', 'await']);
  assert.deepEqual(ids('gvw'), ['gather-vs-wait']);
  assert.deepEqual(ids('xyz'), []);
});
