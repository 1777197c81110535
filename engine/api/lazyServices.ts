import type { OutsideServices, ServiceGrant } from '../run/runHost.ts'
import type { OutsideServicesMaker } from '../services/outsideServices.ts'

/** Services that are loaded at the first effect: a run of pure nodes starts without HTTP, models and processes. */
export function lazyServices(open: () => Promise<OutsideServicesMaker>): OutsideServicesMaker {
  let maker: Promise<OutsideServicesMaker> | undefined
  const load = (): Promise<OutsideServicesMaker> => (maker ??= open())
  return {
    forRun: (run) => lazyRun(run, load),
    close: async () => {
      if (maker) await (await maker).close()
    },
  }
}

function lazyRun(run: ServiceGrant, load: () => Promise<OutsideServicesMaker>): OutsideServices {
  let loaded: Promise<OutsideServices> | undefined
  const real = (): Promise<OutsideServices> => (loaded ??= load().then((maker) => maker.forRun(run)))
  return {
    http: { request: async (...call) => (await real()).http.request(...call) },
    shell: { run: async (...call) => (await real()).shell.run(...call) },
    model: { chat: async (...call) => (await real()).model.chat(...call) },
    files: {
      read: async (...call) => (await real()).files.read(...call),
      write: async (...call) => (await real()).files.write(...call),
      list: async (...call) => (await real()).files.list(...call),
      toBlob: async (...call) => (await real()).files.toBlob(...call),
      fromBlob: async (...call) => (await real()).files.fromBlob(...call),
    },
  }
}
