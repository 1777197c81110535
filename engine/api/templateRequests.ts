import { parseFlow } from '../../model/flowFile.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { KindRegistry } from '../../model/nodeSpec.ts'
import type { TemplateSummary } from '../../model/protocol.ts'
import { flowNeeds } from '../trust/flowNeeds.ts'
import {
  copyTemplate,
  findTemplate,
  listTemplates,
  readTemplateFlow,
  type TemplateFolder,
} from '../workspace/templates.ts'
import { insidePath, relativePath } from '../workspace/workspaceFolder.ts'
import type { EngineApi } from './engineApi.ts'
import type { EngineParts } from './engineParts.ts'

/** The gallery. */
export function templateRequests({
  kinds,
  workspace,
}: EngineParts): Pick<EngineApi, 'template.list' | 'template.create'> {
  return {
    'template.list': async () => ({ templates: await summarizeTemplates(kinds) }),
    'template.create': async ({ name, folder }) => {
      const template = await findTemplate(name)
      const created = await copyTemplate(template, await insidePath(workspace, folder))
      const path = relativePath(workspace, created)
      if (path === undefined) throw new NodeFailure('file-outside', `"${folder}" lies outside the workspace folder.`)
      return { path }
    },
  }
}

/** What the gallery shows of each shipped template; one that does not parse is left out. */
export async function summarizeTemplates(kinds: KindRegistry): Promise<TemplateSummary[]> {
  const templates = await listTemplates()
  const summaries = await Promise.all(templates.map((template) => summarize(template, kinds)))
  return summaries.filter((summary) => summary !== undefined)
}

async function summarize(template: TemplateFolder, kinds: KindRegistry): Promise<TemplateSummary | undefined> {
  const { flow } = parseFlow(await readTemplateFlow(template), template.flowFile)
  if (!flow) return undefined
  const { services } = flowNeeds(flow, kinds)
  return {
    name: template.name,
    title: flow.name,
    description: flow.description ?? '',
    services: [...services],
    needsKey: services.includes('model'),
    ...(flow.inputs && { inputs: flow.inputs }),
    nodeCount: Object.keys(flow.nodes).length,
  }
}
