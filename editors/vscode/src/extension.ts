/** What VS Code starts: everything is wired up here, and nothing shows itself unasked. */
import * as vscode from 'vscode';

import { HotseatClient } from './client';
import { choosePreset, showMenu, statusBar, togglePreset } from './preset';
import { QuestionTree, findQuestion } from './questions';

let client: HotseatClient | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const started = new HotseatClient(context);
  client = started;
  const register = (name: string, run: () => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`hotseat.${name}`, run);
  context.subscriptions.push(
    started,
    register('practise', () => practise(started)),
    register('findQuestion', () => findQuestion(started)),
    register('togglePreset', togglePreset),
    register('choosePreset', choosePreset),
    register('openExample', () => openExample(context)),
    register('openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`, false),
    ),
    register('showLog', () => started.showLog()),
    register('restart', () => started.restart()),
    register('menu', () => showMenu(started)),
    vscode.window.registerTreeDataProvider('hotseat.questions', new QuestionTree(started)),
    statusBar(started),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('hotseat.server')) {
        void started.restart();
      }
    }),
    // The workspace's own setting for the program counts from now on.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void started.restart()),
  );
  // The walkthrough would open by itself when the extension is installed if it did not wait for this.
  void vscode.commands.executeCommand('setContext', 'hotseat.active', true);
  void started.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** Opens the practice sheet, once the server is there. */
async function practise(client: HotseatClient): Promise<void> {
  await client.command('hotseat.startPractice');
  if (client.problem !== undefined) {
    throw new Error(client.problem);
  }
}

/** A document without a file, so that nothing is left behind. */
async function openExample(context: vscode.ExtensionContext): Promise<void> {
  const file = vscode.Uri.file(context.asAbsolutePath('dist/example.py'));
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const document = await vscode.workspace.openTextDocument({ language: 'python', content });
  await vscode.window.showTextDocument(document);
}
