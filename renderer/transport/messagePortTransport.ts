import { enginePortMessage, rendererReadyMessage } from '../../model/shellApi.ts'
import type { Transport, TransportHandlers } from './transport.ts'

/**
 * The desktop transport: ports arrive through `window.postMessage` from this page's own origin, one per life of the
 * engine process. A new port replaces the last one.
 */
export function createMessagePortTransport(page: Window = window): Transport {
  let port: MessagePort | undefined
  let handlers: TransportHandlers | undefined

  const adopt = (next: MessagePort) => {
    if (port) handlers?.closed('The engine was restarted.', false)
    port?.close()
    port = next
    next.onmessage = (event) => handlers?.received(event.data)
    next.addEventListener('close', () => {
      if (port !== next) return
      port = undefined
      handlers?.closed('The engine process ended. It is being restarted.', false)
    })
    next.start()
    handlers?.opened()
  }

  const listen = (event: MessageEvent<unknown>) => {
    if (event.source !== page || event.origin !== page.origin) return
    const [next] = event.ports
    if (event.data === enginePortMessage && next) adopt(next)
  }

  return {
    start(given) {
      handlers = given
      page.addEventListener('message', listen)
      page.postMessage(rendererReadyMessage, page.origin)
    },
    send: (message) => port?.postMessage(message),
    close() {
      page.removeEventListener('message', listen)
      port?.close()
      port = undefined
    },
  }
}
