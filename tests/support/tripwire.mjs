// Loaded with --import before a command: writes one line to $TRIPWIRE_LOG for every process, connection, worker and
// foreign file that the command reaches for. Files below $TRIPWIRE_ALLOW (a list as in PATH) are not foreign.
import childProcess from 'node:child_process'
import dns from 'node:dns'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { delimiter, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import workers from 'node:worker_threads'

const log = fs.openSync(process.env.TRIPWIRE_LOG, 'a')
const allowed = (process.env.TRIPWIRE_ALLOW ?? '').split(delimiter)
const { writeSync } = fs
const report = (what) => writeSync(log, `${what}\n`)

function wrap(object, name, describe) {
  const real = object[name]
  object[name] = function (...args) {
    const what = describe(args)
    if (what !== undefined) report(what)
    return real.apply(this, args)
  }
  // `util.promisify` finds its own version of a function there.
  Object.defineProperties(object[name], Object.getOwnPropertyDescriptors(real))
}

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  wrap(childProcess, name, ([command]) => `process ${name} ${String(command)}`)
}
wrap(net.Socket.prototype, 'connect', ([target]) => {
  const options = Array.isArray(target) ? target[0] : target
  return options?.path !== undefined && resolve(options.path).includes(`${sep}.switchyard${sep}`)
    ? undefined
    : `network ${JSON.stringify(options)}`
})
for (const name of ['lookup', 'resolve', 'resolve4']) wrap(dns, name, ([host]) => `network dns ${String(host)}`)
wrap(globalThis, 'fetch', ([url]) => `network fetch ${String(url)}`)
workers.Worker = class extends workers.Worker {
  constructor(...args) {
    report(`worker ${String(args[0])}`)
    super(...args)
  }
}

function foreign(name) {
  return ([path]) => {
    if (typeof path === 'number' || path === undefined) return undefined
    const real = resolve(path instanceof URL ? fileURLToPath(path) : String(path))
    return allowed.some((folder) => real === folder || real.startsWith(folder + sep))
      ? undefined
      : `file ${name} ${real}`
  }
}
for (const name of [
  'open',
  'openSync',
  'readFile',
  'readFileSync',
  'writeFile',
  'writeFileSync',
  'createReadStream',
  'createWriteStream',
  'unlink',
  'rmSync',
  'rename',
]) {
  wrap(fs, name, foreign(name))
}
for (const name of ['open', 'readFile', 'writeFile', 'appendFile', 'rm', 'rename', 'mkdir', 'unlink', 'cp'])
  wrap(fs.promises, name, foreign(name))
syncBuiltinESMExports()
