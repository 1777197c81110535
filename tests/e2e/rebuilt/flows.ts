import type { RebuiltFlow } from './rebuiltFlow.ts'

const model = 'local/scripted'

/** One text becomes posts for four platforms: a fork of four model calls and a join. */
export const repurpose: RebuiltFlow = {
  name: 'Repurpose for four platforms',
  input: { content: 'A long article about testing workflows on your own machine.', title: 'Test at home' },
  nodes: [
    { id: 'start', kind: 'start', label: 'Receive content', data: {} },
    {
      id: 'validateInput',
      kind: 'code',
      label: 'Validate input',
      data: {
        source:
          "if (input.content.length < 20) throw new Error('Content is too short')\nreturn { title: input.title, content: input.content }",
      },
    },
    { id: 'quickAnalysis', kind: 'llm', label: 'Quick analysis', data: { prompt: 'ANALYSE {{ prev.content }}' } },
    {
      id: 'mergeData',
      kind: 'set',
      label: 'Merge data',
      data: { values: { title: '{{ nodes.validateInput.output.title }}', core: '{{ prev.text }}' } },
    },
    { id: 'thread', kind: 'llm', label: 'Thread', data: { prompt: 'THREAD {{ nodes.mergeData.output.core }}' } },
    { id: 'longPost', kind: 'llm', label: 'Long post', data: { prompt: 'POST {{ nodes.mergeData.output.core }}' } },
    { id: 'caption', kind: 'llm', label: 'Caption', data: { prompt: 'CAPTION {{ nodes.mergeData.output.core }}' } },
    { id: 'story', kind: 'llm', label: 'Story', data: { prompt: 'STORY {{ nodes.mergeData.output.core }}' } },
    {
      id: 'collectResults',
      kind: 'set',
      label: 'Collect results',
      data: {
        values: {
          thread: '{{ prev.thread.text }}',
          post: '{{ prev.longPost.text }}',
          caption: '{{ prev.caption.text }}',
          story: '{{ prev.story.text }}',
        },
      },
    },
    {
      id: 'saveToSheet',
      kind: 'write-file',
      label: 'Save to sheet',
      data: { path: 'posts.jsonl', content: '{{ JSON.stringify(prev) }}', mode: 'append' },
    },
    { id: 'noteIt', kind: 'log', label: 'Note it', data: { message: 'Saved {{ prev.size }} bytes' } },
    { id: 'respond', kind: 'return', label: 'Respond', data: { value: '{{ nodes.collectResults.output }}' } },
  ],
  edges: [
    'start -> validateInput',
    'validateInput -> quickAnalysis',
    'quickAnalysis -> mergeData',
    'mergeData -> thread',
    'mergeData -> longPost',
    'mergeData -> caption',
    'mergeData -> story',
    'thread -> collectResults',
    'longPost -> collectResults',
    'caption -> collectResults',
    'story -> collectResults',
    'collectResults -> saveToSheet',
    'saveToSheet -> noteIt',
    'noteIt -> respond',
  ],
}

