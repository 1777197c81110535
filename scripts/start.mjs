// `npm start`: the desktop app where Electron and a screen are there, else the browser host, said in one line.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)

/** Electron's binary, looked up without importing anything of it: importing starts a download. */
function findElectron() {
  const folder = join(root, 'node_modules', 'electron')
  const record = join(folder, 'path.txt')
  if (!existsSync(record)) return undefined
  const binary = join(folder, 'dist', readFileSync(record, 'utf8').trim())
  return existsSync(binary) ? binary : undefined
}

function hasScreen() {
  if (process.platform === 'darwin' || process.platform === 'win32') return !process.env.SSH_CONNECTION
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

function run(command, commandArgs) {
  const child = spawn(command, commandArgs, { stdio: 'inherit', cwd: process.env.INIT_CWD ?? process.cwd() })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

if (!existsSync(join(root, 'dist', 'engine', 'cli.js'))) {
  process.stderr.write('Switchyard is not built yet. Run "npm ci" or "npm run build" first.\n')
  process.exit(2)
}
const electron = findElectron()
if (electron && hasScreen()) run(electron, [root, ...args])
else {
  const why = electron ? 'There is no screen' : "Electron's program is not installed (npx install-electron fetches it)"
  process.stderr.write(`${why}: starting the workbench for your browser instead.\n`)
  run(process.execPath, [join(root, 'bin', 'switchyard.mjs'), 'serve', ...args])
}
