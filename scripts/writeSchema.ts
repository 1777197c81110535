import { writeFileSync } from 'node:fs'
import { flowJsonSchema } from '../model/flowSchema.ts'

/** Writes `model/flow.schema.json` from the definitions that parse flow files. */
writeFileSync(new URL('../model/flow.schema.json', import.meta.url), `${JSON.stringify(flowJsonSchema(), null, 2)}\n`)
