// `npm run bench [part…]`: builds the engine and the measuring program, then runs it. Results: a table, and dist/bench.json.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createBuilder } from 'vite'

const root = join(import.meta.dirname, '..')
const builder = await createBuilder({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
await builder.buildApp()
await builder.build(builder.environments.bench)

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
