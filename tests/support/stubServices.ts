import type { Services } from '../../engine/sdk/services.ts'
import type { BlobRef } from '../../model/events.ts'
import { agentSteps } from './agentSteps.ts'

const blob: BlobRef = { $blob: 'f'.repeat(64), mime: 'text/plain', size: 4 }
const bytes = new TextEncoder().encode('text')

/** Services that answer at once with something plausible, for tests that only watch how they are used. */
export function answeringServices(): Services {
  const usage = { inputTokens: 1, outputTokens: 1 }
  return {
    http: {
      request: async () => ({
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: bytes,
        toBlob: async () => blob,
      }),
    },
    files: {
      read: async (path) => ({ path, bytes }),
      write: async (path) => ({ path, size: 4 }),
      list: async () => [{ path: 'a.md', name: 'a.md', size: 4, modifiedAt: '2026-01-01T00:00:00.000Z' }],
      toBlob: async () => blob,
      fromBlob: async () => bytes,
    },
    shell: { run: async () => ({ exitCode: 0, stdout: 'text', stderr: '', durationMs: 1 }) },
    model: {
      chat: async () => ({ text: 'text', toolCalls: [], usage, model: 'lab/test-model', finishReason: 'stop' }),
    },
    sandbox: { run: async () => 1 },
    tools: agentSteps([]),
  }
}

/** Services that never answer, and reject with the reason of the signal they were given. */
export function hangingServices(): Services {
  const hang = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
  const answering = answeringServices()
  return {
    http: { request: (_request, signal) => hang(signal) },
    files: {
      ...answering.files,
      read: (_path, signal) => hang(signal),
      write: (_path, _bytes, _mode, signal) => hang(signal),
      list: (_dir, _glob, signal) => hang(signal),
    },
    shell: { run: (_command, signal) => hang(signal) },
    model: { chat: (_request, signal) => hang(signal) },
    sandbox: { run: (_source, _scope, signal) => hang(signal) },
    tools: answering.tools,
  }
}

/** Notes which services are touched. */
export function watchServices(services: Services, touched: Set<string>): Services {
  return new Proxy(services, {
    get(target, name) {
      touched.add(String(name))
      return Reflect.get(target, name) as unknown
    },
  })
}
