import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Notification, Response } from '../../model/protocol.ts'
import { startCommand, type LiveCommand } from '../support/liveCommand.ts'
import { flowText, switchyard, workspaceWith } from '../support/runFlow.ts'

const waiting = flowText(
  {
    start: { kind: 'start' },
    pause: { kind: 'wait', data: { for: '2s' } },
    done: { kind: 'return', data: { value: 'through' } },
  },
  ['start -> pause', 'pause -> done'],
)

let host: LiveCommand | undefined
afterEach(async () => {
  host?.signal('SIGTERM')
  await host?.ended
  host = undefined
})

async function startHost(dir: string, args: readonly string[] = ['--port', '0']): Promise<URL> {
  host = startCommand(['serve', '--no-open', '--workspace', dir, ...args])
  return new URL(await host.line(/^http:/))
}

async function sessionCookie(url: URL): Promise<string> {
  const answer = await fetch(`${url.origin}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url.origin },
    body: JSON.stringify({ token: url.hash.slice('#token='.length) }),
  })
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

class Page {
  readonly #socket: WebSocket
  readonly #pending = new Map<number, (response: Response) => void>()
  readonly notifications: Notification[] = []
  readonly closed: Promise<void>
  #nextId = 1

  private constructor(socket: WebSocket) {
    this.#socket = socket
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()))
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Response | Notification
      if ('id' in message) this.#pending.get(message.id)?.(message)
      else this.notifications.push(message)
    })
  }

  static async open(url: URL, cookie: string): Promise<Page> {
    const socket = new WebSocket(`ws://${url.host}/api/socket`, { headers: { cookie, origin: url.origin } })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return new Page(socket)
  }

  async ask(method: string, params: object): Promise<Record<string, unknown>> {
    const id = this.#nextId++
    const answer = new Promise<Response>((resolve) => this.#pending.set(id, resolve))
    this.#socket.send(JSON.stringify({ id, method, params }))
    const response = await answer
    if ('error' in response) throw new Error(`${response.error.code}: ${response.error.message}`)
    return response.result as unknown as Record<string, unknown>
  }
}

const enginePid = async (dir: string): Promise<number> =>
  (JSON.parse(await readFile(join(dir, '.switchyard', 'engine.json'), 'utf8')) as { pid: number }).pid

describe('the browser host', () => {
  it('prints one line on stdout, the address, and ends quietly', async () => {
    const { dir } = await workspaceWith(waiting)
    const url = await startHost(dir)
    expect(url.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    host?.signal('SIGINT')
    const done = await host?.ended
    expect([done?.exit, done?.stdout]).toEqual([0, `${url.href}\n`])
  })

  it('takes the next free port where its own is in use, and refuses one that was asked for', async () => {
    const { dir } = await workspaceWith(waiting)
    const url = await startHost(dir)
    const other = await workspaceWith(waiting)
    const refused = await switchyard(['serve', '--no-open', '--workspace', other.dir, '--port', url.port, '--json'])
    expect(refused.exit).toBe(2)
    expect(JSON.parse(refused.stdout)).toMatchObject({ diagnostics: [{ code: 'port-taken' }] })
  })

  it('lets commands attach to its engine, and shows their runs', async () => {
    const { dir, file } = await workspaceWith(waiting)
    const url = await startHost(dir)
    const page = await Page.open(url, await sessionCookie(url))
    await page.ask('engine.hello', { protocol: 1 })
    const run = await switchyard(['run', file, '--json', '--workspace', dir])
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'completed', output: 'through' })
    const { runId } = JSON.parse(run.stdout) as { runId: string }
    expect(page.notifications).toContainEqual({
      event: 'run.listChanged',
      params: { run: expect.objectContaining({ runId, status: 'completed' }) as object },
    })
    expect(await page.ask('run.open', { runId })).toMatchObject({ summary: { runId }, flowText: waiting })
  })

  it('starts a killed engine again, which finishes the run; the page is told', async () => {
    const { dir } = await workspaceWith(waiting)
    const url = await startHost(dir)
    const cookie = await sessionCookie(url)
    const page = await Page.open(url, cookie)
    const { runId } = await page.ask('run.start', { flow: { path: 'case.flow.json' }, input: {} })
    const before = await enginePid(dir)
    process.kill(before, 'SIGKILL')
    await page.closed
    expect(page.notifications.at(-1)).toMatchObject({ event: 'engine.lost' })
    const again = await Page.open(url, cookie)
    expect(await again.ask('run.settled', { runId })).toMatchObject({ status: 'completed', output: 'through' })
    expect(await enginePid(dir)).not.toBe(before)
  })

  it('tells pages of flows that change on disk', async () => {
    const { dir } = await workspaceWith(waiting)
    const url = await startHost(dir)
    const page = await Page.open(url, await sessionCookie(url))
    await page.ask('engine.hello', { protocol: 1 })
    // The watcher needs a moment to be set up, and says nothing of it: write until it answers.
    await expect
      .poll(
        async () => {
          await writeFile(join(dir, 'new.flow.json'), waiting + ' '.repeat(Math.random() * 100))
          return page.notifications.some(
            ({ event, params }) =>
              event === 'workspace.changed' && 'paths' in params && params.paths.includes('new.flow.json'),
          )
        },
        { timeout: 15_000, interval: 100 },
      )
      .toBe(true)
  })
})
