// `npm run dev [-- serve's options]`: builds, serves, and on every change of a source rebuilds the part it belongs to.
// A changed engine starts anew (its runs go on from their journal); a changed page needs a reload.
import { spawn } from 'node:child_process'
import { join, relative, sep } from 'node:path'
import { watch } from 'chokidar'
import { createBuilder } from 'vite'

const root = join(import.meta.dirname, '..')
const options = process.argv.slice(2)
const settleMs = 150

/** First folder of a changed file -> environments to build again. */
const partsOf = { renderer: ['client'], engine: ['engine'], model: ['client', 'engine'], nodes: ['client', 'engine'] }

let server
let timer
let building = Promise.resolve()
const stale = new Set()

await rebuild(['client', 'engine'])
watch(
  Object.keys(partsOf).map((folder) => join(root, folder)),
  { ignoreInitial: true, ignored: /\.test\.tsx?$/ },
).on('all', (_event, path) => {
  const [folder] = relative(root, path).split(sep)
  for (const part of partsOf[folder] ?? []) stale.add(part)
  clearTimeout(timer)
  timer = setTimeout(() => {
    building = building.then(() => rebuild([...stale]))
    stale.clear()
  }, settleMs)
})

async function rebuild(parts) {
  try {
    for (const part of parts) {
      // A builder keeps its module graph: each build needs a new one to see what changed.
      const builder = await createBuilder({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
      await builder.build(builder.environments[part])
    }
    console.log(`built ${parts.join(' and ')}`)
    if (parts.includes('engine') || !server) restart()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
}

function restart() {
  server?.kill()
  server = spawn(process.execPath, [join(root, 'bin/switchyard.mjs'), 'serve', ...options], {
    cwd: process.cwd(),
    stdio: 'inherit',
  })
}
