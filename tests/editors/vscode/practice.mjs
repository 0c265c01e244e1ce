// Practice by mouse in VS Code's window: five questions on the sheet.
import assert from 'node:assert/strict';
import { Window } from './window.mjs';

export async function practice(page, { address, folder, say }) {
  const w = new Window(page);
  const began = Date.now();
  const choice = (title) => w.lenses.filter({ hasText: title }).first();
  const click = async (title, expected) => {
    await choice(title).click();
    await w.line(expected).waitFor();
  };
  await w.open(address, folder);
  await w.openFile('llm_client.py');
  await w.lenses.filter({ hasText: 'Related interview question' }).first().waitFor();
  await w.command('hotseat: Start Practice');
  await page.locator('.tab.active', { hasText: 'practice.md' }).waitFor();
  await choice('Reveal').waitFor();
  await page.picture('asked');
  await click('Hint', 'Hint: ');
  for (let number = 1; number <= 5; number++) {
    if (number === 2) {
      // By keyboard: the list of what can be typed behind a slash.
      await w.line(/Your\sanswer/).click();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.type('/rev', { delay: 80 });
      await page.locator('.suggest-widget .monaco-list-row', { hasText: '/reveal' }).waitFor();
      await page.picture('slash');
      await page.keyboard.press('Enter');
      await w.line('Key points: tick those').waitFor();
      assert.equal(await w.line('/rev').count(), 0, 'what was typed for the choice is gone');
    } else {
      await click('Reveal', 'Key points: tick those');
    }
    if (number === 1) {
      // The box of the first key point, by mouse and one key.
      const point = w.line(/^-\s\[\s\]\s/);
      await point.click({ position: { x: 24, y: 8 } });
      await page.keyboard.press('Home');
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Delete', 'x']) {
        await page.keyboard.press(key);
      }
      await choice('(suggested)').waitFor();
      await page.picture('revealed');
    }
    await click('Good', 'It comes again');
    if (number === 1) {
      await page.picture('graded');
      await click('Undo last grade', 'Taken back: Good.');
      await page.picture('undone');
      await click('Hard', 'It comes again');
    }
    if (number < 5) {
      await choice('Next').click();
      await choice('Reveal').waitFor();
    }
  }
  await click('Finish', 'answers in this session');
  await page.picture('finished');
  const seconds = Math.round((Date.now() - began) / 1000);
  say('     five questions in', seconds, 's');
  assert.ok(seconds < 120, 'five questions within two minutes');
  assert.equal(await w.toasts(), 0, 'nothing pops up');
  await page.locator('.tab', { hasText: 'llm_client.py' }).click();
  await w.lenses.filter({ hasText: '· new' }).first().waitFor();
  const statusBar = page.locator('.statusbar-item[id="hotseat.hotseat.hotseat.preset"]');
  say('     the status bar says', JSON.stringify(await statusBar.innerText()));
  await page.locator('.activitybar .action-item a[aria-label="hotseat"]').click();
  await page.locator('.pane-body .monaco-list-row', { hasText: '· new' }).first().waitFor();
  await page.picture('standing');
}
