/** How much is shown: the item in the status bar, its menu, and the commands that change it. */
import * as vscode from 'vscode';

import type { HotseatClient } from './client';

const PRESETS = {
  learn: 'Lenses, hovers and findings',
  quiet: 'Hovers and actions, and one lens that sums up the file',
  off: 'Nothing',
} as const;

type Preset = keyof typeof PRESETS;

/** What may be run from the tooltip of the status bar. */
const MENU = ['hotseat.practise', 'hotseat.choosePreset', 'hotseat.findQuestion', 'hotseat.restart', 'hotseat.showLog'] as const;

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('hotseat');
}

/** What the user has set; null if the project decides. */
function current(): Preset | null {
  const value = configuration().get<string | null>('preset');
  return value === 'learn' || value === 'quiet' || value === 'off' ? value : null;
}

/** Writes where the value that counts is written already, else to the user's settings. */
async function write(preset: Preset | undefined): Promise<void> {
  const places = configuration().inspect('preset');
  const target =
    places?.workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await configuration().update('preset', preset, target);
}

export async function togglePreset(): Promise<void> {
  await write(current() === 'quiet' ? 'learn' : 'quiet');
}

export async function choosePreset(): Promise<void> {
  const chosen = current();
  const mark = (preset: Preset | null): string => (preset === chosen ? '$(check) ' : '$(blank) ');
  type Entry = vscode.QuickPickItem & { preset: Preset | undefined };
  const entries: Entry[] = (Object.keys(PRESETS) as Preset[]).map((preset) => ({
    preset,
    label: mark(preset) + preset,
    description: PRESETS[preset],
  }));
  entries.push({
    preset: undefined,
    label: `${mark(null)}as the project says`,
    description: '[tool.hotseat] in pyproject.toml, else learn',
  });
  const choice = await vscode.window.showQuickPick(entries, { title: 'hotseat: How Much Is Shown' });
  if (choice) {
    await write(choice.preset);
  }
}

/** The menu behind the item in the status bar. */
export async function showMenu(client: HotseatClient): Promise<void> {
  type Entry = vscode.QuickPickItem & { command?: string };
  const entries: Entry[] = [
    { label: '$(play) Start practice', description: due(client), command: 'hotseat.practise' },
    { label: '$(settings) Choose how much is shown…', description: current() ?? '', command: 'hotseat.choosePreset' },
    { label: '$(search) Open a question…', command: 'hotseat.findQuestion' },
    { label: '$(list-tree) All questions by section', command: 'hotseat.questions.focus' },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(refresh) Restart the server', description: client.state, command: 'hotseat.restart' },
    { label: '$(output) Show the log', command: 'hotseat.showLog' },
    { label: '$(gear) All settings', command: 'hotseat.openSettings' },
    { label: '$(mortar-board) Get started', command: 'hotseat.openWalkthrough' },
  ];
  const options = { title: 'hotseat', placeHolder: client.problem ?? 'What do you want to do?' };
  const choice = await vscode.window.showQuickPick(entries, options);
  if (choice?.command === 'hotseat.openSettings') {
    await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:hotseat.hotseat');
  } else if (choice?.command) {
    await vscode.commands.executeCommand(choice.command);
  }
}

/** What there is to practise, in words; nothing if there is nothing or nobody practises. */
function due(client: HotseatClient): string {
  const status = client.status;
  const parts = [
    ...(status?.due ? [`${String(status.due)} due`] : []),
    ...(status?.new ? [`${String(status.new)} new`] : []),
  ];
  return parts.join(', ');
}

/** The item in the status bar, beside Python files and practice sheets only. */
export function statusBar(client: HotseatClient): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('hotseat.preset', vscode.StatusBarAlignment.Right, 90);
  item.name = 'hotseat';
  item.command = 'hotseat.menu';
  const update = (): void => {
    const failed = client.state === 'failed';
    const icon = failed ? 'warning' : client.state === 'starting' ? 'loading~spin' : 'mortar-board';
    const text = failed ? 'hotseat' : (current() ?? 'hotseat');
    const waiting = client.status?.due ? ` · ${String(client.status.due)} due` : '';
    item.text = `$(${icon}) ${text}${waiting}`;
    const says = failed ? 'not running' : (current() ?? 'as the project says');
    item.accessibilityInformation = { label: `hotseat: ${says}${waiting}` };
    item.backgroundColor = failed ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.tooltip = tooltip(client);
    const document = vscode.window.activeTextEditor?.document;
    const shown = document?.languageId === 'python' || document?.uri.path.endsWith('/.hotseat/practice.md');
    if (shown) {
      item.show();
    } else {
      item.hide();
    }
  };
  update();
  return vscode.Disposable.from(
    item,
    client.onDidChangeState(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidOpenTextDocument(update),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('hotseat.preset') && update()),
  );
}

function tooltip(client: HotseatClient): vscode.MarkdownString {
  const preset = current();
  const says = client.problem ?? (preset ? `${preset}: ${PRESETS[preset]}` : 'As the project says, else learn');
  const tooltip = new vscode.MarkdownString('', true);
  tooltip.isTrusted = { enabledCommands: MENU };
  tooltip.appendMarkdown('**hotseat** — ').appendText(says);
  tooltip.appendMarkdown(
    '\n\n[Practise](command:hotseat.practise) · [How much is shown](command:hotseat.choosePreset) · [Open a question](command:hotseat.findQuestion) · ' +
      '[Restart](command:hotseat.restart) · [Log](command:hotseat.showLog)',
  );
  return tooltip;
}
