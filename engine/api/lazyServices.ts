import type { OutsideServices, ServiceGrant } from '../run/runHost.ts'
import type { OutsideServicesMaker } from '../services/outsideServices.ts'

/** An aborted effect has this long to free what it holds: a process that ignores SIGTERM is killed meanwhile. */
const graceMs = 1500

/**
 * Services that are loaded at the first effect: a run of pure nodes starts without HTTP, models and processes. Closing
 * waits for effects that were aborted, so that this process never leaves one of theirs behind.
 */
export function lazyServices(open: () => Promise<OutsideServicesMaker>): OutsideServicesMaker {
  let maker: Promise<OutsideServicesMaker> | undefined
  const load = (): Promise<OutsideServicesMaker> => (maker ??= open())
  const running = new Set<Promise<unknown>>()
  return {
    forRun: (run) => lazyRun(run, load, (effect) => track(running, effect)),
    close: async () => {
      await Promise.race([Promise.allSettled(running), new Promise((resolve) => setTimeout(resolve, graceMs).unref())])
      if (maker) await (await maker).close()
    },
  }
}

function track<T>(running: Set<Promise<unknown>>, effect: Promise<T>): Promise<T> {
  running.add(effect)
  const done = (): boolean => running.delete(effect)
  effect.then(done, done)
  return effect
}

type Track = <T>(effect: Promise<T>) => Promise<T>

function lazyRun(run: ServiceGrant, load: () => Promise<OutsideServicesMaker>, track: Track): OutsideServices {
  let loaded: Promise<OutsideServices> | undefined
  const real = (): Promise<OutsideServices> => (loaded ??= load().then((maker) => maker.forRun(run)))
  return {
    http: { request: (...call) => track(real().then(({ http }) => http.request(...call))) },
    shell: { run: (...call) => track(real().then(({ shell }) => shell.run(...call))) },
    model: { chat: (...call) => track(real().then(({ model }) => model.chat(...call))) },
    files: {
      read: (...call) => track(real().then(({ files }) => files.read(...call))),
      write: (...call) => track(real().then(({ files }) => files.write(...call))),
      list: (...call) => track(real().then(({ files }) => files.list(...call))),
      toBlob: async (...call) => (await real()).files.toBlob(...call),
      fromBlob: async (...call) => (await real()).files.fromBlob(...call),
    },
  }
}
