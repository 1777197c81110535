// `npm run screenshots`: runs the e2e suite and copies the pictures that the README shows into the repository.
// They change with every run by a few pixels, so that this is a command of its own and `npm test` leaves the tree clean.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const shown = ['canvas']

const { status } = spawnSync('npm', ['run', 'e2e'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
if (status !== 0) process.exit(status ?? 1)

mkdirSync(join(root, 'tests/e2e/screenshots'), { recursive: true })
for (const name of shown) {
  const made = join(root, 'test-results/screenshots', `${name}.png`)
  if (!existsSync(made)) throw new Error(`The e2e run made no picture "${name}": was a browser found?`)
  copyFileSync(made, join(root, 'tests/e2e/screenshots', `${name}.png`))
  console.log(`tests/e2e/screenshots/${name}.png`)
}
