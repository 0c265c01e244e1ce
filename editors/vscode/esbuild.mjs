// One file for the extension, and what it takes over from the rest of the repository.
import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';

mkdirSync('dist', { recursive: true });
copyFileSync('../../src/cli/try_it/example.py', 'dist/example.py');
copyFileSync('../../LICENSE', 'LICENSE');
await build({
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  minify: true,
  logLevel: 'warning',
});
