import { statSync } from 'node:fs'

/**
 * A number that tells this folder from a copy of it: a folder that came out of a repository or an archive cannot know
 * which one it will get. What a data folder says about trust and runs to go on with counts only under its own mark;
 * one that was moved to another disk has to be trusted again. Not secret: whoever can read this machine can forge it.
 */
export function placeMark(folder: string): number {
  const { ino } = statSync(folder, { bigint: true })
  return Number(BigInt.asUintN(31, ino ^ (ino >> 31n))) || 1
}

/** Whether a file of this folder bears the mark of another one. A file without a mark was written by hand: here. */
export function isFromElsewhere(folder: string, place: unknown): boolean {
  return place !== undefined && place !== placeMark(folder)
}
