#!/usr/bin/env node
// Imports nothing statically, so that an old Node gets as far as the sentence that says what is missing.
const oldest = [22, 13]

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return start()
  const newer = await findPackagedNode()
  if (newer) return runWith(newer)
  process.stderr.write(
    `Switchyard needs Node ${oldest.join('.')} or newer; this is ${process.versions.node}. Install one from https://nodejs.org or run "npm ci" in Switchyard's folder.\n`,
  )
  process.exitCode = 2
}

async function start() {
  const [{ existsSync }, { fileURLToPath }, module] = await Promise.all([
    import('node:fs'),
    import('node:url'),
    import('node:module'),
  ])
  module.enableCompileCache?.()
  const entry = new URL('../dist/engine/cli.js', import.meta.url)
  if (existsSync(fileURLToPath(entry))) return import(entry.href)
  process.stderr.write('Switchyard is not built yet. Run "npm ci" or "npm run build" in its folder.\n')
  process.exitCode = 2
}

/** The Node that npm installed beside this package: in its own node_modules, or in one above it. */
async function findPackagedNode() {
  const [{ existsSync }, { dirname, join }, { fileURLToPath }] = await Promise.all([
    import('node:fs'),
    import('node:path'),
    import('node:url'),
  ])
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  let folder = dirname(dirname(fileURLToPath(import.meta.url)))
  for (;;) {
    const candidate = join(folder, 'node_modules', 'node', 'bin', name)
    if (existsSync(candidate)) return candidate
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
}

/** Passes arguments, streams, signals and the exit code through. */
async function runWith(node) {
  const { spawn } = await import('node:child_process')
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  // Ctrl+C reaches the whole group by itself; a signal sent to this process alone must be handed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    } else process.exit(code ?? 1)
  })
}

await main()
