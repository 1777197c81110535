import { startScriptedModel, type ScriptedModel, type ScriptedTurn, type SeenChat } from '../../support/openaiServer.ts'
import { json, startHttpServer, type Handler, type TestServer } from '../../support/httpServer.ts'

/** A model that writes posts and collects leads, each as its task begins. */
export function startModel(): Promise<ScriptedModel> {
  return startScriptedModel(answer, ['scripted'])
}

function answer(chat: SeenChat): ScriptedTurn {
  const task = chat.messages
    .map(({ role, content }) => (role === 'user' && typeof content === 'string' ? content : ''))
    .join('')
  if (task.startsWith('LEADS')) return collectLeads(chat)
  const [word = '', ...rest] = task.split(' ')
  const core = rest.join(' ')
  return { text: word === 'ANALYSE' ? `${core.length} characters on testing` : `${word.toLowerCase()}: ${core}` }
}

/** Searches the maps and the web at once, reads the website it has found, and answers with what all three said. */
function collectLeads(chat: SeenChat): ScriptedTurn {
  const results = chat.messages
    .filter((message) => message.role === 'tool')
    .map((message) => JSON.stringify(message.content))
  if (results.length === 0) {
    return {
      toolCalls: [
        { name: 'scrapeMaps', arguments: { search: 'carpenters in Lyon' } },
        { name: 'searchTheWeb', arguments: { q: 'carpenter Lyon' } },
      ],
    }
  }
  if (results.length === 2) return { toolCalls: [{ name: 'crawlWebsite', arguments: { site: 'bois.example' } }] }
  const found = ['bois.example', 'chene.example'].filter((site) => results.some((text) => text.includes(site)))
  return { text: JSON.stringify(found.map((site) => ({ site }))) }
}

/** The services that the four workflows call. */
export function startServices(): Promise<TestServer> {
  return startHttpServer({ ...pipelineRoutes(), ...leadRoutes(), ...filmRoutes() })
}

/** A pipeline whose run is done at the third question. */
function pipelineRoutes(): Record<string, Handler> {
  let asked = 0
  return {
    'POST /dags/nightly/runs': (request, response) => {
      asked = 0
      const { conf } = JSON.parse(request.body) as { conf: string }
      return json({ id: `${conf}-1`, state: 'queued' })(request, response)
    },
    'GET /dags/nightly/runs/nightly-1': (request, response) => {
      asked += 1
      return json({ id: 'nightly-1', state: asked < 3 ? 'running' : 'success' })(request, response)
    },
    'GET /dags/nightly/runs/nightly-1/result': json({ rows: 42 }),
  }
}

function leadRoutes(): Record<string, Handler> {
  const sites: Readonly<Record<string, string>> = {
    'bois.example': 'Bois et fils',
    'chene.example': 'Atelier du chêne',
  }
  const param = (path: string, name: string) => new URL(path, 'http://local').searchParams.get(name) ?? ''
  return {
    'GET /maps': (request, response) =>
      json({ places: param(request.path, 'q') === '' ? [] : ['bois.example'] })(request, response),
    'GET /search': (request, response) =>
      json({ hits: param(request.path, 'q') === '' ? [] : ['chene.example'] })(request, response),
    'GET /crawl': (request, response) => {
      const title = sites[param(request.path, 'site')]
      return json(title === undefined ? { error: 'no such site' } : { title }, title === undefined ? 404 : 200)(
        request,
        response,
      )
    },
  }
}

/** Each view is there at the second asking, the film at the third. */
function filmRoutes(): Record<string, Handler> {
  const asked = { front: 0, side: 0, film: 0 }
  const view =
    (name: 'front' | 'side'): Handler =>
    (request, response) => {
      asked[name] += 1
      const { image } = JSON.parse(request.body) as { image: string }
      return json({ url: asked[name] % 2 === 0 ? `${name}-${image}` : null })(request, response)
    }
  return {
    'POST /views/front': view('front'),
    'POST /views/side': view('side'),
    'POST /films': (request, response) => {
      asked.film = 0
      const { front, side } = JSON.parse(request.body) as { front: string; side: string }
      return json({ id: front === 'front-robot.png' && side === 'side-robot.png' ? 'robot' : 'broken' })(
        request,
        response,
      )
    },
    'GET /films/robot': (request, response) => {
      asked.film += 1
      return json(asked.film < 3 ? { status: 'rendering' } : { status: 'completed', url: 'robot.mp4' })(
        request,
        response,
      )
    },
  }
}
