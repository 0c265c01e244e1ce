/** How the pages of questions are shown. */
import * as vscode from 'vscode';

/** The links of the server's hovers to pages, which are files of its own. */
const PAGE_LINK = /\]\(<?file:[^)>]*\/([a-z0-9-]+)\.md>?\)/g;

/** Shows a page as the user wants it. False if it is to be opened as the file that it is. */
export async function showPage(page: vscode.Uri): Promise<boolean> {
  const wanted = vscode.workspace.getConfiguration('hotseat').get<string>('openPagesAs');
  if (wanted === 'source') {
    return false;
  }
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page);
    return true;
  } catch {
    // The Markdown extension is switched off.
    return false;
  }
}

/** Lets the links of a hover open questions as lenses do. */
export function trustPageLinks(content: vscode.MarkdownString | vscode.MarkedString): void {
  if (content instanceof vscode.MarkdownString) {
    content.value = content.value.replace(
      PAGE_LINK,
      (_, id: string) => `](command:hotseat.openQuestion?${encodeURIComponent(JSON.stringify([id]))})`,
    );
  }
}
