// Burns the switches of electron/fuses.ts into a packaged binary: node scripts/flipFuses.mjs <binary>
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { fuses } from '../electron/fuses.ts'

const [binary] = process.argv.slice(2)
if (!binary) {
  process.stderr.write('Name the packaged binary: node scripts/flipFuses.mjs <binary>\n')
  process.exit(2)
}
const switches = Object.fromEntries(Object.entries(fuses).map(([name, isOn]) => [FuseV1Options[name], isOn]))
const count = await flipFuses(binary, { version: FuseVersion.V1, ...switches })
process.stdout.write(`${count} fuses set in ${binary}\n`)
