// Runs the stages of `npm test` or `npm run check` one after the other and sums them up:
//   node scripts/verify.mjs test|check [stage…]
// Every stage runs even where an earlier one failed. test-results/summary.json holds the result for machines.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../tests/support/findChromium.ts'

const root = join(import.meta.dirname, '..')
const results = join(root, 'test-results')

/** A command of a stage, or the Vitest projects it runs. */
const stages = {
  build: { command: ['vite', 'build', '--app', '--logLevel', 'warn', '-c', 'vite.config.ts'] },
  types: { command: ['tsc', '-b', '--pretty'] },
  lint: { command: ['eslint', '.', '--cache', '--cache-location', 'dist/.eslintcache', '--max-warnings', '0'] },
  walls: { command: ['depcruise', 'model', 'nodes', 'engine', 'renderer', 'electron'] },
  format: {
    command: ['prettier', '--check', '--log-level', 'warn', '--cache', '--cache-location', 'dist/.prettiercache', '.'],
  },
  unit: { projects: ['unit', 'renderer'] },
  faults: { projects: ['faults'] },
  e2e: { projects: ['e2e'] },
}

const plans = {
  check: ['types', 'lint', 'walls', 'format', 'unit'],
  test: ['types', 'lint', 'walls', 'build', 'unit', 'faults', 'e2e'],
}

const [planName = 'check', ...only] = process.argv.slice(2)
const plan = plans[planName]
if (!plan || only.some((name) => !plan.includes(name))) {
  console.error(`usage: node scripts/verify.mjs ${Object.keys(plans).join('|')} [stage…]`)
  process.exit(2)
}

mkdirSync(results, { recursive: true })
const done = []
for (const name of only.length > 0 ? only : plan) done.push(await runStage(name))
report(done)

async function runStage(name) {
  const { command, projects } = stages[name]
  const started = performance.now()
  console.log(`\n── ${name}`)
  const counts = command ? countCommand(await run(command)) : await runProjects(name, projects)
  if (name === 'build' && counts.failed === 0) process.env['SWITCHYARD_BUILT'] = '1'
  return { name, seconds: (performance.now() - started) / 1000, ...counts }
}

function countCommand(code) {
  return { passed: 0, skipped: 0, failed: code === 0 ? 0 : 1 }
}

async function runProjects(name, projects) {
  const file = join(results, `${name}.json`)
  rmSync(file, { force: true })
  const picked = projects.flatMap((project) => ['--project', project])
  const code = await run([
    'vitest',
    'run',
    ...picked,
    '--passWithNoTests',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const counts = readCounts(file)
  // A file that does not even load, or a crash of the runner, fails without a failed test.
  return { ...counts, failed: code !== 0 && counts.failed === 0 ? 1 : counts.failed }
}

function readCounts(file) {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8'))
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests + json.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function run([tool, ...args]) {
  return new Promise((resolve) => {
    const child = spawn('npx', ['--no-install', tool, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    })
    child.on('error', () => resolve(1))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

function report(all) {
  console.log('')
  for (const stage of all) console.log(stageLine(stage))
  if (all.some((stage) => stage.name === 'e2e') && findChromium() === undefined) {
    console.log('e2e skipped: no Chromium, Chrome or Edge was found (CHROME may name one)')
  }
  const sum = (key) => all.reduce((total, stage) => total + stage[key], 0)
  const skipped = sum('skipped')
  console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  writeFileSync(join(results, 'summary.json'), `${JSON.stringify({ plan: planName, stages: all }, null, 2)}\n`)
  process.exitCode = sum('failed') > 0 ? 1 : 0
}

function stageLine({ name, seconds, passed, failed, skipped }) {
  const time = `${(seconds / 60).toFixed(1)} min`
  const tests =
    passed + failed + skipped > 0 && stages[name].projects
      ? `${passed} passed, ${failed} failed, ${skipped} skipped`
      : failed > 0
        ? 'failed'
        : 'ok'
  return `${name.padEnd(8)} ${time.padStart(8)}  ${tests}`
}
