import type { Socket } from 'node:net'
import { NodeFailure } from '../../model/failure.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Notification, RequestName, RequestParams, RequestResults, Response } from '../../model/protocol.ts'
import { connectEngine } from '../api/connectEngine.ts'
import type { Connection } from '../api/engine.ts'
import { openLineStream, parseLine } from '../api/lineStream.ts'
import { takeEngineLock, type EngineLock } from '../workspace/engineLock.ts'
import { ensureDataFolder, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'

/** A command's connection to the workspace's engine: one that runs already, or one hosted in this process. */
export interface EngineSession {
  /** Whether the engine lives in this process. */
  readonly isHost: boolean
  /** Rejects with `NodeFailure`: the engine's own, or `engine-lost`. */
  request<N extends RequestName>(method: N, params: RequestParams<N>): Promise<RequestResults[N]>
  onNotification(listener: (notification: Notification) => void): void
  /** Lets the commands that are attached finish first, unless there is no time. */
  close(isUrgent?: boolean): Promise<void>
}

const patienceMs = 15_000
const pauseMs = 50

/**
 * Attaches to the engine that holds the workspace, else takes the lock and hosts one here, which other commands may
 * attach to meanwhile. Fails as `engine-busy` where the holder of the lock does not answer.
 */
export async function openSession(workspace: WorkspaceFolder): Promise<EngineSession> {
  await ensureDataFolder(workspace)
  const deadline = Date.now() + patienceMs
  for (;;) {
    const socket = await connectEngine(workspace)
    if (socket) return attach(socket)
    const lock = await takeEngineLock(workspace)
    if (lock) return host(workspace, lock)
    if (Date.now() > deadline) {
      throw new NodeFailure(
        'engine-busy',
        'Another process holds this workspace and does not answer. Wait for it, or end it.',
      )
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

function attach(socket: Socket): EngineSession {
  const mailbox = new Mailbox()
  const lines = openLineStream(socket, {
    line: (text) => mailbox.receive(parseLine(text)),
    closed: () => mailbox.lose(),
  })
  return {
    isHost: false,
    request: (method, params) => mailbox.request(method, params, (message) => lines.send(message)),
    onNotification: (listener) => mailbox.listen(listener),
    close: async () => lines.close(),
  }
}

async function host(workspace: WorkspaceFolder, lock: EngineLock): Promise<EngineSession> {
  const [{ Engine }, { loadKinds }] = await Promise.all([import('../api/engine.ts'), import('../kinds.ts')])
  const mailbox = new Mailbox()
  const engine = await Engine.open({
    workspace,
    host: 'browser',
    kinds: loadKinds(),
    env: process.env,
    onFatal: (error) => mailbox.lose(error),
  })
  const connection: Connection = engine.connect((message) => mailbox.receive(message))
  const socket = import('../api/engineSocket.ts').then(({ listenOnSocket }) => listenOnSocket(engine, workspace))
  // Without a socket this command still works; others wait for the lock.
  const listening = socket.catch((error: unknown) => {
    process.stderr.write(`local socket: ${error instanceof Error ? error.message : String(error)}\n`)
    return undefined
  })
  return {
    isHost: true,
    request: (method, params) => mailbox.request(method, params, (message) => void connection.receive(message)),
    onNotification: (listener) => mailbox.listen(listener),
    close: async (isUrgent = false) => {
      const open = await listening
      if (!isUrgent) await open?.idle()
      await open?.close()
      await engine.close()
      lock.release()
    },
  }
}

type Settle = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }

/** Matches answers to requests and hands out notifications. */
class Mailbox {
  readonly #pending = new Map<number, Settle>()
  readonly #listeners: ((notification: Notification) => void)[] = []
  #nextId = 1
  #loss: NodeFailure | undefined

  request<N extends RequestName>(
    method: N,
    params: RequestParams<N>,
    send: (message: object) => void,
  ): Promise<RequestResults[N]> {
    return new Promise<RequestResults[N]>((resolve, reject) => {
      if (this.#loss) {
        reject(this.#loss)
        return
      }
      const id = this.#nextId++
      // The engine answers from the table this client is typed by.
      this.#pending.set(id, { resolve: (result) => resolve(result as RequestResults[N]), reject })
      send({ id, method, params })
    })
  }

  listen(listener: (notification: Notification) => void): void {
    this.#listeners.push(listener)
  }

  receive(message: unknown): void {
    if (isNotification(message)) for (const listener of this.#listeners) listener(message)
    else if (isResponse(message)) this.#settle(message)
  }

  lose(cause?: Error): void {
    this.#loss ??=
      cause instanceof NodeFailure
        ? cause
        : new NodeFailure('engine-lost', `The engine of this workspace ended${cause ? `: ${cause.message}` : ''}.`)
    for (const { reject } of this.#pending.values()) reject(this.#loss)
    this.#pending.clear()
  }

  #settle(response: Response): void {
    const waiting = this.#pending.get(response.id)
    this.#pending.delete(response.id)
    if (!('error' in response)) return waiting?.resolve(response.result)
    const { code, message, details } = response.error
    waiting?.reject(new NodeFailure(code, message, details === undefined ? {} : { details }))
  }
}

function isNotification(message: unknown): message is Notification {
  return isJsonObject(message) && typeof message['event'] === 'string'
}

function isResponse(message: unknown): message is Response {
  return isJsonObject(message) && typeof message['id'] === 'number'
}
