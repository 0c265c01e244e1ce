// hotseat in VS Code's window, with mouse and keyboard.
import assert from 'node:assert/strict';

export class Window {
  constructor(page) {
    this.page = page;
    this.menu = page.locator('.action-widget');
    this.quickInput = page.locator('.quick-input-widget');
    this.lenses = page.locator('.codelens-decoration a');
    this.tab = page.locator('.tab.active');
  }

  async open(address, folder) {
    await this.page.goto(`http://${address}/?folder=${folder}`);
    await this.page.locator('.explorer-folders-view').waitFor();
  }

  async openFile(name) {
    await this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
    await this.page.locator('.view-line', { hasText: 'import asyncio' }).first().waitFor();
  }

  async command(title) {
    await this.page.keyboard.press('F1');
    await this.quickInput.locator('input').first().fill(`>${title}`);
    await this.row(title).waitFor();
    await this.page.keyboard.press('Enter');
  }

  row(text) {
    return this.quickInput.locator('.monaco-list-row', { hasText: text }).first();
  }

  async goTo(line, column) {
    await this.page.keyboard.press('Control+g');
    await this.quickInput.locator('input').first().fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  line(text) {
    return this.page.locator('.view-line', { hasText: text }).first();
  }

  // A click does not reach the entries of this menu.
  async choose(title) {
    for (let attempts = 30; attempts > 0; attempts--) {
      if ((await this.menu.locator('.monaco-list-row.focused').innerText()).includes(title)) {
        return await this.page.keyboard.press('Enter');
      }
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`the menu has no ${title}`);
  }

  // Does something until it shows: a list that is drawn anew at that moment swallows a click.
  async until(shown, act) {
    for (let attempts = 3; ; attempts--) {
      await act();
      try {
        return await shown.waitFor({ timeout: 15000 });
      } catch (error) {
        if (attempts === 1) {
          throw error;
        }
      }
    }
  }

  // The document inside a rendered page.
  rendered(text) {
    const outer = this.page.frameLocator('iframe.webview.ready').last();
    return outer.frameLocator('iframe').getByText(text).first();
  }

  toasts() {
    return this.page.locator('.notification-toast').count();
  }
}

export async function window(page, { address, folder, say }) {
  const w = new Window(page);
  const statusBar = page.locator('.statusbar-item[id="hotseat.hotseat.hotseat.preset"]');
  await w.open(address, folder);
  assert.equal(await statusBar.count(), 0, 'nothing in the status bar before Python is open');
  await w.openFile('llm_client.py');
  await w.lenses.filter({ hasText: 'Related interview question' }).first().waitFor();
  await page.locator('.squiggly-warning').first().waitFor();
  await statusBar.waitFor();
  assert.equal(await w.toasts(), 0, 'nothing pops up');
  assert.equal(await page.locator('.gettingStartedContainer').count(), 0, 'no walkthrough opens by itself');
  say('     opened: lenses, squiggles, status bar', JSON.stringify(await statusBar.innerText()));
  await page.picture('open');

  // The first line with `gather(` is in view after the cursor has been there.
  await w.line('import asyncio').click();
  await w.goTo(49, 1);
  await w.line('asyncio.gather(').getByText('gather', { exact: false }).last().hover();
  const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'gather' });
  await hover.first().waitFor();
  const link = page.locator('.monaco-hover:not(.hidden) a', { hasText: 'Open the question' });
  await link.first().waitFor();
  await page.picture('hover');
  say('     hover:', JSON.stringify((await hover.first().innerText()).slice(0, 90)));
  await link.first().click();
  await w.rendered('Key points').waitFor();
  say('     the link of the hover opens', JSON.stringify(await w.tab.innerText()));
  await page.picture('page');
  const source = w.rendered('llm_client.py:');
  if ((await source.count()) > 0) {
    await source.click();
    await page.locator('.tab.active', { hasText: 'llm_client.py' }).waitFor();
    say('     a link of the page opens the code');
  } else {
    await page.keyboard.press('Control+F4');
    throw new Error('the page does not say where the construct occurs');
  }

  await w.goTo(36, 1);
  await w.lenses.filter({ hasText: 'gather() and' }).first().click();
  await w.rendered('Key points').waitFor();
  say('     a lens opens', JSON.stringify(await w.tab.innerText()));
  await page.locator('.tab', { hasText: 'llm_client.py' }).click();

  await w.line('time.sleep(').click();
  await page.keyboard.press('Control+.');
  await w.menu.locator('.action', { hasText: 'Sleep without blocking' }).waitFor();
  await page.picture('fixes');
  await w.choose('Sleep without blocking');
  await w.line('await asyncio.sleep(').waitFor();
  say('     the fix writes', JSON.stringify((await w.line('await asyncio.sleep(').innerText()).trim()));
  await page.keyboard.press('Control+z');

  await w.command('hotseat: Open Question…');
  await w.row('gather-vs-wait').waitFor();
  await w.quickInput.locator('input').first().fill('default factory');
  await w.row('default_factory').waitFor();
  await page.picture('find');
  await page.keyboard.press('Enter');
  await w.rendered('Key points').waitFor();
  say('     the palette opens', JSON.stringify(await w.tab.innerText()));
  await page.keyboard.press('Control+F4');

  await page.locator('.tab', { hasText: 'llm_client.py' }).click();
  await statusBar.click();
  await w.row('Choose how much is shown').waitFor();
  await page.picture('menu');
  await w.row('Choose how much is shown').click();
  await w.row('quiet').click();
  await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
  await statusBar.filter({ hasText: 'quiet' }).waitFor();
  say('     the status bar switches to', JSON.stringify(await statusBar.innerText()));
  await page.picture('quiet');

  await statusBar.click();
  await w.row('Choose how much is shown').click();
  await w.row('Nothing').click();
  await w.lenses.first().waitFor({ state: 'detached' });
  await page.reload();
  // Which tab was in front is written down some time later.
  await page.locator('.tab', { hasText: 'llm_client.py' }).click();
  await statusBar.filter({ hasText: 'off' }).waitFor();
  // A page that VS Code has brought back without its contents may stay empty.
  await w.command('View: Close Other Editors in Group');
  await w.line('time.sleep(').waitFor();
  // As soon as the server answers commands it would have shown something.
  await w.command('hotseat: Open Question…');
  await w.row('gather-vs-wait').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await w.lenses.count(), 0, 'no lenses after a restart');
  assert.equal(await page.locator('.squiggly-warning').count(), 0, 'no findings after a restart');
  say('     off stays off after a restart');
  await page.picture('off');
  await w.command('hotseat: Toggle Quiet');
  await statusBar.filter({ hasText: 'quiet' }).waitFor();
  await w.command('hotseat: Toggle Quiet');
  await page.locator('.squiggly-warning').first().waitFor();
  await w.lenses.filter({ hasText: 'What is a generator' }).first().waitFor();

  await page.locator('.activitybar .action-item a[aria-label="hotseat"]').click();
  const view = page.locator('.pane-body .monaco-list-row');
  await view.filter({ hasText: 'Async programming' }).first().waitFor();
  // Where no tooltip covers anything.
  await page.mouse.move(800, 720);
  await page.locator('.workbench-hover').first().waitFor({ state: 'detached' });
  await page.picture('view');
  await w.until(w.rendered('Key points'), () => view.filter({ hasText: 'asyncio.gather()' }).first().click());
  say('     the view opens', JSON.stringify(await w.tab.innerText()));

  await w.command('hotseat: Get Started');
  await page.locator('.gettingStartedContainer', { hasText: 'Get started with hotseat' }).first().waitFor();
  await page.picture('walkthrough');
  for (const title of ['Hover, and open a question', 'See what the better code is', 'Choose how much is shown']) {
    await page.locator('.getting-started-step', { hasText: title }).click();
    await page.picture(`walkthrough-${title.split(/\W/)[0]}`);
  }
  await page.locator('.getting-started-step', { hasText: 'Open some code' }).click();
  await page.locator('.gettingStartedContainer').getByText('Open the example').first().click();
  await page.locator('.tab.active', { hasText: 'Untitled-1' }).waitFor();
  await page.locator('.squiggly-warning').first().waitFor();
  say('     the walkthrough opens the example');
  assert.equal(await w.toasts(), 0, 'nothing pops up');
}

export async function restricted(page, { address, folder, say, wasRun }) {
  const w = new Window(page);
  await w.open(address, folder);
  await page.getByText('Restricted Mode').first().waitFor();
  await w.openFile('llm_client.py');
  await page.locator('.squiggly-warning').first().waitFor();
  await page.picture('restricted');
  assert.equal(wasRun(), false, 'the workspace cannot name the program');
  say('     works in restricted mode; the program that the workspace names is not run');
}
