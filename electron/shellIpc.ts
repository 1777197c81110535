import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import '../model/jitless.ts'
import type { ShellApi } from '../model/shellApi.ts'
import { isOurPage } from './contentGuards.ts'
import type { PortTaker } from './engineHost.ts'

/** What the shell does when a page asks; {@link ShellApi} and the hand-over of the engine's port. */
export interface ShellActions<Port> extends ShellApi {
  adopt(window: PortTaker<Port>): void
}

/** Channel of each call, with the schema of its argument. The preload's functions use exactly these. */
export const shellCalls = {
  info: z.undefined(),
  openWorkspace: z.undefined(),
  chooseFile: z.object({
    title: z.string().max(200),
    extensions: z.array(z.string().regex(/^[A-Za-z0-9.]{1,20}$/)).max(20),
  }),
  openExternal: z.string().max(8192),
} as const satisfies Record<keyof ShellApi, z.ZodType>

/** Sent by the preload when its page is ready for the engine's port. */
export const windowReadyChannel = 'shell:window-ready'

export const channelOf = (name: keyof ShellApi): string => `shell:${name}`

/** Answers the page's calls. Each is checked twice: that the sender is our page's main frame, and that the argument fits. */
export function serveShell<Port>(ipc: Pick<IpcMain, 'handle'>, actions: ShellActions<Port>): void {
  const handle = <T>(
    channel: string,
    schema: z.ZodType<T>,
    action: (argument: T, event: IpcMainInvokeEvent) => Promise<unknown>,
  ): void => {
    ipc.handle(channel, async (event, argument: unknown) => {
      if (!isTrustedSender(event)) throw new Error(`${channel} was called by a page that is not ours`)
      return action(schema.parse(argument), event)
    })
  }
  handle(channelOf('info'), shellCalls.info, () => actions.info())
  handle(channelOf('openWorkspace'), shellCalls.openWorkspace, () => actions.openWorkspace())
  handle(channelOf('chooseFile'), shellCalls.chooseFile, (request) => actions.chooseFile(request))
  handle(channelOf('openExternal'), shellCalls.openExternal, (url) => actions.openExternal(url))
  handle(windowReadyChannel, z.undefined(), async (_nothing, event) =>
    actions.adopt(event.sender as unknown as PortTaker<Port>),
  )
}

/** The page itself: no frame inside it, no other page, no frame that is gone. */
export function isTrustedSender({ senderFrame, sender }: Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOurPage(senderFrame.url)
}