/** Starts a pipeline run elsewhere and polls its state until it is done, failed or too late: a loop with a wait. */
export const pipeline: RebuiltFlow = {
  name: 'Trigger a pipeline and wait',
  input: { base: '', dag: 'nightly', limit: 5 },
  nodes: [
    { id: 'start', kind: 'start', label: 'In data', data: {} },
    {
      id: 'apiAddress',
      kind: 'set',
      label: 'API address',
      data: { values: { url: '{{ input.base }}/dags/{{ input.dag }}/runs' } },
    },
    {
      id: 'startTheRun',
      kind: 'http',
      label: 'Start the run',
      data: { method: 'POST', url: '{{ prev.url }}', body: { conf: '{{ input.dag }}' } },
    },
    { id: 'queued', kind: 'if', label: 'Queued?', data: { condition: "{{ prev.body.state === 'queued' }}" } },
    { id: 'wait', kind: 'wait', label: 'Wait', data: { for: '20ms' } },
    {
      id: 'state',
      kind: 'http',
      label: 'State',
      data: { url: '{{ nodes.apiAddress.output.url }}/{{ nodes.startTheRun.output.body.id }}' },
    },
    {
      id: 'whichState',
      kind: 'switch',
      label: 'Which state?',
      data: {
        value: '{{ prev.body.state }}',
        cases: [
          { port: 'success', equals: 'success' },
          { port: 'failed', equals: 'failed' },
        ],
      },
    },
    {
      id: 'getTheResult',
      kind: 'http',
      label: 'Get the result',
      data: { url: '{{ nodes.apiAddress.output.url }}/{{ nodes.startTheRun.output.body.id }}/result' },
    },
    {
      id: 'done',
      kind: 'return',
      label: 'Done',
      data: { value: { result: '{{ prev.body }}', polls: '{{ nodes.state.visits }}' } },
    },
    { id: 'count', kind: 'set', label: 'Count', data: { values: { n: '{{ nodes.state.visits }}' } } },
    { id: 'tooLong', kind: 'if', label: 'Too long?', data: { condition: '{{ prev.n > input.limit }}' } },
    {
      id: 'waitedTooLong',
      kind: 'fail',
      label: 'Waited too long',
      data: { code: 'too-long', message: 'The run of {{ input.dag }} took too long.' },
    },
    {
      id: 'runFailed',
      kind: 'fail',
      label: 'Run failed',
      data: { code: 'dag-failed', message: 'The run of {{ input.dag }} failed.' },
    },
  ],
  edges: [
    'start -> apiAddress',
    'apiAddress -> startTheRun',
    'startTheRun -> queued',
    'queued:true -> wait',
    'wait -> state',
    'state -> whichState',
    'whichState:success -> getTheResult',
    'getTheResult -> done',
    'whichState:default -> count',
    'count -> tooLong',
    'tooLong:true -> waitedTooLong',
    'tooLong:false -> wait',
    'whichState:failed -> runFailed',
    'queued:false -> runFailed',
  ],
}

/** An agent collects business leads with three tools; what it finds is checked and written down. */
export const leads: RebuiltFlow = {
  name: 'Collect leads from maps',
  input: { base: '', request: 'carpenters in Lyon' },
  nodes: [
    { id: 'start', kind: 'start', label: 'When a message arrives', data: {} },
    { id: 'brief', kind: 'set', label: 'Brief', data: { values: { task: 'LEADS {{ input.request }}' } } },
    {
      id: 'leadCollection',
      kind: 'agent',
      label: 'Lead collection',
      data: { model, instructions: 'Collect leads. Use the tools.', input: '{{ prev.task }}', maxTurns: 6 },
    },
    {
      id: 'scrapeMaps',
      kind: 'http',
      label: 'Scrape maps',
      data: { url: '{{ input.base }}/maps', query: { q: '{{ args.search }}' } },
      params: { type: 'object', properties: { search: { type: 'string' } }, required: ['search'] },
    },
    {
      id: 'crawlWebsite',
      kind: 'http',
      label: 'Crawl website',
      data: { url: '{{ input.base }}/crawl', query: { site: '{{ args.site }}' } },
      params: { type: 'object', properties: { site: { type: 'string' } }, required: ['site'] },
    },
    {
      id: 'searchTheWeb',
      kind: 'http',
      label: 'Search the web',
      data: { url: '{{ input.base }}/search', query: { q: '{{ args.q }}' } },
      params: { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] },
    },
    {
      id: 'readTheAnswer',
      kind: 'code',
      label: 'Read the answer',
      data: { source: 'return { leads: JSON.parse(prev.text) }' },
    },
    { id: 'anyFound', kind: 'if', label: 'Any found?', data: { condition: '{{ prev.leads.length > 0 }}' } },
    { id: 'nothingFound', kind: 'return', label: 'Nothing found', data: { value: { found: 0 } } },
    {
      id: 'saveLeads',
      kind: 'write-file',
      label: 'Save leads',
      data: { path: 'leads.json', content: '{{ JSON.stringify(prev.leads) }}' },
    },
    {
      id: 'firstWebsite',
      kind: 'http',
      label: 'First website',
      data: { url: '{{ input.base }}/crawl?site={{ encodeURIComponent(nodes.readTheAnswer.output.leads[0].site) }}' },
    },
    {
      id: 'reply',
      kind: 'return',
      label: 'Reply',
      data: { value: { found: '{{ nodes.readTheAnswer.output.leads.length }}', page: '{{ prev.body.title }}' } },
    },
  ],
  edges: [
    'start -> brief',
    'brief -> leadCollection',
    'scrapeMaps -> leadCollection:tools',
    'crawlWebsite -> leadCollection:tools',
    'searchTheWeb -> leadCollection:tools',
    'leadCollection -> readTheAnswer',
    'readTheAnswer -> anyFound',
    'anyFound:true -> saveLeads',
    'saveLeads -> firstWebsite',
    'firstWebsite -> reply',
    'anyFound:false -> nothingFound',
  ],
}

