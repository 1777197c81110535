import { NodeFailure } from '../../model/failure.ts'
import type { ServiceName } from '../../model/nodeSpec.ts'
import type { Services } from '../sdk/services.ts'

/** The services a kind names in `needs`; any other throws `service-not-granted` when touched. */
export function grantServices(kind: string, needs: readonly ServiceName[], all: () => Partial<Services>): Services {
  const granted = (name: ServiceName): unknown => {
    const service = needs.includes(name) ? all()[name] : undefined
    if (service) return service
    throw new NodeFailure('service-not-granted', `The kind "${kind}" uses "${name}" without naming it in its spec.`)
  }
  return {
    get http() {
      return granted('http') as Services['http']
    },
    get files() {
      return granted('files') as Services['files']
    },
    get shell() {
      return granted('shell') as Services['shell']
    },
    get model() {
      return granted('model') as Services['model']
    },
    get sandbox() {
      return granted('sandbox') as Services['sandbox']
    },
    get tools() {
      return granted('tools') as Services['tools']
    },
  }
}
