import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../engine/api/engine.ts'
import { loadKinds } from '../../engine/kinds.ts'
import { openWorkspace, type WorkspaceFolder } from '../../engine/workspace/workspaceFolder.ts'
import type { Notification, RequestName, RequestParams, RequestResults, Response } from '../../model/protocol.ts'

/** An engine over a workspace of its own, with one client that waits for answers. */
export interface EngineHarness {
  readonly engine: Engine
  readonly workspace: WorkspaceFolder
  readonly notifications: Notification[]
  request<N extends RequestName>(method: N, params: RequestParams<N>): Promise<RequestResults[N]>
  /** Sends anything, as a broken or hostile client would. */
  send(message: unknown): Promise<Response | undefined>
  /** Closes this engine and opens another one over the same workspace, which `close` then removes. */
  reopen(): Promise<EngineHarness>
  close(): Promise<void>
}

export async function temporaryWorkspace(): Promise<WorkspaceFolder> {
  return openWorkspace(await mkdtemp(join(tmpdir(), 'switchyard-')))
}

export async function openEngine(env: NodeJS.ProcessEnv = {}, over?: WorkspaceFolder): Promise<EngineHarness> {
  const workspace = over ?? (await temporaryWorkspace())
  const engine = await Engine.open({
    workspace,
    host: 'browser',
    kinds: loadKinds(),
    env,
    onFatal: (error) => {
      throw error
    },
  })
  const notifications: Notification[] = []
  const answers: Response[] = []
  const connection = engine.connect((message) => {
    if ('id' in message) answers.push(message)
    else notifications.push(message)
  })
  let nextId = 1
  const send = async (message: unknown): Promise<Response | undefined> => {
    await connection.receive(message)
    return answers.pop()
  }
  return {
    engine,
    workspace,
    notifications,
    send,
    request: async (method, params) => {
      const id = nextId++
      await connection.receive({ id, method, params })
      const answer = answers.splice(
        answers.findIndex((each) => each.id === id),
        1,
      )[0]
      if (!answer || 'error' in answer)
        throw new RefusedRequest(answer?.error.code ?? 'no-answer', answer?.error.message ?? '')
      return answer.result as never
    },
    reopen: async () => {
      await engine.close()
      return openEngine(env, workspace)
    },
    close: async () => {
      connection.close()
      await engine.close()
      await rm(workspace.root, { recursive: true, force: true })
    },
  }
}

/** What {@link EngineHarness.request} rejects with. */
export class RefusedRequest extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
