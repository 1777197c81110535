import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { enginePortChannel, EngineHost, type EngineProcess, type Keychain } from './engineHost.ts'

class FakeEngine extends EventEmitter implements EngineProcess<string> {
  readonly posted: { message: unknown; transfer: string[] | undefined }[] = []
  isKilled = false

  postMessage(message: unknown, transfer?: string[]): void {
    this.posted.push({ message, transfer })
  }

  kill(): boolean {
    this.isKilled = true
    return this.emit('exit', 0)
  }
}

class FakeWindow {
  readonly ports: string[] = []
  isGone = false
  isDestroyed = (): boolean => this.isGone
  postMessage = (channel: string, _message: unknown, transfer: string[] = []): void => {
    if (channel === enginePortChannel) this.ports.push(...transfer)
  }
}

function setUp(keychain?: Keychain) {
  const engines: FakeEngine[] = []
  const workspaces: string[] = []
  const pauses: number[] = []
  const failures: string[] = []
  let channels = 0
  const host = new EngineHost<string>('/flows', {
    fork: (workspace) => {
      workspaces.push(workspace)
      const engine = new FakeEngine()
      engines.push(engine)
      return engine
    },
    createChannel: () => ({ port1: `engine-${++channels}`, port2: `window-${channels}` }),
    keychain: async () => keychain,
    after: (ms, callback) => {
      pauses.push(ms)
      callback()
    },
    failed: (message) => failures.push(message),
  })
  return { host, engines, workspaces, pauses, failures }
}

describe('the engine of the desktop shell', () => {
  it('gives each window a port of its own', () => {
    const { host, engines } = setUp()
    host.start()
    const [first, second] = [new FakeWindow(), new FakeWindow()]
    host.adopt(first)
    host.adopt(second)
    expect([first.ports, second.ports]).toEqual([['window-1'], ['window-2']])
    expect(engines[0]?.posted).toEqual([
      { message: { type: 'window' }, transfer: ['engine-1'] },
      { message: { type: 'window' }, transfer: ['engine-2'] },
    ])
  })

  it('is started again when it dies, with longer pauses, and every window that is left gets a new port', () => {
    const { host, engines, pauses } = setUp()
    host.start()
    const [open, gone] = [new FakeWindow(), new FakeWindow()]
    host.adopt(open)
    host.adopt(gone)
    gone.isGone = true
    engines[0]?.emit('exit', 9)
    engines[1]?.emit('exit', 9)
    expect(engines).toHaveLength(3)
    expect(pauses).toEqual([200, 400])
    expect([open.ports.length, gone.ports.length]).toEqual([3, 1])
    engines[2]?.emit('message', { type: 'ready' })
    engines[2]?.emit('exit', 9)
    expect(pauses.at(-1)).toBe(200)
  })

  it('stays down when the shell closes, and when it says that it cannot start', () => {
    const closing = setUp()
    closing.host.start()
    closing.host.close()
    expect([closing.engines.length, closing.engines[0]?.isKilled]).toEqual([1, true])
    const failing = setUp()
    failing.host.start()
    failing.engines[0]?.emit('message', { type: 'failed', code: 'workspace-missing', message: 'No such folder.' })
    failing.engines[0]?.emit('exit', 1)
    expect([failing.engines.length, failing.failures]).toEqual([1, ['No such folder.']])
  })

  it('moves to another workspace', () => {
    const { host, engines, workspaces } = setUp()
    host.start()
    host.changeWorkspace('/other')
    expect([workspaces, engines[0]?.isKilled, host.workspace]).toEqual([['/flows', '/other'], true, '/other'])
  })

  it('encrypts by the keychain, and says so where there is none', async () => {
    const chain: Keychain = { encrypt: async (text) => `<${text}>`, decrypt: async (text) => text.slice(1, -1) }
    const withChain = setUp(chain)
    withChain.host.start()
    withChain.engines[0]?.emit('message', { type: 'keychain?' })
    withChain.engines[0]?.emit('message', { type: 'encrypt', id: '1', text: 'key' })
    withChain.engines[0]?.emit('message', { type: 'decrypt', id: '2', text: '<key>' })
    const without = setUp()
    without.host.start()
    without.engines[0]?.emit('message', { type: 'keychain?' })
    without.engines[0]?.emit('message', { type: 'encrypt', id: '1', text: 'key' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(withChain.engines[0]?.posted.map(({ message }) => message)).toEqual([
      { type: 'keychain', available: true },
      { type: 'cipher', id: '1', text: '<key>' },
      { type: 'cipher', id: '2', text: 'key' },
    ])
    expect(without.engines[0]?.posted.map(({ message }) => message)).toEqual([
      { type: 'keychain', available: false },
      { type: 'cipher', id: '1', error: 'This system has no keychain.' },
    ])
  })

  it('ignores what is no report', () => {
    const { host, engines, failures } = setUp()
    host.start()
    for (const message of [
      undefined,
      null,
      'ready',
      { type: 'open' },
      { type: 'failed' },
      { type: 'encrypt', text: 'x' },
    ])
      engines[0]?.emit('message', message)
    expect([engines[0]?.posted, failures]).toEqual([[], []])
  })
})
