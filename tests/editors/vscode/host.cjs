// Runs inside VS Code's extension host: what the extension does, as other extensions see it.
const assert = require('node:assert/strict');
const { readFileSync, readdirSync } = require('node:fs');
const vscode = require('vscode');

const run = (...args) => vscode.commands.executeCommand(...args);
const configuration = () => vscode.workspace.getConfiguration('hotseat');
const set = (key, value) => configuration().update(key, value, vscode.ConfigurationTarget.Global);

async function eventually(what, condition, patience = 20_000) {
  const start = Date.now();
  for (;;) {
    const result = await condition();
    if (result) {
      return result;
    }
    if (Date.now() - start > patience) {
      throw new Error(`it does not happen: ${what}`);
    }
    await new Promise((later) => setTimeout(later, 50));
  }
}

// The servers that this extension host has started, by their processes.
function servers() {
  const status = (id) => {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
      const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
      return words[1] === 'lsp' && Number(parent) === process.pid;
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter((id) => /^\d+$/.test(id) && status(id));
}

const found = (uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'hotseat').map(({ code }) => code.value ?? code);
const finds = (uri, pattern) => eventually(`${pattern} in ${uri}`, () => found(uri).includes(pattern));
const example = (folder) => vscode.Uri.joinPath(vscode.workspace.workspaceFolders[folder].uri, 'llm_client.py');
const show = async (uri) => vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
const place = (document, text) => document.positionAt(document.getText().indexOf(text) + 1);
const pageShown = () => {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputWebview && input.viewType.includes('markdown.preview');
};

const tests = {
  'one server for all folders': async () => {
    for (const folder of [0, 1]) {
      await show(example(folder));
      await finds(example(folder), 'mutable-dataclass-default');
    }
    assert.equal(servers().length, 1);
  },
  'documents without a file': async () => {
    const before = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length;
    await run('hotseat.openExample');
    const { document } = vscode.window.activeTextEditor;
    assert.equal(document.uri.scheme, 'untitled');
    await finds(document.uri, 'blocking-call-in-async');
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, before + 1);
    await run('workbench.action.revertAndCloseActiveEditor');
  },
  'cells of notebooks': async () => {
    const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, 'cells.ipynb');
    const notebook = await vscode.workspace.openNotebookDocument(file);
    await vscode.window.showNotebookDocument(notebook);
    const cell = notebook.cellAt(0).document;
    assert.equal(cell.languageId, 'python');
    await finds(cell.uri, 'mutable-default-argument');
    // A cell sees what an earlier one imports, and a fix may change both.
    const [imports, code] = [notebook.cellAt(2).document, notebook.cellAt(3).document];
    await finds(code.uri, 'mutable-dataclass-default');
    const [{ range }] = vscode.languages.getDiagnostics(code.uri).filter(({ source }) => source === 'hotseat');
    assert.equal(code.getText(range), '[]');
    const hovers = await run('vscode.executeHoverProvider', code.uri, place(code, 'dataclass'));
    assert.ok(hovers.flatMap(({ contents }) => contents).some(({ value }) => value.includes('hotseat')));
    const actions = await run('vscode.executeCodeActionProvider', code.uri, range, vscode.CodeActionKind.QuickFix.value, 20);
    assert.ok(await vscode.workspace.applyEdit(actions.find(({ title }) => title === 'Use a default factory').edit));
    await eventually('no finding', () => found(code.uri).length === 0);
    assert.equal(imports.getText(), 'from dataclasses import dataclass, field');
    assert.match(code.getText(), /= field\(default_factory=list\)$/);
    await run('workbench.action.revertAndCloseActiveEditor');
  },
  'hovers, whose links open questions and nothing else': async () => {
    const { document } = await show(example(0));
    const hovers = await run('vscode.executeHoverProvider', document.uri, place(document, 'gather('));
    const [content] = hovers.flatMap(({ contents }) => contents).filter(({ value }) => value.includes('gather'));
    assert.match(content.value, /\(command:hotseat\.openQuestion\?%5B%22[a-z-]+%22%5D\)/);
    assert.deepEqual(content.isTrusted, { enabledCommands: ['hotseat.openQuestion'] });
  },
  'lenses, which open rendered pages': async () => {
    const { document } = await show(example(0));
    const lenses = await eventually('lenses', async () => {
      const lenses = await run('vscode.executeCodeLensProvider', document.uri, 50);
      return lenses.length > 3 && lenses;
    });
    const { command } = lenses.find(({ command }) => command.title.startsWith('Related interview question'));
    await run(command.command, ...command.arguments);
    await eventually('a rendered page', pageShown);
    await run('workbench.action.closeActiveEditor');
  },
  'pages as the files that they are': async () => {
    await set('openPagesAs', 'source');
    await run('hotseat.openQuestion', 'gather-vs-wait');
    const shown = () => vscode.window.activeTextEditor?.document;
    await eventually('the file', () => shown()?.fileName.endsWith('gather-vs-wait.md'));
    assert.match(shown().getText(), /## Key points/);
    await run('workbench.action.closeActiveEditor');
    await set('openPagesAs', undefined);
  },
  'quick fixes': async () => {
    const { document } = await show(example(0));
    await finds(document.uri, 'mutable-dataclass-default');
    const [{ range }] = vscode.languages.getDiagnostics(document.uri).filter(({ code }) => (code.value ?? code) === 'mutable-dataclass-default');
    const actions = await run('vscode.executeCodeActionProvider', document.uri, range, vscode.CodeActionKind.QuickFix.value, 20);
    const fix = actions.find(({ title }) => title === 'Use a default factory');
    assert.ok(fix, actions.map(({ title }) => title).join('; '));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await eventually('the fix', () => document.getText().includes('messages: list[str] = field(default_factory=list)'));
    await eventually('no finding', () => !found(document.uri).includes('mutable-dataclass-default'));
    await run('workbench.action.files.revert');
    await finds(document.uri, 'mutable-dataclass-default');
  },
  'presets, at once and for all documents': async () => {
    const { document } = await show(example(0));
    const titles = async () => (await run('vscode.executeCodeLensProvider', document.uri)).length;
    await eventually('lenses', async () => (await titles()) > 3);
    await run('hotseat.togglePreset');
    assert.equal(configuration().get('preset'), 'quiet');
    await eventually('one lens', async () => (await titles()) === 1 && found(document.uri).length === 0);
    await run('hotseat.togglePreset');
    assert.equal(configuration().get('preset'), 'learn');
    await finds(document.uri, 'mutable-dataclass-default');
    await set('preset', 'off');
    await eventually('nothing', async () => (await titles()) === 0 && found(document.uri).length === 0);
    await run('hotseat.restart');
    assert.equal(await titles(), 0, 'still nothing with a new server');
    assert.deepEqual(found(document.uri), []);
    await set('preset', undefined);
    await finds(document.uri, 'mutable-dataclass-default');
  },
  'all questions': async () => {
    const questions = await run('hotseat.questions');
    assert.equal(questions.length, 22);
  },
  'every command that is announced': async () => {
    const { packageJSON } = vscode.extensions.getExtension('hotseat.hotseat');
    const known = new Set(await vscode.commands.getCommands(true));
    for (const { command } of packageJSON.contributes.commands) {
      assert.ok(known.has(command), command);
    }
  },
  'a new server after a restart': async () => {
    const [before] = servers();
    await run('hotseat.restart');
    const [after, ...more] = servers();
    assert.ok(after && after !== before && more.length === 0, `${before} ${after} ${more}`);
    await finds(example(0), 'mutable-dataclass-default');
  },
  'no server where the settings name none, and one again when they do': async () => {
    await set('server.path', '/nowhere/hotseat');
    await eventually('no server', () => servers().length === 0);
    await eventually('no findings', () => found(example(0)).length === 0);
    await run('hotseat.showLog');
    await set('server.path', undefined);
    await eventually('a server', () => servers().length === 1);
    await show(example(0));
    await finds(example(0), 'mutable-dataclass-default');
  },
};

exports.run = async () => {
  console.log(`VS Code ${vscode.version}`);
  let failures = 0;
  for (const [name, test] of Object.entries(tests)) {
    const start = Date.now();
    try {
      await test();
      console.log(`ok   ${name} (${Date.now() - start} ms)`);
    } catch (error) {
      failures += 1;
      console.log(`FAIL ${name}: ${error.stack}`);
    }
  }
  if (failures > 0) {
    throw new Error(`${failures} failed`);
  }
};
