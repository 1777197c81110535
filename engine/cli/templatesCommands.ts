import { relative, resolve } from 'node:path'
import { parseFlow } from '../../model/flowFile.ts'
import { loadKinds } from '../kinds.ts'
import { summarizeTemplates } from '../api/templateRequests.ts'
import { copyTemplate, findTemplate, readTemplateFlow, readTemplateReadme } from '../workspace/templates.ts'
import { exitCodes, type ExitCode } from './outcome.ts'
import type { Terminal } from './terminal.ts'

/** `switchyard templates list` */
export async function listTemplatesCommand(terminal: Terminal): Promise<ExitCode> {
  const templates = await summarizeTemplates(loadKinds().specs)
  if (terminal.isJson) terminal.document({ templates })
  else {
    const width = Math.max(...templates.map(({ name }) => name.length), 0)
    for (const { name, description, services } of templates) {
      terminal.out(`${name.padEnd(width)}  ${description}${services.length > 0 ? ` [${services.join(', ')}]` : ''}\n`)
    }
  }
  return exitCodes.ok
}

/** `switchyard templates show T`: its README. */
export async function showTemplateCommand(terminal: Terminal, name: string): Promise<ExitCode> {
  const template = await findTemplate(name)
  const [flowText, readme] = await Promise.all([readTemplateFlow(template), readTemplateReadme(template)])
  if (terminal.isJson) {
    const { flow } = parseFlow(flowText, template.flowFile)
    terminal.document({
      name,
      title: flow?.name ?? name,
      description: flow?.description ?? '',
      flow: template.flowFile,
      inputs: flow?.inputs ?? null,
      readme,
    })
  } else terminal.out(readme === '' ? flowText : readme)
  return exitCodes.ok
}

/** `switchyard templates new T DIR`: copies it, ready to run. */
export async function newTemplateCommand(terminal: Terminal, name: string, folder: string): Promise<ExitCode> {
  const path = await copyTemplate(await findTemplate(name), resolve(folder))
  const shown = relative(process.cwd(), path)
  if (terminal.isJson) terminal.document({ path: shown })
  else {
    terminal.out(`${shown}\n`)
    terminal.err(`Run it: switchyard run ${shown}\n`)
  }
  return exitCodes.ok
}
