import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'

const root = join(import.meta.dirname, '../..')
const stampFile = join(root, 'dist/built.txt')
const sources = '{model,nodes,engine,renderer,electron}/**/*'
const settings = ['package-lock.json', 'vite.config.ts', 'tsconfig.base.json']

/**
 * Vitest global setup of the suites that start processes: a build of the sources as they are now, so that no test ever
 * runs an old `dist`. A build of the very same files is kept.
 */
export function setup(): void {
  if (process.env['SWITCHYARD_BUILT'] === '1') return
  const stamp = stampOfSources()
  if (builtStamp() !== stamp) {
    const vite = ['--no-install', 'vite', 'build', '--app', '--logLevel', 'warn', '-c', 'vite.config.ts']
    execFileSync('npx', vite, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
    writeFileSync(stampFile, stamp)
  }
  process.env['SWITCHYARD_BUILT'] = '1'
}

function stampOfSources(): string {
  const hash = createHash('sha256')
  const files = globSync([sources, ...settings], { cwd: root, ignore: '**/*.test.{ts,tsx}' })
  for (const file of files.sort()) {
    const { mtimeMs, size } = statSync(join(root, file))
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function builtStamp(): string | undefined {
  try {
    return readFileSync(stampFile, 'utf8')
  } catch {
    return undefined
  }
}
