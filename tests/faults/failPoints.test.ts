import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { failPointNames } from '../../engine/run/failPoint.ts'
import type { Decision, RunResult } from '../../engine/run/runHost.ts'
import { RunStore } from '../../engine/store/runStore.ts'
import { flowText } from '../support/runFlow.ts'
import { ret, start, wait } from '../support/shortNodes.ts'
import { tempFolder } from '../support/tempFolder.ts'
import { buildEngineChild, runEngine } from './engineProcess.ts'

let program: string

beforeAll(async () => {
  program = await buildEngineChild()
})

/** A server that remembers every effect it saw, and that fails the first of its GETs. */
class EffectServer implements AsyncDisposable {
  readonly keys: string[] = []
  readonly #server: Server
  #gets = 0
  #open = 0

  constructor() {
    this.#server = createServer((request, response) => {
      request.resume().on('end', () => {
        if (request.method === 'POST') this.keys.push(String(request.headers['idempotency-key']))
        response.writeHead(request.method === 'GET' && ++this.#gets === 1 ? 503 : 200).end('ok')
      })
    })
    this.#server.on('connection', (socket) => {
      this.#open++
      socket.on('close', () => {
        this.#open--
        this.#server.emit('quiet')
      })
    })
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
  }

  /** Once a killed engine's connections are gone, nothing of it can arrive any more. */
  async quiet(): Promise<void> {
    while (this.#open > 0) await once(this.#server, 'quiet')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** Every kind of moment: effects that may not be repeated, a retry, a wait. */
function flow(url: string): string {
  const post = { kind: 'http', data: { url, method: 'POST', body: 'x' } }
  const nodes = {
    start,
    first: post,
    flaky: { kind: 'http', data: { url }, policy: { retry: { max: 3, delay: '5ms' } } },
    pause: wait('5ms'),
    second: post,
    done: ret('{{ nodes.second.output.status }}'),
  }
  return flowText(nodes, ['start -> first', 'first -> flaky', 'flaky -> pause', 'pause -> second', 'second -> done'])
}

describe('an engine that is killed', () => {
  it.each(failPointNames.flatMap((name) => [1, 2, 3].map((count) => `${name}:${String(count)}`)))(
    'at %s does nothing twice and loses nothing',
    async (failPoint) => {
      await using server = new EffectServer()
      await using folder = await tempFolder({ 'case.flow.json': flow(await server.listen()) })
      const killed = await runEngine(program, [folder.path, 'run', folder.at('case.flow.json')], { failPoint })
      if (killed.signal === null) return expect(notReached.has(failPoint)).toBe(true)
      await server.quiet()
      const result = await finish(folder.path, server)
      if (!result) {
        // Nothing was acknowledged: the run had not been committed.
        return expect([killed.events, server.keys]).toEqual([[], []])
      }
      expect(result).toMatchObject({ status: 'completed', output: 200 })
      expect(server.keys).toEqual(['first', 'second'].map((node) => `${result.runId}/${node}#1`))
    },
  )

  /** Drives the run to its end; unknown effects are answered with what the server saw. */
  async function finish(path: string, server: EffectServer): Promise<RunResult | undefined> {
    let [result] = (await runEngine(program, [path, 'resume'])).results
    while (result?.status === 'waiting') {
      const node = result.waitingOn?.[0] ?? ''
      const wasSeen = server.keys.includes(`${result.runId}/${node}#1`)
      const decision: Decision = wasSeen ? { type: 'value', output: { status: 200 } } : { type: 'retry' }
      const next: RunResult | undefined = (
        await runEngine(program, [path, 'resolve', result.runId, node, JSON.stringify(decision)])
      ).results[0]
      result = next
    }
    return result ?? ended(path)
  }

  /** A run that had ended already is not resumed: its result stands in the store. */
  function ended(path: string): RunResult | undefined {
    const store = new RunStore(`${path}/.switchyard`)
    try {
      const [run] = store.listRuns()
      const last = run && store.loadLastEvent(run.runId)
      return last?.type === 'run.finished'
        ? { runId: last.runId, status: 'completed', output: last.output, durationMs: 0 }
        : undefined
    } finally {
      store.close()
    }
  }
})

/** Points this flow does not pass so often. */
const notReached = new Set([
  'run-started:2',
  'run-started:3',
  'retry-scheduled:2',
  'retry-scheduled:3',
  'timer-set:2',
  'timer-set:3',
  'timer-fired:3',
  'run-finished:2',
  'run-finished:3',
])
