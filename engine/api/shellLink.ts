import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import '../../model/jitless.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { SecretCipher } from '../settings/secretStore.ts'
import type { Engine } from './engine.ts'

/** A port with messages, as Electron's MessagePortMain has it. */
export interface MessagePortLike {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
}

/** The port of a utility process to the shell that forked it. */
export interface ShellPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: MessagePortLike[] }) => void): void
}

const shellMessageSchema = z.discriminatedUnion('type', [
  /** A window; its port travels beside the message. */
  z.object({ type: z.literal('window') }),
  z.object({ type: z.literal('keychain'), available: z.boolean() }),
  z.object({ type: z.literal('cipher'), id: z.string(), text: z.string().optional(), error: z.string().optional() }),
])

/** What the engine asks of the shell. */
export type ShellRequest =
  { readonly type: 'keychain?' } | { readonly type: 'encrypt' | 'decrypt'; readonly id: string; readonly text: string }

export interface ShellLink {
  /** The keychain's cipher, or undefined where the system has none and would keep secrets in clear. */
  cipher(): Promise<SecretCipher | undefined>
  /** Answers the windows whose ports came and will come. */
  serve(engine: Engine): void
}

/** The engine's end of the desktop shell: windows come as ports, secrets are encrypted by the shell's keychain. */
export function createShellLink(shell: ShellPort): ShellLink {
  const pending = new Map<string, (answer: { text?: string | undefined; error?: string | undefined }) => void>()
  let setKeychain: (isThere: boolean) => void = () => undefined
  const keychain = new Promise<boolean>((resolve) => (setKeychain = resolve))
  const waitingPorts: MessagePortLike[] = []
  let accept = (port: MessagePortLike): void => {
    waitingPorts.push(port)
  }
  shell.on('message', ({ data, ports }) => {
    const message = shellMessageSchema.safeParse(data).data
    if (message?.type === 'window') for (const port of ports) accept(port)
    else if (message?.type === 'keychain') setKeychain(message.available)
    else if (message?.type === 'cipher') {
      pending.get(message.id)?.(message)
      pending.delete(message.id)
    }
  })
  const ask = (type: 'encrypt' | 'decrypt', text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const id = randomUUID()
      pending.set(id, (answer) => {
        if (answer.text !== undefined) resolve(answer.text)
        else reject(new NodeFailure('keychain-failed', answer.error ?? 'The keychain refused.'))
      })
      shell.postMessage({ type, id, text } satisfies ShellRequest)
    })
  return {
    cipher: async () => {
      shell.postMessage({ type: 'keychain?' } satisfies ShellRequest)
      return (await keychain)
        ? { encrypt: (text) => ask('encrypt', text), decrypt: (text) => ask('decrypt', text) }
        : undefined
    },
    serve: (engine) => {
      accept = (port) => servePort(engine, port)
      for (const port of waitingPorts.splice(0)) accept(port)
    },
  }
}

/** One window. Messages are structured clones, so they need no framing. */
function servePort(engine: Engine, port: MessagePortLike): void {
  const connection = engine.connect((message) => port.postMessage(message))
  port.on('message', ({ data }) => void connection.receive(data))
  port.on('close', () => connection.close())
  port.start()
}
