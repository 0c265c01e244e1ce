/** The questions: to be found by name, and as a tree by section. */
import * as vscode from 'vscode';

import type { HotseatClient } from './client';

/** What the server's command `hotseat.questions` answers with, once for each. */
export interface Question {
  readonly id: string;
  /** Markdown. */
  readonly title: string;
  readonly section: string;
  readonly level: string;
}

/** Lets the user choose a question by any part of its name, and opens it. */
export async function findQuestion(client: HotseatClient): Promise<void> {
  const questions = list(client);
  const entries = questions.then((found) => found.map(entry));
  const choice = await vscode.window.showQuickPick(entries, {
    title: 'hotseat: Open Question',
    placeHolder: 'Words of the question, its name or its section',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (choice) {
    await vscode.commands.executeCommand('hotseat.openQuestion', choice.id);
  }
}

async function list(client: HotseatClient): Promise<Question[]> {
  const questions = await client.command<Question[]>('hotseat.questions');
  if (!questions) {
    throw new Error(client.problem ?? 'The server does not run.');
  }
  return questions;
}

function entry({ id, title, section, level }: Question): vscode.QuickPickItem & { id: string } {
  return { id, label: plain(title), description: id, detail: `${section} · ${level}` };
}

/** Markdown without its marks of code, for places that show text as it is. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

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
    const { id, title, level } = node.question;
    const item = new vscode.TreeItem(plain(title));
    item.id = id;
    item.description = level;
    item.tooltip = new vscode.MarkdownString(title);
    item.iconPath = new vscode.ThemeIcon('question');
    item.command = { command: 'hotseat.openQuestion', title: 'Open Question', arguments: [id] };
    return item;
  }
}
