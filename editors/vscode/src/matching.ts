/** Which questions somebody means. Knows nothing of VS Code. */

/** What the server's command `hotseat.questions` answers with, once for each. */
export interface Question {
  readonly id: string;
  /** Markdown. */
  readonly title: string;
  readonly section: string;
  readonly level: string;
  /** How it stands in practice; null if there is nothing to say. */
  readonly standing?: 'new' | 'due' | 'known' | null;
}

/** The questions that have every word, those whose name has them first; else those whose name has the letters in order. */
export function matching(questions: readonly Question[], typed: string): Question[] {
  const wanted = words(typed);
  const has = (text: string): boolean => {
    const present = words(text).join(' ');
    return wanted.every((word) => present.includes(word));
  };
  const found = questions.filter(({ id, title, section, level }) => has(`${id} ${title} ${section} ${level}`));
  if (found.length === 0) {
    return questions.filter(({ id }) => hasLetters(id, wanted.join('')));
  }
  return [...found.filter(({ id }) => has(id)), ...found.filter(({ id }) => !has(id))];
}

function words(text: string): string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

function hasLetters(text: string, letters: string): boolean {
  let from = 0;
  for (const letter of letters) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) {
      return false;
    }
  }
  return true;
}
