/** The questions: to be found by name, and as a tree by section. */
import * as vscode from 'vscode';

import type { HotseatClient } from './client';
import { matching } from './matching';
import type { Question } from './matching';

type Entry = vscode.QuickPickItem & { readonly question: Question };

/** Lets the user choose a question by some words of it or some letters of its name, and opens it. */
export async function findQuestion(client: HotseatClient): Promise<void> {
  const picker = vscode.window.createQuickPick<Entry>();
  picker.title = 'hotseat: Open Question';
  picker.placeholder = 'Words of the question, its name or its section';
  picker.busy = true;
  picker.show();
  try {
    const questions = await list(client);
    const show = (): void => {
      picker.items = matching(questions, picker.value).map(entry);
    };
    show();
    picker.busy = false;
    picker.onDidChangeValue(show);
    const choice = await new Promise<Entry | undefined>((resolve) => {
      picker.onDidAccept(() => resolve(picker.activeItems[0]));
      picker.onDidHide(() => resolve(undefined));
    });
    if (choice) {
      await vscode.commands.executeCommand('hotseat.openQuestion', choice.question.id);
    }
  } finally {
    picker.dispose();
  }
}

async function list(client: HotseatClient): Promise<Question[]> {
  const questions = await client.command<Question[]>('hotseat.questions');
  if (!questions) {
    throw new Error(client.problem ?? 'The server does not run.');
  }
  return questions;
}

/** VS Code would look for the words as they are typed, one behind the other; here they are looked for already. */
function entry(question: Question): Entry {
  const { id, title, section, level } = question;
  return { question, label: plain(title), description: id, detail: `${section} · ${level}`, alwaysShow: true };
}

/** Markdown without its marks of code, for places that show text as it is. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

const ICONS = { new: 'question', due: 'bell', known: 'pass' } as const;

type Node = { readonly section: string } | { readonly question: Question };

/** The questions by section. */
export class QuestionTree implements vscode.TreeDataProvider<Node> {
  readonly #client: HotseatClient;
  readonly #changed = new vscode.EventEmitter<void>();
  #questions: Promise<Question[]> | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(client: HotseatClient) {
    this.#client = client;
    client.onDidChangeState(() => {
      this.#questions = undefined;
      this.#changed.fire();
    });
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (this.#client.state !== 'running') {
      return [];
    }
    this.#questions ??= list(this.#client);
    const questions = await this.#questions;
    if (node === undefined) {
      return [...new Set(questions.map(({ section }) => section))].map((section) => ({ section }));
    }
    return 'section' in node
      ? questions.filter(({ section }) => section === node.section).map((question) => ({ question }))
      : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ('section' in node) {
      const item = new vscode.TreeItem(node.section, vscode.TreeItemCollapsibleState.Expanded);
      item.id = `section:${node.section}`;
      return item;
    }
    const { id, title, level, standing } = node.question;
    const item = new vscode.TreeItem(plain(title));
    item.id = id;
    item.description = standing ? `${level} · ${standing}` : level;
    item.tooltip = new vscode.MarkdownString(title);
    item.iconPath = new vscode.ThemeIcon(standing ? ICONS[standing] : 'question');
    item.command = { command: 'hotseat.openQuestion', title: 'Open Question', arguments: [id] };
    return item;
  }
}
