// `npm run bench [part…]`: builds the product, the measuring program and the bare canvas, then runs it. Results: a table, and dist/bench.json.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, createBuilder } from 'vite'

const root = join(import.meta.dirname, '..')
const builder = await createBuilder({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
await builder.buildApp()
await builder.build(builder.environments.bench)
await build({
  configFile: false,
  root: join(root, 'tests/bench/bare'),
  plugins: [react()],
  logLevel: 'warn',
  build: { outDir: join(root, 'dist/bench-bare'), emptyOutDir: true, chunkSizeWarningLimit: 8000 },
})

const program = join(root, 'dist/bench/main.js')
const { status } = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', program, join(root, 'dist/bench.json'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
process.exitCode = status ?? 1
