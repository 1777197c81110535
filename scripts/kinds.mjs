// `npm run kinds`: lists the node kinds, by section of the library, with their ports and what they may do.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { paletteGroups } from '../model/nodeSpec.ts'

const folder = join(import.meta.dirname, '../nodes')
const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
const specs = await Promise.all(
  names.map(async (entry) => (await import(pathToFileURL(join(folder, entry.name, 'spec.ts')).href)).spec),
)
const width = Math.max(...specs.map((spec) => spec.kind.length))

for (const group of paletteGroups) {
  const members = specs.filter((spec) => spec.palette.group === group)
  if (members.length === 0) continue
  console.log(`\n${group}`)
  for (const spec of members) console.log(`  ${spec.kind.padEnd(width)}  ${spec.palette.summary}${permissions(spec)}`)
}

function permissions(spec) {
  const outside = spec.needs.filter((name) => name !== 'sandbox' && name !== 'tools')
  return outside.length > 0 ? ` [${outside.join(', ')}]` : ''
}
