import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Vitest global setup of the suites that start processes: one fresh build, so that no test ever runs an old `dist`. */
export function setup(): void {
  if (process.env['SWITCHYARD_BUILT'] === '1') return
  const root = fileURLToPath(new URL('../..', import.meta.url))
  execFileSync('npx', ['--no-install', 'vite', 'build', '--app', '--logLevel', 'warn', '-c', 'vite.config.ts'], { cwd: root, stdio: 'inherit' })
  process.env['SWITCHYARD_BUILT'] = '1'
}
