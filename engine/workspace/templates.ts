import { cp, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeFailure } from '../../model/failure.ts'
import { packageFolder } from './packageFolder.ts'
import { flowSuffix } from './flowFiles.ts'
import { messageOf } from './systemError.ts'

/** A template of the installed package: `templates/<name>/` with a flow, a README and its data. */
export interface TemplateFolder {
  readonly name: string
  readonly folder: string
  /** File name of the flow inside the folder. */
  readonly flowFile: string
}

export const shippedTemplates = (): string => join(packageFolder(), 'templates')

/** All templates, by name. A folder without a flow file is none. */
export async function listTemplates(root = shippedTemplates()): Promise<TemplateFolder[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const found = await Promise.all(names.sort().map((name) => describe(root, name)))
  return found.filter((template) => template !== undefined)
}

/** Fails as `template-unknown`; the message names the templates there are. */
export async function findTemplate(name: string, root = shippedTemplates()): Promise<TemplateFolder> {
  const templates = await listTemplates(root)
  const template = templates.find((each) => each.name === name)
  if (template) return template
  const names = templates.map((each) => each.name).join(', ') || 'none'
  throw new NodeFailure('template-unknown', `There is no template "${name}". Templates: ${names}.`)
}

export const readTemplateFlow = (template: TemplateFolder): Promise<string> =>
  readFile(join(template.folder, template.flowFile), 'utf8')

/** The README, or an empty text. */
export const readTemplateReadme = (template: TemplateFolder): Promise<string> =>
  readFile(join(template.folder, 'README.md'), 'utf8').catch(() => '')

/**
 * Copies a template into a folder, which is made where missing, and returns the path of its flow. Never overwrites:
 * fails as `file-exists` where the folder holds a file of the same name, as `file-unwritable` where it cannot be a folder
 * or not be written to.
 */
export async function copyTemplate(template: TemplateFolder, folder: string): Promise<string> {
  const [ours, theirs] = await Promise.all([readdir(template.folder), made(folder)])
  const clash = ours.find((name) => theirs.includes(name))
  if (clash !== undefined)
    throw new NodeFailure('file-exists', `"${folder}" already holds "${clash}". Choose another folder.`)
  // Entry by entry: errorOnExist would already stumble over the folder itself.
  for (const name of ours)
    await cp(join(template.folder, name), join(folder, name), {
      recursive: true,
      errorOnExist: true,
      force: false,
    }).catch((error: unknown) => unwritable(folder, error))
  return join(folder, template.flowFile)
}

/** What the folder holds; it is made where missing. */
const made = async (folder: string): Promise<string[]> =>
  mkdir(folder, { recursive: true })
    .then(() => readdir(folder))
    .catch((error: unknown) => unwritable(folder, error))

function unwritable(folder: string, error: unknown): never {
  throw new NodeFailure('file-unwritable', `"${folder}" cannot be written: ${messageOf(error)}`)
}

async function describe(root: string, name: string): Promise<TemplateFolder | undefined> {
  const folder = join(root, name)
  const files = await readdir(folder)
  const flowFile =
    files.find((file) => file === `${name}${flowSuffix}`) ?? files.find((file) => file.endsWith(flowSuffix))
  return flowFile === undefined ? undefined : { name, folder, flowFile }
}
