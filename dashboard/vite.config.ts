import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const out = fileURLToPath(new URL('../dist/dashboard', import.meta.url));

/** Each file also compressed, so that the API compresses nothing while it answers. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  closeBundle() {
    for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:html|js|css|svg|json)$/.test(name)) continue;
      const path = join(out, name);
      const content = readFileSync(path);
      writeFileSync(`${path}.br`, brotliCompressSync(content));
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), compressed],
  resolve: {
    alias: { 'react-remove-scroll': fileURLToPath(new URL('ui/remove-scroll.tsx', import.meta.url)) },
  },
  build: { outDir: out, emptyOutDir: true, sourcemap: false, target: 'es2022', assetsInlineLimit: 0 },
  // While the dashboard is worked on: `npm run dashboard`, beside an API on its default port.
  server: { proxy: { '/v1': process.env['PERENNIAL_URL'] ?? 'http://127.0.0.1:8080' } },
});
