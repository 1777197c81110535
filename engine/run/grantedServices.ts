import { NodeFailure } from '../../model/failure.ts'
import type { ServiceName } from '../../model/nodeSpec.ts'
import type { Services } from '../sdk/services.ts'

/** The services a kind names in `needs`; any other throws `service-not-granted` when touched; `not-trusted` in a run that may not reach outside. */
export class GrantedServices implements Services {
  readonly #kind: string
  readonly #needs: readonly ServiceName[]
  readonly #all: () => Partial<Services>

  constructor(kind: string, needs: readonly ServiceName[], all: () => Partial<Services>) {
    this.#kind = kind
    this.#needs = needs
    this.#all = all
  }

  get http(): Services['http'] {
    return this.#granted('http')
  }

  get files(): Services['files'] {
    return this.#granted('files')
  }

  get shell(): Services['shell'] {
    return this.#granted('shell')
  }

  get model(): Services['model'] {
    return this.#granted('model')
  }

  get sandbox(): Services['sandbox'] {
    return this.#granted('sandbox')
  }

  get tools(): Services['tools'] {
    return this.#granted('tools')
  }

  #granted<Name extends ServiceName>(name: Name): Services[Name] {
    if (!this.#needs.includes(name)) {
      throw new NodeFailure(
        'service-not-granted',
        `The kind "${this.#kind}" uses "${name}" without naming it in its spec.`,
      )
    }
    const service = this.#all()[name]
    if (service) return service
    throw new NodeFailure('not-trusted', `This run may not reach outside, and "${this.#kind}" needs "${name}".`)
  }
}
