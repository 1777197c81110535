import { NodeFailure } from '../../model/failure.ts'

/** SQLite's primary result codes that a person can do something about. https://sqlite.org/rescode.html */
const causes: Readonly<Record<number, readonly [code: string, sentence: string]>> = {
  5: ['store-busy', 'is in use by another program. Close the other Switchyard of this workspace.'],
  8: ['store-read-only', 'cannot be written. Give this user the right to write it.'],
  10: ['store-unreadable', 'cannot be read or written by the disk. Check the disk, then run "switchyard doctor".'],
  11: [
    'store-damaged',
    'is damaged. Run "switchyard doctor", or move the file away to start with an empty list of runs.',
  ],
  13: ['store-full', 'cannot grow: the disk is full. Free some space, then run the flow again or resume it.'],
  14: [
    'store-unreadable',
    'cannot be opened. Check that it is a file, and that this user may read and write it and its folder.',
  ],
  26: ['store-damaged', 'is not a database of Switchyard. Run "switchyard doctor", or move the file away.'],
}

/** Says in words what went wrong with the run store; what is no error of SQLite comes back as it was. */
export function storeFailure(file: string, error: unknown): unknown {
  const code = sqliteCode(error) ?? systemCode(error)
  const known = code === undefined ? undefined : causes[code & 0xff]
  if (!known) return error
  return new NodeFailure(known[0], `The run store ${file} ${known[1]}`, { cause: error, details: { file } })
}

/** The same causes as the system names them, while the file is looked at before SQLite opens it. */
function systemCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return systemCodes[code]
}

const systemCodes: Readonly<Record<string, number>> = {
  EACCES: 14,
  EPERM: 14,
  EROFS: 8,
  EISDIR: 14,
  ENOTDIR: 14,
  EEXIST: 14,
  ELOOP: 14,
  EMFILE: 14,
  EIO: 10,
  ENOSPC: 13,
  EDQUOT: 13,
}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}