/** Two pictures are asked for until each is there, then a film is ordered and polled: three loops. */
export const film: RebuiltFlow = {
  name: 'Two views become a film',
  input: { base: '' },
  nodes: [
    { id: 'start', kind: 'start', label: 'Begin', data: {} },
    { id: 'basicParams', kind: 'set', label: 'Basic params', data: { values: { image: 'robot.png' } } },
    {
      id: 'frontView',
      kind: 'http',
      label: 'Front view',
      data: {
        method: 'POST',
        url: '{{ input.base }}/views/front',
        body: { image: '{{ nodes.basicParams.output.image }}' },
      },
    },
    { id: 'frontAddress', kind: 'set', label: 'Front address', data: { values: { url: '{{ prev.body.url }}' } } },
    { id: 'frontMissing', kind: 'if', label: 'Front missing?', data: { condition: '{{ prev.url === null }}' } },
    {
      id: 'sideView',
      kind: 'http',
      label: 'Side view',
      data: {
        method: 'POST',
        url: '{{ input.base }}/views/side',
        body: { image: '{{ nodes.basicParams.output.image }}' },
      },
    },
    { id: 'sideAddress', kind: 'set', label: 'Side address', data: { values: { url: '{{ prev.body.url }}' } } },
    { id: 'sideMissing', kind: 'if', label: 'Side missing?', data: { condition: '{{ prev.url === null }}' } },
    {
      id: 'orderTheFilm',
      kind: 'http',
      label: 'Order the film',
      data: {
        method: 'POST',
        url: '{{ input.base }}/films',
        body: { side: '{{ nodes.sideAddress.output.url }}', front: '{{ nodes.frontAddress.output.url }}' },
      },
    },
    {
      id: 'getTheFilm',
      kind: 'http',
      label: 'Get the film',
      data: { url: '{{ input.base }}/films/{{ nodes.orderTheFilm.output.body.id }}' },
    },
    { id: 'ready', kind: 'if', label: 'Ready?', data: { condition: "{{ prev.body.status === 'completed' }}" } },
    {
      id: 'film',
      kind: 'return',
      label: 'Film',
      data: {
        value: {
          film: '{{ prev.body.url }}',
          polls: '{{ nodes.getTheFilm.visits }}',
          fronts: '{{ nodes.frontView.visits }}',
        },
      },
    },
    { id: 'wait', kind: 'wait', label: 'Wait', data: { for: '20ms' } },
  ],
  edges: [
    'start -> basicParams',
    'basicParams -> frontView',
    'frontView -> frontAddress',
    'frontAddress -> frontMissing',
    'frontMissing:true -> frontView',
    'frontMissing:false -> sideView',
    'sideView -> sideAddress',
    'sideAddress -> sideMissing',
    'sideMissing:true -> sideView',
    'sideMissing:false -> orderTheFilm',
    'orderTheFilm -> getTheFilm',
    'getTheFilm -> ready',
    'ready:true -> film',
    'ready:false -> wait',
    'wait -> getTheFilm',
  ],
}
